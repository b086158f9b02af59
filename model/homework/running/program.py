"""Running a learner's file as it was written, until its own loop comes to the step: the one that changes the weights.

A *step* is one turn of the innermost loop in which the same weight changes again and again. That finds it in a script,
in a function, in a method, with batches or without, whatever things are called. There the loop is taken over: it is
given items as often as the investigation needs, with the state of the program put back each time.
"""

from __future__ import annotations

import ast
import builtins
import inspect
import os
import sys
import traceback
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from functools import partial
from itertools import repeat
from pathlib import Path as FilePath
from types import FrameType, ModuleType
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from model.homework.running.instrument import LOOP, STORED, TURN, VALUE, Instrumenter, Place
from model.homework.running.recorder import Record, Recorder
from model.homework.running.siblings import Siblings
from model.homework.running.state import Path, State
from model.homework.source import Cell, Source

MOST_RESTARTS = 4
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


class Found(BaseException):
    """The investigation came to its end: nothing more of the file needs to run."""


@dataclass
class Failure:
    """An exception that ended a program or a cell."""

    error: BaseException
    line: int | None  # the innermost one of the learner's
    text: str

    def __str__(self) -> str:
        return f"{type(self.error).__name__}: {self.text}"


@dataclass
class Run:
    """What came of running a file."""

    found: Any = None
    failures: list[Failure] = field(default_factory=list)


class Program:
    """A learner's file, rewritten so that it can be watched."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.instrumenter = Instrumenter()
        self.recorder = Recorder(self.instrumenter.places)
        self.file = str(source.path)
        self.module = ModuleType("__main__")
        self.namespace = self.module.__dict__
        self._siblings = Siblings(source.path.absolute().parent, self.instrumenter.instrument)

    @property
    def own(self) -> frozenset[str]:
        """The names of the modules that are the learner's."""
        return frozenset({"__main__", *(module.__name__ for module in self._siblings.modules.values())})

    def state(self, *items: Any) -> State:
        """All that the program remembers at this moment, and the items that a step gets."""
        namespaces = [self.namespace, *(vars(module) for module in self._siblings.modules.values())]
        return State(namespaces, self.frames(), self.own, *items)

    def run(self, investigation: Investigates, demand_change: bool = True) -> Run:
        """Run all cells, or as many as it takes; with `demand_change` only what changes the weights is a step."""
        rejected: set[Place] = set()
        while True:
            self.namespace.clear()
            self.namespace.update(__file__=self.file, __name__="__main__", __builtins__=builtins)
            watch = _Watch(self, investigation, demand_change, frozenset(rejected))
            run = self._watched([partial(self._run_cell, cell) for cell in self.source.cells], watch)
            broken = watch.broken
            if broken is not None and investigation.partial is not None:
                run.found = investigation.partial
                del run.failures[-1:]  # it came about by numbers that were not the program's own
            if run.found is not None or broken is None or broken in rejected or len(rejected) >= MOST_RESTARTS:
                return run
            rejected.add(broken)
            self.recorder.drop()

    def watched(self, call: Callable[[], Any], investigation: Investigates) -> Run:
        """Call one of its functions, with the loops in it watched."""
        return self._watched([call], _Watch(self, investigation, demand_change=True))

    def _watched(self, parts: Sequence[Callable[[], Any]], watch: _Watch) -> Run:
        run = Run()
        with self.callable(watch):
            for part in parts:
                try:
                    part()
                except Found:
                    pass
                except BaseException as error:
                    if isinstance(error, MemoryError | KeyboardInterrupt) or self._is_our_own(error):
                        raise
                    run.failures.append(Failure(error, self.line_of(error), _text_of(error)))
                if watch.found is not None or watch.broken is not None:
                    break
        run.found = watch.found
        return run

    def _run_cell(self, cell: Cell) -> None:
        tree = ast.increment_lineno(ast.parse(cell.code), cell.first_line - 1)
        tree = self.instrumenter.instrument(tree, self.file, self.source.code)
        exec(compile(tree, self.file, "exec"), self.namespace)

    @contextmanager
    def callable(self, watch: _Watch | None = None) -> Iterator[None]:
        """While this holds, its functions can be called: what was written into them is found, and it is `__main__`."""
        names = {
            VALUE: self.recorder.value,
            STORED: self.recorder.stored,
            LOOP: watch.loop if watch else lambda place, items: items,
            TURN: watch.turn if watch else lambda place, test: test,
        }
        sys.meta_path.insert(0, self._siblings)
        nowhere = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 - the program may close it
        before = sys.modules["__main__"], {name: vars(builtins).get(name) for name in names}
        sys.modules["__main__"] = self.module
        vars(builtins).update(names)
        try:
            with redirect_stdout(nowhere), redirect_stderr(nowhere):
                yield
        finally:
            nowhere.close()
            sys.meta_path.remove(self._siblings)
            sys.modules["__main__"] = before[0]
            for name, value in before[1].items():
                if value is None:
                    delattr(builtins, name)
                else:
                    setattr(builtins, name, value)

    def line_of(self, error: BaseException) -> int | None:
        """The innermost line of the learner's that an exception passed through."""
        if isinstance(error, SyntaxError):
            return error.lineno
        lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == self.file]
        return lines[-1] if lines else None

    def _is_our_own(self, error: BaseException) -> bool:
        """Whether the exception comes from the judge, not from the program nor from what stands in for its modules."""
        here = str(FilePath(__file__).parent)
        files = [frame.filename for frame in traceback.extract_tb(error.__traceback__)]
        ours = [file for file in files[1:] if file == self.file or file.startswith(here)]
        return bool(ours) and ours[-1] != self.file and "stand_ins" not in ours[-1]

    def frames(self) -> list[FrameType]:
        """The functions of the learner's that are running, the innermost first."""
        frame: FrameType | None = sys._getframe()
        frames = []
        while frame is not None:
            file = frame.f_code.co_filename
            if (file == self.file or file in self._siblings.modules) and frame.f_locals is not frame.f_globals:
                frames.append(frame)
            frame = frame.f_back
        return frames


