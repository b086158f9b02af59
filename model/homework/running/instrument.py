"""Rewriting a learner's program so that it says what each of its expressions computes, and where its loops turn.

The program stays the same but for calls that return a value as it is, so it computes the same in the same lines:

    delta = p - y                     delta = value(3, value(1, p) - value(2, y))
    W -= rate * dW                    W -= value(7, …); stored(8, W, None)
    for image in images:              for image in loop(9, value(10, images)):
    while i < n:                      while turn(11, value(…)):
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

VALUE, STORED, LOOP, TURN = "_homework_value", "_homework_stored", "_homework_loop", "_homework_turn"
RETURNED = "return"  # the target of a value that a function returns
WRAPPED = (
    ast.BinOp,
    ast.UnaryOp,
    ast.Compare,
    ast.Call,
    ast.IfExp,
    ast.Subscript,
    ast.Attribute,
    ast.Name,
    ast.NamedExpr,
    ast.Constant,
)


@dataclass(frozen=True)
class Place:
    """Where in a learner's program a value arises."""

    file: str
    line: int
    text: str  # the expression as written
    kind: str  # the class of its syntax node: "BinOp", "Call", "Name", …; "Store" where an array is written in place
    target: str | None = None  # the variable that the value of the whole expression is assigned to
    operands: tuple[int, ...] = ()  # the places of the expressions just inside it


