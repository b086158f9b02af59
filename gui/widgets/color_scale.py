"""The legend of the weight pictures."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.theme import scaled, theme
from gui.widgets.diverging_colors import SMALLEST_LIMIT
from gui.widgets.numbers import signed

BAR = 10  # pixels high, at 100 percent


class ColorScale(QWidget):
    """A bar from the most negative value to the most positive, with the numbers of its ends and its middle."""

    def __init__(self, what: str) -> None:
        """`what` its values are: "weights"."""
        super().__init__()
        self.limit = 1.0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setToolTip(f"Which colour stands for which value: {what}. Both ends are as far from 0 as the largest.")

    def show_limit(self, limit: float) -> None:
        """Let the scale run from −limit to +limit."""
        self.limit = limit
        lowest, zero, highest = self.ends
        self.setAccessibleName(f"Colour scale from {lowest or zero} to {highest or zero}")
        self.update()

    @property
    def ends(self) -> tuple[str, str, str]:
        """What stands at the left, in the middle and at the right."""
        is_zero = self.limit <= SMALLEST_LIMIT
        return ("", "0", "") if is_zero else (signed(-self.limit, 2), "0", signed(self.limit, 2))

    def sizeHint(self) -> QSize:
        return QSize(scaled(120), scaled(BAR) + self.fontMetrics().height() + 4)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        bar = QRectF(0.5, 0.5, self.width() - 1, scaled(BAR))
        painter.drawImage(bar, _as_row(theme().diverging_colors))
        painter.setPen(QColor(theme().hairline))
        painter.drawRect(bar)
        painter.setPen(QColor(theme().secondary_text))
        below = self.rect().adjusted(0, scaled(BAR) + 2, 0, 0)
        sides = (Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignHCenter, Qt.AlignmentFlag.AlignRight)
        for side, text in zip(sides, self.ends, strict=True):
            painter.drawText(below, side | Qt.AlignmentFlag.AlignBottom, text)


def _as_row(colors: NDArray[np.uint8]) -> QImage:
    """An image with a copy of these colours, (colours, 4) RGBA, beside one another."""
    return QImage(colors.tobytes(), len(colors), 1, colors.nbytes, QImage.Format.Format_RGBA8888).copy()
