"""Backpropagated gradients against finite differences of the loss, in double precision.

The central difference (L(w + ε) − L(w − ε)) / 2ε is ∂L/∂w up to an error of the order ε², with nothing of the backward
pass in it. Two gradients g and n are as far apart as ‖g − n‖ / (‖g‖ + ‖n‖): 0 for the same, 1 for opposite ones
(Stanford's CS231n, "Gradient checks", divides by the larger of the two norms instead of their sum).

Rounding limits what can be seen. A sum zₖ = Σ aw + b is right to some u (Σ |aw| + |b|), with u = 2⁻⁵² for the distance
of two numbers around 1. By definition of δ, that moves the loss by δₖ as much, so that L is right to some

    ΔL = u (|L| + Σ |δₖ| (Σ |aw| + |b|))     over all neurons of all layers,

and n to ΔL / ε; g is right to u / ‖p − y‖ of itself. What is not well above both can be neither confirmed nor refuted.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.analysis.derivation import Number
from model.analysis.evidence import logits
from model.backpropagation import Array, backpropagate, gradients
from model.loss import one_hot
from model.network import Network

EPSILON = 1e-5  # of a weight up to 1, of larger ones a share: about where curvature and rounding cost the same
EPSILONS = np.geomspace(1e-1, 1e-12, 45)
SAMPLE = 500  # weights and biases of a large layer
SMALL_LAYER = 2000  # weights and biases that are all checked
AT_A_TIME = 50  # differences, a few milliseconds
AGREES, DIFFERS = 1e-6, 1e-3  # relative differences: up to the one the gradients are right, from the other on wrong
LARGE = 1.0  # ‖g‖ + ‖n‖ that is lost in rounding not because it is small, but because what the loss sums up is large
UNIT = float(np.finfo(np.float64).eps)  # u

Float64 = NDArray[np.float64]


@dataclass(frozen=True)
class LayerCheck:
    """How far the two gradients of a layer's weights and biases are apart."""

    layer: int  # from 1
    checked: int
    available: int  # weights and biases in all
    difference: float  # ‖g − n‖ / (‖g‖ + ‖n‖)
    size: float  # ‖g‖ + ‖n‖
    resolution: float  # how large ‖g − n‖ may be from rounding alone

    @property
    def is_comparable(self) -> bool:
        """Whether rounding alone cannot make a difference that would count as a mistake."""
        return self.resolution < DIFFERS * self.size

    @property
    def is_too_large(self) -> bool:
        """Whether it cannot be compared because of sums so large that the loss has no digits left for a small step."""
        return not self.is_comparable and self.size >= LARGE

    @property
    def agrees(self) -> bool:
        """Whether rounding explains all of the difference."""
        return self.difference * self.size <= max(AGREES * self.size, self.resolution)


def check_gradients(
    network: Network, image: Array, label: int, everything: bool = False
) -> Generator[float, None, list[LayerCheck]]:
    """Compare them for one sample, an image (784,): all of every small layer, and a random sample of a large one.

    Yields the share that is done, 0 to 1, every few milliseconds, and returns a result for each layer.
    """
    doubled, image = _in_double(network), image.astype(np.float64)
    backpropagated, (of_loss, of_gradients) = gradients(doubled, image, label), _roundings(doubled, image, label)
    random = np.random.default_rng(0)
    layers = [
        _chosen(weights.size + len(bias), everything, random)
        for weights, bias in zip(doubled.weights, doubled.biases, strict=True)
    ]
    total, done, results = sum(map(len, layers)), 0, []
    for k, chosen in enumerate(layers):
        columns = len(doubled.biases[k])
        gradient = np.append(backpropagated.weights[k], backpropagated.biases[k])[chosen]
        steps = EPSILON * np.maximum(1, np.abs(np.append(doubled.weights[k], doubled.biases[k])[chosen]))
        differences = np.empty(len(chosen))
        for place, (number, step) in enumerate(zip(chosen.tolist(), steps.tolist(), strict=True)):
            differences[place] = central_difference(doubled, image, label, k, divmod(number, columns), step)
            done += 1
            if done % AT_A_TIME == 0:
                yield done / total
        size = float(np.linalg.norm(gradient) + np.linalg.norm(differences))
        resolution = float(np.linalg.norm(of_loss / steps)) + of_gradients * size
        difference, available = relative_difference(gradient, differences), doubled.weights[k].size + columns
        results.append(LayerCheck(k + 1, len(chosen), available, difference, size, resolution))
    return results


