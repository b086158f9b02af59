"""The network that a learner's file has: its arrays, found by what it computes, and its functions.

Nobody says which of a program's arrays are weights. So all that may be are filled with random numbers, one step runs,
and a matrix W is a layer's weights if some array h that was there, times W, plus perhaps some vector b, is there, too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.activations import SIGMOID, Activation, sigmoid, softmax
from model.backpropagation import SOFTMAX_CROSS_ENTROPY, Backpropagation, Output, backpropagate
from model.homework.investigating.values import Values, as_rows
from model.homework.running.recorder import Event
from model.homework.running.state import Path
from model.network import Network

Array = NDArray[Any]

TANH = Activation("tanh", np.tanh, lambda z: 1 - np.tanh(z) ** 2, lambda a: 1 - a**2)
RELU = Activation("ReLU", lambda z: np.maximum(z, 0), lambda z: (z > 0) * 1.0, lambda a: (a > 0) * 1.0)
IDENTITY = Activation("identity", lambda z: z, np.ones_like, np.ones_like)
SOFTPLUS = Activation("softplus", lambda z: np.logaddexp(0, z), sigmoid, lambda a: 1 - np.exp(-a))


def _leaky_relu(slope: float) -> Activation:
    return Activation(
        f"leaky ReLU ({slope})",
        lambda z: np.where(z > 0, z, slope * z),
        lambda z: np.where(z > 0, 1.0, slope),
        lambda a: np.where(a > 0, 1.0, slope),
    )


def _elu() -> Activation:
    return Activation(
        "ELU",
        lambda z: np.where(z > 0, z, np.expm1(np.minimum(z, 0))),
        lambda z: np.where(z > 0, 1.0, np.exp(np.minimum(z, 0))),
        lambda a: np.where(a > 0, 1.0, a + 1),
    )


ACTIVATIONS = (SIGMOID, TANH, RELU, *map(_leaky_relu, (0.01, 0.1, 0.2, 0.001)), _elu(), SOFTPLUS, IDENTITY)


def _softmax_squared_error(p: Array, y: Array) -> Array:
    error = p * (p - y)
    return error - p * error.sum(axis=1, keepdims=True)


WRONG_AXIS = "softmax over the wrong axis"


def _wrong_softmax(shift_axis: int | None, sum_axis: int | None) -> Output:
    """A softmax that sums over the samples, (axis 0), or over everything."""

    def function(z: Array) -> Array:
        exponentials = np.exp(z - z.max(axis=shift_axis, keepdims=True))
        return exponentials / exponentials.sum(axis=sum_axis, keepdims=True)

    return Output(WRONG_AXIS, function, lambda p, y: p - y)


LINEAR = Output("linear with squared error", lambda z: z, lambda p, y: p - y)
OUTPUTS = (
    SOFTMAX_CROSS_ENTROPY,
    Output("softmax with squared error", softmax, _softmax_squared_error),
    Output("sigmoid with cross-entropy", sigmoid, lambda p, y: p - y),
    Output("sigmoid with squared error", sigmoid, lambda p, y: (p - y) * p * (1 - p)),
    Output("tanh with squared error", np.tanh, lambda p, y: (p - y) * (1 - p**2)),
    Output("ReLU with squared error", lambda z: np.maximum(z, 0), lambda p, y: (p - y) * (p > 0)),
    *(_wrong_softmax(shift, total) for total in (0, None) for shift in (0, None, 1)),
)


@dataclass(frozen=True)
class Slot:
    """Where the program keeps the weights and the bias of one layer, and how they lie."""

    weights: Path
    transposed: bool  # it keeps (n_out, n_in)
    bias: Path | None
    input_place: int  # of the expression that gave the layer's input
    constant: int | None  # the row of the weights whose input is always 1, where the bias is folded in


@dataclass(frozen=True)
class OwnNetwork:
    """The layers of a learner's network, from the first to the last."""

    slots: tuple[Slot, ...]
    hidden: tuple[Activation | None, ...]  # None where the function is not one of those known here
    outputs: tuple[Output, ...]  # those that fit the last layer's activations
    one_by_one: bool  # the samples of a batch go through it singly
    end_of_forward_pass: int  # when the last layer's pre-activations were there, in the record that showed the network

    def parameters(self, arrays: dict[Path, Array]) -> Network:
        """The network of these arrays, in float64, (n_in, n_out) and (n_out,); where there is no bias it is 0."""
        weights, biases = [], []
        for slot in self.slots:
            matrix = arrays[slot.weights].astype(np.float64)
            matrix = matrix.T if slot.transposed else matrix
            bias = arrays[slot.bias].astype(np.float64).ravel() if slot.bias else np.zeros(matrix.shape[1])
            if slot.constant is not None:
                bias = matrix[slot.constant]
                matrix = np.delete(matrix, slot.constant, axis=0)
            weights.append(np.ascontiguousarray(matrix))
            biases.append(bias)
        return Network(weights, biases)

    def arrays(self, network: Network) -> dict[Path, Array]:
        """The other way round: what each of the program's arrays has to hold for this network, but for their shape."""
        arrays: dict[Path, Array] = {}
        for slot, matrix, bias in zip(self.slots, network.weights, network.biases, strict=True):
            if slot.constant is not None:
                at = slot.constant if slot.constant >= 0 else len(matrix)
                matrix = np.insert(matrix, at, bias, axis=0)
            elif slot.bias is not None:
                arrays[slot.bias] = bias
            arrays[slot.weights] = matrix.T if slot.transposed else matrix
        return arrays

    def images(self, events: Sequence[Event], width: int) -> Array:
        """All that went into the first layer, (samples, width), in order, each once."""
        slot = self.slots[0]
        found: list[Array] = []
        for event in events:
            if event.place == slot.input_place:
                for rows in as_rows(event.value, width + (slot.constant is not None)):
                    rows = rows.astype(np.float64)
                    rows = np.delete(rows, slot.constant, axis=1) if slot.constant is not None else rows
                    if not any(np.array_equal(rows, known) for known in found):
                        found.append(rows)
        return np.concatenate(found) if found else np.empty((0, width))

    def backpropagate(self, network: Network, images: Array, targets: Array, output: Output) -> Backpropagation:
        """What is right: every intermediate value of this network on these images."""
        hidden = [activation or SIGMOID for activation in self.hidden]
        if self.one_by_one:
            function = output.function
            output = replace(output, function=lambda z: np.concatenate([function(row) for row in z[:, np.newaxis]]))
        return backpropagate(network, images, targets, hidden, output)


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


