"""The whole path: the network at work on the digit."""

from collections.abc import Sequence

from PySide6.QtWidgets import QVBoxLayout

from gui.card import Card
from gui.page import Page, Part, Subject
from gui.theme import Theme
from gui.whole_path.fitting_label import FittingLabel
from gui.whole_path.network_diagram import NetworkDiagram
from gui.whole_path.written_sum import written_pixel, written_sums
from model.analysis.contributions import ForwardPass, forward_pass

LINES = 2  # for a sum
EXPLANATION = "Each line is one term of a neuron's sum: activation × weight. The strongest are drawn."
HINT = (
    "Point at a neuron to see its sum, click to keep it, click beside it to let go. "
    "The arrow keys go from neuron to neuron."
)


class PathPage(Page):
    """The network as a picture, and below it the sum of the neuron that is examined."""

    def __init__(self) -> None:
        super().__init__()
        self._forward: ForwardPass | None = None
        self.diagram = NetworkDiagram()
        self._sum = FittingLabel(LINES)
        self._sum.setObjectName("neuronSumLabel")
        card = Card("The whole path", EXPLANATION)
        card.body.addWidget(self.diagram, 1)
        card.body.addWidget(self._sum)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(card)
        self.diagram.examined_changed.connect(self._write)

    def parts(self) -> Sequence[Part]:
        return (self._show_path,)

    def apply_theme(self, theme: Theme) -> None:
        self.diagram.apply_theme(theme)

    def _show_path(self, subject: Subject) -> None:
        network, image = subject.network, subject.image
        self._forward = None if image is None else forward_pass(network, image)
        self.diagram.show_pass(network.layer_sizes, self._forward)
        self._write()

    def _write(self) -> None:
        self._sum.show_longest(self._texts())

    def _texts(self) -> list[str]:
        """What can be said of what is examined, the shortest first."""
        if self._forward is None:
            return [""]
        if self.diagram.examined is None:
            return [HINT]
        layer, neuron = self.diagram.examined
        return written_sums(self._forward, layer, neuron) if layer > 0 else [written_pixel(self._forward, neuron)]
