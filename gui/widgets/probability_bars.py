"""Ten probabilities as bars."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.theme import scaled, theme
from gui.widgets.bar import paint_bar
from gui.widgets.numbers import probability

ROOMIEST_ROW = 40  # pixels between two bars at most, at 100 percent


class ProbabilityBars(QWidget):
    """Ten bars, one a digit; thin ones below them for another network."""

    def __init__(self, name: str, roomiest_row: int = ROOMIEST_ROW) -> None:
        super().__init__()
        self._roomiest_row = roomiest_row
        self.probabilities: NDArray[np.floating] | None = None
        self.compared: NDArray[np.floating] | None = None
        self.setObjectName(name)
        self.setToolTip("The probability that the network gives to each digit. Together they are 100 %.")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.show_probabilities(None)

    def show_probabilities(
        self, probabilities: NDArray[np.floating] | None, compared: NDArray[np.floating] | None = None
    ) -> None:
        """Show ten probabilities, or empty bars, and those of another network if there is one."""
        self.probabilities, self.compared = probabilities, compared
        shares = [] if probabilities is None else [f"{k}: {probability(p)}" for k, p in enumerate(probabilities)]
        self.setAccessibleName("Probabilities " + (", ".join(shares) or "of the ten digits"))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, 10 * (self.fontMetrics().height() + 3))

    def minimumSizeHint(self) -> QSize:
        return QSize(scaled(120), 10 * (self.fontMetrics().height() - 1))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pitch = min(self.height() / 10, scaled(self._roomiest_row))
        for digit in range(10):
            self._paint_row(painter, digit, QRectF(0, digit * pitch, self.width(), pitch))

    def _paint_row(self, painter: QPainter, digit: int, row: QRectF) -> None:
        metrics, colors = self.fontMetrics(), theme()
        left, right = metrics.horizontalAdvance("0") + 10, metrics.horizontalAdvance("> 99.9 %") + 6
        height = scaled(8)
        track = QRectF(left, row.center().y() - height / 2, row.width() - left - right, height)
        chosen = self.probabilities is not None and digit == self.probabilities.argmax()
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setPen(QPen(QColor(colors.text if chosen else colors.secondary_text)))
        painter.drawText(row, Qt.AlignmentFlag.AlignLeft | middle, str(digit))
        if self.probabilities is None:
            paint_bar(painter, track, 0, colors.hairline)
            return
        painter.drawText(row, Qt.AlignmentFlag.AlignRight | middle, probability(self.probabilities[digit]))
        color = colors.accent if chosen else colors.other_runs
        if self.compared is None:
            paint_bar(painter, track, self.probabilities[digit], color)
        else:
            upper, lower = track.adjusted(0, 0, 0, -track.height() / 2), track.adjusted(0, track.height() / 2, 0, 0)
            paint_bar(painter, upper, self.probabilities[digit], colors.accent)
            paint_bar(painter, lower, self.compared[digit], colors.compared)
