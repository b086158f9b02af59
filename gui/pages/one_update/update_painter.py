"""How the numbers of an update look."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPaintDevice, QPainter, QPen
from PySide6.QtWidgets import QWidget

from gui.pages.one_update.block import Block
from gui.pages.one_update.number_text import sub
from gui.pages.one_update.update_layout import LEGEND, UpdateLayout
from gui.theme import scaled, theme
from gui.widgets.bar import paint_bar
from gui.widgets.digit_picture import ink_image
from gui.widgets.diverging_colors import diverging_image, limit_of
from gui.widgets.numbers import figure, neuron_in_words
from model.analysis.derivation import Kind, Numbers, values_of
from model.analysis.single_update import Update

SMALL = 0.85  # of the usual size of the text
ROOMY = 560  # high, in pixels at 100 percent: from here on the text has its usual size
RING = 2  # pixels wide, at 100 percent
SHORT, MIDDLE, WIDE = 3, 7, 100  # digits of a range; pixels of a gap; numbers that leave no room for decimals
LEAST_BAR = 12  # pixels wide, at 100 percent
INK = (Kind.IMAGE, Kind.ACTIVATION)
AlignLeft, AlignRight, AlignMiddle = (
    Qt.AlignmentFlag.AlignLeft,
    Qt.AlignmentFlag.AlignRight,
    Qt.AlignmentFlag.AlignVCenter,
)
Values = NDArray[np.floating]


class UpdatePainter(QPainter):
    """Paints in the places of a layout."""

    def __init__(
        self, device: QPaintDevice, font: QFont, layout: UpdateLayout, update: Update, other: Update | None
    ) -> None:
        super().__init__(device)
        self._layout, self._update, self._other = layout, update, other
        self._theme = theme()
        self.setFont(font)

    def paint_all(self) -> None:
        """Every block with its title, and what divides forward, back and update."""
        self.setPen(QColor(self._theme.hairline))
        for y in self._layout.separators:
            self.drawLine(int(self._layout.left.left()), int(y), int(self._layout.left.right()), int(y))
        if self._layout.back is not None:
            back = f"◀ back: {self._theme.positive_name} wants less, blue wants more"
            self.setPen(QColor(self._theme.secondary_text))
            self.drawText(self._layout.back, AlignLeft | AlignMiddle | Qt.TextFlag.TextWordWrap, back)
        for block in self._layout.blocks:
            self._paint_title(block)
            if block.in_table:
                self._paint_column(block)
            else:
                self._paint_cells(block)

    def paint_rings(self, numbers: Sequence[Numbers], is_other: bool, color: str, style: Qt.PenStyle) -> None:
        """Frame numbers wherever they are shown."""
        self.setBrush(Qt.BrushStyle.NoBrush)
        self.setPen(QPen(QColor(color), scaled(RING), style))
        for each in numbers:
            for _, place in self._layout.places_of(each, is_other):
                self.drawRect(place.adjusted(-1, -1, 1, 1))

    def _values(self, block: Block, kind: Kind | None = None) -> Values:
        """What a block shows, or the numbers of another kind in its place."""
        update = self._other if block.is_other and self._other is not None else self._update
        return _finite(values_of(update, kind or block.kind, block.layer))

    def _limit(self, block: Block) -> float:
        """Of the scale; the weights before and after have one."""
        pair = (Kind.WEIGHT, Kind.UPDATED)
        kinds = pair if block.kind in pair else (block.kind,)
        return limit_of(*(_part(block, self._values(block, kind)) for kind in kinds))

    def _paint_cells(self, block: Block) -> None:
        values = self._values(block)
        if block.kind.is_matrix:
            self._paint_matrix(block, values)
            return
        shown = values[: block.shown[0]]
        grid = np.zeros(block.rows * block.columns, np.float32)
        grid[: len(shown)] = shown
        image = self._image(block, grid.reshape(block.rows, block.columns), self._limit(block))
        self.drawImage(block.cells, image)
        self._frame(block.cells)
        last = block.rows * block.columns - len(shown)
        if last:  # a cell that is no neuron
            for column in range(block.columns - last, block.columns):
                self.fillRect(block.rectangle((block.rows - 1, column)).adjusted(1, 1, 1, 1), QColor(self._theme.card))

    def _paint_matrix(self, block: Block, values: Values) -> None:
        limit = self._limit(block)
        if block.neuron is not None:
            grid, biases = values[:-1, block.neuron].reshape(block.rows, block.columns), values[-1:, block.neuron]
        else:
            grid, biases = values[: block.rows, : block.columns], values[-1, : block.columns]
        self.drawImage(block.cells, diverging_image(grid, limit))
        self._frame(block.cells)
        assert block.biases is not None
        self.drawImage(block.biases, diverging_image(biases[None], limit))
        self._frame(block.biases)
        legend = QRectF(block.cells.left(), block.biases.bottom() + 3, block.title.width(), scaled(LEGEND))
        self._write(legend, (f"±{figure(limit, SHORT)}  · biases below", f"±{figure(limit, SHORT)}"), AlignLeft)

    def _image(self, block: Block, grid: Values, limit: float) -> QImage:
        return ink_image(grid.astype(np.float32)) if block.kind in INK else diverging_image(grid, limit)

    def _frame(self, place: QRectF) -> None:
        self.setBrush(Qt.BrushStyle.NoBrush)
        self.setPen(QColor(self._theme.hairline))
        self.drawRect(place.adjusted(-0.5, -0.5, 0.5, 0.5))

    def _paint_column(self, block: Block) -> None:
        values = self._values(block)
        for digit, value in enumerate(values.tolist()):
            row = block.rectangle((digit, 0))
            match block.kind:
                case Kind.LOSS:
                    self._write(row, (f"L = −ln p[{self._update.label}] = {figure(value)}",), AlignLeft)
                case Kind.TARGET:
                    color = self._theme.text if value else self._theme.secondary_text
                    self._number(row, f"{value:.0f}", color)
                case Kind.PROBABILITY:
                    self._paint_probability(row, value, digit == int(values.argmax()))
                case Kind.DELTA:
                    self._paint_error(row, value)
                case Kind.OUTCOME:
                    self._number(row, f"{value:.3f}", self._theme.secondary_text)
                case _:
                    text = f"{value:+.2f}".replace("-", "−") if abs(value) < WIDE else figure(value, SHORT)
                    self._number(row, text, self._theme.secondary_text)
            if block.kind is Kind.PRE_ACTIVATION:
                side = QRectF(row.left() - scaled(12), row.top(), scaled(12), row.height())
                is_label = digit == self._update.label
                self._number(side, str(digit), self._theme.text if is_label else self._theme.secondary_text, AlignLeft)

    def _paint_probability(self, row: QRectF, value: float, is_answer: bool) -> None:
        number = self.fontMetrics().horizontalAdvance("0.000") + scaled(MIDDLE)
        track = row.adjusted(scaled(MIDDLE), 0, -number, 0)
        height = min(scaled(7), row.height() - 2)
        bar = QRectF(track.left(), track.center().y() - height / 2, track.width(), height)
        color = self._theme.accent if is_answer else self._theme.other_runs
        self.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_bar(self, bar, value, color)
        self.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        self._number(row, f"{value:.3f}", self._theme.text if is_answer else self._theme.secondary_text)

    def _paint_error(self, row: QRectF, value: float) -> None:
        """A bar from the middle to the left if negative, to the right if positive, if there is room, and the number."""
        number = self.fontMetrics().horizontalAdvance("−0.000") + scaled(MIDDLE)
        track = row.adjusted(scaled(MIDDLE), 0, -number, 0)
        middle, half = track.center().x(), track.width() / 2
        height = min(scaled(7), row.height() - 2)
        top = track.center().y() - height / 2
        left = middle + min(0.0, value) * half
        color = self._theme.positive[-1] if value > 0 else self._theme.negative[0]
        if track.width() >= scaled(LEAST_BAR):
            self.fillRect(QRectF(left, top, abs(value) * half, height), QColor(color))
            self.fillRect(QRectF(middle - 0.5, row.top(), 1, row.height()), QColor(self._theme.hairline))
        self._number(row, f"{value:+.3f}".replace("-", "−"), self._theme.secondary_text)

    def _number(self, row: QRectF, text: str, color: str, side: Qt.AlignmentFlag = AlignRight) -> None:
        self.setPen(QColor(color))
        self.drawText(row, side | AlignMiddle, text)

    def _paint_title(self, block: Block) -> None:
        side = AlignRight if block.in_table and block.kind is not Kind.LOSS else AlignLeft
        if block.kind is not Kind.LOSS:
            self._write(block.title, self._titles(block), side)
        if (beside := self._range_beside(block)) is not None:
            self._write(beside, (self._range(block),), AlignLeft)

    def _titles(self, block: Block) -> list[str]:
        """What the block is, from the longest way to say it to the shortest."""
        titles = titles_of(block)
        if counts := counts_of(block):
            return [*(f"{title} · {counts}" for title in titles), f"{titles[-1]} {counts}", titles[-1]]
        if self._range_beside(block) or block.in_table or block.kind.is_matrix or block.kind in INK:
            return titles
        return [*(f"{title}  {self._range(block)}" for title in titles), *titles]

    def _range(self, block: Block) -> str:
        return f"±{figure(self._limit(block), SHORT)}"

    def _range_beside(self, block: Block) -> QRectF | None:
        """Where there is room for the range of the colours, beside a vector."""
        if block.in_table or block.kind.is_matrix or block.kind in INK:
            return None
        needed = self.fontMetrics().horizontalAdvance(self._range(block))
        left = block.cells.right() + scaled(MIDDLE)
        beside = QRectF(left, block.cells.top() - 2, block.title.right() - left, self.fontMetrics().height())
        return beside if beside.width() >= needed else None

    def _write(self, room: QRectF, texts: Sequence[str], side: Qt.AlignmentFlag, color: str = "") -> None:
        """The longest text for which there is room; none at all is better than a piece of a number."""
        metrics = self.fontMetrics()
        text = next((text for text in texts if metrics.horizontalAdvance(text) <= room.width() + 1), "")
        self.setPen(QColor(color or self._theme.secondary_text))
        self.drawText(room.adjusted(0, 0, 1, 0), side | AlignMiddle, text)


def picture_font(widget: QWidget) -> QFont:
    """Smaller than the window's, where there is little room."""
    font = widget.font()
    if widget.height() < scaled(ROOMY):
        font.setPointSizeF(SMALL * font.pointSizeF())
    return font


