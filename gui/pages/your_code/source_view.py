"""A learner's file, line by line, with what each line computes beside it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QSignalBlocker, QSize, Qt
from PySide6.QtGui import QColor, QFontDatabase, QKeyEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTableView

from gui.flow.homework import Homework
from gui.pages.your_code.source_model import Column, Index, SourceModel
from gui.theme import Theme, scaled, theme
from gui.widgets.card import named
from model.homework.report import Report

SMALL = 0.92  # of the window's letters
SHARE_OF_MARKS = 0.4  # of the width, at most
LEAST_HEIGHT, BETWEEN_LINES = 140, 6  # pixels
TIP = "What each line computes. ✓ is as it should be, ✗ is not. Choose a line to read more about it."


class SourceView(QTableView):
    """A line is chosen by a click or the arrow keys; `choose` gets its number, from 1."""

    def __init__(self, choose: Callable[[int | None], None]) -> None:
        super().__init__()
        named(self, "sourceView", "Your code, line by line", TIP)
        self._choose = choose
        self._report: Report | None = None
        self._dress: tuple[Theme, float] | None = None  # colours and size of the letters
        self._lines = SourceModel()
        self.setModel(self._lines)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setItemDelegate(_FramedRow())
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.horizontalHeader().hide()
        self.horizontalHeader().setMinimumSectionSize(1)
        self.verticalHeader().hide()
        self.verticalHeader().setMinimumSectionSize(1)  # a line is as high as is asked for
        self.selectionModel().selectionChanged.connect(self._report_choice)

    def show_homework(self, homework: Homework | None, colors: Theme) -> None:
        """Show the lines of a file, and which of them is chosen."""
        report, size = homework.report if homework else None, self.font().pointSizeF()
        if report is not self._report or (colors, size) != self._dress:
            self._show_lines(report, colors, size)
        self.show_line(homework.line if homework else None)

    def _show_lines(self, report: Report | None, colors: Theme, size: float) -> None:
        """The view stays where it is, but for another file: there it is where that gets interesting."""
        place, before = self.verticalScrollBar().value(), self._report
        self._report, self._dress = report, (colors, size)
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        font.setPointSizeF(SMALL * size)
        with QSignalBlocker(self.selectionModel()):
            self._lines.show(report, colors, font)
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + scaled(BETWEEN_LINES))
        self._share_width()
        self.verticalScrollBar().setValue(place)
        if report is not None and report.marks and (before is None or before.file != report.file):
            self._scroll_to(next((m.line for m in report.marks if m.state == "wrong"), report.marks[0].line))

    def show_line(self, line: int | None) -> None:
        """Choose a line, or none."""
        with QSignalBlocker(self.selectionModel()):
            if line is None or line > self._lines.rowCount():
                self.clearSelection()
            elif self.currentIndex().row() != line - 1 or not self.selectionModel().hasSelection():
                index = self._lines.index(line - 1, Column.CODE)
                self.selectionModel().setCurrentIndex(
                    index,
                    QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows,
                )
                self.scrollTo(index)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._choose(None)
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_width()
        if self.selectionModel().hasSelection():
            self.scrollTo(self.currentIndex())

    def minimumSizeHint(self) -> QSize:
        return QSize(scaled(300), scaled(LEAST_HEIGHT))

    def sizeHint(self) -> QSize:
        return self.minimumSizeHint()

    def _share_width(self) -> None:
        """Numbers as they need it, marks up to their share, and the code has the rest."""
        width = self.viewport().width()
        numbers = self.sizeHintForColumn(Column.NUMBER) + scaled(6)
        marks = min(self.sizeHintForColumn(Column.MARK) + scaled(10), round(SHARE_OF_MARKS * width))
        self.setColumnWidth(Column.NUMBER, numbers)
        self.setColumnWidth(Column.MARK, marks)
        self.setColumnWidth(Column.CODE, max(1, width - numbers - marks))

    def _scroll_to(self, line: int) -> None:
        hint = QAbstractItemView.ScrollHint.PositionAtCenter
        self.scrollTo(self._lines.index(line - 1, Column.CODE), hint)

    def _report_choice(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        rows = self.selectionModel().selectedRows()
        self._choose(rows[0].row() + 1 if rows else None)


class _FramedRow(QStyledItemDelegate):
    """The line that is chosen keeps its colours, and has a frame."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        is_chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        option.state &= ~(QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_HasFocus)
        super().paint(painter, option, index)
        if is_chosen:
            painter.setPen(QPen(QColor(theme().accent), 2))
            first, last = index.column() == Column.NUMBER, index.column() == Column.MARK
            rect = option.rect.adjusted(1 if first else 0, 1, -1 if last else 0, -1)
            painter.drawLine(rect.topLeft(), rect.topRight())
            painter.drawLine(rect.bottomLeft(), rect.bottomRight())
            if first:
                painter.drawLine(rect.topLeft(), rect.bottomLeft())
            if last:
                painter.drawLine(rect.topRight(), rect.bottomRight())
