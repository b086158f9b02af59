"""The 28×28 pixels that the network receives, in the colours of what they add to an answer."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QLineF, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.theme import scaled, theme
from gui.widgets.diverging_colors import diverging_image
from model.digit_image import SIDE

SHOWN, SMALLEST = 8, 4  # pixels of the screen for one of the picture, at 100 percent
INK = 0.5  # from here on a pixel counts as inked, and is outlined
MOVES = {Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0), Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1)}

Image = NDArray[np.floating]


class EvidenceMap(QWidget):
    """Red (or orange) speaks for the answer, blue against it. A click, or the space bar, turns ink into paper and back.

    The arrow keys go from pixel to pixel, as the pointer does.
    """

    pixel_clicked = Signal(int, int)  # row, column
    pixel_pointed = Signal()  # another one, or none

    def __init__(self) -> None:
        super().__init__()
        self.evidence: Image = np.zeros((SIDE, SIDE))
        self.pixel: tuple[int, int] | None = None  # the row and the column that are pointed at
        self._limit = 1.0
        self._edges: list[QLineF] = []
        self.setObjectName("evidenceMap")
        self.setAccessibleName("What each pixel adds to the answer: arrow keys go from pixel to pixel")
        self.setToolTip("What the ink of each pixel adds to the answer. Click a pixel to turn ink into paper, or back.")
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_evidence(self, digit: Image | None, evidence: Image, limit: float) -> None:
        """Show what each pixel adds, (28, 28), in the colours of −limit to +limit, and outline the ink of the digit."""
        self.evidence, self._limit = evidence, limit
        self._edges = [] if digit is None else _edges(digit >= INK)
        self.update()

    def place_of(self, row: int, column: int) -> QRectF:
        """Where on the widget a pixel is."""
        frame, size = self._frame(), self._frame().width() / SIDE
        return QRectF(frame.left() + column * size, frame.top() + row * size, size, size)

    def sizeHint(self) -> QSize:
        return QSize(scaled(SHOWN) * SIDE, scaled(SHOWN) * SIDE)

    def minimumSizeHint(self) -> QSize:
        return QSize(scaled(SMALLEST) * SIDE, scaled(SMALLEST) * SIDE)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._point(self._under(event.position()))
        if self.pixel is not None and event.button() == Qt.MouseButton.LeftButton:
            self.pixel_clicked.emit(*self.pixel)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._point(self._under(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        self._point(None)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._point(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in MOVES:
            row, column = self.pixel or (SIDE // 2, SIDE // 2)
            down, right = MOVES[Qt.Key(event.key())]
            self._point((min(max(row + down, 0), SIDE - 1), min(max(column + right, 0), SIDE - 1)))
        elif event.key() == Qt.Key.Key_Space and self.pixel is not None:
            self.pixel_clicked.emit(*self.pixel)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, frame = QPainter(self), self._frame()
        painter.drawImage(frame, diverging_image(self.evidence, self._limit))
        painter.setPen(QColor(theme().accent if self.hasFocus() else theme().hairline))
        painter.drawRect(frame)
        if self.pixel is not None:
            painter.setPen(QPen(QColor(theme().accent), 2))
            painter.drawRect(self.place_of(*self.pixel))
        painter.translate(frame.topLeft())
        painter.scale(frame.width() / SIDE, frame.width() / SIDE)
        painter.setPen(QPen(QColor(theme().secondary_text), 0))  # a pixel of the screen, however large the picture is
        painter.drawLines(self._edges)

    def _point(self, pixel: tuple[int, int] | None) -> None:
        if pixel != self.pixel:
            self.pixel = pixel
            self.update()
            self.pixel_pointed.emit()

    def _frame(self) -> QRectF:
        side = min(self.width(), self.height()) - 1
        return QRectF((self.width() - side) / 2, 0, side, side)

    def _under(self, position: QPointF) -> tuple[int, int] | None:
        point = (position - self._frame().topLeft()) * (SIDE / self._frame().width())
        if 0 <= point.x() < SIDE and 0 <= point.y() < SIDE:
            return int(point.y()), int(point.x())
        return None


def _edges(inked: NDArray[np.bool_]) -> list[QLineF]:
    """Between ink and paper, in pixels of the picture."""
    padded = np.pad(inked, 1)
    level = np.argwhere(padded[:-1, 1:-1] != padded[1:, 1:-1]).tolist()
    upright = np.argwhere(padded[1:-1, :-1] != padded[1:-1, 1:]).tolist()
    return [
        *(QLineF(column, row, column + 1, row) for row, column in level),
        *(QLineF(column, row, column, row + 1) for row, column in upright),
    ]
