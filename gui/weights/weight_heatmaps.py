"""The weights of the first layer: each neuron's as a picture of the pixels that excite and that inhibit it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from gui.card import Card, label
from gui.diverging_colors import limit_of
from gui.numbers import signed
from gui.playhead import Runs
from gui.theme import Theme
from gui.weights.color_scale import ColorScale
from gui.weights.mosaic import Mosaic
from gui.weights.weight_comparison import WeightComparison
from model.digit_image import SIDE
from model.history import Frame

TEXT_UNDER_ENLARGED = 96  # pixels: two lines and the colour scale
ONE_NETWORK = "what each neuron looks for · point at one to enlarge it, click to keep it"
TWO_NETWORKS = "two runs at the same moment, and what sets them apart"


class WeightHeatmaps(Card):
    """All neurons side by side, one of them large; or those of two runs and their difference."""

    neuron_selected = Signal(int)  # by the user

    def __init__(self) -> None:
        super().__init__("First-layer weights", ONE_NETWORK)
        self._frame: Frame | None = None
        self._selected = 0
        self._pointed: tuple[int, int, int] | None = None  # neuron, row, column under the pointer
        self._mosaic = Mosaic()
        self._mosaic.setObjectName("weightHeatmaps")
        self._mosaic.setAccessibleName("First-layer weights, a picture for each neuron")
        self._enlarged = Mosaic()
        self._enlarged.setObjectName("enlargedNeuron")
        self._enlarged.setAccessibleName("The chosen neuron's weights, enlarged")
        self._mosaic.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._enlarged.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._caption = label()
        self._reading = label("", "secondary")
        self._scale = ColorScale()
        self._comparison = WeightComparison()
        self._compared: Frame | None = None
        self._build()
        self._mosaic.pointed.connect(self._point)
        self._mosaic.chosen.connect(self._choose)
        self._enlarged.pointed.connect(self._point_at_enlarged)

    def show_frame(self, frame: Frame) -> None:
        """Show the first layer of a frame's network."""
        self._frame = frame
        if self._compared is None:
            self._show_weights(frame)
        else:
            self._comparison.show_frames(frame, self._compared)

    def show_compared(self, frame: Frame | None) -> None:
        """Show the first layer of another run's frame, too, or of none."""
        self._compared = frame
        self._pages.setCurrentIndex(0 if frame is None else 1)
        self.set_title("First-layer weights", ONE_NETWORK if frame is None else TWO_NETWORKS)
        if self._frame is not None:
            self.show_frame(self._frame)

    def show_runs(self, runs: Runs) -> None:
        """Take in which runs are compared."""
        self._comparison.show_runs(runs)

    def select(self, neuron: int) -> None:
        """Enlarge a neuron, counted from 0; one that does not exist changes nothing."""
        if self._frame is not None and 0 <= neuron < self._frame.network.layer_sizes[1]:
            self._selected = neuron
            self._mosaic.mark(neuron)
            self._enlarge()

    def apply_theme(self, theme: Theme) -> None:
        """Take on the colours of a theme."""
        for view in (self._mosaic, self._enlarged):
            view.apply_theme(theme)
        self._scale.apply_theme(theme)
        self._comparison.apply_theme(theme)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        body = self.contentsRect().size()
        side = max(120, min(round(0.28 * body.width()), body.height() - TEXT_UNDER_ENLARGED - 40))
        self._enlarged.setFixedSize(side, side)
        self._scale.setFixedWidth(side)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        columns = self._mosaic.columns
        moves = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -columns, Qt.Key.Key_Down: columns}
        if event.key() in moves:
            self._pointed = None
            self._choose(self._selected + moves[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def _build(self) -> None:
        detail = QVBoxLayout()
        detail.setSpacing(2)
        detail.addWidget(self._enlarged)
        detail.addSpacing(4)
        detail.addWidget(self._caption)
        detail.addWidget(self._reading)
        detail.addSpacing(6)
        detail.addWidget(self._scale)
        detail.addStretch()
        one_network = QWidget()
        row = QHBoxLayout(one_network)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(18)
        row.addWidget(self._mosaic, 1)
        row.addLayout(detail)
        self._pages = QStackedWidget()
        self._pages.addWidget(one_network)
        self._pages.addWidget(self._comparison)
        self.body.addWidget(self._pages, 1)

    def _show_weights(self, frame: Frame) -> None:
        weights = frame.network.weights[0]
        limit = limit_of(weights)
        self._mosaic.show_weights(weights, limit)
        self._selected = min(self._selected, weights.shape[1] - 1)
        self._mosaic.mark(self._selected)
        self._scale.show_limit(limit)
        self._enlarge()

    def _choose(self, neuron: int) -> None:
        self.select(neuron)
        if neuron == self._selected:
            self.neuron_selected.emit(neuron)

    def _enlarge(self) -> None:
        """Show the neuron under the pointer, else the selected one, and what is to be read there."""
        if self._frame is None:
            return
        network = self._frame.network
        neurons = network.layer_sizes[1]
        neuron, row, column = self._pointed or (self._selected, None, None)
        neuron = min(neuron, neurons - 1)
        self._enlarged.show_weights(network.weights[0][:, [neuron]], self._scale.limit)
        self._caption.setText(f"Neuron {neuron + 1} of {neurons}  ·  bias {signed(network.biases[0][neuron])}")
        if row is None or column is None:
            self._reading.setText("Point at a pixel to read its weight.")
        else:
            weight = network.weights[0][row * SIDE + column, neuron]
            self._reading.setText(f"row {row + 1}, column {column + 1}: {signed(weight)}")

    def _point(self, neuron: int, row: int, column: int) -> None:
        self._pointed = (neuron, row, column) if neuron >= 0 else None
        self._enlarge()

    def _point_at_enlarged(self, neuron: int, row: int, column: int) -> None:
        self._point(self._selected if neuron >= 0 else -1, row, column)
