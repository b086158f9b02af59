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
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.network import Network

Array = NDArray[Any]

LARGEST_BLOCK = 32  # samples: in larger blocks the K × K products cost what is gained
LARGEST_WORK = 12_000_000  # samples × weights of a block: with more, a block of a wide network would take too long
FEW_ROUNDS, MANY_ROUNDS = 12, 24  # a block that settles sooner lets the next one grow, one that takes longer shrinks it
SAFE_SUMS = (1e-30, 1e30)  # of exponentials: no overflow, nor loss of digits near zero, in float32


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
        self._solvers: dict[int, _BlockSolver] = {}
        affordable = LARGEST_WORK // sum(layer.size for layer in self._layers)
        self._largest_size = min(LARGEST_BLOCK, 1 << affordable.bit_length() - 1) if affordable else 1
        self._size = self._largest_size
        self._images: Array = np.empty((0, network.layer_sizes[0]))
        self._couplings: dict[tuple[int, int], Array] = {}
        self._rounds = FEW_ROUNDS  # that the latest block took; at first, a careful guess
        self.begin(self._images, np.empty(0, np.intp))

    def begin(self, images: NDArray[np.floating], labels: NDArray[np.integer]) -> None:
        """Learn from these samples next, (samples, n_in) and (samples,), the first one first."""
        # An epoch of the same images meets the same T ∘ HᵀH in the first layer: a third of the work on the pixels.
        self._known_couplings = self._couplings if images is self._images else {}
        self._couplings = {}
        self._images = images
        self._targets = np.eye(self._network.layer_sizes[-1], dtype=self._network.dtype)[:, labels]  # one-hot columns
        self._block_start = self._position = 0
        self._block: _BlockSolver | None = None

    def samples_within(self, work: int, most: int) -> int:
        """How many samples there are to the end of the last block that is within so much work and so many samples.

        The work is samples × weights × rounds, as the latest block suggests. There is always one block, begun or new.
        """
        affordable = work // (self._network.weight_count * self._rounds)
        further = max(0, min(affordable, most) // self._size - 1) * self._size
        block_end = self._block_start + (self._block.size if self._block else self._size)
        return block_end - self._position + further

    def learn(self, count: int) -> Array:
        """Learn from the next so many samples, no more than are left, and return what was answered, (count, classes).

        The answer to a sample is the one given before its own update.
        """
        answers = np.empty((count, self._network.layer_sizes[-1]), self._network.dtype)
        filled = 0
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):  # whoever asked looks at the weights
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

    def _solve_next(self) -> "_BlockSolver":
        while True:
            samples = slice(self._position, min(self._position + self._size, len(self._images)))
            images = self._images[samples].astype(self._network.dtype, copy=False)
            block = self._solvers.get(len(images))
            if block is None:
                block = _BlockSolver(self._layers, len(images), self._learning_rate)
                self._solvers[len(images)] = block
            key = (self._position, len(images))
            self._couplings[key] = block.couple_images(images, self._known_couplings.get(key))
            self._rounds = block.solve(images, self._targets[:, samples])
            if block.is_finite:
                self._choose_size()
                return block
            # Where numbers overflow, NaN reaches the samples before, too. One sample at a time, it comes when it must.
            self._size = block.size // 2

    def _choose_size(self) -> None:
        if self._rounds > MANY_ROUNDS:
            self._size = max(1, self._size // 2)
        elif self._rounds <= FEW_ROUNDS:
            self._size = min(self._largest_size, 2 * self._size)

    def _show_weights(self) -> None:
        """Give the network the weights of this very moment, inside a block too."""
        layers = self._layers
        if self._block is not None:
            layers = [layer.copy() for layer in layers]
            self._block.descend(layers, self._position - self._block_start)
        for layer, weights, bias in zip(layers, self._network.weights, self._network.biases, strict=True):
            weights[:], bias[:] = layer[:-1], layer[-1]


class _BlockSolver:
    """Finds the D of blocks of so many samples, which meet these layers.

    At these sizes a call costs as much as its arithmetic. So all arrays are made once; what a round does is written
    down once, as a list of calls on them; and no Python number takes part.
    """

    def __init__(self, layers: list[Array], size: int, learning_rate: np.floating) -> None:
        dtype = learning_rate.dtype
        outputs = [layer.shape[1] for layer in layers]
        pixels, classes = len(layers[0]) - 1, outputs[-1]

        def arrays(*shapes: tuple[int, ...]) -> list[Array]:
            return [np.empty(shape, dtype) for shape in shapes]

        self.size = size
        self.is_finite = True
        self._layers = layers
        self._weights = [layer[:-1] for layer in layers]
        self._steps = np.triu(np.full((size, size), learning_rate), 1)  # T
        self._half, self._one, self._learning_rate = (np.array(x, dtype) for x in (0.5, 1, learning_rate))
        # Of each layer: Z and G as they would be if the samples taught nothing, what they teach, and then Z.
        self._products, self._handed_back, self._taught, self._z = (
            arrays(*((n, size) for n in outputs)) for _ in range(4)
        )
        self._coupling = np.empty((size, size), dtype)
        self._image_coupling = np.zeros((size, size), dtype)
        self._all_slopes, self._slopes = _stack([n + 1 for n in outputs[:-1]], size, dtype)
        self.answers, self._sums, self._targets = arrays(*[(classes, size)] * 3)
        self._shift, self._ones = np.empty(size, dtype), np.ones((classes, classes), dtype)
        self._all_descents, self._first_update = arrays((size, sum(outputs)), (pixels, outputs[0]))  # η Dᵀ, η H Dᵀ
        self._descents = np.split(self._all_descents, np.cumsum(outputs)[:-1], axis=1)
        self._sample_ones = np.ones(size, dtype)
        self._rounds = [_Round(outputs, size, dtype) for _ in range(2)]
        self._change = np.empty_like(self._rounds[0].all_deltas)
        self._epsilon = float(np.finfo(dtype).eps)
        self._programs = self._write_programs(is_shifted=False)
        self._shifted_programs = self._write_programs(is_shifted=True)

    def couple_images(self, images: Array, known: Array | None) -> Array:
        """Set T ∘ HᵀH of the first layer for images, (size, n_in); its numbers, to be handed in another time."""
        coupling = self._image_coupling
        if known is None:
            # Of the pairs that T leaves. A matrix times its own transpose would take a slower routine of NumPy's.
            coupling[:-1, 1:] = images[:-1].dot(images[1:].T)
            coupling += self._one
            coupling *= self._steps
            return coupling.copy()
        coupling[:] = known
        return known

    def solve(self, images: Array, targets: Array) -> int:
        """Find D for coupled images, (size, n_in), with one-hot labels, (classes, size); how many rounds it took."""
        self._images = images
        self._targets[:] = targets
        self._weights[0].T.dot(images.T, self._products[0])
        self._products[0] += self._layers[0][-1][:, None]
        rounds = self._go_rounds(self._programs)
        smallest, largest = SAFE_SUMS
        if not (smallest < self._sums[0].min() and self._sums[0].max() < largest):
            rounds = self._go_rounds(self._shifted_programs)
        return rounds

    def descend(self, layers: list[Array], count: int) -> None:
        """W ← W − η H Dᵀ in place, for the first so many samples of the block."""
        np.multiply(self._now.all_deltas.T, self._learning_rate, self._all_descents)
        first_steps, *others = (descents[:count] for descents in self._descents)
        layers[0][:-1] -= self._images[:count].T.dot(first_steps, self._first_update)
        layers[0][-1] -= self._sample_ones[:count].dot(first_steps)
        for layer, inputs, steps in zip(layers[1:], self._now.inputs, others, strict=True):
            layer -= inputs[:, :count].dot(steps)

    def _go_rounds(self, programs: "_Programs") -> int:
        tolerance = self._tolerance()
        first, *others = programs
        _run(first)
        rounds, change = 1, 0.0
        while rounds < self.size:
            _run(others[rounds % 2])
            rounds += 1
            change_before, change = change, _length(self._change)
            # Rounds contract evenly, so that change² / (the change before) is what the next one would bring.
            if not change * change > tolerance * max(change_before, change):
                break
        self._now = self._rounds[(rounds - 1) % 2]
        self.is_finite = math.isfinite(change)
        return rounds

    def _tolerance(self) -> float:
        """The ‖ΔD‖ that disappears in the rounding: of weights, η ‖ΔD‖ against 2 ε ‖W‖, or of D itself."""
        return 2 * self._epsilon * max(_length(self._layers[-1]) / float(self._learning_rate), self.size)

    def _write_programs(self, is_shifted: bool) -> "_Programs":
        """The first round, one that follows it to every second place, and one for the places between.

        Each leaves its D where the next one reads it.
        """
        one, other = self._rounds
        rounds = ((one, None), (one, other), (other, one))
        return [
            [partial(call, *given) for call, *given in self._round(now, before, is_shifted)] for now, before in rounds
        ]

    def _round(self, now: "_Round", before: "_Round | None", is_shifted: bool) -> Iterator[tuple[Any, ...]]:
        """The calls, each with its arguments, that lead from the D of the round before, 0 in the first, to a better."""
        z = self._products[0]
        for k, layer in enumerate(self._layers):  # Z = Wᵀ H − D (T ∘ HᵀH)
            if k > 0:
                z = self._products[k]
                yield layer.T.dot, now.inputs[k - 1], z
            if before:
                coupling = self._image_coupling
                if k > 0:
                    coupling = self._coupling
                    yield from self._couple(before.inputs[k - 1], now.inputs[k - 1])
                yield before.deltas[k].dot, coupling, self._taught[k]
                yield np.subtract, z, self._taught[k], self._z[k]
                z = self._z[k]
            if k < len(now.activations):
                yield from self._sigmoid(z, self._taught[k], now.activations[k])
        yield from self._softmax(z, is_shifted)
        yield np.subtract, self.answers, self._targets, now.deltas[-1]
        yield np.multiply, now.all_inputs, now.all_inputs, self._all_slopes  # σ′(Z) = a − a²
        yield np.subtract, now.all_inputs, self._all_slopes, self._all_slopes
        for k in range(len(now.activations) - 1, -1, -1):  # G = W D − H (T ∘ DᵀD), D = G ∘ σ′(Z)
            g = self._handed_back[k]
            yield self._weights[k + 1].dot, now.deltas[k + 1], g
            if before:
                yield from self._couple(before.deltas[k + 1], now.deltas[k + 1])
                yield before.activations[k].dot, self._coupling, self._taught[k]
                yield np.subtract, g, self._taught[k], g
            yield np.multiply, g, self._slopes[k][:-1], now.deltas[k]
        if before:
            yield np.subtract, now.all_deltas, before.all_deltas, self._change

    def _couple(self, before: Array, now: Array) -> Iterator[tuple[Any, ...]]:
        """T ∘ AᵀA: a sample is taught by what those before it were in the round before."""
        yield before.T.dot, now, self._coupling
        yield np.multiply, self._coupling, self._steps, self._coupling

    def _sigmoid(self, z: Array, scratch: Array, activations: Array) -> Iterator[tuple[Any, ...]]:
        """1 / (1 + e⁻ᶻ) as (1 + tanh(z / 2)) / 2: no overflow, nor numbers so small that they slow down a processor."""
        yield np.multiply, z, self._half, scratch
        yield np.tanh, scratch, scratch
        yield np.multiply, scratch, self._half, scratch
        yield np.add, scratch, self._half, activations

    def _softmax(self, logits: Array, is_shifted: bool) -> Iterator[tuple[Any, ...]]:
        """Without the shift by the largest logit, which costs more than the rest, unless the sums were not safe."""
        if is_shifted:
            yield logits.max, 0, self._shift
            yield np.subtract, logits, self._shift, self.answers
            logits = self.answers
        yield np.exp, logits, self.answers
        yield self._ones.dot, self.answers, self._sums
        yield np.divide, self.answers, self._sums, self.answers


class _Round:
    """H of each layer behind the first, and D of all layers, as one round leaves them."""

    def __init__(self, outputs: Sequence[int], size: int, dtype: np.dtype[Any]) -> None:
        self.all_inputs, self.inputs = _stack([n + 1 for n in outputs[:-1]], size, dtype)
        self.all_inputs[:] = 1
        self.activations = [inputs[:-1] for inputs in self.inputs]  # all rows but the one of ones
        self.all_deltas, self.deltas = _stack(outputs, size, dtype)


_Program = list[Callable[[], object]]
_Programs = list[_Program]


def _run(program: _Program) -> None:
    for call in program:
        call()


def _length(array: Array) -> float:
    """‖A‖, the root of the sum of squares."""
    flat = array.reshape(-1)
    return math.sqrt(flat.dot(flat))


def _stack(rows: Sequence[int], size: int, dtype: np.dtype[Any]) -> tuple[Array, list[Array]]:
    """An array for so many samples, and its parts of so many rows each, one below the other."""
    whole = np.zeros((sum(rows), size), dtype)
    return whole, np.split(whole, np.cumsum(rows)[:-1]) if rows else []
