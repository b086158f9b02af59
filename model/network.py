"""A fully connected network: sigmoid in the hidden layers, unless another function is given; softmax in the last."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from model.activations import FAR_FROM_ZERO, SIGMOID, Activation, softmax

LAYER_SIZES = (784, 32, 32, 10)

# What can be kept on disk and shown, whoever's code trained it; the arithmetic has no limit.
MOST_LAYERS, MOST_NEURONS, MOST_WEIGHTS = 20, 4096, 2_000_000


class Network:
    """Weights and biases, layer after layer.

    `weights[k]` is (n_in, n_out), `biases[k]` is (n_out,): a layer computes activations @ weights + bias. `hidden` are
    the functions of the hidden layers. A network whose functions are not known here has weights, and no answers.
    """

    def __init__(
        self,
        weights: Sequence[NDArray[Any]],
        biases: Sequence[NDArray[Any]],
        hidden: Sequence[Activation] | None = None,
        has_answers: bool = True,
    ) -> None:
        self.weights = list(weights)
        self.biases = list(biases)
        self.hidden = tuple(hidden) if hidden is not None else (SIGMOID,) * (len(self.weights) - 1)
        self.has_answers = has_answers

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

    @property
    def has_sigmoids(self) -> bool:
        """Whether it is one of sigmoids and a softmax, as those are that are trained here."""
        return self.has_answers and all(activation is SIGMOID for activation in self.hidden)

    def forward(self, images: NDArray[np.floating]) -> list[NDArray[np.floating]]:
        """The activations of every layer after the input, each (samples, neurons); the last are the probabilities.

        `images` is (samples, n_in), or (n_in,) for a single one, whose activations are then (neurons,).
        """
        assert self.has_answers
        activations: list[NDArray[np.floating]] = []
        layer_input = images
        for weights, bias, activation in zip(self.weights[:-1], self.biases[:-1], self.hidden, strict=True):
            layer_input = activation.function(layer_input @ weights + bias)
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

        What goes into a layer is between 0 and 1, but where another function than the sigmoid lets it grow: no
        pre-activation is larger than that times Σ|w|, and |b|, and no difference of two larger than twice that.
        """
        if self.has_sigmoids and self._are_weights_ordinary():
            return True
        limit = 1.0  # of what goes into a layer
        with np.errstate(over="ignore", invalid="ignore"):
            for k, (weights, bias) in enumerate(zip(self.weights, self.biases, strict=True)):
                bounds = limit * np.abs(weights).sum(axis=0) + np.abs(bias)
                if not (2 * bounds < np.finfo(np.float32).max).all():
                    return False
                if k < len(self.hidden) and self.hidden[k] is not SIGMOID:
                    limit = float(bounds.max()) + FAR_FROM_ZERO
                else:
                    limit = 1.0
        return True

    def _are_weights_ordinary(self) -> bool:
        """Whether all are far from what they must not be, which is found out in a tenth of the time.

        Σ|w| over n weights is at most √(n Σw²), whose square is 1e36 at the most for a million of them.
        """
        with np.errstate(over="ignore", invalid="ignore"):
            return all(np.vdot(each, each) < 1e30 for each in (*self.weights, *self.biases))

    def copy(self) -> Network:
        """A network of its own with the same numbers."""
        weights, biases = ([array.copy() for array in kind] for kind in (self.weights, self.biases))
        return Network(weights, biases, self.hidden, self.has_answers)


def weights_between(layer_sizes: Sequence[int]) -> int:
    """How many weights networks with these layers have, without the biases."""
    return sum(n_in * n_out for n_in, n_out in pairwise(layer_sizes))


def is_too_large(layer_sizes: Sequence[int]) -> bool:
    """Whether networks with these layers can be neither kept on disk nor shown."""
    is_too_deep = len(layer_sizes) > MOST_LAYERS + 1
    return is_too_deep or max(layer_sizes) > MOST_NEURONS or weights_between(layer_sizes) > MOST_WEIGHTS
