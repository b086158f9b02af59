"""Stochastic gradient descent, one update a sample, in the order in which the samples come.

The arithmetic is that of `model/backpropagation.py`. Here every result goes into an array made beforehand, because at
these sizes making arrays costs as much as filling them.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.activations import softmax
from model.network import Network


class SequentialSGD:
    """Updates a network in place: W ← W − η ∂L/∂W after each sample."""

    def __init__(self, network: Network, learning_rate: float) -> None:
        self._network = network
        with np.errstate(over="ignore"):  # a rate that is too large for the type diverges like any other
            self._learning_rate = network.dtype.type(learning_rate)
        self._activations = [np.empty_like(bias) for bias in network.biases]
        self._deltas = [np.empty_like(bias) for bias in network.biases]
        self._slopes = [np.empty_like(bias) for bias in network.biases[:-1]]
        self._weight_updates = [np.empty_like(weights) for weights in network.weights]

    def update(self, images: NDArray[np.floating], labels: NDArray[np.integer]) -> NDArray[Any]:
        """Learn from each image in turn, (samples, n_in), and return what was answered, (samples, classes).

        The answer to a sample is the one given before its own update.
        """
        answers = np.empty((len(images), self._network.layer_sizes[-1]), self._network.dtype)
        with np.errstate(over="ignore", invalid="ignore"):
            for image, label, answer in zip(images, labels.tolist(), answers, strict=True):
                self._forward(image, answer)
                self._backward(answer, label)
                self._descend(image)
        return answers

    def _forward(self, image: NDArray[Any], answer: NDArray[Any]) -> None:
        layer_input = image
        for weights, bias, activation in zip(
            self._network.weights, self._network.biases, self._activations, strict=True
        ):
            np.dot(layer_input, weights, activation)
            activation += bias
            if activation is not self._activations[-1]:
                np.negative(activation, activation)
                np.exp(activation, activation)
                activation += 1
                np.reciprocal(activation, activation)
            layer_input = activation
        answer[:] = softmax(layer_input)

    def _backward(self, answer: NDArray[Any], label: int) -> None:
        self._deltas[-1][:] = answer
        self._deltas[-1][label] -= 1
        for k in range(len(self._deltas) - 2, -1, -1):
            np.dot(self._network.weights[k + 1], self._deltas[k + 1], self._deltas[k])
            np.subtract(1, self._activations[k], self._slopes[k])
            self._slopes[k] *= self._activations[k]
            self._deltas[k] *= self._slopes[k]

    def _descend(self, image: NDArray[Any]) -> None:
        layer_input = image
        for k, delta in enumerate(self._deltas):
            delta *= self._learning_rate
            np.multiply(layer_input[:, None], delta, self._weight_updates[k])
            self._network.weights[k] -= self._weight_updates[k]
            self._network.biases[k] -= delta
            layer_input = self._activations[k]
