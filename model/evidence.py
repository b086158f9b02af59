"""Which pixels speak for an answer, and which against it.

The logit of a class changes with the image x by g = ∂z_class/∂x. To first order, g ∘ x says how much each pixel's ink
adds to the logit, compared with paper in its place ("gradient × input": Shrikumar, Greenside, Kundaje, ICML 2017).
"""

import numpy as np
from numpy.typing import NDArray

from model.activations import sigmoid_derivative
from model.network import Network


def evidence(network: Network, image: NDArray[np.floating], digit: int) -> NDArray[np.floating]:
    """For each pixel, how much it adds to the logit of a digit; `image` is (784,) from 0 to 1, and so is the result."""
    return image * logit_gradient(network, image, digit)


def logit_gradient(network: Network, image: NDArray[np.floating], digit: int) -> NDArray[np.floating]:
    """∂z_digit/∂x, (784,), handed back from the last layer to the image."""
    *hidden, _ = network.forward(image)
    gradient = network.weights[-1][:, digit]
    for weights, activations in zip(network.weights[-2::-1], reversed(hidden), strict=True):
        gradient = weights @ (gradient * sigmoid_derivative(activations))
    return gradient
