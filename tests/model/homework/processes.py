"""Whether what was started has ended."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

MOST = 10.0  # seconds: what was killed takes a moment to be gone


def assert_ends(process: int) -> None:
    """Wait until a process is gone."""
    wait_until(lambda: not is_running(process), "a process is left")


def assert_none_left(*texts: str) -> None:
    """Wait until there is no process in whose command line one of these stands, where the system can tell."""
    if sys.platform != "win32":
        wait_until(lambda: not running_with(*texts), "a process is left")


def wait_until(holds: Callable[[], bool], complaint: str) -> None:
    """Wait for what nobody signals."""
    deadline = time.monotonic() + MOST
    while not holds():
        assert time.monotonic() < deadline, complaint
        time.sleep(0.01)


def is_running(process: int) -> bool:
    """Whether a process is still there, other than as a zombie that nobody has asked for."""
    try:
        os.kill(process, 0)
        state = Path(f"/proc/{process}/stat")
        return not (state.exists() and state.read_text().rpartition(")")[2].split()[0] == "Z")
    except (ProcessLookupError, FileNotFoundError):
        return False


def running_with(*texts: str) -> list[str]:
    """The processes in whose command line one of these stands."""
    running = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    return [line for line in running.splitlines() if any(text in line for text in texts)]
