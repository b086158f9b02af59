"""The window behind “Look closer”."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QButtonGroup, QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from gui.card import Card, label
from gui.closer_look.evidence_map import EvidenceMap
from gui.closer_look.firing_neurons import FiringNeurons
from gui.closer_look.lesson import Lesson
from gui.closer_look.steps_view import StepsView
from gui.diverging_colors import limit_of
from gui.drawing.strokes import Stroke
from gui.numbers import signed
from gui.theme import Theme
from gui.weights.color_scale import ColorScale
from model.digit_image import SIDE
from model.evidence import evidence
from model.history import Frame

SIZE = (980, 670)
FROM_THE_TEST_SET = "This digit did not come from the pen: the network gets its 28×28 pixels just as they are."
FROM_THE_PEN = "Switch a step off to see what it is worth."


class CloserLook(QDialog):
    """A function of the frame and of the digit on the pad, like the views of the window; it may stay open."""

    digit_edited = Signal(object)  # (28, 28) float32: the digit with a pixel changed
    lesson_requested = Signal(object, int, int)  # the digit, (28, 28); its label; how many updates

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._frame: Frame | None = None
        self._digit: NDArray[np.float32] | None = None
        self._strokes: Sequence[Stroke] = ()
        self._ink: NDArray[np.uint8] = np.zeros((1, 1), np.uint8)
        self._evidence: NDArray[np.floating] = np.zeros((SIDE, SIDE))
        self._pointed = (-1, -1)  # row and column
        self._chosen: int | None = None  # the digit whose evidence is shown; None for the network's answer
        self._steps = StepsView()
        self._map = EvidenceMap()
        self._scale = ColorScale()
        self._sentence = label()
        self._reading = label("", "secondary")
        self._neurons = FiringNeurons()
        self.lesson = Lesson()
        self.setWindowTitle("A Closer Look")
        self.setObjectName("closerLook")
        self._build()
        self._map.pixel_clicked.connect(self._turn_pixel)
        self._map.pointed.connect(self._read)
        self.lesson.requested.connect(self._request_lesson)
        # The bars in the window are painted first: they follow the pen.
        self._later = QTimer(self, singleShot=True, interval=0)
        self._later.timeout.connect(self._refresh)
        self.resize(*SIZE)

    def show_frame(self, frame: Frame) -> None:
        """Ask the network of a frame."""
        self._frame = frame
        if self.isVisible():
            self._later.start()

    def show_digit(self, digit: NDArray[np.float32] | None, strokes: Sequence[Stroke], ink: NDArray[np.uint8]) -> None:
        """Look at a digit, (28, 28), or at none; at the strokes that it was drawn with, and their ink."""
        self._digit, self._strokes, self._ink = digit, strokes, ink
        self.lesson.show_digit(digit is not None)
        self._later.start()

    def apply_theme(self, theme: Theme) -> None:
        """Take on the colours of a theme."""
        self._steps.apply_theme(theme)
        self._map.apply_theme(theme)
        self._scale.apply_theme(theme)
        self._neurons.apply_theme(theme)

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
        neurons_card.body.addWidget(self._neurons, 1)
        below = QHBoxLayout()
        below.setSpacing(10)
        below.addWidget(evidence_card, 2)
        below.addWidget(neurons_card, 3)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 12, 12)
        layout.setSpacing(10)
        layout.addWidget(self._steps_card)
        layout.addLayout(below, 1)
        layout.addWidget(self.lesson)

    def _build_choice(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(2)
        self._choice = QButtonGroup(self)
        for number, text in enumerate(("Answer", *"0123456789"), start=-1):
            button = QPushButton(text)
            button.setObjectName(f"evidence{text}Button")
            button.setProperty("role", "choice")
            button.setCheckable(True)
            button.setChecked(number == -1)
            button.setAutoDefault(False)
            button.setToolTip(
                "The evidence for whatever the network answers." if number < 0 else f"The evidence for a {number}."
            )
            self._choice.addButton(button, number + 1)
            row.addWidget(button)
        row.addStretch()
        self._choice.idClicked.connect(self._choose)
        return row

    def _choose(self, button: int) -> None:
        self._chosen = button - 1 if button else None
        self._refresh()

    def _refresh(self) -> None:
        if self._frame is None:
            return
        network = self._frame.network
        comes_as_it_is = self._digit is not None and not self._strokes
        self._steps_card.set_title("From the pen to the network", FROM_THE_TEST_SET if comes_as_it_is else FROM_THE_PEN)
        self._steps.show_strokes(self._strokes, self._ink, network)
        if self._digit is None:
            self._map.show_evidence(None, np.zeros((SIDE, SIDE)), 1.0)
            self._neurons.show_activations(network.weights[0], None)
            self._sentence.setText("Draw a digit first.")
            return
        image = self._digit.reshape(-1).astype(network.dtype, copy=False)
        first_layer, *_, probabilities = network.forward(image)
        digit = int(probabilities.argmax()) if self._chosen is None else self._chosen
        self._evidence = evidence(network, image, digit).reshape(SIDE, SIDE)
        limit = limit_of(self._evidence)
        self._map.show_evidence(self._digit, self._evidence, limit)
        self._scale.show_limit(limit)
        self._neurons.show_activations(network.weights[0], first_layer)
        speaking_for, against = self._evidence[self._evidence > 0].sum(), self._evidence[self._evidence < 0].sum()
        self._sentence.setText(f"For a {digit}: {signed(speaking_for, 2)}   against it: {signed(against, 2)}")
        self._read(*self._pointed)

    def _read(self, row: int, column: int) -> None:
        self._pointed = row, column
        if self._digit is None or row < 0:
            self._reading.setText("Point at a pixel to read it, click to turn it over.")
        else:
            ink, adds = self._digit[row, column], self._evidence[row, column]
            self._reading.setText(f"row {row + 1}, column {column + 1}: ink {ink:.2f} adds {signed(adds)}")

    def _turn_pixel(self, row: int, column: int) -> None:
        if self._digit is not None:
            edited = self._digit.copy()
            edited[row, column] = 0 if edited[row, column] >= 0.5 else 1
            self.digit_edited.emit(edited)

    def _request_lesson(self, label: int, updates: int) -> None:
        if self._digit is not None:
            self.lesson_requested.emit(self._digit, label, updates)
