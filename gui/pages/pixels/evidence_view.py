"""Which pixels push the score of an answer up, and which push it down."""

from functools import partial

import numpy as np

from gui.controllers import Controllers
from gui.flow.scene import Scene
from gui.flow.scheduler import Part
from gui.pages.pixels.evidence_map import EvidenceMap
from gui.widgets.card import Card, FixedLabel, toggle_button
from gui.widgets.color_scale import ColorScale
from gui.widgets.digit_buttons import DigitButtons
from gui.widgets.diverging_colors import limit_of
from gui.widgets.layouts import STRETCH, column, row
from gui.widgets.numbers import signed, with_article
from model.analysis.evidence import evidence, logits
from model.digit_image import SIDE

HINT = "Point at a pixel to read it, click to ink or erase it."
SCORE = "Score of {}: {}"
METHOD = "gradient × ink: an estimate, it does not add up"


class EvidenceView(Card):
    """A map of the pixels, and beside it whose score they push: that of the network's answer, or of a chosen digit.

    The chosen one is the selected neuron, if that is one of the last layer.
    """

    def __init__(self, controllers: Controllers) -> None:
        super().__init__("Evidence", "which pixels push this score up or down")
        self._controllers = controllers
        self._scene = controllers.scheduler.scene
        self._map = EvidenceMap(self._read, controllers.drawing.toggle_pixel)
        self._scale = ColorScale("how much the ink of a pixel pushes the score")
        answer_tip = "The evidence for whatever the network answers."
        self._answer = toggle_button("Answer", "evidenceAnswerButton", answer_tip, partial(self._choose, None))
        self._digits = DigitButtons("evidence", "The evidence for {}.", self._choose, in_a_row=5)
        self._score = FixedLabel(SCORE.format("an 8", "+0,000.00"), name="evidenceScoreLabel")
        self._score.setToolTip("The logit of this digit: what goes into the softmax, beside those of the other nine.")
        self._reading = FixedLabel(HINT, "secondary", "evidenceReadingLabel")
        choice = column(self._answer, self._digits, spacing=2)
        beside = column(choice, 6, self._score, STRETCH, self._scale)
        method = FixedLabel(METHOD, "secondary", "evidenceMethodLabel")
        method.setText(METHOD)
        self.add((row((self._map, 1), beside, spacing=14), 1), method, self._reading)
        self.parts = (Part(self._show, ("digit", "network", "neuron")),)

    def _choose(self, digit: int | None) -> None:
        self._check(digit)
        if digit is not None:
            self._controllers.scheduler.change(neuron=(len(self._scene.network.weights), digit))
        elif _chosen(self._scene) is not None:
            self._controllers.scheduler.change(neuron=None)

    def _check(self, digit: int | None) -> None:
        self._answer.setChecked(digit is None)
        self._digits.check(digit)

    def _show(self, scene: Scene) -> None:
        self._scene = scene
        digit = _chosen(scene)
        self._check(digit)
        shares, score = np.zeros((SIDE, SIDE)), ""
        if scene.image is not None:
            scores = logits(scene.network, scene.image)
            digit = int(scores.argmax()) if digit is None else digit
            shares = evidence(scene.network, scene.image, digit).reshape(SIDE, SIDE)
            score = SCORE.format(with_article(digit), signed(scores[digit], 2))
        self._map.show_evidence(scene.digit, shares)
        self._scale.show_limit(limit_of(shares))
        self._scale.setVisible(scene.image is not None)
        self._score.setText(score)
        self._read()

    def _read(self) -> None:
        digit, pixel = self._scene.digit, self._map.pixel
        if digit is None:
            self._reading.setText("Draw a digit first.")
        elif pixel is None:
            self._reading.setText(HINT)
        else:
            at = f"row {pixel[0] + 1}, column {pixel[1] + 1}"
            self._reading.setText(f"{at}: ink {digit[pixel]:.2f}, push {signed(self._map.evidence[pixel])}")


def _chosen(scene: Scene) -> int | None:
    """The digit that the selected neuron stands for, if it is one of the last layer."""
    layer, digit = scene.neuron or (0, 0)
    return digit if layer == len(scene.network.weights) and digit < scene.layer_sizes[-1] else None
