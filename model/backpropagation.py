"""The gradients of one sample's loss, the way a textbook derives them.

Write aₖ for the activations of layer k (a₀ is the image), zₖ₊₁ = aₖ Wₖ + bₖ for the pre-activations that they cause,
L for the cross-entropy of the softmax, y for the one-hot label, and δₖ for ∂L/∂zₖ. Then

    δ_last = a_last − y              softmax and cross-entropy together
    δₖ     = (δₖ₊₁ Wₖᵀ) ∘ σ′(zₖ)     handed back through the weights, then through the sigmoid
    ∂L/∂Wₖ = aₖᵀ δₖ₊₁
    ∂L/∂bₖ = δₖ₊₁

(Michael Nielsen, "Neural Networks and Deep Learning", chapter 2, equations BP1 to BP4, for row vectors.)
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.activations import SIGMOID, Activation, softmax
from model.loss import one_hot
from model.network import Network

Array = NDArray[Any]


@dataclass(frozen=True)
class Gradients:
    """∂L/∂W and ∂L/∂b of every layer, lists shaped like the network's own `weights` and `biases`."""

    weights: list[Array]
    biases: list[Array]


@dataclass(frozen=True)
class Output:
    """What the last layer does with its pre-activations, and the gradient of the loss with respect to them."""

    name: str
    function: Callable[[Array], Array]  # p from z_last
    delta: Callable[[Array, Array], Array]  # δ_last from p and y


SOFTMAX_CROSS_ENTROPY = Output("softmax with cross-entropy", softmax, lambda p, y: p - y)


@dataclass(frozen=True)
class Backpropagation:
    """Every intermediate value of a pass forward and back, for one sample or, in rows, for several.

    `pre_activations[k]` and `deltas[k]` are zₖ₊₁ and δₖ₊₁, which the weights `k` lead to; `activations` starts with
    the image and ends with the probabilities. The gradients are summed over the samples.
    """

    pre_activations: list[Array]
    activations: list[Array]
    deltas: list[Array]
    gradients: Gradients


def backpropagate(
    network: Network,
    images: Array,
    targets: Array,
    hidden: Sequence[Activation] | None = None,
    output: Output = SOFTMAX_CROSS_ENTROPY,
) -> Backpropagation:
    """Send images forward, (n_in,) or (samples, n_in), and the errors back; `targets` are one-hot, shaped like p.

    The hidden layers are sigmoids and the output is a softmax with cross-entropy, unless other ones are given.
    """
    hidden = hidden or [SIGMOID] * (len(network.weights) - 1)
    pre_activations, activations = [], [images]
    for weights, bias, function in zip(
        network.weights, network.biases, [*(layer.function for layer in hidden), output.function], strict=True
    ):
        pre_activations.append(activations[-1] @ weights + bias)
        activations.append(function(pre_activations[-1]))

    delta = output.delta(activations[-1], targets)
    deltas = [delta]
    for weights, activation, layer in zip(network.weights[:0:-1], activations[-2:0:-1], hidden[::-1], strict=True):
        delta = (delta @ weights.T) * layer.slope_from_activation(activation)
        deltas.insert(0, delta)
    return Backpropagation(pre_activations, activations, deltas, _gradients(activations, deltas))


def _gradients(activations: list[Array], deltas: list[Array]) -> Gradients:
    rows = [np.atleast_2d(delta) for delta in deltas]
    return Gradients(
        weights=[np.atleast_2d(a).T @ delta for a, delta in zip(activations[:-1], rows, strict=True)],
        biases=[delta.sum(axis=0) for delta in rows],
    )


def gradients(network: Network, image: Array, label: int) -> Gradients:
    """How the loss of one sample changes with each weight and bias; `image` is (n_in,), `label` an integer."""
    target = one_hot(np.asarray(label), network.layer_sizes[-1]).astype(network.dtype)
    return backpropagate(network, image, target).gradients
