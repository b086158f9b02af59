"""Where a learner's program keeps its learning rate, so that it can be given another one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import FrameType, FunctionType
from typing import Any

from model.homework.running.state import set_locals

NAMES = re.compile(r"(^|[._'\"])(learning_?rate|lr|eta|alpha|rate|step_?size|l_?rate|η)$", re.I)
Set = Callable[[float], None]


class Rates:
    """Everything within reach that is named like a learning rate and holds a number above 0.

    `frames` are functions that are running, `things` what else is looked into: namespaces, and what a step gets. `own`
    names the modules whose functions and classes are the learner's.
    """

    def __init__(self, frames: Sequence[FrameType], things: Sequence[Any], own: frozenset[str]) -> None:
        self._own = own
        self._found: list[tuple[float, Set]] = []
        self._seen: set[int] = set()
        for frame in frames:
            self._look_into(frame.f_locals, lambda name, rate, frame=frame: set_locals(frame, {name: rate}))  # type: ignore[misc]
        for thing in things:
            self._enter(thing)

    @property
    def value(self) -> float | None:
        """The learning rate, if all of them say the same."""
        values = {value for value, _ in self._found}
        return values.pop() if len(values) == 1 else None

    def set(self, rate: float) -> None:
        """Give all of them another value."""
        for _, set_one in self._found:
            set_one(rate)

    def set_back(self) -> None:
        """Give each the value that it had."""
        for value, set_one in self._found:
            set_one(value)

    def _look_into(self, names: Mapping[str, Any], bind: Callable[[str, float], None]) -> None:
        for name, thing in list(names.items()):
            if _is_rate(name, thing):
                self._found.append((thing, lambda rate, name=name: bind(name, rate)))  # type: ignore[misc]
            elif id(thing) not in self._seen and not name.startswith("__"):
                self._seen.add(id(thing))
                self._enter(thing)

    def _enter(self, thing: Any) -> None:
        """What is named inside: keys, attributes, and parameters by their defaults."""
        if isinstance(thing, dict):
            self._look_into({name: value for name, value in thing.items() if isinstance(name, str)}, thing.__setitem__)
        elif isinstance(thing, FunctionType) and thing.__module__ in self._own:
            self._found += _defaults(thing)
        elif isinstance(thing, type) and thing.__module__ in self._own:
            self._look_into(vars(thing), lambda name, rate: setattr(thing, name, rate))
        elif type(thing).__module__ in self._own and hasattr(thing, "__dict__"):
            self._enter(type(thing))
            self._look_into(vars(thing), vars(thing).__setitem__)  # also where it is frozen


def _is_rate(name: str, thing: Any) -> bool:
    return type(thing) in (int, float) and thing > 0 and NAMES.search(name) is not None


def _defaults(function: FunctionType) -> Iterator[tuple[float, Set]]:
    """Parameters of a function that are named like a learning rate, and have one by default."""
    code, defaults = function.__code__, function.__defaults__ or ()
    names = code.co_varnames[code.co_argcount - len(defaults) : code.co_argcount]
    for index, (name, value) in enumerate(zip(names, defaults, strict=True)):
        if _is_rate(name, value):
            yield value, lambda rate, index=index: _set_default(function, index, rate)  # type: ignore[misc]
    keywords = function.__kwdefaults__ or {}
    for name, value in keywords.items():
        if _is_rate(name, value):
            yield value, lambda rate, name=name: keywords.__setitem__(name, rate)  # type: ignore[misc]


def _set_default(function: FunctionType, index: int, rate: float) -> None:
    defaults = function.__defaults__ or ()
    function.__defaults__ = (*defaults[:index], rate, *defaults[index + 1 :])
