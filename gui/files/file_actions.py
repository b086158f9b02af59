"""What the File menu does with the run and the moment on the screen."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from gui.files.exports import Exports
from gui.files.saved_files import SavedFiles
from gui.files.unsaved_runs import UnsavedRuns
from gui.playhead import Playhead
from gui.settings import Settings
from model.history import History
from model.storage.own_digits import OwnDigit
from model.storage.run_file import RunFileError, open_run


class FileActions(QObject):
    """Opens, saves and exports, and keeps what was not saved in case the program dies."""

    network_opened = Signal(object, str)  # Network, and the name of its file
    done = Signal(str)  # what was done, for the status line
    failed = Signal(str)  # a sentence

    def __init__(self, window: QWidget, settings: Settings, playhead: Playhead) -> None:
        super().__init__(window)
        self._playhead = playhead
        self._files = SavedFiles(window, settings)
        self._exports = Exports(self._files)
        self._unsaved = UnsavedRuns(settings.data_folder / "unsaved", self)
        self._files.network_opened.connect(self.network_opened)
        self._files.run_opened.connect(self._show_run)
        self._files.network_saved.connect(self._say_saved)
        self._files.run_saved.connect(self._note_saved_run)
        self._exports.exported.connect(self._say_saved)
        for source in (self._files, self._exports, self._unsaved):
            source.failed.connect(self.failed)
        playhead.runs_changed.connect(self._unsaved.show_runs)

    @property
    def left_behind(self) -> list[Path]:
        """Runs of a session that did not end in order."""
        return self._unsaved.left_behind()

    def open(self) -> None:
        """Ask for a network or a run, and open it."""
        self._files.ask_and_open()

    def open_left_behind(self) -> None:
        """Open the runs of sessions that did not end in order; they are as unsaved as they were."""
        for file in self.left_behind:
            try:
                run = open_run(file)
            except RunFileError as error:
                file.rename(file.with_suffix(".damaged"))  # and is not offered again
                self.failed.emit(str(error))
                continue
            self._playhead.add_run(run)
            self._unsaved.adopt(run, file)

    def save_run(self, run: History | None = None) -> None:
        """Ask where to, and save a run; without one, that on the screen."""
        run = run or self._run
        if run is not None and run.latest is not None:
            self._files.ask_and_save_run(run)

    def save_network(self) -> None:
        """Ask where to, and save the network of the frame on the screen."""
        if self._playhead.frame is not None:
            self._files.ask_and_save_network(self._playhead.frame.network)

    def export_curves(self) -> None:
        """Ask where to, and write what the run on the screen measured as a table."""
        if self._run is not None:
            self._exports.ask_and_export_curves(self._run)

    def export_script(self) -> None:
        """Ask where to, and write the run on the screen as a Python script."""
        if self._run is not None:
            self._exports.ask_and_export_script(self._run)

    def export_picture(self, view: QWidget, name: str) -> None:
        """Ask where to, and write what a view shows."""
        self._exports.ask_and_export_picture(view, name)

    def export_digits(self, digits: Sequence[OwnDigit]) -> str:
        """Ask where to, and write the user's own digits; the name of the file, if they were written."""
        return self._exports.ask_and_export_digits(digits)

    def ask_which(self, title: str, filters: str) -> list[Path]:
        """Let the user choose files to read; none if they do not want to."""
        return self._files.ask_which(title, filters)

    def finish_saving(self) -> bool:
        """Wait until what the user wants to save is written; whether it is."""
        return self._files.finish()

    def close(self) -> None:
        """End the session in order."""
        self._unsaved.close()

    @property
    def _run(self) -> History | None:
        return self._playhead.run

    def _show_run(self, run: History, path: Path) -> None:
        self._playhead.add_run(run)
        self._unsaved.mark_saved(run)
        self.done.emit(f"opened {path.name}, a run of {len(run.frames):,} frames")

    def _note_saved_run(self, run: History, path: Path) -> None:
        self._unsaved.mark_saved(run)
        self._say_saved(path.name)

    def _say_saved(self, name: str) -> None:
        self.done.emit(f"saved as {name}")
