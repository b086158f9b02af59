"""The weights of the first layer: each neuron's as a picture of the pixels that excite and that inhibit it."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from gui.controllers import Controllers
from gui.flow.scene import Scene
from gui.flow.scheduler import Part
from gui.pages.training.weight_comparison import WeightComparison
from gui.theme import scaled, theme
from gui.widgets.card import Card, FixedLabel, named, toggle_button
from gui.widgets.color_scale import ColorScale
from gui.widgets.diverging_colors import limit_of
from gui.widgets.layouts import STRETCH, column, row
from gui.widgets.mosaic import Mosaic
from gui.widgets.numbers import neuron_in_words, signed
from model.digit_image import SIDE

TEXT_UNDER_ENLARGED = 96  # pixels at 100 percent: two lines and the colour scale
ONE_NETWORK = "{}: ink here excites the neuron, blue: it inhibits it · click one to keep it enlarged"
TIP = (
    "A picture for each neuron, of its weight for each pixel: noise at first. Point at one to enlarge it, click to "
    "keep it. 67 pixels at the edge are paper in all training digits: their weights never change."
)
SAME_MOMENT = "two runs at the same moment, and what sets them apart"
TWO_MOMENTS = "two runs, each at the sample that is named, and what sets them apart"
OWN_SCALES = "Show each run's weights in a scale of its own: the colours of the two cannot be compared then."
CAPTION = "{}  ·  bias {}"
LARGEST_LAYER = 999  # that the caption has room for
POINT = "Point at a pixel to read its weight."


class WeightHeatmaps(Card):
    """All neurons side by side, one of them large; or those of two runs and their difference."""

    def __init__(self, controllers: Controllers) -> None:
        super().__init__("First-layer weights")
        self._scheduler = controllers.scheduler
        self._scene = controllers.scheduler.scene
        self._pointed: tuple[int, int, int] | None = None  # neuron, row, column under the pointer
        self._mosaic = named(Mosaic(), "weightHeatmaps", "First-layer weights, a picture for each neuron", TIP)
        self._enlarged = named(Mosaic(), "enlargedNeuron", "The chosen neuron's weights, enlarged")
        self._mosaic.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._enlarged.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._caption = FixedLabel(
            CAPTION.format(f"Neuron {LARGEST_LAYER} of {LARGEST_LAYER}", "−0.000"), name="neuronLabel"
        )
        self._reading = FixedLabel(POINT, "secondary", name="weightLabel")
        self._scale = ColorScale("weights, the same in all pictures")
        self._comparison = WeightComparison()
        self._own_scales = toggle_button("Own scales", "ownScalesButton", OWN_SCALES, self._toggle_scales)
        self.header.addWidget(self._own_scales)
        self._build()
        self._mosaic.pointed.connect(self._point)
        self._mosaic.chosen.connect(self._choose)
        self._enlarged.pointed.connect(lambda neuron, *pixel: self._point(self._neuron if neuron >= 0 else -1, *pixel))
        names = ("shown_name", "compared_name")
        self.parts = (Part(self._show, ("network", "compared_network", *names, "has_own_scales", "neuron", "theme")),)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        body = self.contentsRect().size()
        side = max(scaled(120), min(round(0.28 * body.width()), body.height() - scaled(TEXT_UNDER_ENLARGED) - 40))
        self._enlarged.setFixedSize(side, side)
        self._scale.setFixedWidth(side)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        columns = self._mosaic.columns
        moves = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -columns, Qt.Key.Key_Down: columns}
        if event.key() in moves:
            self._pointed = None
            self._choose(self._neuron + moves[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def _build(self) -> None:
        texts = (self._caption, self._reading)
        detail = column(self._enlarged, 4, *texts, 6, self._scale, STRETCH, spacing=2)
        one_network = QWidget()
        one_network.setLayout(row((self._mosaic, 1), detail, spacing=18))
        self._pages = QStackedWidget()
        self._pages.addWidget(one_network)
        self._pages.addWidget(self._comparison)
        self.add((self._pages, 1))

    @property
    def _neuron(self) -> int:
        """The one that is enlarged while the pointer is at none, counted from 0."""
        layer, neuron = self._scene.neuron or (1, 0)
        return min(neuron, self._scene.layer_sizes[1] - 1) if layer == 1 else 0

    def _show(self, scene: Scene) -> None:
        self._scene = scene
        is_alone = scene.compared_frame is None
        self._pages.setCurrentIndex(0 if is_alone else 1)
        self.explain(_explanation(scene))
        self._own_scales.setVisible(not is_alone)
        self._own_scales.setChecked(scene.has_own_scales)
        if is_alone:
            weights = scene.network.weights[0]
            limit = limit_of(weights)
            self._mosaic.show_weights(weights, limit)
            self._mosaic.mark(self._neuron)
            self._scale.show_limit(limit)
            self._enlarge()
        else:
            self._comparison.show_scene(scene)

    def _toggle_scales(self) -> None:
        self._scheduler.change(has_own_scales=not self._scene.has_own_scales)

    def _choose(self, neuron: int) -> None:
        if 0 <= neuron < self._scene.layer_sizes[1]:
            self._scheduler.change(neuron=(1, neuron))

    def _enlarge(self) -> None:
        """Show the neuron under the pointer, else the selected one, and what is to be read there."""
        network = self._scene.network
        neurons = network.layer_sizes[1]
        neuron, row, column = self._pointed or (self._neuron, None, None)
        neuron = min(neuron, neurons - 1)
        self._enlarged.show_weights(network.weights[0][:, [neuron]], self._scale.limit)
        is_answer = len(network.weights) == 1
        name = neuron_in_words(neuron, is_answer).capitalize()
        described = name if is_answer else f"{name} of {neurons}"
        self._caption.setText(CAPTION.format(described, signed(network.biases[0][neuron])))
        if row is None or column is None:
            self._reading.setText(POINT)
        else:
            weight = network.weights[0][row * SIDE + column, neuron]
            self._reading.setText(f"row {row + 1}, column {column + 1}: {signed(weight)}")

    def _point(self, neuron: int, row: int, column: int) -> None:
        self._pointed = (neuron, row, column) if neuron >= 0 else None
        self._enlarge()


def _explanation(scene: Scene) -> str:
    """How to read what is shown."""
    if scene.compared_frame is None:
        return ONE_NETWORK.format(theme().positive_name)
    is_same_moment = scene.compared_frame.samples_seen == scene.frame.samples_seen
    return SAME_MOMENT if is_same_moment else TWO_MOMENTS
