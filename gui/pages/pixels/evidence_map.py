"""The 28×28 pixels that the network receives, in the colours of how they push an answer's score."""

from collections.abc import Callable
from math import floor

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QLineF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QTransform
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.flow.drawing import INKED
from gui.theme import scaled, theme
from gui.widgets.card import named
from gui.widgets.diverging_colors import diverging_image, limit_of
from model.digit_image import SIDE

SHOWN, SMALLEST = 8, 4  # pixels of the screen for one of the picture, at 100 percent
MOVES = {Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0), Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1)}

Image = NDArray[np.floating]


class EvidenceMap(QWidget):
    """Red (or orange) pushes the score up, blue down. A click, or the space bar, inks or erases a pixel.

    The arrow keys go from pixel to pixel, as the pointer does.
    """

    def __init__(self, read: Callable[[], None], toggle: Callable[[int, int], None]) -> None:
        """`read` is called when another pixel is pointed at, or none; `toggle` with the row and column of a pixel."""
        super().__init__()
        self.evidence: Image = np.zeros((SIDE, SIDE))
        self.pixel: tuple[int, int] | None = None  # the row and the column that are pointed at
        self._edges: list[QLineF] = []
        self._read = read
        self._toggle = toggle
        tip = "Which pixels push the score up or down. Click one to ink or erase it; a second click brings it back."
        named(self, "evidenceMap", "How each pixel pushes the score: arrow keys go from pixel to pixel", tip)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_evidence(self, digit: Image | None, evidence: Image) -> None:
        """Show how each pixel pushes, (28, 28), the most in the strongest colour, and outline the ink of the digit."""
        self.evidence = evidence
        self._edges = [] if digit is None else _edges(digit >= INKED)
        self.update()

    def place_of(self, row: int, column: int) -> QRectF:
        """Where on the widget a pixel is."""
        return self._placed().mapRect(QRectF(column, row, 1, 1))

    def sizeHint(self) -> QSize:
        return QSize(SIDE, SIDE) * scaled(SHOWN)

    def minimumSizeHint(self) -> QSize:
        return QSize(SIDE, SIDE) * scaled(SMALLEST)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.mouseMoveEvent(event)
        if self.pixel is not None and event.button() == Qt.MouseButton.LeftButton:
            self._toggle(*self.pixel)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        to_picture, _ = self._placed().inverted()
        column, row = map(floor, to_picture.map(event.position()).toTuple())
        self._point((row, column) if 0 <= row < SIDE and 0 <= column < SIDE else None)

    def leaveEvent(self, event: QEvent) -> None:
        self._point(None)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._point(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in MOVES:
            row, column = np.add(self.pixel or (SIDE // 2, SIDE // 2), MOVES[Qt.Key(event.key())]).clip(0, SIDE - 1)
            self._point((int(row), int(column)))
        elif event.key() == Qt.Key.Key_Space and self.pixel is not None:
            self._toggle(*self.pixel)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, picture = QPainter(self), QRectF(0, 0, SIDE, SIDE)
        painter.setTransform(self._placed())
        painter.drawImage(picture, diverging_image(self.evidence, limit_of(self.evidence)))
        painter.setPen(QPen(QColor(theme().accent if self.hasFocus() else theme().hairline), 0))  # as fine as can be
        painter.drawRect(picture)
        painter.setPen(QPen(QColor(theme().secondary_text), 0))
        painter.drawLines(self._edges)
        if self.pixel is not None:
            painter.resetTransform()
            painter.setPen(QPen(QColor(theme().accent), 2))
            painter.drawRect(self.place_of(*self.pixel))

    def _placed(self) -> QTransform:
        """From pixels of the picture to those of the screen."""
        side = min(self.width(), self.height()) - 1
        return QTransform.fromTranslate((self.width() - side) / 2, 0).scale(side / SIDE, side / SIDE)

    def _point(self, pixel: tuple[int, int] | None) -> None:
        if pixel != self.pixel:
            self.pixel = pixel
            self.update()
            self._read()


def _edges(inked: NDArray[np.bool_]) -> list[QLineF]:
    """Between ink and paper, in pixels of the picture."""
    padded = np.pad(inked, 1)
    level = np.argwhere(np.diff(padded[:, 1:-1], axis=0)).tolist()
    upright = np.argwhere(np.diff(padded[1:-1], axis=1)).tolist()
    return [
        *(QLineF(column, row, column + 1, row) for row, column in level),
        *(QLineF(column, row, column, row + 1) for row, column in upright),
    ]