def central_difference(
    network: Network, image: Float64, label: int, layer: int, index: tuple[int, ...], epsilon: float = EPSILON
) -> float:
    """(L(w + ε) − L(w − ε)) / 2ε for a weight, (input, neuron), of a network in float64; a bias is the last input's.

    `layer` counts from 0, as the lists do. The network is as before afterwards.
    """
    weights, bias, (row, column) = network.weights[layer], network.biases[layer], index
    vector = weights[row] if row < len(weights) else bias
    kept, losses = vector[column], []
    for moved in (kept + epsilon, kept - epsilon):
        vector[column] = moved
        losses.append(_loss(network, image, label))
    vector[column] = kept
    return (losses[0] - losses[1]) / (2 * epsilon)


def errors_over_epsilon(network: Network, image: Array, label: int, number: Number) -> Float64:
    """|g − n| / (|g| + |n|) of one weight or bias for each of EPSILONS."""
    doubled, image, k, index = _in_double(network), image.astype(np.float64), number.layer - 1, number.index
    backpropagated = gradients(doubled, image, label)
    gradient = np.vstack([backpropagated.weights[k], backpropagated.biases[k]])[index]
    differences = [central_difference(doubled, image, label, k, index, epsilon) for epsilon in EPSILONS]
    return np.array([relative_difference(gradient, each) for each in differences])


def relative_difference(one: Float64 | float, other: Float64 | float) -> float:
    """‖g − n‖ / (‖g‖ + ‖n‖); 0 where both are zero."""
    norms = np.linalg.norm(one) + np.linalg.norm(other)
    return float(np.linalg.norm(np.subtract(one, other)) / norms) if norms else 0.0


def largest_difference(results: Sequence[LayerCheck]) -> float | None:
    """That of the layer in which the gradients are furthest apart; None where there is none that can be compared."""
    return max((result.difference for result in results if result.is_comparable), default=None)


def verdict(results: Sequence[LayerCheck]) -> str:
    """What the differences mean, in plain words."""
    largest = largest_difference(results)
    if largest is None:
        if any(result.is_too_large for result in results):
            return "nothing to compare: the sums are so large that rounding hides the gradients"
        return "nothing to compare: the network is so certain of this label that the gradients are almost zero"
    compared = [result for result in results if result.is_comparable]
    if all(result.agrees for result in compared):
        where = "" if len(compared) == len(results) else " where they can be compared"
        return f"they agree{where}: what is left is rounding"
    return "they nearly agree: the loss is strongly curved here" if largest < DIFFERS else "they do not agree"


def _chosen(count: int, everything: bool, random: np.random.Generator) -> NDArray[np.intp]:
    if everything or count <= SMALL_LAYER:
        return np.arange(count)
    return np.sort(random.choice(count, SAMPLE, replace=False))


def _loss(network: Network, image: Float64, label: int) -> float:
    """−ln p of the label, ln(1 + Σ e^(z − z_label)) over the other classes: exact even where p is almost 1 or 0."""
    scores = logits(network, image)
    lead = scores - scores[label]
    lead[label] = -np.inf  # which adds nothing
    return float(np.logaddexp(0, np.logaddexp.reduce(lead)))


def _roundings(network: Network, image: Float64, label: int) -> tuple[float, float]:
    """How far rounding alone may move the loss, ΔL, and the gradients, as a share of them."""
    passes = backpropagate(network, image, one_hot(np.asarray(label), network.layer_sizes[-1]))
    loss = abs(_loss(network, image, label))
    for a, weights, bias, delta in zip(
        passes.activations, network.weights, network.biases, passes.deltas, strict=False
    ):
        loss += float(np.abs(delta) @ (np.abs(a) @ np.abs(weights) + np.abs(bias)))
    return UNIT * loss, UNIT / max(float(np.linalg.norm(passes.deltas[-1])), np.finfo(np.float64).tiny)


def _in_double(network: Network) -> Network:
    weights, biases = ([each.astype(np.float64) for each in kind] for kind in (network.weights, network.biases))
    return Network(weights, biases, network.hidden)
