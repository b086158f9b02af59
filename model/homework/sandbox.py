"""Judging files in child processes: one for each, with limits, and ended with whatever it has started.

The child (`model.homework.child`) sends its report through its standard output: four bytes of length, then JSON. So
the parent need not wait for the end of the pipe, which a process that the child has started may hold open.
"""

from __future__ import annotations

import dataclasses
import json
import os
import signal
import struct
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from concurrent.futures import CancelledError, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Lock, Thread
from typing import IO, Any

from model.homework.report import Report, from_message, unusable

MAIN = Path(__file__).parents[2] / "main.py"
GRACE = 2.0  # seconds that a child has beyond its limit, to start and to say itself that it took too long
FIELDS = {field.name for field in dataclasses.fields(Report)}
LONGEST_MESSAGE = 64 * 1024 * 1024  # bytes
ENVIRONMENT = {
    **dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1"),
    "MPLBACKEND": "Agg",
    "PYTHONDONTWRITEBYTECODE": "1",  # nothing is left beside the learner's file
    "PYTHONHASHSEED": "0",
    "PYTHONIOENCODING": "utf-8:replace",
}


@dataclass(frozen=True)
class Limits:
    """What a file's program may take."""

    seconds: float = 20.0
    memory: int = 4 * 1024**3  # bytes of address space, where the system can limit it


DEFAULT_LIMITS = Limits()


def judge_file(path: Path, function: str | None = None, limits: Limits = DEFAULT_LIMITS) -> Report:
    """Run a learner's file in a child process and report on it; `function` is the step, if the file has several."""
    return _judge(path, function, limits, _Children())


def judge_files(
    paths: Iterable[Path], function: str | None = None, limits: Limits = DEFAULT_LIMITS, workers: int = 2
) -> Iterator[Report]:
    """The reports in the order of the files, of which `workers` run at a time. To stop, drop the iterator."""
    children = _Children()
    with ThreadPoolExecutor(workers) as pool:
        try:
            judging = [pool.submit(_judge, path, function, limits, children) for path in paths]
            for future in judging:
                yield future.result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
            children.end()


def _judge(path: Path, function: str | None, limits: Limits, children: _Children) -> Report:
    with tempfile.TemporaryDirectory(prefix="digitscope-", ignore_cleanup_errors=True) as folder:
        task = {"path": str(path.absolute()), "folder": folder, "function": function, **dataclasses.asdict(limits)}
        with children.start(task) as child:
            message = child.message(limits.seconds + GRACE)
    if message is None:
        return unusable(path, *child.why_silent(limits.seconds))
    return dataclasses.replace(from_message(message), file=str(path))


class _Children:
    """The children that are running, so that another thread can end them all."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._running: set[_Child] = set()
        self._ended = False

    @contextmanager
    def start(self, task: dict[str, Any]) -> Iterator[_Child]:
        """A child at work on a task; it is ended on the way out."""
        with self._lock:
            if self._ended:
                raise CancelledError
            child = _Child(task)
            self._running.add(child)
        try:
            yield child
        finally:
            child.end()
            self._running.discard(child)

    def end(self) -> None:
        """End all that are running, and start no more."""
        with self._lock:
            self._ended = True
            for child in tuple(self._running):
                child.end()


class _Child:
    """One process, in a group of its own."""

    def __init__(self, task: dict[str, Any]) -> None:
        self._process = subprocess.Popen(
            [*_program(), "judge-child", json.dumps(task)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, **ENVIRONMENT, **dict.fromkeys(("TMPDIR", "TEMP", "TMP"), task["folder"])},
            start_new_session=True,
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
        )
        self._took_too_long = Event()

    def message(self, seconds: float) -> dict[str, Any] | None:
        """What the child says before it ends, or is ended because the seconds are over."""
        guard = Thread(target=self._end_after, args=(seconds,), daemon=True)
        guard.start()
        assert self._process.stdout is not None
        with self._process.stdout as pipe, suppress(ValueError, struct.error):
            return _message(pipe)
        return None

    def _end_after(self, seconds: float) -> None:
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self._took_too_long.set()
        self.end()  # what it may have started lives on, and may hold the pipe

    def end(self) -> None:
        """End the process and all that it has started."""
        if sys.platform == "win32":
            end = ["taskkill", "/T", "/F", "/PID", str(self._process.pid)]
            subprocess.run(end, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        else:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def why_silent(self, seconds: float) -> tuple[str, str]:
        """Why an ended child has said nothing: a name and a sentence."""
        code = self._process.returncode
        if self._took_too_long.is_set():
            return "endless-loop", f"It did not reach a training step within {seconds:g} seconds."
        if code < 0:
            name = signal.Signals(-code).name if -code in set(signal.Signals) else f"signal {-code}"
            return "crashed", f"It crashed ({name}) before it could be judged."
        return "ended-itself", f"It ended itself, with exit code {code}, before it could be judged."


def _program() -> list[str]:
    """What runs this program again, also where it is frozen and `sys.executable` is not Python."""
    return [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, str(MAIN)]


def _message(pipe: IO[bytes]) -> dict[str, Any] | None:
    (length,) = struct.unpack(">I", pipe.read(4))
    if length > LONGEST_MESSAGE:
        return None
    message = json.loads(pipe.read(length))
    return message if isinstance(message, dict) and set(message) == FIELDS else None
