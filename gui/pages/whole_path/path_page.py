"""The page Whole path: the network at work on the digit."""

from gui.controllers import Controllers
from gui.pages.page import Page
from gui.pages.whole_path.network_diagram import NetworkDiagram
from gui.pages.whole_path.neuron_sum import NeuronSum
from gui.widgets.card import Card
from gui.widgets.layouts import column

EXPLANATION = "the strongest terms of all sums, activation × weight"


class PathPage(Page):
    """The network as a picture, and below it the sum of the neuron that is examined."""

    title = "Whole path"
    explains_sigmoids = True

    def __init__(self, controllers: Controllers) -> None:
        super().__init__(controllers)
        written = NeuronSum()
        self.diagram = NetworkDiagram(controllers.scheduler, written.show_neuron)
        card = Card("The whole path", EXPLANATION, (self.diagram, 1), written)
        self.setLayout(column((card, 1)))
        self.parts = self.diagram.parts
