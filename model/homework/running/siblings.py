"""The modules that a learner's program imports from its own folder: they are watched like the program itself."""

from __future__ import annotations

import ast
from collections.abc import Callable
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_file_location
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

Rewrite = Callable[[ast.Module, str, str], ast.Module]


class Siblings(MetaPathFinder):
    """Finds modules in a folder, `name.py`, and has them rewritten; `modules` are those that were imported."""

    def __init__(self, folder: Path, rewrite: Rewrite) -> None:
        self.modules: dict[str, ModuleType] = {}  # by their files
        self._folder = folder
        self._rewrite = rewrite

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        """The module of that name, if it is in the folder."""
        file = self._folder / f"{name}.py"
        if "." in name or not file.is_file():
            return None
        return spec_from_file_location(name, file, loader=_Loader(name, str(file), self))

    def rewritten(self, source: str, file: str) -> ast.Module:
        """The syntax tree of a module, so that it can be watched."""
        return self._rewrite(ast.parse(source), file, source)


class _Loader(SourceFileLoader):
    def __init__(self, name: str, file: str, siblings: Siblings) -> None:
        super().__init__(name, file)
        self._siblings = siblings

    def get_code(self, fullname: str) -> CodeType:
        """The code, never from a cache, which would hold it as it was written."""
        file = self.get_filename(fullname)
        source = self.get_source(fullname) or ""
        return compile(self._siblings.rewritten(source, file), file, "exec")

    def exec_module(self, module: Any) -> None:
        """Run it, and remember it."""
        self._siblings.modules[self.path] = module
        super().exec_module(module)
