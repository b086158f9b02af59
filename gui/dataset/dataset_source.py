"""Where the digits come from: the bundled file, or TensorFlow where that is missing."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from gui.dataset.dataset_fetch import DatasetFetch
from gui.dataset.dataset_loader import DatasetLoader
from gui.flow.scheduler import Scheduler
from model.dataset import BUNDLED_MNIST, Dataset


class DatasetSource(QObject):
    """Puts the digits into the scene once they are there; until then, says why they are not."""

    loaded = Signal()

    def __init__(self, scheduler: Scheduler, window: QWidget) -> None:
        super().__init__(window)
        self._scheduler = scheduler
        self._loader = DatasetLoader(BUNDLED_MNIST, self)
        self._loader.progressed.connect(self._show_progress)
        self._loader.loaded.connect(self.use)
        self._loader.failed.connect(self._report_problem)
        self._fetch = DatasetFetch(window)
        self._fetch.fetched.connect(self.use)
        self._fetch.confirmed.connect(lambda sentence: scheduler.report(sentence, "digits"))
        self._fetch.failed.connect(self._report_problem)

    def load(self) -> None:
        """Read the bundled file."""
        self._scheduler.change(loaded_share=0.0)
        self._loader.start()

    def fetch(self) -> None:
        """Load through TensorFlow."""
        self._fetch.start(needed=self._scheduler.scene.dataset is None)

    def use(self, dataset: Dataset) -> None:
        """Train on these digits, and test with them."""
        self._scheduler.change(dataset=dataset, loaded_share=None)
        self._scheduler.forget_problem("digits")
        self.loaded.emit()

    def close(self) -> None:
        """Give up whatever is being done."""
        self._loader.cancel()
        self._fetch.close()

    def _show_progress(self, share: float) -> None:
        self._scheduler.change(loaded_share=share)

    def _report_problem(self, sentence: str) -> None:
        self._scheduler.change(loaded_share=None)
        if self._scheduler.scene.dataset is None:
            offer = f"{sentence} TensorFlow can fetch the digits."
            self._scheduler.report_problem(offer, "digits", "Load through TensorFlow", self.fetch)
        else:
            self._scheduler.report_problem(sentence, "digits")
