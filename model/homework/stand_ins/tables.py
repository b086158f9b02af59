"""As much of pandas as reading MNIST takes."""

from __future__ import annotations

import csv
import operator
import warnings
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray


class Column(np.ndarray[Any, Any]):
    """An array with what a column of pandas or a sparse matrix of SciPy has besides: always a way to an array."""

    @property
    def values(self) -> NDArray[Any]:
        """The plain array."""
        return np.asarray(self)

    def to_numpy(self, dtype: Any = None) -> NDArray[Any]:
        """The plain array, of another type if one is named."""
        return np.asarray(self, dtype)

    toarray = todense = to_numpy


class Frame:
    """A table of numbers whose columns have names, or just numbers."""

    def __init__(self, values: Any, columns: Any = None) -> None:
        self.values: NDArray[Any] = np.atleast_2d(np.asarray(values))
        self.columns = list(range(self.values.shape[1]) if columns is None else columns)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:
        return np.array(self.values, dtype)

    def __len__(self) -> int:
        return len(self.values)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self[name] if name in self.columns else getattr(self.values, name)  # sum, max, mean, astype, T …

    def __getitem__(self, key: Any) -> Any:
        if isinstance(key, slice) or (isinstance(key, np.ndarray) and key.dtype == bool):
            return self.iloc[key]
        if isinstance(key, list):
            return Frame(self.values[:, [self.columns.index(name) for name in key]], key)
        if key not in self.columns:
            raise KeyError(key)
        return self.values[:, self.columns.index(key)].view(Column)

    @property
    def iloc(self) -> Rows:
        """Rows and columns by their numbers."""
        return Rows(self)

    loc = iloc

    def to_numpy(self, dtype: Any = None) -> NDArray[Any]:
        """The plain array, of another type if one is named."""
        return np.array(self.values, dtype)

    def drop(self, labels: Any = None, axis: Any = 0, columns: Any = None, **options: Any) -> Frame:
        """Without some columns, or without the rows of some numbers."""
        if columns is None and axis in (0, "index"):
            return Frame(np.delete(self.values, labels, axis=0), self.columns)
        dropped = labels if columns is None else columns
        dropped = dropped if isinstance(dropped, list | tuple) else [dropped]
        return self[[name for name in self.columns if name not in dropped]]

    def pop(self, name: Any) -> Column:
        """A column, which is no longer in the table then."""
        column: Column = self[name]
        rest = self.drop(columns=name)
        self.values, self.columns = rest.values, rest.columns
        return column

    def head(self, rows: int = 5) -> Any:
        """The first rows."""
        return self.iloc[:rows]

    def sample(self, n: int | None = None, frac: float = 1.0, random_state: Any = None, **options: Any) -> Any:
        """Some rows, in another order."""
        order = np.random.RandomState(random_state).permutation(len(self))
        return self.iloc[order[: n or round(len(self) * frac)]]


class Rows:
    """What `frame.iloc[…]` takes its key from."""

    def __init__(self, frame: Frame) -> None:
        self.frame = frame

    def __getitem__(self, key: Any) -> Any:
        rows, columns = key if isinstance(key, tuple) else (key, slice(None))
        if isinstance(columns, str):
            return self.frame[columns][rows]
        part = self.frame.values[rows][..., columns]
        return Frame(part, np.array(self.frame.columns, object)[columns]) if part.ndim == 2 else part.view(Column)


def _with(operation: Callable[[Any, Any], Any], swapped: bool = False) -> Callable[[Frame, Any], Frame]:
    def computed(self: Frame, other: Any) -> Frame:
        operands = (self.values, np.asarray(other))
        return Frame(operation(*(reversed(operands) if swapped else operands)), self.columns)

    return computed


for _name in ("add", "sub", "mul", "truediv", "eq", "ne", "gt", "lt"):
    setattr(Frame, f"__{_name}__", _with(getattr(operator, _name)))
    if _name in ("add", "sub", "mul"):
        setattr(Frame, f"__r{_name}__", _with(getattr(operator, _name), swapped=True))


def read_csv(path: Any, sep: str = ",", header: Any = "infer", nrows: int | None = None, **options: Any) -> Frame:
    """A table of numbers from a text file. The first row names the columns, unless `header` is None.

    MNIST comes with names and without; code that expects the one still runs with the other.
    """
    delimiter = options.get("delimiter") or sep
    with open(path, encoding="utf-8-sig") as file:
        rows = [line for line in file if line.strip()]
    columns = next(csv.reader(rows[:1], delimiter=delimiter))
    has_names = header is not None or not _is_number(columns[-1])
    if all(map(_is_number, columns)):
        columns = [f"pixel{number}" for number in range(len(columns))]
        if len(columns) == 785:
            columns = ["label", *columns[:-1]]
    numbers = _numbers(rows[has_names:], delimiter, nrows)
    return Frame(numbers, columns if has_names else None)


def _numbers(rows: list[str], delimiter: str, most: int | None) -> NDArray[Any]:
    """Whole ones, which are read in half the time, if all are."""
    read = partial(np.loadtxt, rows, delimiter=delimiter, comments=None, quotechar='"', max_rows=most, ndmin=2)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            whole: NDArray[Any] = read(dtype=np.int64)
            return whole
    except (ValueError, Warning):
        return np.asarray(read(dtype=np.float64))


def _is_number(text: str) -> bool:
    return text.strip().lstrip("-").replace(".", "", 1).isdecimal()
