"""From the pen to the pixels, and what the pixels say."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QVBoxLayout

from gui.card import Card, choice, label, steady
from gui.diverging_colors import limit_of
from gui.numbers import signed
from gui.page import Page, Part, Subject
from gui.pixels.evidence_map import EvidenceMap
from gui.pixels.firing_neurons import FiringNeurons
from gui.pixels.steps_view import StepsView
from gui.theme import Theme
from gui.weights.color_scale import ColorScale
from model.analysis.evidence import evidence
from model.digit_image import SIDE

FROM_THE_TEST_SET = "This digit did not come from the pen: the network gets its 28×28 pixels just as they are."
READING_HINT = "Point at a pixel to read it, click to turn it over."
WIDEST_SENTENCE = "For a 0: +0,000.00   against it: −0,000.00"
FROM_THE_PEN = "Switch a step off to see what it is worth."


class PixelsPage(Page):
    """The steps of a drawing, the evidence for an answer, and the neurons that look at the pixels."""

    digit_edited = Signal(object)  # (28, 28) float32: the digit with a pixel changed

    def __init__(self) -> None:
        super().__init__()
        self._subject: Subject | None = None
        self._evidence: NDArray[np.floating] = np.zeros((SIDE, SIDE))
        self._pointed = (-1, -1)  # row and column
        self._chosen: int | None = None  # the digit whose evidence is shown; None for the network's answer
        self._steps = StepsView()
        self._map = EvidenceMap()
        self._scale = ColorScale()
        self._sentence = steady(label(), WIDEST_SENTENCE)
        self._reading = steady(label("", "secondary"), READING_HINT)
        self.neurons = FiringNeurons()
        self._build()
        self._map.pixel_clicked.connect(self._turn_pixel)
        self._map.pointed.connect(self._read)

    def parts(self) -> Sequence[Part]:
        return (self._show_steps, self._show_evidence, self._show_neurons)

    def apply_theme(self, theme: Theme) -> None:
        for view in (self._steps, self._map, self._scale, self.neurons):
            view.apply_theme(theme)

    def choose(self, digit: int | None) -> None:
        """Show the evidence for a digit, or for the network's answer."""
        self._chosen = digit
        self._choice.button(0 if digit is None else digit + 1).setChecked(True)
        if self._subject is not None:
            self._show_evidence(self._subject)

    def _build(self) -> None:
        self._steps_card = Card("From the pen to the network", FROM_THE_PEN)
        self._steps_card.body.addWidget(self._steps)
        evidence_card = Card("Evidence", "what the ink of each pixel adds to the answer")
        evidence_card.body.addLayout(self._build_choice())
        evidence_card.body.addWidget(self._map, 1)
        evidence_card.body.addWidget(self._sentence)
        evidence_card.body.addWidget(self._reading)
        evidence_card.body.addWidget(self._scale)
        neurons_card = Card("First-layer neurons", "how strongly each fires, the strongest first")
        neurons_card.body.addWidget(self.neurons, 1)
        below = QHBoxLayout()
        below.setSpacing(10)
        below.addWidget(evidence_card, 2)
        below.addWidget(neurons_card, 3)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        layout.addWidget(self._steps_card)
        layout.addLayout(below, 1)

    def _build_choice(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(2)
        self._choice = QButtonGroup(self)
        for number, text in enumerate(("Answer", *"0123456789"), start=-1):
            tip = "The evidence for whatever the network answers." if number < 0 else f"The evidence for a {number}."
            made = choice(text, f"evidence{text}Button", tip)
            made.setChecked(number == -1)
            self._choice.addButton(made, number + 1)
            row.addWidget(made)
        row.addStretch()
        self._choice.idClicked.connect(lambda number: self.choose(number - 1 if number else None))
        return row

    def _show_steps(self, subject: Subject) -> None:
        comes_as_it_is = subject.digit is not None and not subject.strokes
        self._steps_card.set_title("From the pen to the network", FROM_THE_TEST_SET if comes_as_it_is else FROM_THE_PEN)
        self._steps.show_strokes(subject.strokes, subject.network)

    def _show_neurons(self, subject: Subject) -> None:
        first_layer = None if subject.image is None else subject.network.forward(subject.image)[0]
        self.neurons.show_activations(subject.network.weights[0], first_layer)

    def _show_evidence(self, subject: Subject) -> None:
        self._subject = subject
        network, image = subject.network, subject.image
        if image is None:
            self._map.show_evidence(None, np.zeros((SIDE, SIDE)), 1.0)
            self._sentence.setText("Draw a digit first.")
            self._reading.setText("")
            return
        shown = int(network.predict(image).argmax()) if self._chosen is None else self._chosen
        self._evidence = evidence(network, image, shown).reshape(SIDE, SIDE)
        limit = limit_of(self._evidence)
        self._map.show_evidence(subject.digit, self._evidence, limit)
        self._scale.show_limit(limit)
        speaking_for, against = self._evidence[self._evidence > 0].sum(), self._evidence[self._evidence < 0].sum()
        self._sentence.setText(f"For a {shown}: {signed(speaking_for, 2)}   against it: {signed(against, 2)}")
        self._read(*self._pointed)

    def _read(self, row: int, column: int) -> None:
        self._pointed = row, column
        if self._subject is None or self._subject.digit is None:
            return
        if row < 0:
            self._reading.setText(READING_HINT)
        else:
            ink, adds = self._subject.digit[row, column], self._evidence[row, column]
            self._reading.setText(f"row {row + 1}, column {column + 1}: ink {ink:.2f} adds {signed(adds)}")

    def _turn_pixel(self, row: int, column: int) -> None:
        if self._subject is not None and self._subject.digit is not None:
            edited = self._subject.digit.copy()
            edited[row, column] = 0 if edited[row, column] >= 0.5 else 1
            self.digit_edited.emit(edited)
