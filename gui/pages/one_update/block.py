"""A piece of the picture of an update: numbers of one kind, side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from PySide6.QtCore import QPointF, QRectF

from model.analysis.derivation import ALL, Kind, Number, Numbers

Place = tuple[int, int]  # a row and a column of a block; the row behind the last is that of the biases


@dataclass(frozen=True, eq=False)
class Block:
    """A grid of numbers of one kind in one layer: a vector, a matrix, or of the first layer's, one neuron's picture."""

    kind: Kind
    layer: int
    cells: QRectF
    rows: int
    columns: int
    shape: tuple[int, ...]  # of all numbers of this kind here; biases do not count
    last: int  # the last layer of its network
    title: QRectF
    is_other: bool = False  # of the compared network
    neuron: int | None = None  # whose picture it is
    biases: QRectF | None = None
    in_table: bool = False

    @property
    def shown(self) -> tuple[int, ...]:
        """How many of them there is room for."""
        if self.neuron is not None or len(self.shape) == 1:
            return (min(self.shape[0], self.rows * self.columns),)
        return self.rows, self.columns

    @property
    def places(self) -> Iterator[Place]:
        """Of all numbers that are shown."""
        rows = self.rows + (self.biases is not None)
        return (place for place in product(range(rows), range(self.columns)) if self.number_at(place) is not None)

    def number_at(self, place: Place) -> Number | None:
        """The number at a place, if there is one."""
        row, column = place
        if not (0 <= row < self.rows + (self.biases is not None) and 0 <= column < self.columns):
            return None
        if row == self.rows:
            if self.neuron is None:
                return Number(self.kind, self.layer, (self.shape[0], column))
            return Number(self.kind, self.layer, (self.shape[0], self.neuron)) if column == 0 else None
        if self.kind.is_matrix and self.neuron is None:
            return Number(self.kind, self.layer, (row, column))
        number = row * self.columns + column
        if number >= self.shown[0]:
            return None
        return Number(self.kind, self.layer, (number,) if self.neuron is None else (number, self.neuron))

    def under(self, point: QPointF) -> Place | None:
        """The place at a point."""
        for area, first, rows in ((self.cells, 0, self.rows), (self.biases, self.rows, 1)):
            if area is not None and area.contains(point):
                x, y = (point - area.topLeft()).toTuple()
                columns = 1 if self.neuron is not None and first else self.columns
                place = first + min(int(y / area.height() * rows), rows - 1), int(x / area.width() * columns)
                return place if self.number_at(place) is not None else None
        return None

    def rectangle(self, place: Place) -> QRectF:
        """Where a number is."""
        row, column = place
        is_bias, area = row == self.rows, self.cells
        if is_bias and self.biases is not None:
            area, row = self.biases, 0
        columns, rows = (1 if is_bias and self.neuron is not None else self.columns), 1 if is_bias else self.rows
        width, height = area.width() / columns, area.height() / rows
        return QRectF(area.left() + column * width, area.top() + row * height, width, height)

    def rectangles(self, numbers: Numbers) -> list[QRectF]:
        """Where numbers are, as far as they are here: the whole, a row, a column, or one cell, and its bias."""
        if (numbers.kind, numbers.layer) != (self.kind, self.layer):
            return []
        if len(numbers.index) == 1:
            (number,) = numbers.index
            if number is ALL:
                return [self.cells]
            return [self.rectangle(divmod(number, self.columns))] if number < self.shown[0] else []
        first, second = numbers.index
        if self.neuron is not None:
            if second not in (ALL, self.neuron):
                return []
            inside = [self.cells] if first is ALL else []
            if first is not ALL and first < self.shape[0]:
                inside = [self.rectangle(divmod(first, self.columns))]
            bias = [self.biases] if self.biases is not None and first in (ALL, self.shape[0]) else []
            return [*inside, *bias]
        rows = [row for row in range(self.rows) if first in (ALL, row)]
        biases = [self.rows] if self.biases is not None and first in (ALL, self.shape[0]) else []
        columns = [column for column in range(self.columns) if second in (ALL, column)]
        return [self._span(part, columns) for part in (rows, biases) if part and columns]

    def _span(self, rows: Sequence[int], columns: Sequence[int]) -> QRectF:
        return self.rectangle((rows[0], columns[0])).united(self.rectangle((rows[-1], columns[-1])))