class Instrumenter(ast.NodeTransformer):
    """Wraps the expressions and loops of syntax trees; `places` grows with each, its index is the place's number."""

    def __init__(self) -> None:
        self.places: list[Place] = []
        self._file = ""
        self._lines: list[str] = []
        self._target: tuple[ast.expr, str] | None = None

    def instrument(self, tree: ast.Module, file: str, code: str) -> ast.Module:
        """The tree of a program, or of a cell, that reports what it computes; `code` is what its lines are lines of."""
        self._file, self._lines = file, code.split("\n")
        return ast.fix_missing_locations(self.visit(tree))

    def visit(self, node: ast.AST) -> Any:
        """Replace a node: expressions that are read are wrapped, loops and stores get a call beside them."""
        if isinstance(node, WRAPPED) and isinstance(getattr(node, "ctx", ast.Load()), ast.Load):
            return self._wrapped(node)
        return super().visit(node)

    def _wrapped(self, node: ast.expr) -> ast.expr:
        if isinstance(node, ast.Constant):
            return node if not isinstance(node.value, float) else self._call(VALUE, self._place(node, ()), node)
        before = len(self.places)
        if isinstance(node, ast.Call):
            self._visit_call(node)
        elif isinstance(node, ast.Subscript):
            node.value = self.visit(node.value)  # what is between the brackets is of no interest
            if isinstance(node.slice, ast.Name | ast.Call | ast.BinOp):
                node.slice = self.visit(node.slice)
        elif isinstance(node, ast.Name):
            pass
        else:
            self.generic_visit(node)
        return self._call(VALUE, self._place(node, self._outermost_since(before)), node)

    def _visit_call(self, node: ast.Call) -> None:
        # `np.dot` itself is no value, `hidden` in `hidden.T.dot(W)` is one, and so is `(p - y)` in `(p - y).dot(a)`.
        if isinstance(node.func, ast.Attribute):
            node.func.value = self.visit(node.func.value)
        elif not isinstance(node.func, ast.Name):
            node.func = self.visit(node.func)
        node.args = [self.visit(argument) for argument in node.args]
        for keyword in node.keywords:
            keyword.value = self.visit(keyword.value)

    def _outermost_since(self, first: int) -> tuple[int, ...]:
        """Those places since the first that are in no other since: the operands of the next one."""
        new = range(first, len(self.places))
        inner = {operand for place in new for operand in self.places[place].operands}
        return tuple(place for place in new if place not in inner)

    def _place(self, node: ast.AST, operands: tuple[int, ...], kind: str | None = None) -> int:
        target = self._target[1] if self._target and self._target[0] is node else None
        line = getattr(node, "lineno", 0)
        self.places.append(Place(self._file, line, self._text(node), kind or type(node).__name__, target, operands))
        return len(self.places) - 1

    def _text(self, node: ast.AST) -> str:
        first, last = getattr(node, "lineno", 0), getattr(node, "end_lineno", 0)
        if first != last or not 0 < first <= len(self._lines):
            return ""
        line = self._lines[first - 1].encode()
        return line[node.col_offset : node.end_col_offset].decode(errors="replace")  # type: ignore[attr-defined]

    @staticmethod
    def _call(function: str, place: int, *arguments: ast.expr) -> ast.Call:
        call = ast.Call(ast.Name(function, ast.Load()), [ast.Constant(place), *arguments], [])
        return ast.copy_location(call, arguments[0])

    def visit_For(self, node: ast.For) -> ast.For:
        """Let the loop ask for its next item, here and in comprehensions."""
        place = self._place(node, (), "Loop")
        self.generic_visit(node)
        node.iter = self._call(LOOP, place, node.iter)
        return node

    def visit_comprehension(self, node: ast.comprehension) -> ast.comprehension:
        """The same for the loop inside a comprehension."""
        place = self._place(node.iter, (), "Comprehension")
        self.generic_visit(node)
        node.iter = self._call(LOOP, place, node.iter)
        return node

    def visit_While(self, node: ast.While) -> ast.While:
        """Report each turn of the loop."""
        place = self._place(node, (), "Loop")
        self.generic_visit(node)
        node.test = self._call(TURN, place, node.test)
        return node

    def visit_Assign(self, node: ast.Assign) -> Any:
        """`target = value`: the value learns its target's name; an array that is written into reports it."""
        return self._assignment(node, node.targets)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> Any:
        """The same with an annotation, which is left alone."""
        if node.value is None:
            return node
        return self._assignment(node, [node.target])

    def _assignment(self, node: Any, targets: list[ast.expr]) -> Any:
        self._target = (node.value, ast.unparse(targets[0]))
        if _match_one_by_one(targets[0], node.value):
            pairs = zip(node.value.elts, targets[0].elts, strict=True)  # type: ignore[attr-defined]
            node.value.elts = [self._named(element, target) for element, target in pairs]
        else:
            node.value = self.visit(node.value)
        self._target = None
        return [node, *(store for target in targets for store in self._stores(target))]

    def _named(self, value: ast.expr, target: ast.expr) -> ast.expr:
        self._target = (value, ast.unparse(target))
        visited: ast.expr = self.visit(value)
        self._target = None
        return visited

    def visit_Return(self, node: ast.Return) -> ast.Return:
        """What is returned."""
        if node.value is not None:
            node.value = self._named(node.value, ast.Name(RETURNED))
        return node

    def visit_AugAssign(self, node: ast.AugAssign) -> Any:
        """`target -= value`: what the target is then."""
        node.value = self.visit(node.value)
        return [node, *self._stores(node.target, augmented=True)]

    def _stores(self, target: ast.expr, augmented: bool = False) -> Iterable[ast.stmt]:
        """What reports the array that was written into, if reading it again calls nothing."""
        if isinstance(target, ast.Tuple | ast.List):
            for element in target.elts:
                yield from self._stores(element)
            return
        base_of_target = target.value if isinstance(target, ast.Subscript) else None
        if isinstance(target, ast.Starred) or (base_of_target is not None and _calls(base_of_target)):
            return
        if isinstance(target, ast.Subscript) or augmented:
            whole = ast.Constant(None) if _calls(target) else _loaded(target)
            base = _loaded(base_of_target) if base_of_target is not None else ast.Constant(None)
            place = self._place(target, (), "Store")
            yield ast.copy_location(ast.Expr(self._call(STORED, place, whole, base)), target)

    def visit_arg(self, node: ast.arg) -> ast.arg:
        """Annotations are no values."""
        return node

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.JoinedStr:
        """What is printed is of no interest."""
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        """Decorators and annotations are left alone."""
        node.args.defaults = [self.visit(default) for default in node.args.defaults]
        node.body = self._body(node.body)
        return node

    def visit_Delete(self, node: ast.Delete) -> ast.Delete:
        """Nothing is computed here."""
        return node

    def visit_Match(self, node: ast.Match) -> ast.Match:
        """Patterns look like expressions and are none."""
        for case in node.cases:
            case.body = self._body(case.body)
        return node

    def _body(self, statements: list[ast.stmt]) -> list[ast.stmt]:
        result: list[ast.stmt] = []
        for statement in statements:
            visited = self.visit(statement)
            result.extend(visited if isinstance(visited, list) else [visited])
        return result


def _match_one_by_one(target: ast.expr, value: ast.expr) -> bool:
    """Whether both are tuples, and each element of the one is bound to the one of the other."""
    if not isinstance(target, ast.Tuple) or not isinstance(value, ast.Tuple):
        return False
    starred = any(isinstance(element, ast.Starred) for element in (*target.elts, *value.elts))
    return len(target.elts) == len(value.elts) and not starred


def _calls(expression: ast.expr) -> bool:
    return any(isinstance(part, ast.Call) for part in ast.walk(expression))


def _loaded(target: ast.expr) -> ast.expr:
    """The same expression, read instead of written."""
    copy = ast.parse(ast.unparse(target), mode="eval").body
    for node in ast.walk(copy):
        if isinstance(node, ast.expr):
            ast.copy_location(node, target)
    return copy
