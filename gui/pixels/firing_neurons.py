"""How strongly each neuron of the first layer fires, the strongest first, next to what it looks for."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.bar import fill_bar
from gui.diverging_colors import DivergingColors, limit_of
from gui.theme import LIGHT, Theme
from model.digit_image import SIDE

COLUMNS = 4
GAP = 8  # pixels
ROW = SIDE + 6  # pixels, at least


class FiringNeurons(QWidget):
    """A picture, a bar and a number for each neuron that there is room for, going down and then right.

    A click or an arrow key selects one.
    """

    neuron_selected = Signal(int)  # by the user

    def __init__(self) -> None:
        super().__init__()
        self._theme = LIGHT
        self.activations: NDArray[np.floating] = np.zeros(0)  # sorted
        self.neurons: NDArray[np.intp] = np.zeros(0, np.intp)  # in that order
        self._colors = DivergingColors(LIGHT)
        self._weights: NDArray[np.floating] = np.zeros((SIDE * SIDE, 0))
        self._pictures: list[QImage] = []  # of the weights
        self._marked: int | None = None
        self.setObjectName("firingNeurons")
        self.setAccessibleName("How strongly each neuron of the first layer fires")
        self.setToolTip(
            "The activation of each neuron of the first layer for this digit, from 0 to 1, the strongest first: "
            "next to it the weights, as in the window. Click a neuron to mark it everywhere."
        )
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_activations(self, weights: NDArray[np.floating], activations: NDArray[np.floating] | None) -> None:
        """Show what the neurons with these weights, (784, neurons), answer, (neurons,); or nothing."""
        if weights is not self._weights:  # else only the pen has moved
            self._weights = weights
            self._paint_pictures()
        if activations is None:
            self.neurons, self.activations = np.zeros(0, np.intp), np.zeros(0)
        else:
            self.neurons = np.argsort(-activations, kind="stable")
            self.activations = activations[self.neurons]
        if self._marked is not None and self._marked >= weights.shape[1]:
            self._marked = None
        self.update()

    def mark(self, neuron: int | None) -> None:
        """Draw a frame around the picture of a neuron, counted from 0, or around none."""
        self._marked = neuron
        self.update()

    def picture_of(self, neuron: int) -> QRectF:
        """Where on the widget a neuron's picture is."""
        return self._picture_in(self._place(int(np.flatnonzero(self.neurons == neuron)[0])))

    def apply_theme(self, theme: Theme) -> None:
        """Take on the colours of a theme."""
        self._theme = theme
        self._colors = DivergingColors(theme)
        self._paint_pictures()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(COLUMNS * 150, 8 * ROW)

    def minimumSizeHint(self) -> QSize:
        return QSize(COLUMNS * 110, 8 * SIDE)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        for rank, neuron in enumerate(self.neurons[: self._count()].tolist()):
            if event.button() == Qt.MouseButton.LeftButton and self._place(rank).contains(event.position()):
                self._choose(neuron)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        rows = self._rows()
        moves = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_Left: -rows, Qt.Key.Key_Right: rows}
        if event.key() not in moves or not len(self.neurons):
            super().keyPressEvent(event)
            return
        ranks = np.flatnonzero(self.neurons == self._marked)
        rank = int(ranks[0]) + moves[Qt.Key(event.key())] if len(ranks) else 0
        if 0 <= rank < self._count():
            self._choose(int(self.neurons[rank]))

    def paintEvent(self, event: QPaintEvent) -> None:
        if not len(self.neurons):
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for rank in range(self._count()):
            neuron = int(self.neurons[rank])
            self._paint_neuron(painter, self._place(rank), neuron, float(self.activations[rank]))
            if neuron == self._marked:
                painter.setPen(QPen(QColor(self._theme.accent), 2))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRect(self._picture_in(self._place(rank)).adjusted(-1, -1, 1, 1))

    def _choose(self, neuron: int) -> None:
        self.mark(neuron)
        self.neuron_selected.emit(neuron)

    def _count(self) -> int:
        """How many are shown: of a wide layer, the strongest."""
        return min(len(self.neurons), COLUMNS * max(8, self.height() // SIDE))

    def _rows(self) -> int:
        return -(-self._count() // COLUMNS)

    def _place(self, rank: int) -> QRectF:
        column, row = divmod(rank, self._rows())
        width, height = (self.width() + GAP) / COLUMNS, self.height() / self._rows()
        return QRectF(column * width, row * height, width - GAP, height)

    def _picture_in(self, place: QRectF) -> QRectF:
        side = min(place.height() - 4, place.width() / 3)
        return QRectF(place.left() + 1, place.top() + 2, side, side)

    def _paint_pictures(self) -> None:
        limit = limit_of(self._weights) if self._weights.size else 1.0
        self._pictures = [self._colors.image(weights.reshape(SIDE, SIDE), limit) for weights in self._weights.T]

    def _paint_neuron(self, painter: QPainter, place: QRectF, neuron: int, activation: float) -> None:
        picture = self._picture_in(place)
        painter.drawImage(picture, self._pictures[neuron])
        number = self.fontMetrics().horizontalAdvance("0.00")
        track = QRectF(picture.right() + 6, place.center().y() - 3, place.right() - picture.right() - number - 14, 6)
        for share, color in ((1.0, self._theme.hairline), (activation, self._theme.accent)):
            fill_bar(painter, track, share, color)
        painter.setPen(QColor(self._theme.secondary_text))
        painter.drawText(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, f"{activation:.2f}")
