"""Finding the network of a learner's program by what the program computes.

Nobody says which of its arrays are weights. So all that may be are filled with random numbers, one step runs, and a
matrix W is a layer's weights if some array h that was there, times W, plus perhaps some vector b, is there, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.activations import ACTIVATIONS, IDENTITY, RELU, SIGMOID, TANH, Activation
from model.backpropagation import Output
from model.homework.investigating.own_network import (
    LINEAR,
    OUTPUTS,
    WRONG_AXIS,
    OwnNetwork,
    Slot,
)
from model.homework.investigating.values import Values, as_rows
from model.homework.running.recorder import Event
from model.homework.running.state import Path

Array = NDArray[Any]


def find_network(events: Sequence[Event], arrays: dict[Path, Array]) -> OwnNetwork | None:
    """The network whose forward pass is among the events; `arrays` is what the program's arrays held before."""
    search = _Search(events, arrays)
    chain = search.chain()
    if not chain:
        return None
    folded = any(len(one.sums[0]) + 1 == len(other.rows[0]) for one, other in pairwise(chain))
    constants = [_constant_column(link.rows) if folded else None for link in chain]
    slots = [
        Slot(link.weights, link.transposed, link.bias, link.input.place, constant)
        for link, constant in zip(chain, constants, strict=True)
    ]
    hidden = []
    for (link, following), column in zip(pairwise(chain), constants[1:], strict=True):
        rows = np.delete(following.rows, column, axis=1) if column is not None else following.rows
        hidden.append(_activation(link.sums, rows))
    last = chain[-1]
    outputs = _outputs(last.sums, search.values, last.output.time)
    return OwnNetwork(tuple(slots), tuple(hidden), outputs, len(chain[0].rows) == 1, last.output.time)


@dataclass(frozen=True)
class _Link:
    """Some array, times some matrix, plus perhaps some vector, is among the computed ones."""

    weights: Path
    transposed: bool
    bias: Path | None
    input: Event
    output: Event
    rows: Array  # the input, (samples, n_in)
    sums: Array  # what it computes, (samples, n_out)


class _Search:
    """Looks for the layers among the events of a step."""

    def __init__(self, events: Sequence[Event], arrays: dict[Path, Array]) -> None:
        self.values = Values(events)
        self._arrays = arrays
        self._matrices = [array for array in arrays.values() if array.ndim == 2 and min(array.shape) > 1]
        self._inputs = [event for event in _distinct(events) if not self._is_matrix(event.value)]

    def chain(self) -> list[_Link]:
        """The layers, from the first to the last; none if there is no network."""
        links = self._links(self._arrays, IDENTITY)
        chain = _chain(links)
        # Sums that are computed number by number are no array. Then the activations that follow them may be one.
        width = chain[0].rows.shape[1] if chain else 0
        linked = {link.weights for link in links}
        missing = [path for path, a in self._arrays.items() if path not in linked and _leads_to(a, width)]
        for through in (SIGMOID, TANH, RELU) if missing else ():
            further = self._links(missing, through)
            if further:
                return _chain([*links, *further])
        return chain

    def _links(self, paths: Iterable[Path], through: Activation) -> list[_Link]:
        found = (self._earliest(path, self._arrays[path], through) for path in paths)
        return [link for link in found if link is not None]

    def _earliest(self, path: Path, matrix: Array, through: Activation) -> _Link | None:
        """How a matrix is first multiplied with what goes into it, and the sums put through a function."""
        found: _Link | None = None
        if matrix.ndim != 2 or min(matrix.shape) < 2 or not matrix.any():
            return None
        for transposed in (False, True):
            oriented = matrix.T if transposed else matrix
            for event in self._inputs:
                if found is not None and event.time >= found.output.time:
                    break
                if np.count_nonzero(event.value) * oriented.shape[0] < 2 * event.size:
                    continue  # from zeros or a one-hot vector comes what is there anyway: a bias, a row of weights
                for rows in as_rows(event.value, oriented.shape[0]):
                    sums = rows.astype(np.float64) @ oriented
                    for bias, total in self._with_biases(sums):
                        output = self.values.first(through.function(total), event.time)
                        if output is not None:
                            found = _earlier(found, _Link(path, transposed, bias, event, output, rows, total))
                            break
        return found

    def _with_biases(self, sums: Array) -> Iterator[tuple[Path | None, Array]]:
        """A layer's sums with each of the program's vectors added, and last without any."""
        for path, array in self._arrays.items():
            if array.size == sums.shape[1] and array.ndim in (1, 2) and array.size == max(array.shape) and array.any():
                yield path, sums + array.ravel()
        yield None, sums

    def _is_matrix(self, array: Array) -> bool:
        return any(array.shape == other.shape and np.array_equal(array, other) for other in self._matrices)


def _leads_to(array: Array, width: int) -> bool:
    """Whether a matrix may be the layer before one with `width` inputs, and itself have more: pixels."""
    return array.ndim == 2 and width in array.shape and max(array.shape) > width


def _distinct(events: Sequence[Event]) -> Iterator[Event]:
    """The arrays of the events, each the first time that it is there."""
    seen: set[int] = set()
    for event in events:
        if event.size > 1 and id(event.value) not in seen:
            seen.add(id(event.value))
            yield event


def _earlier(one: _Link | None, other: _Link) -> _Link:
    """The link that was computed first; among those from the same input the first that was found."""
    if one is None:
        return other
    return one if np.array_equal(one.rows, other.rows) or one.output.time <= other.output.time else other


def _chain(links: list[_Link]) -> list[_Link]:
    """The links of the forward pass: in order of time, each taking up where the one before it ended."""
    chain: list[_Link] = []
    for link in sorted(links, key=lambda link: link.output.time):
        width = link.rows.shape[1]
        if not chain or (width - chain[-1].sums.shape[1] in (0, 1) and len(link.rows) == len(chain[-1].rows)):
            chain.append(link)
    return chain


def _constant_column(rows: Array) -> int | None:
    """Which of a layer's inputs, the last or the first, is always 1, standing for a bias."""
    return next((column for column in (-1, 0) if (rows[:, column] == 1).all()), None)


def _activation(sums: Array, activations: Array) -> Activation | None:
    with np.errstate(all="ignore"):
        for activation in ACTIVATIONS:
            if activations.shape == sums.shape and np.allclose(activation.function(sums), activations, 1e-4, 1e-5):
                return activation
    return None


def _outputs(logits: Array, values: Values, time: int) -> tuple[Output, ...]:
    """The functions of the last layer that are to be seen after its sums."""
    found = [output for output in OUTPUTS if values.first(output.function(logits), time) is not None]
    wrong = [output for output in found if output.name == WRONG_AXIS]
    right = [output for output in found if output.name != WRONG_AXIS]
    if wrong and not any("softmax" in output.name for output in right):
        return (wrong[0],)
    return tuple(right) or (LINEAR,)
