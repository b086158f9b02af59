"""How the parts of a network's picture look."""

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QWidget

from gui.pages.whole_path.diagram_layout import DiagramLayout
from gui.theme import scaled, theme
from gui.widgets.digit_picture import ink_image
from gui.widgets.numbers import counted
from model.digit_image import SIDE

STRONG, FAINT = 0.75, 0.25  # how much of its colour a line has; the rest is the card's
# Pixels at 100 percent
WIDEST, FINEST = 5, 0.7  # that a line is wide; no line is finer at any size
GAP = 8  # between a circle and its bar, the picture and its legend, a symbol and its meaning
EMPTY = "Draw a digit first, then you see its way through the network here."
SHADES_OF_INK = 255  # as many as a screen has
LEGEND_LINES = 4
WRAPPED = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap

Values = NDArray[np.floating]


@dataclass(frozen=True, eq=False)
class Connections:
    """Some of the connections into a layer, the weakest first."""

    into: int
    sources: NDArray[np.intp]
    targets: NDArray[np.intp]
    contributions: Values
    strength: float


class DiagramPainter(QPainter):
    """Paints on a widget, in the places of a layout."""

    def __init__(self, widget: QWidget, layout: DiagramLayout) -> None:
        super().__init__(widget)
        self._layout = layout
        self._theme = theme()
        self._gap, self._line = scaled(GAP), self.fontMetrics().height()
        self.setRenderHint(QPainter.RenderHint.Antialiasing)

    def paint_titles(self) -> None:
        """Write above each layer how many there are of what; of layers close to one another, only how many."""
        layers = self._layout.layers
        names = ["pixel", *["neuron"] * (len(layers) - 2), "answer"]
        titles = [counted(len(layer.places), name) for layer, name in zip(layers, names, strict=True)]
        tops = [QPointF(layer.box.center().x(), layer.box.top()) for layer in layers]
        apart = min(after.x() - before.x() for before, after in pairwise(tops))
        width = max(self.fontMetrics().horizontalAdvance(title) for title in titles) + self._gap
        self.setPen(self._theme.secondary_text)
        for title, top in zip(titles, tops, strict=True):
            place = QRectF(top.x() - width / 2, top.y() - self._gap / 2 - self._line, width, self._line)
            self.drawText(place, Qt.AlignmentFlag.AlignCenter, title if width <= apart else title.split()[0])

    def paint_image(self, image: Values | None) -> None:
        """Show the image, (784,), or what to do to get one."""
        picture = self._layout.layers[0].box
        digit = np.zeros(SIDE * SIDE) if image is None else image
        self.drawImage(picture, ink_image(digit.reshape(SIDE, SIDE).astype(np.float32)))
        self._outline(self._theme.hairline, 1)
        self.drawRect(picture)
        if image is None:
            self.setPen(self._theme.secondary_text)
            self.drawText(picture.adjusted(2 * self._gap, self._gap, -2 * self._gap, -self._gap), WRAPPED, EMPTY)

    def paint_connections(self, connections: Connections, largest: float) -> None:
        """Draw them in this order, as wide as their shares of the largest contribution."""
        starts = self._layout.layers[connections.into - 1].places[connections.sources]
        ends = self._layout.layers[connections.into].places[connections.targets]
        shares = (connections.contributions / largest).tolist()
        for share, ends_of_line in zip(shares, np.hstack([starts, ends]).tolist(), strict=True):
            self._paint_line(QLineF(*ends_of_line), share, connections.strength)

    def paint_neurons(self, layer: int, activations: Values) -> None:
        """Fill a layer's circles with as much ink as the neurons are active."""
        circles = self._layout.layers[layer]
        for (x, y), activation in zip(circles.places.tolist(), activations.tolist(), strict=True):
            self._paint_circle(QPointF(x, y), circles.radius, activation)

    def paint_ring(self, layer: int, neuron: int, width: float) -> None:
        """Draw a ring around a neuron, so many pixels wide."""
        radius = self._layout.layers[layer].radius + width / 2
        self._outline(self._theme.accent, width)
        self.drawEllipse(self._layout.place_of(layer, neuron), radius, radius)

    def paint_legend(self, largest: float | None) -> None:
        """Say below the image how circles and lines are read, and how large the largest contribution is."""
        below, radius, symbol = self._layout.layers[0].box.bottomLeft(), 0.25 * self._line, 1.6 * self._line
        rows = [below + QPointF(0, self._gap + (k + 0.5) * self._line) for k in range(LEGEND_LINES)]
        for shade in (0.0, 0.5, 1.0):
            self._paint_circle(rows[0] + QPointF(radius + shade * (symbol - 2 * radius), 0), radius, shade)
        for row, share in ((rows[1], 0.6), (rows[2], -0.6)):
            self._paint_line(QLineF(row, row + QPointF(symbol, 0)), share, STRONG)
        baseline = QPointF(0, self.fontMetrics().ascent() - self._line / 2)
        self.setPen(self._theme.secondary_text)
        for row, text in zip(rows[:3], ("activation 0 to 1", "adds", "takes away"), strict=True):
            self.drawText(row + QPointF(symbol + self._gap, 0) + baseline, text)
        if largest is not None:
            self.drawText(rows[3] + baseline, f"the widest line: {largest:.2f}")

    def _paint_line(self, line: QLineF, share: float, strength: float) -> None:
        # Mixed with the card's colour instead of transparent: that paints five times faster.
        color = _mixed(self._theme.card, self._theme.positive[-1] if share > 0 else self._theme.negative[0], strength)
        self.setPen(QPen(color, max(FINEST, scaled(WIDEST) * abs(share))))
        self.drawLine(line)

    def _paint_circle(self, center: QPointF, radius: float, activation: float) -> None:
        """Ink as in the image, so that a firing neuron looks like an inked pixel."""
        shade = round(SHADES_OF_INK * activation) / SHADES_OF_INK
        self.setBrush(_mixed(self._theme.card, self._theme.text, shade))
        self.setPen(self._theme.other_runs)
        self.drawEllipse(center, radius, radius)

    def _outline(self, color: str, width: float) -> None:
        self.setPen(QPen(QColor(color), width))
        self.setBrush(Qt.BrushStyle.NoBrush)


@lru_cache(maxsize=2 * SHADES_OF_INK)
def _mixed(start: str, end: str, share: float) -> QColor:
    """The colour at this share, 0 to 1, of the way from one to another."""
    one, other = QColor(start), QColor(end)
    channels = ((one.red(), other.red()), (one.green(), other.green()), (one.blue(), other.blue()))
    return QColor(*(round(a + share * (b - a)) for a, b in channels))