def _text_of(error: BaseException) -> str:
    try:
        return str(error).rstrip(".")
    except Exception:  # it is the learner's own, and fails itself
        return ""


class _Watch:
    """What the loops of a program call."""

    def __init__(
        self,
        program: Program,
        investigation: Investigates,
        demand_change: bool,
        rejected: frozenset[Place] = frozenset(),
    ) -> None:
        self.found: Any = None
        self.broken: Place | None = None  # the loop in which a trial ended with an exception
        self._rejected = rejected
        self._program = program
        self._investigation = investigation
        self._demand_change = demand_change
        self._busy = False
        self._looks: dict[int, int] = {}  # at each loop
        self._turning: dict[tuple[int, int], tuple[FrameType, Iterator[Any]]] = {}

    def loop(self, place: int, items: Iterable[Any]) -> Iterable[Any]:
        """The items of a `for` loop, one by one."""
        if self.found is not None:  # the program caught the exception that should have ended it
            raise Found
        if sys._getframe(1).f_code.co_flags & inspect.CO_GENERATOR:
            return items  # a generator stops within its loop, and its place there cannot be put back
        # What a comprehension has collected cannot be put back: it is taken over only if it changes weights.
        is_passed = not self._demand_change and self._program.instrumenter.places[place].kind == "Comprehension"
        if is_passed or self._busy or self._looks.get(place, 0) >= MOST_LOOKS:
            return items
        if self._program.instrumenter.places[place] in self._rejected:
            return items
        return self._turns(place, iter(items))

    def turn(self, place: int, test: Any) -> Any:
        """A `while` loop has made its test and may start another turn; while it is investigated, it does."""
        if self.found is not None:
            raise Found
        frame = sys._getframe(1)
        if frame.f_code.co_flags & inspect.CO_GENERATOR:
            return test
        known = self._turning.get((place, id(frame)))
        if known is None or known[0] is not frame:
            is_rejected = self._program.instrumenter.places[place] in self._rejected
            if not test or is_rejected or self._busy or self._looks.get(place, 0) >= MOST_LOOKS:
                return test
            known = self._turning[place, id(frame)] = (frame, self._turns(place, repeat(None)))
        elif not test and not self._busy:
            return test
        was_taken_over = self.broken is not None
        next(known[1])
        return True if was_taken_over or self.broken is not None else test

    def _turns(self, place: int, items: Iterator[Any]) -> Iterator[Any]:
        first: State | None = None
        seen: list[Any] = []
        changed: dict[Path, NDArray[np.bool_]] = {}
        for item in items:
            self._looks[place] = self._looks.get(place, 0) + 1
            if self._busy or self._looks[place] > MOST_LOOKS:
                yield item
                continue
            state = self._program.state(item)
            if first is None:
                first = state
            else:
                first.add_item(item)
            seen.append(item)
            if self._demand_change or len(seen) != 2 or self._program.recorder.record is not None:
                yield item
                looks_like_step = False
            else:
                self._busy = True
                self._program.recorder.start()
                yield item
                self._busy = False
                looks_like_step = self._investigation.is_step(state, self._program.recorder.stop())
            changes = {path: mask for path, mask in _changes(state).items() if path in first.arrays}
            again = {path for path, mask in changes.items() if _overlap(mask, changed.get(path))}
            changed.update(changes)
            if again or looks_like_step or (len(seen) == MANY_TURNS and changed):
                self._looks[place] += COST_OF_AN_INVESTIGATION
                yield from self._take_over(place, first, seen, again or set(changed))
                first, seen = None, []

    def _take_over(self, place: int, first: State, items: list[Any], changed: set[Path]) -> Iterator[Any]:
        """Let the investigation have the loop; if it finds no step in it, the program continues where it was.

        If an exception ends the loop meanwhile, it is none whose turns can be repeated: the program is run again.
        """
        resume = self._program.state(items[-1])
        self._busy = True
        self.broken = self._program.instrumenter.places[place]
        self.found = yield from self._investigation.run(first, items, changed)
        self.broken = None
        self._busy = False
        if self.found is not None:
            raise Found
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
        mask = (now != before) & ~(np.isnan(now) & np.isnan(before))
        if mask.any():
            changes[path] = mask
    return changes
