"""What the program remembers from one start to the next."""

import json
import os
import sys
from collections.abc import Container, Mapping
from configparser import ConfigParser
from configparser import Error as ConfigError
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QByteArray, QStandardPaths

from gui.flow.limits import FASTEST
from gui.flow.scene import Scene
from gui.theme import CHOICES, ZOOMS
from model.storage.reading import FileError, opened_file
from model.storage.writing import atomic_write
from model.training import (
    LARGEST_LEARNING_RATE,
    LARGEST_SEED,
    MOST_EPOCHS,
    SMALLEST_LEARNING_RATE,
    TrainingConfig,
    layer_sizes_around,
    read_hidden_layers,
    written_hidden_layers,
)
from model.words import printable

MEASURES = ("accuracy", "loss")
BOOLEANS: Mapping[str, bool] = {"true": True, "false": False}
LARGEST_FILE = 100_000  # bytes: a hundred times what is ever written
Places = QStandardPaths.StandardLocation


class Settings:
    """Text and numbers in a JSON file; whatever was stored there, only sensible values come out.

    Not Qt's own settings: their reader makes objects, even Python's pickles, of what a file says.
    """

    def __init__(self, path: Path | None = None) -> None:
        """`path` of the file; without one, where programs of this system have theirs, and their data elsewhere."""
        folder = _standard_folder(Places.GenericConfigLocation)
        self._path = path or folder / "settings.json"
        self._data_folder = path.parent / "data" if path else _standard_folder(Places.GenericDataLocation)
        self._values = _read(self._path)
        if not path and not self._path.exists():
            self._values = _read_first_version(folder / "Digitscope.conf")

    @property
    def data_folder(self) -> Path:
        """Where the program keeps data of its own; beside the settings where those are in a file of their own."""
        return self._data_folder

    @property
    def geometry(self) -> QByteArray:
        """Where the window was, as QWidget.saveGeometry() gave it; empty at the first start."""
        return QByteArray.fromHex(self._text("geometry", "").encode("utf-8"))

    @property
    def folder(self) -> str:
        """Where a file was last opened or saved; empty at first."""
        return self._text("folder", "")

    @folder.setter
    def folder(self, folder: str) -> None:
        self._store({"folder": folder})

    @property
    def knows_that_code_runs(self) -> bool:
        """Whether the user was told that a learner's file is run with the user's rights."""
        return BOOLEANS.get(self._text("knows_that_code_runs", ""), False)

    @knows_that_code_runs.setter
    def knows_that_code_runs(self, knows: bool) -> None:
        self._store({"knows_that_code_runs": str(knows).lower()})

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

    def remember(self, scene: Scene, geometry: QByteArray) -> None:
        """Store what `scene` and `geometry` bring back."""
        config = scene.config
        self._store(
            {
                "epochs": config.epochs,
                "learning_rate": config.learning_rate,
                "seed": config.seed,
                "hidden_layers": written_hidden_layers(config.hidden_layers),
                "speed": scene.speed,
                "theme": scene.theme_choice,
                "zoom": scene.zoom,
                "page": scene.page,
                "measure": scene.measure,
                "shows_left": str(scene.shows_left).lower(),
                "shows_right": str(scene.shows_right).lower(),
                "geometry": bytes(geometry.data()).hex(),
            }
        )

    def _config(self) -> TrainingConfig:
        """What a run is trained with; the exercise's own if they make no sense."""
        default = TrainingConfig()
        hidden_layers = written_hidden_layers(default.hidden_layers)
        try:
            config = TrainingConfig(
                epochs=int(self._text("epochs", str(default.epochs))),
                learning_rate=float(self._text("learning_rate", str(default.learning_rate))),
                seed=int(self._text("seed", str(default.seed))),
                layer_sizes=layer_sizes_around(read_hidden_layers(self._text("hidden_layers", hidden_layers))),
            )
        except ValueError:
            return default
        has_field = SMALLEST_LEARNING_RATE <= config.learning_rate <= LARGEST_LEARNING_RATE
        return config if has_field and config.epochs <= MOST_EPOCHS and config.seed <= LARGEST_SEED else default

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
        return printable(str(self._values.get(key, default)))

    def _store(self, values: Mapping[str, str | float]) -> None:
        """Where that is not possible, the next start remembers less."""
        self._values = {**self._values, **values}
        with suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with atomic_write(self._path) as file:
                file.write(json.dumps(self._values, indent=1).encode("utf-8"))


def _standard_folder(place: Places) -> Path:
    """Where nothing says where the user's home is, Qt would take the root of all folders for it."""
    if sys.platform != "win32" and not os.environ.get("HOME"):
        import pwd  # Windows has none

        os.environ["HOME"] = pwd.getpwuid(os.getuid()).pw_dir
    return Path(QStandardPaths.writableLocation(place)) / "Digitscope"


def _read(path: Path) -> dict[str, Any]:
    """What a file of settings says, or nothing."""
    try:
        values = json.loads(_content(path))
    except (OSError, ValueError, RecursionError, FileError):
        return {}
    return values if isinstance(values, dict) else {}


def _content(path: Path) -> str:
    with opened_file(path, LARGEST_FILE, "is no file of settings.") as file:
        return file.read().decode("utf-8")


def _read_first_version(path: Path) -> dict[str, Any]:
    """The plain texts and numbers of the file that the first version wrote."""
    parser = ConfigParser(interpolation=None, strict=False)
    with suppress(OSError, ValueError, ConfigError, FileError):
        parser.read_string(_content(path))
    section = parser["General"] if parser.has_section("General") else {}
    return {key: value for key, value in section.items() if not value.startswith("@")}
