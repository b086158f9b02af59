"""One update with every number of it: forward, back, and what it does to the weights and biases."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from model.backpropagation import Array, Backpropagation, Gradients, backpropagate
from model.loss import cross_entropy, one_hot
from model.network import Network

OVERFLOW = "The weights grew beyond what a number can hold. Choose a smaller learning rate."


@dataclass(frozen=True, eq=False)
class Update:
    """What one sample, an image (784,) with its label, does to a network: W ← W − η ∂L/∂W, and likewise b."""

    network: Network  # before
    label: int
    learning_rate: float
    target: Array  # y, (classes,)
    passes: Backpropagation  # of this one sample: every array is (neurons,)
    changes: Gradients  # −η times the gradients
    after: Network

    @property
    def image(self) -> Array:
        """x, (784,)."""
        return self.passes.activations[0]

    @property
    def probabilities(self) -> Array:
        """p before the update, (classes,)."""
        return self.passes.activations[-1]

    @cached_property
    def probabilities_after(self) -> Array:
        """What the updated network predicts for the same image, (classes,)."""
        with np.errstate(over="ignore", invalid="ignore"):
            return self.after.predict(self.image)

    @cached_property
    def losses(self) -> tuple[float, float]:
        """The cross-entropy of this sample, before and after, in nats."""
        probabilities = np.stack([self.probabilities, self.probabilities_after])
        before, after = cross_entropy(probabilities, np.array([self.label, self.label]))
        return float(before), float(after)


def one_update(network: Network, image: NDArray[np.floating], label: int, learning_rate: float) -> Update:
    """The update for one image, (784,), in the numbers that the network computes with.

    With an enormous learning rate the updated network may overflow.
    """
    image = image.astype(network.dtype, copy=False)
    target = one_hot(np.asarray(label), network.layer_sizes[-1]).astype(network.dtype)
    passes = backpropagate(network, image, target)
    gradients = passes.gradients
    with np.errstate(over="ignore", invalid="ignore"):
        changes = Gradients(*([-learning_rate * g for g in each] for each in (gradients.weights, gradients.biases)))
        weights = [w + change for w, change in zip(network.weights, changes.weights, strict=True)]
        biases = [b + change for b, change in zip(network.biases, changes.biases, strict=True)]
    return Update(network, label, learning_rate, target, passes, changes, Network(weights, biases, network.hidden))


def apply_updates(
    network: Network, image: NDArray[np.floating], label: int, learning_rate: float, updates: int = 1
) -> Network:
    """Another network, which has learned from one image, (784,), n times, each time from the new weights.

    Raises ArithmeticError when the numbers overflow.
    """
    for _ in range(updates):
        network = one_update(network, image, label, learning_rate).after
        if not network.is_usable():
            raise ArithmeticError(OVERFLOW)
    return network
