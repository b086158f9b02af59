"""What there is to say about one line: what it computes, why that matters, and last, what should stand there."""

from __future__ import annotations

from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.controllers import Controllers
from gui.flow.homework import Homework
from gui.widgets.card import label, small_button
from gui.widgets.layouts import STRETCH, column
from model.homework.report import Mark

FORMULA_TIP = "Say what should stand in this line. Think first!"
NUMBER_TIP = "Go to the very number that this line computes, on the page One update, of our own right update."
NO_LINE = "Choose a line to read what it computes and, if it is wrong, what that does to learning."


class LineView(QWidget):
    """The line that is chosen; without one, what was found about the file as a whole.

    `ask` and `go` are its buttons, to stand wherever they are always in sight.
    """

    def __init__(self, controllers: Controllers) -> None:
        super().__init__()
        self._homework = controllers.homework
        self._text = label(wrap=True, name="lineLabel")
        self._formula = label(wrap=True, name="formulaLabel")
        for each in (self._text, self._formula):
            each.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.ask = small_button("Show the formula", "showFormulaButton", FORMULA_TIP, self._homework.show_formula)
        self.go = small_button("See it in One update", "showNumberButton", NUMBER_TIP, self._go_to_number)
        self._mark: Mark | None = None
        self.setLayout(column(self._text, self._formula, STRETCH, spacing=6))

    def show_homework(self, homework: Homework | None, layers: int) -> None:
        """Explain the line that is chosen, whose number may be one of the network that is shown, of so many layers."""
        findings = homework.findings if homework else ()
        self._mark = homework.mark if homework else None
        self._text.setText(_explanation(homework) if homework else "")
        formulas = list(dict.fromkeys(finding.formula for finding in findings if finding.formula))
        shows = homework is not None and homework.line is not None and bool(formulas)
        self._formula.setText("It should be: " + "; ".join(formulas) if shows else "")
        is_told = homework is not None and homework.shows_formula
        self._formula.setVisible(shows and is_told)
        self.ask.setVisible(shows and not is_told)
        has_number = self._mark is not None and self._mark.kind is not None and (self._mark.layer or 0) <= layers
        self.go.setVisible(has_number)

    def _go_to_number(self) -> None:
        if self._mark is not None:
            self._homework.show_number(self._mark)


def _explanation(homework: Homework) -> str:
    if homework.findings:
        return "\n".join(finding.sentence for finding in homework.findings)
    if homework.line is None:
        return NO_LINE if homework.report and homework.report.marks else ""
    mark = homework.mark
    if mark is None:
        return f"Line {homework.line}: nothing of the pass forward or back is computed here."
    if mark.state == "right":
        return f"Line {homework.line} computes {mark.text}, and does it right, given what it gets."
    return f"Line {homework.line} computes this: {mark.text}."
