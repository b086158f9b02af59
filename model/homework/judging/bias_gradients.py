"""Of the third stage, the gradients of the biases."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.homework.catalogue import subscript
from model.homework.judging.case import Case
from model.homework.judging.explanation import Explanation
from model.homework.running.recorder import Event

Array = NDArray[Any]
NOTHING = 1e-10  # relative to what a bias should change by: less is rounding


def judge_bias(case: Case, explanation: Explanation) -> None:
    """Say what is wrong with a layer's bias, given the learner's own δ."""
    layer = explanation.index
    slot = case.evidence.network.slots[layer - 1]
    if slot.bias is None and slot.constant is None:
        return
    changes = [probe.changes.biases[layer - 1] for probe in case.evidence.probes]
    subject = f"∂L/∂b{subscript(layer)}"
    if not _should_move(explanation):
        return
    if not _moves(changes, explanation):
        _does_not_move(case, explanation)
    elif explanation.bias is not None:
        for name in explanation.bias[0].mistakes:
            case.findings.mistake(name, layer, case.place(_line(case, explanation, name)), subject)
    elif explanation.delta is not None:
        event = case.lines.of_array(changes[0]) or case.update_of_bias(layer)
        sentence = f"The gradient of b{subscript(layer)} is not δ{subscript(layer)}, nor a mistake that is known here."
        case.findings.say("mistake", "unexplained", sentence, layer, case.place(event), "∂L/∂bₖ = δₖ")


def _should_move(explanation: Explanation) -> bool:
    """Not if its δ is 0, which is told as a mistake of δ."""
    return max(float(np.abs(delta).max()) for delta in explanation.deltas) > NOTHING


def _moves(changes: Sequence[Array], explanation: Explanation) -> bool:
    size = max(float(np.abs(delta).max()) for delta in explanation.deltas) * abs(explanation.weights_factor or 1)
    return max(float(np.abs(change).max()) for change in changes) > NOTHING * size


def _does_not_move(case: Case, explanation: Explanation) -> None:
    """Frozen; or its gradient is one number, which in the output layer is 0, as p − y sums to 0."""
    layer = explanation.index
    if not any(array.any() for p in case.evidence.probes for array in (*p.changes.weights, *p.changes.biases)):
        return
    delta = case.delta(layer)
    event = case.lines.of_array(delta)
    for name, word in (("bias-averaged", "mean"), ("bias-summed", "sum")):
        if event is not None and abs(float(delta.sum())) < 1e-9:
            number = case.lines.of_number(0.0, event.time, (word,))
            if number is not None:
                case.findings.mistake(name, layer, case.place(number), f"∂L/∂b{subscript(layer)}")
                return
    sentence = f"b{subscript(layer)}, the bias of layer {layer}, is never updated."
    case.findings.say("mistake", "bias-frozen", sentence, layer)


def _line(case: Case, explanation: Explanation, name: str) -> Event | None:
    """Where the one number is computed, or the array that is filled with it, or else where it is used."""
    delta = case.delta(explanation.index)
    event = case.lines.of_array(delta)
    after = event.time if event else -1
    number = float(delta.sum()) / (delta.shape[1] if name == "bias-averaged" else 1)
    found = case.lines.of_number(number, after) or case.lines.of_number(number / case.samples, after)
    if found is None and explanation.bias is not None:
        found = case.lines.of_array(explanation.bias[0].value)
    return found or case.update_of_bias(explanation.index)
