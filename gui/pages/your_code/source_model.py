"""The lines of a learner's file as a table: number, code, and what the line computes."""

from __future__ import annotations

from enum import IntEnum
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QFont

from gui.theme import Theme
from model.homework.report import Mark, Report

Index = QModelIndex | QPersistentModelIndex
SIGNS = {"right": "✓", "wrong": "✗", "neutral": ""}
SPOKEN = {"right": "right", "wrong": "wrong", "neutral": ""}
TINT = 0.12  # of the colour of a mark in the ground of its line
Role = Qt.ItemDataRole


class Column(IntEnum):
    """What stands beside one another."""

    NUMBER = 0
    CODE = 1
    MARK = 2


class SourceModel(QAbstractTableModel):
    """Nothing of it is edited here: that is what the learner's editor is for."""

    def __init__(self) -> None:
        super().__init__()
        self._lines: list[str] = []
        self._marks: dict[int, Mark] = {}
        self._cells: dict[int, int] = {}
        self._theme: Theme | None = None
        self._font = QFont()

    def show(self, report: Report | None, theme: Theme, font: QFont) -> None:
        """The lines of another report, or of none, in these colours and letters."""
        self.beginResetModel()
        self._lines = report.code.removesuffix("\n").split("\n") if report and report.code else []  # as Python does
        self._marks = {mark.line: mark for mark in report.marks} if report else {}
        self._cells = {line: number for number, line in report.cells} if report else {}
        self._theme, self._font = theme, font
        self.endResetModel()

    def mark(self, line: int) -> Mark | None:
        """What a line computes, counted from 1."""
        return self._marks.get(line)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self._lines)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(Column)

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        line, column = index.row() + 1, Column(index.column())
        mark = self._marks.get(line)
        match role:
            case Role.DisplayRole:
                return self._text(line, column, mark)
            case Role.ToolTipRole:
                return f"{line}  {self._lines[line - 1]}" if column is Column.CODE else self._text(line, column, mark)
            case Role.AccessibleTextRole:
                return self._spoken(line, mark)
            case Role.FontRole:
                return self._font
            case Role.TextAlignmentRole if column is Column.NUMBER:
                return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            case Role.ForegroundRole:
                return self._color(column, mark)
            case Role.BackgroundRole if mark is not None and mark.state != "neutral":
                return self._ground(mark)
        return None

    def _text(self, line: int, column: Column, mark: Mark | None) -> str:
        if column is Column.NUMBER:
            return str(line)
        if column is Column.CODE:
            return self._lines[line - 1]
        if mark is None:
            return f"cell {self._cells[line]}" if line in self._cells else ""
        return f"{SIGNS[mark.state]} {mark.text}".strip()

    def _spoken(self, line: int, mark: Mark | None) -> str:
        said = f", {SPOKEN[mark.state]}: {mark.text}" if mark is not None else ""
        return f"Line {line}: {self._lines[line - 1].strip()}{said}"

    def _color(self, column: Column, mark: Mark | None) -> QColor | None:
        if self._theme is None:
            return None
        if column is Column.MARK and mark is not None:
            return _mark_color(mark, self._theme)
        return QColor(self._theme.text if column is Column.CODE else self._theme.secondary_text)

    def _ground(self, mark: Mark) -> QColor | None:
        if self._theme is None:
            return None
        color = _mark_color(mark, self._theme)
        color.setAlphaF(TINT)
        return color


def _mark_color(mark: Mark, theme: Theme) -> QColor:
    return QColor({"right": theme.compared, "wrong": theme.wrong}.get(mark.state, theme.secondary_text))
