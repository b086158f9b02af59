"""The legend of the weight pictures."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.theme import scaled, theme
from gui.widgets.numbers import signed

BAR = 10  # pixels high, at 100 percent


class ColorScale(QWidget):
    """A bar from the most negative value to the most positive, with the numbers of its ends and its middle."""

    def __init__(self) -> None:
        super().__init__()
        self.limit = 1.0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setToolTip(
            "Which colour stands for which weight, the same in all pictures. Its ends are the largest weight."
        )

    def show_limit(self, limit: float) -> None:
        """Let the scale run from −limit to +limit."""
        self.limit = limit
        self.setAccessibleName(f"Colour scale from {signed(-limit, 2)} to {signed(limit, 2)}")
        self.update()

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
        painter.drawText(below, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom, signed(-self.limit, 2))
        painter.drawText(below, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom, "0")
        painter.drawText(below, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom, signed(self.limit, 2))


def _as_row(colors: NDArray[np.uint8]) -> QImage:
    """An image with a copy of these colours, (colours, 4) RGBA, beside one another."""
    return QImage(colors.tobytes(), len(colors), 1, colors.nbytes, QImage.Format.Format_RGBA8888).copy()
