"""Which of the ten digits is meant."""

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QGridLayout, QWidget

from gui.widgets.card import toggle_button
from gui.widgets.numbers import with_article


class DigitButtons(QWidget):
    """Ten small buttons, "0" to "9", of which one is checked, or none."""

    def __init__(self, name: str, tip: str, act: Callable[[int], object], in_a_row: int = 10) -> None:
        """The tip has {} for "a 3". A click checks a button and calls `act` with its digit."""
        super().__init__()
        self.setObjectName(f"{name}Digits")
        self._act = act
        self._buttons = []
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(2)
        for digit in range(10):
            sentence = tip.format(with_article(digit))
            button = toggle_button(str(digit), f"{name}{digit}Button", sentence, partial(self._choose, digit))
            button.setAccessibleName(sentence.removesuffix("."))
            grid.addWidget(button, *divmod(digit, in_a_row))
            self._buttons.append(button)

    def check(self, digit: int | None) -> None:
        """Check the button of a digit, or none."""
        for each, button in enumerate(self._buttons):
            button.setChecked(each == digit)

    def _choose(self, digit: int) -> None:
        self.check(digit)  # also where it was already: the click has unchecked it
        self._act(digit)
