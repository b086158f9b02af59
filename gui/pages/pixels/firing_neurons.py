"""How strongly each neuron of the first layer fires, the strongest first, next to its weights."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.flow.scene import Scene
from gui.flow.scheduler import Part, Scheduler
from gui.theme import scaled, theme
from gui.widgets.bar import paint_bar
from gui.widgets.card import named
from gui.widgets.diverging_colors import diverging_image, limit_of
from gui.widgets.focus import paint_focus
from gui.widgets.numbers import neuron_number
from model.digit_image import SIDE

EMPTY = "Draw a digit to see which neurons fire."
TIP = (
    "The activation of each neuron of the first layer for this digit, from 0 to 1, the strongest first, "
    "next to its number and its weights. Click a neuron to mark it everywhere."
)
# Pixels at 100 percent
COLUMN = 110  # wide, at least
ROW = 26  # high, at least
GAP = 12  # between two columns
BAR = 6  # high
WIDE = 3  # as wide as a picture is high: it, its bar and its numbers


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
        named(self, "firingNeurons", "How strongly each neuron of the first layer fires", TIP)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.parts = (Part(self._show, ("digit", "network", "neuron")),)

    def picture_of(self, neuron: int) -> QRectF:
        """Where on the widget a neuron's picture is."""
        return _picture_in(self._places()[neuron])

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
        for neuron, place in self._places().items():
            if event.button() == Qt.MouseButton.LeftButton and place.contains(event.position()):
                self._scheduler.change(neuron=(1, neuron))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        shown, rows = self.shown, self._rows()
        moves = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_Left: -rows, Qt.Key.Key_Right: rows}
        if event.key() not in moves or not shown:
            super().keyPressEvent(event)
            return
        rank = shown.index(self._marked) + moves[Qt.Key(event.key())] if self._marked in shown else 0
        if 0 <= rank < len(shown):
            self._scheduler.change(neuron=(1, shown[rank]))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        places, weights = self._places(), self._scene.network.weights[0]
        if not places:
            painter.setPen(QColor(theme().secondary_text))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, EMPTY)
            return
        pictures = diverging_image(weights.T[[*places]].reshape(-1, SIDE), limit_of(weights))
        for rank, (neuron, place) in enumerate(places.items()):
            painter.drawImage(_picture_in(place), pictures, QRectF(0, rank * SIDE, SIDE, SIDE))
            self._paint_activation(painter, place, neuron, float(self.activations[rank]))
            if neuron == self._marked:
                painter.setPen(QPen(QColor(theme().accent), 2))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRect(_picture_in(place).adjusted(-1, -1, 1, 1))
        paint_focus(painter, self)

    @property
    def _marked(self) -> int | None:
        layer, neuron = self._scene.neuron or (0, 0)
        return neuron if layer == 1 else None

    def _show(self, scene: Scene) -> None:
        self._scene = scene
        activations = np.zeros(0) if scene.image is None else scene.network.forward(scene.image)[0]
        self.neurons = np.argsort(-activations, kind="stable")
        self.activations = activations[self.neurons]
        self.update()

    def _rows(self) -> int:
        """So many that the pictures are about as large as can be."""
        count, width, height = len(self.shown), self.width(), max(1, self.height())
        columns = min(round((count * width / (WIDE * height)) ** 0.5), width // scaled(COLUMN))
        return -(-count // max(1, columns))

    def _places(self) -> dict[int, QRectF]:
        """Of what is shown, in its order."""
        shown, rows, gap = self.shown, max(1, self._rows()), scaled(GAP)
        width, height = (self.width() + gap) / max(1, -(-len(shown) // rows)), self.height() / rows
        corners = [divmod(rank, rows) for rank in range(len(shown))]
        places = [QRectF(column * width, row * height, width - gap, height) for column, row in corners]
        return dict(zip(shown, places, strict=True))

    def _paint_activation(self, painter: QPainter, place: QRectF, neuron: int, activation: float) -> None:
        """The neuron's number and its activation, and a bar below them."""
        bar, line, left = scaled(BAR), self.fontMetrics().height(), _picture_in(place).right() + scaled(6)
        numbers = QRectF(left, place.center().y() - (line + bar) / 2, place.right() - left, line)
        painter.setPen(QColor(theme().secondary_text))
        painter.drawText(numbers, Qt.AlignmentFlag.AlignRight, f"{activation:.2f}")
        number = neuron_number(neuron, is_answer=len(self._scene.network.weights) == 1)
        painter.setPen(QColor(theme().text))
        painter.drawText(numbers, Qt.AlignmentFlag.AlignLeft, number)
        paint_bar(painter, QRectF(left, numbers.bottom(), numbers.width(), bar), activation, theme().accent)


def _picture_in(place: QRectF) -> QRectF:
    """The bar and the number need room, too."""
    side = min(place.height() - 4, place.width() / WIDE)
    return QRectF(place.left() + 1, place.center().y() - side / 2, side, side)
