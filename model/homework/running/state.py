"""All that a learner's program remembers between two steps, to be put back as it was."""

from __future__ import annotations

import ctypes
import random
import sys
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from types import CellType, FrameType, FunctionType, MethodType, ModuleType, SimpleNamespace
from typing import Any

import numpy as np
from numpy.typing import NDArray

Path = tuple[Any, ...]  # ((0, "net"), "weights", 0): a namespace and a name in it, then attributes, keys and indices
LONGEST = 100  # elements of a list that is looked through; what is longer is data
LARGEST = 4_000_000  # numbers of an array that is copied; what is larger is data
DEEPEST = 8


class State:
    """The bindings and arrays within reach of a running program, and what was in them when this was made.

    `namespaces` are the module's globals, `frames` the functions that are running. `own` says which modules are the
    learner's: only objects of classes from there are looked into.
    """

    def __init__(
        self, namespaces: Sequence[dict[str, Any]], frames: Sequence[FrameType], own: frozenset[str], *extra: Any
    ) -> None:
        self.arrays: dict[Path, NDArray[Any]] = {}
        self.frames, self.things = frames, (*namespaces, *extra)
        self._own = own
        self._seen: dict[int, Any] = {}
        self._contents: dict[int, tuple[NDArray[Any], NDArray[Any]]] = {}
        self._undo: list[Callable[[], None]] = []
        self._numbers: dict[int, dict[str, Any]] = {}
        self._items = {f"item {number}": thing for number, thing in enumerate(extra)}
        self._roots: list[dict[str, Any] | FrameType] = [*frames, *namespaces, self._items]
        drawn, drawn_by_numpy = random.getstate(), np.random.get_state()
        self._undo += [lambda: random.setstate(drawn), lambda: np.random.set_state(drawn_by_numpy)]
        for number, root in enumerate(self._roots[:-1]):
            self._enter_root(number, root)
        for name, thing in self._items.items():
            self._enter(thing, ((len(self._roots) - 1, name),))

    def _enter_root(self, number: int, root: dict[str, Any] | FrameType) -> None:
        if isinstance(root, FrameType):
            variables = dict(root.f_locals)
            if root.f_locals is not root.f_globals:
                self._undo.append(lambda: set_locals(root, variables))
        else:
            variables = dict(root)
            self._undo.append(lambda: _refill(root, variables))
        self._numbers[id(root)] = {name: value for name, value in variables.items() if type(value) in (int, float)}
        for name, value in variables.items():
            if not name.startswith("__"):
                self._enter(value, ((number, name),))

    def _enter(self, thing: Any, path: Path) -> None:
        if isinstance(thing, np.ndarray):
            self._enter_array(thing, path)
        if id(thing) in self._seen or len(path) > DEEPEST:
            return
        for key, value in self._children(thing):
            self._seen[id(thing)] = thing
            self._enter(value, (*path, key))

    def _enter_array(self, array: NDArray[Any], path: Path) -> None:
        self.arrays[path] = array
        if id(array) not in self._seen and array.dtype != object:
            self._seen[id(array)] = array
            if array.size <= LARGEST:
                self._contents[id(array)] = (array, np.array(array))

    def _children(self, thing: Any) -> Iterator[tuple[Hashable, Any]]:
        """What is inside, after noting how to put it back."""
        if isinstance(thing, dict):
            before = dict(thing)
            self._undo.append(lambda: _refill(thing, before))
            yield from list(thing.items())[:LONGEST]
        elif isinstance(thing, list) or (isinstance(thing, np.ndarray) and thing.dtype == object and thing.ndim == 1):
            if len(thing) <= LONGEST:
                elements = list(thing)
                self._undo.append(lambda: thing.__setitem__(slice(None), elements))
                yield from enumerate(elements)
        elif isinstance(thing, tuple):
            yield from enumerate(thing[:LONGEST])
        elif isinstance(thing, np.random.Generator):
            bits = thing.bit_generator
            drawn = bits.state
            self._undo.append(lambda: setattr(bits, "state", drawn))
        elif isinstance(thing, MethodType):
            yield "self", thing.__self__
        elif isinstance(thing, FunctionType):
            yield from self._cells(thing)
        elif isinstance(thing, type):
            yield from self._attributes_of_class(thing)
        elif isinstance(thing, SimpleNamespace) or type(thing).__module__ in self._own:
            yield from self._attributes(thing)

    def _attributes(self, thing: Any) -> Iterator[tuple[Hashable, Any]]:
        attributes = getattr(thing, "__dict__", None)
        if isinstance(attributes, dict):
            before = dict(attributes)
            self._undo.append(lambda: _refill(attributes, before))
            yield from before.items()
        slots = getattr(type(thing), "__slots__", ())
        for name in (slots,) if isinstance(slots, str) else slots:
            value = getattr(thing, name, None)
            if value is not None:
                self._undo.append(lambda name=name, value=value: setattr(thing, name, value))  # type: ignore[misc]
                yield name, value
        if isinstance(thing, dict | list):
            yield from self._children(thing)

    def _attributes_of_class(self, thing: type) -> Iterator[tuple[Hashable, Any]]:
        if thing.__module__ in self._own:
            for name, value in list(vars(thing).items()):
                if isinstance(value, np.ndarray | list | dict):
                    self._undo.append(lambda name=name, value=value: setattr(thing, name, value))  # type: ignore[misc]
                    yield name, value

    def _cells(self, function: FunctionType) -> Iterator[tuple[Hashable, Any]]:
        if function.__module__ not in self._own:
            return
        for name, cell in zip(function.__code__.co_freevars, function.__closure__ or (), strict=False):
            if isinstance(cell, CellType) and not isinstance(_content(cell), type | ModuleType | FunctionType):
                content = _content(cell)
                self._undo.append(lambda cell=cell, content=content: setattr(cell, "cell_contents", content))  # type: ignore[misc]
                yield name, content
        yield from enumerate(function.__defaults__ or ())

    def add_item(self, thing: Any) -> None:
        """Remember one more thing that a step will get, as it is now."""
        name = f"item {len(self._items)}"
        self._items[name] = thing
        self._enter(thing, ((len(self._roots) - 1, name),))

    def restore(self) -> None:
        """Put every binding and every array back as they were."""
        for undo in self._undo:
            undo()
        for array, content in self._contents.values():
            if array.shape != content.shape:
                array.shape = content.shape
            if not np.array_equal(array, content):
                write(array, content)

    def restore_numbers(self) -> None:
        """Put back only what was bound to single numbers, such as counters; arrays and containers stay."""
        for root in self._roots[:-1]:
            numbers = self._numbers[id(root)]
            if isinstance(root, FrameType):
                set_locals(root, numbers)
            else:
                root.update(numbers)

    def now(self, path: Path) -> Any:
        """What a path leads to at this moment; None if there is nothing any more."""
        root = self._roots[path[0][0]]
        found = (root.f_locals if isinstance(root, FrameType) else root).get(path[0][1])
        for key in path[1:]:
            found = _step(found, key)
        return found

    def put(self, path: Path, content: NDArray[Any]) -> None:
        """Give the array that a path leads to at this moment other numbers, if it has room for just these."""
        now = self.now(path)
        if isinstance(now, np.ndarray) and now.size == content.size:
            write(now, content.reshape(now.shape))

    def content(self, array: NDArray[Any]) -> NDArray[Any] | None:
        """What an array held when this was made."""
        return self._contents.get(id(array), (None, None))[1]


