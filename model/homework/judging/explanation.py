"""Which of the hypotheses give the numbers that a learner's backward pass gave.

The layers are taken from the output backwards, each *given the learner's own δ of the layer above*. So several mistakes
in one file do not hide each other. What counts is the direction first: each array may be a constant factor off, and the
factors, the learning rate among them, are compared afterwards.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.backpropagation import Output
from model.homework.hypotheses import (
    Hypothesis,
    Layer,
    bias_gradients,
    carried_errors,
    inputs,
    output_deltas,
    slopes,
)
from model.homework.investigating.trials import Evidence, Probe
from model.homework.investigating.values import as_rows, factor
from model.homework.judging.losses import possible_outputs

Array = NDArray[Any]
Column = tuple[Hypothesis, ...]  # the same hypothesis for each probe
MOST_MISTAKES = 4  # in one layer
VANISHING = 1e-10


@dataclass(frozen=True)
class Delta:
    """A possible δ of a layer, an array for each probe, and the hypotheses that it is made of."""

    parts: tuple[Column, ...]  # the δ itself at the output, else the carried error and the slope
    values: tuple[Array, ...]

    @property
    def mistakes(self) -> int:
        """How many mistakes it takes."""
        return sum(len(part[0].mistakes) for part in self.parts)


@dataclass(frozen=True)
class Explanation:
    """What a layer's gradients are made of. Factors say how many times as long they are, the learning rate included."""

    index: int  # of the layer, from 1
    deltas: tuple[Array, ...]  # the learner's own, for each probe, but for a factor
    delta: Delta | None = None
    input: Column | None = None
    is_reversed: bool = False
    bias: Column | None = None
    weights_factor: float | None = None
    bias_factor: float | None = None
    decay: float = 0.0  # the part of the update that is proportional to the weights themselves

    @property
    def is_complete(self) -> bool:
        """Whether all of it could be explained."""
        return self.delta is not None and self.input is not None

    @property
    def mistakes(self) -> int:
        """How many mistakes it takes."""
        names = self.input[0].mistakes if self.input is not None else ()
        return (self.delta.mistakes if self.delta is not None else 0) + len(names) + self.is_reversed


def likeliest_explanations(evidence: Evidence) -> list[Explanation]:
    """The explanations, from the last layer to the first, with the fewest mistakes.

    Each loss that the file may mean is tried. If what happened to the weights cannot be explained, as the update is not
    plain gradient descent or does not happen, the gradients are looked for among the computed arrays. What is right for
    the chosen loss is then in the evidence.
    """
    if evidence.explanations:
        return evidence.explanations
    best: tuple[tuple[int, int], Evidence, list[Explanation]] | None = None
    for computed in (False, True):
        for output in possible_outputs(evidence):
            tried = replace(evidence, output=output, probes=[_with_right(evidence, p, output) for p in evidence.probes])
            explanations = _explained(tried, computed)
            missing = sum(not explanation.is_complete for explanation in explanations)
            rank = (missing, sum(explanation.mistakes for explanation in explanations))
            if best is None or rank < best[0]:
                best = (rank, tried, explanations)
        if best is not None and best[0][0] < len(best[2]):  # some layer at least
            break
    assert best is not None
    _, chosen, explanations = best
    evidence.output, evidence.probes, evidence.is_computed = chosen.output, chosen.probes, computed and best[0][0] == 0
    evidence.explanations = explanations
    return explanations


def wrongness(evidence: Evidence) -> float:
    """How much is wrong: 1 for each layer that nothing explains, and a little for each known mistake."""
    explanations = likeliest_explanations(evidence)
    unexplained = sum(not explanation.is_complete for explanation in explanations)
    mistakes = sum(explanation.mistakes for explanation in explanations)
    lengths = [1.0, 1.0 / len(evidence.probes[0].images)]
    odd = sum(
        evidence.returned and e.weights_factor is not None and not np.isclose(e.weights_factor, lengths, 1e-3).any()
        for e in explanations
    )
    return unexplained + 0.01 * (mistakes + odd)


