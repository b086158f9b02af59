"""How strongly each neuron of the first layer fires, the strongest first, next to what it looks for."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.scene import Scene
from gui.scheduler import Part, Scheduler
from gui.theme import scaled, theme
from gui.widgets.bar import paint_bar
from gui.widgets.diverging_colors import diverging_image, limit_of
from model.digit_image import SIDE

EMPTY = "Draw a digit to see which neurons fire."
# Pixels at 100 percent
COLUMN = 100  # wide, at least
ROW = 26  # high, at least
GAP = 12  # between two columns


class FiringNeurons(QWidget):
    """A picture, a bar and a number for each neuron that there is room for, going down and then right.

    A click or an arrow key selects one.
    """

    def __init__(self, scheduler: Scheduler) -> None:
        super().__init__()
        self.activations: NDArray[np.floating] = np.zeros(0)  # sorted
        self.neurons: NDArray[np.intp] = np.zeros(0, np.intp)  # in that order
        self._scheduler = scheduler
        self._scene = scheduler.scene
        self._pictures: dict[int, QImage] = {}  # of the weights of a neuron
        self.setObjectName("firingNeurons")
        self.setAccessibleName("How strongly each neuron of the first layer fires")
        self.setToolTip(
            "The activation of each neuron of the first layer for this digit, from 0 to 1, the strongest first, "
            "next to its weights. Click a neuron to mark it everywhere."
        )
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.parts = (Part(self._show, ("digit", "frame", "neuron", "theme")),)

    def picture_of(self, neuron: int) -> QRectF:
        """Where on the widget a neuron's picture is."""
        return self._picture_in(self._places()[self.shown.index(neuron)])

    @property
    def shown(self) -> list[int]:
        """The neurons that there is room for: of a wide layer, the strongest."""
        most = max(1, self.width() // scaled(COLUMN)) * max(1, self.height() // scaled(ROW))
        return self.neurons[:most].tolist()

    def sizeHint(self) -> QSize:
        return QSize(4 * scaled(COLUMN), 8 * scaled(ROW))

    def minimumSizeHint(self) -> QSize:
        return QSize(3 * scaled(COLUMN), 4 * scaled(ROW))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        for neuron, place in zip(self.shown, self._places(), strict=True):
            if event.button() == Qt.MouseButton.LeftButton and place.contains(event.position()):
                self._select(neuron)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        shown, (_, rows) = self.shown, self._grid()
        moves = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_Left: -rows, Qt.Key.Key_Right: rows}
        if event.key() not in moves or not shown:
            super().keyPressEvent(event)
            return
        rank = shown.index(self._marked) + moves[Qt.Key(event.key())] if self._marked in shown else 0
        if 0 <= rank < len(shown):
            self._select(shown[rank])

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        shown = self.shown
        if not shown:
            painter.setPen(QColor(theme().secondary_text))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, EMPTY)
        self._paint_pictures([neuron for neuron in shown if neuron not in self._pictures])
        for neuron, activation, place in zip(shown, self.activations.tolist(), self._places(), strict=False):
            self._paint_neuron(painter, place, neuron, activation)

    @property
    def _marked(self) -> int | None:
        layer, neuron = self._scene.neuron or (0, 0)
        return neuron if layer == 1 else None

    def _show(self, scene: Scene) -> None:
        if scene.frame is not self._scene.frame or scene.theme is not self._scene.theme:  # else the pen has moved
            self._pictures = {}
        self._scene = scene
        activations = np.zeros(0) if scene.image is None else scene.network.forward(scene.image)[0]
        self.neurons = np.argsort(-activations, kind="stable")
        self.activations = activations[self.neurons]
        self.update()

    def _select(self, neuron: int) -> None:
        self._scheduler.change(neuron=(1, neuron))

    def _grid(self) -> tuple[int, int]:
        """How many columns and rows."""
        return _best_grid(len(self.shown), self.width(), self.height(), self.width() // scaled(COLUMN))

    def _places(self) -> list[QRectF]:
        """Of what is shown, in its order."""
        (columns, rows), gap = self._grid(), scaled(GAP)
        width, height = (self.width() + gap) / columns, self.height() / max(1, rows)
        corners = (divmod(rank, rows) for rank in range(len(self.shown)))
        return [QRectF(column * width, row * height, width - gap, height) for column, row in corners]

    def _picture_in(self, place: QRectF) -> QRectF:
        side = _side(place.width(), place.height())
        return QRectF(place.left() + 1, place.center().y() - side / 2, side, side)

    def _paint_pictures(self, neurons: list[int]) -> None:
        """Keep pictures of the weights, all in the same colours."""
        if neurons:
            weights = self._scene.network.weights[0]
            image = diverging_image(weights.T[neurons].reshape(-1, SIDE), limit_of(weights))
            for k, neuron in enumerate(neurons):
                self._pictures[neuron] = image.copy(0, k * SIDE, SIDE, SIDE)

    def _paint_neuron(self, painter: QPainter, place: QRectF, neuron: int, activation: float) -> None:
        picture, gap = self._picture_in(place), scaled(6)
        painter.drawImage(picture, self._pictures[neuron])
        if neuron == self._marked:
            painter.setPen(QPen(QColor(theme().accent), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(picture.adjusted(-1, -1, 1, 1))
        number = self.fontMetrics().horizontalAdvance("0.00")
        room = place.right() - number - gap - picture.right() - gap
        track = QRectF(picture.right() + gap, place.center().y() - gap / 2, room, gap)
        paint_bar(painter, track, activation, theme().accent)
        painter.setPen(QColor(theme().secondary_text))
        painter.drawText(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, f"{activation:.2f}")


def _side(width: float, height: float) -> float:
    """Of a picture, in a place of this size: the bar and the number need room, too."""
    return min(height - 4, width / 3)


@lru_cache
def _best_grid(places: int, width: int, height: int, most_columns: int) -> tuple[int, int]:
    """So many columns and rows that the pictures are largest."""
    grids = [(columns, -(-places // columns)) for columns in range(1, max(1, most_columns) + 1)]
    return max(grids, key=lambda grid: _side(width / grid[0], height / max(1, grid[1])))
