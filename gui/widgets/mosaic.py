"""Pictures of the first layer's weights, side by side."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.theme import theme
from gui.widgets.diverging_colors import diverging_image
from gui.widgets.focus import paint_focus
from model.digit_image import SIDE

RAGGED = 0.75  # what a picture is worth where the last row is not full
PITCH = SIDE + 1  # one pixel of gap between two neurons


class Mosaic(QWidget):
    """Pictures of 28×28 weights, arranged so that they are as large as the room allows."""

    pointed = Signal(int, int, int)  # neuron, row, column; all −1 when the pointer is at none
    chosen = Signal(int)  # neuron

    def __init__(self) -> None:
        super().__init__()
        self.columns = 1
        self.pixels = np.zeros((SIDE, SIDE), np.float32)  # what is shown: 28×28 a neuron, zeros between two
        self._weights = np.zeros((SIDE * SIDE, 1), np.float32)
        self._limit = 1.0
        self._marked: int | None = None
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_weights(self, weights: NDArray[np.floating], limit: float) -> None:
        """Show weights, (784, neurons), in the colours of −limit to +limit."""
        self._weights, self._limit = weights, limit
        self._arrange()

    def mark(self, neuron: int | None) -> None:
        """Draw a frame around a neuron, or around none."""
        self._marked = neuron
        self.update()

    def picture_of(self, neuron: int) -> QRectF:
        """Where on the widget a neuron's picture is."""
        row, column = divmod(neuron, self.columns)
        frame, size = self._frame(), self._pixel_size()
        return QRectF(frame.left() + size * column * PITCH, frame.top() + size * row * PITCH, size * SIDE, size * SIDE)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._arrange()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.pointed.emit(*self._under(event.position()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        neuron, _, _ = self._under(event.position())
        if neuron >= 0:
            self.chosen.emit(neuron)

    def leaveEvent(self, event: QEvent) -> None:
        self.pointed.emit(-1, -1, -1)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.drawImage(self._frame(), diverging_image(self.pixels, self._limit))
        if self._marked is not None:
            painter.setPen(QPen(QColor(theme().accent), 2))
            painter.drawRect(self.picture_of(self._marked).adjusted(-1, -1, 1, 1))
        paint_focus(painter, self)

    def _arrange(self) -> None:
        neurons = self._weights.shape[1]
        self.columns = _best_columns(neurons, self.width(), self.height())
        rows = -(-neurons // self.columns)
        pictures = np.zeros((rows * self.columns, SIDE * SIDE), np.float32)
        pictures[:neurons] = self._weights.T
        tiles = np.zeros((rows, PITCH, self.columns, PITCH), np.float32)
        tiles[:, :SIDE, :, :SIDE] = pictures.reshape(rows, self.columns, SIDE, SIDE).transpose(0, 2, 1, 3)
        self.pixels = tiles.reshape(rows * PITCH, self.columns * PITCH)[:-1, :-1]
        self.update()

    def _pixel_size(self) -> float:
        """Of the screen, for one weight; room is left for the mark."""
        height, width = self.pixels.shape
        return min((self.width() - 4) / width, (self.height() - 4) / height)

    def _frame(self) -> QRectF:
        height, width = self.pixels.shape
        size = self._pixel_size()
        shown = QRectF(0, 0, size * width, size * height)
        shown.moveCenter(QPointF(self.width() / 2, self.height() / 2))
        return shown

    def _under(self, position: QPointF) -> tuple[int, int, int]:
        point = (position - self._frame().topLeft()) / self._pixel_size()
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


@lru_cache
def _best_columns(neurons: int, width: int, height: int) -> int:
    """How many columns make the pictures largest; full rows are worth pictures a little smaller."""

    def worth(columns: int) -> float:
        size = min(width / columns, height / -(-neurons // columns))
        return size if neurons % columns == 0 else size * RAGGED

    return max(range(1, neurons + 1), key=worth)
