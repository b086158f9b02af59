"""28×28 pixels as a picture."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from gui.theme import LIGHT, Theme
from model.digit_image import SIDE


class DigitImage(QWidget):
    """A digit as ink on paper, each of its pixels a square."""

    def __init__(self) -> None:
        super().__init__()
        self._theme = LIGHT
        self._digit: NDArray[np.float32] | None = None
        self.magnify(2)

    def magnify(self, times: int) -> None:
        """Show each pixel as a square of so many pixels of the screen."""
        self.setFixedSize(times * SIDE + 2, times * SIDE + 2)

    def show_digit(self, digit: NDArray[np.float32] | None) -> None:
        """Show (28, 28) from 0 to 1, or an empty paper."""
        self._digit = digit
        self.update()

    def apply_theme(self, theme: Theme) -> None:
        """Take on the colours of a theme."""
        self._theme = theme
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        digit = np.zeros((SIDE, SIDE), np.float32) if self._digit is None else self._digit
        painter.drawImage(self.rect().adjusted(1, 1, -1, -1), ink_image(digit, self._theme))
        painter.setPen(QColor(self._theme.hairline))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))


def ink_image(digit: NDArray[np.float32], theme: Theme) -> QImage:
    """A digit, (28, 28) from 0 to 1, as ink of the theme's colours, one pixel a pixel."""
    paper, ink = QColor(theme.paper), QColor(theme.text)
    ends = np.array([[color.red(), color.green(), color.blue()] for color in (paper, ink)], np.float32)
    channels = (ends[0] + digit[..., None] * (ends[1] - ends[0])).round().astype(np.uint8)
    height, width, _ = channels.shape
    return QImage(channels.tobytes(), width, height, 3 * width, QImage.Format.Format_RGB888).copy()
