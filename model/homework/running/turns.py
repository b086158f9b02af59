"""The turns of a loop of the learner's: those that it has had, and those of a whole epoch."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from model.homework.running.state import State

MOST = 200_000  # turns of an epoch; a loop without end has this many, too


class Turns:
    """What a loop goes through. The first items are kept, as an iterator gives each only once."""

    def __init__(self, items: Iterable[Any]) -> None:
        self._items = items
        self._iterator = iter(items)
        self._taken: list[Any] = []
        self._keeps = True
        self.start: State | None = None  # the program before the first turn
        self.goes_on = True  # what the test of a `while` loop said last

    def __iter__(self) -> Iterator[Any]:
        for item in self._iterator:
            if self._keeps:
                self._taken.append(item)
            yield item

    def forget(self) -> None:
        """Keep no more: nobody will ask for an epoch."""
        self._taken.clear()
        self._keeps = False

    def epoch(self) -> list[Any]:
        """The items of all turns from the first to the last, whatever was taken of them before."""
        again = iter(self._items)
        if again is not self._iterator:
            return list(islice(again, MOST))
        return [*self._taken, *islice(self._iterator, MOST - len(self._taken))]
