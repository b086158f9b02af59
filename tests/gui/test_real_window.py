"""The program as it is started, in a real X11 window, driven by mouse and keys from outside.

Needs Xvfb and xdotool. What is on the screen is read from the file that Xvfb keeps it in.
"""

import os
import shutil
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtGui import QColor

from gui import app
from gui.pages.page_tabs import PAGES
from gui.theme import LIGHT

pytestmark = pytest.mark.skipif(
    not (shutil.which("Xvfb") and shutil.which("xdotool")), reason="Xvfb and xdotool are not installed"
)
PROJECT = Path(app.__file__).parent.parent
WIDTH, HEIGHT = 1280, 720
Region = tuple[slice, slice]  # rows and columns of the screen
TABS: Region = (slice(30, 62), slice(242, 980))
LEFT: Region = (slice(60, 560), slice(0, 240))
FIELD: Region = (slice(66, 90), slice(132, 222))  # for the epochs
MIDDLE: Region = (slice(90, 560), slice(250, 980))
RIGHT: Region = (slice(60, 560), slice(990, 1260))
BARS: Region = (slice(400, 580), slice(1020, 1182))
TIMELINE: Region = (slice(600, 636), slice(140, 835))
PROGRESS: Region = (slice(650, 662), slice(0, 200))


class Screen:
    """One program on one display."""

    def __init__(self, folder: Path) -> None:
        reading, writing = os.pipe()
        self._file = folder / "Xvfb_screen0"
        self._server = subprocess.Popen(
            ["Xvfb", "-displayfd", str(writing), "-screen", "0", f"{WIDTH}x{HEIGHT}x24", "-fbdir", str(folder)],
            pass_fds=[writing],
            stderr=subprocess.DEVNULL,
        )
        os.close(writing)
        with os.fdopen(reading) as numbers:
            display = f":{numbers.readline().strip()}"
        self._environment = {key: value for key, value in os.environ.items() if key != "QT_QPA_PLATFORM"} | {
            "DISPLAY": display,
            "HOME": str(folder),
            "XDG_CONFIG_HOME": str(folder),
            "XDG_DATA_HOME": str(folder),
        }
        self.program = subprocess.Popen(
            [sys.executable, "main.py"], cwd=PROJECT, env=self._environment, stderr=subprocess.PIPE, text=True
        )

    def close(self) -> None:
        self.program.kill()
        self.program.communicate()
        self._server.terminate()
        self._server.wait()

    def press(self, *keys: str) -> None:
        self._xdotool("key", *keys)

    def click(self, x: int, y: int) -> None:
        self._xdotool("mousemove", x, y, "click", 1)

    def drag(self, points: Sequence[tuple[int, int]]) -> None:
        moves = [argument for point in points for argument in ("mousemove", *point)]
        self._xdotool(*moves[:3], "mousedown", 1, *moves[3:], "mouseup", 1)

    def _xdotool(self, *arguments: object) -> None:
        subprocess.run(["xdotool", *map(str, arguments)], env=self._environment, check=True)

    def pixels(self, region: Region = (slice(None), slice(None))) -> NDArray[np.uint8]:
        """Red, green and blue, (rows, columns, 3)."""
        content = self._file.read_bytes()
        header_size, colors, bytes_a_line = (struct.unpack_from(">I", content, 4 * k)[0] for k in (0, 19, 12))
        lines = np.frombuffer(content, np.uint8, HEIGHT * bytes_a_line, header_size + 12 * colors)
        return lines.reshape(HEIGHT, -1, 4)[:, :WIDTH, 2::-1][region]

    def places(self, color: str, region: Region) -> NDArray[np.intp]:
        """Where a region of the screen has a colour: x and y of the screen, (pixels, 2)."""
        rows, columns = np.nonzero((self.pixels(region) == QColor(color).getRgb()[:3]).all(axis=2))
        return np.stack([columns + (region[1].start or 0), rows + (region[0].start or 0)], axis=1)

    def count(self, color: str, region: Region) -> int:
        return len(self.places(color, region))

    def middle_of(self, color: str, region: Region) -> tuple[int, int]:
        x, y = self.places(color, region).mean(axis=0).round().astype(int)
        return int(x), int(y)