def _with_right(evidence: Evidence, probe: Probe, output: Output) -> Probe:
    right = evidence.network.backpropagate(probe.network, probe.images, probe.targets, output)
    return replace(probe, right=right)


def _explained(evidence: Evidence, computed: bool) -> list[Explanation]:
    explanations: list[Explanation] = []
    above: tuple[Array, ...] = ()
    for index in range(len(evidence.network.slots), 0, -1):
        layers = [_layer(evidence, probe, index) for probe in evidence.probes]
        deltas = list(_possible_deltas(evidence, layers, above))
        usual = next((e.weights_factor for e in reversed(explanations) if e.weights_factor is not None), 1.0)
        gradients = _Gradients(evidence, index, computed, usual)
        explanations.append(_explanation(evidence, layers, deltas, gradients))
        above = explanations[-1].deltas
    return explanations


def _layer(evidence: Evidence, probe: Probe, index: int) -> Layer:
    is_last = index == len(evidence.network.slots)
    return Layer(
        index,
        probe.right.pre_activations,
        probe.right.activations,
        None if is_last else probe.network.weights[index],
        None if is_last else probe.updated.weights[index],
        None if is_last else evidence.network.hidden[index - 1],
    )


def _columns(hypotheses: Sequence[Iterator[Hypothesis]]) -> list[Column]:
    return list(zip(*hypotheses, strict=True))


def _possible_deltas(evidence: Evidence, layers: list[Layer], above: tuple[Array, ...]) -> Iterator[Delta]:
    if layers[0].weights is None:
        hypotheses = [
            output_deltas(probe.right.deltas[-1], layer, probe.targets)
            for layer, probe in zip(layers, evidence.probes, strict=True)
        ]
        for column in _columns(hypotheses):
            yield Delta((column,), tuple(hypothesis.value for hypothesis in column))
        return
    if layers[0].activation is None:
        return
    carried = _columns([carried_errors(delta, layer) for delta, layer in zip(above, layers, strict=True)])
    sloping = _columns([slopes(layer) for layer in layers])
    for carry in carried:
        for slope in sloping:
            values = tuple(one.value * other.value for one, other in zip(carry, slope, strict=True))
            yield Delta((carry, slope), values)


@dataclass(frozen=True)
class _Fit:
    delta: Delta
    input: Column
    is_reversed: bool
    factor: float
    decay: float = 0.0


