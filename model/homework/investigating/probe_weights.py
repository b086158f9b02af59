"""Weights to try a step with."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
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
SEEDS = 400  # weights that are tried out, to find some that read digits as is asked
KEPT = 32  # draws that are kept for the next digit
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
    first = int(targets[0].argmax())  # one of ten networks, so that not all digits are tried with the same
    candidate = Network([], [])
    has_bias = tuple(slot.bias is not None or slot.constant is not None for slot in network.slots)
    for seed in range(first, first + SEEDS):
        candidate = Network([], [])
        layer = images
        for k, (weights, bias) in enumerate(_drawn(seed, correctly, tuple(sizes), has_bias)):
            length = np.sqrt(np.square(layer).sum(axis=1).mean()) or 1
            candidate.weights.append(SPREAD / length * weights)
            candidate.biases.append(bias.copy())
            sums = layer @ candidate.weights[k] + candidate.biases[k]
            layer = (network.hidden[k] or SIGMOID).function(sums) if k < len(sizes) - 2 else sums
        if len(images) == 1:
            if (layer.argmax() == first) != correctly:
                _swap_outputs(candidate, int(layer.argmax()), first if correctly else (first + 1) % sizes[-1])
            break
        correct = layer.argmax(axis=1) == targets.argmax(axis=1)
        if correct.any() and not correct.all():
            break
    return candidate


def _swap_outputs(network: Network, one: int, other: int) -> None:
    """Let a network say of each digit that it is the other one, where it says one of these."""
    for parameters in (network.weights[-1], network.biases[-1]):
        parameters[..., [one, other]] = parameters[..., [other, one]]


@lru_cache(KEPT)
def _drawn(seed: int, correctly: bool, sizes: tuple[int, ...], has_bias: tuple[bool, ...]) -> list[tuple[Array, Array]]:
    """Weights from N(0, 1) and biases from N(0, 0.3²) of each layer."""
    random = np.random.default_rng((seed, correctly))
    return [
        (random.normal(0, 1, shape), random.normal(0, 0.3, shape[1]) if biased else np.zeros(shape[1]))
        for shape, biased in zip(pairwise(sizes), has_bias, strict=True)
    ]
