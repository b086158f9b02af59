"""How the cards are filled that show pictures and ten bars: alike, so that neighbours are level."""

from collections.abc import Sequence

from PySide6.QtWidgets import QHBoxLayout, QLayout, QPushButton, QVBoxLayout, QWidget

from gui.widgets.card import Card

UPPER, BARS = 2, 1  # shares of the height


def fill(card: Card, upper: Sequence[QWidget | QLayout], bars: QWidget, buttons: QLayout) -> None:
    """Put pictures and controls into the upper part of a card, bars below them, and buttons at its end."""
    above = QVBoxLayout()
    above.setSpacing(6)
    for item in upper:
        if isinstance(item, QLayout):
            above.addLayout(item)
        else:
            above.addWidget(item)
    card.body.addLayout(above, UPPER)
    card.body.addWidget(bars, BARS)
    card.body.addLayout(buttons)


def button_row(buttons: Sequence[QPushButton], spacing: int = 6) -> QHBoxLayout:
    """Buttons that share the width of their card."""
    row = QHBoxLayout()
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(spacing)
    for button in buttons:
        row.addWidget(button, 1)
    return row
