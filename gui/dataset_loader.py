"""The bundled digits, read in a thread of its own while the window is already there."""

from pathlib import Path

from PySide6.QtCore import QObject, QThread, Signal

from model.dataset import BUNDLED_MNIST, Dataset, DatasetError, load_mnist


class _Cancelled(Exception):
    pass


class DatasetLoader(QThread):
    """Loads once when started, and says how far it is."""

    progressed = Signal(float)  # 0 to 1
    loaded = Signal(object)  # Dataset
    failed = Signal(str)  # a sentence

    def __init__(self, path: Path = BUNDLED_MNIST, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._path = path
        self._outcome: Dataset | str | None = None
        self.finished.connect(self._report)

    def run(self) -> None:
        """The loading thread itself."""
        try:
            self._outcome = load_mnist(self._path, self._on_progress)
        except DatasetError as error:
            self._outcome = str(error)
        except _Cancelled:
            pass

    def cancel(self) -> None:
        """Give up and wait for the thread to end, which takes some hundredths of a second."""
        self.requestInterruption()
        self.wait()

    def _on_progress(self, share: float) -> None:
        if self.isInterruptionRequested():
            raise _Cancelled
        self.progressed.emit(share)

    def _report(self) -> None:
        outcome, self._outcome = self._outcome, None
        if isinstance(outcome, Dataset):
            self.loaded.emit(outcome)
        elif outcome is not None:
            self.failed.emit(outcome)
