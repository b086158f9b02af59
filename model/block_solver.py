"""Speed only, to be skipped at first: `model/plain_block_solver.py` computes the same, and is meant to be read.

It is the D of a block of samples of `model/sequential_sgd.py`, in its letters.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

SAFE_SUMS = (1e-30, 1e30)  # of exponentials, their squares too: no overflow, nor loss of digits near zero, in float32


class BlockSolver:
    """Finds the D of blocks of one size for these layers.

    At these sizes a call costs as much as its arithmetic. So all arrays are made once; what an iteration does is
    written down once, as a list of calls on them; and no Python number takes part.
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
        self._first_bias = layers[0][-1][:, None]
        self._half, self._one, self._learning_rate = (np.array(x, dtype) for x in (0.5, 1, learning_rate))
        self._steps = np.triu(np.full((size, size), learning_rate), 1)  # T
        # Hidden layers need Z / 2: so weights and T are halved for them, once a block, instead of Z in every iteration.
        scales = [self._half] * (len(layers) - 1) + [self._one]
        self._forward_steps = [self._steps * scale for scale in scales]
        self._halved_layers = [np.empty_like(layer) for layer in layers[1:-1]]
        self._forward_layers = [*self._halved_layers, layers[-1]]  # of all layers but the first
        self._first_scale, self._image_steps = scales[0], self._forward_steps[0][:-1, 1:].copy()
        # Of each layer: Wᵀ H and W D, what the updates within the block change in them, and their difference Z.
        self._products, self._input_gradients, self._corrections, self._z = (
            arrays(*((n, size) for n in outputs)) for _ in range(4)
        )
        self._gram = np.empty((size, size), dtype)  # T ∘ AᵀA, the masked Gram matrix of whatever A is at hand
        self._image_gram = np.zeros((size, size), dtype)  # the same of the images
        self._all_slopes, self._slopes = _stack([n + 1 for n in outputs[:-1]], size, dtype)
        self.probabilities, self._sums, self._targets = arrays(*[(classes, size)] * 3)
        self._one_row = self._sums[0]  # all are the same
        self._shift, self._ones = np.empty(size, dtype), np.ones((classes, classes), dtype)
        self._all_scaled, self._first_update = arrays((size, sum(outputs)), (pixels, outputs[0]))  # η Dᵀ, η H Dᵀ
        self._scaled = np.split(self._all_scaled, np.cumsum(outputs)[:-1], axis=1)
        self._sample_ones = np.ones(size, dtype)
        self._iterates = [_Iterate(outputs, size, dtype) for _ in range(2)]
        self._change = np.empty_like(self._iterates[0].all_deltas)
        self._flat_change, self._flat_last_layer = self._change.reshape(-1), layers[-1].reshape(-1)
        self._epsilon = float(np.finfo(dtype).eps)
        self._programs = self._write_programs(is_shifted=False)
        self._shifted_programs = self._write_programs(is_shifted=True)

    def set_image_gram(self, images: Array, known: Array | None) -> Array:
        """Set T ∘ HᵀH of the first layer for images, (size, n_in), halved like its Z; returns it for another time."""
        gram = self._image_gram
        if known is None:
            # Of the pairs that T leaves. A matrix times its own transpose would take a slower routine of NumPy's.
            product = images[:-1].dot(images[1:].T)
            product += self._one
            np.multiply(product, self._image_steps, gram[:-1, 1:])
            return gram.copy()
        gram[:] = known
        return known

    def solve(self, images: Array, targets: Array) -> int:
        """Find D for images whose Gram matrix is set, (size, n_in), with one-hot labels, (classes, size).

        Returns how many iterations it took.
        """
        self._images = images
        self._targets[:] = targets
        self._weights[0].T.dot(images.T, self._products[0])
        self._products[0] += self._first_bias
        self._products[0] *= self._first_scale
        for layer, halved in zip(self._layers[1:], self._halved_layers, strict=False):
            np.multiply(layer, self._half, halved)
        iterations = self._iterate(self._programs)
        smallest, largest = SAFE_SUMS
        if not (smallest < np.minimum.reduce(self._one_row) and self._one_row.dot(self._one_row) < largest):
            iterations = self._iterate(self._shifted_programs)
        return iterations

    def apply_updates(self, layers: list[Array], count: int) -> None:
        """W ← W − η H Dᵀ in place, for the first samples of the block, `count` of them."""
        np.multiply(self._now.all_deltas.T, self._learning_rate, self._all_scaled)
        first_steps, *others = (scaled[:count] for scaled in self._scaled)
        weights, bias = layers[0][:-1], layers[0][-1]
        weights -= self._images[:count].T.dot(first_steps, self._first_update)
        bias -= self._sample_ones[:count].dot(first_steps)
        for layer, inputs, steps in zip(layers[1:], self._now.inputs, others, strict=True):
            layer -= inputs[:, :count].dot(steps)

    def _iterate(self, programs: "_Programs") -> int:
        tolerance = self._tolerance()
        first, *others = programs
        _run(first)
        iterations, change = 1, 0.0
        while iterations < self.size:
            _run(others[iterations % 2])
            iterations += 1
            change_before, change = change, _length(self._flat_change)
            # Iterations contract evenly, so that change² / (the change before) is what the next one would bring.
            if not change * change > tolerance * max(change_before, change):
                break
        self._now = self._iterates[(iterations - 1) % 2]
        self.is_finite = math.isfinite(change)
        return iterations

    def _tolerance(self) -> float:
        """The ‖ΔD‖ that disappears in the rounding: of weights, η ‖ΔD‖ against 2 ε ‖W‖, or of D itself."""
        return 2 * self._epsilon * max(_length(self._flat_last_layer) / float(self._learning_rate), self.size)

    def _write_programs(self, is_shifted: bool) -> "_Programs":
        """The first iteration, then one for the third, the fifth … and one for the second, the fourth …

        Each leaves its D where the next one reads it.
        """
        one, other = self._iterates
        return [
            [partial(call, *given) for call, *given in self._calls(now, before, is_shifted)]
            for now, before in ((one, None), (one, other), (other, one))
        ]

    def _calls(self, now: "_Iterate", before: "_Iterate | None", is_shifted: bool) -> Iterator[tuple[Any, ...]]:
        """The calls, each with its arguments, that lead from the D before, 0 in the first iteration, to a better."""
        z = self._products[0]
        for k in range(len(self._layers)):  # Z = Wᵀ H − D (T ∘ HᵀH), or half of it where a sigmoid follows
            if k > 0:
                z = self._products[k]
                yield self._forward_layers[k - 1].T.dot, now.inputs[k - 1], z
            if before:
                gram = self._image_gram
                if k > 0:
                    gram = self._gram
                    yield from self._masked_gram(before.inputs[k - 1], now.inputs[k - 1], self._forward_steps[k])
                yield before.deltas[k].dot, gram, self._corrections[k]
                yield np.subtract, z, self._corrections[k], self._z[k]
                z = self._z[k]
            if k < len(now.activations):
                yield from self._sigmoid(z, self._corrections[k], now.activations[k])
        yield from self._softmax(z, is_shifted)
        yield np.subtract, self.probabilities, self._targets, now.deltas[-1]
        yield np.multiply, now.all_inputs, now.all_inputs, self._all_slopes  # σ′(Z) = a − a²
        yield np.subtract, now.all_inputs, self._all_slopes, self._all_slopes
        for k in range(len(now.activations) - 1, -1, -1):  # G = W D − H (T ∘ DᵀD), D = G ∘ σ′(Z)
            g = self._input_gradients[k]
            yield self._weights[k + 1].dot, now.deltas[k + 1], g
            if before:
                yield from self._masked_gram(before.deltas[k + 1], now.deltas[k + 1], self._steps)
                yield before.activations[k].dot, self._gram, self._corrections[k]
                yield np.subtract, g, self._corrections[k], g
            yield np.multiply, g, self._slopes[k][:-1], now.deltas[k]
        if before:
            yield np.subtract, now.all_deltas, before.all_deltas, self._change

    def _masked_gram(self, before: Array, now: Array, steps: Array) -> Iterator[tuple[Any, ...]]:
        """T ∘ AᵀA: a sample meets the updates of those before it, as the iteration before left them."""
        yield before.T.dot, now, self._gram
        yield np.multiply, self._gram, steps, self._gram

    def _sigmoid(self, half_z: Array, scratch: Array, activations: Array) -> Iterator[tuple[Any, ...]]:
        """1 / (1 + e⁻ᶻ) as (1 + tanh(z / 2)) / 2: no overflow, nor numbers so small that they slow down a processor."""
        yield np.tanh, half_z, scratch
        yield np.multiply, scratch, self._half, scratch
        yield np.add, scratch, self._half, activations

    def _softmax(self, logits: Array, is_shifted: bool) -> Iterator[tuple[Any, ...]]:
        """Without the shift by the largest logit, which costs more than the rest, unless the sums were not safe."""
        if is_shifted:
            yield logits.max, 0, self._shift
            yield np.subtract, logits, self._shift, self.probabilities
            logits = self.probabilities
        yield np.exp, logits, self.probabilities
        yield self._ones.dot, self.probabilities, self._sums
        yield np.divide, self.probabilities, self._sums, self.probabilities


class _Iterate:
    """H of each layer behind the first, and D of all layers, as one iteration leaves them."""

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


def _length(flat: Array) -> float:
    """‖A‖, the root of the sum of squares, of an array whose numbers are in one row."""
    return math.sqrt(flat.dot(flat))


def _stack(rows: Sequence[int], size: int, dtype: np.dtype[Any]) -> tuple[Array, list[Array]]:
    """An array for `size` samples, and its parts, one below the other, with these numbers of rows."""
    whole = np.zeros((sum(rows), size), dtype)
    return whole, np.split(whole, np.cumsum(rows)[:-1]) if rows else []
