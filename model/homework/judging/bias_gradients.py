"""Of the third stage, the gradients of the biases."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.homework.catalogue import subscript
from model.homework.judging.case import Case
from model.homework.judging.explanation import Explanation
from model.homework.judging.findings import UNEXPLAINED
from model.homework.running.recorder import Event

Array = NDArray[Any]
NOTHING = 1e-10  # relative to what a bias should change by: less is rounding


def judge_biases(case: Case) -> None:
    """Report what is wrong with each layer's bias, given the learner's own δ."""
    with_bias = [
        explanation
        for explanation in case.explanations
        if (slot := case.evidence.network.slots[explanation.index - 1]).bias or slot.constant is not None
    ]
    frozen = [explanation.index for explanation in with_bias if _judge_bias(case, explanation)]
    if len(frozen) == len(with_bias) > 1:
        case.findings.add("mistake", "bias-frozen", "The biases are never updated.")
        return
    for layer in frozen:
        sentence = f"b{subscript(layer)}, the bias of layer {layer}, is never updated."
        case.findings.add("mistake", "bias-frozen", sentence, layer)


def _judge_bias(case: Case, explanation: Explanation) -> bool:
    """Report what is wrong with one; or that it is frozen, by returning true."""
    layer = explanation.index
    changes = [probe.changes.biases[layer - 1] for probe in case.evidence.probes]
    subject = f"∂L/∂b{subscript(layer)}"
    if not _should_move(explanation):
        return False
    if not _moves(changes, explanation):
        return _is_frozen(case, explanation)
    if explanation.bias is not None:
        for name in explanation.bias[0].mistakes:
            case.findings.mistake(name, layer, case.place(_line(case, explanation, name)), subject)
    elif explanation.delta is not None:
        event = case.lines.of_array(changes[0]) or case.update_of_bias(layer)
        sentence = f"The gradient of b{subscript(layer)} is not δ{subscript(layer)}, and matches no known mistake."
        short = f"{subject}, {UNEXPLAINED}"
        case.findings.add("mistake", "unexplained", sentence, layer, case.place(event), "∂L/∂bₖ = δₖ", short)
    return False


def _should_move(explanation: Explanation) -> bool:
    """Not if its δ is 0, which is reported as a mistake of δ."""
    return max(float(np.abs(delta).max()) for delta in explanation.deltas) > NOTHING


def _moves(changes: Sequence[Array], explanation: Explanation) -> bool:
    size = max(float(np.abs(delta).max()) for delta in explanation.deltas) * abs(explanation.weights_factor or 1)
    return max(float(np.abs(change).max()) for change in changes) > NOTHING * size


def _is_frozen(case: Case, explanation: Explanation) -> bool:
    """Whether a bias that does not move is frozen; its gradient may also be the sum of p − y, which is 0."""
    layer = explanation.index
    if not any(array.any() for p in case.evidence.probes for array in (*p.changes.weights, *p.changes.biases)):
        return False
    delta = case.delta(layer)
    event = case.lines.of_array(delta)
    for name, word in (("bias-averaged", "mean"), ("bias-summed", "sum")):
        if event is not None and abs(float(delta.sum())) < 1e-9:
            number = case.lines.of_number(0.0, event.time, (word,))
            if number is not None:
                case.findings.mistake(name, layer, case.place(number), f"∂L/∂b{subscript(layer)}")
                return False
    return True


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
