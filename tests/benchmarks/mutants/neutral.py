"""Changes of a right file that alter nothing of what it computes, or nothing that is wrong."""

import ast
import random
from collections.abc import Callable, Iterator

from tests.benchmarks.mutants.sites import Convention
from tests.benchmarks.mutants.syntax import Edit, copied, edited

PURE_METHODS = frozenset(
    {"copy", "dot", "reshape", "flatten", "transpose", "sum", "max", "astype", "sigmoid", "softmax"}
)
PURE_FUNCTIONS = frozenset(
    {"sigmoid", "softmax", "sigmoid_prime", "sigmoid_derivative", "deriv_sigmoid", "one_hot", "one_hot_row", "to_row"}
    | {"outer", "len", "range"}
)


def neutral_changes(convention: Convention, tree: ast.Module, seed: int) -> Iterator[tuple[str, str]]:
    """Names of changes and the files that they make."""
    yield "formatted again", ast.unparse(tree)
    yield "comments and blank lines", spaced(ast.unparse(tree), random.Random(seed))
    yield "names with a suffix", ast.unparse(renamed(tree, lambda name, _: f"{name}_value"))
    if convention.name != "defined_only":  # there the names are all that says what is what
        yield "names that say nothing", ast.unparse(renamed(tree, lambda _, number: f"v{number}"))
    for k in range(4):
        yield f"reordered {k + 1}", ast.unparse(reordered(tree, random.Random(seed + k)))
    for k, rewrite in enumerate(convention.rewrites):
        yield f"rewritten {k + 1}", ast.unparse(edited(tree, rewrite))
    for name, edits in _additions(convention):
        yield name, ast.unparse(edited(tree, edits))
    if (unscaled := ast.unparse(_Unscaled().visit(copied(tree)))) != ast.unparse(tree):
        yield "pixels not scaled", unscaled
    yield "all at once", _everything(convention, tree, seed)


def _everything(convention: Convention, tree: ast.Module, seed: int) -> str:
    for _, edits in _additions(convention):
        if edits[-1].old is None:
            tree = edited(tree, edits)
    tree = renamed(reordered(tree, random.Random(seed)), lambda name, _: f"my_{name}")
    return spaced(ast.unparse(tree), random.Random(seed))


def _additions(convention: Convention) -> Iterator[tuple[str, tuple[Edit, ...]]]:
    """Statements more, before the output's delta or at the top."""
    place, p = convention.output.place, convention.output.p

    def before_delta(*texts: str) -> Edit:
        return Edit(place.statement, (*texts, place.statement), place.within)

    unused = "def unused(z):\n    d = z * (1 - z)\n    return np.outer(d, d) - 2 * d"
    yield "a function that is not called", (Edit(None, (unused,)),)
    yield "code that does not run", (before_delta(f"if {p} is None:\n    {p} = -{p}"),)
    yield "values that are not used", (before_delta("unused = np.zeros((32, 32))", f"half = {p} / 2"),)
    yield "prints", (before_delta(f"print('probabilities', np.max({p}))", "print('in the step')"),)
    yield "an assertion", (before_delta(f"assert np.all({p} >= 0), 'negative'"),)
    yield "a history", (before_delta(f"history.append(float(np.max({p})))"), Edit(None, ("history = []",)))


class _Unscaled(ast.NodeTransformer):
    """Takes / 255 away: worth a remark, and right all the same."""

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        self.generic_visit(node)
        divides = isinstance(node.op, ast.Div) and isinstance(node.right, ast.Constant) and node.right.value == 255
        return node.left if divides else node


def spaced(text: str, generator: random.Random) -> str:
    """Comments, blank lines and the ends of statements in other places."""
    starts = {node.lineno for node in ast.walk(ast.parse(text)) if isinstance(node, ast.stmt)}
    lines = []
    for number, line in enumerate(text.splitlines(), start=1):
        if number in starts and not line.lstrip().startswith(("elif", "else")) and generator.random() < 0.3:
            indent = line[: len(line) - len(line.lstrip())]
            lines.append(generator.choice(("", f"{indent}# TODO check this", "\n", f"{indent}# p - y, a * (1 - a)")))
        lines.append(line)
    return "\n".join(lines)


def renamed(tree: ast.Module, new_name: Callable[[str, int], str]) -> ast.Module:
    """Other names for variables and parameters, but for those that are said as keywords in a call."""
    tree = copied(tree)
    kept = {node.arg for node in ast.walk(tree) if isinstance(node, ast.keyword)}
    kept |= {"self", "__name__", "_"} | {alias.asname or alias.name for alias in _imported(tree)}
    variables = [node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)]
    variables += [node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)]
    names = {name: new_name(name, number) for number, name in enumerate(dict.fromkeys(variables)) if name not in kept}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            node.id = names.get(node.id, node.id)
        elif isinstance(node, ast.arg):
            node.arg = names.get(node.arg, node.arg)
        elif isinstance(node, ast.Global):
            node.names = [names.get(name, name) for name in node.names]
    return tree


def _imported(tree: ast.Module) -> Iterator[ast.alias]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield from node.names


def reordered(tree: ast.Module, generator: random.Random) -> ast.Module:
    """Neighbours that have nothing to do with each other change places, here and there."""
    tree = copied(tree)
    for node in ast.walk(tree):
        if isinstance(getattr(node, "body", None), list):
            for _ in range(3):
                _swap_some(node.body, generator)
    return tree


def _swap_some(block: list[ast.stmt], generator: random.Random) -> None:
    for i in range(len(block) - 1):
        if independent(block[i], block[i + 1]) and generator.random() < 0.5:
            block[i], block[i + 1] = block[i + 1], block[i]


def independent(first: ast.stmt, second: ast.stmt) -> bool:
    """Whether neither statement writes what the other reads or writes. When in doubt, no."""
    if not all(isinstance(each, ast.Assign | ast.AugAssign) and _is_pure(each) for each in (first, second)):
        return False
    return not (_overlap(_written(first), _paths(second)) or _overlap(_written(second), _paths(first)))


def _is_pure(statement: ast.stmt) -> bool:
    for node in ast.walk(statement):
        if isinstance(node, ast.Call):
            text = ast.unparse(node.func)
            pure = text.startswith("np.") and not text.startswith("np.random")
            if not (pure or text in PURE_FUNCTIONS or text.rpartition(".")[2] in PURE_METHODS):
                return False
    return True


def _path(node: ast.expr) -> str | None:
    """What a variable, an attribute or an element with a literal index is called."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) or (isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant)):
        inner = _path(node.value)
        return inner and f"{inner}/{node.attr if isinstance(node, ast.Attribute) else node.slice.value}"
    return _path(node.value) if isinstance(node, ast.Subscript) else None


def _paths(statement: ast.AST) -> set[str]:
    """The longest paths of a statement; an index that is not literal stands for every element."""
    found, waiting = set(), [statement]
    while waiting:
        node = waiting.pop()
        path = _path(node) if isinstance(node, ast.expr) else None
        if path:
            found.add(path)
            waiting += [part.slice for part in ast.walk(node) if isinstance(part, ast.Subscript)]
        else:
            waiting += ast.iter_child_nodes(node)
    return found


def _written(statement: ast.stmt) -> set[str]:
    targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
    return set().union(*(_paths(target) for target in targets))


def _overlap(ones: set[str], others: set[str]) -> bool:
    pairs = ((f"{one}/", f"{other}/") for one in ones for other in others)
    return any(one.startswith(other) or other.startswith(one) for one, other in pairs)
