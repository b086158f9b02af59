"""The page Whole path: the network at work on the digit, and what teaching it the digit changes."""

from collections.abc import Sequence

from PySide6.QtWidgets import QVBoxLayout

from gui.controllers import Controllers
from gui.pages.page import Page
from gui.pages.whole_path.fitting_label import FittingLabel
from gui.pages.whole_path.network_diagram import NetworkDiagram
from gui.pages.whole_path.written_sum import written_pixel, written_sums
from gui.teaching.teach_card import TeachCard
from gui.widgets.card import Card

LINES = 2  # for a sum
EXPLANATION = "the strongest terms of all sums, activation × weight"
HINTS = (
    "Point at a neuron to see its sum, click to select it.",
    "Point at a neuron to see its sum, click to select it, click beside it or press Esc to deselect it. "
    "The arrow keys go from neuron to neuron.",
)


class PathPage(Page):
    """The network as a picture, below it the sum of the neuron that is examined, and below that its teacher's desk."""

    title = "Whole path"

    def __init__(self, controllers: Controllers) -> None:
        super().__init__(controllers)
        self.diagram = NetworkDiagram(controllers.scheduler)
        self.teaching = TeachCard(controllers)
        self._sum = FittingLabel(LINES, "neuronSumLabel")
        card = Card("The whole path", EXPLANATION)
        card.body.addWidget(self.diagram, 1)
        card.body.addWidget(self._sum)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        layout.addWidget(card, 1)
        layout.addWidget(self.teaching)
        self.diagram.examined_changed.connect(self._write)
        self.parts = (*self.diagram.parts, *self.teaching.parts)

    def _write(self) -> None:
        self._sum.show_longest(self._texts())

    def _texts(self) -> Sequence[str]:
        """What can be said of what is examined, the shortest first."""
        forward, examined = self.diagram.forward, self.diagram.examined
        if forward is None:
            return ("",)
        if examined is None:
            return HINTS
        layer, neuron = examined
        return written_sums(forward, layer, neuron) if layer > 0 else (written_pixel(forward, neuron),)
