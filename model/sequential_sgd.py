"""Stochastic gradient descent, one update a sample, in order: a whole block of samples at once, and exactly.

Take K consecutive samples, one in each column. For one layer let W be its weights before the block, H its inputs,
(n_in, K), D the gradients at its pre-activations, (n_out, K), and η the learning rate. Sample j meets the weights
W − η Σ_{i<j} hᵢ dᵢᵀ. So, with T = η above the diagonal of a K × K matrix and 0 elsewhere, the layer's pre-activations
Z, what it hands back to the layer before it, G, and its weights after the block are

    Z = Wᵀ H − D (T ∘ HᵀH)         forward
    G = W D − H (T ∘ DᵀD)          backward
    W ← W − η H Dᵀ                 after the block

(the dual form of a layer under gradient descent: Irie, Csordás, Schmidhuber, ICML 2022). D stands on both sides, so it
is found in rounds: from D = 0 run all layers forward and backward, which gives a better D, and again, until it stays as
it is (Jacobi iteration: Song, Meng, Liao, Ermon, ICML 2021). As a sample depends only on those before it, the first m
samples are exact after m rounds, whatever the learning rate. With small steps a few rounds are enough for all.

A bias is a weight whose input is always 1: H has a last row of ones, which hands nothing back.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.network import Network

Array = NDArray[Any]

LARGEST_BLOCK = 32  # samples: in larger blocks the K × K products cost what is gained
FEW_ROUNDS, MANY_ROUNDS = 8, 12  # a block that settles sooner lets the next one grow, one that takes longer shrinks it


class SequentialSGD:
    """Updates a network in place: W ← W − η ∂L/∂W after each sample.

    The blocks follow from the numbers alone and not from how the samples are asked for, and so does every bit.
    """

    def __init__(self, network: Network, learning_rate: float) -> None:
        self._network = network
        with np.errstate(over="ignore"):  # a rate that is too large for the type diverges like any other
            self._learning_rate = network.dtype.type(learning_rate)
        # Weights before the block, (n_in + 1, n_out) with the bias as last row.
        self._layers = [np.vstack(pair) for pair in zip(network.weights, network.biases, strict=True)]
        self._blocks: dict[int, _Block] = {}
        self._size = LARGEST_BLOCK
        self.begin(np.empty((0, network.layer_sizes[0])), np.empty(0, np.intp))

    def begin(self, images: NDArray[np.floating], labels: NDArray[np.integer]) -> None:
        """Learn from these samples next, (samples, n_in) and (samples,), the first one first."""
        self._images = images
        self._targets = np.eye(self._network.layer_sizes[-1], dtype=self._network.dtype)[:, labels]  # one-hot columns
        self._block_start = self._position = 0
        self._block: _Block | None = None

    def learn(self, count: int) -> Array:
        """Learn from the next so many samples, no more than are left, and return what was answered, (count, classes).

        The answer to a sample is the one given before its own update.
        """
        answers = np.empty((count, self._network.layer_sizes[-1]), self._network.dtype)
        filled = 0
        with np.errstate(over="ignore", invalid="ignore"):  # whoever asked looks at the weights
            while filled < count:
                answered = self._go_on(count - filled)
                answers[filled : filled + len(answered)] = answered
                filled += len(answered)
            self._show_weights()
        return answers

    def _go_on(self, count: int) -> Array:
        """To the end of the block or less; the answers, (samples, classes)."""
        if self._block is None:
            self._block = self._solve_next()
        first = self._position - self._block_start
        last = min(self._block.size, first + count)
        answers = self._block.answers[:, first:last].T
        self._position += last - first
        if last == self._block.size:
            self._block.descend(self._layers, last)
            self._block_start, self._block = self._position, None
        return answers

    def _solve_next(self) -> "_Block":
        while True:
            samples = slice(self._position, min(self._position + self._size, len(self._images)))
            images = self._images[samples].astype(self._network.dtype, copy=False)
            block = self._blocks.get(len(images))
            if block is None:
                block = _Block(self._network.layer_sizes, len(images), self._learning_rate)
                self._blocks[len(images)] = block
            rounds = block.solve(images, self._targets[:, samples], self._layers)
            if block.is_finite or block.size == 1:
                self._choose_size(rounds)
                return block
            # Where numbers overflow, NaN reaches the samples before, too. One sample at a time, it comes when it must.
            self._size = block.size // 2

    def _choose_size(self, rounds: int) -> None:
        if rounds > MANY_ROUNDS:
            self._size = max(1, self._size // 2)
        elif rounds <= FEW_ROUNDS:
            self._size = min(LARGEST_BLOCK, 2 * self._size)

    def _show_weights(self) -> None:
        """Give the network the weights of this very moment, inside a block too."""
        layers = self._layers
        if self._block is not None:
            layers = [layer.copy() for layer in layers]
            self._block.descend(layers, self._position - self._block_start)
        for layer, weights, bias in zip(layers, self._network.weights, self._network.biases, strict=True):
            weights[:], bias[:] = layer[:-1], layer[-1]


class _Block:
    """Arrays for so many samples, made once and filled again and again: at these sizes making them costs most."""

    def __init__(self, layer_sizes: tuple[int, ...], size: int, learning_rate: np.floating) -> None:
        dtype = learning_rate.dtype
        outputs = layer_sizes[1:]
        ends = np.cumsum(outputs)
        self.size = size
        self.is_finite = True
        self._learning_rate = learning_rate
        # H of each layer behind the first, whose activations are all rows but the last.
        self._inputs = [np.ones((neurons + 1, size), dtype) for neurons in outputs[:-1]]
        self._activations = [inputs[:-1] for inputs in self._inputs]
        # D of all layers, one below the other, as it was, as it becomes, and how the two differ.
        self._all_deltas, self._all_better, self._change = (np.zeros((ends[-1], size), dtype) for _ in range(3))
        self._deltas, self._better = (np.split(deltas, ends[:-1]) for deltas in (self._all_deltas, self._all_better))
        self._pre_activations, self._scratch = ([np.empty((n, size), dtype) for n in outputs] for _ in range(2))
        self._steps = np.triu(np.full((size, size), learning_rate, dtype), 1)  # T
        self._coupling = np.empty((size, size), dtype)
        self.answers = np.empty((outputs[-1], size), dtype)
        self._row, self._ones = np.empty(size, dtype), np.ones(outputs[-1], dtype)

    def solve(self, images: Array, targets: Array, layers: list[Array]) -> int:
        """Find D for images, (size, n_in), with one-hot labels, (classes, size); how many rounds it took."""
        self._images = images
        self._targets = targets
        self._first = np.dot(images, layers[0][:-1]).T + layers[0][-1][:, None]  # Wᵀ H of the first layer
        self._first_coupling = (np.dot(images, images.T) + 1) * self._steps
        tolerance = self._tolerance(layers)
        before = 0.0
        for rounds in range(1, self.size + 1):
            self._forward(layers, rounds)
            self._backward(layers, rounds)
            np.subtract(self._all_better, self._all_deltas, self._change)
            change = max(self._change.max(), -self._change.min())
            self._all_deltas, self._all_better = self._all_better, self._all_deltas
            self._deltas, self._better = self._better, self._deltas
            # Rounds contract evenly, so that change² / (the change before) is what the next one would bring.
            if not change * change > tolerance * max(before, change):
                break
            before = change
        self.is_finite = bool(np.isfinite(change))
        return rounds

    def descend(self, layers: list[Array], count: int) -> None:
        """W ← W − η H Dᵀ in place, for the first so many samples of the block."""
        for k, (layer, deltas) in enumerate(zip(layers, self._deltas, strict=True)):
            steps = self._learning_rate * deltas[:, :count].T
            if k == 0:
                layer[:-1] -= np.dot(self._images[:count].T, steps)
                layer[-1] -= steps.sum(axis=0)
            else:
                layer -= np.dot(self._inputs[k - 1][:, :count], steps)

    def _forward(self, layers: list[Array], rounds: int) -> None:
        for k, pre_activations in enumerate(self._pre_activations):
            if k == 0:
                np.copyto(pre_activations, self._first)
            else:
                np.dot(layers[k].T, self._inputs[k - 1], pre_activations)
            if rounds > 1:  # in the first D is 0
                coupling = self._couple(self._inputs[k - 1]) if k else self._first_coupling
                np.dot(self._deltas[k], coupling, self._scratch[k])
                pre_activations -= self._scratch[k]
            if k < len(self._inputs):
                np.negative(pre_activations, pre_activations)
                np.exp(pre_activations, pre_activations)
                pre_activations += 1
                np.reciprocal(pre_activations, self._activations[k])
        self._softmax(self._pre_activations[-1])

    def _softmax(self, logits: Array) -> None:
        np.maximum.reduce(logits, axis=0, out=self._row)
        logits -= self._row
        np.exp(logits, logits)
        np.dot(self._ones, logits, self._row)  # the sum of each column
        np.divide(logits, self._row, self.answers)

    def _backward(self, layers: list[Array], rounds: int) -> None:
        np.subtract(self.answers, self._targets, self._better[-1])
        for k in range(len(self._inputs) - 1, -1, -1):
            handed_back, slope = self._scratch[k], self._pre_activations[k]
            np.dot(layers[k + 1][:-1], self._better[k + 1], handed_back)
            if rounds > 1:
                np.dot(self._activations[k], self._couple(self._better[k + 1]), slope)
                handed_back -= slope
            np.subtract(1, self._activations[k], slope)
            slope *= self._activations[k]
            np.multiply(handed_back, slope, self._better[k])

    def _couple(self, columns: Array) -> Array:
        """T ∘ AᵀA."""
        np.dot(columns.T, columns, self._coupling)
        self._coupling *= self._steps
        return self._coupling

    def _tolerance(self, layers: list[Array]) -> float:
        """How large a change of D disappears in the rounding: of the weights, η D against ε |W|, or of D itself."""
        largest_weight = float(np.abs(layers[-1]).max())
        return float(np.finfo(layers[-1].dtype).eps) * max(largest_weight / float(self._learning_rate), 4)
