"""Runs that nobody saved survive a crash: they are written aside now and then, and offered at the next start."""

import os
from pathlib import Path

from PySide6.QtCore import QLockFile, QObject, QTimer, Signal

from gui.files.run_writer import RunWriter
from gui.playhead import Runs
from model.history import History

INTERVAL = 30_000  # milliseconds
MOST_KEPT = 20  # files of earlier sessions
RUN = "-run-"  # between the session and the run in a file's name

State = tuple[int, str]


class UnsavedRuns(QObject):
    """A folder with one file for each run of each session; a session that ends in order takes its files away.

    A session holds a lock as long as it lives, so that one program never offers the runs of another that is open.
    """

    failed = Signal(str)  # a sentence, once a session

    def __init__(self, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._folder = folder
        self._session = f"{os.getpid()}-{id(self):x}"
        self._lock: QLockFile | None = None
        self._runs: tuple[History, ...] = ()
        self._files: dict[History, Path] = {}
        self._written: dict[History, State] = {}  # what each run was when it was written aside
        self._saved: dict[History, State] = {}  # and when the user had it in a file of their own
        self._told = False
        self._writer = RunWriter(self)
        self._writer.failed.connect(self._tell)
        self._timer = QTimer(self, interval=INTERVAL)
        self._timer.timeout.connect(self.write)
        self._timer.start()

    def left_behind(self) -> list[Path]:
        """The files of sessions that did not end in order, the oldest first."""
        files = []
        for file in self._runs_aside():
            session = file.name.partition(RUN)[0]
            lock = QLockFile(str(self._folder / f"{session}.lock"))
            lock.setStaleLockTime(0)
            if session != self._session and lock.tryLock(0):
                lock.unlock()
                files.append(file)
        files.sort(key=lambda file: file.stat().st_mtime)
        return files[-MOST_KEPT:]

    def show_runs(self, runs: Runs) -> None:
        """Take in which runs there are; files of runs that were deleted are deleted, too."""
        self._runs = runs.all
        for run in [run for run in self._files if run not in runs.all]:
            self._forget(run)
        self._saved = {run: state for run, state in self._saved.items() if run in runs.all}

    def adopt(self, run: History, file: Path) -> None:
        """Take over a file that was left behind, with the run in it."""
        mine = self._file_of(run)
        file.replace(mine)
        self._written[run] = _state(run)

    def mark_saved(self, run: History) -> None:
        """The user has this run in a file of their own."""
        self._saved[run] = _state(run)
        self._forget(run)

    def write(self) -> None:
        """Write aside whatever is in no file as it is now."""
        for run in self._runs:
            state = _state(run)
            if run.latest is not None and state not in (self._written.get(run), self._saved.get(run)):
                self._written[run] = state
                try:
                    file = self._file_of(run)
                except OSError as error:
                    self._tell(self._folder, error.strerror or str(error))
                else:
                    self._writer.write(file, run)

    def close(self) -> None:
        """End the session in order."""
        self._timer.stop()
        self._writer.finish()
        for run in list(self._files):
            self._forget(run)
        if self._lock is not None:
            self._lock.unlock()

    def _runs_aside(self) -> list[Path]:
        try:
            return list(self._folder.glob(f"*{RUN}*.npz"))
        except OSError:  # a folder that may not be looked into has nothing to offer
            return []

    def _file_of(self, run: History) -> Path:
        if self._lock is None:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._lock = QLockFile(str(self._folder / f"{self._session}.lock"))
            self._lock.setStaleLockTime(0)
            self._lock.tryLock(0)
        if run not in self._files:
            self._files[run] = self._folder / f"{self._session}{RUN}{id(run):x}.npz"
        return self._files[run]

    def _forget(self, run: History) -> None:
        self._writer.finish()
        file = self._files.pop(run, None)
        self._written.pop(run, None)
        if file is not None:
            file.unlink(missing_ok=True)

    def _tell(self, path: Path, why: str) -> None:
        for run, file in self._files.items():
            if file == path:  # to be tried again
                self._written.pop(run, None)
        if not self._told:
            self._told = True
            self.failed.emit(f"Runs that are not saved would not survive a crash: {path} could not be written: {why}.")


def _state(run: History) -> State:
    return run.latest.samples_seen if run.latest else 0, run.name
