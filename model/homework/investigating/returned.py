"""What a function returned: gradients, or new weights."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.homework.investigating.own_network import OwnNetwork
from model.homework.investigating.trials import Trial
from model.homework.running.state import Path

Array = NDArray[Any]


def returned_arrays(network: OwnNetwork, trial: Trial) -> dict[Path, Array] | None:
    """The arrays that a function returned, in the places of the weights and biases whose shapes they have.

    They may be gradients, in which a single number may stand for a bias, or new weights. None if they are neither.
    """
    arrays = list(_arrays_in(trial.record.returned))
    found: dict[Path, Array] = {}
    for slot in network.slots:
        for path in (slot.weights, slot.bias):
            if path is None:
                continue
            wanted = trial.before[path]
            fitting = [array for array in arrays if _fits(array, wanted)]
            fitting = fitting or [array for array in arrays if array.size == 1 and path == slot.bias]
            if not fitting:
                return None
            arrays = [array for array in arrays if array is not fitting[0]]
            found[path] = fitting[0].reshape(wanted.shape) if fitting[0].size > 1 else np.full(wanted.shape, fitting[0])
    return found


def _fits(array: Array, wanted: Array) -> bool:
    is_vector = wanted.ndim == 1 or min(wanted.shape) == 1
    return array.size == wanted.size and (is_vector or array.shape == wanted.shape)


def are_new_weights(network: OwnNetwork, trial: Trial, returned: dict[Path, Array]) -> bool:
    """Whether returned arrays are weights after an update, much like those of before, and no gradients."""
    for slot in network.slots:
        before, after = trial.before[slot.weights].ravel(), returned[slot.weights].ravel()
        lengths = float(np.linalg.norm(before) * np.linalg.norm(after))
        if not lengths or abs(float(before @ after)) < 0.9 * lengths:
            return False
    return True


def _arrays_in(thing: Any) -> Iterator[Array]:
    if isinstance(thing, np.ndarray | np.floating) and thing.dtype != object:
        yield np.asarray(thing)
    elif isinstance(thing, dict):
        for key in sorted(thing, key=str):
            yield from _arrays_in(thing[key])
    elif isinstance(thing, list | tuple | np.ndarray):
        for element in thing:
            yield from _arrays_in(element)
    elif hasattr(thing, "__dict__"):
        yield from _arrays_in(vars(thing))
