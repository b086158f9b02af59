"""The gradients of one sample's loss, the way a textbook derives them.

Layer 0 is the image, a₀ = x. Layer k has the pre-activations zₖ = aₖ₋₁ Wₖ + bₖ and the activations aₖ = σ(zₖ), which
are the probabilities p in the last. With the one-hot label y, the cross-entropy L, and δₖ for ∂L/∂zₖ,

    δ_last = p − y                       softmax and cross-entropy together
    δₖ     = (δₖ₊₁ Wₖ₊₁ᵀ) ∘ σ′(zₖ)       back through the weights, then through the sigmoid
    ∂L/∂Wₖ = aₖ₋₁ᵀ δₖ
    ∂L/∂bₖ = δₖ

(Michael Nielsen, "Neural Networks and Deep Learning", chapter 2, equations BP1 to BP4, for row vectors.)

Lists count from 0: in `weights`, `biases`, `pre_activations` and `deltas`, what belongs to layer k + 1 is number k.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.activations import softmax
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
    """What the last layer does with its pre-activations, and the gradient of the loss with respect to them.

    The loss may as well be anything else that is computed from them; δ and all gradients are then those of that.
    """

    name: str
    function: Callable[[Array], Array]  # p from z_last
    delta: Callable[[Array, Array], Array]  # δ_last from p and y


SOFTMAX_CROSS_ENTROPY = Output("softmax with cross-entropy", softmax, lambda p, y: p - y)


@dataclass(frozen=True, eq=False)
class Backpropagation:
    """Every intermediate value of a pass forward and back, for one sample, (neurons,), or several, (samples, neurons).

    `activations` starts with the image and ends with the probabilities, so activations[k] goes into the layer whose
    pre_activations[k] and deltas[k] follow.
    """

    pre_activations: tuple[Array, ...]
    activations: tuple[Array, ...]
    deltas: tuple[Array, ...]

    @cached_property
    def gradients(self) -> Gradients:
        """∂L/∂W = aᵀ δ and ∂L/∂b = δ, summed over the samples."""
        inputs, deltas = ([np.atleast_2d(each) for each in values] for values in (self.activations, self.deltas))
        layers = range(len(deltas))
        return Gradients([inputs[k].T @ deltas[k] for k in layers], [deltas[k].sum(axis=0) for k in layers])


def backpropagate(
    network: Network,
    images: Array,
    targets: Array,
    output: Output = SOFTMAX_CROSS_ENTROPY,
) -> Backpropagation:
    """Send images forward, (n_in,) or (samples, n_in), and the errors back; `targets` are one-hot, shaped like p.

    The output is a softmax with cross-entropy, unless another one is given.
    """
    layers = range(len(network.weights))
    hidden = network.hidden
    functions = [*(activation.function for activation in hidden), output.function]

    z, a = [], [images]
    for k in layers:
        z.append(a[k] @ network.weights[k] + network.biases[k])
        a.append(functions[k](z[k]))

    delta = output.delta(a[-1], targets)
    deltas = [delta]
    for k in reversed(layers[1:]):
        delta = (delta @ network.weights[k].T) * hidden[k - 1].slope_from_activation(a[k])
        deltas.insert(0, delta)
    return Backpropagation(tuple(z), tuple(a), tuple(deltas))


def gradients(network: Network, image: Array, label: int) -> Gradients:
    """How the loss of one sample changes with each weight and bias; `image` is (n_in,), `label` an integer."""
    target = one_hot(np.asarray(label), network.layer_sizes[-1]).astype(network.dtype)
    return backpropagate(network, image, target).gradients
