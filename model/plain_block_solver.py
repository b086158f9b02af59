"""A block of samples at once, each with its own update: the formulas of `model/sequential_sgd.py` as they stand there.

In their letters, each a list with an array for each layer: W are weights with the bias as last row, H inputs with a row
of ones below, D the gradients with respect to the pre-activations; T is η above the diagonal. Each sample is a column.
`model/block_solver.py` computes the same, fast.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.activations import sigmoid, sigmoid_derivative, softmax
from model.loss import one_hot
from model.network import Network

Array = NDArray[Any]


def train_on_block(network: Network, images: Array, labels: Array, learning_rate: float) -> Array:
    """Update a network in place for images, (samples, n_in), and labels, (samples,), as if one came after the other.

    Returns the probabilities, (samples, classes), that were predicted for each sample before its own update.
    """
    W = [np.vstack(pair) for pair in zip(network.weights, network.biases, strict=True)]
    T = np.triu(np.full((len(images), len(images)), learning_rate), 1)
    D = [np.zeros((len(bias), len(images))) for bias in network.biases]
    for _ in range(len(images)):  # after m iterations the first m samples are exact
        H, P = _forward(W, D, T, images)
        before, D = D, _backward(W, H, T, P - one_hot(labels, len(P)).T)
        if all(np.array_equal(old, new) for old, new in zip(before, D, strict=True)):
            break
    for k, (weights, bias) in enumerate(zip(network.weights, network.biases, strict=True)):
        W[k] -= learning_rate * H[k] @ D[k].T
        weights[:], bias[:] = W[k][:-1], W[k][-1]
    return P.T


def _forward(W: list[Array], D: list[Array], T: Array, images: Array) -> tuple[list[Array], Array]:
    """H of each layer and the probabilities, (classes, samples), if D of the iteration before is what was learned."""
    H = []
    activations = images.T
    for k in range(len(W)):
        H.append(np.vstack([activations, np.ones(len(images))]))
        Z = W[k].T @ H[k] - D[k] @ (T * (H[k].T @ H[k]))
        activations = sigmoid(Z)
    return H, softmax(Z.T).T


def _backward(W: list[Array], H: list[Array], T: Array, output_delta: Array) -> list[Array]:
    """D of each layer, from that of the last."""
    D = [output_delta]
    for k in range(len(W) - 1, 0, -1):
        G = W[k] @ D[0] - H[k] @ (T * (D[0].T @ D[0]))
        D.insert(0, G[:-1] * sigmoid_derivative(H[k][:-1]))  # no gradient goes back to the row of ones
    return D
