"""The page Pixels: from the pen to the pixels, and what the pixels say."""

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout

from gui.controllers import Controllers
from gui.pages.page import Page
from gui.pages.pixels.evidence_view import EvidenceView
from gui.pages.pixels.firing_neurons import FiringNeurons
from gui.pages.pixels.steps_view import StepsView
from gui.theme import scaled
from gui.widgets.card import Card

# All in pixels, at 100 percent
SMALLEST = 440  # wide, at least
SIDE_BY_SIDE = 640  # wide, from where on the lower cards have room beside one another
# Width, height, n: from this size of the page on, n pixels of the screen for one of a step's picture.
MAGNIFIED = ((830, 720, 5), (690, 540, 4), (490, 0, 3), (0, 0, 2))


class PixelsPage(Page):
    """The steps of a drawing, the evidence for an answer, and the neurons that look at the pixels."""

    title = "Pixels"

    def __init__(self, controllers: Controllers) -> None:
        super().__init__(controllers)
        self.steps = StepsView()
        self.evidence = EvidenceView(controllers)
        self.neurons = FiringNeurons(controllers.scheduler)
        self.parts = (*self.steps.parts, *self.evidence.parts, *self.neurons.parts)
        firing = Card("First-layer neurons", "how strongly each fires")
        firing.body.addWidget(self.neurons, 1)
        self._below = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._below.setSpacing(10)
        self._below.addWidget(self.evidence, 5)
        self._below.addWidget(firing, 4)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        layout.addWidget(self.steps)
        layout.addLayout(self._below, 1)

    def minimumSizeHint(self) -> QSize:
        """Narrower than the cards beside one another: they make way."""
        return QSize(scaled(SMALLEST), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        width, height = self.width(), self.height()
        self.steps.magnify(next(times for w, h, times in MAGNIFIED if width >= scaled(w) and height >= scaled(h)))
        is_wide = width >= scaled(SIDE_BY_SIDE)
        self._below.setDirection(QBoxLayout.Direction.LeftToRight if is_wide else QBoxLayout.Direction.TopToBottom)
