"""Pictures of the first layer's weights, side by side."""

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, Signal
from PySide6.QtGui import QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QGraphicsRectItem

from gui.theme import LIGHT, Theme
from model.digit_image import SIDE

PITCH = SIDE + 1  # one pixel of gap between two neurons


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
        self.columns = max(range(1, neurons + 1), key=lambda columns: self._tile_size(neurons, columns))
        rows = -(-neurons // self.columns)
        pictures = np.zeros((rows * self.columns, SIDE * SIDE), np.float32)
        pictures[:neurons] = self._weights.T
        tiles = np.zeros((rows, PITCH, self.columns, PITCH), np.float32)
        tiles[:, :SIDE, :, :SIDE] = pictures.reshape(rows, self.columns, SIDE, SIDE).transpose(0, 2, 1, 3)
        pixels = tiles.reshape(rows * PITCH, self.columns * PITCH)[:-1, :-1]
        self._image.setImage(pixels, levels=(-self._limit, self._limit), autoLevels=False)
        margin = 1 if neurons > 1 else 0  # room for the mark
        shown = self._image.boundingRect().adjusted(-margin, -margin, margin, margin)
        if self._view.targetRect() != shown:
            self._view.setRange(shown, padding=0)
        self._place_mark()

    def _tile_size(self, neurons: int, columns: int) -> tuple[float, bool]:
        """How large a picture is with so many columns; where two are equal, the one that fills its rows is better."""
        rows = -(-neurons // columns)
        return round(min(self.width() / columns, self.height() / rows), 1), neurons % columns == 0

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
        neuron = tile_row * self.columns + tile_column
        if neuron >= self._weights.shape[1]:
            return -1, -1, -1
        # A gap belongs to the neuron before it: nothing flickers where the pointer crosses it.
        return neuron, min(row, SIDE - 1), min(column, SIDE - 1)