class _Gradients:
    """∂L/∂W and ∂L/∂b of one layer as the learner's code has them, up to a factor."""

    def __init__(self, evidence: Evidence, index: int, computed: bool, usual_factor: float) -> None:
        self.usual_factor = usual_factor  # that the layers above have
        self.weights = [probe.changes.weights[index - 1] for probe in evidence.probes]
        self.biases = [probe.changes.biases[index - 1] for probe in evidence.probes]
        self._before = [probe.network.weights[index - 1] for probe in evidence.probes]
        self._values = [probe.values for probe in evidence.probes]
        precision = _precision(evidence, index)
        # A change is the difference of two rounded numbers.
        self._noise_of_weights = precision * max(float(np.abs(weights).max()) for weights in self._before)
        self._noise_of_biases = precision * max(
            float(np.abs(probe.network.biases[index - 1]).max()) for probe in evidence.probes
        )
        self.is_computed = computed or not any(array.any() for array in self.weights)
        largest = max(float(np.abs(array).max()) for probe in evidence.probes for array in probe.changes.weights)
        self._is_zero = 0 < max(float(np.abs(array).max()) for array in self.weights) < VANISHING * largest

    def fit(self, delta: Delta, column: Column, is_reversed: bool, decaying: bool) -> _Fit | None:
        """Whether inputs and a δ give the gradient of the weights."""
        full = _full(delta.values, self.weights)
        predicted = [hypothesis.value.T @ value for hypothesis, value in zip(column, full, strict=True)]
        if is_reversed:
            if predicted[0].shape[0] != predicted[0].shape[1]:
                return None
            predicted = [array.T for array in predicted]
        if self._is_zero:  # but for rounding, as of Σ δ, where δ = p − y
            vanishes = all(np.abs(array).max() < VANISHING for array in predicted)
            return _Fit(delta, column, is_reversed, self.usual_factor) if vanishes else None
        if self.is_computed:
            return self._among_computed(predicted, delta, column, is_reversed)
        decay = 0.0
        actual = self.weights
        if decaying:
            decay = _decay(predicted[0], self._before[0], self.weights[0])
            actual = [one - decay * before for one, before in zip(self.weights, self._before, strict=True)]
        c = factor(predicted, actual, self._noise_of_weights)
        return None if c is None else _Fit(delta, column, is_reversed, c, decay)

    def _among_computed(self, predicted: list[Array], delta: Delta, column: Column, is_reversed: bool) -> _Fit | None:
        factors = []
        for values, array in zip(self._values, predicted, strict=True):
            found = [f for event, f in values.proportional(array) if event.size == array.size]
            if not found:
                return None
            factors.append(found[0])
        return _Fit(delta, column, is_reversed, factors[0])

    def fit_bias(self, deltas: Sequence[Array], weights_factor: float | None = None) -> tuple[Column, float] | None:
        """Which hypothesis about the bias fits a δ, and its factor; of several the one with the weights' factor."""
        if not any(bias.any() for bias in self.biases):
            return None
        fits = []
        for column in _columns([bias_gradients(delta) for delta in _full(tuple(deltas), self.weights)]):
            c = factor([hypothesis.value for hypothesis in column], self.biases, self._noise_of_biases)
            if c is not None:
                fits.append((column, c))
        if weights_factor is not None:
            fits.sort(key=lambda fit: bool(fit[0][0].mistakes) and not np.isclose(fit[1], weights_factor, 1e-4))
        return fits[0] if fits else None


def _precision(evidence: Evidence, index: int) -> float:
    dtype = evidence.natural.before[evidence.network.slots[index - 1].weights].dtype
    return 4 * float(np.finfo(dtype).eps) if dtype.kind == "f" else 0.0


def _decay(predicted: Array, before: Array, change: Array) -> float:
    """The λ for which a change is best written as c × predicted + λ × the weights themselves."""
    if not np.isfinite(change).all():
        return 0.0
    columns = np.stack([predicted.ravel(), before.ravel()], axis=1)
    return float(np.linalg.lstsq(columns, change.ravel(), rcond=None)[0][1])


def _explanation(evidence: Evidence, layers: list[Layer], deltas: list[Delta], gradients: _Gradients) -> Explanation:
    index = layers[0].index
    fit = _fewest_mistakes(layers, deltas, gradients)
    if fit is None:
        return _unexplained(evidence, layers, deltas, gradients)
    bias, bias_factor = gradients.fit_bias(fit.delta.values, fit.factor) or (None, None)
    return Explanation(
        index,
        fit.delta.values,
        delta=fit.delta,
        input=fit.input,
        is_reversed=fit.is_reversed,
        bias=bias,
        weights_factor=None if gradients.is_computed else fit.factor,
        bias_factor=bias_factor,
        decay=fit.decay,
    )


def _fewest_mistakes(layers: list[Layer], deltas: list[Delta], gradients: _Gradients) -> _Fit | None:
    """The explanation of ∂L/∂W with the fewest mistakes; among equals the one that ∂L/∂b agrees with."""
    columns = _columns([inputs(layer) for layer in layers])
    for decaying in (False, True):
        for allowed in range(MOST_MISTAKES + 1 if not (decaying or gradients.is_computed) else 2):
            fits = []
            for delta in deltas:
                for column in columns:
                    for is_reversed in (False, True):
                        if delta.mistakes + len(column[0].mistakes) + is_reversed == allowed:
                            fit = gradients.fit(delta, column, is_reversed, decaying)
                            if fit is not None:
                                fits.append(fit)
            if fits:
                return max(fits, key=lambda fit: gradients.fit_bias(fit.delta.values) is not None)
    return None


