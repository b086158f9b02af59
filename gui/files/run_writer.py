"""Runs are written in a thread of their own: some ten megabytes would stop the window for a moment."""

from collections import deque
from pathlib import Path

from PySide6.QtCore import QObject, QThread, Signal

from model.history import History
from model.storage.run_file import save_run


class RunWriter(QObject):
    """Writes one run after the other."""

    written = Signal(object, object)  # Path, History
    failed = Signal(object, str)  # Path, why

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._waiting: deque[tuple[Path, History]] = deque()
        self._job: _WriteJob | None = None

    def write(self, path: Path, run: History) -> None:
        """Write a run as it is now to a file, after those that wait."""
        self._waiting.append((path, run))
        self._advance()

    def finish(self) -> None:
        """Wait until everything is written."""
        while self._job is not None:
            self._job.wait()
            self._end()

    def _advance(self) -> None:
        if self._job is None and self._waiting:
            self._job = _WriteJob(*self._waiting.popleft(), self)
            self._job.finished.connect(self._end)
            self._job.start()

    def _end(self) -> None:
        job = self._job
        if job is None or not job.isFinished():  # finish() was faster than the signal of a job before
            return
        self._job = None
        if job.problem:
            self.failed.emit(job.path, job.problem)
        else:
            self.written.emit(job.path, job.history)
        job.deleteLater()
        self._advance()


class _WriteJob(QThread):
    def __init__(self, path: Path, history: History, parent: QObject) -> None:
        super().__init__(parent)
        self.path, self.history = path, history
        self.problem = ""

    def run(self) -> None:
        try:
            save_run(self.path, self.history)
        except OSError as error:
            self.problem = error.strerror or str(error)
        except Exception as error:  # never a thread that dies in silence
            self.problem = str(error) or type(error).__name__
