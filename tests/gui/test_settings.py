import pytest
from PySide6.QtCore import QSettings

from gui.settings import DEFAULT_SPEED, Settings
from model.training import TrainingConfig


def test_the_first_start_has_the_exercise_and_a_calm_pace(settings: Settings) -> None:
    assert settings.config == TrainingConfig()
    assert settings.speed == DEFAULT_SPEED
    assert settings.theme == "system"
    assert settings.geometry.isEmpty()


def test_a_config_comes_back_exactly(settings: Settings) -> None:
    config = TrainingConfig(epochs=9, learning_rate=0.1 + 0.2, seed=7)
    settings.config = config
    assert settings.config == config


@pytest.mark.parametrize(
    ("key", "value"),
    [("epochs", "many"), ("learning_rate", "nan"), ("seed", "-3"), ("speed", "x"), ("seed", 10**12), ("speed", -5)],
)
def test_nonsense_in_the_file_counts_as_nothing(key: str, value: str, tmp_path) -> None:
    store = QSettings(str(tmp_path / "s.ini"), QSettings.Format.IniFormat)
    store.setValue(key, value)
    settings = Settings(store)
    assert settings.config == TrainingConfig()
    assert settings.speed == DEFAULT_SPEED
