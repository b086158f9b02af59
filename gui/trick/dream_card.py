"""“A perfect 3”: the image goes uphill until the network is sure of it, watched live."""

from itertools import islice

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QButtonGroup, QCheckBox, QPushButton

from gui.card import Card, button, choice, label
from gui.drawing.prediction_view import ProbabilityBars
from gui.numbers import percent
from gui.page import Subject
from gui.theme import Theme
from gui.trick.captioned_picture import CaptionedPicture
from gui.trick.card_layout import button_row, fill
from model.analysis.dreaming import dream
from model.digit_image import SIDE

SEED = 3  # of the noise that it begins with
TICK = 33  # milliseconds
STEPS = 2  # a tick
MOST_STEPS = 400
SURE = 0.9999
FIRST = 3
BEGIN = "Choose a digit, and what to begin with."
HINT = "Here the weights stay, and each pixel goes where the probability rises: gradient ascent."


class DreamCard(Card):
    """Begins with noise or with the drawing; while it runs, digit, network and smoothness may change under it."""

    digit_made = Signal(object)  # (28, 28) float32
    finished = Signal()  # by itself

    def __init__(self) -> None:
        super().__init__(f"A perfect {FIRST}")
        self._subject: Subject | None = None
        self._image: NDArray[np.floating] | None = None  # (784,)
        self._random = np.random.default_rng(SEED)
        self._steps = 0
        self._timer = QTimer(self, interval=TICK)
        self._timer.timeout.connect(self._go_on)
        self._picture = CaptionedPicture("dreamLabel")
        self._picture.show_digit(None, BEGIN)
        self._bars = ProbabilityBars()
        self._bars.setObjectName("dreamBars")
        self._build_controls()
        self._build()

    @property
    def is_running(self) -> bool:
        """Whether the image still changes."""
        return self._timer.isActive()

    def show_subject(self, subject: Subject) -> None:
        """Ask the network of a subject from here on; its digit is what may be begun with."""
        self._subject = subject
        self._from_drawing.setEnabled(subject.digit is not None)
        self._refresh()

    def apply_theme(self, theme: Theme) -> None:
        """Take on the colours of a theme."""
        self._picture.apply_theme(theme)
        self._bars.apply_theme(theme)

    def hideEvent(self, event: QHideEvent) -> None:
        self._stop()

    def _build_controls(self) -> None:
        self._from_noise = button("From noise", "dreamFromNoiseButton", "Begin with pixels at random.")
        self._from_drawing = button("From the drawing", "dreamFromDrawingButton", "Begin with the digit on the pad.")
        self._stop_button = button("Stop", "stopDreamButton", "Leave the image as it is.")
        self._use = button("Put on the pad", "useDreamButton", "Let all views look at this image.")
        self._smooth = QCheckBox("Keep it smooth")
        self._smooth.setObjectName("smoothDreamSwitch")
        self._smooth.setToolTip(
            "Blur the image a little after each step. That is our addition, no wish of the network: "
            "it makes the image look more like a digit to people."
        )
        for disabled in (self._from_drawing, self._stop_button, self._use):
            disabled.setEnabled(False)
        self._from_noise.clicked.connect(self._begin_with_noise)
        self._from_drawing.clicked.connect(self._begin_with_drawing)
        self._stop_button.clicked.connect(self._stop)
        self._use.clicked.connect(self._use_image)

    def _build_choice(self) -> list[QPushButton]:
        self._choice = QButtonGroup(self)
        choices = []
        for digit in range(10):
            made = choice(str(digit), f"dream{digit}Button", f"Make the network ever surer that it sees a {digit}.")
            made.setChecked(digit == FIRST)
            self._choice.addButton(made, digit)
            choices.append(made)
        self._choice.idClicked.connect(self._choose)
        return choices

    def _build(self) -> None:
        upper = (
            label(HINT, "secondary", wrap=True),
            self._picture,
            button_row(self._build_choice(), 2),
            button_row((self._from_noise, self._from_drawing)),
            self._smooth,
        )
        fill(self, upper, self._bars, button_row((self._stop_button, self._use)))

    @property
    def _digit(self) -> int:
        return self._choice.checkedId()

    def _choose(self, digit: int) -> None:
        self.set_title(f"A perfect {digit}", "")
        self._steps = 0
        self._refresh()

    def _begin_with_noise(self) -> None:
        self._begin(self._random.random(SIDE * SIDE, np.float32))

    def _begin_with_drawing(self) -> None:
        if self._subject is not None and self._subject.digit is not None:
            self._begin(self._subject.digit.reshape(-1))

    def _begin(self, image: NDArray[np.floating]) -> None:
        self._image, self._steps = image, 0
        self._stop_button.setEnabled(True)
        self._use.setEnabled(True)
        self._timer.start()
        self._refresh()

    def _stop(self) -> None:
        self._timer.stop()
        self._stop_button.setEnabled(False)

    def _go_on(self) -> None:
        assert self._subject is not None
        assert self._image is not None
        # Begun anew at each tick: whatever was changed in between counts from here on.
        images = dream(self._subject.network, self._image, self._digit, smooth=self._smooth.isChecked())
        *_, self._image = islice(images, STEPS)
        self._steps += STEPS
        if self._refresh() >= SURE or self._steps >= MOST_STEPS:
            self._stop()
            self.finished.emit()

    def _refresh(self) -> float:
        """Show the image and the answer; return the probability of the digit."""
        if self._subject is None or self._image is None:
            return 0.0
        probabilities = self._subject.network.predict_digit(self._image)
        probability = float(probabilities[self._digit])
        if probability > 0.5:
            sentence = f"To the network this is a {self._digit}: {percent(probability, 2)}. To you?"
        else:
            when = "So far" if self._steps < MOST_STEPS else f"After {MOST_STEPS} steps"
            sentence = f"{when} the network gives a {self._digit} only {percent(probability, 2)}."
        self._picture.show_digit(self._image.reshape(SIDE, SIDE).astype(np.float32), sentence)
        self._bars.show_probabilities(probabilities)
        return probability

    def _use_image(self) -> None:
        self._stop()
        if self._image is not None:
            self.digit_made.emit(self._image.reshape(SIDE, SIDE).astype(np.float32))
