"""A digit as large as there is room for, and a line about it below."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.card import label
from gui.drawing.digit_image import DigitImage
from gui.theme import Theme
from model.digit_image import SIDE

SMALLEST, LARGEST = 3, 9  # pixels of the screen for one of the picture
GAP = 4  # pixels between picture and caption


class CaptionedPicture(QWidget):
    """Picture and caption stay together in the middle."""

    def __init__(self, name: str, role: str = "") -> None:
        super().__init__()
        self._picture = DigitImage()
        self._picture.setParent(self)
        self._caption = label("", role, wrap=True)
        self._caption.setParent(self)
        self._caption.setObjectName(name)
        self._caption.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_digit(self, digit: NDArray[np.float32] | None, caption: str) -> None:
        """Show (28, 28) from 0 to 1, or an empty paper, and a caption."""
        self._picture.show_digit(digit)
        if caption != self._caption.text():
            self._caption.setText(caption)
            self._fit()

    def apply_theme(self, theme: Theme) -> None:
        """Take on the colours of a theme."""
        self._picture.apply_theme(theme)

    def sizeHint(self) -> QSize:
        return QSize(SMALLEST * SIDE + 2, SMALLEST * SIDE + 2 + GAP + self._caption_height())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit()

    def _fit(self) -> None:
        below = GAP + self._caption_height()
        times = (min(self.width(), self.height() - below) - 2) // SIDE
        self._picture.magnify(max(SMALLEST, min(times, LARGEST)))
        side = self._picture.width()
        top = (self.height() - side - below) // 2
        self._picture.move((self.width() - side) // 2, top)
        self._caption.setGeometry(0, top + side + GAP, self.width(), self._caption_height())

    def _caption_height(self) -> int:
        """At least of a line, so that the first caption moves nothing."""
        return max(self.fontMetrics().height(), self._caption.heightForWidth(self.width()))
