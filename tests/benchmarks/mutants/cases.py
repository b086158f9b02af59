"""All that the judge is tried on: right files, neutral changes, and files with one mistake or two."""

import ast
import json
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

from model.homework.source import read_source
from tests.benchmarks.mutants import conventions_columns, conventions_loops, conventions_vectors
from tests.benchmarks.mutants.backward import both_in_one_delta, of_backward_pass
from tests.benchmarks.mutants.neutral import neutral_changes
from tests.benchmarks.mutants.sites import Convention, Mutation
from tests.benchmarks.mutants.syntax import edited, lines_of, statements
from tests.benchmarks.mutants.updating import around_backward_pass

RIGHT_FILES = Path(__file__).parents[2] / "model" / "homework" / "right"
SEED = 11
PAIRS_IN_ONE_STATEMENT = 20  # of each convention
MAGIC = "%matplotlib inline"

OF_OUTPUT = {
    *("sign", "answer-for-label", "label-ignored", "one-component", "extra-derivative", "missing-softmax-derivative"),
    "softmax-axis",
}
OF_SLOPES = {"missing-slope", "slope-of-activation", "slope-formula-of-z", "sigmoid-for-slope", "slope-twice"}
OF_SLOPES |= {"slope-of-other-layer", "unexplained"}
OF_UPDATES = {"no-update", "bias-frozen"}
OF_GRADIENTS = {"scaled", "wrong-input", "outer-reversed", "bias-summed", "bias-averaged", "state-kept", "unexplained"}


@dataclass(frozen=True)
class Target:
    """What should be found: one of the names, at one of the layers, in one of the lines (None: wherever)."""

    names: frozenset[str]
    layers: frozenset[int | None]
    lines: frozenset[int] | None


@dataclass(frozen=True)
class Case:
    """A file and what is wrong with it."""

    convention: str
    kind: str  # "right", "neutral", "single", "pair"
    name: str
    suffix: str
    text: str
    targets: tuple[Target, ...] = ()

    def write(self, folder: Path) -> Path:
        path = folder / f"{self.convention}{self.suffix}"
        path.write_text(self.text if self.suffix == ".py" else notebook(self.text), encoding="utf-8")
        return path


def conventions() -> Iterator[Convention]:
    for module in (conventions_vectors, conventions_columns, conventions_loops):
        for make in module.CONVENTIONS:
            yield make()


@dataclass(frozen=True)
class Draft:
    """A case before its file is written: the text that there is, or what to change in the convention's right file."""

    convention: str
    file: str
    kind: str  # "right", "neutral", "single", "pair"
    name: str
    mutations: tuple[Mutation, ...] = ()
    text: str | None = None


def right_drafts() -> Iterator[Draft]:
    """Every file of the folder as it is, those for other networks, too."""
    for path in sorted(RIGHT_FILES.iterdir()):
        if path.suffix in (".py", ".ipynb"):
            yield Draft(path.stem, f"{path.stem}.py", "right", path.name, text=read_source(path).code)


def drafts_of(convention: Convention, pairs: int) -> Iterator[Draft]:
    """The neutral changes, then the single mistakes, then `pairs` pairs of mistakes in different statements."""
    generator = random.Random(f"{SEED} {convention.name}")
    for name, text in neutral_changes(convention, right_tree(convention.file), SEED):
        yield Draft(convention.name, convention.file, "neutral", name, text=text)
    yield from single_drafts_of(convention)
    singles = _singles(convention)
    joined = [pair for hidden in convention.hidden for pair in both_in_one_delta(hidden, convention.layout)]
    for mutation in generator.sample(joined, min(PAIRS_IN_ONE_STATEMENT, len(joined))):
        yield _draft(convention, "pair", mutation)
    yield from (_draft(convention, "pair", *pair) for pair in _pairs(singles, generator, pairs))


def single_drafts_of(convention: Convention) -> Iterator[Draft]:
    yield from (_draft(convention, "single", mutation) for mutation in _singles(convention))