def counts_of(block: Block) -> str:
    """How many of its numbers a block shows, if there is no room for all."""
    shape = block.shape[:1] if block.neuron is not None else block.shape
    pairs = [(shown, of) for shown, of in zip(block.shown, shape, strict=True) if shown < of]
    return " × ".join(f"{shown} of {of}" for shown, of in pairs)


def titles_of(block: Block) -> list[str]:
    """What a block is, as a formula and in short; a picture with whose it is."""
    titles = _own_titles(block)
    if block.is_other:
        titles = [*(f"other {title}" for title in titles), "other"]
    if block.neuron is None:
        return titles
    name = neuron_in_words(block.neuron, is_answer=block.last == 1)
    return [*(f"{title}, {name}" for title in titles), *titles]


def _own_titles(block: Block) -> list[str]:
    kind, layer = block.kind, block.layer
    before = "x" if layer <= 1 else sub("a", layer - 1)
    z, w, b, delta = (sub(letter, layer) for letter in "zWbδ")
    match kind:
        case Kind.IMAGE:
            return ["image x"]
        case Kind.PRE_ACTIVATION:
            return [z] if block.in_table else [f"{z} = {before}·{w} + {b}", z]
        case Kind.ACTIVATION:
            return [f"{sub('a', layer)} = σ({z})", sub("a", layer)]
        case Kind.PROBABILITY:
            return [f"p = softmax({z})", "p"]
        case Kind.OUTCOME:
            return ["p after", "after"]
        case Kind.TARGET:
            return ["y"]
        case Kind.DELTA if layer == block.last:
            return [f"{delta} = p − y", delta]
        case Kind.DELTA:
            return [f"{delta} = ({sub('δ', layer + 1)}·{sub('W', layer + 1)}ᵀ) ∘ σ′({z})", delta]
        case Kind.GRADIENT:
            return [f"∂L/∂{w} = {before}ᵀ·{delta}", f"∂L/∂{w}"]
        case Kind.WEIGHT:
            return [f"{w} before", w]
        case Kind.CHANGE:
            return [f"−η·∂L/∂{w}"]
        case Kind.UPDATED:
            return [f"{w} after", f"{w}′"]
    return [""]


def _part(block: Block, values: Values) -> Values:
    """What the scale of a block has to reach for: of the first layer, one neuron's weights."""
    return values if block.neuron is None or not block.kind.is_matrix else values[:, block.neuron]


def _finite(values: Values) -> Values:
    """What has a colour: the update of an enormous learning rate overflows."""
    return values if np.isfinite(values).all() else np.nan_to_num(values)
