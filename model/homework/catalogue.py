"""The mistakes that people make in a backward pass: what should stand there, what stands there, what it does.

Everything here is data. A mistake that changes an array of the backward pass has *hypotheses*, which compute what the
code computes instead, from what a `Layer` holds. They are tried in the order in which they stand here, the right one
first, until one gives the numbers that the code gave.

z, a, δ, W, b of layer k are those that lead to it; a₀ = x. p is the output, y the one-hot label, g the network's own
answer, one-hot. Arrays have a row for each sample.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.activations import Activation

Array = NDArray[Any]


@dataclass(frozen=True)
class Mistake:
    """An entry of the catalogue."""

    name: str
    formula: str  # what should stand there
    instead: str  # what is computed instead, to follow "This line computes" or "Here"
    why: str  # what this does to learning, or how it comes about


MISTAKES = {
    mistake.name: mistake
    for mistake in (
        Mistake(
            "sign",
            "W ← W − η ∂L/∂W with δ = p − y",
            "the opposite of what it should be",
            "Each update makes the loss larger.",
        ),
        Mistake(
            "answer-for-label",
            "δₖ = p − y",
            "the network's own answer g = one-hot(argmax p) instead of the label y",
            "Whatever the network answers, it learns that this was right, and never leaves the answer it started with.",
        ),
        Mistake(
            "label-ignored",
            "δₖ = p − y",
            "p alone; the label is never subtracted",
            "The network learns the same from every digit, whatever its label is.",
        ),
        Mistake(
            "one-component",
            "δₖ = p − y",
            "only the component of one class; all others are 0",
            "Nothing makes the other classes less probable.",
        ),
        Mistake(
            "extra-derivative",
            "δₖ = p − y",
            "p − y times a further derivative of the output",
            "The derivative of the output is in p − y already: once more, and gradients become small just where the "
            "network is sure and wrong.",
        ),
        Mistake(
            "missing-softmax-derivative",
            "δₖ = p − y",
            "∂L/∂p = −y/p, without the derivative of the softmax",
            "The gradient has to go back through the softmax, too; both together are p − y.",
        ),
        Mistake(
            "missing-slope",
            "δₖ = (δₖ₊₁ Wₖ₊₁ᵀ) ∘ σ′(zₖ)",
            "the error carried back without the slope σ′(z)",
            "The gradients of the layers below come out several times too long, and point in a wrong direction.",
        ),
        Mistake(
            "slope-of-activation",
            "σ′(zₖ), which is aₖ (1 − aₖ)",
            "the slope at the activation, σ′(a), instead of the slope at the pre-activation, σ′(z)",
            "On a fresh network the two differ little, on a trained one a lot.",
        ),
        Mistake(
            "slope-formula-of-z",
            "σ′(zₖ) = aₖ (1 − aₖ)",
            "the formula a (1 − a) with the pre-activation z instead of a",
            "z is not between 0 and 1, so this is no slope and may even be negative.",
        ),
        Mistake(
            "sigmoid-for-slope",
            "σ′(zₖ) = aₖ (1 − aₖ)",
            "the activation itself instead of the slope",
            "The slope is at most 1/4 and vanishes where a neuron is saturated; the activation does not.",
        ),
        Mistake(
            "slope-twice",
            "δₖ = (δₖ₊₁ Wₖ₊₁ᵀ) ∘ σ′(zₖ)",
            "the slope σ′(z) applied twice",
            "Each extra factor makes the gradients below at least four times smaller.",
        ),
        Mistake(
            "slope-of-other-layer",
            "δₖ = (δₖ₊₁ Wₖ₊₁ᵀ) ∘ σ′(zₖ)",
            "the slope of another layer",
            "The shapes fit, the neurons do not.",
        ),
        Mistake(
            "activations-for-weights",
            "δₖ₊₁ Wₖ₊₁ᵀ",
            "the error times activations instead of the error times the weights",
            "An error goes back over the same weights over which the activations came.",
        ),
        Mistake(
            "not-transposed",
            "δₖ₊₁ Wₖ₊₁ᵀ",
            "the error carried through W instead of its transpose",
            "The shapes fit because the layers are equally wide; the neurons do not.",
        ),
        Mistake(
            "updated-weights",
            "δₖ₊₁ Wₖ₊₁ᵀ with the weights of before the update",
            "the error carried through weights that were updated already",
            "The gradient belongs to the network that made the error. The larger the learning rate, the worse.",
        ),
        Mistake(
            "not-carried",
            "δₖ₊₁ Wₖ₊₁ᵀ",
            "the error of the layer above as it is, not carried through the weights",
            "Which neuron is to blame for how much stands in the weights.",
        ),
        Mistake(
            "wrong-input",
            "∂L/∂Wₖ = aₖ₋₁ᵀ δₖ",
            "the gradient from another array than the layer's input aₖ₋₁",
            "A weight matters as much as what comes in over it.",
        ),
        Mistake(
            "outer-reversed",
            "∂L/∂Wₖ = aₖ₋₁ᵀ δₖ",
            "the outer product the wrong way round: its transpose",
            "The shapes fit because the layers are equally wide; the neurons do not.",
        ),
        Mistake("bias-frozen", "b ← b − η δ", "no update of the bias at all", "The bias stays what it was."),
        Mistake(
            "bias-summed",
            "∂L/∂b = δ",
            "the sum of δ, one number, for every neuron",
            "All biases move together; in the output layer they do not move at all, as p − y sums to 0.",
        ),
        Mistake(
            "bias-averaged",
            "∂L/∂b = δ",
            "the mean of δ over the neurons, one number, for every neuron",
            "All biases move together; in the output layer they do not move at all, as p − y sums to 0.",
        ),
        Mistake(
            "scaled", "", "the right array times a constant factor", "It has the right direction and the wrong length."
        ),
        Mistake(
            "softmax-axis",
            "p = exp(z) / Σ exp(z), summed over the classes of each sample",
            "the softmax over the wrong axis: the probabilities of a sample do not sum to 1",
            "With one sample every probability is 1 and the loss is 0.",
        ),
        Mistake(
            "zero-weights",
            "W ~ N(0, 1/max(n_in, n_out))",
            "initial weights that are all alike",
            "Neurons that start alike compute the same and, unless something else tells them apart, learn the same.",
        ),
        Mistake(
            "weights-too-large",
            "W ~ N(0, 1/max(n_in, n_out))",
            "initial weights so large that most neurons are saturated",
            "Where a neuron is at 0 or 1 its slope is almost 0, and it hardly learns.",
        ),
        Mistake("wrong-shape", "", "arrays whose shapes do not fit", ""),
        Mistake(
            "not-finite",
            "",
            "numbers that are not finite (NaN or infinity)",
            "From then on every weight is NaN and nothing is learned.",
        ),
        Mistake(
            "no-update",
            "W ← W − η ∂L/∂W",
            "no change of the weights",
            "What is computed never reaches the weights, so the network stays as it is.",
        ),
        Mistake(
            "rate-ignored",
            "W ← W − η ∂L/∂W",
            "taken without the learning rate η",
            "The steps are as large as the gradients themselves.",
        ),
        Mistake(
            "state-kept",
            "the gradients of this step alone",
            "the gradients of this step added to those of earlier steps",
            "A buffer is not emptied between the steps.",
        ),
        Mistake(
            "input-changed",
            "a copy: x = image / 255",
            "the input changed in place",
            "The next time the same image comes, it is another one.",
        ),
        Mistake("unexplained", "", "something other than the right array, and no mistake of this catalogue", ""),
    )
}

REMARKS = {
    remark.name: remark
    for remark in (
        Mistake(
            "unstable-softmax",
            "exp(z − max z) / Σ exp(z − max z)",
            "the softmax without a shift: large pre-activations overflow to NaN",
            "Subtracting the largest z changes nothing and keeps exp() finite.",
        ),
        Mistake(
            "pixels-not-scaled",
            "x = image / 255",
            "pixels from 0 to 255, not from 0 to 1",
            "Almost all neurons of the first layer are then saturated: with a right backward pass the exercise ends at "
            "about 64 % like this, and at 93 % with pixels from 0 to 1.",
        ),
        Mistake(
            "clipped-logarithm",
            "L = −ln p of the label",
            "a logarithm that is clipped or shifted by a small ε",
            "The gradient p − y is that of the logarithm without it; the two differ only where p is almost 0.",
        ),
        Mistake("unlike-the-exercise", "", "another network than the exercise's", ""),
    )
}


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
    p, y = layer.a, targets
    g = np.eye(p.shape[1])[p.argmax(axis=1)]
    yield Hypothesis((), "∂L/∂z", right)
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


def subscript(number: int) -> str:
    """A number as it stands below a symbol."""
    return str(number).translate(str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉"))
