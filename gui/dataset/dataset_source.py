"""Where the digits come from: the bundled file, or TensorFlow where that is missing."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from gui.dataset.dataset_fetch import DatasetFetch
from gui.dataset.dataset_loader import DatasetLoader
from model.dataset import BUNDLED_MNIST, Dataset


class DatasetSource(QObject):
    """Hands the digits out once they are there; until then, says why they are not."""

    progressed = Signal(float)  # 0 to 1, while the bundled file is read
    found = Signal(object)  # Dataset
    lacking = Signal(str)  # a sentence: there are no digits yet, and fetching them could help
    confirmed = Signal(str)  # a sentence: what was fetched is what was there already
    failed = Signal(str)  # a sentence; the digits that were there are still there

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._is_lacking = True
        self._loader = DatasetLoader(BUNDLED_MNIST, self)
        self._loader.progressed.connect(self.progressed)
        self._loader.loaded.connect(self.use)
        self._loader.failed.connect(self.lacking)
        self._fetch = DatasetFetch(window)
        self._fetch.fetched.connect(self.use)
        self._fetch.confirmed.connect(self.confirmed)
        self._fetch.failed.connect(self._tell_failed)

    def load(self) -> None:
        """Read the bundled file."""
        self.progressed.emit(0)
        self._loader.start()

    def fetch(self) -> None:
        """Load through TensorFlow."""
        self._fetch.start(needed=self._is_lacking)

    def use(self, dataset: Dataset) -> None:
        """Hand out these digits."""
        self._is_lacking = False
        self.found.emit(dataset)

    def close(self) -> None:
        """Give up whatever is on."""
        self._loader.cancel()
        self._fetch.close()

    def _tell_failed(self, sentence: str) -> None:
        (self.lacking if self._is_lacking else self.failed).emit(sentence)
