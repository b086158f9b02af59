"""The judge's report on a file."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from model.homework.channel import decoded


@dataclass(frozen=True)
class Finding:
    """Something about one line, in three levels: where, what it computes, what should stand there.

    Layers count from 1, the first hidden one; the line is one of `Source.code`. Either may be unknown.
    """

    kind: Literal["mistake", "remark"]  # only mistakes make a file wrong
    mistake: str  # the name in the catalogue
    layer: int | None
    line: int | None
    sentence: str
    formula: str | None


@dataclass(frozen=True)
class Stage:
    """One of the exercise's four stages, and what was found out about it."""

    name: Literal["Initial weights", "Forward pass", "Backward pass", "Update"]
    state: Literal["right", "wrong", "missing"]
    sentence: str


@dataclass(frozen=True)
class Mark:
    """What a line computes, in the symbols of the textbook."""

    line: int
    text: str
    state: Literal["right", "wrong", "neutral"]
    kind: str | None = None  # the name of a model.analysis.derivation.Kind, if it is among an update's numbers
    layer: int | None = None


@dataclass(frozen=True)
class Report:
    """A file's verdict and its findings, sorted by line."""

    file: str
    verdict: Literal["right", "wrong", "unusable"]
    findings: tuple[Finding, ...]
    summary: str  # the verdict in a sentence
    notes: tuple[str, ...] = ()  # what was left out, replaced, or failed on the way
    stages: tuple[Stage, ...] = ()  # all four in their order, or none if there is no step to judge
    marks: tuple[Mark, ...] = ()  # one a line at most, sorted by line
    code: str = ""  # that was judged; its lines are those of findings and marks
    cells: tuple[tuple[int, int], ...] = ()  # of a notebook: the number of each, and its first line
    prints: str = ""  # what it printed up to its first step


def unusable(file: str | Path, name: str, sentence: str, line: int | None = None) -> Report:
    """The report on a file that could not be judged: the sentence says why."""
    return Report(str(file), "unusable", (Finding("remark", name, None, line, sentence, None),), sentence)


def to_json(report: Report) -> dict[str, Any]:
    """What `check --json` prints of a report."""
    return {key: value for key, value in to_message(report).items() if key in ("file", "verdict", "findings")}


def to_message(report: Report) -> dict[str, Any]:
    """The whole report, for JSON."""
    return asdict(report)


def from_message(message: dict[str, Any]) -> Report:
    """The report that `to_message` made it of. Raises ValueError if it is of none."""
    return decoded(message, Report)
