"""File ▸ Open Network and Save Network."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from gui.settings import Settings
from model.network import Network
from model.network_file import NetworkFileError, open_network, save_network

FILTER = "Networks (*.npz)"


class NetworkFiles(QObject):
    """Asks which file, and says in a sentence what went wrong with it."""

    opened = Signal(object, str)  # Network, and the name of its file
    saved = Signal(str)  # the name of the file
    failed = Signal(str)  # a sentence

    def __init__(self, window: QWidget, settings: Settings) -> None:
        super().__init__(window)
        self._window = window
        self._settings = settings

    def ask_and_open(self) -> None:
        """Let the user choose a file and open it."""
        name, _ = QFileDialog.getOpenFileName(self._window, "Open Network", self._settings.folder, FILTER)
        if name:
            self.open(Path(name))

    def ask_and_save(self, network: Network) -> None:
        """Let the user choose a file and save the network there."""
        proposal = str(Path(self._settings.folder) / "network.npz")
        name, _ = QFileDialog.getSaveFileName(self._window, "Save Network", proposal, FILTER)
        if name:
            path = Path(name)
            self.save(path if path.suffix else path.with_suffix(".npz"), network)

    def open(self, path: Path) -> None:
        """Open a file; the network on the screen stays if that fails."""
        try:
            network = open_network(path)
        except NetworkFileError as error:
            self.failed.emit(str(error))
            return
        self._settings.folder = str(path.parent)
        self.opened.emit(network, path.name)

    def save(self, path: Path, network: Network) -> None:
        """Save to a file, which stays as it was if that fails."""
        try:
            save_network(path, network)
        except OSError as error:
            self.failed.emit(
                f"The network could not be saved as {path}: {error.strerror or error}. "
                "An earlier file of that name is as it was. Choose another place."
            )
            return
        self._settings.folder = str(path.parent)
        self.saved.emit(path.name)
