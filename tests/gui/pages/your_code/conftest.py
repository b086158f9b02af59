"""A window that was told that code runs, and a learner's file to open in it."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from gui.flow.homework import Homework
from gui.main_window import MainWindow
from gui.settings import Settings
from tests.gui.conftest import settle

EXERCISE = Path(__file__).parents[3] / "model" / "homework" / "exercise"

OpenFile = Callable[[Path], Homework]


@pytest.fixture
def settings(settings: Settings) -> Settings:
    settings.knows_that_code_runs = True
    return settings


@pytest.fixture
def stuck(tmp_path: Path) -> Path:
    """The notebook with the mistakes of the exercise's published solution."""
    return Path(shutil.copy(EXERCISE / "stuck.ipynb", tmp_path))


@pytest.fixture
def judged(qtbot: QtBot, window: MainWindow) -> Callable[[], Homework]:
    """Waits until the file is judged as it is now."""

    def wait() -> Homework:
        def is_judged() -> bool:
            homework = window.scene.homework
            return homework is not None and homework.is_judged

        qtbot.waitUntil(is_judged, timeout=30000)
        settle(window)
        homework = window.scene.homework
        assert homework is not None
        return homework

    return wait


@pytest.fixture
def open_file(window: MainWindow, judged: Callable[[], Homework]) -> OpenFile:
    """Opens a file and waits until it is judged."""

    def open_and_wait(path: Path) -> Homework:
        window.controllers.homework.open(path)
        return judged()

    return open_and_wait


def children_of(path: Path) -> list[str]:
    """The processes that work for a file, or for any in a folder."""
    running = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    return [line for line in running.splitlines() if str(path) in line]
