"""Runs are written in a thread of their own: some ten megabytes would stop the window for a moment."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from model.history import History
from model.storage.run_file import save_run


@dataclass(frozen=True, eq=False)
class _Job:
    path: Path
    run: History | None  # None: the file is deleted
    future: Future[None]


class RunWriter(QObject):
    """Writes one run after the other, and deletes files when what was to be written before is written."""

    written = Signal(object, object)  # Path, History
    failed = Signal(object, str)  # Path, why
    _done = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thread = ThreadPoolExecutor(1, "run writer")
        self._jobs: list[_Job] = []  # whose end was not reported yet
        self._done.connect(self._report)

    def write(self, path: Path, run: History) -> None:
        """Write a run as it is now to a file, after whatever waits."""
        self._do(path, run, partial(save_run, path, run))

    def delete(self, path: Path) -> None:
        """Delete a file, if there is one, after whatever waits."""
        self._do(path, None, partial(path.unlink, missing_ok=True))

    def finish(self) -> None:
        """Wait until everything is done and reported."""
        for job in list(self._jobs):
            job.future.exception()
            self._report(job)

    def close(self) -> None:
        """Finish, and leave no thread."""
        self.finish()
        self._thread.shutdown()

    def _do(self, path: Path, run: History | None, act: Callable[[], None]) -> None:
        job = _Job(path, run, self._thread.submit(act))
        self._jobs.append(job)
        job.future.add_done_callback(lambda _: self._done.emit(job))  # in that thread, or in this one if it is over

    def _report(self, job: _Job) -> None:
        if job not in self._jobs:
            return  # finish() was faster than the signal
        self._jobs.remove(job)
        error = job.future.exception()
        if isinstance(error, OSError):
            self.failed.emit(job.path, error.strerror or str(error))
        elif error is not None:
            self.failed.emit(job.path, str(error) or type(error).__name__)
        elif job.run is not None:
            self.written.emit(job.path, job.run)
