"""Finding an array among those that a program computed, however it lies: as rows, as columns, flat or transposed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.homework.running.recorder import Event

Array = NDArray[Any]
EXACT, SINGLE = 1e-6, 1e-4  # how far, relative to the largest number, equal arrays may differ in float64, in float32


class _Group:
    """The arrays of one size, one a row."""

    def __init__(self, events: list[Event]) -> None:
        self.events = events
        self.rows = np.array([event.value.ravel() for event in events], np.float64)
        with np.errstate(invalid="ignore", over="ignore"):
            self.sums = self.rows.sum(axis=1)
            self.squares = np.square(self.rows).sum(axis=1)


class Values:
    """The arrays of a record, to be searched for a matrix, (rows, columns), which is known transposed, too."""

    def __init__(self, events: Sequence[Event]) -> None:
        self._by_size: dict[int, list[Event]] = {}
        for event in events:
            self._by_size.setdefault(event.size, []).append(event)
        self._groups: dict[int, _Group] = {}

    def equal(self, target: Array) -> list[Event]:
        """Those that hold the same numbers, in the order of time."""
        group = self._group(target.size)
        square = float(np.square(target, dtype=np.float64).sum())
        if group is None or not np.isfinite(square):
            return []
        with np.errstate(invalid="ignore", over="ignore"):
            # Whatever the arrangement, sum and sum of squares are the same.
            close = (np.abs(group.squares - square) <= 4 * SINGLE * square) & (
                np.abs(group.sums - float(target.sum(dtype=np.float64))) <= SINGLE * np.sqrt(square * target.size)
            )
        flat = [arrangement.astype(np.float64).ravel() for arrangement in _arrangements(target)] if close.any() else []
        return [
            group.events[index]
            for index in np.flatnonzero(close)
            if any(same(group.rows[index], one, tolerance(group.events[index].value)) for one in flat)
        ]

    def first(self, target: Array, after: int = -1) -> Event | None:
        """The first of those after a time."""
        return next((event for event in self.equal(target) if event.time > after), None)

    def proportional(self, target: Array) -> list[tuple[Event, float]]:
        """Those that are a multiple of the target, not zero, with their factors, in the order of time.

        A program that takes the samples of a batch one by one has no array for all of them; then it is the first one's.
        """
        found = self._proportional(target)
        return found if found or target.ndim < 2 or len(target) == 1 else self._proportional(target[:1])

    def _proportional(self, target: Array) -> list[tuple[Event, float]]:
        group = self._group(target.size)
        norm = float(np.square(target, dtype=np.float64).sum())
        if group is None or not np.isfinite(norm) or norm == 0:
            return []
        found: dict[int, float] = {}
        for arrangement in _arrangements(target):
            flat = arrangement.astype(np.float64).ravel()
            with np.errstate(invalid="ignore", over="ignore"):
                factors = group.rows @ flat / norm
                # An array that is a multiple of the target is as long as its share along it.
                candidates = np.flatnonzero(np.abs(group.squares - factors**2 * norm) <= 1e-3 * group.squares)
            for index in candidates:
                factor = float(factors[index])
                if factor != 0 and same(group.rows[index], factor * flat, tolerance(group.events[index].value)):
                    found.setdefault(int(index), factor)
        return [(group.events[index], found[index]) for index in sorted(found)]

    def _group(self, size: int) -> _Group | None:
        if size not in self._groups and size in self._by_size:
            self._groups[size] = _Group(self._by_size[size])
        return self._groups.get(size)


def _arrangements(target: Array) -> Iterator[Array]:
    yield target
    if target.ndim == 2 and min(target.shape) > 1:
        yield target.T


def same(one: Array, other: Array, within: float = EXACT) -> bool:
    """Whether two arrays of one shape differ by rounding alone."""
    if one.shape != other.shape:
        return False
    scale = np.abs(other).max(initial=0)
    return bool(np.isfinite(scale) and np.abs(one - other).max(initial=0) <= within * scale)


def tolerance(array: Array) -> float:
    """How far numbers of this array's type may be off: it was computed in that precision."""
    return SINGLE if array.dtype.itemsize < 8 and array.dtype.kind == "f" else EXACT


def factor(predicted: Sequence[Array], actual: Sequence[Array], noise: float = 0.0) -> float | None:
    """The one number c for which each of the actual arrays is c times the predicted one; None if there is none.

    `noise` is how far the actual numbers may be off beside their rounding, an absolute number.
    """
    if any(one.shape != other.shape for one, other in zip(predicted, actual, strict=True)):
        return None
    norm = sum(float(np.square(array).sum()) for array in predicted)
    if not 0 < norm < np.inf:
        return None
    c = sum(float((one * other).sum()) for one, other in zip(predicted, actual, strict=True)) / norm
    largest = max(float(np.abs(array).max(initial=0)) for array in predicted)
    for one, other in zip(predicted, actual, strict=True):
        scale = abs(c) * max(float(np.abs(one).max(initial=0)), 1e-6 * largest)
        if not np.abs(other - c * one).max(initial=0) <= EXACT * scale + noise:
            return None
    return c if abs(c) * largest > noise else None


def as_rows(array: Array, width: int) -> Iterator[Array]:
    """The ways of reading an array as (samples, width): as rows or columns, a vector as one sample, images as flat."""
    if array.ndim == 0 or array.size % width:
        return
    if array.shape[-1] == width:
        yield array.reshape(-1, width)
    if array.ndim == 2 and array.shape[0] == width and array.shape[1] > 0:
        yield array.T
    elif array.shape[-1] != width and array.size == width:
        yield array.reshape(1, width)
    elif array.shape[-1] != width and array.ndim > 1 and array[0].size == width:
        yield array.reshape(-1, width)
