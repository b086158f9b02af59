"""Which runs there are, and what each of them is for the views."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from model.history import Frame, History

MOST_RUNS = 20  # more curves than anybody can tell apart
MEMORY_OF_OTHERS = 40_000_000  # bytes for the frames of all runs but the newest, which may take more

Key = object  # of a run: the same for all states that it grows through


@dataclass(frozen=True, eq=False)
class Runs:
    """A collection that never changes; every method returns another. Keys of runs that are not there count as none."""

    all: tuple[History, ...] = ()  # the newest last
    shown_key: Key = None
    compared_key: Key = None
    active_key: Key = None
    hidden: frozenset[Key] = frozenset()  # whose curves are left out
    deleted: frozenset[Key] = frozenset()  # that the user took out, as opposed to those that made room for others

    def __getitem__(self, key: Key) -> History | None:
        """The run with this key, as it is now."""
        return next((run for run in self.all if run.key is key), None)

    @property
    def shown(self) -> History | None:
        """The run whose frames are on the screen."""
        return self[self.shown_key]

    @property
    def compared(self) -> History | None:
        """The run whose frames of the same moment are beside them."""
        return self[self.compared_key]

    @property
    def active(self) -> History | None:
        """The run that is being trained."""
        return self[self.active_key]

    @property
    def others(self) -> tuple[History, ...]:
        """The runs whose curves are shown in the background."""
        excepted = {self.shown_key, self.compared_key, *self.hidden}
        return tuple(run for run in self.all if run.key not in excepted)

    def added(self, run: History) -> Runs:
        """With a run that is shown. Of the others the latest remain, and of their frames what there is room for.

        The active run remains in any case.
        """
        inactive = [other for other in self.all if other.key is not self.active_key]
        leaving = inactive[: max(0, len(self.all) - MOST_RUNS + 1)]
        others = [other for other in self.all if other not in leaving]
        limited = [other.limited_to(MEMORY_OF_OTHERS // len(others)) for other in others]
        hidden = self.hidden & {other.key for other in others}
        return replace(self, all=(*limited, run), shown_key=run.key, hidden=hidden)

    def grown(self, run: History) -> Runs:
        """With a later state of a run in the place of the one before."""
        return replace(self, all=tuple(run if each.key is run.key else each for each in self.all))

    def with_tests(self, tested: Sequence[Frame]) -> Runs:
        """With what was measured at frames, whichever runs they are of."""
        runs = tuple(run.with_tests(tested) for run in self.all)
        is_new = any(after is not before for after, before in zip(runs, self.all, strict=True))
        return replace(self, all=runs) if is_new else self

    def showing(self, run: History | None) -> Runs:
        """With another run on the screen, or none; it is not compared with itself."""
        key = run.key if run else None
        compared = None if key in (self.compared_key, None) else self.compared_key
        return replace(self, shown_key=key, compared_key=compared, hidden=self.hidden - {key})

    def comparing(self, run: History | None) -> Runs:
        """With another run beside the one on the screen, or none."""
        key = run.key if run else None
        if run is not None and key is self.shown_key:
            return self
        return replace(self, compared_key=key, hidden=self.hidden - {key})

    def hiding(self, run: History, hidden: bool) -> Runs:
        """With a run's curve left out, or shown again."""
        compared = None if hidden and run.key is self.compared_key else self.compared_key
        others = self.hidden - {run.key}
        return replace(self, compared_key=compared, hidden=others | {run.key} if hidden else others)

    def restored(self, run: History, place: int) -> Runs:
        """With a run that was there before, at its place among the others."""
        runs = (*self.all[:place], run, *self.all[place:])
        return replace(self, all=runs, deleted=self.deleted - {run.key})

    def without(self, run: History) -> Runs:
        """Without a run, unless it is active; the newest of the others takes its place on the screen."""
        if run.key is self.active_key:
            return self
        others = tuple(other for other in self.all if other.key is not run.key)
        left = replace(self, all=others, deleted=self.deleted | {run.key})
        return left if run.key is not self.shown_key else left.showing(others[-1] if others else None)
