"""28×28 pixels as a picture."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.theme import scaled, theme
from model.digit_image import SIDE


class DigitPicture(QWidget):
    """A digit as ink on paper, each of its pixels a square."""

    def __init__(self, times: int = 2) -> None:
        super().__init__()
        self._times = times
        self._digit: NDArray[np.float32] | None = None
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def magnify(self, times: int) -> None:
        """Show each pixel as a square of so many pixels of the screen, at 100 percent."""
        if times != self._times:
            self._times = times
            self.updateGeometry()

    def show_digit(self, digit: NDArray[np.float32] | None) -> None:
        """Show (28, 28) from 0 to 1, or an empty paper."""
        if digit is not self._digit:
            self._digit = digit
            self.update()

    def sizeHint(self) -> QSize:
        side = scaled(self._times) * SIDE + 2
        return QSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        digit = np.zeros((SIDE, SIDE), np.float32) if self._digit is None else self._digit
        painter.drawImage(self.rect().adjusted(1, 1, -1, -1), ink_image(digit))
        painter.setPen(QColor(theme().hairline))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))


def ink_image(digit: NDArray[np.float32]) -> QImage:
    """A digit, (28, 28) from 0 to 1, as ink of the theme's colours, one pixel a pixel."""
    paper, ink = QColor(theme().paper), QColor(theme().text)
    ends = np.array([[color.red(), color.green(), color.blue()] for color in (paper, ink)], np.float32)
    channels = (ends[0] + digit[..., None] * (ends[1] - ends[0])).round().astype(np.uint8)
    height, width, _ = channels.shape
    return QImage(channels.tobytes(), width, height, 3 * width, QImage.Format.Format_RGB888).copy()
