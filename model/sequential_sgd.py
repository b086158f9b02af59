"""Stochastic gradient descent, one update a sample, in order: a whole block of samples at once, and exactly.

Take K consecutive samples, one in each column. For one layer let W be its weights before the block, H its inputs,
(n_in, K), D the gradients at its pre-activations, (n_out, K), and η the learning rate. Sample j meets the weights
W − η Σ_{i<j} hᵢ dᵢᵀ. So, with T = η above the diagonal of a K × K matrix and 0 elsewhere, the layer's pre-activations
Z, the gradients with respect to its inputs G, and its weights after the block are

    Z = Wᵀ H − D (T ∘ HᵀH)         forward
    G = W D − H (T ∘ DᵀD)          backward
    W ← W − η H Dᵀ                 after the block

(the dual form of a layer under gradient descent: Irie, Csordás, Schmidhuber, ICML 2022). D stands on both sides, so it
is found by iterating: from D = 0 run all layers forward and backward, which gives a better D, and again, until it stays
as it is (Jacobi iteration: Song, Meng, Liao, Ermon, ICML 2021). As a sample depends only on those before it, the first
m samples are exact after m iterations, whatever the learning rate. With small steps a few are enough for all.

A bias is a weight whose input is always 1: H has a last row of ones, to which no gradient goes back.

`model/plain_block_solver.py` has these formulas as they stand here. `model/block_solver.py` is what training uses.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.block_solver import Array, BlockSolver
from model.dataset import as_floats
from model.network import Network

LARGEST_BLOCK = 32  # samples: in larger blocks the K × K products cost what is gained
LARGEST_WORK = 12_000_000  # samples × weights of a block: with more, a block of a wide network would take too long
FEW_ITERATIONS, MANY_ITERATIONS = 12, 24  # a block that takes fewer lets the next one grow, one with more shrinks it
RESUME_INTERVAL = 480  # samples, whole blocks: at every 480th sample of an epoch training can resume


class SequentialSGD:
    """Updates a network in place: W ← W − η ∂L/∂W after each sample.

    The blocks follow from the numbers alone and not from how the samples are asked for, and so does every bit. A block
    ends at every resume point, and what comes after depends on the weights alone: training that starts there gets the
    same bits.
    """

    def __init__(self, network: Network, learning_rate: float) -> None:
        self._network = network
        with np.errstate(over="ignore"):  # a rate that is too large for the type diverges like any other
            self._learning_rate = network.dtype.type(learning_rate)
        # Weights before the block, (n_in + 1, n_out) with the bias as last row.
        self._layers = [np.vstack(pair) for pair in zip(network.weights, network.biases, strict=True)]
        self._solvers: dict[int, BlockSolver] = {}
        affordable = LARGEST_WORK // sum(layer.size for layer in self._layers)
        self._largest_size = min(LARGEST_BLOCK, 1 << affordable.bit_length() - 1) if affordable else 1
        self._size = self._largest_size
        self._images: Array = np.empty((0, network.layer_sizes[0]))
        self._grams: dict[tuple[int, int], Array] = {}
        self._iterations = FEW_ITERATIONS  # that the latest block took; at first, a careful guess
        self.start(self._images, np.empty(0, np.intp))

    def start(self, images: NDArray[Any], labels: NDArray[np.integer], position: int = 0) -> None:
        """Learn from these samples next, (samples, n_in) and (samples,), in order, from the one at `position` on."""
        # An epoch of the same images has the same T ∘ HᵀH in the first layer: a third of the work on the pixels.
        self._known_grams = self._grams if images is self._images else {}
        self._grams = {}
        self._images = images
        self._targets = np.eye(self._network.layer_sizes[-1], dtype=self._network.dtype)[:, labels]  # one-hot columns
        self._block_start = self._position = position
        self._block: BlockSolver | None = None

    def samples_within(self, work: int, most: int) -> int:
        """How many samples there are to the end of the last block that takes no more than `work` and `most` samples.

        The work is samples × weights × iterations, as the latest block suggests. There is always one block, started or
        new.
        """
        affordable = work // (self._network.weight_count * self._iterations)
        further = max(0, min(affordable, most) // self._size - 1) * self._size
        block_end = self._block_start + (self._block.size if self._block else self._size)
        return block_end - self._position + further

    def learn(self, count: int) -> Array:
        """Learn from the next samples, no more than are left; the probabilities that were predicted, (count, classes).

        Those of a sample are from before its own update.
        """
        probabilities = np.empty((self._network.layer_sizes[-1], count), self._network.dtype)
        filled = 0
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):  # the caller checks the weights
            while filled < count:
                predicted = self._advance(count - filled)
                last = filled + predicted.shape[1]
                probabilities[:, filled:last] = predicted
                filled = last
            self._update_network()
        return probabilities.T

    def _advance(self, count: int) -> Array:
        """To the end of the block or less; the probabilities, (classes, samples)."""
        if self._block is None:
            self._block = self._solve_next()
        first = self._position - self._block_start
        last = min(self._block.size, first + count)
        probabilities = self._block.probabilities[:, first:last]
        self._position += last - first
        if last == self._block.size:
            self._block.apply_updates(self._layers, last)
            self._block_start, self._block = self._position, None
        return probabilities

    def _solve_next(self) -> BlockSolver:
        to_resume_point = RESUME_INTERVAL - self._position % RESUME_INTERVAL
        if to_resume_point == RESUME_INTERVAL:
            self._size = self._largest_size
        while True:
            size = min(self._size, to_resume_point, len(self._images) - self._position)
            samples = slice(self._position, self._position + size)
            images = as_floats(self._images[samples], self._network.dtype)
            block = self._solvers.get(len(images))
            if block is None:
                block = BlockSolver(self._layers, len(images), self._learning_rate)
                self._solvers[len(images)] = block
            key = (self._position, len(images))
            self._grams[key] = block.set_image_gram(images, self._known_grams.get(key))
            self._iterations = block.solve(images, self._targets[:, samples])
            if block.is_finite:
                self._choose_size()
                return block
            # Where numbers overflow, NaN reaches the samples before, too. One sample at a time, it comes when it must.
            self._size = block.size // 2

    def _choose_size(self) -> None:
        if self._iterations > MANY_ITERATIONS:
            self._size = max(1, self._size // 2)
        elif self._iterations <= FEW_ITERATIONS:
            self._size = min(self._largest_size, 2 * self._size)

    def _update_network(self) -> None:
        """Give the network the weights of this very moment, inside a block too."""
        layers = self._layers
        if self._block is not None:
            layers = [layer.copy() for layer in layers]
            self._block.apply_updates(layers, self._position - self._block_start)
        for layer, weights, bias in zip(layers, self._network.weights, self._network.biases, strict=True):
            weights[:], bias[:] = layer[:-1], layer[-1]
