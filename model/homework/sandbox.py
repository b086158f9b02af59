"""Judging files in child processes: one for each, with limits, and ended with whatever it has started.

The child (`model.homework.child`) sends its report through its standard output. It has its own length in it, so the
parent need not wait for the end of the pipe, which a process that the child has started may hold open.
"""

from __future__ import annotations

import dataclasses
import tempfile
from collections.abc import Iterable, Iterator
from concurrent.futures import CancelledError, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import IO, Any

from model.homework.channel import receive
from model.homework.child_process import GRACE, NO_STEP, ChildProcess, Limits
from model.homework.report import Report, from_message, unusable

DEFAULT_LIMITS = Limits()


def judge_file(path: Path, function: str | None = None, limits: Limits = DEFAULT_LIMITS) -> Report:
    """Run a learner's file in a child process and report on it; `function` is the step, if the file has several."""
    return Judging().judge(path, function, limits)


def judge_files(
    paths: Iterable[Path], function: str | None = None, limits: Limits = DEFAULT_LIMITS, workers: int = 2
) -> Iterator[Report]:
    """The reports in the order of the files, of which `workers` run at a time. To stop, drop the iterator."""
    judging = Judging()
    with ThreadPoolExecutor(workers) as pool:
        try:
            reports = [pool.submit(judging.judge, path, function, limits) for path in paths]
            for report in reports:
                yield report.result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
            judging.end()


class Judging:
    """Judges files, in as many threads as like; another thread can end all of it."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._running: set[ChildProcess] = set()
        self._ended = False

    def judge(self, path: Path, function: str | None = None, limits: Limits = DEFAULT_LIMITS) -> Report:
        """The report on a file, when it is there. Raises CancelledError if the judging was ended before."""
        with tempfile.TemporaryDirectory(prefix="digitscope-", ignore_cleanup_errors=True) as folder:
            task = {"path": str(path.absolute()), "folder": folder, "function": function, **dataclasses.asdict(limits)}
            with self._start(task) as child, child.from_child as pipe, child.within(limits.seconds + GRACE):
                report = _received(pipe)
                if report is None:
                    why = child.why_silent(NO_STEP, limits.seconds, "before it could be judged")
                    report = unusable(path, *why)
        if self._ended:
            raise CancelledError
        return dataclasses.replace(report, file=str(path))

    def end(self) -> None:
        """End all that is running, and start no more."""
        with self._lock:
            self._ended = True
            for child in tuple(self._running):
                child.end()

    @contextmanager
    def _start(self, task: dict[str, Any]) -> Iterator[ChildProcess]:
        """A child at work on a task; it is ended on the way out."""
        with self._lock:
            if self._ended:
                raise CancelledError
            child = ChildProcess("judge-child", task)
            child.to_child.close()  # whoever asks for input finds none
            self._running.add(child)
        try:
            yield child
        finally:
            child.end()
            self._running.discard(child)


def _received(pipe: IO[bytes]) -> Report | None:
    """The report that comes through a pipe; None if what comes is none."""
    received = receive(pipe)
    try:
        return from_message(received[0]) if received is not None else None
    except ValueError:
        return None
