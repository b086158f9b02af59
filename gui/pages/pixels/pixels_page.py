"""The page Pixels: from the pen to the pixels, and what the pixels say."""

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent

from gui.controllers import Controllers
from gui.pages.page import Page
from gui.pages.pixels.evidence_view import EvidenceView
from gui.pages.pixels.firing_neurons import FiringNeurons
from gui.pages.pixels.steps_view import StepsView
from gui.theme import scaled
from gui.widgets.card import Card
from gui.widgets.layouts import FoldingRow, column

# All in pixels, at 100 percent
SMALLEST = 440  # wide, at least
FOR_EACH_PIXEL = 163, 135  # width and height of the page for each time that a step's pixels are magnified


class PixelsPage(Page):
    """The steps of a drawing, the evidence for an answer, and the neurons that look at the pixels."""

    title = "Pixels"
    explains_sigmoids = True

    def __init__(self, controllers: Controllers) -> None:
        super().__init__(controllers)
        self.steps = StepsView(controllers.scheduler)
        self.evidence = EvidenceView(controllers)
        self.neurons = FiringNeurons(controllers.scheduler)
        self.parts = (*self.steps.parts, *self.evidence.parts, *self.neurons.parts)
        firing = Card("First-layer neurons", "how strongly each fires", (self.neurons, 1))
        self.setLayout(column(self.steps, (FoldingRow((self.evidence, 5), (firing, 4)), 1), spacing=10))

    def minimumSizeHint(self) -> QSize:
        """Narrower than the steps are at the moment: they make way."""
        return QSize(scaled(SMALLEST), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        width, height = map(scaled, FOR_EACH_PIXEL)
        self.steps.magnify(max(2, min(self.width() // width, self.height() // height)))
