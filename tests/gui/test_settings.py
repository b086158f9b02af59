import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray, QSettings

from gui import settings as settings_module
from gui.flow.scene import Scene
from gui.settings import Settings
from model.training import TrainingConfig

PROJECT = Path(settings_module.__file__).parent.parent
REMEMBERED = ("config", "speed", "theme_choice", "zoom", "page", "measure", "shows_left", "shows_right")


def remembered(scene: Scene) -> list[object]:
    return [getattr(scene, name) for name in REMEMBERED]


def stored_in(folder: Path) -> Settings:
    """As another start of the program reads them."""
    return Settings(QSettings(str(folder / "settings.ini"), QSettings.Format.IniFormat))


def test_the_first_start_has_the_exercise_and_what_the_scene_says(settings: Settings) -> None:
    scene = settings.scene()
    assert remembered(scene) == remembered(Scene())
    assert scene.config == TrainingConfig(epochs=3, learning_rate=0.003, seed=80085)
    assert settings.geometry.isEmpty()
    assert settings.folder == ""


@pytest.mark.parametrize(("left", "right"), [(True, False), (False, True)])
def test_what_was_chosen_comes_back_exactly(settings: Settings, tmp_path: Path, left: bool, right: bool) -> None:
    config = TrainingConfig(epochs=9, learning_rate=0.1 + 0.2, seed=7)
    scene = Scene(
        config=config,
        speed=42,
        theme_choice="dark",
        zoom=150,
        page="Pixels",
        measure="loss",
        shows_left=left,
        shows_right=right,
    )
    settings.remember(scene)
    settings.folder, settings.geometry = str(tmp_path), QByteArray(b"here")
    again = stored_in(tmp_path)
    assert remembered(again.scene()) == remembered(scene)
    assert (again.folder, again.geometry) == (str(tmp_path), b"here")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("epochs", "many"),
        ("epochs", 1001),
        ("learning_rate", "nan"),
        ("learning_rate", -1),
        ("seed", -3),
        ("seed", 10**12),
        ("speed", "x"),
        ("speed", -5),
        ("speed", 101),
        ("zoom", 133),
        ("theme", "pink"),
        ("measure", "happiness"),
        ("shows_left", "perhaps"),
        ("shows_right", 2),
    ],
)
def test_nonsense_in_the_file_counts_as_nothing(tmp_path: Path, key: str, value: object) -> None:
    store = QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)
    store.setValue(key, value)
    store.setValue("geometry", "nowhere")
    assert remembered(Settings(store).scene()) == remembered(Scene())
    assert Settings(store).geometry.isEmpty()


def test_data_is_kept_beside_settings_that_are_in_a_file_of_their_own(settings: Settings, tmp_path: Path) -> None:
    assert settings.data_folder == tmp_path / "data"


def test_no_widget_is_needed_to_read_them() -> None:
    code = "import gui.settings, sys; print(*(name for name in sys.modules if name.startswith('PySide6.')))"
    result = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=True)
    assert "PySide6.QtCore" in result.stdout.split()
    assert "PySide6.QtWidgets" not in result.stdout.split()
