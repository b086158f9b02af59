"""What each line computes: the arrays of a textbook's pass forward and back, found among those of one step.

What stands on the way back is given the learner's own δ of the layer above: a line that does the right thing with a
wrong array is right.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.homework.catalogue import subscript
from model.homework.judging.case import Case
from model.homework.judging.factors import close
from model.homework.judging.lines import LOADS
from model.homework.report import Mark
from model.homework.running.recorder import Event

Array = NDArray[Any]
LONGEST = 30  # characters of names that are all written out


@dataclass(frozen=True)
class _Known:
    """An array that has a name; `kind` is that of model.analysis.derivation."""

    text: str
    array: Array
    kind: str | None = None
    layer: int | None = None
    is_judged: bool = True  # there is a right place for it
    is_own: bool = False  # an array of the learner's way back, whose sign and share of a batch are the learner's, too

    def events(self, case: Case) -> list[Event]:
        """Where it is computed."""
        if not self.array.any():
            return []
        if self.is_own:
            found = case.probe.values.proportional(self.array)
            return [event for event, f in found if any(close(abs(f), share) for share in (1.0, 1.0 / case.samples))]
        return case.probe.values.equal(self.array)


@dataclass(frozen=True)
class _Found:
    """That something known is computed in a line."""

    time: int
    known: _Known
    is_bound: bool  # to a name, and not only a piece of a larger expression


def marks_of(case: Case, file: str) -> tuple[Mark, ...]:
    """A mark for each line of the file in which something known, or something wrong, is computed."""
    found = _found_by_line(case, file)
    wrong = case.findings.instead
    return tuple(_mark(line, found.get(line, ()), wrong.get(line, ())) for line in sorted({*found, *wrong}))


def _mark(line: int, known: Sequence[_Known], wrong: Sequence[str]) -> Mark:
    first = next((each for each in known if each.kind), None)
    kind, layer = (first.kind, first.layer) if first else (None, None)
    if wrong:
        return Mark(line, "; ".join(wrong), "wrong", kind, layer)
    is_judged = any(each.is_judged for each in known)
    return Mark(line, _text(known), "right" if is_judged else "neutral", kind, layer)


def _text(known: Sequence[_Known]) -> str:
    """The names of all, or of many of one kind the common one: "∂L/∂Wₖ, k = 1 … 3"."""
    text = " · ".join(dict.fromkeys(each.text for each in known))
    common = {re.sub("[₀-₉]+", "ₖ", each.text) for each in known}
    layers = sorted({each.layer for each in known if each.layer})
    if len(text) <= LONGEST or len(common) > 1 or not layers:
        return text
    return f"{common.pop()}, k = {layers[0]} … {layers[-1]}"


def _found_by_line(case: Case, file: str) -> dict[int, list[_Known]]:
    """What is computed in each line, in the order of time; what gets a name there hides what it is made of."""
    by_line: dict[int, list[_Found]] = {}
    named: set[int] = set()  # times of events that have a name
    for known in sorted(_all_known(case), key=lambda known: known.is_own):
        events = [event for event in known.events(case) if not known.is_own or event.time not in named]
        named |= {event.time for event in events}
        for event in events:
            place = case.recorder.places[event.place]
            if place.file == file and place.kind not in LOADS and not _is_passed_on(case, event):
                is_bound = place.target is not None or place.kind == "Store"
                by_line.setdefault(place.line, []).append(_Found(event.time, known, is_bound))
    return {line: _in_order(found) for line, found in by_line.items()}


def _is_passed_on(case: Case, event: Event) -> bool:
    """Whether an expression only hands on what it got, as a clip does that clips nothing."""
    return any(
        case.recorder.places[operand.place].kind in LOADS and np.array_equal(operand.value, event.value)
        for operand in case.lines.operands(event)
    )


def _in_order(found: list[_Found]) -> list[_Known]:
    bound = [each for each in found if each.is_bound] or found
    return [each.known for each in sorted(bound, key=lambda each: each.time)]


def _all_known(case: Case) -> Iterator[_Known]:
    yield from _of_forward_pass(case)
    for explanation in case.explanations:
        layer = explanation.index
        delta, number = case.delta(layer), subscript(layer)
        yield _Known(f"δ{number}", delta, "DELTA", layer, is_own=True)
        if explanation.input is not None:
            gradient = case.gradient(explanation)
            yield _Known(f"∂L/∂W{number}", gradient, "GRADIENT", layer, is_own=True)
        if len(delta) > 1:
            yield _Known(f"∂L/∂b{number}", delta.sum(axis=0), "GRADIENT", layer, is_own=True)
        if layer > 1:
            below = subscript(layer - 1)
            carried = delta @ case.probe.network.weights[layer - 1].T
            yield _Known(f"δ{number} W{number}ᵀ", carried, None, None, is_own=True)
            activation = case.evidence.network.hidden[layer - 2]
            if activation is not None:
                activations = case.of_first(case.probe.right.activations[layer - 1])
                yield _Known(f"σ′(z{below})", activation.slope_from_activation(activations))
        yield from _of_update(case, layer)


def _of_forward_pass(case: Case) -> Iterator[_Known]:
    right, last = case.probe.right, case.last
    p, y = (case.of_first(array) for array in (right.activations[-1], case.probe.targets))
    yield _Known("x", case.of_first(case.probe.images), "IMAGE", 0)
    for layer in range(1, last + 1):
        yield _Known(f"z{subscript(layer)}", case.of_first(right.pre_activations[layer - 1]), "PRE_ACTIVATION", layer)
        if layer < last:
            yield _Known(f"a{subscript(layer)}", case.of_first(right.activations[layer]), "ACTIVATION", layer)
    yield _Known("p", p, "PROBABILITY", last)
    yield _Known("y", y, "TARGET", last)
    yield _Known("one-hot of the answer", np.eye(p.shape[1])[p.argmax(axis=1)], is_judged=False)
    with np.errstate(divide="ignore"):
        losses = -np.log((p * y).sum(axis=1))
    yield _Loss("L", np.array([losses.mean(), losses.sum()]), "LOSS", last)


class _Loss(_Known):
    """A single number, mean or sum over the samples."""

    def events(self, case: Case) -> list[Event]:
        """Where it is computed."""
        numbers = case.probe.trial.record.numbers()
        return [e for e in numbers if np.isclose(float(e.value.reshape(-1)[0]), self.array, 1e-6, 0).any()]


def _of_update(case: Case, layer: int) -> Iterator[_Known]:
    network, updated, number = case.probe.network, case.probe.updated, subscript(layer)
    for name, before, after in (
        ("W", network.weights[layer - 1], updated.weights[layer - 1]),
        ("b", network.biases[layer - 1], updated.biases[layer - 1]),
    ):
        if not np.array_equal(before, after):
            yield _Known(f"{name}{number} − η ∂L/∂{name}{number}", after, "UPDATED", layer)
