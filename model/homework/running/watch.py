"""Watching the loops of a learner's program until one of them turns out to be the step: it is then taken over."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from itertools import repeat
from types import FrameType
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from model.homework.running.instrument import Place
from model.homework.running.recorder import Record, Recorder
from model.homework.running.state import Path, State
from model.homework.running.turns import Turns

MOST_LOOKS = 12  # turns of one loop that are compared; one that has not trained by then does not train
MANY_TURNS = 6  # after which weights that changed only once are looked at, too: they may be saturated by then
COST_OF_AN_INVESTIGATION = 5  # looks: a loop in which no step was found is not investigated for ever


class Investigates(Protocol):
    """What takes a loop over; see model.homework.investigating.investigation."""

    @property
    def partial(self) -> Any:
        """What was found before the loop was made to do what may end it."""

    def run(self, state: State, items: list[Any], changed: set[Path]) -> Generator[Any, None, Any]:
        """Ask for the step to be run, with one of the items, as often as needed; return what was found, or None."""

    def is_step(self, state: State, record: Record) -> bool:
        """Whether a turn that was recorded looks like a step, though it changes no weights."""


Then = Callable[[Any, Turns], Generator[Any, None, None]]  # what is done with a step once it was found


class Found(BaseException):
    """The investigation came to its end: nothing more of the file needs to run."""


class Watch:
    """What the loops of a program call: it looks at their turns, and has one taken over."""

    def __init__(
        self,
        places: Sequence[Place],
        recorder: Recorder,
        state: Callable[[Any], State],
        investigation: Investigates,
        demand_change: bool,
        then: Then | None,
        rejected: frozenset[Place],
    ) -> None:
        self.found: Any = None
        self.broken: Place | None = None  # the loop in which a trial ended with an exception
        self._rejected = rejected
        self._places = places
        self._recorder = recorder
        self._state = state  # of the program, with one more thing that a turn gets
        self._investigation = investigation
        self._demand_change = demand_change
        self._then = then
        self._busy = False
        self.is_taken_over = False  # the loop runs as often as is asked for, whatever its own test says
        self._looks: dict[int, int] = {}  # at each loop
        self._turning: dict[tuple[int, int], tuple[FrameType, Turns, Iterator[Any]]] = {}

    def loop(self, place: int, items: Iterable[Any]) -> Iterable[Any]:
        """The items of a `for` loop, one by one."""
        if self.found is not None:  # the program caught the exception that should have ended it
            raise Found
        if sys._getframe(1).f_code.co_flags & inspect.CO_GENERATOR:
            return items  # a generator stops within its loop, and its place there cannot be put back
        # What a comprehension has collected cannot be put back: it is taken over only if it changes weights.
        is_passed = not self._demand_change and self._places[place].kind == "Comprehension"
        if is_passed or self._busy or self._looks.get(place, 0) >= MOST_LOOKS:
            return items
        if self._places[place] in self._rejected:
            return items
        return self._turns(place, Turns(items))

    def turn(self, place: int, test: Any) -> Any:
        """A `while` loop has made its test and may start another turn; while it is investigated, it does."""
        if self.found is not None:
            raise Found
        frame = sys._getframe(1)
        if frame.f_code.co_flags & inspect.CO_GENERATOR:
            return test
        known = self._turning.get((place, id(frame)))
        if known is None or known[0] is not frame:
            is_rejected = self._places[place] in self._rejected
            if not test or is_rejected or self._busy or self._looks.get(place, 0) >= MOST_LOOKS:
                return test
            turns = Turns(repeat(None))
            known = self._turning[place, id(frame)] = (frame, turns, self._turns(place, turns))
        elif not test and not self._busy:
            return test
        _, turns, running = known
        turns.goes_on = bool(test)
        was_taken_over = self.is_taken_over
        next(running)
        return True if was_taken_over or self.is_taken_over else test

    def _turns(self, place: int, turns: Turns) -> Iterator[Any]:
        first: State | None = None
        seen: list[Any] = []
        changed: dict[Path, NDArray[np.bool_]] = {}
        for item in turns:
            self._looks[place] = self._looks.get(place, 0) + 1
            if self._busy or self._looks[place] > MOST_LOOKS:
                turns.forget()
                yield item
                continue
            state = self._state(item)
            turns.start = turns.start or state
            if first is None:
                first = state
            else:
                first.add_item(item)
            seen.append(item)
            if self._demand_change or len(seen) != 2 or self._recorder.record is not None:
                yield item
                looks_like_step = False
            else:
                self._busy = True
                self._recorder.start()
                yield item
                self._busy = False
                looks_like_step = self._investigation.is_step(state, self._recorder.stop())
            changes = {path: mask for path, mask in _changes(state).items() if path in first.arrays}
            again = {path for path, mask in changes.items() if _overlap(mask, changed.get(path))}
            changed.update(changes)
            if again or looks_like_step or (len(seen) == MANY_TURNS and changed):
                self._looks[place] += COST_OF_AN_INVESTIGATION
                yield from self._take_over(place, first, seen, again or set(changed), turns)
                first, seen = None, []

    def _take_over(self, place: int, first: State, items: list[Any], changed: set[Path], turns: Turns) -> Iterator[Any]:
        """Let the investigation have the loop; if it finds no step in it, the program continues where it was.

        If an exception ends the loop meanwhile, it is none whose turns can be repeated: the program is run again.
        """
        resume = self._state(items[-1])
        self._busy = self.is_taken_over = True
        self.broken = self._places[place]
        found = yield from self._investigation.run(first, items, changed)
        self.broken = None
        if found is not None:
            try:
                if self._then is not None:
                    yield from self._then(found, turns)
                raise Found
            finally:
                self.found = found  # from now on, whatever loop turns ends the program
        self._busy = self.is_taken_over = False
        resume.restore()


def _overlap(one: NDArray[np.bool_], other: NDArray[np.bool_] | None) -> bool:
    return other is not None and one.shape == other.shape and bool((one & other).any())


def _changes(state: State) -> dict[Path, NDArray[np.bool_]]:
    """Which numbers of which arrays are others than before; a name that only points to another known array is none."""
    changes = {}
    known = {id(array) for array in state.arrays.values()}
    for path, array in state.arrays.items():
        before = state.content(array)
        now = state.now(path)
        if now is not array and id(now) in known:
            continue
        if before is None or before.dtype.kind != "f" or not isinstance(now, np.ndarray) or now.shape != before.shape:
            continue
        mask = now != before
        if mask.any():
            mask &= ~(np.isnan(now) & np.isnan(before))
        if mask.any():
            changes[path] = mask
    return changes
