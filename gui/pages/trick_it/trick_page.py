"""The page Trick it: three ways to lead a network astray."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QResizeEvent

from gui.controllers import Controllers
from gui.pages.page import Page
from gui.pages.trick_it.distortion_card import DistortionCard
from gui.pages.trick_it.dream_card import DreamCard
from gui.pages.trick_it.scribble_card import ScribbleCard
from gui.widgets.card import Card

GAP = 10  # pixels between two cards


class TrickPage(Page):
    """Change the digit, dream up a perfect one, ask about scribbles: as many cards in a row as there is room for."""

    title = "Trick it"

    def __init__(self, controllers: Controllers) -> None:
        super().__init__(controllers)
        self._cards = DistortionCard(controllers), DreamCard(controllers), ScribbleCard(controllers)
        for card in self._cards:
            card.setParent(self)
        self.parts = tuple(part for card in self._cards for part in card.parts)
        policy = self.sizePolicy()
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def minimumSizeHint(self) -> QSize:
        return QSize(max(card.minimumSizeHint().width() for card in self._cards), 0)

    def heightForWidth(self, width: int) -> int:
        """The least that the cards need."""
        rows = self._rows(width)
        return sum(_least_height(row, width) for row in rows) + GAP * (len(rows) - 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._place()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self._place()
            self.updateGeometry()  # the scroll area does not ask again by itself
        return super().event(event)

    def _rows(self, width: int) -> list[Sequence[Card]]:
        columns = max(1, (width + GAP) // (self.minimumSizeHint().width() + GAP))
        return [self._cards[k : k + columns] for k in range(0, len(self._cards), columns)]

    def _place(self) -> None:
        """Every row gets what it needs and its share of what is left; the cards of a row are equally wide."""
        rows, top = self._rows(self.width()), 0
        spare = max(0, self.height() - self.heightForWidth(self.width()))
        for row in rows:
            height, width = _least_height(row, self.width()) + spare // len(rows), _card_width(row, self.width())
            for k, card in enumerate(row):
                card.setGeometry(k * (width + GAP), top, width, height)
            top += height + GAP


def _card_width(row: Sequence[Card], width: int) -> int:
    return (width + GAP) // len(row) - GAP


def _least_height(row: Sequence[Card], width: int) -> int:
    return max(card.body.totalMinimumHeightForWidth(_card_width(row, width)) for card in row)
