"""The page Training: the curves of the runs, and below them the first layer's weights."""

from gui.controllers import Controllers
from gui.pages.page import Page
from gui.pages.training.accuracy_plot import AccuracyPlot
from gui.pages.training.weight_heatmaps import WeightHeatmaps
from gui.widgets.layouts import column


class TrainingPage(Page):
    """How good the network is, and what it has become."""

    title = "Training"

    def __init__(self, controllers: Controllers) -> None:
        super().__init__(controllers)
        self.curves = AccuracyPlot(controllers)
        self.weights = WeightHeatmaps(controllers)
        self.parts = (*self.curves.parts, *self.weights.parts)
        self.setLayout(column((self.curves, 5), (self.weights, 6), spacing=10))
