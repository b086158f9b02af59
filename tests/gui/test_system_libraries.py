import os
import subprocess
import sys
from pathlib import Path

import pytest

from gui import system_libraries

PROJECT = Path(system_libraries.__file__).parent.parent
linux = pytest.mark.skipif(sys.platform != "linux", reason="X11 and Wayland are Linux's")


def open_window(**environment: str) -> subprocess.CompletedProcess[str]:
    keep = {
        key: value for key, value in os.environ.items() if key not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    }
    command = [sys.executable, "main.py"]
    return subprocess.run(command, cwd=PROJECT, env=keep | environment, capture_output=True, text=True, timeout=30)


@linux
def test_a_missing_library_is_named_with_the_command_that_brings_it(monkeypatch: pytest.MonkeyPatch) -> None:
    libraries = (("libno-such-library.so.7", "libno-such-library7", True),)
    monkeypatch.setattr(system_libraries, "LIBRARIES", libraries)
    assert system_libraries.why_no_window().endswith("apt-get install libno-such-library7")


@linux
@pytest.mark.parametrize(("platform", "is_named"), [("xcb", True), ("offscreen", False), ("vnc", False)])
def test_what_only_a_display_needs_is_missed_only_there(
    monkeypatch: pytest.MonkeyPatch, platform: str, is_named: bool
) -> None:
    libraries = (("libc.so.6", "libc6", True), ("libno-such-library.so.7", "libno-such-library7", False))
    monkeypatch.setattr(system_libraries, "LIBRARIES", libraries)
    monkeypatch.setenv("QT_QPA_PLATFORM", platform)
    problem = system_libraries.why_no_window()
    assert (problem is not None and problem.endswith("apt-get install libno-such-library7")) is is_named
    assert is_named or problem is None


@linux
@pytest.mark.parametrize("environment", [{}, {"DISPLAY": ":4711"}])
def test_without_a_display_one_line_says_so(environment: dict[str, str]) -> None:
    result = open_window(**environment)
    assert result.returncode == 2
    assert len(result.stderr.strip().splitlines()) == 1
    assert "apt-get install" in result.stderr or "python main.py train" in result.stderr
