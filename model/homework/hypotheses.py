"""What an array of the backward pass may be: the right one, or what people compute in its place.

A mistake of the catalogue that changes such an array has *hypotheses*, which compute it from what a `Layer` holds. The
judge tries them in the order in which they stand here, the right one first, until one gives the numbers that a
learner's code gave; training with a mistake takes the first of that name.

The letters are those of the catalogue. Arrays have a row for each sample.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.activations import Activation
from model.homework.catalogue import subscript

Array = NDArray[Any]


@dataclass(frozen=True)
class Hypothesis:
    """What an array of the backward pass may be: right (no mistake's name), or as somebody writes it."""

    mistakes: tuple[str, ...]
    instead: str  # in symbols
    value: Array
    operand: Array | None = None  # the array that was chosen wrongly, where one was


@dataclass(frozen=True)
class Layer:
    """One layer as it is met on the way back, for the samples of one step."""

    index: int  # k, from 1
    pre_activations: tuple[Array, ...]  # [k − 1] is zₖ
    activations: tuple[Array, ...]  # [k] is aₖ
    weights: Array | None  # Wₖ₊₁, over which the error comes back; None at the output
    updated_weights: Array | None  # the same after the step
    activation: Activation | None  # σ of this layer; None at the output

    @property
    def z(self) -> Array:
        """The layer's pre-activations."""
        return self.pre_activations[self.index - 1]

    @property
    def a(self) -> Array:
        """The layer's activations."""
        return self.activations[self.index]


def output_deltas(right: Array, layer: Layer, targets: Array) -> Iterator[Hypothesis]:
    """What δ of the output may be, from p, the targets y and the network's own answer g."""
    yield Hypothesis((), "∂L/∂z", right)
    p, y = layer.a, targets
    g = np.eye(p.shape[1])[p.argmax(axis=1)]
    yield Hypothesis(("missing-slope",), "p − y", p - y)  # another one for squared error
    yield Hypothesis(("answer-for-label",), "p − g", p - g, g)
    yield Hypothesis(("one-component",), "y ∘ p − y", y * p - y)
    yield Hypothesis(("answer-for-label", "one-component"), "g ∘ p − g", g * p - g, g)
    yield Hypothesis(("label-ignored",), "p", p)
    slope = p * (1 - p)
    yield Hypothesis(("extra-derivative",), "(p − y) ∘ p (1 − p)", (p - y) * slope)
    yield Hypothesis(("extra-derivative",), "J (p − y)", p * (p - y) - p * (p * (p - y)).sum(axis=1, keepdims=True))
    with np.errstate(divide="ignore", invalid="ignore"):
        yield Hypothesis(("missing-softmax-derivative",), "−y / p", -y / p)
        yield Hypothesis(("missing-softmax-derivative", "answer-for-label"), "−g / p", -g / p, g)
    yield Hypothesis(("one-component", "extra-derivative"), "y ∘ (p − y) ∘ p (1 − p)", y * (p - y) * slope)
    yield Hypothesis(("answer-for-label", "extra-derivative"), "(p − g) ∘ p (1 − p)", (p - g) * slope, g)
    yield Hypothesis(("label-ignored", "extra-derivative"), "p ∘ p (1 − p)", p * slope)


def carried_errors(delta: Array, layer: Layer) -> Iterator[Hypothesis]:
    """What the error carried back to a hidden layer may be, from δ of the layer above, (samples, n above)."""
    weights, updated = layer.weights, layer.updated_weights
    assert weights is not None
    yield Hypothesis((), "δₖ₊₁ Wₖ₊₁ᵀ", delta @ weights.T)
    assert updated is not None
    yield Hypothesis(("updated-weights",), "δₖ₊₁ Wₖ₊₁ᵀ with the updated Wₖ₊₁", delta @ updated.T, updated)
    if weights.shape[0] == weights.shape[1]:
        yield Hypothesis(("not-transposed",), "δₖ₊₁ Wₖ₊₁", delta @ weights, weights)
        yield Hypothesis(("not-carried",), "δₖ₊₁", delta)
        yield Hypothesis(("not-transposed", "updated-weights"), "δₖ₊₁ Wₖ₊₁ with the updated Wₖ₊₁", delta @ updated)
    yield Hypothesis(("not-carried",), "Σ δₖ₊₁, one number", delta.sum(axis=1, keepdims=True))
    for symbol, array in _symbols(layer):
        if array.shape == delta.shape:
            scalar = (delta * array).sum(axis=1, keepdims=True)
            yield Hypothesis(("activations-for-weights",), f"δₖ₊₁ · {symbol}, one number", scalar, array)
            if array.shape[1] == weights.shape[0]:
                yield Hypothesis(("activations-for-weights",), f"δₖ₊₁ ∘ {symbol}", delta * array, array)
    if len(delta) == 1:
        for symbol, array in _symbols(layer):
            if array.shape[1] == weights.shape[0]:
                yield Hypothesis(("activations-for-weights",), f"(Σ δₖ₊₁) {symbol}", delta.sum() * array, array)


def slopes(layer: Layer) -> Iterator[Hypothesis]:
    """What the slope of a hidden layer may be."""
    activation = layer.activation
    assert activation is not None
    right = activation.slope_from_activation(layer.a)
    yield Hypothesis((), "σ′(zₖ)", right)
    yield Hypothesis(("missing-slope",), "no slope", np.ones_like(right))
    yield Hypothesis(("slope-of-activation",), "σ′(aₖ)", activation.slope(layer.a), layer.a)
    yield Hypothesis(("slope-formula-of-z",), "zₖ (1 − zₖ)", activation.slope_from_activation(layer.z), layer.z)
    yield Hypothesis(("sigmoid-for-slope",), "aₖ", layer.a, layer.a)
    yield Hypothesis(("slope-twice",), "σ′(zₖ)²", right * right)
    for k, other in enumerate(layer.activations[1:-1], start=1):
        if k != layer.index and other.shape == layer.a.shape:
            slope = activation.slope_from_activation(other)
            yield Hypothesis(("slope-of-other-layer",), f"σ′ of layer {k}", slope, slope)


def inputs(layer: Layer) -> Iterator[Hypothesis]:
    """What the gradient of a layer's weights may be built with, (samples, n_in)."""
    right = layer.activations[layer.index - 1]
    yield Hypothesis((), f"a{subscript(layer.index - 1)}" if layer.index > 1 else "x", right)
    for symbol, array in _symbols(layer):
        if array.shape == right.shape and array is not right:
            yield Hypothesis(("wrong-input",), symbol, array, array)
    if layer.index > 1 and layer.activation is not None:
        before = layer.activations[layer.index - 1]
        yield Hypothesis(("wrong-input",), "σ′(z)", layer.activation.slope_from_activation(before))
    yield Hypothesis(("wrong-input",), "1", np.ones_like(right), np.ones_like(right))


def bias_gradients(delta: Array) -> Iterator[Hypothesis]:
    """What the gradient of a layer's bias may be, (n_out,), from δ, (samples, n_out)."""
    summed = delta.sum(axis=0)
    yield Hypothesis((), "δ", summed)
    yield Hypothesis(("bias-averaged",), "the mean of δ", np.full_like(summed, delta.sum() / len(summed)))
    yield Hypothesis(("bias-summed",), "Σ δ", np.full_like(summed, delta.sum()))
    if len(delta) > 1:
        yield Hypothesis(("wrong-input",), "δ of the first sample", delta[0])
        yield Hypothesis(("wrong-input",), "δ of the last sample", delta[-1])


def _symbols(layer: Layer) -> Iterator[tuple[str, Array]]:
    """Every activation and pre-activation of the pass under the name that it has in formulas."""
    last = len(layer.activations) - 1
    for k, activations in enumerate(layer.activations):
        yield "x" if k == 0 else "p" if k == last else f"a{subscript(k)}", activations
    for k, pre_activations in enumerate(layer.pre_activations, start=1):
        yield f"z{subscript(k)}", pre_activations
