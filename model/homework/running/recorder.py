"""Keeping what a learner's program computes: every array and number, expression by expression, in order."""

from __future__ import annotations

import sys
import weakref
from dataclasses import dataclass, field
from types import FrameType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.homework.running.instrument import Place

LARGEST = 2_000_000  # numbers in an array that is kept; what is larger is the data set
PER_PLACE = 300  # values kept of one place in a step; a loop over single numbers has more, and they say no more


@dataclass(eq=False)
class Event:
    """A value that arose."""

    place: int
    value: NDArray[Any]  # a copy, as it was then
    thing: int  # which object it was: the same number for the same object
    frame: FrameType  # of the function that it arose in
    time: int

    @property
    def size(self) -> int:
        """How many numbers it is."""
        return self.value.size


@dataclass
class Record:
    """What happened while one step ran."""

    events: list[Event] = field(default_factory=list)
    unread: list[Event] = field(default_factory=list)  # arrays written in place that nothing has read since
    returned: Any = None  # by the function that was called, where one was

    def arrays(self) -> list[Event]:
        """Those of several numbers."""
        return [event for event in self.events if event.size > 1]

    def numbers(self) -> list[Event]:
        """Those of a single number."""
        return [event for event in self.events if event.size == 1]


class Recorder:
    """What an instrumented program calls. It keeps values only between `start` and `stop`."""

    def __init__(self, places: list[Place]) -> None:
        self.places = places
        self.record: Record | None = None
        self._births: dict[int, tuple[Any, int]] = {}  # of arrays alive: where each came into being
        self._versions: dict[int, Event] = {}
        self._stored: dict[int, tuple[int, NDArray[Any], FrameType]] = {}  # since they were read last
        self._counts: dict[int, int] = {}
        self._alive: list[Any] = []

    def start(self) -> None:
        """Keep what is computed from now on."""
        self.record = Record()
        self._versions, self._stored, self._counts, self._alive = {}, {}, {}, []

    def stop(self) -> Record:
        """Keep no more; what was kept."""
        record, self.record = self.record, None
        assert record is not None
        record.unread = [
            Event(place, np.array(array), id(array), frame, len(record.events) + number)
            for number, (place, array, frame) in enumerate(self._stored.values())
            if _is_kept(array)
        ]
        self._versions, self._stored, self._alive = {}, {}, []
        return record

    def drop(self) -> None:
        """Keep no more, and forget what was kept."""
        self.record = None

    def birth(self, array: NDArray[Any]) -> int | None:
        """The place at which an array that is still alive came into being."""
        known = self._births.get(id(array))
        return known[1] if known and known[0]() is array else None

    def value(self, place: int, value: Any) -> Any:
        """An expression was computed; its value is returned as it is."""
        if type(value) is np.ndarray:
            known = self._births.get(id(value))
            if known is None or known[0]() is not value:
                self._births[id(value)] = (weakref.ref(value), place)
        if self.record is not None:
            self._keep(place, value, sys._getframe(1))
        return value

    def stored(self, place: int, value: Any, base: Any) -> None:
        """Something was written into `base`, or `value` was changed in place."""
        if self.record is None:
            return
        if isinstance(base, np.ndarray) and base.dtype != object:
            # It may be one number of many that follow: it is copied when it is read next.
            while isinstance(base, np.ndarray):
                self._stored[id(base)] = (place, base, sys._getframe(1))
                base = base.base
        else:
            self._keep(place, value, sys._getframe(1))

    def _keep(self, place: int, value: Any, frame: FrameType) -> None:
        if isinstance(value, np.ndarray | np.generic):
            if not _is_kept(value):
                return
        elif not isinstance(value, int | float) or abs(value) > 1e300:
            return
        count = self._counts.get(place, 0)
        self._counts[place] = count + 1
        if count >= PER_PLACE:
            return
        assert self.record is not None
        latest = self._versions.get(id(value)) if isinstance(value, np.ndarray) else None
        if latest is not None and _is_unchanged(latest.value, value):
            copy = latest.value
        else:
            copy = np.array(value)
            stored = self._stored.pop(id(value), None)
            if stored is not None:  # written number by number: it is what the last of these made it
                self._append(stored[0], copy, value, frame)
        self._append(place, copy, value, frame)

    def _append(self, place: int, copy: NDArray[Any], value: Any, frame: FrameType) -> None:
        assert self.record is not None
        event = Event(place, copy, id(value), frame, len(self.record.events))
        self.record.events.append(event)
        if isinstance(value, np.ndarray):
            self._versions[id(value)] = event
            self._alive.append(value)  # while it lives, no other object gets its number


def _is_unchanged(copy: NDArray[Any], array: NDArray[Any]) -> bool:
    """Whether an array is as it was; where it holds no NaN, that is seen in a fraction of the time."""
    if copy.shape != array.shape:
        return False
    return bool((copy == array).all()) or (copy.dtype.kind == "f" and np.array_equal(copy, array, equal_nan=True))


def _is_kept(value: NDArray[Any] | np.generic) -> bool:
    """Whether it is numbers, and not too many."""
    return value.dtype.kind in "biuf" and 0 < value.size <= LARGEST
