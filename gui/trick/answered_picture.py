"""A small picture, and what a network answers to it."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QWidget

from gui.drawing.digit_image import ink_image
from gui.theme import LIGHT, Theme
from model.digit_image import SIDE


class AnsweredPicture(QAbstractButton):
    """28×28 pixels with a line of text below; a click chooses it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = LIGHT
        self.digit: NDArray[np.float32] | None = None
        self.setToolTip("Put it on the pad: all views look at it.")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setEnabled(False)

    def show_digit(self, digit: NDArray[np.float32], answer: str) -> None:
        """Show a picture, (28, 28) from 0 to 1, above an answer."""
        self.digit = digit
        self.setText(answer)
        self.setEnabled(True)
        self.setAccessibleName(f"Answered {answer}")
        self.update()

    def apply_theme(self, theme: Theme) -> None:
        """Take on the colours of a theme."""
        self._theme = theme
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(2 * SIDE + 2, self.heightForWidth(2 * SIDE + 2))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def heightForWidth(self, width: int) -> int:
        return self._side(width) + 2 + self._caption_height()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.digit is None:
            return
        painter = QPainter(self)
        side = self._side(self.width())
        frame = QRect((self.width() - side) // 2 - 1, 0, side + 1, side + 1)
        painter.drawImage(frame.adjusted(1, 1, 0, 0), ink_image(self.digit, self._theme))
        chosen = self.hasFocus() or self.underMouse()
        painter.setPen(QColor(self._theme.accent if chosen else self._theme.hairline))
        painter.drawRect(frame)
        painter.setPen(QColor(self._theme.text))
        below = QRect(0, frame.bottom() + 1, self.width(), self._caption_height())
        painter.drawText(below, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom, self.text())

    def _side(self, width: int) -> int:
        """Of the picture: as large as it can be with each of its pixels the same square."""
        return (width - 2) // SIDE * SIDE

    def _caption_height(self) -> int:
        return self.fontMetrics().height() + 3
