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
TANH = Activation("tanh", np.tanh, lambda z: 1 - np.tanh(z) ** 2, lambda a: 1 - a**2)
RELU = Activation("ReLU", lambda z: np.maximum(z, 0), lambda z: (z > 0) * 1.0, lambda a: (a > 0) * 1.0)
IDENTITY = Activation("identity", lambda z: z, np.ones_like, np.ones_like)
SOFTPLUS = Activation("softplus", lambda z: np.logaddexp(0, z), sigmoid, lambda a: 1 - np.exp(-a))


def _leaky_relu(slope: float) -> Activation:
    return Activation(
        f"leaky ReLU ({slope})",
        lambda z: np.where(z > 0, z, slope * z),
        lambda z: np.where(z > 0, 1.0, slope),
        lambda a: np.where(a > 0, 1.0, slope),
    )


def _elu() -> Activation:
    return Activation(
        "ELU",
        lambda z: np.where(z > 0, z, np.expm1(np.minimum(z, 0))),
        lambda z: np.where(z > 0, 1.0, np.exp(np.minimum(z, 0))),
        lambda a: np.where(a > 0, 1.0, a + 1),
    )


ACTIVATIONS = (SIGMOID, TANH, RELU, *map(_leaky_relu, (0.01, 0.1, 0.2, 0.001)), _elu(), SOFTPLUS, IDENTITY)
FAR_FROM_ZERO = 1.0  # none of them is further from 0 than its z is, and so much


def activation_named(name: str) -> Activation:
    """One of those that are known. Raises ValueError if there is none of this name."""
    for activation in ACTIVATIONS:
        if activation.name == name:
            return activation
    raise ValueError(f"There is no activation function {name!r}.")