def find_network(events: Sequence[Event], arrays: dict[Path, Array]) -> OwnNetwork | None:
    """The network whose forward pass is among the events; `arrays` is what the program's arrays held before."""
    values = Values(events)
    links = [link for path in arrays if (link := _earliest_link(path, events, values, arrays)) is not None]
    chain = _chain(links)
    if not chain:
        return None
    slots, hidden = [], []
    folded = any(len(one.sums[0]) + 1 == len(other.rows[0]) for one, other in pairwise(chain))
    for link in chain:
        constant = _constant_column(link.rows) if folded else None
        slots.append(Slot(link.weights, link.transposed, link.bias, link.input.place, constant))
    for link, following in pairwise(chain):
        column = _constant_column(following.rows) if folded else None
        rows = np.delete(following.rows, column, axis=1) if column is not None else following.rows
        hidden.append(_activation(link.sums, rows))
    last = chain[-1].sums
    outputs = _outputs(last, values, chain[-1].output.time)
    return OwnNetwork(tuple(slots), tuple(hidden), outputs, len(chain[0].rows) == 1, chain[-1].output.time)


def _outputs(logits: Array, values: Values, time: int) -> tuple[Output, ...]:
    """The functions of the last layer that are to be seen; of a batch whose samples come one by one, in the first."""
    found = []
    for output in OUTPUTS:
        values_of_all = output.function(logits)
        if values.first(values_of_all, time) is not None:
            found.append(output)
    wrong = [output for output in found if output.name == WRONG_AXIS]
    if wrong and not any("softmax" in output.name for output in found if output not in wrong):
        return tuple(wrong[:1])
    return tuple(output for output in found if output not in wrong) or (LINEAR,)


def _earliest_link(path: Path, events: Sequence[Event], values: Values, arrays: dict[Path, Array]) -> _Link | None:
    """How a matrix of the program is first multiplied with what goes into it."""
    matrix = arrays[path]
    if matrix.ndim != 2 or min(matrix.shape) < 2 or not matrix.any():
        return None
    found: _Link | None = None
    weights = [array for array in arrays.values() if array.ndim == 2 and min(array.shape) > 1]
    for transposed in (False, True):
        oriented = matrix.T if transposed else matrix
        for event in _distinct(events):
            if found is not None and event.time >= found.output.time:
                break
            if _is_one_of(event.value, weights) or np.count_nonzero(event.value) * oriented.shape[0] < 2 * event.size:
                continue  # from zeros or a one-hot vector comes what is there anyway: a bias, a row of weights
            for rows in as_rows(event.value, oriented.shape[0]):
                sums = rows.astype(np.float64) @ oriented
                found = _earlier(found, _link(path, transposed, event, rows, sums, values, arrays))
    return found


def _link(
    path: Path, transposed: bool, event: Event, rows: Array, sums: Array, values: Values, arrays: dict[Path, Array]
) -> _Link | None:
    for bias_path, total in _with_biases(sums, arrays):
        output = values.first(total, event.time)
        if output is not None:
            return _Link(path, transposed, bias_path, event, output, rows, total)
    return None


def _earlier(one: _Link | None, other: _Link | None) -> _Link | None:
    """The link that was computed first; among equals the first one."""
    if one is None or other is None:
        return one or other
    if np.array_equal(one.rows, other.rows):
        return one
    return other if other.output.time < one.output.time else one


def _is_one_of(array: Array, others: list[Array]) -> bool:
    return any(array.shape == other.shape and np.array_equal(array, other) for other in others)


def _distinct(events: Sequence[Event]) -> Iterator[Event]:
    seen: set[int] = set()
    for event in events:
        if event.size > 1 and id(event.value) not in seen:
            seen.add(id(event.value))
            yield event


def _with_biases(sums: Array, arrays: dict[Path, Array]) -> Iterator[tuple[Path | None, Array]]:
    """A layer's sums with each of the program's vectors added, and last without any."""
    for path, array in arrays.items():
        if array.size == sums.shape[1] and array.ndim in (1, 2) and array.size == max(array.shape) and array.any():
            yield path, sums + array.ravel()
    yield None, sums


def _chain(links: list[_Link]) -> list[_Link]:
    """The links of the forward pass: in order of time, each taking up where the one before it ended."""
    chain: list[_Link] = []
    for link in sorted(links, key=lambda link: link.output.time):
        if link.bias is None:
            twin = [other for other in chain if other.weights == link.weights]
            if twin:
                continue
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
