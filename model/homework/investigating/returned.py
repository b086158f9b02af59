"""The gradients that a function returned."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.homework.investigating.evidence import Trial
from model.homework.investigating.own_network import OwnNetwork
from model.homework.running.state import Path

Array = NDArray[Any]


def returned_gradients(network: OwnNetwork, trial: Trial) -> dict[Path, Array] | None:
    """The arrays that a function returned, in the places of the weights and biases whose shapes they have."""
    arrays = list(_arrays_in(trial.record.returned))
    found: dict[Path, Array] = {}
    for slot in network.slots:
        for path in (slot.weights, slot.bias):
            if path is None:
                continue
            wanted = trial.before[path]
            fitting = [
                array
                for array in arrays
                if array.size == wanted.size
                and (min(wanted.shape) == 1 or wanted.ndim == 1 or array.shape == wanted.shape)
            ]
            if not fitting:
                return None
            arrays = [array for array in arrays if array is not fitting[0]]
            found[path] = fitting[0].reshape(wanted.shape)
    return found


def _arrays_in(thing: Any) -> Iterator[Array]:
    if isinstance(thing, np.ndarray) and thing.dtype != object:
        yield thing
    elif isinstance(thing, dict):
        for key in sorted(thing, key=str):
            yield from _arrays_in(thing[key])
    elif isinstance(thing, list | tuple | np.ndarray):
        for element in thing:
            yield from _arrays_in(element)
    elif hasattr(thing, "__dict__"):
        yield from _arrays_in(vars(thing))
