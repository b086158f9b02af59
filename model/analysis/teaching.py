"""Teaching a network a single digit."""

import numpy as np
from numpy.typing import NDArray

from model.network import Network
from model.plain_sgd import plain_sgd


def apply_updates(
    network: Network, image: NDArray[np.floating], label: int, learning_rate: float, updates: int = 1
) -> Network:
    """Another network, which has learned from one image, (784,), n times: W ← W − η ∂L/∂W, each time from the new W.

    Raises ArithmeticError when the numbers overflow.
    """
    pupil, image = network.copy(), image.astype(network.dtype, copy=False)
    with np.errstate(over="ignore", invalid="ignore"):
        plain_sgd(pupil, [image] * updates, [label] * updates, learning_rate)
    if not pupil.is_usable():
        raise ArithmeticError("The weights grew beyond what a number can hold. Choose a smaller learning rate.")
    return pupil
