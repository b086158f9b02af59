"""The third stage: δ of each layer, and the gradients of its weights."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.homework.catalogue import subscript
from model.homework.hypotheses import Hypothesis
from model.homework.judging.bias_gradients import judge_biases
from model.homework.judging.case import Case
from model.homework.judging.explanation import Explanation
from model.homework.judging.findings import UNEXPLAINED
from model.homework.judging.lines import is_among
from model.homework.running.recorder import Event

Array = NDArray[Any]


def judge_backward_pass(case: Case) -> None:
    """Report what is wrong with each layer, from the last to the first."""
    if case.evidence.is_gradient_of_its_loss:
        return
    for explanation in case.explanations:
        if explanation.delta is None:
            _unexplained_delta(case, explanation)
        else:
            _wrong_delta(case, explanation)
            if explanation.input is None:
                _unexplained_gradient(case, explanation)
            else:
                _wrong_gradient(case, explanation)
    if not case.evidence.is_computed:
        judge_biases(case)


def _wrong_delta(case: Case, explanation: Explanation) -> None:
    assert explanation.delta is not None
    delta = f"δ{subscript(explanation.index)}"
    subjects = [f"the error in {delta}", f"the slope in {delta}"] if len(explanation.delta.parts) > 1 else [delta]
    for part, subject in zip(explanation.delta.parts, subjects, strict=True):
        for name in part[0].mistakes:
            place = case.place(_line_of_part(case, name, explanation, part[0]))
            symbols = part[0].instead if name != "missing-slope" else ""
            case.findings.mistake(name, explanation.index, place, delta if not symbols else subject, symbols)


def _line_of_part(case: Case, name: str, explanation: Explanation, part: Hypothesis) -> Event | None:
    """The line of a wrong part of δ: the part's own if it is to be seen by itself, else that of δ."""
    assert explanation.delta is not None
    lines, whole = case.lines, case.delta(explanation.index)
    above = lines.of_value(case.delta(explanation.index + 1)) if explanation.index < case.last else None
    start = above.time if above is not None else lines.end_of_forward_pass
    if name in ("missing-slope", "label-ignored"):
        user = lines.of_value(case.gradient(explanation)) if explanation.input is not None else None
        return lines.of_omission(whole, start, user, is_right_by_itself=name == "missing-slope")
    if len(explanation.delta.parts) == 1:
        return lines.of_value(whole, part.operand)
    value = case.of_first(part.value)
    event: Event | None = None
    if value.size == 1:
        event = lines.of_number(float(value.flat[0]), start)
    elif not is_among(value, _right_arrays(case, explanation)):
        event = lines.of_value(value, part.operand, _calls_are_wrong(case, name, explanation, part))
    return event or lines.of_operand(whole, value, above)


def _calls_are_wrong(case: Case, name: str, explanation: Explanation, part: Hypothesis) -> bool:
    """Whether a function that was called with the wrong array is itself right.

    a (1 − a) is right for activations: if all calls pass z to it, and it names its argument neither a nor s nor the
    like, it is the function that is wrong. The same holds for a W that is not transposed.
    """
    if name not in ("slope-formula-of-z", "not-transposed"):
        return True
    event = case.lines.of_value(case.of_first(part.value))
    if name == "slope-formula-of-z" and event is not None and case.lines.expects_activations(event):
        return True
    for other in case.explanations:
        if other is not explanation and other.delta is not None and len(other.delta.parts) > 1:
            same_part = other.delta.parts[0 if name == "not-transposed" else 1][0]
            right = None if same_part.mistakes else case.lines.of_value(case.of_first(same_part.value))
            if right is not None and event is not None and right.place == event.place:
                return True
    return False


