"""How strongly each neuron of the first layer fires, the strongest first, next to what it looks for."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.diverging_colors import DivergingColors, limit_of
from gui.theme import LIGHT, Theme
from model.digit_image import SIDE

COLUMNS = 4
GAP = 8  # pixels
ROW = SIDE + 6  # pixels, at least


class FiringNeurons(QWidget):
    """A picture, a bar and a number for each neuron, going down and then right."""

    def __init__(self) -> None:
        super().__init__()
        self._theme = LIGHT
        self.activations: NDArray[np.floating] = np.zeros(0)  # sorted
        self.neurons: NDArray[np.intp] = np.zeros(0, np.intp)  # in that order
        self._weights: NDArray[np.floating] = np.zeros((SIDE * SIDE, 0))
        self.setObjectName("firingNeurons")
        self.setAccessibleName("How strongly each neuron of the first layer fires")
        self.setToolTip(
            "The activation of each neuron of the first layer for this digit, from 0 to 1, the strongest first: "
            "next to it the weights, as in the window."
        )
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_activations(self, weights: NDArray[np.floating], activations: NDArray[np.floating] | None) -> None:
        """Show what the neurons with these weights, (784, neurons), answer, (neurons,); or nothing."""
        self._weights = weights
        if activations is None:
            self.neurons, self.activations = np.zeros(0, np.intp), np.zeros(0)
        else:
            self.neurons = np.argsort(-activations, kind="stable")
            self.activations = activations[self.neurons]
        self.update()

    def apply_theme(self, theme: Theme) -> None:
        """Take on the colours of a theme."""
        self._theme = theme
        self._colors = DivergingColors(theme)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(COLUMNS * 150, 8 * ROW)

    def minimumSizeHint(self) -> QSize:
        return QSize(COLUMNS * 110, 8 * ROW)

    def paintEvent(self, event: QPaintEvent) -> None:
        if not len(self.neurons):
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rows = -(-len(self.neurons) // COLUMNS)
        limit = limit_of(self._weights)
        for k, (neuron, activation) in enumerate(zip(self.neurons.tolist(), self.activations.tolist(), strict=True)):
            column, row = divmod(k, rows)
            width = (self.width() + GAP) / COLUMNS
            place = QRectF(column * width, row * self.height() / rows, width - GAP, self.height() / rows)
            self._paint_neuron(painter, place, self._weights[:, neuron], limit, activation)

    def _paint_neuron(
        self, painter: QPainter, place: QRectF, weights: NDArray[np.floating], limit: float, activation: float
    ) -> None:
        side = min(place.height() - 4, place.width() / 3)
        image = self._colors.image(weights.reshape(SIDE, SIDE), limit)
        painter.drawImage(QRectF(place.left(), place.top() + 2, side, side), image)
        number = self.fontMetrics().horizontalAdvance("0.00")
        track = QRectF(place.left() + side + 6, place.center().y() - 3, place.width() - side - number - 14, 6)
        painter.setPen(Qt.PenStyle.NoPen)
        for share, color in ((1.0, self._theme.hairline), (activation, self._theme.accent)):
            painter.setBrush(QColor(color))
            painter.setClipRect(QRectF(track.left(), track.top(), share * track.width(), track.height()))
            painter.drawRoundedRect(track, 3, 3)
        painter.setClipping(False)
        painter.setPen(QColor(self._theme.secondary_text))
        painter.drawText(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, f"{activation:.2f}")
