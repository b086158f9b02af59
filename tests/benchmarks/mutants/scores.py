"""What the judge said about the cases, counted."""

import statistics
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from model.homework.report import Finding, Report
from tests.benchmarks.mutants.cases import Case, Target

HEAD = ("", "wrong files", "named", "at the line", "pairs", "both named", "beside", "median s", "max s")


@dataclass(frozen=True)
class Outcome:
    """A case and its report, or the reason that there is none."""

    case: Case
    report: Report | None
    error: str | None
    seconds: float

    @property
    def mistakes(self) -> list[Finding]:
        return [finding for finding in self.report.findings if finding.kind == "mistake"] if self.report else []

    def matching(self, target: Target) -> list[Finding]:
        return [each for each in self.mistakes if each.mistake in target.names and each.layer in target.layers]

    def named(self, target: Target) -> bool:
        return bool(self.matching(target))

    def at_line(self, target: Target) -> bool | None:
        """Whether the mistake is found in its line. None if it has none."""
        if target.lines is None:
            return None
        return any(finding.line in target.lines for finding in self.matching(target))

    @property
    def all_named(self) -> bool:
        return all(self.named(target) for target in self.case.targets)

    @property
    def beside(self) -> list[Finding]:
        """Mistakes that were found and not made."""
        expected = [finding for target in self.case.targets for finding in self.matching(target)]
        return [finding for finding in self.mistakes if finding not in expected]

    @property
    def is_false_alarm(self) -> bool:
        return not self.case.targets and (self.report is None or self.report.verdict != "right")

    @property
    def failed(self) -> bool:
        in_line = all(self.at_line(target) is not False for target in self.case.targets)
        return self.is_false_alarm or not self.all_named or not in_line or bool(self.beside)


def share(values: Iterable[bool | None]) -> str:
    counted = [value for value in values if value is not None]
    return f"{sum(counted) / len(counted):.1%}".replace("%", " %") if counted else "–"


def row(name: str, outcomes: Sequence[Outcome], wanted: Callable[[Target], bool] = lambda _: True) -> list[str]:
    """A line of the tables; `wanted` says which mistakes of the files count."""
    wrong = [outcome for outcome in outcomes if outcome.case.targets]
    made = [(outcome, target) for outcome in wrong for target in outcome.case.targets if wanted(target)]
    pairs = [outcome for outcome in wrong if outcome.case.kind == "pair"]
    seconds = [outcome.seconds for outcome in outcomes]
    return [
        name,
        str(len(wrong)),
        share(outcome.named(target) for outcome, target in made),
        share(outcome.at_line(target) for outcome, target in made),
        str(len(pairs)),
        share(outcome.all_named for outcome in pairs),
        share(bool(outcome.beside) for outcome in wrong),
        f"{statistics.median(seconds):.2f}" if seconds else "–",
        f"{max(seconds, default=0):.2f}",
    ]


def by_convention(outcomes: Sequence[Outcome]) -> list[list[str]]:
    names = dict.fromkeys(outcome.case.convention for outcome in outcomes if outcome.case.kind != "right")
    rows = [row(name, [each for each in outcomes if each.case.convention == name]) for name in names]
    return [list(HEAD), *rows, row("all", outcomes)]


def by_mistake(outcomes: Sequence[Outcome]) -> list[list[str]]:
    names = sorted({target.names for outcome in outcomes for target in outcome.case.targets}, key=sorted)
    return [list(HEAD), *(_row_of_mistake(name, outcomes) for name in names)]


def _row_of_mistake(names: frozenset[str], outcomes: Sequence[Outcome]) -> list[str]:
    with_it = [each for each in outcomes if any(target.names == names for target in each.case.targets)]
    return row(" or ".join(sorted(names)), with_it, lambda target: target.names == names)


def false_alarms(outcomes: Sequence[Outcome]) -> list[list[str]]:
    rows = [["", "files", "false alarms", "not judged"]]
    for kind, name in (("right", "right files"), ("neutral", "changes that alter nothing")):
        chosen = [outcome for outcome in outcomes if outcome.case.kind == kind]
        unusable = [each for each in chosen if each.report is None or each.report.verdict == "unusable"]
        alarms = sum(outcome.is_false_alarm for outcome in chosen) - len(unusable)
        rows.append([name, str(len(chosen)), str(alarms), str(len(unusable))])
    return rows


def described(outcome: Outcome) -> str:
    """What was expected of a file and what was found."""
    return "\n".join((f"{outcome.case.convention}, {outcome.case.kind}: {outcome.case.name}", *_comparison(outcome)))


def _comparison(outcome: Outcome) -> Iterator[str]:
    for target in outcome.case.targets:
        lines = "any line" if target.lines is None else f"line {sorted(target.lines)}"
        layers = sorted(map(str, target.layers))
        yield f"  expected {' or '.join(sorted(target.names))}, layer {' or '.join(layers)}, {lines}"
    if outcome.report is None:
        yield f"  got no report: {outcome.error}"
        return
    yield f"  got {outcome.report.verdict}: {outcome.report.summary}"
    for finding in outcome.report.findings:
        yield f"    {finding.kind} {finding.mistake}, layer {finding.layer}, line {finding.line}: {finding.sentence}"


def keep(outcome: Outcome, number: int, folder: Path) -> None:
    """The file, and beside it what was expected and what was found."""
    folder.mkdir(parents=True, exist_ok=True)
    path = outcome.case.write(folder)
    name = f"{number:04}-{path.name}"
    path.rename(folder / name)
    (folder / name).with_suffix(".txt").write_text(described(outcome) + "\n", encoding="utf-8")
