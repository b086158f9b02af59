"""The bundled digits, read in a thread of its own while the window is already there."""

from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, QThread, Signal

from model.dataset import Dataset, DatasetError, load_mnist


class _Cancelled(Exception):
    pass


class DatasetLoader(QThread):
    """Loads once when started, and says how far it is."""

    progressed = Signal(float)  # 0 to 1
    loaded = Signal(object)  # Dataset
    failed = Signal(str)  # a sentence

    def __init__(self, path: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._path = path
        self._dataset: Dataset | None = None
        self._problem = ""
        self._error: Exception | None = None
        self._is_cancelled = False  # Qt forgets a requestInterruption() with the end of the thread
        self.finished.connect(self._report)

    def run(self) -> None:
        """The loading thread itself."""
        try:
            self._dataset = load_mnist(self._path, self._on_progress, np.uint8)  # a fourth of the memory
        except DatasetError as error:
            self._problem = str(error)
        except _Cancelled:
            pass
        except Exception as error:  # raised again where a dialog can be shown
            self._error = error
            self._problem = f"The digits could not be loaded ({error or type(error).__name__})."

    def cancel(self) -> None:
        """Give up and wait for the thread to end, which takes some hundredths of a second."""
        self._is_cancelled = True
        self.wait()

    def _on_progress(self, share: float) -> None:
        if self._is_cancelled:
            raise _Cancelled
        self.progressed.emit(share)

    def _report(self) -> None:
        dataset, self._dataset = self._dataset, None
        if self._is_cancelled:
            return
        if dataset is not None:
            self.loaded.emit(dataset)
        else:
            self.failed.emit(self._problem)
        if self._error is not None:
            raise self._error
