"""The exercise, solved: backpropagation and stochastic gradient descent, as plainly as one can write them.

In the letters of the textbook: x is an image and y its label, one-hot; W and b are a layer's weights and biases, a its
activations; p are the probabilities, δ = ∂L/∂z is the error of a layer, η the learning rate. Training itself takes the
faster way to the same updates, `model/sequential_sgd.py`.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.activations import sigmoid, sigmoid_derivative, softmax
from model.loss import one_hot
from model.network import Network


def plain_sgd(
    network: Network, images: Iterable[NDArray[Any]], labels: Sequence[int] | NDArray[Any], learning_rate: float
) -> None:
    """Update a network in place after each sample: images of (n_in,) numbers from 0 to 1, with their labels."""
    W, b, η = network.weights, network.biases, learning_rate
    last = len(W) - 1
    targets = one_hot(np.asarray(labels), network.layer_sizes[-1]).astype(network.dtype)
    for x, y in zip(images, targets, strict=True):
        a = [x]  # forward: what goes into each layer
        for k in range(last):
            a.append(sigmoid(a[k] @ W[k] + b[k]))
        p = softmax(a[last] @ W[last] + b[last])

        δ = [p - y]  # back: the error of each layer, from the last to the first
        for k in range(last, 0, -1):
            δ.insert(0, (δ[0] @ W[k].T) * sigmoid_derivative(a[k]))

        for k in range(last + 1):  # downhill, now that all errors are known
            W[k] -= η * np.outer(a[k], δ[k])
            b[k] -= η * δ[k]
