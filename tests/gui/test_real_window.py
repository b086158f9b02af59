"""The program as it is started, in a real X11 window, driven by clicks from outside. Needs Xvfb and xdotool."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from itertools import groupby
from pathlib import Path

import pytest

from gui import app

pytestmark = pytest.mark.skipif(
    not (shutil.which("Xvfb") and shutil.which("xdotool")), reason="Xvfb and xdotool are not installed"
)
PROJECT = Path(app.__file__).parent.parent


@pytest.fixture
def display() -> Iterator[str]:
    reading, writing = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1280x720x24", "-nolisten", "tcp"],
        pass_fds=[writing],
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    with os.fdopen(reading) as numbers:
        number = numbers.readline().strip()
    yield f":{number}"
    server.terminate()
    server.wait()


class Screen:
    """One program on one display, seen and operated from outside."""

    def __init__(self, display: str, home: Path) -> None:
        self.environment = {key: value for key, value in os.environ.items() if key != "QT_QPA_PLATFORM"} | {
            "DISPLAY": display,
            "HOME": str(home),
            "XDG_CONFIG_HOME": str(home),
        }
        self.program = subprocess.Popen(
            [sys.executable, "main.py"], cwd=PROJECT, env=self.environment, stderr=subprocess.PIPE, text=True
        )

    def xdotool(self, *arguments: str) -> str:
        result = subprocess.run(["xdotool", *arguments], env=self.environment, capture_output=True, text=True)
        return result.stdout.strip()

    def window(self) -> str:
        return self.xdotool("search", "--onlyvisible", "--name", "^Digitscope$").split("\n")[0]

    def click(self, x: int, y: int) -> None:
        self.xdotool("mousemove", str(x), str(y), "click", "1")

    def column(self, x: int) -> list[str]:
        """The colours of the screen's pixels below one another, read through Qt in a process of its own."""
        code = (
            "from PySide6.QtGui import QGuiApplication as A; a = A([]);"
            f"image = a.primaryScreen().grabWindow(0, {x}, 0, 1, -1).toImage();"
            "print(*(image.pixelColor(0, y).name() for y in range(image.height())))"
        )
        result = subprocess.run([sys.executable, "-c", code], env=self.environment, capture_output=True, text=True)
        return result.stdout.split()

    def button(self, color: str, x: int) -> int | None:
        """How far down the screen the middle of the first thing of that colour is that is as high as a button."""
        top = 0
        for found, rows in groupby(self.column(x)):
            height = len(list(rows))
            if found == color and height >= 20:
                return top + height // 2
            top += height
        return None


def wait_until(condition: Callable[[], bool], seconds: float = 15) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.fixture
def screen(display: str, tmp_path: Path) -> Iterator[Screen]:
    screen = Screen(display, tmp_path)
    wait_until(lambda: screen.window() != "")
    yield screen
    screen.program.kill()
    screen.program.communicate()


ACCENT = "#1668b8"  # the Start button and the progress made
START_X, STOP_X, PROGRESS_X = 60, 160, 14
START_TO_STOP = 36  # pixels


def test_a_run_by_clicks_and_a_quiet_end(screen: Screen) -> None:
    wait_until(lambda: screen.button(ACCENT, START_X) is not None)
    start = screen.button(ACCENT, START_X)
    assert start is not None
    assert ACCENT not in screen.column(PROGRESS_X)
    screen.click(START_X, start)
    wait_until(lambda: ACCENT in screen.column(PROGRESS_X))
    screen.click(STOP_X, start + START_TO_STOP)
    screen.xdotool("key", "ctrl+q")
    assert screen.program.wait(timeout=10) == 0
    assert screen.program.stderr.read() == ""
