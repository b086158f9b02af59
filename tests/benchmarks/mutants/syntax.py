"""Changes of a syntax tree: statements of the right file, given as text, and the statements in their place.

Statements are compared as trees, so that spaces, quotes and brackets that mean nothing don't matter.
"""

import ast
import pickle
from collections.abc import Iterable, Iterator
from dataclasses import dataclass


class NoSuchStatementError(Exception):
    """A statement that should be changed is not in the file, or is there more than once."""


@dataclass(frozen=True)
class Edit:
    """`new` in place of `old`, a statement that is once in the file or once in the function `within`.

    An empty `new` drops the statement. `old` None puts `new` after the imports.
    """

    old: str | None
    new: tuple[str, ...]
    within: str | None = None


class Wanted:
    """Tells whether a statement is one of some that are given as text."""

    def __init__(self, texts: Iterable[str]):
        trees = [ast.parse(text).body[0] for text in texts]
        self._types = {type(tree) for tree in trees}
        self._dumps = {ast.dump(tree) for tree in trees}

    def __contains__(self, node: ast.AST) -> bool:
        return type(node) in self._types and ast.dump(node) in self._dumps


def blocks(node: ast.AST) -> Iterator[list[ast.stmt]]:
    """The statements right below a node, in lists that can be changed."""
    for name in ("body", "orelse", "finalbody"):
        block = getattr(node, name, None)
        if isinstance(block, list) and block:
            yield block
    for handler in getattr(node, "handlers", ()):
        yield handler.body


def statements(node: ast.AST) -> Iterator[ast.stmt]:
    """All statements below a node."""
    for block in blocks(node):
        for statement in block:
            yield statement
            yield from statements(statement)


def edited(tree: ast.Module, edits: Iterable[Edit]) -> ast.Module:
    """A tree of its own with the edits; `tree` stays as it was."""
    tree = copied(tree)
    for edit in edits:
        new = ast.parse("\n".join(edit.new)).body
        if edit.old is None:
            tree.body[_after_imports(tree) : _after_imports(tree)] = new
        elif (found := _replace(tree, Wanted([edit.old]), new, edit.within)) != 1:
            raise NoSuchStatementError(f"{found} × {edit.old!r} within {edit.within}")
    return ast.fix_missing_locations(tree)


def _replace(node: ast.AST, wanted: Wanted, new: list[ast.stmt], within: str | None) -> int:
    """How often it was replaced."""
    if within is not None and getattr(node, "name", None) == within:
        within = None
    replaced = 0
    for block in blocks(node):
        for statement in block:
            replaced += _replace(statement, wanted, new, within)
        if within is None and any(statement in wanted for statement in block):
            replaced += sum(statement in wanted for statement in block)
            parts = [new if statement in wanted else [statement] for statement in block]
            block[:] = [statement for part in parts for statement in part] or [ast.Pass()]
    return replaced


def copied(tree: ast.Module) -> ast.Module:
    return pickle.loads(pickle.dumps(tree))


def _after_imports(tree: ast.Module) -> int:
    imports = [i for i, node in enumerate(tree.body) if isinstance(node, ast.Import | ast.ImportFrom)]
    return imports[-1] + 1


def lines_of(text: str, searched: Iterable[str]) -> frozenset[int]:
    """The lines of a file at which one of the statements stands."""
    wanted = Wanted(searched)
    return frozenset(node.lineno for node in statements(ast.parse(text)) if node in wanted)
