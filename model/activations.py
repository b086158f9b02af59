"""The functions that turn a layer's pre-activations into its activations."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


def sigmoid(pre_activations: NDArray[np.floating]) -> NDArray[np.floating]:
    """The logistic function 1 / (1 + e⁻ᶻ), elementwise.

    It is exact for numbers of any size: where e⁻ᶻ overflows to infinity, 1 / ∞ is 0, which is the limit.
    """
    with np.errstate(over="ignore"):
        return 1 / (1 + np.exp(-pre_activations))


def sigmoid_derivative(activations: NDArray[np.floating]) -> NDArray[np.floating]:
    """The slope of the sigmoid, from its value a = σ(z): σ′(z) = a (1 − a), elementwise."""
    return activations * (1 - activations)


def softmax(logits: NDArray[np.floating]) -> NDArray[np.floating]:
    """The probability of each class, shaped like the logits, (samples, classes) or (classes,).

    Shifting a row by its maximum leaves the result unchanged and keeps exp() finite.
    """
    exponentials = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return exponentials / exponentials.sum(axis=-1, keepdims=True)


@dataclass(frozen=True)
class Activation:
    """An elementwise function of a layer, a = σ(z), and its slope, written both ways that people write it."""

    name: str
    function: Callable[[NDArray[Any]], NDArray[Any]]  # σ(z)
    slope: Callable[[NDArray[Any]], NDArray[Any]]  # σ′(z), from z
    slope_from_activation: Callable[[NDArray[Any]], NDArray[Any]]  # the same from a = σ(z)


SIGMOID = Activation("sigmoid", sigmoid, lambda z: sigmoid_derivative(sigmoid(z)), sigmoid_derivative)
