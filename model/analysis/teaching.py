"""Teaching a network a single digit."""

import numpy as np
from numpy.typing import NDArray

from model.backpropagation import gradients
from model.network import Network


def apply_updates(
    network: Network, image: NDArray[np.floating], label: int, learning_rate: float, updates: int = 1
) -> Network:
    """Another network, which has learned from one image, (784,), so many times: W ← W − η ∂L/∂W, each time anew.

    Raises ArithmeticError when the numbers overflow.
    """
    pupil, image = network.copy(), image.astype(network.dtype, copy=False)
    rate = network.dtype.type(learning_rate)
    with np.errstate(over="ignore", invalid="ignore"):
        for _ in range(updates):
            slopes = gradients(pupil, image, label)
            for weights, slope in zip(pupil.weights, slopes.weights, strict=True):
                weights -= rate * slope
            for bias, slope in zip(pupil.biases, slopes.biases, strict=True):
                bias -= rate * slope
    if not pupil.is_usable():
        raise ArithmeticError("The weights grew beyond what a number can hold. Choose a smaller learning rate.")
    return pupil
