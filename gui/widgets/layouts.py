"""Widgets beside one another and below one another, written the way they are read."""

from collections.abc import Iterable
from typing import TypeVar

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
