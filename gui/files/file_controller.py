"""What the File menu opens and saves."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from threading import Event
from typing import Any

from PySide6.QtCore import QObject, QTimer

from gui.files.file_dialogs import FileDialogs, as_file_name, could_not_save
from gui.files.run_writer import RunWriter
from gui.files.unsaved_runs import UnsavedRuns
from gui.flow.background import Background, Work
from gui.flow.run_collection import RunCollection
from gui.flow.scheduler import Scheduler
from model.history import Frame, History
from model.network import Network
from model.network_file import open_network, save_network
from model.storage.reading import FileError
from model.storage.run_file import ReadingCancelled, holds_run, open_run
from model.training import Progress

OPENING = "opening"  # the topic of what is read, and of the notice with which that is cancelled
TAKES_LONG = 400  # milliseconds
FILTER = "Networks and runs (*.npz)"
NO_SIGMOIDS = (
    "A network by itself is saved as one of sigmoids and a softmax, and that of {} has other functions. "
    "Save the run instead: it keeps them."
)


class FileController(QObject):
    """Opens and saves networks and runs, and keeps what was not saved in case the program dies."""

    def __init__(
        self,
        scheduler: Scheduler,
        background: Background,
        dialogs: FileDialogs,
        runs: RunCollection,
        data_folder: Path,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._scheduler = scheduler
        self._background = background
        self._dialogs = dialogs
        self._runs = runs
        self._opening = ""  # what is read, in a sentence
        self._is_cancelled = Event()  # what is read; each time another
        self._takes_long = QTimer(self, singleShot=True, interval=TAKES_LONG)
        self._takes_long.timeout.connect(self._offer_to_cancel)
        self._has_failed = False  # the latest save, and nobody has waited for it since
        self._unsaved = UnsavedRuns(data_folder / "unsaved", scheduler, self)
        self._writer = RunWriter(self)
        self._writer.written.connect(self._note_written)
        self._writer.failed.connect(self._note_failed)

    def ask_and_open(self) -> None:
        """Let the user choose a network or a run, and open it."""
        if path := self._dialogs.ask_open_path("Open", FILTER):
            self.open(path)

    def ask_and_save_run(self, run: History | None = None) -> None:
        """Let the user choose a file for a run; without one, for that on the screen."""
        run = run or self._scheduler.scene.shown
        if run is not None and (
            path := self._dialogs.ask_save_path("Save Run", f"{as_file_name(run.title)}.npz", FILTER)
        ):
            self.save_run(path, run)

    def ask_and_save_network(self) -> None:
        """Let the user choose a file for the network of the frame on the screen."""
        scene = self._scheduler.scene
        if not scene.network.has_sigmoids:
            self._scheduler.report_problem(NO_SIGMOIDS.format(scene.shown_name), "files")
            return
        proposal = "network, with a mistake.npz" if scene.comes_of_mistake else "network.npz"
        if path := self._dialogs.ask_save_path("Save Network", proposal, FILTER):
            self.save_network(path)

    def open(self, path: Path) -> None:
        """Open a file beside the window; what is on the screen stays until it is there, or if that fails."""
        if not self._is_refused(path):
            self._read(path.name, partial(_read, path), partial(self._show, path))

    def save_network(self, path: Path) -> None:
        """Save the network on the screen to a file, which stays as it was if that fails."""
        try:
            save_network(path, self._scheduler.scene.network)
        except OSError as error:
            self._scheduler.report_problem(could_not_save("network", path, error.strerror or error), "files")
        else:
            self._scheduler.report(f"saved as {path.name}", "files")

    def save_run(self, path: Path, run: History) -> None:
        """Save a run to a file, which stays as it was if that fails; nobody has to wait for it."""
        self._writer.write(path, run)

    def offer_unsaved(self) -> None:
        """Say that there are runs of earlier sessions that were not saved, if there are any, and once of each."""
        if files := self._unsaved.new_orphans():
            sentence = "One run of an earlier session was not saved, and is kept."
            if len(files) > 1:
                sentence = f"{len(files)} runs of earlier sessions were not saved, and are kept."
            self._scheduler.report_problem(sentence, "unsaved runs", "Open", partial(self._open_orphans, files))

    def open_unsaved(self) -> None:
        """Open all runs of earlier sessions that were not saved."""
        if files := self._unsaved.orphans():
            self._scheduler.forget_problem("unsaved runs")
            self._open_orphans(files)
        else:
            self._scheduler.report("there is no unsaved run of an earlier session", "files")

    def finish_saving(self) -> bool:
        """Wait until what the user wants to save is written; whether it is, or was said not to be when asked before."""
        self._writer.finish()
        has_failed, self._has_failed = self._has_failed, False
        return not has_failed

    def keep_unsaved(self) -> None:
        """Write what is not saved, and wait until that is done."""
        self._unsaved.write_all()

    def close(self) -> None:
        """Keep what is not saved, and leave no thread."""
        self._cancel_reading()
        self._unsaved.close()
        self._writer.close()

    def _is_refused(self, path: Path) -> bool:
        is_active = self._scheduler.scene.training.is_active
        if is_active:
            self._scheduler.report_problem(f"{path.name} was not opened: a run is active. Stop it first.", "files")
        return is_active

    def _read(self, name: str, read: Callable[[Event], Work], show: Callable[[Any], None]) -> None:
        """Read beside the window, in place of what is being read; say so, and where it takes long, let it be ended."""
        self._is_cancelled.set()
        self._is_cancelled = Event()
        self._opening = f"Opening {name} …"
        self._scheduler.report(self._opening, "files")
        self._takes_long.start()
        self._background.do(OPENING, read(self._is_cancelled), partial(self._end_reading, show))

    def _end_reading(self, show: Callable[[Any], None], found: Any) -> None:
        self._say_no_more()
        show(found)

    def _say_no_more(self) -> None:
        self._takes_long.stop()
        self._scheduler.forget_problem(OPENING)
        self._scheduler.change(status=None)

    def _offer_to_cancel(self) -> None:
        self._scheduler.report_problem(self._opening, OPENING, "Cancel", self._cancel_reading)

    def _cancel_reading(self) -> None:
        if self._background.is_busy(OPENING):
            self._is_cancelled.set()
            self._background.cancel(OPENING)
            self._say_no_more()

    def _show(self, path: Path, found: History | Network | FileError) -> None:
        if self._is_refused(path):  # it was started meanwhile
            return
        if isinstance(found, FileError):
            self._scheduler.report_problem(str(found), "files")
        elif isinstance(found, Network):
            self._runs.show_detached(Frame(Progress(), found), path.name)
            self._scheduler.forget_problem("files")
        else:
            self._runs.add(found)
            self._unsaved.mark_saved(found)
            self._scheduler.report(f"opened {path.name}, a run of {len(found.frames):,} frames", "files")

    def _open_orphans(self, files: Sequence[Path]) -> None:
        self._read("unsaved runs", partial(_read_all, files), self._take_over)

    def _take_over(self, found: Sequence[tuple[Path, History | FileError]]) -> None:
        """They are as unsaved as they were."""
        for file, run in found:
            if isinstance(run, FileError):
                if run.is_damage:
                    with suppress(OSError):
                        file.rename(file.with_suffix(".damaged"))  # and is not opened again
                self._scheduler.report_problem(str(run), "files")
                continue
            try:
                self._unsaved.adopt(run, file)
            except OSError as error:  # another program has taken it meanwhile
                self._scheduler.report_problem(f"{file.name} cannot be taken over: {error.strerror}.", "files")
            else:
                self._runs.add(run)

    def _note_written(self, path: Path, run: History) -> None:
        self._has_failed = False
        self._unsaved.mark_saved(run)
        self._scheduler.report(f"saved as {path.name}", "files")

    def _note_failed(self, path: Path, why: str) -> None:
        self._has_failed = True
        self._scheduler.report_problem(could_not_save("run", path, why), "files")


def _read(path: Path, is_cancelled: Event) -> Work:
    """The run or the network in a file, or what is wrong with it."""
    yield
    return _run_in(path, is_cancelled) if holds_run(path) else _network_in(path)


def _read_all(files: Sequence[Path], is_cancelled: Event) -> Work:
    """Each file with its run, or with what is wrong with it."""
    found = []
    for file in files:
        yield
        found.append((file, _run_in(file, is_cancelled)))
    return found


def _network_in(path: Path) -> Network | FileError:
    try:
        return open_network(path)
    except FileError as error:
        return error


def _run_in(path: Path, is_cancelled: Event) -> History | FileError | None:
    """None where nobody waits for it any more."""

    def end_if_cancelled() -> None:
        if is_cancelled.is_set():
            raise ReadingCancelled

    try:
        return open_run(path, end_if_cancelled)
    except FileError as error:
        return error
    except ReadingCancelled:
        return None
