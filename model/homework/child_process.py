"""A process of its own for a learner's code, ended with whatever that has started."""

from __future__ import annotations

import json
import math
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
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

GRACE = 2.0  # seconds that a child has beyond its limit, to start and to say itself that it took too long
LOOK = 0.25  # seconds between two looks at the time
TO_END = 1.0  # seconds that an end takes at most after the last that is heard
NO_STEP, NO_END = "It did not reach a training step", "Its step did not come to an end"  # in the time that it has
UNHEARD = 74  # the exit code of a child that can say nothing any more


@dataclass(frozen=True)
class Limits:
    """What a file's program may take."""

    seconds: float = 20.0
    memory: int = 4 * 1024**3  # bytes of address space, where the system can limit it


class ChildProcess:
    """This program once more, at work on a task, in a process group of its own."""

    def __init__(self, command: str, task: dict[str, Any]) -> None:
        """Start it. Files are written to the task's `folder`."""
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
        self._deadline = math.inf
        self._took_too_long = False
        self._ended = Event()
        self._guards = [Thread(target=guard, daemon=True) for guard in (self._wait_for_end, self._watch_time)]
        for guard in self._guards:
            guard.start()

    @contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """End the process if this takes longer, whatever it does: it may have been stopped, or let no thread run."""
        self._deadline = time.monotonic() + seconds
        try:
            yield
        finally:
            self._deadline = math.inf

    def end(self) -> None:
        """End the process and all that it has started, and leave no thread."""
        self._kill()
        for guard in self._guards:
            guard.join()
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

    def why_silent(self, unfinished: str, seconds: float, when: str) -> tuple[str, str]:
        """Why nothing more is heard of a child: a name and a sentence.

        That begins with `unfinished` if it took more than so many seconds; else it says `when` it ended.
        """
        if not self._ended.wait(TO_END) or self._process.returncode == UNHEARD:
            perhaps = "perhaps it closed files that it had not opened, or wrote into them"
            return "silent", f"It fell silent {when}: {perhaps}."
        code = self._process.returncode
        if self._took_too_long:
            return "endless-loop", f"{unfinished} within {seconds:g} seconds."
        if code < 0:
            name = signal.Signals(-code).name if -code in set(signal.Signals) else f"signal {-code}"
            return "crashed", f"It crashed ({name}) {when}."
        return "ended-itself", f"It ended itself, with exit code {code}, {when}."

    def _wait_for_end(self) -> None:
        self._process.wait()
        self._ended.set()
        self._kill()  # what it may have started lives on, and may hold the pipe

    def _watch_time(self) -> None:
        while not self._ended.wait(LOOK):
            if time.monotonic() > self._deadline:
                self._took_too_long = True
                self._kill()


def _program() -> list[str]:
    """What runs this program again, also where it is frozen and `sys.executable` is not Python."""
    return [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, str(MAIN)]
