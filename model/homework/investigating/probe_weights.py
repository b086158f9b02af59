"""Weights to try a step with."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.activations import SIGMOID
from model.homework.investigating.own_network import OwnNetwork
from model.homework.running.state import Path, State
from model.network import Network

Array = NDArray[Any]
SPREAD = 1.5  # of the pre-activations in a probe: large enough to tell σ′(z) from σ′(a), small enough for no saturation
SEEDS = 400  # weights that are tried out, to find some that read a digit as is asked
MOST_SAMPLES = 64


def random_numbers(state: State, changed: set[Path]) -> dict[Path, Array]:
    """Random numbers for all arrays that may be weights or biases; images and one-hot labels are mostly zeros."""
    random = np.random.default_rng(1)
    numbers: dict[Path, Array] = {}
    done: set[int] = set()
    for path, array in state.arrays.items():
        content = state.content(array)
        if id(array) in done or content is None or content.dtype.kind != "f":
            continue
        done.add(id(array))
        if content.ndim in (1, 2) and content.size > 1 and (path in changed or _may_be_parameters(content)):
            fan = max(content.shape) if min(content.shape) > 1 else 4
            numbers[path] = random.normal(0, 1 / np.sqrt(fan), content.shape)
    return numbers


def _may_be_parameters(array: Array) -> bool:
    return not array.any() or float(np.count_nonzero(array)) > 0.6 * array.size


def random_network(
    network: OwnNetwork, sizes: Sequence[int], images: Array, targets: Array, correctly: bool
) -> Network:
    """Weights that tell the right step from any other: no neuron saturated, no bias zero.

    With one sample, the network reads it as is asked; with several, it reads some correctly and some not.
    """
    images, targets = images[:MOST_SAMPLES], targets[:MOST_SAMPLES]
    candidate = Network([], [])
    for seed in range(SEEDS):
        random = np.random.default_rng((seed, correctly))
        candidate = Network([], [])
        layer = images
        for k, (n_in, n_out) in enumerate(pairwise(sizes)):
            length = np.sqrt(np.square(layer).sum(axis=1).mean()) or 1
            candidate.weights.append(random.normal(0, SPREAD / length, (n_in, n_out)))
            slot = network.slots[k]
            has_bias = slot.bias is not None or slot.constant is not None
            candidate.biases.append(random.normal(0, 0.3, n_out) if has_bias else np.zeros(n_out))
            sums = layer @ candidate.weights[k] + candidate.biases[k]
            layer = (network.hidden[k] or SIGMOID).function(sums) if k < len(sizes) - 2 else sums
        correct = layer.argmax(axis=1) == targets.argmax(axis=1)
        if (correct.any() and not correct.all()) if len(images) > 1 else correct[0] == correctly:
            break
    return candidate
