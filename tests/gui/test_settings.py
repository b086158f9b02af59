import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray, QSettings, QStandardPaths

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
    return Settings(folder / "settings.json")


def test_the_first_start_has_the_exercise_and_what_the_scene_says(settings: Settings) -> None:
    scene = settings.scene()
    assert remembered(scene) == remembered(Scene())
    assert scene.config == TrainingConfig(epochs=3, learning_rate=0.003, seed=80085)
    assert settings.geometry.isEmpty()
    assert settings.folder == ""


@pytest.mark.parametrize(("left", "right"), [(True, False), (False, True)])
def test_what_was_chosen_comes_back_exactly(settings: Settings, tmp_path: Path, left: bool, right: bool) -> None:
    config = TrainingConfig(epochs=9, learning_rate=0.1 + 0.2, seed=7, layer_sizes=(784, 64, 10))
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
    settings.remember(scene, QByteArray(b"here"))
    settings.folder = str(tmp_path)
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
        ("hidden_layers", "32, 0"),
        ("hidden_layers", [32]),
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
    (tmp_path / "settings.json").write_text(json.dumps({key: value, "geometry": "nowhere"}))
    settings = stored_in(tmp_path)
    assert remembered(settings.scene()) == remembered(Scene())


@pytest.mark.parametrize("text", ["", "{", "[1, 2]", "null", "\x00", "[" * 50_000, '{"epochs": ' + "9" * 200_000 + "}"])
def test_a_file_that_holds_no_settings_counts_as_nothing_and_is_replaced(tmp_path: Path, text: str) -> None:
    (tmp_path / "settings.json").write_text(text)
    settings = stored_in(tmp_path)
    assert remembered(settings.scene()) == remembered(Scene())
    settings.folder = "there"
    assert stored_in(tmp_path).folder == "there"


def test_a_file_runs_no_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Qt's own reader would make objects of this, by Python's pickle."""
    pickle = b"cos\nmkdir\n(V" + str(tmp_path / "run by a file").encode() + b"\ntR."
    hostile = f"@Variant({''.join(f'{chr(92)}x{each:x}' for each in pickle)})"
    keys = ("geometry", "folder", "epochs", "page", "theme")
    (tmp_path / "settings.json").write_text(json.dumps(dict.fromkeys(keys, hostile)))
    (tmp_path / "Digitscope").mkdir()
    lines = ["[General]", *(f"{key}={hostile}" for key in keys), "seed=7"]
    (tmp_path / "Digitscope" / "Digitscope.conf").write_text("\n".join(lines))
    monkeypatch.setattr(QStandardPaths, "writableLocation", lambda _: str(tmp_path))
    for settings in (stored_in(tmp_path), Settings()):
        settings.scene(), settings.geometry, settings.folder
    assert sorted(path.name for path in tmp_path.iterdir()) == ["Digitscope", "settings.json"]


def test_the_settings_of_the_first_version_are_taken_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QStandardPaths, "writableLocation", lambda _: str(tmp_path))
    store = QSettings(str(tmp_path / "Digitscope" / "Digitscope.conf"), QSettings.Format.IniFormat)
    for key, value in {"seed": 7, "theme": "dark", "geometry": QByteArray(b"here"), "folder": "/a b"}.items():
        store.setValue(key, value)
    store.sync()
    settings = Settings()
    scene = settings.scene()
    assert (scene.config.seed, scene.theme_choice, settings.folder) == (7, "dark", "/a b")
    assert settings.geometry.isEmpty()
    settings.remember(scene, QByteArray())
    store.setValue("seed", 8)
    store.sync()
    assert Settings().scene().config.seed == 7  # which is its own by now


def test_a_folder_that_cannot_be_written_to_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    settings = Settings(tmp_path / "file" / "settings.json")
    settings.folder = "there"
    assert settings.folder == "there"


def test_data_is_kept_beside_settings_that_are_in_a_file_of_their_own(settings: Settings, tmp_path: Path) -> None:
    assert settings.data_folder == tmp_path / "data"


def test_no_widget_is_needed_to_read_them() -> None:
    code = "import gui.settings, sys; print(*(name for name in sys.modules if name.startswith('PySide6.')))"
    result = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=True)
    assert "PySide6.QtCore" in result.stdout.split()
    assert "PySide6.QtWidgets" not in result.stdout.split()


def test_nothing_in_the_window_reads_settings_by_qt() -> None:
    assert not [path for path in (PROJECT / "gui").rglob("*.py") if "QSettings" in path.read_text("utf-8")]


@pytest.mark.parametrize("home", [None, ""])
def test_without_a_word_of_the_users_home_the_system_is_asked(
    monkeypatch: pytest.MonkeyPatch, home: str | None
) -> None:
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(name, home or "")
        if home is None:
            monkeypatch.delenv(name)
    pwd = pytest.importorskip("pwd")
    assert Settings().data_folder.is_relative_to(pwd.getpwuid(os.getuid()).pw_dir)
