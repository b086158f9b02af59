"""From the pen to the network, step by step, and what the network would answer after each."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QGridLayout

from gui.drawing.drawing import Drawing
from gui.drawing.strokes import as_drawn, redrawn
from gui.scene import Scene
from gui.scheduler import Part
from gui.widgets.card import Card, FixedLabel, label
from gui.widgets.digit_picture import DigitPicture
from gui.widgets.numbers import prediction_in_words
from model.digit_image import PreprocessingOptions, center_digit
from model.network import Network

FROM_THE_PEN = "switch a step off to see what it is worth"
AS_IT_IS = "not drawn: the network gets it as it is"
WIDEST_ANSWER = "0  ·  100 %"


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


class StepsView(Card):
    """A picture for each step; it has the steps above it and to its left that are not switched off."""

    def __init__(self) -> None:
        super().__init__("From the pen to the network", FROM_THE_PEN)
        self.digits: list[NDArray[np.float32]] = []  # that the pictures show, (28, 28); none without a drawing
        self._drawing = Drawing()
        self._network: Network | None = None
        self._pictures = [DigitPicture() for _ in range(1 + len(STEPS))]
        self._answers = [FixedLabel(WIDEST_ANSWER, "secondary") for _ in self._pictures]
        self._switches = [self._switch(step) for step in STEPS]
        grid = QGridLayout()
        grid.setHorizontalSpacing(6)
        grid.setVerticalSpacing(4)
        heads = (label("As drawn"), *self._switches)
        for column, views in enumerate(zip(heads, self._pictures, self._answers, strict=True)):
            for row, view in enumerate(views):
                grid.addWidget(view, row, column, Qt.AlignmentFlag.AlignLeft)
            grid.setColumnStretch(column, 1)
        self.body.addLayout(grid)
        self.parts = (Part(self._show, ("drawing", "frame")),)

    @property
    def answers(self) -> list[str]:
        """What stands below the pictures."""
        return [answer.text() for answer in self._answers]

    def magnify(self, times: int) -> None:
        """Show a pixel of a picture as a square of so many pixels of the screen, at 100 percent."""
        for picture in self._pictures:
            picture.magnify(times)

    def _switch(self, step: Step) -> QCheckBox:
        box = QCheckBox(step.name)
        box.setObjectName(f"{step.field}Switch")
        box.setToolTip(step.tip)
        box.setChecked(True)
        box.toggled.connect(self._change_steps)
        return box

    def _show(self, scene: Scene) -> None:
        self._network = scene.network
        if scene.drawing is not self._drawing:  # else only the network is another
            self._drawing = scene.drawing
            self._show_digits()
        self._show_answers()

    def _change_steps(self) -> None:
        self._show_digits()
        self._show_answers()

    def _show_digits(self) -> None:
        self.explain(FROM_THE_PEN if self._drawing.pixels is None else AS_IT_IS)
        self.digits = self._after_each_step() if self._drawing.strokes else []
        for column, picture in enumerate(self._pictures):
            picture.show_digit(self.digits[column] if self.digits else None)

    def _show_answers(self) -> None:
        assert self._network is not None
        answers = [prediction_in_words(self._network.predict_digit(digit)) for digit in self.digits]
        for label_below, answer in zip(self._answers, answers or [""] * len(self._answers), strict=True):
            label_below.setText(answer)

    def _after_each_step(self) -> list[NDArray[np.float32]]:
        """The digit after none of the steps, after the first, after the first two, …"""
        ink, switches = as_drawn(self._drawing.strokes), zip(STEPS, self._switches, strict=True)
        fields = [step.field if switch.isChecked() else None for step, switch in switches]
        return [self._digit_after(fields[:count], ink) for count in range(len(STEPS) + 1)]

    def _digit_after(self, done: list[str | None], ink: NDArray[np.uint8]) -> NDArray[np.float32]:
        if done == [step.field for step in STEPS] and self._drawing.digit is not None:
            return self._drawing.digit  # which has been computed already
        # How wide a line is to be follows from how large the digit will be: without cropping, nobody knows.
        is_drawn_again = PEN in done and "crop" in done
        options = PreprocessingOptions(**{step.field: step.field in done for step in STEPS if step.field != PEN})
        return center_digit(redrawn(self._drawing.strokes) if is_drawn_again else ink, options)
