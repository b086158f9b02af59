"""Findings in three levels: where it is, what the line computes, and, last, what should stand there."""

from __future__ import annotations

from dataclasses import dataclass

from model.homework.catalogue import MISTAKES, REMARKS, subscript
from model.homework.report import Finding
from model.homework.running.instrument import RETURNED, Place
from model.homework.source import Source

BACKWARD_PASS = "Backward pass"  # the name of the stage
UNEXPLAINED = "neither right nor a known mistake"
LONGEST_NAME = 40  # characters of an expression that is quoted in a sentence


@dataclass(frozen=True)
class Instead:
    """What a wrong line computes, as short as it stands beside the line."""

    text: str
    layer: int | None


class Findings:
    """Collects findings: one for each mistake, even if a line makes it in several layers."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._found: dict[tuple[str, int | None, str], Finding] = {}
        self.stage = ""  # that is judged
        self.mistakes_of: dict[str, list[Finding]] = {}  # a stage
        self.instead: dict[int, list[Instead]] = {}  # of a wrong line

    def sorted(self) -> tuple[Finding, ...]:
        """All findings, by line; those of the whole file first."""
        return tuple(sorted(self._found.values(), key=lambda f: (f.line or 0, f.kind, -(f.layer or 0))))

    def mistake(
        self,
        name: str,
        layer: int | None,
        place: Place | None,
        subject: str = "",
        symbols: str = "",
        detail: str = "",
        short: str = "",
        stage: str = "",
    ) -> None:
        """Add a mistake. `subject` is what is meant to be computed ("δ₂"), `symbols` what is computed ("δ₃ W₃").

        `short` is the subject as it stands beside the line. The mistake belongs to the stage that is judged, or to
        another one.
        """
        entry = MISTAKES[name]
        computed = f"{symbols}: {entry.instead}" if symbols else entry.instead
        sentence = f"{_subject(subject, place)} is {_with_layer(computed, layer)}{detail}."
        computed = _with_layer(symbols or entry.short or entry.instead, layer)
        short = short or subject
        instead = Instead(f"{short} is {computed}" if short else computed, layer)
        self._add("mistake", name, place, sentence, entry.formula, instead, stage)

    def add(
        self,
        kind: str,
        name: str,
        sentence: str,
        layer: int | None = None,
        place: Place | None = None,
        formula: str = "",
        short: str = "",
        stage: str = "",
    ) -> None:
        """Add a finding in its own words, also in short ones; a formula replaces that of the catalogue."""
        formula = formula or (MISTAKES.get(name) or REMARKS[name]).formula
        instead = Instead(short or sentence.rstrip("."), layer)
        self._add(kind, name, place, sentence, formula, instead, stage)

    def _add(
        self,
        kind: str,
        name: str,
        place: Place | None,
        sentence: str,
        formula: str,
        instead: Instead,
        stage: str,
    ) -> None:
        layer = instead.layer
        line = place.line if place and place.file == str(self._source.path) else None
        where = self._source.place(line) if line else f"{place.file}, line {place.line}" if place else ""
        why = (MISTAKES.get(name) or REMARKS[name]).why
        text = f"{sentence} {why}".strip()
        text = f"{where[0].upper()}{where[1:]}: {text}" if where else _capitalized(text)
        finding = Finding(kind, name, layer, line, text, _with_layer(formula, layer) or None)  # type: ignore[arg-type]
        known = self._found.setdefault((name, line, "") if line else (name, layer, text), finding)
        if kind == "mistake":
            if known is finding:
                self.mistakes_of.setdefault(stage or self.stage, []).append(finding)
            if line and instead not in self.instead.setdefault(line, []):
                self.instead[line].append(instead)


def _capitalized(text: str) -> str:
    """A sentence's first letter, unless it starts with a symbol."""
    return text[0].upper() + text[1:] if text[:4] == "the " else text


def _subject(subject: str, place: Place | None) -> str:
    """What a sentence is about: the symbol and, in brackets, how the program calls it."""
    name = ((place.target if place.target != RETURNED else None) or place.text) if place else ""
    if not name or len(name) > LONGEST_NAME:
        return subject or "This"
    return f"{subject} (`{name}`)" if subject else f"`{name}`"


def _with_layer(formula: str, layer: int | None) -> str:
    """A formula of layer k with the number of a layer; of the output layer p − y is δ."""
    if layer is None:
        return formula
    for sign, number in (("ₖ₊₁", layer + 1), ("ₖ₋₁", layer - 1), ("ₖ", layer)):
        formula = formula.replace(sign, subscript(number))
    return formula.replace("a₀", "x")
