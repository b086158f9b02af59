"""Backpropagated gradients against finite differences of the loss, in double precision.

The central difference (L(w + ε) − L(w − ε)) / 2ε is ∂L/∂w up to an error of the order ε², with nothing of the backward
pass in it. Two gradients g and n are as far apart as ‖g − n‖ / (‖g‖ + ‖n‖): 0 for the same, 1 for opposite ones
(Stanford's CS231n, "Gradient checks", divides by the larger of the two norms instead of their sum).
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.analysis.evidence import logits
from model.backpropagation import Array, gradients
from model.network import Network

EPSILON = 1e-5  # where the errors of curvature and rounding are about the same for losses around 1
EPSILONS = np.geomspace(1e-1, 1e-12, 45)
SAMPLE = 500  # weights and biases of a large layer
SMALL_LAYER = 2000  # weights and biases that are all checked
AT_A_TIME = 50  # differences, a few milliseconds
AGREES, DIFFERS = 1e-6, 1e-3  # relative differences: up to the one it is rounding, from the other on a mistake
SMALLEST = 1e-9  # ‖g‖ + ‖n‖ that can be compared

Float64 = NDArray[np.float64]


@dataclass(frozen=True)
class LayerCheck:
    """How far the two gradients of a layer's weights and biases are apart."""

    layer: int  # from 1
    checked: int
    available: int  # weights and biases in all
    difference: float  # ‖g − n‖ / (‖g‖ + ‖n‖)
    size: float  # ‖g‖ + ‖n‖

    @property
    def is_comparable(self) -> bool:
        """Whether the gradients are large enough for the rounding of p, some 1e-16, not to matter."""
        return self.size >= SMALLEST


def check_gradients(
    network: Network, image: Array, label: int, everything: bool = False
) -> Generator[float, None, list[LayerCheck]]:
    """Compare them for one sample, an image (784,): all of every small layer, and a random sample of a large one.

    Yields the share that is done, 0 to 1, every few milliseconds, and returns a result for each layer.
    """
    doubled, image = _in_double(network), image.astype(np.float64)
    backpropagated = gradients(doubled, image, label)
    random = np.random.default_rng(0)
    layers = [
        _chosen(weights.size + len(bias), everything, random)
        for weights, bias in zip(doubled.weights, doubled.biases, strict=True)
    ]
    total, done, results = sum(map(len, layers)), 0, []
    for k, chosen in enumerate(layers):
        flat = np.append(backpropagated.weights[k], backpropagated.biases[k])
        differences = np.empty(len(chosen))
        for place, number in enumerate(chosen.tolist()):
            differences[place] = central_difference(doubled, image, label, k, number)
            done += 1
            if done % AT_A_TIME == 0:
                yield done / total
        size = np.linalg.norm(flat[chosen]) + np.linalg.norm(differences)
        difference = relative_difference(flat[chosen], differences)
        results.append(LayerCheck(k + 1, len(chosen), len(flat), difference, float(size)))
    return results


def central_difference(
    network: Network, image: Float64, label: int, layer: int, number: int, epsilon: float = EPSILON
) -> float:
    """(L(w + ε) − L(w − ε)) / 2ε for a weight, or a bias, which count behind the weights, of a network in float64.

    `layer` counts from 0, as the lists do. The network is as before afterwards.
    """
    weights, bias = network.weights[layer], network.biases[layer]
    array, place = (weights.reshape(-1), number) if number < weights.size else (bias, number - weights.size)
    kept, losses = array[place], []
    for moved in (kept + epsilon, kept - epsilon):
        array[place] = moved
        losses.append(_loss(network, image, label))
    array[place] = kept
    return (losses[0] - losses[1]) / (2 * epsilon)


def errors_over_epsilon(network: Network, image: Array, label: int, layer: int, number: int) -> Float64:
    """|g − n| / (|g| + |n|) of one weight or bias for each of EPSILONS; counted as in `central_difference`."""
    doubled, image = _in_double(network), image.astype(np.float64)
    backpropagated = gradients(doubled, image, label)
    gradient = np.append(backpropagated.weights[layer], backpropagated.biases[layer])[number : number + 1]
    differences = [central_difference(doubled, image, label, layer, number, epsilon) for epsilon in EPSILONS]
    return np.array([relative_difference(gradient, np.array([each])) for each in differences])


def relative_difference(one: Float64, other: Float64) -> float:
    """‖g − n‖ / (‖g‖ + ‖n‖); 0 where both are zero."""
    norms = np.linalg.norm(one) + np.linalg.norm(other)
    return float(np.linalg.norm(one - other) / norms) if norms else 0.0


def largest_difference(results: Sequence[LayerCheck]) -> float | None:
    """That of the layer in which the gradients are furthest apart; None where all are too small to compare."""
    return max((result.difference for result in results if result.is_comparable), default=None)


def verdict(results: Sequence[LayerCheck]) -> str:
    """What the largest difference means, in plain words."""
    largest = largest_difference(results)
    if largest is None:
        return "nothing to compare: the network is so certain of this label that the gradients are almost zero"
    if largest <= AGREES:
        return "they agree: what is left is rounding"
    return "they nearly agree: rounding is large here" if largest < DIFFERS else "they do not agree"


def _chosen(count: int, everything: bool, random: np.random.Generator) -> NDArray[np.intp]:
    if everything or count <= SMALL_LAYER:
        return np.arange(count)
    return np.sort(random.choice(count, SAMPLE, replace=False))


def _loss(network: Network, image: Float64, label: int) -> float:
    """−ln p of the label, ln(1 + Σ e^(z − z_label)) over the other classes: exact even where p is almost 1 or 0."""
    scores = logits(network, image)
    return float(np.logaddexp(0, np.logaddexp.reduce(np.delete(scores, label) - scores[label])))


def _in_double(network: Network) -> Network:
    arrays = ([each.astype(np.float64) for each in kind] for kind in (network.weights, network.biases))
    return Network(*arrays)
