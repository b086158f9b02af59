"""The second stage: what the network computes from an image."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.homework.catalogue import subscript
from model.homework.investigating.own_network import LINEAR, WRONG_AXIS
from model.homework.judging.case import Case
from model.homework.running.recorder import Event

Array = NDArray[Any]


def judge_forward_pass(case: Case) -> None:
    """Report what is not finite, which activation function is unknown, and whether the softmax is one."""
    _not_finite(case)
    right = case.probe.right
    if case.evidence.is_gradient_of_its_loss:  # whatever it computes, the way back is right for it
        return
    for layer, activation in enumerate(case.evidence.network.hidden, start=1):
        if activation is None:
            _unknown_function(case, layer, "is no activation function that is known here")
    if case.evidence.output.name == WRONG_AXIS:
        event = case.lines.of_value(case.of_first(right.activations[-1]))
        case.findings.mistake("softmax-axis", case.last, case.place(event), "p")
    elif case.evidence.output is LINEAR and _delta_is_not_linear(case):
        _unknown_function(case, case.last, "is not the softmax of these logits")


def _not_finite(case: Case) -> None:
    """NaN in the weights after a step from the file's own ones, or in the gradients that were returned."""
    if all(np.isfinite(array).all() for array in case.changes_in(case.evidence.natural)):
        return
    for event in case.evidence.natural.record.events:
        if event.value.dtype.kind == "f" and np.isnan(event.value).any():
            detail = ", with the file's own weights and its first digit"
            case.findings.mistake("not-finite", None, case.place(event), detail=detail)
            return


def _unknown_function(case: Case, layer: int, what_it_is: str) -> None:
    sums = case.of_first(case.probe.right.pre_activations[layer - 1])
    sentence = f"What follows z{subscript(layer)} {what_it_is}."
    short = f"a function of z{subscript(layer)} that is not known here"
    place = case.place(_next_of_size(case, sums))
    case.findings.add("mistake", "unexplained", sentence, layer, place, short=short)


def _delta_is_not_linear(case: Case) -> bool:
    """Whether δ of the output is none of a linear output: something else comes after the logits."""
    delta = case.explanations[0].delta
    return delta is None or delta.mistakes > 0


def _next_of_size(case: Case, sums: Array) -> Event | None:
    """What is computed from a layer's sums: the first other array of their size after them."""
    event = case.lines.of_value(sums)
    if event is None:
        return None
    later = (other for other in case.probe.trial.record.events[event.time + 1 :] if other.size == sums.size)
    return next((other for other in later if not np.array_equal(other.value, event.value)), event)
