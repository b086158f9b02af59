"""File ▸ Open, Save Network and Save Run."""

import re
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from gui.files.run_writer import RunWriter
from gui.settings import Settings
from model.history import History
from model.network import Network
from model.network_file import NetworkFileError, open_network, save_network
from model.storage.run_file import RunFileError, holds_run, open_run

FILTER = "Networks and runs (*.npz)"


class SavedFiles(QObject):
    """Asks which file, and says in a sentence what went wrong with it."""

    network_opened = Signal(object, str)  # Network, and the name of its file
    run_opened = Signal(object, object)  # History, Path
    network_saved = Signal(str)  # the name of the file
    run_saved = Signal(object, object)  # History, Path
    failed = Signal(str)  # a sentence

    def __init__(self, window: QWidget, settings: Settings) -> None:
        super().__init__(window)
        self._window = window
        self._settings = settings
        self._has_failed = False  # since somebody waits
        self._writer = RunWriter(self)
        self._writer.written.connect(self._tell_written)
        self._writer.failed.connect(self._tell_failed)

    def ask_and_open(self) -> None:
        """Let the user choose a file and open it."""
        name, _ = QFileDialog.getOpenFileName(self._window, "Open", self._settings.folder, FILTER)
        if name:
            self.open(Path(name))

    def ask_and_save_network(self, network: Network) -> None:
        """Let the user choose a file and save the network there."""
        if path := self.ask_where("Save Network", "network.npz", FILTER):
            self.save_network(path, network)

    def ask_and_save_run(self, run: History) -> None:
        """Let the user choose a file and save the run there."""
        if path := self.ask_where("Save Run", f"{as_file_name(run.name)}.npz", FILTER):
            self.save_run(path, run)

    def ask_which(self, title: str, filters: str) -> list[Path]:
        """Let the user choose files to read; none if they do not want to."""
        names, _ = QFileDialog.getOpenFileNames(self._window, title, self._settings.folder, filters)
        if names:
            self._settings.folder = str(Path(names[0]).parent)
        return [Path(name) for name in names]

    def ask_where(self, title: str, proposal: str, filters: str) -> Path | None:
        """Let the user choose a file to write to; it gets the proposal's ending if it has none of those offered."""
        place = str(Path(self._settings.folder) / proposal)
        name, _ = QFileDialog.getSaveFileName(self._window, title, place, filters)
        if not name:
            return None
        path = Path(name)
        if f"*{path.suffix.lower()}" in re.findall(r"\*\.\w+", filters):
            return path
        path = path.with_name(path.name + Path(proposal).suffix)
        return path if not path.exists() or self._may_replace(path) else None

    def _may_replace(self, path: Path) -> bool:
        """The dialog asked about the name without its ending."""
        question = f"{path.name} already exists. Do you want to replace it?"
        return QMessageBox.question(self._window, "Replace File", question) == QMessageBox.StandardButton.Yes

    def open(self, path: Path) -> None:
        """Open a file; what is on the screen stays if that fails."""
        try:
            if holds_run(path):
                self.run_opened.emit(open_run(path), path)
            else:
                self.network_opened.emit(open_network(path), path.name)
        except (NetworkFileError, RunFileError) as error:
            self.failed.emit(str(error))
            return
        self._settings.folder = str(path.parent)

    def save_network(self, path: Path, network: Network) -> None:
        """Save to a file, which stays as it was if that fails."""
        try:
            save_network(path, network)
        except OSError as error:
            self.failed.emit(could_not_save("network", path, error.strerror or str(error)))
            return
        self._settings.folder = str(path.parent)
        self.network_saved.emit(path.name)

    def save_run(self, path: Path, run: History) -> None:
        """Save to a file, which stays as it was if that fails, while everything else goes on."""
        self._writer.write(path, run)

    def finish(self) -> bool:
        """Wait until everything is written; whether nothing failed meanwhile."""
        self._has_failed = False
        self._writer.finish()
        return not self._has_failed

    def _tell_written(self, path: Path, run: History) -> None:
        self._settings.folder = str(path.parent)
        self.run_saved.emit(run, path)

    def _tell_failed(self, path: Path, why: str) -> None:
        self._has_failed = True
        self.failed.emit(could_not_save("run", path, why))


def could_not_save(what: str, path: Path, why: str) -> str:
    """A sentence for the user."""
    return (
        f"The {what} could not be saved as {path}: {why}. "
        "An earlier file of that name is as it was. Choose another place."
    )


def as_file_name(name: str) -> str:
    """A run's name without what file systems do not like."""
    return re.sub(r"[^\w.,()+ -]+", " ", name).strip(" .") or "run"
