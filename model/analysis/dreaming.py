"""What would you call a perfect 3? The image goes uphill, not the weights: "activation maximization".

The probability of a class changes with the logits z by ∂ log p_digit/∂z = y − p, y one-hot at that digit; handed back
through the layers, that says for each pixel whether more ink or less makes the network surer (Erhan, Bengio, Courville,
Vincent, "Visualizing higher-layer features of a deep network", 2009).
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from model.analysis.evidence import input_gradient
from model.digit_image import SIDE
from model.loss import one_hot
from model.network import Network

STEP = 0.2  # Euclidean length of one step, where one pixel of full ink has length 1
SMOOTHING = 0.1  # how much of the mean with its neighbours a pixel takes on after a step

Image = NDArray[np.floating]


def dream(
    network: Network, image: Image, digit: int, step: float = STEP, smooth: bool = False
) -> Iterator[NDArray[np.floating]]:
    """Ever surer images of a digit, each (784,) in [0, 1], without end; `image` is where the first step begins.

    Every step has the same length, however flat the slope is. A slope that leads out of [0, 1] is none.
    """
    image = image.astype(network.dtype)
    while True:
        image = np.clip(image + step * _uphill(network, image, digit), 0, 1)
        if smooth:
            image = (1 - SMOOTHING) * image + SMOOTHING * _blurred(image)
        yield image


def log_probability_gradient(network: Network, image: Image, digit: int) -> Image:
    """∂ log p_digit/∂x, (784,)."""
    *hidden, probabilities = network.forward(image)
    return input_gradient(network, hidden, one_hot(np.asarray(digit), len(probabilities)) - probabilities)


def _uphill(network: Network, image: Image, digit: int) -> Image:
    """The direction in which log p_digit rises fastest, of length 1; zero where it does not rise at all."""
    slope = log_probability_gradient(network, image, digit)
    slope[(image <= 0) & (slope < 0) | (image >= 1) & (slope > 0)] = 0
    length = np.linalg.norm(slope)
    return slope / length if length else slope


def _blurred(image: Image) -> Image:
    """The mean of each pixel and its neighbours, weighted 1 2 1 in both directions; beyond the edge is paper."""
    pixels = np.pad(image.reshape(SIDE, SIDE), 1)
    across = (pixels[:, :-2] + 2 * pixels[:, 1:-1] + pixels[:, 2:]) / 4
    return ((across[:-2] + 2 * across[1:-1] + across[2:]) / 4).reshape(-1)
