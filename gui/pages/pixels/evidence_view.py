"""Which pixels speak for an answer, and which against it."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QHBoxLayout, QVBoxLayout

from gui.controllers import Controllers
from gui.pages.pixels.evidence_map import INK, EvidenceMap
from gui.scene import Scene
from gui.scheduler import Part
from gui.widgets.card import Card, FixedLabel, toggle_button
from gui.widgets.color_scale import ColorScale
from gui.widgets.diverging_colors import limit_of
from gui.widgets.numbers import signed
from model.analysis.evidence import evidence
from model.digit_image import SIDE

HINT = "Point at a pixel to read it, click to turn it over."
FOR, AGAINST = "For a {}: {}", "against it: {}"
ANSWER = -2  # among the digits that can be chosen; Qt keeps −1 for itself
DIGITS_IN_A_ROW = 5


class EvidenceView(Card):
    """A map of the pixels, and beside it for which digit they speak: the network's answer, or one that was chosen.

    The chosen one is the selected neuron, if that is one of the last layer.
    """

    def __init__(self, controllers: Controllers) -> None:
        super().__init__("Evidence", "what the ink of each pixel adds to the answer")
        self._controllers = controllers
        self._scene = controllers.scheduler.scene
        self._map = EvidenceMap()
        self._scale = ColorScale()
        self._in_favour = FixedLabel(FOR.format(0, "+0,000.00"), name="evidenceForLabel")
        self._against = FixedLabel(AGAINST.format("−0,000.00"), name="evidenceAgainstLabel")
        self._reading = FixedLabel(HINT, "secondary", "evidenceReadingLabel")
        beside = QVBoxLayout()
        beside.setSpacing(6)
        beside.addLayout(self._build_choice())
        beside.addSpacing(6)
        beside.addWidget(self._in_favour)
        beside.addWidget(self._against)
        beside.addStretch()
        beside.addWidget(self._scale)
        row = QHBoxLayout()
        row.setSpacing(14)
        row.addWidget(self._map, 1)
        row.addLayout(beside)
        self.body.addLayout(row, 1)
        self.body.addWidget(self._reading)
        self._map.pixel_pointed.connect(self._read)
        self._map.pixel_clicked.connect(self._turn_over)
        self.parts = (Part(self._show, ("digit", "frame", "neuron")),)

    def _build_choice(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setSpacing(2)
        self._choice = QButtonGroup(self)
        answer = toggle_button("Answer", "evidenceAnswerButton", "The evidence for whatever the network answers.")
        self._choice.addButton(answer, ANSWER)
        grid.addWidget(answer, 0, 0, 1, DIGITS_IN_A_ROW)
        for digit in range(10):
            made = toggle_button(str(digit), f"evidence{digit}Button", f"The evidence for a {digit}.")
            self._choice.addButton(made, digit)
            grid.addWidget(made, 1 + digit // DIGITS_IN_A_ROW, digit % DIGITS_IN_A_ROW)
        self._choice.idClicked.connect(self._choose)
        return grid

    def _choose(self, digit: int) -> None:
        if digit != ANSWER:
            self._controllers.scheduler.change(neuron=(len(self._scene.network.weights), digit))
        elif _chosen(self._scene) != ANSWER:
            self._controllers.scheduler.change(neuron=None)

    def _show(self, scene: Scene) -> None:
        self._scene = scene
        self._choice.button(_chosen(scene)).setChecked(True)
        self._scale.setVisible(scene.image is not None)
        if scene.image is None:
            self._map.show_evidence(None, np.zeros((SIDE, SIDE)), 1.0)
            self._in_favour.setText("")
            self._against.setText("")
        else:
            self._show_evidence(scene, scene.image)
        self._read()

    def _show_evidence(self, scene: Scene, image: NDArray[np.floating]) -> None:
        digit = _chosen(scene)
        if digit == ANSWER:
            digit = int(scene.network.predict(image).argmax())
        shares = evidence(scene.network, image, digit).reshape(SIDE, SIDE)
        limit = limit_of(shares)
        self._map.show_evidence(scene.digit, shares, limit)
        self._scale.show_limit(limit)
        self._in_favour.setText(FOR.format(digit, signed(shares[shares > 0].sum(), 2)))
        self._against.setText(AGAINST.format(signed(shares[shares < 0].sum(), 2)))

    def _read(self) -> None:
        digit, pixel = self._scene.digit, self._map.pixel
        if digit is None:
            self._reading.setText("Draw a digit first.")
        elif pixel is None:
            self._reading.setText(HINT)
        else:
            row, column = pixel
            adds = signed(self._map.evidence[pixel])
            self._reading.setText(f"row {row + 1}, column {column + 1}: ink {digit[pixel]:.2f} adds {adds}")

    def _turn_over(self, row: int, column: int) -> None:
        if self._scene.digit is not None:
            edited = self._scene.digit.copy()
            edited[row, column] = 0 if edited[row, column] >= INK else 1
            self._controllers.drawing.show_edited(edited)


def _chosen(scene: Scene) -> int:
    """The digit that the selected neuron stands for, or ANSWER if it is none of the last layer."""
    layer, digit = scene.neuron or (0, 0)
    return digit if layer == len(scene.network.weights) and digit < scene.layer_sizes[-1] else ANSWER
