"""“Change it”: the digit on the pad, changed, and the answer that follows."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout

from gui.card import Card, button, label
from gui.drawing.prediction_view import ProbabilityBars
from gui.numbers import answer_in_words
from gui.page import Subject
from gui.theme import Theme
from gui.trick.captioned_picture import CaptionedPicture
from gui.trick.card_layout import button_row, fill
from gui.trick.distortion_sliders import DistortionSliders
from model.analysis.distortion import distorted

SEED = 28  # of the noise: the same pattern at every place of the slider, so that it does not flicker
LESSON = "The network was trained on upright digits in the middle. How far does that carry?"
HINT = "Draw a digit in the window first: here you can move it, turn it and spoil it."

Answer = NDArray[np.floating]  # ten probabilities


class DistortionCard(Card):
    """Before and after, and the sliders between them."""

    digit_made = Signal(object)  # (28, 28) float32

    def __init__(self) -> None:
        super().__init__("Change it")
        self._subject: Subject | None = None
        self._changed: NDArray[np.float32] | None = None
        self._lesson = label(LESSON, "secondary", wrap=True)
        self._before = CaptionedPicture("answerBeforeLabel", "secondary")
        self._after = CaptionedPicture("answerAfterLabel")
        self._sliders = DistortionSliders()
        self._bars = ProbabilityBars()
        self._bars.setObjectName("distortedBars")
        self._reset = button("Reset", "resetDistortionButton", "Bring all sliders back to zero.")
        self._use = button("Put on the pad", "useDistortedButton", "Let all views look at the changed digit.")
        self._build()
        self._sliders.changed.connect(self._refresh)
        self._reset.clicked.connect(self._sliders.reset)
        self._use.clicked.connect(self._use_changed)

    def show_subject(self, subject: Subject) -> None:
        """Change the digit of a subject, and ask its network."""
        self._subject = subject
        self._refresh()

    def apply_theme(self, theme: Theme) -> None:
        """Take on the colours of a theme."""
        for each in (self._before, self._after, self._bars):
            each.apply_theme(theme)

    def _build(self) -> None:
        pictures = QHBoxLayout()
        pictures.setSpacing(4)
        pictures.addWidget(self._before, 1)
        pictures.addWidget(label("→", "secondary"))
        pictures.addWidget(self._after, 1)
        fill(self, (self._lesson, pictures, self._sliders), self._bars, button_row((self._reset, self._use)))

    def _refresh(self) -> None:
        if self._subject is None or self._subject.digit is None:
            self._changed = None
            self._show(HINT, None, None)
        else:
            network, digit = self._subject.network, self._subject.digit
            self._changed = distorted(digit, self._sliders.distortion, np.random.default_rng(SEED))
            self._show(LESSON, network.predict_digit(digit), network.predict_digit(self._changed))

    def _show(self, lesson: str, before: Answer | None, after: Answer | None) -> None:
        digit = None if self._subject is None else self._subject.digit
        self._lesson.setText(lesson)
        self._use.setEnabled(digit is not None)
        self._before.show_digit(digit, "" if before is None else answer_in_words(before))
        self._after.show_digit(self._changed, "" if after is None else answer_in_words(after))
        self._bars.show_probabilities(after)

    def _use_changed(self) -> None:
        changed = self._changed
        self._sliders.reset()  # first: what comes back from the pad is changed already
        self.digit_made.emit(changed)
