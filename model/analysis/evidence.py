"""Which pixels push the score of an answer up, and which push it down.

The logit of a class changes with the image x by g = ∂z_class/∂x. To first order, g ∘ x says how much each pixel's ink
pushes the logit, compared with paper in its place ("gradient × input": Shrikumar, Greenside, Kundaje, ICML 2017). The
network is not linear: these are estimates, and their sum is not how much all ink together adds.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.activations import softmax
from model.backpropagation import Output, backpropagate
from model.loss import one_hot
from model.network import Network

Array = NDArray[Any]
LOGIT = Output("the logit of a class", softmax, lambda p, y: y)  # ∂z_class/∂z is 1 at the class, 0 elsewhere


def evidence(network: Network, image: Array, digit: int) -> Array:
    """For each pixel, how much it pushes the logit of a digit; `image` is (784,) from 0 to 1, the result is (784,)."""
    return image * logit_gradient(network, image, digit)


def logits(network: Network, image: Array) -> Array:
    """The sums that go into the softmax for an image, (784,): one for each class, (classes,)."""
    assert network.has_answers
    layer_input = image
    for weights, bias, activation in zip(network.weights[:-1], network.biases[:-1], network.hidden, strict=True):
        layer_input = activation.function(layer_input @ weights + bias)
    return layer_input @ network.weights[-1] + network.biases[-1]


def logit_gradient(network: Network, image: Array, digit: int) -> Array:
    """∂z_digit/∂x, (784,)."""
    return input_gradient(network, image, digit, LOGIT)


def input_gradient(network: Network, image: Array, digit: int, output: Output) -> Array:
    """∂L/∂x, (784,), of whatever the output computes for a digit: ∂L/∂x = δ₁ W₁ᵀ."""
    target = one_hot(np.asarray(digit), network.layer_sizes[-1]).astype(network.dtype)
    return backpropagate(network, image, target, output=output).deltas[0] @ network.weights[0].T
