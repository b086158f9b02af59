"""The sum of a neuron, written out for as far as there is room."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.flow.scene import Neuron
from gui.widgets.numbers import probability, signed
from model.analysis.contributions import ForwardPass
from model.digit_image import SIDE

LINES = 2
MOST_TERMS = 12
HINTS = (
    "Point at a neuron to see its sum, click to select it.",
    "Point at a neuron to see its sum, click to select it, click elsewhere or press Esc to deselect it. "
    "The arrow keys go from neuron to neuron.",
)


class NeuronSum(QWidget):
    """So many lines high, whatever it says; of several ways to say it, it takes the longest that fits."""

    def __init__(self) -> None:
        super().__init__()
        self._texts: Sequence[str] = ("",)
        self.setObjectName("neuronSumLabel")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def text(self) -> str:
        """What it says."""
        return next((text for text in reversed(self._texts) if self._fits(text)), self._texts[0])

    def show_neuron(self, forward: ForwardPass | None, neuron: Neuron | None) -> None:
        """Write out the sum of a neuron, or the ink of a pixel of layer 0; with none, say how to examine one."""
        if forward is None:
            self._texts = ("",)
        elif neuron is None:
            self._texts = HINTS
        else:
            self._texts = _written_sums(forward, *neuron) if neuron[0] > 0 else (_written_pixel(forward, neuron[1]),)
        self.setAccessibleName(self._texts[-1])
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(0, LINES * self.fontMetrics().lineSpacing())

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).drawText(self.rect(), Qt.TextFlag.TextWordWrap, self.text())

    def _fits(self, text: str) -> bool:
        return self.rect().contains(self.fontMetrics().boundingRect(self.rect(), Qt.TextFlag.TextWordWrap, text))


def _written_pixel(forward: ForwardPass, pixel: int) -> str:
    row, column = divmod(pixel, SIDE)
    return f"Row {row + 1}, column {column + 1}: ink {forward.activations[0][pixel]:.3f}"


def _written_sums(forward: ForwardPass, layer: int, neuron: int) -> list[str]:
    """Bias, the largest terms, what all others add, and the result: with no term written out, with one, with two, …"""
    contributions = forward.contributions[layer - 1][:, neuron]
    order = np.argsort(-np.abs(contributions), kind="stable")
    terms = [_term(forward, layer, neuron, source) for source in order[:MOST_TERMS].tolist()]
    bias = f"bias {signed(forward.network.biases[layer - 1][neuron])}"
    total, result = signed(forward.pre_activation(layer, neuron)), float(forward.activations[layer][neuron])
    if layer == len(forward.contributions):
        start, end = f"Answer {neuron}:", (f"= logit {total}", f"→ softmax → {probability(result)}")
    else:
        start, end = f"Layer {layer}, neuron {neuron + 1}:", (f"= {total}", f"→ sigmoid → {result:.3f}")
    texts = []
    for count in range(len(terms) + 1):
        others = order[count:]
        more = [f"+ {len(others)} more: {signed(contributions[others].sum())}"] if len(others) else []
        parts = (start, bias, *terms[:count], *more, *end)
        texts.append("  ".join(part.replace(" ", "\N{NO-BREAK SPACE}") for part in parts))  # no term is broken
    return texts


def _term(forward: ForwardPass, layer: int, neuron: int, source: int) -> str:
    """Activation × weight, and where the activation comes from."""
    activation, weight = forward.activations[layer - 1][source], forward.network.weights[layer - 1][source, neuron]
    row, column = divmod(source, SIDE)
    origin = f"row {row + 1}, column {column + 1}" if layer == 1 else f"neuron {source + 1}"
    return f"+ {activation:.3f} × {signed(weight)} ({origin})"
