"""Widgets beside one another and below one another, written the way they are read."""

from collections.abc import Iterable
from typing import TypeVar

from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLayout, QVBoxLayout, QWidget

STRETCH = "stretch"  # takes the room that is left
Piece = QWidget | QLayout
Box = TypeVar("Box", bound=QBoxLayout)
Margins = tuple[int, int, int, int]  # left, top, right, bottom
Item = Piece | tuple[Piece, int] | int | str  # with how much of the room it takes; pixels of space; STRETCH


def row(*items: Item, spacing: int = 6, margins: Margins = (0, 0, 0, 0)) -> QHBoxLayout:
    """From left to right."""
    return _fill(QHBoxLayout(), items, spacing, margins)


def column(*items: Item, spacing: int = 6, margins: Margins = (0, 0, 0, 0)) -> QVBoxLayout:
    """From top to bottom."""
    return _fill(QVBoxLayout(), items, spacing, margins)


def add(layout: QBoxLayout, items: Iterable[Item]) -> None:
    """Add items at the end of a layout."""
    for item in items:
        piece, share = item if isinstance(item, tuple) else (item, 0)
        if isinstance(piece, QWidget):
            layout.addWidget(piece, share)
        elif isinstance(piece, QLayout):
            layout.addLayout(piece, share)
        elif isinstance(piece, int):
            layout.addSpacing(piece)
        else:
            layout.addStretch()


def _fill(layout: Box, items: Iterable[Item], spacing: int, margins: Margins) -> Box:
    layout.setSpacing(spacing)
    layout.setContentsMargins(*margins)
    add(layout, items)
    return layout


class FoldingRow(QWidget):
    """Items beside one another where there is room for all, else one below the other."""

    def __init__(self, *items: Item, spacing: int = 10) -> None:
        super().__init__()
        self._layout = row(*items, spacing=spacing)
        self.setLayout(self._layout)

    def minimumSizeHint(self) -> QSize:
        return QSize(max(self._widths()), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._arrange()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:  # an item came or went, or is another size
            self._arrange()
        return super().event(event)

    def _arrange(self) -> None:
        needed = sum(self._widths()) + self._layout.spacing() * (self._layout.count() - 1)
        fits = self.width() >= needed
        self._layout.setDirection(QBoxLayout.Direction.LeftToRight if fits else QBoxLayout.Direction.TopToBottom)

    def _widths(self) -> list[int]:
        items = map(self._layout.itemAt, range(self._layout.count()))
        return [item.minimumSize().width() for item in items if item]
