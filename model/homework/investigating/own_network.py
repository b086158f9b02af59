"""The network that a learner's file has: where its arrays are, and its functions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.activations import SIGMOID, Activation, sigmoid, softmax
from model.backpropagation import SOFTMAX_CROSS_ENTROPY, Backpropagation, Output, backpropagate
from model.homework.investigating.values import as_rows
from model.homework.running.recorder import Event
from model.homework.running.state import Path
from model.network import Network

Array = NDArray[Any]


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
        return backpropagate(Network(network.weights, network.biases, hidden), images, targets, output)
