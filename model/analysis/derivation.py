"""Which numbers an update has, and which of them each comes from and goes to.

Layer 0 is the image, layer k = 1 … K the layers that compute, as in `model/backpropagation.py`. A bias is one more
weight, from an input that is always 1: in what is shaped like weights it is the row behind the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

import numpy as np

from model.analysis.single_update import Update
from model.backpropagation import Array, Gradients
from model.network import Network


class Kind(Enum):
    """What a number of an update is."""

    IMAGE = "x"
    PRE_ACTIVATION = "z"
    ACTIVATION = "a"
    PROBABILITY = "p"
    TARGET = "y"
    LOSS = "L"
    DELTA = "δ"
    GRADIENT = "∂L/∂W"
    WEIGHT = "W"
    CHANGE = "−η ∂L/∂W"
    UPDATED = "W − η ∂L/∂W"
    OUTCOME = "p after the update"

    @property
    def is_matrix(self) -> bool:
        """Whether there is one for each weight and bias."""
        return self in (Kind.GRADIENT, Kind.WEIGHT, Kind.CHANGE, Kind.UPDATED)


ALL = None  # in the place of an index: every number of that axis


@dataclass(frozen=True)
class Numbers:
    """Numbers of an update that belong together: every one along an axis whose index is ALL."""

    kind: Kind
    layer: int
    index: tuple[int | None, ...]  # (neuron,), or (input, neuron) of a matrix

    def includes(self, number: Number) -> bool:
        """Whether a number is one of these."""
        same = (self.kind, self.layer) == (number.kind, number.layer)
        return same and all(mine in (ALL, its) for mine, its in zip(self.index, number.index, strict=True))


@dataclass(frozen=True)
class Number(Numbers):
    """A single one."""

    index: tuple[int, ...]

    @property
    def neuron(self) -> int:
        """That it belongs to, or that a weight leads to; of the loss 0."""
        return self.index[-1]

    def of(self, kind: Kind) -> Number:
        """The number of another kind in the same place."""
        return Number(kind, self.layer, self.index)


def values_of(update: Update, kind: Kind, layer: int) -> Array:
    """All numbers of a kind in a layer: (neurons,), or (inputs + 1, neurons) with the biases in the last row."""
    passes, k = update.passes, layer - 1
    match kind:
        case Kind.IMAGE | Kind.ACTIVATION | Kind.PROBABILITY:
            return passes.activations[layer]
        case Kind.PRE_ACTIVATION:
            return passes.pre_activations[k]
        case Kind.TARGET:
            return update.target
        case Kind.LOSS:
            return np.array([update.losses[0]])
        case Kind.DELTA:
            return passes.deltas[k]
        case Kind.OUTCOME:
            return update.probabilities_after
        case Kind.GRADIENT:
            holder: Gradients | Network = passes.gradients
        case Kind.WEIGHT:
            holder = update.network
        case Kind.CHANGE:
            holder = update.changes
        case _:
            holder = update.after
    return np.vstack([holder.weights[k], holder.biases[k]])


def value_of(update: Update, number: Number) -> float:
    """A single number."""
    return float(values_of(update, number.kind, number.layer)[number.index])


def exists(number: Number, layer_sizes: Sequence[int]) -> bool:
    """Whether a network of these sizes has such a number."""
    last, layer = len(layer_sizes) - 1, number.layer
    layers = {
        Kind.IMAGE: range(1),
        Kind.ACTIVATION: range(1, last),
        **dict.fromkeys((Kind.PROBABILITY, Kind.TARGET, Kind.LOSS, Kind.OUTCOME), range(last, last + 1)),
    }
    if layer not in layers.get(number.kind, range(1, last + 1)):
        return False
    neurons = 1 if number.kind is Kind.LOSS else layer_sizes[layer]
    shape = (layer_sizes[layer - 1] + 1, neurons) if number.kind.is_matrix else (neurons,)
    return all(i < n for i, n in zip(number.index, shape, strict=True))


def sources_of(update: Update, number: Number) -> Sequence[Numbers]:
    """The numbers that one is computed from; none for what comes from outside the update."""
    kind, layer, index, neuron = number.kind, number.layer, number.index, number.neuron
    last = len(update.network.weights)
    match kind:
        case Kind.PRE_ACTIVATION:
            return [_outputs(layer - 1, last), Numbers(Kind.WEIGHT, layer, (ALL, neuron))]
        case Kind.ACTIVATION:
            return [number.of(Kind.PRE_ACTIVATION)]
        case Kind.PROBABILITY:
            return [Numbers(Kind.PRE_ACTIVATION, last, (ALL,))]
        case Kind.LOSS:
            return [Number(kind, last, (update.label,)) for kind in (Kind.PROBABILITY, Kind.TARGET)]
        case Kind.DELTA if layer == last:
            return [number.of(Kind.PROBABILITY), number.of(Kind.TARGET)]
        case Kind.DELTA:
            weights = Numbers(Kind.WEIGHT, layer + 1, (neuron, ALL))
            return [Numbers(Kind.DELTA, layer + 1, (ALL,)), weights, number.of(Kind.ACTIVATION)]
        case Kind.GRADIENT:
            delta = Number(Kind.DELTA, layer, (neuron,))
            return [delta] if is_bias(update, number) else [_outputs(layer - 1, last, index[0]), delta]
        case Kind.CHANGE:
            return [number.of(Kind.GRADIENT)]
        case Kind.UPDATED:
            return [number.of(Kind.WEIGHT), number.of(Kind.CHANGE)]
        case Kind.OUTCOME:
            return [_outputs(0, last), *(Numbers(Kind.UPDATED, k, (ALL, ALL)) for k in range(1, last + 1))]
    return []


def targets_of(update: Update, number: Number) -> Sequence[Numbers]:
    """The numbers that are computed from one: those that have it among their sources."""
    kind, layer, neuron = number.kind, number.layer, number.neuron
    last = len(update.network.weights)
    next_sums = Numbers(Kind.PRE_ACTIVATION, layer + 1, (ALL,))
    next_gradients = Numbers(Kind.GRADIENT, layer + 1, (neuron, ALL))
    match kind:
        case Kind.IMAGE:
            return [next_sums, next_gradients, Numbers(Kind.OUTCOME, last, (ALL,))]
        case Kind.PRE_ACTIVATION:
            return [_outputs(layer, last, neuron if layer < last else ALL)]
        case Kind.ACTIVATION:
            return [next_sums, number.of(Kind.DELTA), next_gradients]
        case Kind.PROBABILITY | Kind.TARGET:
            loss = [Number(Kind.LOSS, last, (0,))] if neuron == update.label else []
            return [number.of(Kind.DELTA), *loss]
        case Kind.DELTA:
            before = [Numbers(Kind.DELTA, layer - 1, (ALL,))] if layer > 1 else []
            return [*before, Numbers(Kind.GRADIENT, layer, (ALL, neuron))]
        case Kind.GRADIENT:
            return [number.of(Kind.CHANGE)]
        case Kind.WEIGHT:
            goes_back = layer > 1 and not is_bias(update, number)
            back = [Number(Kind.DELTA, layer - 1, number.index[:1])] if goes_back else []
            return [Number(Kind.PRE_ACTIVATION, layer, (neuron,)), *back, number.of(Kind.UPDATED)]
        case Kind.CHANGE:
            return [number.of(Kind.UPDATED)]
        case Kind.UPDATED:
            return [Numbers(Kind.OUTCOME, last, (ALL,))]
    return []


def is_bias(update: Update, number: Number) -> bool:
    """Whether what is shaped like weights is that of a bias."""
    return number.kind.is_matrix and number.index[0] == update.network.layer_sizes[number.layer - 1]


def _outputs(layer: int, last: int, neuron: int | None = ALL) -> Numbers:
    """What leaves a layer: pixels, activations or probabilities."""
    kind = Kind.IMAGE if layer == 0 else Kind.PROBABILITY if layer == last else Kind.ACTIVATION
    return Numbers(kind, layer, (neuron,))
