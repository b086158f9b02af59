"""How the parts of a network's picture look."""

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen

from gui.pages.whole_path.diagram_layout import DiagramLayout
from gui.theme import scaled, theme
from gui.widgets.bar import paint_bar
from gui.widgets.digit_picture import ink_image
from gui.widgets.numbers import percent
from model.digit_image import SIDE

STRONG, FAINT = 0.75, 0.25  # how much of its colour a line has; the rest is the card's
# Pixels at 100 percent
WIDEST, FINEST = 5, 0.7  # that a line is wide; no line is finer at any size
GAP = 8  # between a circle, its digit, its bar and its percentage
BAR = 70, 6  # wide, at least, for a probability of 1; and high
EMPTY = "Draw a digit first, then you see its way through the network here."
SHADES_OF_INK = 255  # as many as a screen has
SHADES = (0.0, 0.5, 1.0)  # in the legend

Values = NDArray[np.floating]


class DiagramPainter:
    """Paints on a widget, in the places of a layout."""

    def __init__(self, painter: QPainter, layout: DiagramLayout) -> None:
        self._painter = painter
        self._layout = layout
        self._theme = theme()
        self._gap, self._widest = scaled(GAP), scaled(WIDEST)
        self._line = painter.fontMetrics().height()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)

    def paint_titles(self, sizes: Sequence[int], names: Sequence[str]) -> None:
        """Write above each layer how many there are of what; of layers close to one another, only how many."""
        titles = [f"{size} {name}" for size, name in zip(sizes, names, strict=True)]
        apart = min(after.top.x() - before.top.x() for before, after in pairwise(self._layout.layers))
        width = max(self._painter.fontMetrics().horizontalAdvance(title) for title in titles) + self._gap
        self._painter.setPen(QColor(self._theme.secondary_text))
        for title, size, layer in zip(titles, sizes, self._layout.layers, strict=True):
            place = QRectF(0, 0, width, self._line)
            place.moveCenter(layer.top - QPointF(0, self._gap / 2 + self._line / 2))
            self._painter.drawText(place, Qt.AlignmentFlag.AlignCenter, title if width <= apart else str(size))

    def paint_image(self, image: Values | None) -> None:
        """Show the image, (784,), or what to do to get one."""
        picture = self._layout.picture
        digit = np.zeros(SIDE * SIDE) if image is None else image
        self._painter.drawImage(picture, ink_image(digit.reshape(SIDE, SIDE).astype(np.float32)))
        self._outline(self._theme.hairline, 1)
        self._painter.drawRect(picture)
        if image is None:
            self._painter.setPen(QColor(self._theme.secondary_text))
            wrapped = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            self._painter.drawText(
                picture.adjusted(2 * self._gap, self._gap, -2 * self._gap, -self._gap), wrapped, EMPTY
            )

    def paint_connections(
        self, into: int, sources: NDArray[np.intp], targets: NDArray[np.intp], shares: Values, strength: float
    ) -> None:
        """Draw lines into a layer in this order, as wide as their shares, from −1 to 1, of the largest contribution."""
        starts, ends = self._layout.layers[into - 1].places[sources], self._layout.layers[into].places[targets]
        for share, ends_of_line in zip(shares.tolist(), np.hstack([starts, ends]).tolist(), strict=True):
            self._paint_line(QLineF(*ends_of_line), share, strength)

    def paint_neurons(self, layer: int, activations: Values | None) -> None:
        """Fill a layer's circles with as much ink as the neurons are active; without activations they are empty."""
        circles = self._layout.layers[layer]
        shades = np.zeros(len(circles.places)) if activations is None else activations
        for (x, y), activation in zip(circles.places.tolist(), shades.tolist(), strict=True):
            self._paint_circle(QPointF(x, y), circles.radius, activation)

    def paint_ring(self, layer: int, neuron: int, width: float) -> None:
        """Draw a ring around a neuron, so many pixels wide."""
        radius = self._layout.layers[layer].radius + width / 2
        self._outline(self._theme.accent, width)
        self._painter.drawEllipse(self._layout.place_of(layer, neuron), radius, radius)

    def paint_answers(self, probabilities: Values | None) -> None:
        """Write the digits beside the last layer, and how probable each is."""
        for digit in range(len(self._layout.layers[-1].places)):
            is_chosen = probabilities is not None and digit == probabilities.argmax()
            self._paint_answer(digit, None if probabilities is None else float(probabilities[digit]), is_chosen)

    def paint_legend(self, largest: float | None) -> None:
        """Say below the image how circles and lines are read, and how large the largest contribution is."""
        picture, gap, radius = self._layout.picture, self._gap, 0.3 * self._line
        row = QRectF(picture.left(), picture.bottom() + gap, picture.width(), self._line)
        left = self._write(row.topLeft(), "activation  0") + gap
        for k, shade in enumerate(SHADES):
            self._paint_circle(QPointF(left + (1 + 2.4 * k) * radius, row.center().y()), radius, shade)
        self._write(QPointF(left + 2.4 * len(SHADES) * radius + gap, row.top()), "1")
        for share, text in ((0.6, "adds"), (-0.6, "takes away")):
            row.translate(0, self._line)
            self._paint_line(
                QLineF(row.left(), row.center().y(), row.left() + 2 * gap, row.center().y()), share, STRONG
            )
            self._write(QPointF(row.left() + 3 * gap, row.top()), text)
        if largest is not None:
            self._write(row.bottomLeft(), f"the widest line: {largest:.2f}")

    def _paint_answer(self, digit: int, probability: float | None, is_chosen: bool) -> None:
        place, metrics = self._layout.place_of(len(self._layout.layers) - 1, digit), self._painter.fontMetrics()
        left = place.x() + self._layout.layers[-1].radius + self._gap
        row = QRectF(left, place.y() - self._line / 2, self._layout.room.right() - left, self._line)
        self._painter.setPen(QColor(self._theme.text if is_chosen else self._theme.secondary_text))
        middle = Qt.AlignmentFlag.AlignVCenter
        self._painter.drawText(row, Qt.AlignmentFlag.AlignLeft | middle, str(digit))
        if probability is not None:
            self._painter.drawText(row, Qt.AlignmentFlag.AlignRight | middle, percent(probability))
        row.adjust(metrics.horizontalAdvance("0") + self._gap, 0, -metrics.horizontalAdvance("100.0 %") - self._gap, 0)
        track = QRectF(row.left(), row.center().y() - scaled(BAR[1]) / 2, row.width(), scaled(BAR[1]))
        paint_bar(self._painter, track, probability or 0.0, self._theme.accent if is_chosen else self._theme.other_runs)

    def _paint_line(self, line: QLineF, share: float, strength: float) -> None:
        # Mixed with the card's colour instead of transparent: that paints five times faster.
        color = _mixed(self._theme.card, self._theme.positive[-1] if share > 0 else self._theme.negative[0], strength)
        self._painter.setPen(QPen(color, max(FINEST, self._widest * abs(share))))
        self._painter.drawLine(line)

    def _paint_circle(self, center: QPointF, radius: float, activation: float) -> None:
        """Ink as in the image, so that a firing neuron looks like an inked pixel."""
        shade = round(SHADES_OF_INK * activation) / SHADES_OF_INK
        self._painter.setBrush(_mixed(self._theme.card, self._theme.text, shade))
        self._painter.setPen(QPen(QColor(self._theme.other_runs), 1))
        self._painter.drawEllipse(center, radius, radius)

    def _outline(self, color: str, width: float) -> None:
        self._painter.setPen(QPen(QColor(color), width))
        self._painter.setBrush(Qt.BrushStyle.NoBrush)

    def _write(self, corner: QPointF, text: str) -> float:
        """Write secondary text from a corner to the right; where it ends."""
        width = self._painter.fontMetrics().horizontalAdvance(text)
        self._painter.setPen(QColor(self._theme.secondary_text))
        self._painter.drawText(QRectF(corner.x(), corner.y(), width + 1, self._line), Qt.AlignmentFlag.AlignLeft, text)
        return corner.x() + width


@lru_cache(maxsize=2 * SHADES_OF_INK)
def _mixed(start: str, end: str, share: float) -> QColor:
    """The colour at this share, 0 to 1, of the way from one to another."""
    one, other = QColor(start), QColor(end)
    channels = ((one.red(), other.red()), (one.green(), other.green()), (one.blue(), other.blue()))
    return QColor(*(round(a + share * (b - a)) for a, b in channels))


def room_beside_answers(metrics: QFontMetrics) -> float:
    """How wide a digit, its bar and its percentage are."""
    return metrics.horizontalAdvance("0100.0 %") + 3 * scaled(GAP) + scaled(BAR[0])


def room_below_image(metrics: QFontMetrics) -> float:
    """How high the legend is."""
    return 4 * metrics.height() + 2 * scaled(GAP)
