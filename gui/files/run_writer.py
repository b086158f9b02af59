"""Runs are written in a thread of their own: some ten megabytes would stop the window for a moment."""

from collections import deque
from pathlib import Path

from PySide6.QtCore import QObject, QThread, Signal

from model.history import History
from model.storage.run_file import save_run


class RunWriter(QObject):
    """Writes one run after the other; of each, what it is at the time of the request."""

    written = Signal(object, object)  # Path, History
    failed = Signal(object, str)  # Path, why

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._waiting: deque[tuple[Path, History, History]] = deque()
        self._job: _WriteJob | None = None

    def write(self, path: Path, run: History) -> None:
        """Write a run that has begun to a file, after those that wait."""
        self._waiting.append((path, run, run.snapshot()))
        self._go_on()

    def finish(self) -> None:
        """Wait until everything is written."""
        while self._job is not None:
            self._job.wait()
            self._end()

    def _go_on(self) -> None:
        if self._job is None and self._waiting:
            self._job = _WriteJob(*self._waiting.popleft(), self)
            self._job.finished.connect(self._end)
            self._job.start()

    def _end(self) -> None:
        job, self._job = self._job, None
        if job is None:  # finish() was faster than the signal
            return
        job.finished.disconnect(self._end)
        if job.problem:
            self.failed.emit(job.path, job.problem)
        else:
            self.written.emit(job.path, job.run_written)
        job.deleteLater()
        self._go_on()


class _WriteJob(QThread):
    def __init__(self, path: Path, run: History, snapshot: History, parent: QObject) -> None:
        super().__init__(parent)
        self.path, self.run_written = path, run
        self._snapshot = snapshot
        self.problem = ""

    def run(self) -> None:
        try:
            save_run(self.path, self._snapshot)
        except OSError as error:
            self.problem = error.strerror or str(error)
        except Exception as error:  # never a thread that dies in silence
            self.problem = str(error) or type(error).__name__
