"""The weights of the first layer: each neuron's as a picture of the pixels that excite and that inhibit it."""

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QGraphicsRectItem, QHBoxLayout, QVBoxLayout

from gui.card import Card, label
from gui.color_scale import ColorScale
from gui.numbers import signed
from gui.theme import LIGHT, Theme
from model.digit_image import SIDE
from model.history import Frame

SMALLEST_LIMIT = 1e-30  # of the colour scale: even zeros need a colour
PITCH = SIDE + 1  # one pixel of gap between two neurons
TEXT_UNDER_ENLARGED = 96  # pixels: two lines and the colour scale


class WeightHeatmaps(Card):
    """All neurons side by side, one of them large; every picture in the same colour scale."""

    def __init__(self) -> None:
        super().__init__(
            "First-layer weights", "what each neuron looks for · point at one to enlarge it, click to keep it"
        )
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
        self._build()
        self._mosaic.pointed.connect(self._point)
        self._mosaic.chosen.connect(self.select)
        self._enlarged.pointed.connect(self._point_at_enlarged)

    def show_frame(self, frame: Frame) -> None:
        """Show the first layer of a frame's network."""
        self._frame = frame
        weights = frame.network.weights[0]
        limit = max(float(np.abs(weights).max()), SMALLEST_LIMIT)
        self._mosaic.show_weights(weights, limit)
        self._mosaic.mark(min(self._selected, weights.shape[1] - 1))
        self._scale.show_limit(limit)
        self._enlarge()

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
            self.select(self._selected + moves[Qt.Key(event.key())])
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
        row = QHBoxLayout()
        row.setSpacing(18)
        row.addWidget(self._mosaic, 1)
        row.addLayout(detail)
        self.body.addLayout(row, 1)

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


class Mosaic(pg.GraphicsView):  # type: ignore[misc]
    """Pictures of 28×28 weights, arranged so that they are as large as the room allows."""

    pointed = Signal(int, int, int)  # neuron, row, column; all −1 when the pointer is at none
    chosen = Signal(int)  # neuron

    def __init__(self) -> None:
        super().__init__()
        self.columns = 1
        self._weights = np.zeros((SIDE * SIDE, 1), np.float32)
        self._limit = 1.0
        self._marked: int | None = None
        self._image = pg.ImageItem(axisOrder="row-major")
        self._mark = QGraphicsRectItem()
        self._mark.hide()
        self._view = pg.ViewBox(lockAspect=True, enableMouse=False, enableMenu=False, invertY=True)
        self._view.disableAutoRange()
        self._view.addItem(self._image)
        self._view.addItem(self._mark)
        self.setCentralItem(self._view)
        self.setMouseTracking(True)
        self.apply_theme(LIGHT)

    @property
    def pixels(self) -> NDArray[np.float32]:
        """What is shown, a weight for each pixel: 28×28 a neuron, with a row or column of zeros between two."""
        return np.asarray(self._image.image)

    def show_weights(self, weights: NDArray[np.floating], limit: float) -> None:
        """Show weights, (784, neurons), in the colours of −limit to +limit."""
        self._weights, self._limit = weights, limit
        self._draw()

    def mark(self, neuron: int) -> None:
        """Draw a frame around a neuron."""
        self._marked = neuron
        self._place_mark()

    def apply_theme(self, theme: Theme) -> None:
        """Take on the colours of a theme: zero is the card's own colour."""
        self.setBackground(theme.card)
        self._image.setLookupTable(theme.diverging_colors())
        self._mark.setPen(pg.mkPen(theme.accent, width=2))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event is not None:  # pyqtgraph calls it without one while it is being built
            self._draw()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.pointed.emit(*self._under(event.position()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        neuron, _, _ = self._under(event.position())
        if neuron >= 0:
            self.chosen.emit(neuron)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def leaveEvent(self, event: QEvent) -> None:
        self.pointed.emit(-1, -1, -1)

    def _draw(self) -> None:
        neurons = self._weights.shape[1]
        divisors = [columns for columns in range(1, neurons + 1) if neurons % columns == 0]
        self.columns = max(divisors, key=lambda columns: min(self.width() / columns, self.height() * columns / neurons))
        rows = neurons // self.columns
        tiles = np.zeros((rows, PITCH, self.columns, PITCH), np.float32)
        tiles[:, :SIDE, :, :SIDE] = self._weights.T.reshape(rows, self.columns, SIDE, SIDE).transpose(0, 2, 1, 3)
        pixels = tiles.reshape(rows * PITCH, self.columns * PITCH)[:-1, :-1]
        self._image.setImage(pixels, levels=(-self._limit, self._limit), autoLevels=False)
        margin = 1 if neurons > 1 else 0  # room for the mark
        shown = self._image.boundingRect().adjusted(-margin, -margin, margin, margin)
        if self._view.targetRect() != shown:
            self._view.setRange(shown, padding=0)
        self._place_mark()

    def _place_mark(self) -> None:
        if self._marked is not None:
            row, column = divmod(self._marked, self.columns)
            self._mark.setRect(column * PITCH - 0.5, row * PITCH - 0.5, PITCH, PITCH)
            self._mark.show()

    def _under(self, position: QPointF) -> tuple[int, int, int]:
        point = self._image.mapFromScene(self.mapToScene(position.toPoint()))
        height, width = self.pixels.shape
        if not (0 <= point.x() < width and 0 <= point.y() < height):
            return -1, -1, -1
        tile_row, row = divmod(int(point.y()), PITCH)
        tile_column, column = divmod(int(point.x()), PITCH)
        # A gap belongs to the neuron before it: nothing flickers where the pointer crosses it.
        return tile_row * self.columns + tile_column, min(row, SIDE - 1), min(column, SIDE - 1)