def _singles(convention: Convention) -> list[Mutation]:
    return [*of_backward_pass(convention), *around_backward_pass(convention), *convention.extra]


def _draft(convention: Convention, kind: str, *mutations: Mutation) -> Draft:
    name = " and ".join(mutation.name for mutation in mutations)
    return Draft(convention.name, convention.file, kind, name, mutations)


@cache
def right_tree(file: str) -> ast.Module:
    return ast.parse(read_source(RIGHT_FILES / file).code)


def made(draft: Draft) -> Case:
    suffix = Path(draft.file).suffix
    text = draft.text
    if text is None:
        edits = [edit for mutation in draft.mutations for edit in mutation.edits]
        text = ast.unparse(edited(right_tree(draft.file), edits))
    text = text if suffix == ".py" else f"{MAGIC}\n{text}"
    program = text.replace(MAGIC, "pass")
    targets = tuple(
        Target(each.names, each.layers, None if each.lines is None else lines_of(program, each.lines))
        for mutation in draft.mutations
        for each in mutation.expected
    )
    return Case(draft.convention, draft.kind, draft.name, suffix, text, targets)


def _pairs(singles: list[Mutation], generator: random.Random, number: int) -> Iterator[tuple[Mutation, Mutation]]:
    """Pairs, every mistake as often as any other as far as possible, none of them twice."""
    by_mistake: dict[frozenset[str], list[Mutation]] = {}
    for mutation in singles:
        if not mutation.alone:
            by_mistake.setdefault(mutation.expected[0].names, []).append(mutation)
    kinds = sorted(by_mistake, key=sorted)
    seen: set[tuple[str, str]] = set()
    for _ in range(50 * number):
        if len(seen) == number:
            return
        one, other = (generator.choice(by_mistake[names]) for names in generator.sample(kinds, 2))
        if (one.name, other.name) not in seen and compatible(one, other):
            seen |= {(one.name, other.name)}
            yield one, other


def compatible(one: Mutation, other: Mutation) -> bool:
    """Whether both mistakes can be found: in different statements, with different names, neither hiding the other."""
    names, other_names = _names(one), _names(other)
    if _statements(one) & _statements(other) or names & other_names:
        return False
    if any(names & group and other_names & group for group in (OF_OUTPUT, OF_SLOPES)):
        return False
    hidden = (names & OF_UPDATES and other_names & OF_GRADIENTS) or (other_names & OF_UPDATES and names & OF_GRADIENTS)
    return not (hidden and _layers(one) & _layers(other))


def _names(mutation: Mutation) -> frozenset[str]:
    return frozenset().union(*(each.names for each in mutation.expected))


def _layers(mutation: Mutation) -> frozenset[int | None]:
    return frozenset().union(*(each.layers for each in mutation.expected)) - {None}


@cache
def _statements(mutation: Mutation) -> set[str]:
    """The statements that are changed, and the new ones, which another change must not look for."""
    edits = [edit for edit in mutation.edits if edit.old is not None]
    trees = [ast.parse("\n".join(filter(None, (edit.old, *edit.new)))) for edit in edits]
    return {ast.dump(node) for tree in trees for node in statements(tree)}


def notebook(text: str) -> str:
    """The program in cells, every one with a few statements, that joined are the text again."""
    lines = text.split("\n")
    starts = [node.lineno for node in ast.parse(text.replace(MAGIC, "pass")).body]
    starts = [1, *starts[1::4], len(lines) + 1]
    sources = ["\n".join(lines[start - 1 : end - 1]) for start, end in pairwise(starts)]
    cells = [
        {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": source.splitlines(True)}
        for source in sources
    ]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def sampled(drafts: Iterable[Draft], most: int | None) -> list[Draft]:
    """At most so many of the wrong and the neutral ones, chosen by a fixed seed, and every right one."""
    right, rest = [], []
    for draft in drafts:
        (right if draft.kind == "right" else rest).append(draft)
    return right + (rest if most is None or most >= len(rest) else random.Random(SEED).sample(rest, most))
