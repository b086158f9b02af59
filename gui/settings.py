"""What the program remembers from one start to the next."""

from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings, QStandardPaths

from gui.training.number_fields import LARGEST_SEED, MOST_EPOCHS
from gui.training.pacer import FASTEST
from model.training import TrainingConfig

DEFAULT_SPEED = 81  # on the slider: 12,000 samples a second, five seconds an epoch


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
    def theme(self) -> str:
        """The theme chosen: "system", "light" or "dark"."""
        return self._text("theme", "system")

    @theme.setter
    def theme(self, name: str) -> None:
        self._store.setValue("theme", name)

    @property
    def measure(self) -> str:
        """What the plot shows: "accuracy" or "loss"."""
        return self._text("measure", "accuracy")

    @measure.setter
    def measure(self, measure: str) -> None:
        self._store.setValue("measure", measure)

    @property
    def speed(self) -> int:
        """Where the speed slider was put."""
        try:
            position = int(self._text("speed", ""))
        except ValueError:
            return DEFAULT_SPEED
        return position if 0 <= position <= FASTEST else DEFAULT_SPEED

    @speed.setter
    def speed(self, position: int) -> None:
        self._store.setValue("speed", position)

    @property
    def config(self) -> TrainingConfig:
        """Epochs, learning rate and seed of the last time; the exercise's own if they make no sense."""
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

    @config.setter
    def config(self, config: TrainingConfig) -> None:
        self._store.setValue("epochs", config.epochs)
        self._store.setValue("learning_rate", repr(config.learning_rate))
        self._store.setValue("seed", config.seed)

    @property
    def folder(self) -> str:
        """Where a file was last opened or saved; empty at first."""
        return self._text("folder", "")

    @folder.setter
    def folder(self, folder: str) -> None:
        self._store.setValue("folder", folder)

    def _text(self, key: str, default: str) -> str:
        value = self._store.value(key)
        return default if value is None else str(value)
