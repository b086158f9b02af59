"""The lines of a learner's file as a table."""

from PySide6.QtGui import QFont

from gui.pages.your_code.source_model import Column, SourceModel
from gui.theme import LIGHT
from model.homework.report import Mark, Report


def test_lines_are_those_of_python_whatever_else_breaks_a_text(qapp: object) -> None:
    code = "# between two pages: \x0c\n# between two paragraphs: \u2029\nz = W @ x\n"
    lines = SourceModel()
    lines.show(Report("mine.py", "right", (), "", marks=(Mark(3, "z₁", "right"),), code=code), LIGHT, QFont())
    marked = [(lines.index(row, Column.CODE).data(), lines.index(row, Column.MARK).data()) for row in range(3)]
    assert lines.rowCount() == 3
    assert marked[-1] == ("z = W @ x", "✓ z₁")