def wait_until(condition: Callable[[], object], seconds: float = 15) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


@pytest.fixture(scope="module")
def screen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Screen]:
    """With the window on it, once Start works."""
    screen = Screen(tmp_path_factory.mktemp("screen"))
    wait_until(lambda: screen.count(LIGHT.accent, LEFT) > 2000)
    screen.click(WIDTH // 2, 12)  # beside the menus: without a window manager, no window gets keys before
    yield screen
    screen.close()


def test_every_page_is_chosen_by_its_key(screen: Screen) -> None:
    """The line under the tab moves to the right, and something else is in the middle."""
    tabs, pages = [], []
    for number in range(1, len(PAGES) + 1):
        screen.press(f"ctrl+{number}")
        if number > 1:
            wait_until(lambda: screen.middle_of(LIGHT.accent, TABS)[0] != tabs[-1])
            wait_until(lambda: not np.array_equal(screen.pixels(MIDDLE), pages[-1]))
        tabs.append(screen.middle_of(LIGHT.accent, TABS)[0])
        pages.append(screen.pixels(MIDDLE))
    assert tabs == sorted({*tabs})
    screen.press("ctrl+1")
    wait_until(lambda: screen.middle_of(LIGHT.accent, TABS)[0] == tabs[0])


def test_a_run_by_clicks_and_the_timeline_by_mouse_and_keys(screen: Screen) -> None:
    def played() -> int:
        """How far the slider's line is filled."""
        return int(screen.places(LIGHT.accent, TIMELINE)[:, 0].max())

    assert screen.count(LIGHT.accent, PROGRESS) == 0
    screen.click(*screen.middle_of(LIGHT.accent, LEFT))
    wait_until(lambda: screen.count(LIGHT.accent, PROGRESS) > 40)
    screen.press("F8")
    wait_until(lambda: screen.count(LIGHT.card, FIELD) > 1000)  # it can be changed again
    latest = played()
    screen.press("alt+Home")
    wait_until(lambda: played() < 160)
    x, y = screen.middle_of(LIGHT.accent, TIMELINE)
    screen.drag([(x, y), (x + 5, y), ((x + latest) // 2, y)])
    wait_until(lambda: 160 < played() < latest)
    screen.press("alt+End")
    wait_until(lambda: played() >= latest)


def test_a_digit_is_drawn_with_the_mouse_and_answered(screen: Screen) -> None:
    assert screen.count(LIGHT.accent, BARS) == 0
    x, y = screen.middle_of(LIGHT.paper, (slice(60, 290), slice(1010, 1232)))
    screen.drag([(x, y + k) for k in range(-70, 71, 10)])
    wait_until(lambda: screen.count(LIGHT.accent, BARS) > 100)
    screen.press("ctrl+BackSpace")
    wait_until(lambda: screen.count(LIGHT.accent, BARS) == 0)


@pytest.mark.parametrize(
    ("key", "color", "panel"), [("ctrl+b", LIGHT.accent, LEFT), ("ctrl+shift+b", LIGHT.paper, RIGHT)]
)
def test_a_panel_is_folded_and_unfolded_by_its_key(screen: Screen, key: str, color: str, panel: Region) -> None:
    unfolded = screen.count(color, panel)
    screen.press(key)
    wait_until(lambda: screen.count(color, panel) < unfolded / 4)
    screen.press(key)
    wait_until(lambda: screen.count(color, panel) == unfolded)


def test_larger_and_smaller_by_key(screen: Screen) -> None:
    usual = screen.count(LIGHT.accent, LEFT)
    screen.press("ctrl+plus")
    wait_until(lambda: screen.count(LIGHT.accent, LEFT) > 1.1 * usual)
    screen.press("ctrl+minus")
    wait_until(lambda: screen.count(LIGHT.accent, LEFT) == usual)


def test_a_quiet_end(screen: Screen) -> None:
    screen.press("ctrl+q")
    assert screen.program.wait(timeout=10) == 0
    assert screen.program.stderr is not None
    assert screen.program.stderr.read() == ""
