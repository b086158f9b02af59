"""“Scribbles”: how sure the network is of what is no digit."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent

from gui.card import Card, button, label
from gui.numbers import percent
from gui.page import Subject
from gui.theme import Theme
from gui.trick.confidence_bars import SURE, Confidence, ConfidenceBars
from gui.trick.scribble_gallery import ScribbleGallery
from gui.trick.scribbles import noise, scribble
from model.dataset import Dataset, as_floats
from model.digit_image import SIDE
from model.network import Network

SEED = 99
COUNT = 200  # pictures of each kind


class ScribbleCard(Card):
    """Asks a network about scribbles, noise and real digits, once for each network."""

    digit_made = Signal(object)  # (28, 28) float32

    def __init__(self) -> None:
        super().__init__("Scribbles")
        self._network: Network | None = None
        self._asked: Network | None = None  # the network whose answers are shown
        self._random = np.random.default_rng(SEED)
        self._noise = noise(np.random.default_rng(SEED), COUNT)
        self._test_images: NDArray[np.float32] = np.zeros((0, SIDE * SIDE), np.float32)
        self._scribbles: list[NDArray[np.float32]] = []
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._scribble)
        self._sentence = label("Drawing scribbles …", wrap=True)
        self._sentence.setObjectName("scribbleLabel")
        self._bars = ConfidenceBars()
        self._gallery = ScribbleGallery()
        self._others = button("Show others", "otherScribblesButton", f"Leaf through the {COUNT} scribbles.")
        self._others.setEnabled(False)
        self._build()

    def use_dataset(self, dataset: Dataset) -> None:
        """Compare with test digits from here."""
        count = len(dataset.test_images)
        chosen = np.random.default_rng(SEED).choice(count, min(COUNT, count), replace=False)
        self._test_images = as_floats(dataset.test_images[chosen])
        self._asked = None
        self._refresh()

    def show_subject(self, subject: Subject) -> None:
        """Ask the network of a subject."""
        self._network = subject.network
        self._refresh()

    def apply_theme(self, theme: Theme) -> None:
        """Take on the colours of a theme."""
        self._bars.apply_theme(theme)
        self._gallery.apply_theme(theme)

    def showEvent(self, event: QShowEvent) -> None:
        if len(self._scribbles) < COUNT:
            self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        self._timer.stop()

    def _build(self) -> None:
        self._others.clicked.connect(self._gallery.turn_page)
        self._gallery.picture_chosen.connect(self.digit_made)
        hint = "Random strokes and random pixels are no digits. How sure is the network of its answers?"
        self.body.addWidget(label(hint, "secondary", wrap=True))
        self.body.addSpacing(6)
        self.body.addWidget(self._bars)
        self.body.addSpacing(6)
        self.body.addWidget(self._sentence)
        self.body.addSpacing(6)
        self.body.addWidget(self._gallery, 1)
        self.body.addSpacing(6)
        self.body.addWidget(self._others)

    def _scribble(self) -> None:
        """Draw one more, and let other events happen before the next."""
        self._scribbles.append(scribble(self._random))
        if len(self._scribbles) == COUNT:
            self._timer.stop()
            self._others.setEnabled(True)
            self._refresh()

    def _refresh(self) -> None:
        if self._network is None or self._network is self._asked or len(self._scribbles) < COUNT:
            return
        self._asked = self._network
        images = np.array(self._scribbles).reshape(COUNT, -1)
        answers = self._network.predict(images)
        scribbles = Confidence("scribbles", answers.max(axis=1))
        kinds = [scribbles, self._confidence_in("pictures of noise", self._noise)]
        if len(self._test_images):
            kinds.insert(0, self._confidence_in("test digits", self._test_images))
        self._bars.show_kinds(kinds)
        self._sentence.setText(
            "The network has no way to say: this is no digit. "
            f"It is at least {percent(SURE, 0)} sure of {scribbles.sure} of {COUNT} scribbles."
        )
        self._gallery.show_answers(self._scribbles, answers)

    def _confidence_in(self, kind: str, images: NDArray[np.float32]) -> Confidence:
        assert self._network is not None
        return Confidence(kind, self._network.predict(images).max(axis=1))
