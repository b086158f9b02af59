"""Programs that are ended from outside, while a thread is at work."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from gui import app

PROJECT = Path(app.__file__).parent.parent
PROGRAM = """
import sys
from PySide6.QtCore import QThread, QTimer
from PySide6.QtWidgets import QApplication, QWidget
from gui.ending import Ending

class Work(QThread):
    def run(self):
        while not self.isInterruptionRequested():
            self.msleep(1)

def end():
    work.requestInterruption()
    work.wait()
    print("ended", flush=True)

application = QApplication([])
work, window = Work(), QWidget()
ending = Ending(application, lambda: print("kept", flush=True), end)
work.start()
window.show()
QTimer.singleShot(0, lambda: print("ready", flush=True))
ending.leave(application.exec())
"""
posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signals")


def start(platform: str = "offscreen") -> subprocess.Popen[str]:
    """The program, once its event loop runs."""
    environment = {**os.environ, "QT_QPA_PLATFORM": platform}
    command, pipe = [sys.executable, "-c", PROGRAM], subprocess.PIPE
    program = subprocess.Popen(command, cwd=PROJECT, env=environment, stdout=pipe, stderr=pipe, text=True)
    assert program.stdout is not None
    assert program.stdout.readline() == "ready\n"
    return program


@posix
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_signal_ends_it_as_closing_does(name: str) -> None:
    program, number = start(), getattr(signal, name)
    program.send_signal(number)
    output, errors = program.communicate(timeout=20)
    assert (output, errors, program.returncode) == ("ended\n", "", 128 + number)


@pytest.fixture
def display() -> Iterator["subprocess.Popen[str]"]:
    reads, writes = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writes), "-screen", "0", "640x480x24"],
        pass_fds=[writes],
        stderr=subprocess.DEVNULL,
        text=True,
    )
    os.close(writes)
    with os.fdopen(reads) as told:
        os.environ["DISPLAY"] = f":{told.readline().strip()}"
    yield server
    server.kill()
    server.wait()


@pytest.mark.skipif(not shutil.which("Xvfb"), reason="Xvfb is not installed")
def test_when_its_display_is_gone_it_ends_in_order(
    monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    monkeypatch.setenv("DISPLAY", "")
    server = request.getfixturevalue("display")
    program = start("xcb")
    server.kill()
    output, errors = program.communicate(timeout=20)
    assert (output, program.returncode) == ("ended\n", 1)
    assert "QThread" not in errors
