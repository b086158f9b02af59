"""The page Trick it: three ways to lead a network astray."""

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout

from gui.controllers import Controllers
from gui.pages.page import Page
from gui.pages.trick_it.distortion_card import DistortionCard
from gui.pages.trick_it.dream_card import DreamCard
from gui.pages.trick_it.scribble_card import ScribbleCard

GAP = 10  # pixels between two cards


class TrickPage(Page):
    """Change the digit, dream up a perfect one, ask about scribbles: as many cards in a row as there is room for."""

    title = "Trick it"
    asks_network = True

    def __init__(self, controllers: Controllers) -> None:
        super().__init__(controllers)
        self._cards = DistortionCard(controllers), DreamCard(controllers), ScribbleCard(controllers)
        self._columns = 0
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(GAP)
        self._arrange(len(self._cards))
        self.parts = tuple(part for card in self._cards for part in card.parts)

    def minimumSizeHint(self) -> QSize:
        """One card below the other, if need be."""
        return QSize(max(card.minimumSizeHint().width() for card in self._cards), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        columns = (self.width() + GAP) // (self.minimumSizeHint().width() + GAP)
        self._arrange(min(max(1, columns), len(self._cards)))

    def _arrange(self, columns: int) -> None:
        """The cards of a row are equally wide; the last card takes what is left of its row."""
        if columns != self._columns:
            self._columns, last = columns, len(self._cards) - 1
            for k, card in enumerate(self._cards):
                line, place = divmod(k, columns)
                self._grid.addWidget(card, line, place, 1, columns - place if k == last else 1)
                self._grid.setColumnStretch(k, int(k < columns))
