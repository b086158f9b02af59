"""Where the pixels and the neurons are in the picture of a network."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF

from gui.theme import scaled
from model.digit_image import SIDE

PICTURE_SHARE = 0.28  # of the width, at most
HIDDEN_SHARE = 0.5  # of the width between the picture and the answers that circles may take: the lines need the rest
# Pixels at 100 percent
READABLE_PITCH = 11  # from one circle to the next: closer than this, a layer gets another column
ROOMIEST_PITCH = 72
LARGEST_RADIUS = 11

Places = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Layer:
    """The pixels, or the neurons of a layer."""

    places: Places  # of their centres, (neurons, 2): x and y
    pitch: float  # from one to the next, in pixels of the screen

    @property
    def radius(self) -> float:
        """Of a circle."""
        return min(0.41 * self.pitch, scaled(LARGEST_RADIUS))

    @property
    def top(self) -> QPointF:
        """The middle of its upper edge."""
        left, top = self.places.min(axis=0).tolist()
        return QPointF((left + self.places[:, 0].max()) / 2, top - self.pitch / 2)


class DiagramLayout:
    """The image as a picture, then a column of circles for each layer: several side by side if there are many."""

    def __init__(self, sizes: Sequence[int], room: QRectF, below_picture: float, beside_answers: float) -> None:
        self.room = room
        self.answers_width = beside_answers
        side = SIDE * max(1.0, (min(PICTURE_SHARE * room.width(), room.height() - 2 * below_picture) // SIDE))
        self.picture = QRectF(room.left(), room.center().y() - side / 2, side, side)
        self.layers = [self._pixels()]
        self._place_neurons(sizes[1:])
        self._owners = [(layer, neuron) for layer, size in enumerate(sizes) if layer for neuron in range(size)]
        self._neurons = np.concatenate([layer.places for layer in self.layers[1:]])

    def place_of(self, layer: int, neuron: int) -> QPointF:
        """Where the centre of a neuron is, or, in layer 0, that of a pixel."""
        return QPointF(*self.layers[layer].places[neuron].tolist())

    def under(self, point: QPointF) -> tuple[int, int] | None:
        """The layer and the neuron (or the pixel) at a point; what stands beside an answer belongs to it."""
        for number, layer in enumerate(self.layers):
            away = np.array([point.x(), point.y()]) - layer.places
            if number == len(self.layers) - 1:
                away[:, 0] -= np.clip(away[:, 0], 0, self.answers_width)
            distances = np.abs(away).max(axis=1)
            if distances.min() <= layer.pitch / 2:
                return number, int(distances.argmin())
        return None

    def beside(self, layer: int, neuron: int, direction: int) -> tuple[int, int]:
        """The neuron beside it in the next column to the right (1) or to the left (−1); itself if there is none."""
        x, y = self.layers[layer].places[neuron]
        ahead = direction * (self._neurons[:, 0] - x)
        if ahead.max() < 1:
            return layer, neuron
        in_next_column = np.abs(ahead - ahead[ahead >= 1].min()) < 1
        return self._owners[int(np.where(in_next_column, np.abs(self._neurons[:, 1] - y), np.inf).argmin())]

    def _pixels(self) -> Layer:
        pitch = self.picture.width() / SIDE
        rows, columns = np.divmod(np.arange(SIDE * SIDE), SIDE)
        x, y = self.picture.left() + (columns + 0.5) * pitch, self.picture.top() + (rows + 0.5) * pitch
        return Layer(np.column_stack([x, y]), pitch)

    def _place_neurons(self, sizes: Sequence[int]) -> None:
        between = self.room.width() - self.picture.width() - self.answers_width
        share = HIDDEN_SHARE * between / max(1, len(sizes) - 1)
        grids = [_best_grid(size, share, self.room.height()) for size in sizes]
        gap = (between - sum(columns * pitch for columns, pitch in grids)) / len(sizes)
        left = self.picture.right()
        for size, (columns, pitch) in zip(sizes, grids, strict=True):
            left += gap
            self.layers.append(self._grid(size, columns, pitch, left))
            left += columns * pitch

    def _grid(self, size: int, columns: int, pitch: float, left: float) -> Layer:
        """Circles, one below the other and then in the next column."""
        rows = -(-size // columns)
        column, row = np.divmod(np.arange(size), rows)
        top = self.room.center().y() - rows * pitch / 2
        return Layer(np.column_stack([left + (column + 0.5) * pitch, top + (row + 0.5) * pitch]), pitch)


def _best_grid(size: int, width: float, height: float) -> tuple[int, float]:
    """In how many columns circles are easily seen, and their pitch; where they are too many, the largest pitch."""

    def pitch(columns: int) -> float:
        return min(height / -(-size // columns), width / columns, scaled(ROOMIEST_PITCH))

    choices = range(1, min(size, int(width)) + 1)
    columns = next((each for each in choices if pitch(each) >= scaled(READABLE_PITCH)), max(choices, key=pitch))
    return columns, pitch(columns)
