"""Runs that nobody saved survive a crash: they are written aside now and then, and offered at the next start."""

import os
from contextlib import suppress
from pathlib import Path

from PySide6.QtCore import QLockFile, QObject, QTimer

from gui.files.run_writer import RunWriter
from gui.flow.scene import Scene
from gui.flow.scheduler import Part, Scheduler, Urgency
from model.history import History

INTERVAL = 30_000  # milliseconds
MOST_KEPT = 20  # files of earlier sessions
RUN = "-run-"  # between the session and the run in a file's name

State = tuple[int, str]  # samples seen, name


class UnsavedRuns(QObject):
    """A folder with one file for each run of each session; a session that exits cleanly takes its files away.

    A session holds a lock as long as it lives, so that one program never offers the runs of another that is open.
    """

    def __init__(self, folder: Path, scheduler: Scheduler, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._scheduler = scheduler
        self._folder = folder
        self._session = f"{os.getpid()}-{id(self):x}"
        self._lock: QLockFile | None = None
        self._runs: tuple[History, ...] = ()
        # By the key of each run
        self._files: dict[object, Path] = {}
        self._written: dict[object, State] = {}  # what it was when it was written here
        self._saved: dict[object, State] = {}  # and when the user had it in a file of their own
        self._has_reported = False
        self._writer = RunWriter(self)
        self._writer.failed.connect(self._report)
        self._timer = QTimer(self, interval=INTERVAL)
        self._timer.timeout.connect(self.write)
        self._timer.start()
        scheduler.add(self, [Part(self._follow, ("runs",), Urgency.BACKGROUND)])

    def orphans(self) -> list[Path]:
        """The files of sessions that did not exit cleanly, the oldest first."""
        files = []
        for file in self._stored_files():
            session = file.name.partition(RUN)[0]
            lock = QLockFile(str(self._folder / f"{session}.lock"))
            lock.setStaleLockTime(0)
            if lock.tryLock(0):  # nobody holds it, not even this session
                lock.unlock()
                files.append(file)
        files.sort(key=lambda file: file.stat().st_mtime)
        return files[-MOST_KEPT:]

    def adopt(self, run: History, file: Path) -> None:
        """Take over an orphaned file, with the run in it."""
        file.replace(self._file_of(run.key))
        self._written[run.key] = _state(run)

    def mark_saved(self, run: History) -> None:
        """The user has this run in a file of their own."""
        self._saved[run.key] = _state(run)
        self._forget(run.key)

    def write(self) -> None:
        """Write whatever is in no file as it is now."""
        for run in self._runs:
            state = _state(run)
            if run.latest is not None and state not in (self._written.get(run.key), self._saved.get(run.key)):
                try:
                    file = self._file_of(run.key)
                except OSError as error:
                    self._report(self._folder, error.strerror or str(error))
                else:
                    self._written[run.key] = state
                    self._writer.write(file, run)

    def close(self) -> None:
        """End the session cleanly."""
        self._timer.stop()
        self._writer.finish()
        for key in list(self._files):
            self._forget(key)
        if self._lock is not None:
            self._lock.unlock()

    def _stored_files(self) -> list[Path]:
        try:
            return list(self._folder.glob(f"*{RUN}*.npz"))
        except OSError:  # a folder that may not be looked into has nothing to offer
            return []

    def _file_of(self, key: object) -> Path:
        if self._lock is None:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._lock = QLockFile(str(self._folder / f"{self._session}.lock"))
            self._lock.setStaleLockTime(0)
            self._lock.tryLock(0)
        if key not in self._files:
            self._files[key] = self._folder / f"{self._session}{RUN}{id(key):x}.npz"
        return self._files[key]

    def _follow(self, scene: Scene) -> None:
        """Files of runs that were deleted are deleted, too."""
        self._runs = scene.runs.all
        keys = {run.key for run in self._runs}
        for key in self._files.keys() - keys:
            self._forget(key)
        self._saved = {key: state for key, state in self._saved.items() if key in keys}

    def _forget(self, key: object) -> None:
        if key in self._files:
            self._writer.finish()
            self._written.pop(key, None)
            with suppress(OSError):  # then it is offered once too often
                self._files.pop(key).unlink(missing_ok=True)

    def _report(self, path: Path, why: str) -> None:
        for key, file in self._files.items():
            if file == path:  # to be tried again
                self._written.pop(key, None)
        if not self._has_reported:
            self._has_reported = True
            problem = f"Runs that are not saved would not survive a crash: {path} could not be written: {why}."
            self._scheduler.report_problem(problem, "unsaved runs")


def _state(run: History) -> State:
    return run.samples_seen, run.name
