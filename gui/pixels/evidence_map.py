"""The 28×28 pixels that the network receives, in the colours of what they add to an answer."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QLineF, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.diverging_colors import DivergingColors
from gui.theme import LIGHT, Theme
from model.digit_image import SIDE

SHOWN = 8  # pixels of the screen for one of the picture, at the usual size
INK = 0.5  # from here on a pixel counts as inked, and is outlined

Image = NDArray[np.floating]


class EvidenceMap(QWidget):
    """Red (or orange) speaks for the answer, blue against it. A click turns ink into paper and back."""

    pixel_clicked = Signal(int, int)  # row, column
    pointed = Signal(int, int)  # row, column, −1 when the pointer is at none

    def __init__(self) -> None:
        super().__init__()
        self._theme = LIGHT
        self._evidence: Image = np.zeros((SIDE, SIDE))
        self._digit: Image | None = None
        self._limit = 1.0
        self.setObjectName("evidenceMap")
        self.setAccessibleName("What each pixel adds to the answer")
        self.setToolTip("What the ink of each pixel adds to the answer. Click a pixel to turn ink into paper, or back.")
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(4 * SIDE, 4 * SIDE)

    def show_evidence(self, digit: Image | None, evidence: Image, limit: float) -> None:
        """Show what each pixel adds, (28, 28), in the colours of −limit to +limit, and outline the ink of the digit."""
        self._digit, self._evidence, self._limit = digit, evidence, limit
        self.update()

    def apply_theme(self, theme: Theme) -> None:
        """Take on the colours of a theme: zero is the card's own colour."""
        self._theme = theme
        self._colors = DivergingColors(theme)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(SHOWN * SIDE, SHOWN * SIDE)

    def place_of(self, row: int, column: int) -> QRectF:
        """Where on the widget a pixel is."""
        frame, size = self._frame(), self._frame().width() / SIDE
        return QRectF(frame.left() + column * size, frame.top() + row * size, size, size)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        row, column = self._under(event.position())
        if row >= 0 and event.button() == Qt.MouseButton.LeftButton:
            self.pixel_clicked.emit(row, column)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.pointed.emit(*self._under(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        self.pointed.emit(-1, -1)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.drawImage(self._frame(), self._colors.image(self._evidence, self._limit))
        painter.setPen(QPen(QColor(self._theme.hairline), 1))
        painter.drawRect(self._frame())
        if self._digit is not None:
            painter.setPen(QPen(QColor(self._theme.secondary_text), 1))
            self._outline(painter, self._digit >= INK)

    def _outline(self, painter: QPainter, inked: NDArray[np.bool_]) -> None:
        """Draw the edges between ink and paper."""
        frame, size = self._frame(), self._frame().width() / SIDE
        padded = np.pad(inked, 1)
        lines = []
        for row, column in np.argwhere(padded[:-1, 1:-1] != padded[1:, 1:-1]).tolist():
            corner = frame.topLeft() + QPointF(column, row) * size
            lines.append(QLineF(corner, corner + QPointF(size, 0)))
        for row, column in np.argwhere(padded[1:-1, :-1] != padded[1:-1, 1:]).tolist():
            corner = frame.topLeft() + QPointF(column, row) * size
            lines.append(QLineF(corner, corner + QPointF(0, size)))
        painter.drawLines(lines)

    def _frame(self) -> QRectF:
        side = min(self.width(), self.height()) - 1
        return QRectF((self.width() - side) / 2, (self.height() - side) / 2, side, side)

    def _under(self, position: QPointF) -> tuple[int, int]:
        point = (position - self._frame().topLeft()) * (SIDE / self._frame().width())
        if 0 <= point.x() < SIDE and 0 <= point.y() < SIDE:
            return int(point.y()), int(point.x())
        return -1, -1
