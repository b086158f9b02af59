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

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.network import Network

Array = NDArray[Any]

LARGEST_BLOCK = 32  # samples: in larger blocks the K × K products cost what is gained
LARGEST_WORK = 12_000_000  # samples × weights of a block: with more, a block of a wide network would take too long
FEW_ROUNDS, MANY_ROUNDS = 12, 24  # a block that settles sooner lets the next one grow, one that takes longer shrinks it


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
        affordable = LARGEST_WORK // sum(layer.size for layer in self._layers)
        self._largest_size = min(LARGEST_BLOCK, 1 << affordable.bit_length() - 1) if affordable else 1
        self._size = self._largest_size
        self._images: Array = np.empty((0, network.layer_sizes[0]))
        self._couplings: dict[tuple[int, int], Array] = {}
        self.begin(self._images, np.empty(0, np.intp))

    def begin(self, images: NDArray[np.floating], labels: NDArray[np.integer]) -> None:
        """Learn from these samples next, (samples, n_in) and (samples,), the first one first."""
        # An epoch of the same images meets the same T ∘ HᵀH in the first layer: a third of the work on the pixels.
        self._known_couplings = self._couplings if images is self._images else {}
        self._couplings = {}
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
            key = (self._position, len(images))
            self._couplings[key] = block.couple_images(images, self._known_couplings.get(key))
            rounds = block.solve(images, self._targets[:, samples], self._layers)
            if not block.is_finite:
                rounds = block.solve(images, self._targets[:, samples], self._layers, logits_jump=True)
            if block.is_finite or block.size == 1:
                self._choose_size(rounds)
                return block
            # Where numbers overflow, NaN reaches the samples before, too. One sample at a time, it comes when it must.
            self._size = block.size // 2

    def _choose_size(self, rounds: int) -> None:
        if rounds > MANY_ROUNDS:
            self._size = max(1, self._size // 2)
        elif rounds <= FEW_ROUNDS:
            self._size = min(self._largest_size, 2 * self._size)

    def _show_weights(self) -> None:
        """Give the network the weights of this very moment, inside a block too."""
        layers = self._layers
        if self._block is not None:
            layers = [layer.copy() for layer in layers]
            self._block.descend(layers, self._position - self._block_start)
        for layer, weights, bias in zip(layers, self._network.weights, self._network.biases, strict=True):
            weights[:], bias[:] = layer[:-1], layer[-1]


class _Block:
    """Arrays for so many samples, made once and filled again and again: at these sizes making them costs most.

    For the same reason operations write into arrays at hand, and no Python number takes part in them.
    """

    def __init__(self, layer_sizes: tuple[int, ...], size: int, learning_rate: np.floating) -> None:
        dtype = learning_rate.dtype
        outputs = layer_sizes[1:]

        def arrays(*shapes: tuple[int, ...]) -> list[Array]:
            return [np.empty(shape, dtype) for shape in shapes]

        self.size = size
        self.is_finite = True
        self._steps = np.triu(np.full((size, size), learning_rate), 1)  # T
        self._now, self._before = (_Round(outputs, size, dtype) for _ in range(2))
        self._change = np.empty_like(self._now.all_deltas)
        self._all_slopes, slopes = _stack([n + 1 for n in outputs[:-1]], size, dtype)
        self._slopes = [slope[:-1] for slope in slopes]
        # For each layer: Z of a block whose samples taught nothing, or G; what they did teach; and η Dᵀ.
        self._products = arrays(*((n, size) for n in outputs))
        self._taught = arrays(*((n, size) for n in outputs))
        self._descents = arrays(*((size, n) for n in outputs))
        self._first_coupling = np.zeros((size, size), dtype)
        self._above_diagonal = np.flatnonzero(np.triu(np.ones((size, size)), 1))
        self._coupling, self._sums, self._first_update = arrays((size, size), (size,), (layer_sizes[0], outputs[0]))
        self.answers, self._shift = arrays((outputs[-1], size), (outputs[-1], size))
        self._half, self._one, self._learning_rate = (np.array(x, dtype) for x in (0.5, 1, learning_rate))
        self._one_a_sample, self._one_a_class = np.ones(size, dtype), np.ones(outputs[-1], dtype)
        self._epsilon = float(np.finfo(dtype).eps)

    def couple_images(self, images: Array, known: Array | None) -> Array:
        """Set T ∘ HᵀH of the first layer, for images, (size, n_in); its numbers above the diagonal."""
        if known is None:
            # Of the pairs that T leaves. A matrix times its own transpose would take a slower routine of NumPy's.
            self._first_coupling[:-1, 1:] = np.dot(images[:-1], images[1:].T)
            self._first_coupling += self._one
            self._first_coupling *= self._steps
            return self._first_coupling.take(self._above_diagonal)
        self._first_coupling.put(self._above_diagonal, known)
        return known

    def solve(self, images: Array, targets: Array, layers: list[Array], logits_jump: bool = False) -> int:
        """Find D for coupled images, (size, n_in), with one-hot labels, (classes, size); how many rounds it took.

        Where logits jump by more than exp() can hold from one round to the next, the softmax must know, and is slower.
        """
        self._images, self._targets, self._layers, self._logits_jump = images, targets, layers, logits_jump
        self._weights = [layer[:-1] for layer in layers]
        np.dot(images, self._weights[0], self._descents[0])
        self._first_product = self._descents[0].T + layers[0][-1][:, None]
        tolerance = self._tolerance()
        self._go_round(is_first=True)
        rounds, change = 1, 0.0
        while rounds < self.size:
            self._now, self._before = self._before, self._now
            self._go_round(is_first=False)
            rounds += 1
            change_before, change = change, self._measure_change()
            # Rounds contract evenly, so that change² / (the change before) is what the next one would bring.
            if not change * change > tolerance * max(change_before, change):
                break
        self.is_finite = math.isfinite(change)
        return rounds

    def descend(self, layers: list[Array], count: int) -> None:
        """W ← W − η H Dᵀ in place, for the first so many samples of the block."""
        for k, (layer, deltas, descents) in enumerate(zip(layers, self._now.deltas, self._descents, strict=True)):
            steps = np.multiply(deltas.T, self._learning_rate, descents)[:count]
            if k == 0:
                weights, bias = layer[:-1], layer[-1]
                weights -= np.dot(self._images[:count].T, steps, self._first_update)
                bias -= np.dot(self._one_a_sample[:count], steps)
            else:
                layer -= np.dot(self._now.inputs[k - 1][:, :count], steps)

    def _go_round(self, is_first: bool) -> None:
        """From the D of the round before to the D of this one; in the first, D is 0."""
        logits = self._forward(is_first)
        if is_first or self._logits_jump:  # any number near the largest logit will do, in later rounds too
            self._shift[:] = logits.max(axis=0)
        self._softmax(logits)
        np.subtract(self.answers, self._targets, self._now.deltas[-1])
        self._backward(is_first)

    def _forward(self, is_first: bool) -> Array:
        """Z = Wᵀ H − D (T ∘ HᵀH), layer after layer; the logits, (classes, size)."""
        now, before = self._now, self._before
        z = self._first_product
        for k, taught in enumerate(self._taught):
            if k > 0:
                z = np.dot(self._layers[k].T, now.inputs[k - 1], self._products[k])
            if not is_first:
                coupling = self._couple(before.inputs[k - 1], now.inputs[k - 1]) if k > 0 else self._first_coupling
                z = np.subtract(z, np.dot(before.deltas[k], coupling, taught), taught)
            if k < len(now.activations):
                self._sigmoid(z, taught, now.activations[k])
        return z

    def _sigmoid(self, z: Array, scratch: Array, activations: Array) -> None:
        """1 / (1 + e⁻ᶻ) as (1 + tanh(z / 2)) / 2: no overflow, nor numbers so small that they slow down a processor."""
        np.multiply(z, self._half, scratch)
        np.tanh(scratch, scratch)
        np.multiply(scratch, self._half, scratch)
        np.add(scratch, self._half, activations)

    def _softmax(self, logits: Array) -> None:
        np.subtract(logits, self._shift, self.answers)
        np.exp(self.answers, self.answers)
        np.dot(self._one_a_class, self.answers, self._sums)
        np.divide(self.answers, self._sums, self.answers)

    def _backward(self, is_first: bool) -> None:
        """G = W D − H (T ∘ DᵀD) and D = G ∘ σ′(Z), layer before layer, where σ′ = a − a²."""
        now, before = self._now, self._before
        np.multiply(now.all_inputs, now.all_inputs, self._all_slopes)
        np.subtract(now.all_inputs, self._all_slopes, self._all_slopes)
        for k in range(len(now.activations) - 1, -1, -1):
            g, taught = self._products[k], self._taught[k]
            np.dot(self._weights[k + 1], now.deltas[k + 1], g)
            if not is_first:
                coupling = self._couple(before.deltas[k + 1], now.deltas[k + 1])
                np.subtract(g, np.dot(before.activations[k], coupling, taught), g)
            np.multiply(g, self._slopes[k], now.deltas[k])

    def _couple(self, before: Array, now: Array) -> Array:
        """T ∘ AᵀA: a sample is taught by what those before it were in the round before."""
        np.dot(before.T, now, self._coupling)
        return np.multiply(self._coupling, self._steps, self._coupling)

    def _measure_change(self) -> float:
        """‖ΔD‖, between two rounds."""
        change = np.subtract(self._now.all_deltas, self._before.all_deltas, self._change).reshape(-1)
        return math.sqrt(np.dot(change, change))

    def _tolerance(self) -> float:
        """The ‖ΔD‖ that disappears in the rounding: of weights, η ‖ΔD‖ against 2 ε ‖W‖, or of D itself."""
        weights = self._layers[-1].reshape(-1)
        length = math.sqrt(np.dot(weights, weights))
        return 2 * self._epsilon * max(length / float(self._learning_rate), self.size)


class _Round:
    """H of each layer behind the first, and D of all layers, as one round leaves them."""

    def __init__(self, outputs: tuple[int, ...], size: int, dtype: np.dtype[Any]) -> None:
        self.all_inputs, self.inputs = _stack([n + 1 for n in outputs[:-1]], size, dtype)
        self.all_inputs[:] = 1
        self.activations = [inputs[:-1] for inputs in self.inputs]  # all rows but the one of ones
        self.all_deltas, self.deltas = _stack(outputs, size, dtype)


def _stack(rows: Sequence[int], size: int, dtype: np.dtype[Any]) -> tuple[Array, list[Array]]:
    """An array for so many samples, and its parts of so many rows each, one below the other."""
    whole = np.zeros((sum(rows), size), dtype)
    return whole, np.split(whole, np.cumsum(rows)[:-1]) if rows else []
