"""The fourth stage: what becomes of the weights, and of whatever else the step changes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.homework.catalogue import subscript
from model.homework.investigating.trials import Evidence, Probe
from model.homework.investigating.values import factor
from model.homework.judging.case import Case
from model.homework.judging.factors import Deviation, close, deviations
from model.homework.judging.findings import BACKWARD_PASS
from model.homework.judging.lines import where_twice
from model.homework.running.recorder import Event

Array = NDArray[Any]
SUBJECTS = {"delta": "δ", "weights": "the update of W", "biases": "the update of b", "update": "the update of W"}


def judge_update(case: Case) -> None:
    """Report which weights stay, which updates have a wrong sign or length, and what else is changed or kept."""
    if case.evidence.is_gradient_of_its_loss:
        return
    if not case.evidence.returned:
        _weights_that_stay(case)
    if case.evidence.is_computed:
        _other_update(case)
    else:
        used = dict(_used_deltas(case))
        for deviation in deviations(case.explanations, case.rates(), case.samples, case.evidence.returned, used):
            _deviation(case, deviation)
    _changed_input(case)
    _kept_state(case)


def _used_deltas(case: Case) -> Iterator[tuple[int, float]]:
    """Layers, and how many times as long as it should be the δ is of which the gradient of their weights is made."""
    for explanation in case.explanations:
        event = case.lines.of_array(case.gradient(explanation)) if explanation.input is not None else None
        if event is None:
            continue
        delta = case.delta(explanation.index)
        factors = {each.time: factor for each, factor in case.probe.values.proportional(delta)}
        used = next((factors[each.time] for each in case.lines.operands(event) if each.time in factors), None)
        if used is not None:
            yield explanation.index, used


def _weights_that_stay(case: Case) -> None:
    stale = _keeps_using_the_old(case)
    staying = [layer for layer in range(1, case.last + 1) if stale or not case.weights_ever_change(layer)]
    if not staying:
        return
    event = next((event for layer in staying if (event := _thrown_away(case, layer)) is not None), None)
    layers = ", ".join(map(str, staying))
    which = "No weights change" if len(staying) == case.last else f"The weights of layer {layers} do not change"
    thrown = ": the new ones are computed and thrown away" if event is not None else ""
    layer = None if len(staying) == case.last else staying[-1]
    short = "new weights, computed and thrown away"
    case.findings.add("mistake", "no-update", f"{which} in a step{thrown}.", layer, case.place(event), short=short)


def _keeps_using_the_old(case: Case) -> bool:
    """Whether a second step computes with the weights of before the first one: the new ones are kept elsewhere."""
    continued, probe = case.evidence.continued, case.probe
    if continued is None:
        return False
    images = case.evidence.network.images(continued.record.events, probe.images.shape[1])
    values = continued.values()
    updated = case.evidence.network.parameters(case.evidence.again[1].after)
    old, new = (images @ n.weights[0] + n.biases[0] for n in (probe.network, updated))
    return len(images) > 0 and bool(values.proportional(old)) and not values.proportional(new)


def _thrown_away(case: Case, layer: int) -> Event | None:
    """Where W − η ∂L/∂W is computed all the same."""
    explanation, weights = case.explanation(layer), case.probe.network.weights[layer - 1]
    right = case.probe.right.gradients.weights[layer - 1]
    gradient = case.gradient(explanation) if explanation.input is not None else right
    for rate in case.rates():
        for share in (1, case.samples):
            for event in case.probe.values.equal(weights - rate / share * gradient):
                if case.recorder.places[event.place].kind not in ("Name", "Attribute"):
                    return event
    return None


def _other_update(case: Case) -> None:
    """The update is none of plain gradient descent (Adam, say): it should at least go downhill."""
    changes, gradients = case.probe.changes.weights, case.probe.right.gradients.weights
    downhill = sum(float((one * other).sum()) for one, other in zip(changes, gradients, strict=True))
    if any(change.any() for change in changes):
        case.evidence.differences.append("its update is not W ← W − η ∂L/∂W")
        if downhill < 0:
            event, layer = case.first_update()
            case.findings.mistake("sign", layer, case.place(event), "the update of W")


def _deviation(case: Case, deviation: Deviation) -> None:
    event, layer, array = _line(case, deviation)
    subject = f"{SUBJECTS[array]}{subscript(layer) if layer else ''}"
    stage = BACKWARD_PASS if _is_of_backward_pass(case, event, layer, array) else ""
    short = subject.replace("the update of ", "∂L/∂") if stage else subject
    names = [*(["sign"] if deviation.factor < 0 else []), *(["rate-ignored"] if deviation.without_rate else [])]
    for name in names:
        case.findings.mistake(name, layer, case.place(event), subject, short=short, stage=stage)
    if not names and deviation.layer is None and _keeps_velocities(case):
        case.evidence.differences.append("its update depends on earlier ones")
    elif not names and _is_of_large_gradients_only(case, deviation):
        case.evidence.differences.append("it limits the length of its gradients")
    elif not names:
        scaled = f"is {deviation.factor:.4g} times what it should be"
        formula = _formula(array, layer == case.last)
        place = case.place(event)
        case.findings.add(
            "mistake", "scaled", f"{subject} {scaled}.", layer, place, formula, f"{short} {scaled}", stage
        )


def _is_of_backward_pass(case: Case, event: Event | None, layer: int | None, array: str) -> bool:
    """Whether it is δ or a gradient that has the wrong factor, and not what is made of it for the update."""
    if array == "delta" or case.evidence.returned:
        return True
    if array == "update" or event is None or layer is None:
        return False
    update = case.update_of_weights(layer) if array == "weights" else case.update_of_bias(layer)
    places = case.recorder.places
    return update is None or places[update.place].line != places[event.place].line


def _keeps_velocities(case: Case) -> bool:
    """Whether the program keeps arrays along the gradients that are none, as an update with momentum does."""
    slot = case.evidence.network.slots[0]
    gradient = case.probe.right.gradients.weights[0]
    gradient = gradient.T if slot.transposed else gradient
    before = case.probe.trial.before
    for path, after in case.probe.trial.after.items():
        if path == slot.weights or after.shape != gradient.shape or path not in before:
            continue
        if not gradient.any():
            return False
        along = float((gradient * after).sum()) / float(np.square(gradient).sum())
        is_along = abs(along) * np.linalg.norm(gradient) > 0.99 * np.linalg.norm(after) > 0
        if is_along and not any(close(abs(along), share) for share in (1.0, 1.0 / case.samples)):
            return True
    return False


def _is_of_large_gradients_only(case: Case, deviation: Deviation) -> bool:
    """Whether the file's own weights, whose gradients are shorter than a probe's, are updated as they should be."""
    natural = case.evidence.natural_probe
    if natural is None or deviation.layer is None or deviation.array == "biases":
        return False
    factors = [
        factor([right], [change])
        for right, change in zip(natural.right.gradients.weights, natural.changes.weights, strict=True)
    ]
    return all(f is not None and close(f, factors[0] or 0) for f in factors)


def _formula(array: str, is_last: bool) -> str:
    if array == "delta":
        return "δₖ = p − y" if is_last else "δₖ = (δₖ₊₁ Wₖ₊₁ᵀ) ∘ σ′(zₖ)"
    return "b ← b − η ∂L/∂b" if array == "biases" else "W ← W − η ∂L/∂W"


def _line(case: Case, deviation: Deviation) -> tuple[Event | None, int | None, str]:
    """Where an array first has the wrong factor, its layer, and which it is; if nowhere, its use for the update."""

    layer, event = deviation.layer, None
    explanation = case.explanation(case.last if layer is None else layer)
    own_sign = case.lines.sign_of(case.delta(explanation.index)) if deviation.array in ("weights", "biases") else 1

    def has_factor(factor: float) -> bool:
        return any(close(factor, own_sign * deviation.factor / share) for share in (1, case.samples))

    if deviation.array in ("delta", "update"):
        if not deviation.without_rate:
            event = case.lines.of_array(case.delta(explanation.index), within=has_factor)
        if event is None and layer is not None:
            event = case.lines.of_array(case.delta(layer))
        if event is not None:
            return event, explanation.index, "delta"
        return *case.first_update(), "update"
    assert layer is not None
    if deviation.array == "weights":
        if explanation.input is not None and not deviation.without_rate:
            event = case.lines.of_array(case.gradient(explanation), within=has_factor)
        return event or case.update_of_weights(layer), layer, "weights"
    if explanation.bias is not None and not deviation.without_rate:
        start = case.lines.of_array(case.delta(layer))
        event = case.lines.of_array(explanation.bias[0].value, start.time if start else -1, has_factor)
    return event or case.update_of_bias(layer), layer, "biases"


def _changed_input(case: Case) -> None:
    if not any(_changes_its_image(case.evidence, probe) for probe in case.evidence.probes):
        return
    size = case.of_first(case.probe.images).size
    events = (event for event in case.probe.trial.record.events if event.size == size)
    event = next((event for event in events if case.recorder.places[event.place].kind == "Store"), None)
    case.findings.add("mistake", "input-changed", "The step changes its input image in place.", None, case.place(event))


def _changes_its_image(evidence: Evidence, probe: Probe) -> bool:
    """Whether an array of images, no weights nor anything shaped like them, came back with other pixels."""
    pixels = probe.images.shape[1]
    shapes = {probe.trial.before[slot.weights].shape for slot in evidence.network.slots}
    for path, before in probe.trial.before.items():
        after = probe.trial.after.get(path)
        may_be_images = before.size % pixels == 0 and before.shape not in shapes and before.min(initial=0) >= 0
        if not may_be_images or after is None or path not in probe.trial.same_arrays:
            continue
        if not np.array_equal(before, after) and _is_alike(before, after):
            return True
    return False


def _is_alike(before: Array, after: Array) -> bool:
    """Whether it is the same image still, darker or shifted, and not another one that a buffer was filled with."""
    return float(np.corrcoef(before.ravel(), after.ravel())[0, 1]) > 0.9


def _kept_state(case: Case) -> None:
    """Whether a second step's gradients have those of the first in them: twice as much, with the same digit."""
    if len(case.evidence.again) < 2:
        return
    once, twice = (case.changes_in(trial) for trial in case.evidence.again)
    for number, (one, two) in enumerate(zip(once, twice, strict=True)):
        if one.any() and np.allclose(two, 2 * one, 1e-5, 1e-5 * float(np.abs(one).max())):
            layer = number // 2 + 1
            sentence = (
                f"In a second step the gradient of {'Wb'[number % 2]}{subscript(layer)} has that of the first in it."
            )
            event = where_twice(case.evidence.again[1].values(), one)
            short = f"the gradient of {'Wb'[number % 2]}{subscript(layer)}, added to that of the step before"
            case.findings.add("mistake", "state-kept", sentence, layer, case.place(event), short=short)
            return
