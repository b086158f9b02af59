"""From an array to the line that computed it: the deepest one of the learner's whose inputs were right."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.homework.investigating.trials import Probe
from model.homework.investigating.values import EXACT, Values, same
from model.homework.running.instrument import RETURNED, Place
from model.homework.running.recorder import Event

Array = NDArray[Any]
LOADS = ("Name", "Attribute", "Subscript")  # expressions that only fetch what was computed elsewhere


class Lines:
    """Finds lines in what one probe's step computed."""

    def __init__(self, probe: Probe, places: Sequence[Place]) -> None:
        self._probe = probe
        self._events = probe.trial.record.events
        self._places = places
        self.end_of_forward_pass = self._last_of_forward_pass()
        self._forward_places = {event.place for event in self._events[: self.end_of_forward_pass]}

    def _last_of_forward_pass(self) -> int:
        """When the output was there, and had been returned and bound."""
        p = self._probe.right.activations[-1]
        event = self.of_value(p)
        if event is None:
            return -1
        time = event.time
        while time + 1 < len(self._events) and _is(self._events[time + 1].value, self._events[time].value):
            time += 1
        return time

    def place(self, event: Event) -> Place:
        """The expression of an event."""
        return self._places[event.place]

    def of_array(self, target: Array, after: int = -1, within: Callable[[float], bool] = bool) -> Event | None:
        """What first computed an array, or a multiple of it whose factor is accepted."""
        for event, factor in self._probe.values.proportional(target):
            if event.time > after and within(factor):
                return event
        return None

    def sign_of(self, array: Array) -> int:
        """Whether the program computes an array, 1, or its negative, −1, as it first stands there."""
        found = self._probe.values.proportional(array)
        return -1 if found and found[0][1] < 0 else 1

    def of_value(self, wrong: Array, operand: Array | None = None, all_calls: bool = True) -> Event | None:
        """Where an array that should not be there arose first.

        If a function of the learner's was called with the wrong operand and returned the wrong array, the call is wrong
        and not the function; with `all_calls` false the function is.
        """
        events = self._as_used(wrong)
        if not events:
            return None
        event = events[0]
        while all_calls and operand is not None and (caller := self._caller(event, wrong, operand)) is not None:
            event = caller
        return event

    @staticmethod
    def expects_activations(event: Event) -> bool:
        """Whether the function that an event is in names its argument as one names activations."""
        arguments = event.frame.f_code.co_varnames[: event.frame.f_code.co_argcount]
        return len(arguments) == 1 and re.match(r"a|s|o|h|y", arguments[0], re.I) is not None

    def of_operand(self, whole: Array, operand: Array, above: Event | None) -> Event | None:
        """Where one got hold of an array that is right elsewhere, and used it for a wrong one.

        That is where the wrong array arose, unless the operand had been bound to a name for this, or a function made
        for this returned it. `above` is what computed the operand where it is right.
        """
        event = self.of_value(whole)
        if event is None:
            return None
        operands = [other for other in self.operands(event) if _is(other.value, operand)]
        origin = self._origin(operands[-1]) if operands else None
        if origin is None or origin.time <= self.end_of_forward_pass or origin.place in self._forward_places:
            return event
        return event if above is not None and self.place(origin).line == self.place(above).line else origin

    def of_unknown(self, whole: Array, known: Sequence[Array]) -> Event | None:
        """The deepest expression that computes something unknown from what is known, on the way to an array."""
        event = self.of_value(whole)
        while event is not None:
            unknown = [
                other
                for other in self.operands(event)
                if other.size > 1 and not any(_is(other.value, array) for array in known)
            ]
            origins = [origin for other in unknown if (origin := self._origin(other)) is not None]
            deeper = [origin for origin in origins if origin.time < event.time]
            if not deeper:
                break
            event = deeper[0]
        return event

    def operands(self, event: Event) -> list[Event]:
        """The values that went into an expression, directly or through the expressions inside it."""
        inside: set[int] = set()
        places = list(self.place(event).operands)
        while places:
            place = places.pop()
            inside.add(place)
            places.extend(self._places[place].operands)
        latest: dict[int, Event] = {}
        for other in self._events[: event.time]:
            if other.place in inside and other.frame is event.frame:
                latest[other.place] = other
        return sorted(latest.values(), key=lambda other: other.time)

    def _origin(self, operand: Event) -> Event | None:
        """Where the value of an operand comes from: a variable's last binding, or the return from a function."""
        place = self.place(operand)
        if place.kind == "Call":
            earlier = [e for e in self._events[: operand.time] if _is(e.value, operand.value)]
            return self._returned_to(operand, earlier)
        if place.kind in LOADS:
            bound = self._binding(operand)
            inner = self._origin(bound) if bound is not None and self.place(bound).kind == "Call" else None
            return inner if inner is not None and inner.place not in self._forward_places else bound
        return operand

    def _binding(self, load: Event) -> Event | None:
        """What a variable that was read had been bound to."""
        text = self.place(load).text
        bindings = (e for e in reversed(self._events[: load.time]) if self.place(e).target == text)
        return next((e for e in bindings if _is(e.value, load.value)), None)

    def of_omission(self, array: Array, after: int, user: Event | None, is_right_by_itself: bool) -> Event | None:
        """Where something is missing: where what `user` takes for another array was bound to the name that it uses.

        A function that returned it is wrong, and not its call, unless what it computes is right by itself and it was
        not called with the very array.
        """
        before = user.time if user is not None else len(self._events)
        events = [e for e in self._as_used(array) if after < e.time < before and e.place not in self._forward_places]
        used = [self._binding(e) for e in self.operands(user) if _is(e.value, array)] if user is not None else []
        bound = [event for event in used if event is not None and event in events]
        bound = bound or [event for event in events if self._is_bound(event)]
        bound = bound or [event for event in events if self.place(event).target is not None] or events
        if not bound:
            return None
        event = bound[-1]
        while (inner := self._returned_to(event, events)) is not None:
            if is_right_by_itself and not self._was_called_with(inner, array):
                break
            event = inner
        return event

    def of_number(self, number: float, after: int, words: Sequence[str] = ()) -> Event | None:
        """What first computed a single number after a time; with words, only where one of them stands in the line."""
        for event in self._events[after + 1 :]:
            value = float(event.value.reshape(-1)[0]) if event.size == 1 else np.nan
            is_it = abs(value - number) <= EXACT * abs(number) + 1e-14
            if is_it and (not words or any(word in self.place(event).text for word in words)):
                return event
        return None

    def of_update(self, before: Array, after: Array) -> Event | None:
        """Where weights or biases got their new values, also if nothing reads them in the step afterwards."""
        if np.array_equal(before, after):
            return None
        changed = self._probe.values.equal(after) or Values(self._probe.trial.record.unread).equal(after)
        return next((e for e in changed if self.place(e).kind not in LOADS), changed[0] if changed else None)

    def _as_used(self, array: Array) -> list[Event]:
        """Where an array was computed or fetched: itself, its negative or its mean, else any multiple of it."""
        found = self._probe.values.proportional(array)
        shares = (1.0, 1.0 / len(self._probe.images))
        themselves = [event for event, factor in found if any(abs(abs(factor) - s) < 1e-4 * s for s in shares)]
        return themselves or [event for event, _ in found]

    def _is_bound(self, event: Event) -> bool:
        """Whether the value got a name: a variable's, or it was returned. Elements of containers are for keeping."""
        target = self.place(event).target
        return target is not None and not any(sign in target for sign in "[.")

    def _caller(self, event: Event, wrong: Array, operand: Array) -> Event | None:
        """The call that passed the operand to the function that an event is in, if it returned the wrong array."""
        if not self._was_called_with(event, operand):
            return None
        later = (other for other in self._events[event.time + 1 :] if other.frame is event.frame.f_back)
        call = next(later, None)
        if call is None or self.place(call).kind != "Call" or not _is(call.value, wrong):
            return None
        return call

    @staticmethod
    def _was_called_with(event: Event, array: Array) -> bool:
        """Whether the function that an event is in has an array among its arguments."""
        frame = event.frame
        code = frame.f_code
        if frame.f_back is None or frame.f_locals is frame.f_globals:
            return False
        arguments = [frame.f_locals.get(name) for name in code.co_varnames[: code.co_argcount]]
        return any(_is(argument, array) or _is(argument, array.T) for argument in arguments)

    def _returned_to(self, call: Event, events: list[Event]) -> Event | None:
        """Of these events the return from a function to a call."""
        if self.place(call).kind != "Call":
            return None
        inside = [event for event in events if event.time < call.time and event.frame.f_back is call.frame]
        return next((event for event in reversed(inside) if self.place(event).target == RETURNED), None)


def is_among(array: Array, others: Sequence[Array]) -> bool:
    """Whether an array is one of others, but for rounding."""
    return any(array.shape == other.shape and same(array, other) for other in others)


def where_twice(values: Values, once: Array) -> Event | None:
    """What is twice a gradient that is also there once."""
    found = values.proportional(once if once.ndim == 2 else once[np.newaxis])
    return next((event for event, f in found if abs(abs(f) - 2 * abs(found[0][1])) < 1e-4 * abs(f)), None)


def _is(argument: Any, array: Array) -> bool:
    if not isinstance(argument, np.ndarray) or argument.size != array.size or argument.dtype.kind not in "biuf":
        return False
    return same(argument.astype(np.float64).ravel(), array.ravel(), 1e-4)
