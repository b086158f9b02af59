"""What a learner's program gets in place of the packages and files that it asks for."""

from __future__ import annotations

import builtins
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

from model.homework.digits import Digits
from model.homework.stand_ins.files import MnistFiles
from model.homework.stand_ins.inert import AbsentPackage, Inert
from model.homework.stand_ins.modules import Finder, StandIn, belongs
from model.homework.stand_ins.packages import REPLACED, provided

__all__ = ["AbsentPackage", "stand_in"]


@contextmanager
def stand_in(digits: Digits, folder: Path) -> Iterator[list[str]]:
    """While a learner's program runs: modules and files of MNIST with these digits, no plots, no downloads.

    The program's folder is the working folder; what has to be written goes to `folder`, a temporary one. Yields a list
    that grows: the names of what was replaced.
    """
    replaced: list[str] = []
    files = MnistFiles(digits, folder, replaced)
    with ExitStack() as stack:
        for owner, name, replacement in (*files.patches(), *NAMES_IN_NOTEBOOKS):
            _replace(stack, owner, name, replacement)
        stack.enter_context(_modules(provided(digits, files), replaced))
        yield replaced


NAMES_IN_NOTEBOOKS = ((builtins, "get_ipython", Inert()), (builtins, "display", Inert()))


def _replace(stack: ExitStack, owner: Any, name: str, replacement: Any) -> None:
    if hasattr(owner, name):
        stack.callback(setattr, owner, name, getattr(owner, name))
    else:
        stack.callback(delattr, owner, name)
    setattr(owner, name, replacement)


@contextmanager
def _modules(contents: dict[str, Any], replaced: list[str]) -> Iterator[None]:
    """Stand-ins are found, what they replace is not; afterwards the learner's own modules are forgotten, too."""
    before = frozenset(sys.modules)
    shadowed = ["model"] if Path("model.py").exists() or Path("model/__init__.py").exists() else []  # by the learner's
    hidden = {name: sys.modules.pop(name) for name in before if belongs(name, [*REPLACED, *shadowed])}
    stayed = before - hidden.keys()
    finders = Finder(contents, replaced), Finder(contents, replaced, absent=True)
    sys.meta_path[:] = [finders[0], *sys.meta_path, finders[1]]
    try:
        yield
    finally:
        sys.meta_path[:] = [finder for finder in sys.meta_path if finder not in finders]
        for name, module in list(sys.modules.items()):
            if isinstance(module, StandIn) or (name not in stayed and _is_learners(module)):
                del sys.modules[name]
        _put_back(hidden)


def _is_learners(module: ModuleType) -> bool:
    file = Path(getattr(module, "__file__", None) or sys.prefix)
    return file.is_relative_to(Path.cwd()) and not file.is_relative_to(sys.prefix)


def _put_back(modules: dict[str, ModuleType]) -> None:
    sys.modules.update(modules)
    for name, module in modules.items():
        parent, _, child = name.rpartition(".")
        if parent in sys.modules:
            setattr(sys.modules[parent], child, module)
