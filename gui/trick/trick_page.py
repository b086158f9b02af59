"""Three ways to lead a network astray."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout

from gui.page import Page, Part
from gui.theme import Theme
from gui.trick.distortion_card import DistortionCard
from gui.trick.dream_card import DreamCard
from gui.trick.scribble_card import ScribbleCard
from model.dataset import Dataset


class TrickPage(Page):
    """Change the digit, dream up a perfect one, and ask about scribbles."""

    digit_made = Signal(object)  # (28, 28) float32, for the pad

    def __init__(self) -> None:
        super().__init__()
        self.distortion = DistortionCard()
        self.dream = DreamCard()
        self.scribbles = ScribbleCard()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        for card in (self.distortion, self.dream, self.scribbles):
            card.digit_made.connect(self.digit_made)
            layout.addWidget(card, 1)

    def use_dataset(self, dataset: Dataset) -> None:
        """Compare scribbles with test digits from here."""
        self.scribbles.use_dataset(dataset)

    def parts(self) -> Sequence[Part]:
        return [card.show_subject for card in (self.distortion, self.dream, self.scribbles)]

    def apply_theme(self, theme: Theme) -> None:
        for card in (self.distortion, self.dream, self.scribbles):
            card.apply_theme(theme)
