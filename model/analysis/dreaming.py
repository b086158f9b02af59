"""What would you call a perfect 3? The image goes uphill, not the weights: "activation maximization".

The probability of a class changes with the logits z by ∂ log p_digit/∂z = y − p, y one-hot at that digit. Back through
the layers, that says for each pixel whether more ink or less makes the network surer (Erhan, Bengio, Courville and
Vincent, "Visualizing higher-layer features of a deep network", 2009).
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from model.activations import softmax
from model.analysis.evidence import input_gradient
from model.backpropagation import Output
from model.digit_image import SIDE
from model.network import Network

STEP = 0.2  # Euclidean length of one step, where one pixel of full ink has length 1
SMOOTHING = 0.1  # how much of the mean with its neighbours a pixel takes on after a step
LOG_PROBABILITY = Output("the log-probability of a class", softmax, lambda p, y: y - p)

Image = NDArray[np.floating]


def dream(
    network: Network, image: Image, digit: int, step: float = STEP, smooth: bool = False
) -> Iterator[NDArray[np.floating]]:
    """Ever surer images of a digit, each (784,) in [0, 1], without end; `image` is where the first step starts.

    Every step has the same length, however small the gradient is. What of it leads out of [0, 1] does not count.
    """
    image = image.astype(network.dtype)
    while True:
        image = np.clip(image + step * _uphill(network, image, digit), 0, 1)
        if smooth:
            image = (1 - SMOOTHING) * image + SMOOTHING * _blurred(image)
        yield image


def log_probability_gradient(network: Network, image: Image, digit: int) -> Image:
    """∂ log p_digit/∂x, (784,)."""
    return input_gradient(network, image, digit, LOG_PROBABILITY)


def _uphill(network: Network, image: Image, digit: int) -> Image:
    """The direction in which log p_digit rises fastest, of length 1; zero where it does not rise at all."""
    gradient = log_probability_gradient(network, image, digit)
    gradient[(image <= 0) & (gradient < 0) | (image >= 1) & (gradient > 0)] = 0
    length = np.linalg.norm(gradient)
    return gradient / length if length else gradient


def _blurred(image: Image) -> Image:
    """The mean of each pixel and its neighbours, weighted 1 2 1 in both directions; beyond the edge is paper."""
    pixels = np.pad(image.reshape(SIDE, SIDE), 1)
    across = (pixels[:, :-2] + 2 * pixels[:, 1:-1] + pixels[:, 2:]) / 4
    return ((across[:-2] + 2 * across[1:-1] + across[2:]) / 4).reshape(-1)
