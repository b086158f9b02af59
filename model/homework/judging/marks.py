"""What each line computes: the arrays of a textbook's pass forward and back, found among those of one step.

What stands on the way back is given the learner's own δ of the layer above: a line that does the right thing with a
wrong array is right.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from model.homework.catalogue import subscript
from model.homework.judging.case import Case
from model.homework.judging.factors import close
from model.homework.judging.findings import Instead
from model.homework.judging.lines import LOADS
from model.homework.judging.names import joined, listed
from model.homework.judging.own_updates import own_updates
from model.homework.report import Mark
from model.homework.running.recorder import Event

Array = NDArray[Any]
KINDS = {"δ": "DELTA", "∂L/∂": "GRADIENT", "the update of ": "UPDATED", "p ": "PROBABILITY"}  # of what is wrong


@dataclass(frozen=True)
class _Known:
    """An array that has a name; `kind` is that of model.analysis.derivation."""

    text: str
    array: Array
    kind: str | None = None
    layer: int | None = None
    state: Literal["right", "wrong", "neutral"] = "right"
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

    event: Event
    known: _Known
    is_bound: bool  # to a name, and not only a piece of a larger expression


def marks_of(case: Case, file: str) -> tuple[Mark, ...]:
    """A mark for each line of the file in which something known, or something wrong, is computed."""
    found = _found_by_line(case, file)
    wrong = case.findings.instead
    return tuple(_mark(line, found.get(line, ()), wrong.get(line, ())) for line in sorted({*found, *wrong}))


def _mark(line: int, known: Sequence[_Known], wrong: Sequence[Instead]) -> Mark:
    first = next((each for each in known if each.kind), None)
    kind, layer = (first.kind, first.layer) if first else (None, None)
    if wrong:
        kind, layer = (kind, layer) if kind else _meant(wrong[0])
        return Mark(line, listed([instead.text for instead in wrong]), "wrong", kind, layer)
    states = {each.state for each in known}
    state = next(state for state in ("wrong", "right", "neutral") if state in states)
    return Mark(line, joined([each.text for each in known]), state, kind, layer)


def _meant(wrong: Instead) -> tuple[str | None, int | None]:
    """Which number a wrong line is about, if its text starts with the name of one."""
    kind = next((kind for start, kind in KINDS.items() if wrong.text.startswith(start)), None)
    return (kind, wrong.layer) if kind and wrong.layer else (None, None)


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
                if is_bound or not _is_a_part(case, event):
                    by_line.setdefault(place.line, []).append(_Found(event, known, is_bound))
    return {line: _in_order(found) for line, found in by_line.items()}


def _is_passed_on(case: Case, event: Event) -> bool:
    """Whether an expression only hands on what it got, as a clip does that clips nothing."""
    return any(
        case.recorder.places[operand.place].kind in LOADS and np.array_equal(operand.value, event.value)
        for operand in case.lines.operands(event)
    )


def _is_a_part(case: Case, event: Event) -> bool:
    """Whether what gets a name in the same line is made of it, and is of its size, but something else."""
    places, line = case.recorder.places, case.recorder.places[event.place].line
    return any(
        other.size == event.size
        and other.frame is event.frame
        and places[other.place].line == line
        and places[other.place].target is not None
        and any(operand is event for operand in case.lines.operands(other))
        for other in case.probe.trial.record.events[event.time + 1 :]
    )


def _in_order(found: list[_Found]) -> list[_Known]:
    bound = [each for each in found if each.is_bound] or found
    return [each.known for each in sorted(bound, key=lambda each: each.event.time)]


def _all_known(case: Case) -> Iterator[_Known]:
    yield from _of_forward_pass(case)
    for update in own_updates(case):
        yield _Updated(update.text, update.array, "UPDATED", update.layer, update.state)
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


def _of_forward_pass(case: Case) -> Iterator[_Known]:
    right, last = case.probe.right, case.last
    p, y = (case.of_first(array) for array in (right.activations[-1], case.probe.targets))
    yield _Known("x", case.of_first(case.probe.images), "IMAGE", 0, "neutral")
    for layer in range(1, last + 1):
        yield _Known(f"z{subscript(layer)}", case.of_first(right.pre_activations[layer - 1]), "PRE_ACTIVATION", layer)
        if layer < last:
            yield _Known(f"a{subscript(layer)}", case.of_first(right.activations[layer]), "ACTIVATION", layer)
    yield _Known("p", p, "PROBABILITY", last)
    yield _Known("y", y, "TARGET", last)
    yield _Known("one-hot of the answer", np.eye(p.shape[1])[p.argmax(axis=1)], state="neutral")
    with np.errstate(divide="ignore"):
        losses = -np.log((p * y).sum(axis=1))
    yield _Loss("L", np.array([losses.mean(), losses.sum()]), "LOSS", last)


class _Updated(_Known):
    """Weights or biases after the step."""

    def events(self, case: Case) -> list[Event]:
        """Where it is computed."""
        return case.updated(self.array)


class _Loss(_Known):
    """A single number, mean or sum over the samples."""

    def events(self, case: Case) -> list[Event]:
        """Where it is computed."""
        numbers = case.probe.trial.record.numbers()
        return [e for e in numbers if np.isclose(float(e.value.reshape(-1)[0]), self.array, 1e-6, 0).any()]
