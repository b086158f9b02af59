"""Where the numbers of an update are in its picture."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt

from gui.pages.one_update.block import Block, Place
from gui.theme import scaled
from model.analysis.derivation import Kind, Number, Numbers
from model.digit_image import SIDE

# Pixels at 100 percent
GAP = 14  # between two blocks
TABLE, TABLE_SHARE = 300, 0.27  # wide: everything that there is ten of, at least, and of the room
ROW, COLUMN_GAP = 15, 7  # of the table: high, at least, and between two columns
PICTURES, TEN = 330, 372  # high: vectors and matrices; the table and what the update changes
NARROWEST = 250  # wide: the same beside the table
SMALLEST_CELL, SMALLEST_WEIGHT = 5, 2  # of a vector, of a matrix: there are no smaller ones
LARGEST_CELL, LARGEST_PICTURE = 40, 240
ROOMY_MATRIX = 90  # wide and high: where there is so much room for each of them, all four kinds are shown, in pairs
STRIP = 6  # high: the biases below the weights
LEGEND = 12  # high: the scale below a matrix

MATRICES = (Kind.GRADIENT, Kind.WEIGHT, Kind.CHANGE, Kind.UPDATED)
COLUMNS = (  # of the table, with their shares of its width
    (Kind.PRE_ACTIVATION, 0.17),
    (Kind.PROBABILITY, 0.31),
    (Kind.OUTCOME, 0.15),
    (Kind.TARGET, 0.08),
    (Kind.DELTA, 0.29),
)


class UpdateLayout:
    """Forward from left to right, below it the way back, below that the weights; at the right what there is ten of.

    Where that is too narrow, what there is ten of comes below the rest.
    """

    def __init__(
        self,
        sizes: Sequence[int],
        room: QRectF,
        line: float,
        neuron: int,
        matrix: Kind,
        other_sizes: Sequence[int] = (),
    ) -> None:
        """`neuron` of the first layer is the one whose weights are shown; `line` is how high a line of text is.

        `matrix` is the kind of matrices that is shown where there is no room for all of them.
        """
        self.blocks: list[Block] = []
        self._sizes, self._other = tuple(sizes), tuple(other_sizes)
        self._line, self._gap = line, scaled(GAP)
        self._last = len(sizes) - 1
        self._neuron = neuron
        self._room = room
        table, left = max(scaled(TABLE), TABLE_SHARE * room.width()), QRectF(room)
        if is_stacked(room.width()):
            left.setHeight(scaled(PICTURES))
            right, table = room.adjusted(0, left.height() + self._gap, 0, 0), room.width()
        else:
            left.setWidth(room.width() - table - 2 * self._gap)
            right = room.adjusted(room.width() - table, 0, 0, 0)
        self.matrices = MATRICES if self._has_room_for_all(left) else (matrix,)
        bands = self._bands(left, len(self._in_rows(self.matrices)))
        has_hidden = self._last > 1
        self.separators = [band.top() - line - self._gap / 2 for band in bands[2 if has_hidden else 3 : 4]]
        self.left = left
        back = QRectF(left.left(), bands[2].top() - line, self._columns(left)[0][1], bands[2].height() + line)
        self.back = back if has_hidden else None  # where there is room to say how the errors are read
        self._place_vectors(left, bands)
        self._place_matrices(left, bands[3:])
        self._place_table(QRectF(right.left(), right.top(), table, right.height()))
        bottom = max(block.cells.bottom() for block in self.blocks if block.in_table)
        self.outcome = right.adjusted(0, bottom + self._gap - right.top(), 0, 0)

    def under(self, point: QPointF) -> tuple[Block, Place] | None:
        """The number at a point: its block and its place there."""
        found = ((block, block.under(point)) for block in self.blocks)
        return next(((block, place) for block, place in found if place is not None), None)

    def find(self, number: Number, is_other: bool) -> tuple[Block, Place] | None:
        """Where a number is, if it is shown."""
        for block, place in self.places_of(number, is_other):
            at = block.under(place.center())
            return None if at is None else (block, at)
        return None

    def places_of(self, numbers: Numbers, is_other: bool) -> list[tuple[Block, QRectF]]:
        """Where numbers are, as far as they are shown."""
        blocks = (block for block in self.blocks if block.is_other == is_other)
        return [(block, place) for block in blocks for place in block.rectangles(numbers)]

    def beside(self, block: Block, place: Place, key: Qt.Key) -> tuple[Block, Place]:
        """The next number in the direction of an arrow key: in the block, else in the nearest one there."""
        down, right = {
            Qt.Key.Key_Up: (-1, 0),
            Qt.Key.Key_Down: (1, 0),
            Qt.Key.Key_Left: (0, -1),
            Qt.Key.Key_Right: (0, 1),
        }[key]
        inside = self._inside(block, (place[0] + down, place[1] + right))
        if inside is not None:
            return block, inside
        here = block.rectangle(place).center()
        ahead = [each for each in self.blocks if each is not block and _is_ahead(each.cells, block.cells, down, right)]
        if not ahead:
            return block, place
        nearest = min(ahead, key=lambda each: _distance(each.cells, here))
        distances = {at: QPointF.dotProduct(d := nearest.rectangle(at).center() - here, d) for at in nearest.places}
        return nearest, min(distances, key=lambda at: distances[at])

    def _inside(self, block: Block, place: Place) -> Place | None:
        if block.neuron is not None and place[0] == block.rows:
            place = place[0], 0  # the one bias
        return place if block.number_at(place) is not None else None

    def _has_room_for_all(self, left: QRectF) -> bool:
        """Not beside those of another network, which take half of the room."""
        narrowest = min(width for _, width in self._columns(left)[: self._last])
        height = self._bands(left, len(self._in_rows(MATRICES)))[-1].height()
        least = scaled(ROOMY_MATRIX)
        return not self._other and min((narrowest - self._gap) / 2, height) >= least

    def _in_rows(self, matrices: Sequence[Kind]) -> list[Sequence[Kind]]:
        """Two beside one another; one takes all of the room."""
        return [matrices[k : k + 2] for k in range(0, len(matrices), 2)]

    def _bands(self, left: QRectF, matrices: int) -> list[QRectF]:
        """z, a, δ, and one for each row of matrices; titles stand above them."""
        below = scaled(STRIP) + scaled(LEGEND) + 6
        back = 1 if self._last > 1 else 0
        fixed = (2 + back + matrices) * self._line + (1 + back) * self._gap + matrices * below + 2 * 4
        unit = (left.height() - fixed) / (2 + back + 2 * matrices)  # a matrix is as high as two vectors
        heights = [unit, unit, back * unit, *[2 * unit] * matrices]
        lines = [self._line, self._line, back * self._line, *[self._line] * matrices]
        extra = [4, self._gap, back * self._gap, *[below] * matrices]
        bands, top = [], left.top()
        for line, height, after in zip(lines, heights, extra, strict=True):
            top += line
            bands.append(QRectF(left.left(), top, left.width(), height))
            top += height + after
        return bands

    def _columns(self, left: QRectF) -> list[tuple[float, float]]:
        """Left edge and width: of the image, and of each hidden layer."""
        picture = min(left.height() / 3, left.width() / 4) if self._last > 1 else left.height() / 2
        hidden = max(1, self._last - 1)
        width = (left.width() - picture - hidden * 2 * self._gap) / hidden
        starts = [left.left() + picture + 2 * self._gap + k * (width + 2 * self._gap) for k in range(hidden)]
        return [(left.left(), picture), *((start, width) for start in starts)]

    def _place_vectors(self, left: QRectF, bands: Sequence[QRectF]) -> None:
        columns = self._columns(left)
        side = min(columns[0][1], bands[1].bottom() - bands[0].top(), scaled(LARGEST_PICTURE)) // SIDE * SIDE
        image = QRectF(left.left(), bands[0].top(), side, side)
        self._add(Kind.IMAGE, 0, image, SIDE, SIDE, (SIDE * SIDE,), image)
        for layer in range(1, self._last):
            start, width = columns[layer]
            kinds = (Kind.PRE_ACTIVATION, Kind.ACTIVATION, Kind.DELTA)
            for kind, band in zip(kinds, bands[:3], strict=True):
                has_other = kind is Kind.DELTA and layer < len(self._other) - 1  # its last δ is in the table
                for is_other, place in self._side_by_side(start, width, has_other):
                    size = (self._other if is_other else self._sizes)[layer]
                    box = QRectF(place[0], band.top(), place[1], band.height())
                    cells, rows, count = _grid(size, box, scaled(SMALLEST_CELL), scaled(LARGEST_CELL))
                    self._add(kind, layer, cells, rows, count, (size,), box, is_other=is_other)

    def _place_matrices(self, left: QRectF, bands: Sequence[QRectF]) -> None:
        columns = self._columns(left)
        for kinds, band in zip(self._in_rows(self.matrices), bands, strict=True):
            for layer in range(1, self._last + 1):
                start, column = columns[layer - 1]
                width = (column - (len(kinds) - 1) * self._gap) / len(kinds)
                for k, kind in enumerate(kinds):
                    left_edge = start + k * (width + self._gap)
                    for is_other, place in self._side_by_side(left_edge, width, layer < len(self._other)):
                        box = QRectF(place[0], band.top(), place[1], band.height())
                        self._place_matrix(kind, layer, box, is_other)

    def _place_matrix(self, kind: Kind, layer: int, box: QRectF, is_other: bool) -> None:
        n_in, n_out = (self._other if is_other else self._sizes)[layer - 1 : layer + 1]
        smallest = scaled(SMALLEST_WEIGHT)
        if layer == 1:
            rows = columns = SIDE
        else:
            rows, columns = (
                min(n, max(1, int(room / smallest))) for n, room in ((n_in, box.height()), (n_out, box.width()))
            )
        cell = min(box.width() / columns, box.height() / rows, scaled(LARGEST_PICTURE) / max(rows, columns))
        cell = int(cell) if cell >= 1 else cell  # whole pixels: all cells look alike
        cells = QRectF(box.left(), box.top(), columns * cell, rows * cell)
        biases = QRectF(cells.left(), cells.bottom() + 3, cells.width(), scaled(STRIP))
        neuron = min(self._neuron, n_out - 1) if layer == 1 else None
        self._add(kind, layer, cells, rows, columns, (n_in, n_out), box, is_other, neuron, biases)

    def _side_by_side(self, start: float, width: float, has_other: bool) -> list[tuple[bool, tuple[float, float]]]:
        """Left edge and width for the own network, and beside it for the other one, if that has such a layer."""
        if not has_other:
            return [(False, (start, width))]
        half = (width - self._gap / 2) / 2
        return [(False, (start, half)), (True, (start + half + self._gap / 2, half))]

    def _place_table(self, right: QRectF) -> None:
        classes, last = self._sizes[-1], self._last
        row = max(scaled(ROW), min(0.5 * right.height() / (classes + 2), 1.6 * self._line))
        left, top = right.left() + scaled(ROW), right.top() + self._line
        width = right.right() - left
        for kind, share in COLUMNS:
            is_other = kind is Kind.OUTCOME and bool(self._other)
            shown = Kind.DELTA if is_other else kind
            cells = QRectF(left, top, share * width - scaled(COLUMN_GAP), classes * row)
            layer = len(self._other) - 1 if is_other else last
            self._add(shown, layer, cells, classes, 1, (classes,), cells, is_other=is_other, in_table=True)
            left += share * width
        loss = QRectF(right.left() + scaled(ROW), top + classes * row + 3, width, row)
        self._add(Kind.LOSS, last, loss, 1, 1, (1,), loss, in_table=True)

    def _add(
        self,
        kind: Kind,
        layer: int,
        cells: QRectF,
        rows: int,
        columns: int,
        shape: tuple[int, ...],
        room: QRectF,
        is_other: bool = False,
        neuron: int | None = None,
        biases: QRectF | None = None,
        in_table: bool = False,
    ) -> None:
        beyond = 0 if is_other or in_table else self._gap  # into the gap that comes after it
        width = min(max(cells.width(), room.width() + beyond), self._room.right() - cells.left())
        title = QRectF(cells.left(), cells.top() - self._line, width, self._line)
        last = len(self._other if is_other else self._sizes) - 1
        self.blocks.append(
            Block(kind, layer, cells, rows, columns, shape, last, title, is_other, neuron, biases, in_table)
        )


def is_stacked(width: float) -> bool:
    """Whether the table comes below the rest."""
    return width < scaled(TABLE + NARROWEST)


def height_for(width: float) -> int:
    """How high the picture has to be, at least."""
    return scaled(PICTURES + GAP + TEN if is_stacked(width) else TEN)


def without_place(layers: int, other_layers: int) -> tuple[range, range]:
    """The layers of a compared network whose δ, and those whose matrices, have no place beside those of the shown one.

    They stand in its columns, one for each of its layers; the last δ is in the table.
    """
    return range(layers, other_layers), range(layers + 1, other_layers + 1)


def _grid(size: int, box: QRectF, smallest: float, largest: float) -> tuple[QRectF, int, int]:
    """Square cells, as large as there is room for, or as many of the smallest: where they are, rows and columns."""
    best = 0.0, 1
    for columns in range(1, size + 1):
        cell = min(box.width() / columns, box.height() / -(-size // columns), largest)
        full = cell if size % columns == 0 else 0.8 * cell  # full rows are worth smaller cells
        best = max(best, (full, columns))
    columns = best[1]
    cell = min(box.width() / columns, box.height() / -(-size // columns), largest)
    if cell < smallest:
        columns, cell = max(1, int(box.width() / smallest)), smallest
    rows = max(1, min(-(-size // columns), int(box.height() / cell + 1e-6)))
    cell = int(cell) if cell >= 1 else cell
    return QRectF(box.left(), box.top(), columns * cell, rows * cell), rows, columns


def _is_ahead(area: QRectF, here: QRectF, down: int, right: int) -> bool:
    """Whether an area lies in a direction from another one."""
    if right:
        return area.left() >= here.right() - 1 if right > 0 else area.right() <= here.left() + 1
    return area.top() >= here.bottom() - 1 if down > 0 else area.bottom() <= here.top() + 1


def _distance(area: QRectF, point: QPointF) -> float:
    """From a point to the nearest of an area."""
    across = max(area.left() - point.x(), 0, point.x() - area.right())
    along = max(area.top() - point.y(), 0, point.y() - area.bottom())
    return float(np.hypot(across, along))
