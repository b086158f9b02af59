"""Digits with captions: one, as large as there is room for, or many side by side."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QImage, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QListView, QSizePolicy, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from gui.theme import scaled, theme
from gui.widgets.card import named
from gui.widgets.digit_picture import ink_image
from gui.widgets.focus import focus_pen
from model.digit_image import SIDE

GAP = 4  # pixels between a digit and its caption
BROKEN_NOWHERE = ((" %", "\u00a0%"), ("> ", ">\u00a0"), ("< ", "<\u00a0"))
# Pixels, at 100 percent, for one of a digit, at least
SMALLEST = 3
SMALLEST_OF_MANY = 2
FEWEST_COLUMNS, FEWEST_ROWS = 3, 2
EDGE = 3  # pixels around a digit with its caption
FEW = 50  # pictures that are painted one by one

Digit = NDArray[np.float32]  # (28, 28), 0 to 1
Index = QModelIndex | QPersistentModelIndex


class CaptionedPicture(QWidget):
    """Picture and caption stay together in the middle."""

    def __init__(self, name: str, lines: int = 1) -> None:
        super().__init__()
        self.digit: Digit | None = None
        self.caption = ""
        self._lines = lines  # room for so many from the start: the first caption moves nothing
        self.setObjectName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_digit(self, digit: Digit | None, caption: str) -> None:
        """Show (28, 28) from 0 to 1, or an empty paper, and a caption."""
        self.digit, self.caption = digit, caption
        self.setAccessibleName(caption)
        self.update()

    def minimumSizeHint(self) -> QSize:
        return _size_with_caption(scaled(SMALLEST), self.fontMetrics(), self._lines)

    def paintEvent(self, event: QPaintEvent) -> None:
        image = ink_image(np.zeros((SIDE, SIDE), np.float32) if self.digit is None else self.digit)
        _paint_with_caption(QPainter(self), self.rect(), image, self.caption, theme().text, self._lines)


@dataclass(frozen=True, eq=False)
class Picture:
    """What there is to say of a digit when it is seen."""

    digit: QImage
    caption: str
    tip: str
    color: str  # of the caption


class PictureGrid(QListView):
    """Columns and rows share the room, so that no picture is cut; what there is no room for is scrolled to."""

    def __init__(self, name: str, accessible_name: str, roomy: int, describe: Callable[[int], Picture]) -> None:
        """`roomy` is the width, in pixels at 100 percent, for which there is a column more."""
        super().__init__()
        self.describe = describe
        self._roomy = roomy
        named(self, name, accessible_name)
        self._pictures = _Pictures(describe)
        self.setModel(self._pictures)
        self.setItemDelegate(_Painter(self))
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setMovement(QListView.Movement.Static)
        self.setUniformItemSizes(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setMouseTracking(True)

    @property
    def cell(self) -> QSize:
        """What a picture takes, with its share of the room that is left."""
        width, height = self.maximumViewportSize().toTuple()
        width -= self.verticalScrollBar().sizeHint().width() + 1
        columns, extra = max(FEWEST_COLUMNS, width // scaled(self._roomy)), self._least(0)
        times = min(width // columns - extra.width(), height // FEWEST_ROWS - extra.height()) // SIDE
        return QSize(width // columns, height // max(1, height // self._least(times).height()))

    def show_pictures(self, count: int) -> None:
        """Show so many pictures, as they are described from here on."""
        if count != self._pictures.count:
            self._pictures.beginResetModel()
            self._pictures.count = count
            self._pictures.endResetModel()
        self.viewport().update()

    def repaint_pictures(self, rows: Sequence[int]) -> None:
        """Show what is new of some pictures; of many, most are out of sight."""
        if len(rows) > FEW:
            self.viewport().update()
        else:
            for row in rows:
                self.update(self._pictures.index(row))

    def turn_page(self) -> None:
        """Show the rows that follow; after the last come the first again."""
        bar, height = self.verticalScrollBar(), self.cell.height()
        is_at_end = bar.value() == bar.maximum()
        bar.setValue(0 if is_at_end else bar.value() + bar.pageStep() // height * height)

    def minimumSizeHint(self) -> QSize:
        least = self._least(scaled(SMALLEST_OF_MANY))
        width = FEWEST_COLUMNS * least.width() + self.verticalScrollBar().sizeHint().width() + 1
        return QSize(width, FEWEST_ROWS * least.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.scheduleDelayedItemsLayout()

    def _least(self, times: int) -> QSize:
        return _size_with_caption(times, self.fontMetrics()) + QSize(2 * EDGE, 2 * EDGE)


class _Pictures(QAbstractListModel):
    def __init__(self, describe: Callable[[int], Picture]) -> None:
        super().__init__()
        self.count = 0
        self._describe = describe

    def rowCount(self, parent: Index | None = None) -> int:
        return self.count

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._describe(index.row()).caption
            case Qt.ItemDataRole.ToolTipRole | Qt.ItemDataRole.AccessibleTextRole:
                return self._describe(index.row()).tip
        return None


class _Painter(QStyledItemDelegate):
    """Paints by itself: the style sheet's own way costs ten times as much, with every frame."""

    def __init__(self, grid: PictureGrid) -> None:
        super().__init__(grid)
        self._grid = grid

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return self._grid.cell

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        picture, flags = self._grid.describe(index.row()), QStyle.StateFlag
        is_selected, is_current = option.state & flags.State_Selected, option.state & flags.State_HasFocus
        if is_selected or option.state & flags.State_MouseOver:
            painter.setPen(theme().accent if is_selected else theme().hairline)
            painter.setBrush(theme().hover if is_selected else theme().card)
            painter.drawRoundedRect(option.rect.adjusted(1, 1, -2, -2), 6, 6)
        if is_current:
            painter.setPen(focus_pen())
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(option.rect.adjusted(3, 3, -4, -4), 4, 4)
        edge = option.rect.adjusted(EDGE, EDGE, -EDGE, -EDGE)
        _paint_with_caption(painter, edge, picture.digit, picture.caption, picture.color)


def _size_with_caption(times: int, metrics: QFontMetrics, lines: int = 1) -> QSize:
    """Of a digit with so many pixels of the screen for each of its own, in a frame, with a caption."""
    side = times * SIDE + 2
    return QSize(side, side + GAP + lines * metrics.lineSpacing())


def _paint_with_caption(
    painter: QPainter, place: QRect, digit: QImage, caption: str, color: str, lines: int = 1
) -> None:
    """Paint a digit in a frame, with each of its pixels the same square, and a caption in this colour."""
    extra = _size_with_caption(0, painter.fontMetrics(), lines)
    side = min(place.width() - extra.width(), place.height() - extra.height()) // SIDE * SIDE
    square = QRect(0, 0, side, side)
    square.moveCenter(place.adjusted(0, 0, 0, -extra.height()).center())
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, on=False)  # which a list view sets
    painter.drawImage(square, digit)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(theme().hairline)
    painter.drawRect(square.adjusted(-1, -1, 0, 0))
    painter.setPen(color)
    below = QRect(place.left() - EDGE, square.bottom() + GAP, place.width() + 2 * EDGE, extra.height())
    flags = Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWordWrap
    for text, unbroken in BROKEN_NOWHERE:
        caption = caption.replace(text, unbroken)
    painter.drawText(below, flags, caption)
