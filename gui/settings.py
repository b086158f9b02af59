"""What the program remembers from one start to the next."""

from collections.abc import Container, Mapping
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings, QStandardPaths

from gui.flow.limits import FASTEST, LARGEST_SEED, MOST_EPOCHS
from gui.flow.scene import Scene
from gui.theme import CHOICES, ZOOMS
from model.training import TrainingConfig

MEASURES = ("accuracy", "loss")
BOOLEANS: Mapping[str, bool] = {"true": True, "false": False}


class Settings:
    """Typed access to a QSettings; whatever was stored there, only sensible values come out."""

    def __init__(self, store: QSettings | None = None) -> None:
        self._store = store if store is not None else QSettings("Digitscope", "Digitscope")

    @property
    def data_folder(self) -> Path:
        """Where the program keeps data of its own; beside the settings where those are in a file of their own."""
        if self._store.format() == QSettings.Format.IniFormat:
            return Path(self._store.fileName()).parent / "data"
        return Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.GenericDataLocation)) / "Digitscope"

    @property
    def geometry(self) -> QByteArray:
        """Where the window was, as QWidget.saveGeometry() gave it; empty at the first start."""
        value = self._store.value("geometry")
        return value if isinstance(value, QByteArray) else QByteArray()

    @geometry.setter
    def geometry(self, geometry: QByteArray) -> None:
        self._store.setValue("geometry", geometry)

    @property
    def folder(self) -> str:
        """Where a file was last opened or saved; empty at first."""
        return self._text("folder", "")

    @folder.setter
    def folder(self, folder: str) -> None:
        self._store.setValue("folder", folder)

    def scene(self) -> Scene:
        """A scene with what was chosen the last time, and nothing trained or drawn yet."""
        default = Scene()
        return replace(
            default,
            config=self._config(),
            speed=self._number("speed", default.speed, range(FASTEST + 1)),
            theme_choice=self._one_of("theme", CHOICES, default.theme_choice),
            zoom=self._number("zoom", default.zoom, ZOOMS),
            page=self._text("page", default.page),
            measure=self._one_of("measure", MEASURES, default.measure),
            shows_left=BOOLEANS.get(self._text("shows_left", ""), default.shows_left),
            shows_right=BOOLEANS.get(self._text("shows_right", ""), default.shows_right),
        )

    def remember(self, scene: Scene) -> None:
        """Store what `scene` brings back."""
        config = scene.config
        for key, value in {
            "epochs": config.epochs,
            "learning_rate": repr(config.learning_rate),
            "seed": config.seed,
            "speed": scene.speed,
            "theme": scene.theme_choice,
            "zoom": scene.zoom,
            "page": scene.page,
            "measure": scene.measure,
            "shows_left": str(scene.shows_left).lower(),
            "shows_right": str(scene.shows_right).lower(),
        }.items():
            self._store.setValue(key, value)

    def _config(self) -> TrainingConfig:
        """Epochs, learning rate and seed; the exercise's own if they make no sense."""
        default = TrainingConfig()
        try:
            config = TrainingConfig(
                epochs=int(self._text("epochs", str(default.epochs))),
                learning_rate=float(self._text("learning_rate", str(default.learning_rate))),
                seed=int(self._text("seed", str(default.seed))),
            )
        except ValueError:
            return default
        return config if config.epochs <= MOST_EPOCHS and config.seed <= LARGEST_SEED else default

    def _number(self, key: str, default: int, allowed: Container[int]) -> int:
        try:
            number = int(self._text(key, str(default)))
        except ValueError:
            return default
        return number if number in allowed else default

    def _one_of(self, key: str, allowed: Container[str], default: str) -> str:
        text = self._text(key, default)
        return text if text in allowed else default

    def _text(self, key: str, default: str) -> str:
        value = self._store.value(key)
        return default if value is None else str(value)
