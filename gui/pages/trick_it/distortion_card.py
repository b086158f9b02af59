"""“Change it”: the digit on the pad, changed, and the prediction that follows."""

import numpy as np

from gui.controllers import Controllers
from gui.flow.scene import Scene
from gui.flow.scheduler import Part
from gui.pages.trick_it.distortion_sliders import DistortionSliders
from gui.widgets.captioned_pictures import CaptionedPicture
from gui.widgets.card import Card, button, label
from gui.widgets.layouts import column, row
from gui.widgets.numbers import prediction_in_words
from gui.widgets.probability_bars import ProbabilityBars
from model.analysis.distortion import distorted

SEED = 28  # of the noise: the same pattern at every place of the slider, so that it does not flicker
LESSON = "Training digits are upright and centred. How far does that carry?"
HINT = "Draw a digit first: here you can move it, turn it and spoil it."


class DistortionCard(Card):
    """Before and after, and the sliders between them."""

    def __init__(self, controllers: Controllers) -> None:
        super().__init__("Change it")
        self._controllers = controllers
        self._lesson = label(HINT, "secondary", wrap=True, name="distortionLabel")
        self._before, self._after = CaptionedPicture("digitBefore"), CaptionedPicture("digitAfter")
        self._sliders = DistortionSliders(lambda: self._show(controllers.scheduler.scene))
        self._bars = ProbabilityBars("distortedBars")
        reset = button("Reset", "resetDistortionButton", "Bring all sliders back to zero.", self._sliders.reset)
        tip = "Let all views look at the changed digit."
        self._use = button("Put on the pad", "useDistortedButton", tip, self._use_changed)
        pictures = row((self._before, 1), label("→", "secondary"), (self._after, 1), spacing=4)
        upper = column(self._lesson, pictures, self._sliders)
        self.add((upper, 2), (self._bars, 1), row((reset, 1), (self._use, 1)))
        self.parts = (Part(self._show, ("digit", "network")),)

    def _show(self, scene: Scene) -> None:
        digit, network = scene.digit, scene.network
        self._use.setEnabled(digit is not None)
        self._lesson.setText(HINT if digit is None else LESSON)
        if digit is None:
            self._before.show_digit(None, "")
            self._after.show_digit(None, "")
            self._bars.show_probabilities(None)
            return
        changed = distorted(digit, self._sliders.distortion, np.random.default_rng(SEED))
        probabilities = network.predict_digit(changed)
        self._before.show_digit(digit, prediction_in_words(network.predict_digit(digit)))
        self._after.show_digit(changed, prediction_in_words(probabilities))
        self._bars.show_probabilities(probabilities)

    def _use_changed(self) -> None:
        changed = self._after.digit
        assert changed is not None
        self._sliders.reset()  # first: what comes back from the pad is changed already
        self._controllers.drawing.show_edited(changed)
