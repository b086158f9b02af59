"""“A perfect 3”: the image goes uphill until the network is sure of it, watched live."""

from itertools import islice

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QTimer
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QButtonGroup, QCheckBox, QPushButton, QWidget

from gui.controllers import Controllers
from gui.pages.trick_it.captioned_picture import CaptionedPicture
from gui.pages.trick_it.card_layout import button_row, fill
from gui.scene import Scene
from gui.scheduler import Part
from gui.widgets.card import Card, button, label, small_button, toggle_button
from gui.widgets.numbers import percent, with_article
from gui.widgets.probability_bars import ProbabilityBars
from model.analysis.dreaming import dream
from model.digit_image import SIDE

SEED = 3  # of the noise that it starts with
TICK = 50  # milliseconds
STEPS = 3  # a tick
MOST_STEPS = 420
SURE = 0.9999
FIRST = 3
START = "Choose a digit, and what to start with."
HINT = "The weights stay; each pixel goes where the probability rises."


class DreamCard(Card):
    """Starts from noise or from the drawing; while it runs, digit, network and smoothness may change under it."""

    def __init__(self, controllers: Controllers) -> None:
        super().__init__(f"A perfect {FIRST}")
        self._title.setObjectName("dreamTitle")
        self._scheduler = controllers.scheduler
        self._drawing = controllers.drawing
        self._random = np.random.default_rng(SEED)
        self._image: NDArray[np.floating] | None = None  # (784,)
        self._steps = 0
        self._timer = QTimer(self, interval=TICK)
        self._timer.timeout.connect(self._advance)
        self._picture = CaptionedPicture("dreamedDigit", lines=2)
        self._picture.show_digit(None, START)
        self._bars = ProbabilityBars("dreamBars")
        self._build()
        self.parts = (
            Part(self._update_enabled, ("digit",)),
            Part(self._show, ("frame",)),
        )

    @property
    def is_running(self) -> bool:
        """Whether the image still changes."""
        return self._timer.isActive()

    def hideEvent(self, event: QHideEvent) -> None:
        self._stop()

    def _build(self) -> None:
        from_noise = small_button("From noise", "dreamFromNoiseButton", "Start with random pixels.")
        self._from_drawing = small_button("From drawing", "dreamFromDrawingButton", "Start with the digit on the pad.")
        self._stop_button = button("Stop", "stopDreamButton", "Leave the image as it is.")
        self._use = button("Put on the pad", "useDreamButton", "Let all views look at this image.")
        for disabled in (self._from_drawing, self._stop_button, self._use):
            disabled.setEnabled(False)
        self._smooth = QCheckBox("Keep it smooth")
        self._smooth.setObjectName("smoothDreamSwitch")
        self._smooth.setToolTip(
            "Blur the image a little after each step. The network does not ask for that: "
            "it makes the image look more like a digit to people."
        )
        hint = label(HINT, "secondary", wrap=True)
        hint.setToolTip("Gradient ascent: every step follows the gradient of the log-probability in the pixels.")
        starts = button_row((from_noise, self._from_drawing))
        upper = (hint, self._picture, self._digit_row(), starts, self._smooth)
        fill(self, upper, self._bars, button_row((self._stop_button, self._use)))
        from_noise.clicked.connect(lambda: self._start(self._random.random(SIDE * SIDE, np.float32)))
        self._from_drawing.clicked.connect(self._start_from_drawing)
        self._stop_button.clicked.connect(self._stop)
        self._use.clicked.connect(self._use_image)

    def _digit_row(self) -> QWidget:
        self._digits = QButtonGroup(self)
        buttons: list[QPushButton] = []
        for digit in range(10):
            tip = f"Make the network ever more certain that it sees {with_article(digit)}."
            buttons.append(toggle_button(str(digit), f"dream{digit}Button", tip))
            self._digits.addButton(buttons[-1], digit)
        buttons[FIRST].setChecked(True)
        self._digits.idClicked.connect(self._choose)
        row = QWidget()
        row.setObjectName("dreamDigits")
        row.setLayout(button_row(buttons, 2))
        return row

    @property
    def _digit(self) -> int:
        return self._digits.checkedId()

    def _choose(self, digit: int) -> None:
        self.set_title(f"A perfect {digit}", "")
        self._steps = 0
        self._show(self._scheduler.scene)

    def _update_enabled(self, scene: Scene) -> None:
        self._from_drawing.setEnabled(scene.digit is not None)

    def _start(self, image: NDArray[np.floating]) -> None:
        self._image, self._steps = image, 0
        self._stop_button.setEnabled(True)
        self._use.setEnabled(True)
        self._timer.start()
        self._show(self._scheduler.scene)

    def _start_from_drawing(self) -> None:
        image = self._scheduler.scene.image
        if image is not None:
            self._start(image)

    def _stop(self) -> None:
        self._timer.stop()
        self._stop_button.setEnabled(False)

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
        digit, share = with_article(self._digit), percent(probabilities[self._digit], 2)
        if probabilities[self._digit] > 0.5:
            sentence = f"To the network this is {digit}: {share}. To you?"
        else:
            when = "So far" if self._steps < MOST_STEPS else f"After {MOST_STEPS} steps"
            sentence = f"{when} the network gives {digit} only {share}."
        self._picture.show_digit(self._image.reshape(SIDE, SIDE).astype(np.float32), sentence)
        self._bars.show_probabilities(probabilities)

    def _use_image(self) -> None:
        self._stop()
        if self._picture.digit is not None:
            self._drawing.show_digit(self._picture.digit)
