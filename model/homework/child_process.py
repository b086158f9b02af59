"""A process of its own for a learner's code, ended with whatever that has started."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread
from typing import IO, Any

MAIN = Path(__file__).parents[2] / "main.py"
ENVIRONMENT = {
    **dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1"),
    "MPLBACKEND": "Agg",
    "PYTHONHASHSEED": "0",
    "PYTHONIOENCODING": "utf-8:replace",
}


@dataclass(frozen=True)
class Limits:
    """What a file's program may take."""

    seconds: float = 20.0
    memory: int = 4 * 1024**3  # bytes of address space, where the system can limit it


class ChildProcess:
    """This program once more, at work on a task, in a process group of its own."""

    def __init__(self, command: str, task: dict[str, Any], seconds: float | None = None) -> None:
        """Start it; it is ended after so many seconds, if they are given. Files are written to the task's `folder`."""
        self._process = subprocess.Popen(
            [*_program(), command, json.dumps(task)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, **ENVIRONMENT, **dict.fromkeys(("TMPDIR", "TEMP", "TMP"), task["folder"])},
            start_new_session=True,
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self.to_child: IO[bytes] = self._process.stdin
        self.from_child: IO[bytes] = self._process.stdout
        self._took_too_long = Event()
        self._guard = Thread(target=self._end_after, args=(seconds,), daemon=True)
        self._guard.start()

    def end(self) -> None:
        """End the process and all that it has started, and leave no thread."""
        self._kill()
        self._guard.join()
        with suppress(OSError):  # what was written and never read
            self.to_child.close()

    def _kill(self) -> None:
        if sys.platform == "win32":
            end = ["taskkill", "/T", "/F", "/PID", str(self._process.pid)]
            subprocess.run(end, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        else:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def why_silent(self, seconds: float, before: str) -> tuple[str, str]:
        """Why an ended child has said nothing, before something was done: a name and a sentence."""
        code = self._process.returncode
        if self._took_too_long.is_set():
            return "endless-loop", f"It did not reach a training step within {seconds:g} seconds."
        if code < 0:
            name = signal.Signals(-code).name if -code in set(signal.Signals) else f"signal {-code}"
            return "crashed", f"It crashed ({name}) before {before}."
        return "ended-itself", f"It ended itself, with exit code {code}, before {before}."

    def _end_after(self, seconds: float | None) -> None:
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self._took_too_long.set()
        self._kill()  # what it may have started lives on, and may hold the pipe


def _program() -> list[str]:
    """What runs this program again, also where it is frozen and `sys.executable` is not Python."""
    return [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, str(MAIN)]
