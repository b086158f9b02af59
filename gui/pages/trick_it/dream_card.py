"""“A perfect 3”: the image goes uphill until the network is sure of it, watched live."""

from itertools import islice

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QTimer
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QCheckBox

from gui.controllers import Controllers
from gui.flow.scene import Scene
from gui.flow.scheduler import Part
from gui.widgets.captioned_pictures import CaptionedPicture
from gui.widgets.card import Card, button, label, named, small_button
from gui.widgets.digit_buttons import DigitButtons
from gui.widgets.layouts import column, row
from gui.widgets.numbers import probability, with_article
from gui.widgets.probability_bars import ProbabilityBars
from model.analysis.dreaming import dream
from model.digit_image import SIDE

SEED = 3  # of the noise that it starts with
TICK = 50  # milliseconds
STEPS = 3  # a tick
MOST_STEPS = 420
SURE = 0.9999
FIRST = 3
HINT = "The weights stay; each pixel goes where the probability rises."
HINT_TIP = "Gradient ascent: every step follows the gradient of the log-probability in the pixels."
SMOOTH_TIP = (
    "Blur the image a little after each step. The network does not ask for that: "
    "it makes the image look more like a digit to people."
)


class DreamCard(Card):
    """Starts from noise or from the drawing; while it runs, digit, network and smoothness may change under it."""

    def __init__(self, controllers: Controllers) -> None:
        super().__init__(f"A perfect {FIRST}")
        self._title.setObjectName("dreamTitle")
        self._scheduler = controllers.scheduler
        self._drawing = controllers.drawing
        self._random = np.random.default_rng(SEED)
        self._digit = FIRST
        self._image: NDArray[np.floating] | None = None  # (784,)
        self._steps = 0
        self._timer = QTimer(self, interval=TICK)
        self._timer.timeout.connect(self._advance)
        self._picture = CaptionedPicture("dreamedDigit", lines=2)
        self._picture.show_digit(None, "Choose a digit, and what to start with.")
        self._bars = ProbabilityBars("dreamBars")
        self._build()
        self.parts = (
            Part(lambda scene: self._from_drawing.setEnabled(scene.digit is not None), ("digit",)),
            Part(self._show, ("network",)),
        )

    @property
    def is_running(self) -> bool:
        """Whether the image still changes."""
        return self._timer.isActive()

    def hideEvent(self, event: QHideEvent) -> None:
        self._stop()

    def _build(self) -> None:
        hint = label(HINT, "secondary", wrap=True)
        hint.setToolTip(HINT_TIP)
        digits = DigitButtons("dream", "Make the network ever more certain that it sees {}.", self._choose)
        digits.check(FIRST)
        tip = "Start with random pixels."
        from_noise = small_button("From noise", "dreamFromNoiseButton", tip, self._start_from_noise)
        tip = "Start with the digit on the pad."
        self._from_drawing = small_button("From drawing", "dreamFromDrawingButton", tip, self._start_from_drawing)
        self._smooth = named(QCheckBox("Keep it smooth"), "smoothDreamSwitch", tip=SMOOTH_TIP)
        self._end = button("Stop", "stopDreamButton", "Leave the image as it is.", self._stop)
        self._use = button("Put on the pad", "useDreamButton", "Let all views look at this image.", self._use_image)
        self._end.setEnabled(False)
        self._use.setEnabled(False)
        starts = row((from_noise, 1), (self._from_drawing, 1))
        upper = column(hint, self._picture, digits, starts, self._smooth)
        self.add((upper, 2), (self._bars, 1), row((self._end, 1), (self._use, 1)))

    def _choose(self, digit: int) -> None:
        self._digit, self._steps = digit, 0
        self.set_title(f"A perfect {digit}", "")
        self._show(self._scheduler.scene)

    def _start_from_noise(self) -> None:
        self._start(self._random.random(SIDE * SIDE, np.float32))

    def _start_from_drawing(self) -> None:
        image = self._scheduler.scene.image
        if image is not None:
            self._start(image)

    def _start(self, image: NDArray[np.floating]) -> None:
        self._image, self._steps = image, 0
        self._end.setEnabled(True)
        self._use.setEnabled(True)
        self._timer.start()
        self._show(self._scheduler.scene)

    def _stop(self) -> None:
        self._timer.stop()
        self._end.setEnabled(False)

    def _advance(self) -> None:
        assert self._image is not None
        scene = self._scheduler.scene
        # Started again at each tick: whatever was changed in between counts from here on.
        images = dream(scene.network, self._image, self._digit, smooth=self._smooth.isChecked())
        *_, self._image = islice(images, STEPS)
        self._steps += STEPS
        self._show(scene)
        if scene.network.predict_digit(self._image)[self._digit] >= SURE or self._steps >= MOST_STEPS:
            self._stop()

    def _show(self, scene: Scene) -> None:
        if self._image is None:
            return
        probabilities = scene.network.predict_digit(self._image)
        digit, share = with_article(self._digit), probability(probabilities[self._digit], 2)
        if probabilities[self._digit] > 0.5:
            sentence = f"To the network this is {digit}: {share}. To you?"
        else:
            when = "So far" if self._steps < MOST_STEPS else f"After {MOST_STEPS} steps"
            sentence = f"{when} the network gives {digit} a probability of only {share}."
        self._picture.show_digit(self._image.reshape(SIDE, SIDE).astype(np.float32), sentence)
        self._bars.show_probabilities(probabilities)

    def _use_image(self) -> None:
        self._stop()
        if self._image is not None:
            self._drawing.show_digit(self._image)
