"""Which pixels speak for an answer, and which against it.

The logit of a class changes with the image x by g = ∂z_class/∂x. To first order, g ∘ x says how much each pixel's ink
adds to the logit, compared with paper in its place ("gradient × input": Shrikumar, Greenside, Kundaje, ICML 2017).
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from model.activations import sigmoid_derivative
from model.loss import one_hot
from model.network import Network


def evidence(network: Network, image: NDArray[np.floating], digit: int) -> NDArray[np.floating]:
    """For each pixel, how much it adds to the logit of a digit; `image` is (784,) from 0 to 1, and so is the result."""
    return image * logit_gradient(network, image, digit)


def logit_gradient(network: Network, image: NDArray[np.floating], digit: int) -> NDArray[np.floating]:
    """∂z_digit/∂x, (784,)."""
    *hidden, probabilities = network.forward(image)
    return input_gradient(network, hidden, one_hot(np.asarray(digit), len(probabilities)).astype(network.dtype))


def input_gradient(
    network: Network, hidden: Sequence[NDArray[np.floating]], slope: NDArray[np.floating]
) -> NDArray[np.floating]:
    """∂f/∂x, (784,), of whatever has the slope ∂f/∂z at the logits, (10,), handed back from there to the image.

    `hidden` are the activations of the layers between the two, each (neurons,).
    """
    gradient = network.weights[-1] @ slope
    for weights, activations in zip(network.weights[-2::-1], reversed(hidden), strict=True):
        gradient = weights @ (gradient * sigmoid_derivative(activations))
    return gradient
