"""Which pixels speak for an answer, and which against it."""

from functools import partial

import numpy as np

from gui.controllers import Controllers
from gui.flow.scene import Scene
from gui.flow.scheduler import Part
from gui.pages.pixels.evidence_map import INK, EvidenceMap
from gui.widgets.card import Card, FixedLabel, toggle_button
from gui.widgets.color_scale import ColorScale
from gui.widgets.digit_buttons import DigitButtons
from gui.widgets.diverging_colors import limit_of
from gui.widgets.layouts import STRETCH, column, row
from gui.widgets.numbers import signed, with_article
from model.analysis.evidence import evidence
from model.digit_image import SIDE

HINT = "Point at a pixel to read it, click to turn it over."
FOR, AGAINST = "For {}: {}", "against it: {}"


class EvidenceView(Card):
    """A map of the pixels, and beside it for which digit they speak: the network's answer, or one that was chosen.

    The chosen one is the selected neuron, if that is one of the last layer.
    """

    def __init__(self, controllers: Controllers) -> None:
        super().__init__("Evidence", "what the ink of each pixel adds to the answer")
        self._controllers = controllers
        self._scene = controllers.scheduler.scene
        self._map = EvidenceMap(self._read, self._turn_over)
        self._scale = ColorScale()
        answer_tip = "The evidence for whatever the network answers."
        self._answer = toggle_button("Answer", "evidenceAnswerButton", answer_tip, partial(self._choose, None))
        self._digits = DigitButtons("evidence", "The evidence for {}.", self._choose, in_a_row=5)
        self._in_favour = FixedLabel(FOR.format("an 8", "+0,000.00"), name="evidenceForLabel")
        self._against = FixedLabel(AGAINST.format("−0,000.00"), name="evidenceAgainstLabel")
        self._reading = FixedLabel(HINT, "secondary", "evidenceReadingLabel")
        choice = column(self._answer, self._digits, spacing=2)
        beside = column(choice, 6, self._in_favour, self._against, STRETCH, self._scale)
        self.add((row((self._map, 1), beside, spacing=14), 1), self._reading)
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
        shares, in_favour, against = np.zeros((SIDE, SIDE)), "", ""
        if scene.image is not None:
            digit = int(scene.network.predict(scene.image).argmax()) if digit is None else digit
            shares = evidence(scene.network, scene.image, digit).reshape(SIDE, SIDE)
            in_favour = FOR.format(with_article(digit), signed(shares[shares > 0].sum(), 2))
            against = AGAINST.format(signed(shares[shares < 0].sum(), 2))
        self._map.show_evidence(scene.digit, shares)
        self._scale.show_limit(limit_of(shares))
        self._scale.setVisible(scene.image is not None)
        self._in_favour.setText(in_favour)
        self._against.setText(against)
        self._read()

    def _read(self) -> None:
        digit, pixel = self._scene.digit, self._map.pixel
        if digit is None:
            self._reading.setText("Draw a digit first.")
        elif pixel is None:
            self._reading.setText(HINT)
        else:
            at = f"row {pixel[0] + 1}, column {pixel[1] + 1}"
            self._reading.setText(f"{at}: ink {digit[pixel]:.2f} adds {signed(self._map.evidence[pixel])}")

    def _turn_over(self, row: int, column: int) -> None:
        if self._scene.digit is not None:
            edited = self._scene.digit.copy()
            edited[row, column] = edited[row, column] < INK
            self._controllers.drawing.show_edited(edited)


def _chosen(scene: Scene) -> int | None:
    """The digit that the selected neuron stands for, if it is one of the last layer."""
    layer, digit = scene.neuron or (0, 0)
    return digit if layer == len(scene.network.weights) and digit < scene.layer_sizes[-1] else None
