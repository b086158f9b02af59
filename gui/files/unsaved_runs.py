"""Runs that nobody saved survive the end of the program, however it ends, and are offered at the next start."""

import time
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

from PySide6.QtCore import QLockFile, QObject, QTimer

from gui.files.run_writer import RunWriter
from gui.flow.runs import Runs
from gui.flow.scene import Scene, TrainingState
from gui.flow.scheduler import Part, Scheduler, Urgency
from model.history import History

INTERVAL = 30_000  # milliseconds
MOST_KEPT = 20  # files of earlier sessions, of which the latest stay: some 400 MB at most
RUN = "-run-"  # between the session and the run in a file's name
LOCKED_BY = 60  # seconds after which a lock surely says who holds it
OFFERED = "offered"  # a file, as old as the latest offer

State = tuple[int, str, bool]  # samples seen, name, whether its mistake is hidden


class UnsavedRuns(QObject):
    """A folder with one file for each unsaved run of each session: what is saved or deleted has none any more.

    They are written now and then, when a run ends or pauses, and when the session ends. A session holds a lock as long
    as it lives, so that one program never offers the runs of another that is open.
    """

    def __init__(self, folder: Path, scheduler: Scheduler, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._scheduler = scheduler
        self._folder = folder
        self._session = uuid4().hex
        self._lock: QLockFile | None = None
        self._runs = Runs()
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
        parts = (
            Part(self._follow, ("runs",), Urgency.BACKGROUND),
            Part(self._keep_paused, ("training",), Urgency.BACKGROUND),
        )
        scheduler.add(self, parts)

    def orphans(self) -> list[Path]:
        """The files of sessions that are over, the oldest first."""
        return [file for file in self._stored_files() if self._is_over(file.name.partition(RUN)[0])]

    def new_orphans(self) -> list[Path]:
        """Those among them that were not asked for like this before."""
        orphans = self.orphans()
        offered = self._folder / OFFERED
        latest_offer = _time_of(offered)
        new = [file for file in orphans if _time_of(file) > latest_offer]
        if new:
            with suppress(OSError):  # then they are offered once more
                offered.touch()
        return new

    def adopt(self, run: History, file: Path) -> None:
        """Take over an orphaned file, with the run in it: it is as unsaved as any of this session."""
        own = self._file_of(run.key)
        file.replace(own)
        own.touch()
        self._written[run.key] = _state(run)

    def mark_saved(self, run: History) -> None:
        """The user has this run in a file of their own."""
        self._saved[run.key] = _state(run)
        self._delete_file(run.key)

    def write(self) -> None:
        """Write whatever is in no file as it is now."""
        for run in self._runs.all:
            self._keep(run)

    def write_all(self) -> None:
        """The same, with what has changed just now, and to the end."""
        self._follow(self._scheduler.scene)
        self.write()
        self._writer.finish()

    def close(self) -> None:
        """End the session; what is not saved stays, for the next one."""
        self._timer.stop()
        self.write_all()
        self._writer.close()
        if self._lock is not None:
            self._lock.unlock()
            for file in self.orphans()[:-MOST_KEPT]:
                with suppress(OSError):
                    file.unlink()

    def _stored_files(self) -> list[Path]:
        try:
            return sorted((file for file in self._folder.glob(f"*{RUN}*.npz") if file.is_file()), key=_time_of)
        except OSError:  # a folder that may not be looked into has nothing to offer
            return []

    def _is_over(self, session: str) -> bool:
        """Whether nobody holds its lock, not even this session; one that names nobody is damaged, or half written."""
        file = self._folder / f"{session}.lock"
        lock = QLockFile(str(file))
        lock.setStaleLockTime(0)
        is_over = lock.tryLock(0)
        lock.unlock()
        holder, *_ = lock.getLockInfo()
        return is_over or (holder == 0 and 0 < _time_of(file) < time.time() - LOCKED_BY)

    def _file_of(self, key: object) -> Path:
        if self._lock is None:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._lock = QLockFile(str(self._folder / f"{self._session}.lock"))
            self._lock.setStaleLockTime(0)
            self._lock.tryLock(0)
        if key not in self._files:
            self._files[key] = self._folder / f"{self._session}{RUN}{uuid4().hex}.npz"
        return self._files[key]

    def _follow(self, scene: Scene) -> None:
        """The file of a deleted run is deleted, too; that of one that made room for others stays."""
        before, self._runs = self._runs, scene.runs
        for run in before.all:
            if scene.runs[run.key] is not None:
                continue
            if run.key in scene.runs.deleted:
                self._delete_file(run.key)
            else:
                self._keep(run)
            for by_key in (self._files, self._written, self._saved):
                by_key.pop(run.key, None)
        if before.active_key not in (None, scene.runs.active_key):  # it has ended
            self.write()

    def _keep_paused(self, scene: Scene) -> None:
        if scene.training is TrainingState.PAUSED:
            self.write()

    def _keep(self, run: History) -> None:
        """Write a run, unless it is in a file as it is now."""
        state = _state(run)
        if run.latest is None or state in (self._written.get(run.key), self._saved.get(run.key)):
            return
        try:
            file = self._file_of(run.key)
        except OSError as error:
            self._report(self._folder, error.strerror or str(error))
        else:
            self._written[run.key] = state
            self._writer.write(file, run)

    def _delete_file(self, key: object) -> None:
        self._written.pop(key, None)
        if key in self._files:
            self._writer.delete(self._files.pop(key))

    def _report(self, path: Path, why: str) -> None:
        for key, file in self._files.items():
            if file == path:  # to be tried again
                self._written.pop(key, None)
        if not self._has_reported:
            self._has_reported = True
            problem = f"Runs that are not saved would be lost at the end: {path} could not be written: {why}."
            self._scheduler.report_problem(problem, "unsaved runs")


def _state(run: History) -> State:
    return run.samples_seen, run.name, run.hides_mistake


def _time_of(file: Path) -> float:
    """When a file was written; 0 if there is none any more."""
    try:
        return file.stat().st_mtime
    except OSError:
        return 0.0
