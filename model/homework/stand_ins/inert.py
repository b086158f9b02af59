"""Objects in the place of what is not there: one that does nothing, and one that complains once it is needed."""

from __future__ import annotations

import dis
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import Any

UNPACK = dis.opmap["UNPACK_SEQUENCE"]
# fmt: off
USES = [
    "call", "getitem", "setitem", "delitem", "iter", "next", "len", "contains", "bool", "float", "int", "index",
    "array", "enter", "exit", "mro_entries", "neg", "add", "radd", "sub", "rsub", "mul", "rmul", "truediv", "rtruediv",
    "matmul", "rmatmul", "pow", "lt", "gt", "le", "ge",
]
# fmt: on


class Inert:
    """Does nothing, whatever is asked of it: plots, progress bars, notebooks."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __call__(self, *arguments: Any, **options: Any) -> Any:
        """Nothing, too."""
        return self

    def __getitem__(self, key: Any) -> Any:
        return self

    def __setitem__(self, key: Any, value: Any) -> None:
        pass

    def __len__(self) -> int:
        return 0

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *error: object) -> None:
        pass

    def __iter__(self) -> Iterator[Any]:
        """Empty in a loop; in `figure, axes = …` as many as are asked for."""
        frame = sys._getframe(1)
        operation, targets = frame.f_code.co_code[frame.f_lasti : frame.f_lasti + 2]
        return iter([self] * targets if operation == UNPACK else [])


class ProgressBar(Inert):
    """What tqdm makes of an iterable: the same items, and no bar."""

    def __init__(self, iterable: Iterable[Any] = (), *arguments: Any, **options: Any) -> None:
        self.iterable = iterable

    def __iter__(self) -> Iterator[Any]:
        return iter(self.iterable)

    def __len__(self) -> int:
        return len(self.iterable)  # type: ignore[arg-type]


class AbsentPackage(ImportError):
    """Something is used of a package that is not here; the message is a sentence for the user."""


class Absent:
    """In the place of something in such a package. It may be imported and named, but not used."""

    def __init__(self, name: str) -> None:
        self.__name__ = name

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        raise self._error()

    def _error(self) -> AbsentPackage:
        package = self.__name__.partition(".")[0]
        return AbsentPackage(f"It uses {self.__name__}, and {package} is not available where files are checked.")


def _complaint(name: str) -> Callable[..., Any]:
    def complain(self: Absent, *arguments: Any, **options: Any) -> Any:
        raise self._error()

    complain.__name__ = name
    return complain


for _use in USES:
    setattr(Absent, f"__{_use}__", _complaint(f"__{_use}__"))