def _right_arrays(case: Case, explanation: Explanation) -> list[Array]:
    """What is right in itself, wherever it stands: the forward pass, weights, slopes, and δ of the layers above."""
    right, network = case.probe.right, case.probe.network
    slopes = [
        activation.slope_from_activation(a)
        for activation, a in zip(case.evidence.network.hidden, right.activations[1:-1], strict=True)
        if activation is not None
    ]
    above = [case.delta(layer) for layer in range(explanation.index + 1, case.last + 1)]
    by_sample = [case.of_first(array) for array in (*right.pre_activations, *right.activations, *slopes)]
    return [*by_sample, *above, *network.weights, *network.biases]


def _wrong_gradient(case: Case, explanation: Explanation) -> None:
    assert explanation.input is not None
    hypothesis, layer = explanation.input[0], explanation.index
    subject = f"∂L/∂W{subscript(layer)}"
    for name in hypothesis.mistakes:
        operand = hypothesis.operand if hypothesis.operand is None else case.of_first(hypothesis.operand)
        event = case.lines.of_value(case.gradient(explanation), operand) or case.update_of_weights(layer)
        case.findings.mistake(name, layer, case.place(event), subject, f"{hypothesis.instead}ᵀ δ{subscript(layer)}")
    if explanation.is_reversed:
        event = case.lines.of_value(case.gradient(explanation), case.of_first(hypothesis.value))
        place = case.place(event or case.update_of_weights(layer))
        case.findings.mistake("outer-reversed", layer, place, subject, f"δ{subscript(layer)}ᵀ {hypothesis.instead}")


def _unexplained_delta(case: Case, explanation: Explanation) -> None:
    """Locate and describe a δ that no hypothesis explains; its direction is given, nothing guessed."""
    layer = explanation.index
    if not case.changes(layer).any() and not case.probe.changes.biases[layer - 1].any():
        return  # there is nothing to be seen of it
    event = case.lines.of_unknown(case.delta(layer), _known_arrays(case, explanation)) or case.update_of_weights(layer)
    comparison = _compared(explanation.deltas[0], case.probe.right.deltas[layer - 1])
    sentence = f"δ{subscript(layer)} is not what it should be, and matches no known mistake: {comparison}."
    formula = "δₖ = (δₖ₊₁ Wₖ₊₁ᵀ) ∘ σ′(zₖ)" if layer < case.last else "δₖ = p − y"
    short = f"δ{subscript(layer)}, {UNEXPLAINED}"
    case.findings.add("mistake", "unexplained", sentence, layer, case.place(event), formula, short)


def _known_arrays(case: Case, explanation: Explanation) -> list[Array]:
    """What may go into a δ: what is right in itself, the error carried back to it, and the label."""
    known = [*_right_arrays(case, explanation), case.of_first(case.probe.targets)]
    if explanation.index < case.last:
        known.append(case.delta(explanation.index + 1) @ case.probe.network.weights[explanation.index].T)
    return [*known, *(array.T for array in known)]


def _unexplained_gradient(case: Case, explanation: Explanation) -> None:
    layer = explanation.index
    own = case.changes(layer)
    if not own.any():
        return
    right = case.of_first(case.probe.right.activations[layer - 1]).T @ case.delta(layer)
    event = case.lines.of_array(own) or case.update_of_weights(layer)
    sentence = (
        f"∂L/∂W{subscript(layer)} is not what it should be, and matches no known mistake: {_compared(own, right)}."
    )
    short = f"∂L/∂W{subscript(layer)}, {UNEXPLAINED}"
    case.findings.add("mistake", "unexplained", sentence, layer, case.place(event), "∂L/∂Wₖ = aₖ₋₁ᵀ δₖ", short)


def _compared(own: Array, right: Array) -> str:
    """The angle between two arrays that should have one direction, and how their lengths compare."""
    own, right = np.ravel(own), np.ravel(right)
    lengths = float(np.linalg.norm(own)), float(np.linalg.norm(right))
    if not all(np.isfinite(lengths)) or 0 in lengths or own.shape != right.shape:
        return "it cannot be compared with the right one"
    cosine, ratio = float(own @ right) / lengths[0] / lengths[1], lengths[0] / lengths[1]
    return f"the cosine of the angle to the right one is {cosine:.3f}, and it is {ratio:.3g} times as long"
