"""Running a learner's file as it was written, until its own loop comes to the step: the one that changes the weights.

A *step* is one turn of the innermost loop in which the same weight changes again and again. That finds it in a script,
in a function, in a method, with batches or without, whatever things are called. There the loop is taken over: it is
given items as often as the investigation needs, with the state of the program put back each time.
"""

from __future__ import annotations

import ast
import builtins
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path as FilePath
from types import CodeType, FrameType, ModuleType
from typing import Any

from model.homework.running.console import Console, Prints
from model.homework.running.instrument import LOOP, STORED, TURN, VALUE, Instrumenter, Place
from model.homework.running.recorder import Recorder
from model.homework.running.siblings import Siblings
from model.homework.running.state import State
from model.homework.running.watch import Found, Investigates, Then, Watch
from model.homework.source import Cell, Source

MOST_RESTARTS = 4


@dataclass
class Failure:
    """An exception that ended a program or a cell."""

    error: BaseException
    line: int | None  # the innermost one of the learner's
    text: str

    def __str__(self) -> str:
        name = type(self.error).__name__
        return f"{name}: {self.text}" if self.text else name


@dataclass
class Run:
    """What came of running a file."""

    found: Any = None
    failures: list[Failure] = field(default_factory=list)


class Program:
    """A learner's file, rewritten so that it can be watched."""

    def __init__(self, source: Source, prints: Prints | None = None) -> None:
        """Of what it prints, `prints` keeps what it prints while it is run, not while its functions are called."""
        self.source = source
        self.instrumenter = Instrumenter()
        self.recorder = Recorder(self.instrumenter.places)
        self.file = str(source.path)
        self.module = ModuleType("__main__")
        self.namespace = self.module.__dict__
        self._prints = prints if prints is not None else Prints()
        self._compiled: dict[Cell, CodeType] = {}  # once, so that a place has the same number however often it is run
        self._siblings = Siblings(source.path.absolute().parent, self.instrumenter.instrument)

    @property
    def own(self) -> frozenset[str]:
        """The names of the modules that are the learner's."""
        return frozenset({"__main__", *(module.__name__ for module in self._siblings.modules.values())})

    def state(self, *items: Any) -> State:
        """All that the program remembers at this moment, and the items that a step gets."""
        namespaces = [self.namespace, *(vars(module) for module in self._siblings.modules.values())]
        return State(namespaces, self.frames(), self.own, *items)

    def run(self, investigation: Investigates, demand_change: bool = True, then: Then | None = None) -> Run:
        """Run all cells, or as many as it takes; with `demand_change` only what changes the weights is a step.

        If `then` is given, it has the loop after the investigation: a generator that yields the items of turns to be
        run, from the state on in which the program was before the first turn.
        """
        rejected: set[Place] = set()
        while True:
            self.namespace.clear()
            self.namespace.update(__file__=self.file, __name__="__main__", __builtins__=builtins)
            watch = self._watch(investigation, demand_change, then, frozenset(rejected))
            console = self._prints.start(partial(getattr, watch, "is_taken_over"))
            run = self._watched([partial(self._run_cell, cell) for cell in self.source.cells], watch, console)
            broken = watch.broken
            if broken is not None and investigation.partial is not None:
                run.found = investigation.partial
                del run.failures[-1:]  # it came about by numbers that were not the program's own
            if run.found is not None or broken is None or broken in rejected or len(rejected) >= MOST_RESTARTS:
                return run
            rejected.add(broken)
            self.recorder.drop()

    def watched(self, call: Callable[[], Any], investigation: Investigates | None, then: Then | None = None) -> Run:
        """Call one of its functions; with an investigation, the loops in it are watched."""
        watch = self._watch(investigation, True, then) if investigation is not None else None
        return self._watched([call], watch)

    def listen_to(self, place: int | None, hear: Callable[[Any], None]) -> None:
        """While the program runs, keep nothing any more, but hand on what is computed at one place."""

        def value(at: int, value: Any) -> Any:
            if at == place:
                hear(value)
            return value

        vars(builtins).update({VALUE: value, STORED: lambda *_: None})

    def _watch(
        self,
        investigation: Investigates,
        demand_change: bool,
        then: Then | None,
        rejected: frozenset[Place] = frozenset(),
    ) -> Watch:
        places = self.instrumenter.places
        return Watch(places, self.recorder, self.state, investigation, demand_change, then, rejected)

    def _watched(self, parts: Sequence[Callable[[], Any]], watch: Watch | None, console: Console | None = None) -> Run:
        run = Run()
        with self.callable(watch, console):
            for part in parts:
                try:
                    part()
                except Found:
                    pass
                except BaseException as error:
                    if isinstance(error, MemoryError | KeyboardInterrupt) or self._is_our_own(error):
                        raise
                    run.failures.append(Failure(error, self.line_of(error), _text_of(error)))
                if watch is not None and (watch.found is not None or watch.broken is not None):
                    break
        run.found = watch.found if watch is not None else None
        return run

    def _run_cell(self, cell: Cell) -> None:
        if cell not in self._compiled:
            tree = ast.increment_lineno(ast.parse(cell.code), cell.first_line - 1)
            tree = self.instrumenter.instrument(tree, self.file, self.source.code)
            self._compiled[cell] = compile(tree, self.file, "exec")
        exec(self._compiled[cell], self.namespace)

    @contextmanager
    def callable(self, watch: Watch | None = None, console: Console | None = None) -> Iterator[None]:
        """While this holds, its functions can be called: what was written into them is found, and it is `__main__`.

        Without a console, what they print goes nowhere.
        """
        names = {
            VALUE: self.recorder.value,
            STORED: self.recorder.stored,
            LOOP: watch.loop if watch else lambda place, items: items,
            TURN: watch.turn if watch else lambda place, test: test,
        }
        sys.meta_path.insert(0, self._siblings)
        console = console if console is not None else Console(lambda: True)
        before = sys.modules["__main__"], {name: vars(builtins).get(name) for name in names}
        sys.modules["__main__"] = self.module
        vars(builtins).update(names)
        try:
            with redirect_stdout(console), redirect_stderr(console):
                yield
        finally:
            console.close()
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
