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


@dataclass(frozen=True, eq=False)
class Layer:
    """The pixels, or the neurons of a layer."""

    places: NDArray[np.float64]  # of their centres, (neurons, 2): x and y
    pitch: float  # from one to the next, in pixels of the screen

    @property
    def radius(self) -> float:
        """Of a circle."""
        return min(0.41 * self.pitch, scaled(LARGEST_RADIUS))

    @property
    def box(self) -> QRectF:
        """What all of them take."""
        half = self.pitch / 2
        corners = QPointF(*self.places.min(axis=0).tolist()), QPointF(*self.places.max(axis=0).tolist())
        return QRectF(*corners).adjusted(-half, -half, half, half)


class DiagramLayout:
    """The image as a picture, then a column of circles for each layer: several side by side if there are many."""

    def __init__(self, sizes: Sequence[int], room: QRectF, below_picture: float, beside_answers: float) -> None:
        self._beside_answers = beside_answers
        times = max(1.0, min(PICTURE_SHARE * room.width(), room.height() - 2 * below_picture) // SIDE)
        row, column = np.divmod(np.arange(SIDE * SIDE), SIDE)
        self.layers = [_layer(column, row, times, room.left(), room.center().y())]
        self._place_neurons(sizes[1:], room)

    def place_of(self, layer: int, neuron: int) -> QPointF:
        """Where the centre of a neuron is, or, in layer 0, that of a pixel."""
        return QPointF(*self.layers[layer].places[neuron].tolist())

    def under(self, point: QPointF) -> tuple[int, int] | None:
        """The layer and the neuron (or the pixel) at a point; what stands beside an answer belongs to it."""
        for number, layer in enumerate(self.layers):
            away = np.array(point.toTuple()) - layer.places
            if layer is self.layers[-1]:
                away[:, 0] -= np.clip(away[:, 0], 0, self._beside_answers)
            distances = np.abs(away).max(axis=1)
            if distances.min() <= layer.pitch / 2:
                return number, int(distances.argmin())
        return None

    def beside(self, layer: int, neuron: int, direction: int) -> tuple[int, int]:
        """The neuron beside it in the next column to the right (1) or to the left (−1); itself if there is none."""
        x, y = self.layers[layer].places[neuron]
        owners = [(k, each) for k in range(1, len(self.layers)) for each in range(len(self.layers[k].places))]
        places = np.concatenate([each.places for each in self.layers[1:]])
        ahead = direction * (places[:, 0] - x)
        if ahead.max() < 1:
            return layer, neuron
        in_next_column = np.abs(ahead - ahead[ahead >= 1].min()) < 1
        return owners[int(np.where(in_next_column, np.abs(places[:, 1] - y), np.inf).argmin())]

    def _place_neurons(self, sizes: Sequence[int], room: QRectF) -> None:
        between = room.right() - self._beside_answers - self.layers[0].box.right()
        share = HIDDEN_SHARE * between / max(1, len(sizes) - 1)
        grids = [_easily_seen(size, share, room.height()) for size in sizes]
        gap = (between - sum(columns * pitch for columns, pitch in grids)) / len(sizes)
        for size, (columns, pitch) in zip(sizes, grids, strict=True):
            column, row = np.divmod(np.arange(size), -(-size // columns))
            self.layers.append(_layer(column, row, pitch, self.layers[-1].box.right() + gap, room.center().y()))


def _layer(column: NDArray[np.intp], row: NDArray[np.intp], pitch: float, left: float, middle: float) -> Layer:
    top = middle - (row.max() + 1) * pitch / 2
    return Layer(np.column_stack([left + (column + 0.5) * pitch, top + (row + 0.5) * pitch]), pitch)


def _easily_seen(size: int, width: float, height: float) -> tuple[int, float]:
    """In how many columns circles are easily seen, and their pitch; where they are too many, about the largest."""
    pitch = min(scaled(READABLE_PITCH), (width * height / size) ** 0.5)
    columns = -(-size // max(1, int(height / pitch)))
    return columns, min(height / -(-size // columns), width / columns, scaled(ROOMIEST_PITCH))
