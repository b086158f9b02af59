"""The gradients of one sample's loss, the way a textbook derives them.

Write aₖ for the activations of layer k (a₀ is the image), zₖ₊₁ = aₖ Wₖ + bₖ for the pre-activations that they cause,
L for the cross-entropy of the softmax, y for the one-hot label, and δₖ for ∂L/∂zₖ. Then

    δ_last = a_last − y              softmax and cross-entropy together
    δₖ     = (δₖ₊₁ Wₖᵀ) ∘ σ′(zₖ)     handed back through the weights, then through the sigmoid
    ∂L/∂Wₖ = aₖᵀ δₖ₊₁
    ∂L/∂bₖ = δₖ₊₁

(Michael Nielsen, "Neural Networks and Deep Learning", chapter 2, equations BP1 to BP4, for row vectors.)
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.activations import sigmoid_derivative
from model.loss import one_hot
from model.network import Network


@dataclass(frozen=True)
class Gradients:
    """∂L/∂W and ∂L/∂b of every layer, lists shaped like the network's own `weights` and `biases`."""

    weights: list[NDArray[Any]]
    biases: list[NDArray[Any]]


def gradients(network: Network, image: NDArray[np.floating], label: int) -> Gradients:
    """How the loss of one sample changes with each weight and bias; `image` is (n_in,), `label` an integer."""
    activations = [image, *network.forward(image)]
    delta = activations[-1] - one_hot(np.asarray(label), len(activations[-1])).astype(network.dtype)
    deltas = [delta]
    for weights, activation in zip(network.weights[:0:-1], activations[-2:0:-1], strict=True):
        delta = (delta @ weights.T) * sigmoid_derivative(activation)
        deltas.insert(0, delta)
    return Gradients(
        weights=[np.outer(activation, delta) for activation, delta in zip(activations[:-1], deltas, strict=True)],
        biases=deltas,
    )
