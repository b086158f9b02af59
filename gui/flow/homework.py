"""A learner's file that is open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from model.homework.report import Finding, Mark, Report


@dataclass(frozen=True, eq=False)
class Homework:
    """The file, and what is known of it as it was saved last."""

    path: Path
    report: Report | None = None  # while it is judged for the first time there is none
    is_judged: bool = False  # the report is of the file as it is now
    line: int | None = None  # that is explained
    shows_formula: bool = False  # of that line
    training: str = ""  # what its step was found to do, once it was to train as it is now

    @property
    def findings(self) -> Sequence[Finding]:
        """What was found in the line that is explained; without a line, what is not about any."""
        return [finding for finding in self.report.findings if finding.line == self.line] if self.report else ()

    @property
    def mark(self) -> Mark | None:
        """What the line computes that is explained."""
        marks = self.report.marks if self.report and self.line else ()
        return next((mark for mark in marks if mark.line == self.line), None)
