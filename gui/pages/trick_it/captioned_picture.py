"""A digit as large as there is room for, and a line about it below."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.theme import scaled, theme
from gui.widgets.digit_picture import ink_image
from model.digit_image import SIDE

SMALLEST = 3  # pixels, at 100 percent, for one of the digit
UNBROKEN = "\u00a0%"  # never at the start of a line
GAP = 4  # pixels between picture and caption

Digit = NDArray[np.float32]  # (28, 28), 0 to 1


class CaptionedPicture(QWidget):
    """Picture and caption stay together in the middle."""

    def __init__(self, name: str, lines: int = 1) -> None:
        super().__init__()
        self.digit: Digit | None = None
        self.caption = ""
        self._lines = lines  # room for so many from the start: the first caption moves nothing
        self.setObjectName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_digit(self, digit: Digit | None, caption: str) -> None:
        """Show (28, 28) from 0 to 1, or an empty paper, and a caption."""
        self.digit, self.caption = digit, caption
        self.setAccessibleName(caption)
        self.update()

    def minimumSizeHint(self) -> QSize:
        side = scaled(SMALLEST) * SIDE + 2
        return QSize(side, side + self._height_below())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        below = self._height_below()
        side = side_within(min(self.width(), self.height() - below))
        square = QRect((self.width() - side) // 2, (self.height() - side - below) // 2 + 1, side, side)
        paint_digit(painter, self.digit, square, theme().hairline)
        painter.setPen(QColor(theme().text))
        place = QRect(0, square.bottom() + GAP, self.width(), below)
        flags = Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(place, flags, self.caption.replace(" %", UNBROKEN))

    def _height_below(self) -> int:
        return GAP + self._lines * self.fontMetrics().lineSpacing()


def side_within(room: int) -> int:
    """Of the largest picture with a frame in so many pixels, if each pixel of the digit is to be the same square."""
    return (room - 2) // SIDE * SIDE


def paint_digit(painter: QPainter, digit: Digit | None, square: QRect, frame: str) -> None:
    """Paint a digit, or an empty paper, with a frame of this colour around it."""
    painter.drawImage(square, ink_image(np.zeros((SIDE, SIDE), np.float32) if digit is None else digit))
    painter.setPen(QColor(frame))
    painter.drawRect(square.adjusted(-1, -1, 0, 0))