def write(array: NDArray[Any], content: NDArray[Any]) -> None:
    """Give an array other numbers in place, also one that is protected against it."""
    writeable = array.flags.writeable
    if not writeable:
        try:
            array.setflags(write=True)
        except ValueError:  # it is a view of what may not be written
            return
    array[...] = content
    array.setflags(write=writeable)


def set_locals(frame: FrameType, variables: Mapping[str, Any]) -> None:
    """Bind the variables of a function that is running again."""
    current = frame.f_locals
    changed = {name: value for name, value in variables.items() if current.get(name) is not value}
    if not changed:
        return
    current.update(changed)
    if sys.version_info < (3, 13):  # since then f_locals writes through (PEP 667)
        ctypes.pythonapi.PyFrame_LocalsToFast(ctypes.py_object(frame), ctypes.c_int(0))


def _refill(namespace: dict[Any, Any], content: Mapping[Any, Any]) -> None:
    if len(namespace) != len(content) or any(namespace.get(key) is not value for key, value in content.items()):
        namespace.clear()
        namespace.update(content)


def _step(found: Any, key: Hashable) -> Any:
    try:
        if isinstance(found, FunctionType):
            names = found.__code__.co_freevars
            return _content((found.__closure__ or ())[names.index(str(key))])
        if isinstance(found, dict | list | tuple | np.ndarray) and not (isinstance(key, str) and hasattr(found, key)):
            return found[key]  # type: ignore[call-overload]
        return getattr(found, "__self__" if isinstance(found, MethodType) else str(key), None)
    except (KeyError, IndexError, ValueError):
        return None


def _content(cell: CellType) -> Any:
    try:
        return cell.cell_contents
    except ValueError:  # not bound yet
        return None
