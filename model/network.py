"""A fully connected network: sigmoid in the hidden layers, softmax in the last."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from model.activations import sigmoid, softmax

LAYER_SIZES = (784, 32, 32, 10)


class Network:
    """Weights and biases, layer after layer.

    `weights[k]` is (n_in, n_out), `biases[k]` is (n_out,): a layer computes activations @ weights + bias.
    """

    def __init__(self, weights: Sequence[NDArray[Any]], biases: Sequence[NDArray[Any]]) -> None:
        self.weights = list(weights)
        self.biases = list(biases)

    @classmethod
    def initialize(
        cls, layer_sizes: Sequence[int] = LAYER_SIZES, seed: int = 80085, dtype: DTypeLike = np.float32
    ) -> Network:
        """A network that knows nothing: weights ~ N(0, 1 / max(n_in, n_out)), biases zero.

        The same seed gives the same weights; they are drawn in float64 whatever `dtype` they are kept in.
        """
        random = np.random.default_rng(seed)
        shapes = list(pairwise(layer_sizes))
        return cls(
            weights=[random.normal(0, 1 / np.sqrt(max(shape)), shape).astype(dtype) for shape in shapes],
            biases=[np.zeros(n_out, dtype) for _, n_out in shapes],
        )

    @property
    def layer_sizes(self) -> tuple[int, ...]:
        """How many numbers go in, then how many neurons each layer has: (784, 32, 32, 10)."""
        return (self.weights[0].shape[0], *(len(bias) for bias in self.biases))

    @property
    def weight_count(self) -> int:
        """How many weights there are, without the biases: the multiply-adds of one forward pass."""
        return sum(weights.size for weights in self.weights)

    @property
    def nbytes(self) -> int:
        """The memory that weights and biases take."""
        return sum(array.nbytes for array in (*self.weights, *self.biases))

    @property
    def dtype(self) -> np.dtype[Any]:
        """The type of every weight and bias."""
        return self.weights[0].dtype

    def forward(self, images: NDArray[np.floating]) -> list[NDArray[np.floating]]:
        """The activations of every layer after the input, each (samples, neurons); the last are the probabilities.

        `images` is (samples, n_in), or (n_in,) for a single one, whose activations are then (neurons,).
        """
        activations: list[NDArray[np.floating]] = []
        layer_input = images
        for weights, bias in zip(self.weights[:-1], self.biases[:-1], strict=True):
            layer_input = sigmoid(layer_input @ weights + bias)
            activations.append(layer_input)
        activations.append(softmax(layer_input @ self.weights[-1] + self.biases[-1]))
        return activations

    def predict(self, images: NDArray[np.floating]) -> NDArray[np.floating]:
        """The probability of each class, (samples, classes)."""
        return self.forward(images)[-1]

    def predict_digit(self, digit: NDArray[np.floating]) -> NDArray[np.floating]:
        """The probability of each class for a single digit, an image of 784 numbers in any shape, (classes,)."""
        return self.predict(digit.reshape(1, -1).astype(self.dtype, copy=False))[0]

    def is_usable(self) -> bool:
        """Whether it has probabilities for any image: no weight is NaN, and none too large for sums in float32.

        What goes into a layer is between 0 and 1: no pre-activation is larger than Σ|w| + |b|, and no difference
        of two larger than twice that.
        """
        with np.errstate(over="ignore"):
            bounds = [
                2 * (np.abs(weights).sum(axis=0) + np.abs(bias))
                for weights, bias in zip(self.weights, self.biases, strict=True)
            ]
        return all(bool((bound < np.finfo(np.float32).max).all()) for bound in bounds)

    def copy(self) -> Network:
        """A network of its own with the same numbers."""
        return Network([weights.copy() for weights in self.weights], [bias.copy() for bias in self.biases])
