"""The four stages of the exercise, each with a sentence."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from gui.theme import Theme
from gui.widgets.card import label, named
from gui.widgets.layouts import column
from model.homework.report import Report, Stage

SIGNS = {"right": "✓", "wrong": "✗", "missing": "–"}
STAGES = 4


class StagesView(QWidget):
    """A line each, or, where there is no step to judge, the one sentence that says why."""

    def __init__(self) -> None:
        super().__init__()
        self._lines = [label(wrap=True, name=f"stage{number}Label") for number in range(1, STAGES + 1)]
        for line in self._lines:
            line.setTextFormat(Qt.TextFormat.RichText)
        self._summary = named(label(wrap=True), "verdictLabel")
        self.setLayout(column(self._summary, *self._lines, spacing=3))

    def show_report(self, report: Report | None, theme: Theme) -> None:
        """Show what was found out."""
        stages = report.stages if report else ()
        self._summary.setText(_summary(report))
        self._summary.setVisible(bool(self._summary.text()))
        for number, line in enumerate(self._lines):
            line.setVisible(number < len(stages))
            if number < len(stages):
                line.setText(_written(stages[number], number + 1, theme))
                line.setAccessibleName(f"{stages[number].name}: {stages[number].state}. {stages[number].sentence}")


def _summary(report: Report | None) -> str:
    """Where the stages do not say it."""
    if report is None or report.stages:
        return ""
    return "\n".join(dict.fromkeys([report.summary, *(finding.sentence for finding in report.findings)]))


def _written(stage: Stage, number: int, theme: Theme) -> str:
    color = {"right": theme.compared, "wrong": theme.wrong}.get(stage.state, theme.secondary_text)
    sign = f'<span style="color:{color}">{SIGNS[stage.state]}</span>'
    return (
        f"{sign} <b>Q{number} {stage.name}</b> "
        f'<span style="color:{theme.secondary_text}">{escape(stage.sentence)}</span>'
    )