def _full(values: tuple[Array, ...], weights: list[Array]) -> list[Array]:
    """δ of every neuron, where a hypothesis has but one number for all of them."""
    return [np.broadcast_to(value, (len(value), array.shape[1])) for value, array in zip(values, weights, strict=True)]


def _unexplained(evidence: Evidence, layers: list[Layer], deltas: list[Delta], gradients: _Gradients) -> Explanation:
    """What can be said where ∂L/∂W has no explanation: δ from the bias, or from ∂L/∂W if that is of rank one."""
    index = layers[0].index
    for delta in sorted(deltas, key=lambda delta: delta.mistakes):
        bias = gradients.fit_bias(delta.values)
        if bias is not None and not bias[0][0].mistakes:
            return Explanation(index, delta.values, delta=delta, bias=bias[0], bias_factor=bias[1])
    column = _columns([inputs(layer) for layer in layers])[0]
    own = _computed_delta(evidence, layers, gradients)
    if own is not None:
        return Explanation(index, own, input=column)
    found = []
    for layer, gradient, bias_gradient in zip(layers, gradients.weights, gradients.biases, strict=True):
        layer_input = layer.activations[index - 1]
        if len(layer_input) == 1 and gradient.any():
            found.append((layer_input @ gradient) / np.square(layer_input).sum())
        elif len(layer_input) == 1 and bias_gradient.any():
            found.append(bias_gradient[np.newaxis])
    if len(found) < len(layers):
        found = list(deltas[0].values) if deltas else [np.zeros_like(layer.z) for layer in layers]
        return Explanation(index, tuple(found), delta=deltas[0] if deltas else None)
    matching = all(
        np.allclose(layer.activations[index - 1].T @ delta, gradient, 1e-6, 1e-6 * np.abs(gradient).max())
        for layer, delta, gradient in zip(layers, found, gradients.weights, strict=True)
    )
    own = tuple(
        _in_its_own_length(probe, delta, gradients) for probe, delta in zip(evidence.probes, found, strict=True)
    )
    return Explanation(index, own, input=column if matching else None)


def _computed_delta(evidence: Evidence, layers: list[Layer], gradients: _Gradients) -> tuple[Array, ...] | None:
    """Arrays of the right size, from the same expression in each probe, that give the layer's gradients."""
    if not any(gradient.any() for gradient in gradients.weights):
        return None
    samples, neurons = layers[0].z.shape
    by_place: list[dict[int, Array]] = []
    for probe in evidence.probes:
        arrays: dict[int, Array] = {}
        for event in probe.trial.record.arrays():
            if event.size == samples * neurons and event.value.dtype.kind == "f":
                rows = next(as_rows(event.value, neurons), None)
                if rows is not None:
                    arrays.setdefault(event.place, rows)
        by_place.append(arrays)
    for place in by_place[0]:
        deltas = tuple(arrays[place] for arrays in by_place if place in arrays)
        if len(deltas) == len(layers):
            predicted = [
                layer.activations[layer.index - 1].T @ delta for layer, delta in zip(layers, deltas, strict=True)
            ]
            if factor(predicted, gradients.weights, 0.0) is not None:
                return deltas
    return None


def _in_its_own_length(probe: Probe, delta: Array, gradients: _Gradients) -> Array:
    """A δ that was read off an update, without the learning rate: as it was computed, if it is to be seen."""
    factors = [f for event, f in probe.values.proportional(delta) if event.size == delta.size]
    return delta * (factors[0] if factors else 1 / gradients.usual_factor)
