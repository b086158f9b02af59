"""From the pen to the network, step by step, and what the network would answer after each."""

from functools import lru_cache
from itertools import zip_longest

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QGridLayout

from gui.flow.drawing import Drawing
from gui.flow.scene import Scene
from gui.flow.scheduler import Part, Scheduler
from gui.flow.strokes import as_drawn, redrawn
from gui.widgets.card import Card, FixedLabel, label, named
from gui.widgets.digit_picture import DigitPicture
from gui.widgets.numbers import prediction_in_words
from model.digit_image import PreprocessingOptions, center_digit

FROM_THE_PEN = "switch a step off to see what it is worth"
AS_IT_IS = "not drawn: the network gets it as it is"
WIDEST_ANSWER = "0  ·  > 99 %"
PEN = "pen"  # the step before those of PreprocessingOptions
STEPS = {  # what each is called, and why it is done
    "crop": ("Crop", "Look at the ink alone: where on the sheet it was drawn, and how large, no longer matters."),
    "scale": ("Margin", "Fit the ink into 20 of the 28 pixels, as the makers of MNIST did."),
    "center": ("Centre", "Put the centre of mass into the middle: a long tail does not push a digit aside."),
    PEN: (
        "Pen",
        "Draw the lines again as wide as MNIST's pen, so that small drawings do not get fat strokes. "
        "That needs Crop: without it, nobody knows how large the digit will be.",
    ),
}


class StepsView(Card):
    """A picture for each step; it has the steps above it and to its left that are not switched off."""

    def __init__(self, scheduler: Scheduler) -> None:
        super().__init__("From the pen to the network", FROM_THE_PEN)
        self.digits: list[NDArray[np.float32]] = []  # that the pictures show, (28, 28); none without a drawing
        self._switches = {step: named(QCheckBox(name), f"{step}Switch", tip=tip) for step, (name, tip) in STEPS.items()}
        for switch in self._switches.values():
            switch.setChecked(True)
            switch.toggled.connect(lambda: self._show(scheduler.scene))
        heads = (label("As drawn"), *self._switches.values())
        self._pictures = [DigitPicture() for _ in heads]
        self._answers = [FixedLabel(WIDEST_ANSWER, "secondary") for _ in heads]
        grid = QGridLayout()
        grid.setHorizontalSpacing(6)
        grid.setVerticalSpacing(4)
        for row, views in enumerate((heads, self._pictures, self._answers)):
            for column, view in enumerate(views):
                grid.addWidget(view, row, column, Qt.AlignmentFlag.AlignLeft)
                grid.setColumnStretch(column, 1)
        self.add(grid)
        self.parts = (Part(self._show, ("drawing", "network")),)

    @property
    def answers(self) -> list[str]:
        """What stands below the pictures."""
        return [answer.text() for answer in self._answers]

    def magnify(self, times: int) -> None:
        """Show a pixel of a picture as a square of so many pixels of the screen, at 100 percent."""
        for picture in self._pictures:
            picture.magnify(times)

    def _show(self, scene: Scene) -> None:
        self.explain(FROM_THE_PEN if scene.drawing.pixels is None else AS_IT_IS)
        self._switches[PEN].setEnabled(self._switches["crop"].isChecked())
        done = tuple(step if switch.isChecked() else "" for step, switch in self._switches.items())
        self.digits = _after_each_step(scene.drawing, done) if scene.drawing.strokes else []
        for digit, picture, answer in zip_longest(self.digits, self._pictures, self._answers):
            picture.show_digit(digit)
            answer.setText("" if digit is None else prediction_in_words(scene.network.predict_digit(digit)))


@lru_cache(maxsize=1)  # as long as only the network is another
def _after_each_step(drawing: Drawing, steps: tuple[str, ...]) -> list[NDArray[np.float32]]:
    """The digit after none of the steps, after the first, after the first two, …; one that is left out is ""."""
    ink = as_drawn(drawing.strokes)
    return [_digit_after(drawing, ink, steps[:count]) for count in range(len(steps) + 1)]


def _digit_after(drawing: Drawing, ink: NDArray[np.uint8], steps: tuple[str, ...]) -> NDArray[np.float32]:
    if steps == (*STEPS,) and drawing.digit is not None:
        return drawing.digit  # which has been computed already
    if PEN in steps and "crop" in steps:
        ink = redrawn(drawing.strokes)
    return center_digit(ink, PreprocessingOptions("crop" in steps, "scale" in steps, "center" in steps))
