"""A neuron's sum, written out."""

import numpy as np

from gui.widgets.numbers import percent, signed
from model.analysis.contributions import ForwardPass
from model.digit_image import SIDE

MOST_TERMS = 12


def written_sums(forward: ForwardPass, layer: int, neuron: int) -> list[str]:
    """Bias, the largest terms, what all others add, and the result: with no term written out, with one, with two, …

    Spaces within a term do not break, so that a line ends between two terms.
    """
    inputs = len(forward.activations[layer - 1])
    return [_written(forward, layer, neuron, terms) for terms in range(min(inputs, MOST_TERMS) + 1)]


def written_pixel(forward: ForwardPass, pixel: int) -> str:
    """Where a pixel is and how much ink it has."""
    row, column = divmod(pixel, SIDE)
    return f"Row {row + 1}, column {column + 1}: ink {forward.activations[0][pixel]:.3f}"


def _written(forward: ForwardPass, layer: int, neuron: int, terms: int) -> str:
    contributions = forward.contributions[layer - 1][:, neuron]
    order = np.argsort(-np.abs(contributions), kind="stable")
    is_answer = layer == len(forward.contributions)
    parts = [
        f"Answer {neuron}:" if is_answer else f"Layer {layer}, neuron {neuron + 1}:",
        f"bias {signed(forward.network.biases[layer - 1][neuron])}",
        *(_term(forward, layer, neuron, source) for source in order[:terms].tolist()),
    ]
    if len(order) > terms:
        parts.append(f"+ {len(order) - terms} more: {signed(contributions[order[terms:]].sum())}")
    parts.append(f"= {'logit ' if is_answer else ''}{signed(forward.pre_activation(layer, neuron))}")
    result = float(forward.activations[layer][neuron])
    parts.append(f"→ softmax → {percent(result)}" if is_answer else f"→ sigmoid → {result:.3f}")
    return "  ".join(part.replace(" ", "\N{NO-BREAK SPACE}") for part in parts)


def _term(forward: ForwardPass, layer: int, neuron: int, source: int) -> str:
    """Activation × weight, and where the activation comes from."""
    activation, weight = forward.activations[layer - 1][source], forward.network.weights[layer - 1][source, neuron]
    row, column = divmod(source, SIDE)
    origin = f"row {row + 1}, column {column + 1}" if layer == 1 else f"neuron {source + 1}"
    return f"+ {activation:.3f} × {signed(weight)} ({origin})"
