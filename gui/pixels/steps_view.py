"""From the pen to the network, step by step, and what the network would answer after each."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QGridLayout, QWidget

from gui.card import label, steady
from gui.drawing.digit_image import DigitImage
from gui.drawing.strokes import Stroke, as_drawn, redrawn
from gui.numbers import answer_in_words
from gui.theme import Theme
from model.digit_image import PreprocessingOptions, center_digit
from model.network import Network

WIDEST_ANSWER = "0  ·  100 %"
MAGNIFIED = 5  # pixels of the screen for one of a picture


@dataclass(frozen=True)
class Step:
    """One step on the way."""

    field: str  # of PreprocessingOptions; or PEN, which comes before them
    name: str
    tip: str


PEN = "pen"
STEPS = (
    Step("crop", "Crop", "Look at the ink alone: where on the sheet it was drawn, and how large, no longer matters."),
    Step("scale", "Margin", "Fit the ink into 20 of the 28 pixels, as the makers of MNIST did."),
    Step("center", "Centre", "Put the centre of mass into the middle: a long tail does not push a digit aside."),
    Step(PEN, "Pen", "Draw the lines again as wide as MNIST's pen, so that small drawings do not get fat strokes."),
)


class StepsView(QWidget):
    """A picture for each step; it has the steps above it and to its left that are not switched off."""

    def __init__(self) -> None:
        super().__init__()
        self._strokes: Sequence[Stroke] = ()
        self._network: Network | None = None
        self._pictures = [DigitImage() for _ in range(1 + len(STEPS))]
        self._answers = [steady(label("", "secondary"), WIDEST_ANSWER) for _ in self._pictures]
        self._switches = [self._switch(step) for step in STEPS]
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(18)
        grid.setVerticalSpacing(4)
        for column, head in enumerate((label("As drawn"), *self._switches)):
            picture, answer = self._pictures[column], self._answers[column]
            picture.magnify(MAGNIFIED)
            answer.setAlignment(Qt.AlignmentFlag.AlignCenter)
            grid.addWidget(head, 0, column)
            grid.addWidget(picture, 1, column)
            grid.addWidget(answer, 2, column, Qt.AlignmentFlag.AlignHCenter)
        grid.setColumnStretch(len(self._pictures), 1)

    @property
    def answers(self) -> list[str]:
        """What stands below the pictures."""
        return [answer.text() for answer in self._answers]

    def show_strokes(self, strokes: Sequence[Stroke], network: Network) -> None:
        """Show what becomes of strokes on their way to a network; without strokes, nothing."""
        self._strokes, self._network = strokes, network
        self._refresh()

    def apply_theme(self, theme: Theme) -> None:
        """Take on the colours of a theme."""
        for picture in self._pictures:
            picture.apply_theme(theme)

    def _switch(self, step: Step) -> QCheckBox:
        box = QCheckBox(step.name)
        box.setObjectName(f"{step.field}Switch")
        box.setToolTip(step.tip)
        box.setChecked(True)
        box.toggled.connect(self._refresh)
        return box

    def _refresh(self) -> None:
        if self._strokes:
            self._ink, self._redrawn = as_drawn(self._strokes), redrawn(self._strokes)
        done = {step.field: False for step in STEPS}
        self._show(0, done)
        for k, (step, switch) in enumerate(zip(STEPS, self._switches, strict=True), start=1):
            done[step.field] = switch.isChecked()
            self._show(k, done)

    def _show(self, column: int, done: dict[str, bool]) -> None:
        digit = self._digit_after(done)
        self._pictures[column].show_digit(digit)
        if digit is None or self._network is None:
            self._answers[column].setText("")
        else:
            self._answers[column].setText(answer_in_words(self._network.predict_digit(digit)))

    def _digit_after(self, done: dict[str, bool]) -> NDArray[np.float32] | None:
        if not self._strokes:
            return None
        steps = PreprocessingOptions(**{field: is_done for field, is_done in done.items() if field != PEN})
        # How wide a line is to be follows from how large the digit will be: without cropping, nobody knows.
        return center_digit(self._redrawn if done[PEN] and steps.crop else self._ink, steps)
