"""The kept digits as pictures, each with what it is and what the network takes it for."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QKeyEvent
from PySide6.QtWidgets import QListView

from gui.controllers import Controllers
from gui.flow.scene import Scene
from gui.flow.scheduler import Part, Urgency
from gui.theme import theme
from gui.widgets.captioned_pictures import Picture, PictureGrid
from gui.widgets.digit_picture import ink_image
from gui.widgets.numbers import probability, with_article
from model.dataset import as_floats
from model.storage.own_digits import MOST_DIGITS, OwnDigit


class DigitsList(PictureGrid):
    """Chosen with mouse or arrow keys; the keys 0 to 9 say what the chosen ones are, Delete takes them out."""

    def __init__(self, controllers: Controllers) -> None:
        super().__init__("myDigitsList", "Your digits", 74, self._describe)
        self._controllers = controllers
        self._digits: tuple[OwnDigit, ...] = ()
        self._predicted: dict[bytes, int] = {}  # the digit, for pixels
        self._probabilities: dict[bytes, float] = {}  # and how likely it is
        self.setSelectionMode(QListView.SelectionMode.ExtendedSelection)
        self.activated.connect(self.show_on_pad)
        # Urgent: before the next key says what one of them is.
        self.parts = (Part(self._show_digits, ("own_digits",), Urgency.PEN),)

    @property
    def selected(self) -> list[OwnDigit]:
        """The chosen digits, in order."""
        return [self._digits[row] for row in sorted(index.row() for index in self.selectedIndexes())]

    def show_predictions(self, digits: Sequence[OwnDigit], probabilities: NDArray[np.floating]) -> None:
        """Show what a network predicts for digits, (digits, 10)."""
        pixels, before = [each.pixels for each in digits], self._predicted
        self._predicted = now = dict(zip(pixels, probabilities.argmax(axis=1).tolist(), strict=True))
        self._probabilities = dict(zip(pixels, probabilities.max(axis=1).tolist(), strict=True))
        shown = enumerate(each.pixels for each in self._digits)
        self.repaint_pictures([row for row, each in shown if before.get(each) != now.get(each)])

    def relabel(self, label: int) -> None:
        """Say what the chosen digits are."""
        self._controllers.own_digits.relabel(self.selected, label)

    def delete(self) -> None:
        """Take the chosen digits out of the collection."""
        self._controllers.own_digits.delete(self.selected)

    def show_on_pad(self) -> None:
        """Put the chosen digit on the pad, if it is one."""
        if len(self.selected) == 1:
            (digit,) = self.selected
            self._controllers.drawing.show_digit(as_floats(digit.image), label=digit.label)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        if self.selected and is_plain and event.text() in tuple("0123456789"):
            was_unknown = [digit.label for digit in self.selected] == [None]
            self.relabel(int(event.text()))
            if was_unknown:
                self._go_to_next_unknown()
        elif self.selected and event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.delete()
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, text: str) -> None:
        """Keys say what digits are; they do not look for one."""

    def _describe(self, row: int) -> Picture:
        digit = self._digits[row]
        label, caption, tip = digit.label, "?", "Nobody has said what this is"
        if label is not None:
            caption, tip = str(label), with_article(label).capitalize()
        predicted = self._predicted.get(digit.pixels, label)
        if predicted != label:
            caption = f"{caption}  →  {predicted}"
        if digit.pixels in self._predicted:
            tip = f"{tip}; the network answers {predicted}, with {probability(self._probabilities[digit.pixels])}"
        color = theme().secondary_text if label in (None, predicted) else theme().training
        return Picture(_picture(digit, theme().name), caption, f"{tip}.", color)

    def _show_digits(self, scene: Scene) -> None:
        before, digits = self._digits, scene.own_digits
        self._digits = digits
        if [each.pixels for each in digits] != [each.pixels for each in before]:
            row = self.currentIndex().row() if self.selectedIndexes() else -1
            self.clearSelection()  # which would be done without a signal if there are fewer
            self.show_pictures(len(digits))
            self.setCurrentIndex(self.model().index(min(row, len(digits) - 1), 0))
        self.viewport().update()
        if before and digits[: len(before)] == before != digits:  # others were added behind them
            self.scrollToBottom()

    def _go_to_next_unknown(self) -> None:
        count, here = len(self._digits), self.currentIndex().row()
        after = [(here + k) % count for k in range(1, count)]
        row = next((row for row in after if self._digits[row].label is None), here)
        self.setCurrentIndex(self.model().index(row, 0))


@lru_cache(maxsize=MOST_DIGITS)
def _picture(digit: OwnDigit, theme_name: str) -> QImage:
    """A digit in the colours of the theme, which the application wears."""
    return ink_image(as_floats(digit.image))
