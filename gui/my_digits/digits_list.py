"""The kept digits as pictures, each with what it is and what the network takes it for."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPixmap
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from gui.drawing.digit_image import ink_image
from gui.numbers import percent
from gui.theme import LIGHT, Theme
from model.dataset import as_floats
from model.digit_image import SIDE
from model.storage.own_digits import OwnDigit

MAGNIFIED = 2  # pixels of the screen for one of a digit
CELL = QSize(76, 84)  # pixels, with the text

Index = QModelIndex | QPersistentModelIndex
NO_PARENT = QModelIndex()


class DigitsModel(QAbstractListModel):
    """What Qt asks about each of the digits."""

    def __init__(self) -> None:
        super().__init__()
        self.digits: tuple[OwnDigit, ...] = ()
        self._probabilities: NDArray[np.floating] = np.zeros((0, 10))
        self._answers: list[int] = []
        self._theme = LIGHT
        self._pictures: dict[bytes, QPixmap] = {}

    def show_digits(self, digits: tuple[OwnDigit, ...], probabilities: NDArray[np.floating]) -> None:
        """Take in the digits, and what a network answers to them, (digits, 10)."""
        before, answers_before = self.digits, self._answers
        is_reset = digits is not before and [each.pixels for each in digits] != [each.pixels for each in before]
        if is_reset:
            self.beginResetModel()
        self.digits, self._probabilities = digits, probabilities
        self._answers = probabilities.argmax(axis=1).tolist()
        if is_reset:
            self.endResetModel()
            return
        for row, (new, old) in enumerate(zip(digits, before, strict=True)):
            if new.label != old.label or self._answers[row] != answers_before[row]:
                self._tell_changed(row, row)  # one by one: what lies between them need not be painted

    def apply_theme(self, theme: Theme) -> None:
        """Take on the colours of a theme."""
        self._theme = theme
        self._pictures.clear()
        if self.digits:
            self._tell_changed(0, len(self.digits) - 1)

    def rowCount(self, parent: Index = NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self.digits)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        digit, answer = self.digits[index.row()], self._answers[index.row()]
        is_wrong = digit.label is not None and digit.label != answer
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return f"{'?' if digit.label is None else digit.label}" + (
                    "" if digit.label == answer else f"  →  {answer}"
                )
            case Qt.ItemDataRole.DecorationRole:
                return self._picture(digit)
            case Qt.ItemDataRole.ForegroundRole:
                return QColor(self._theme.training if is_wrong else self._theme.secondary_text)
            case Qt.ItemDataRole.ToolTipRole | Qt.ItemDataRole.AccessibleTextRole:
                told = "Nobody has said what this is" if digit.label is None else f"A {digit.label}"
                certainty = percent(float(self._probabilities[index.row(), answer]), 0)
                return f"{told}; the network answers {answer}, with {certainty}."
        return None

    def _tell_changed(self, first: int, last: int) -> None:
        self.dataChanged.emit(self.index(first), self.index(last))

    def _picture(self, digit: OwnDigit) -> QPixmap:
        """Painted when it is first seen."""
        if digit.pixels not in self._pictures:
            picture = QPixmap.fromImage(ink_image(as_floats(digit.image), self._theme))
            self._pictures[digit.pixels] = picture.scaled(MAGNIFIED * SIDE, MAGNIFIED * SIDE)
        return self._pictures[digit.pixels]


class DigitDelegate(QStyledItemDelegate):
    """Paints a digit itself: the style sheet's own way costs ten times as much, with every frame."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.theme = LIGHT

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return CELL - QSize(4, 4)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        cell = option.rect.adjusted(1, 1, -2, -2)
        is_chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        is_focused = bool(option.state & QStyle.StateFlag.State_HasFocus)
        if is_chosen or is_focused or option.state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(QColor(self.theme.accent if is_chosen or is_focused else self.theme.hairline))
            painter.setBrush(QColor(self.theme.hover if is_chosen else self.theme.card))
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.drawRoundedRect(cell, 6, 6)
        picture = index.data(Qt.ItemDataRole.DecorationRole)
        painter.drawPixmap(cell.center().x() - picture.width() // 2, cell.top() + 4, picture)
        painter.setPen(index.data(Qt.ItemDataRole.ForegroundRole))
        below = cell.adjusted(0, picture.height() + 4, 0, 0)
        painter.drawText(below, Qt.AlignmentFlag.AlignCenter, index.data(Qt.ItemDataRole.DisplayRole))


class DigitsList(QListView):
    """Chosen with mouse or arrow keys; the keys 0 to 9 say what the chosen ones are, Delete takes them out."""

    relabelled = Signal(int)
    deleted = Signal()
    chosen = Signal()  # other digits are selected, or none

    def __init__(self, model: DigitsModel) -> None:
        super().__init__()
        self.setModel(model)
        self._digits = model
        self._place = -1  # the row to return to when the digits are others
        self.setObjectName("myDigitsList")
        self.setAccessibleName("Your digits")
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMovement(QListView.Movement.Static)
        self.setSelectionMode(QListView.SelectionMode.ExtendedSelection)
        self.setUniformItemSizes(True)
        self.setGridSize(CELL)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self._delegate = DigitDelegate(self)
        self.setItemDelegate(self._delegate)
        self.setMouseTracking(True)
        self.selectionModel().selectionChanged.connect(self.chosen)
        model.modelAboutToBeReset.connect(self._remember_place)
        model.modelReset.connect(self._return_to_place)

    @property
    def selected(self) -> list[OwnDigit]:
        """The chosen digits, in order."""
        return [self._digits.digits[row] for row in sorted(index.row() for index in self.selectedIndexes())]

    def apply_theme(self, theme: Theme) -> None:
        """Take on the colours of a theme."""
        self._delegate.theme = theme
        self._digits.apply_theme(theme)
        self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        if self.selected and is_plain and event.text() in tuple("0123456789"):
            was_unknown = [digit.label for digit in self.selected] == [None]
            self.relabelled.emit(int(event.text()))
            if was_unknown:
                self._go_to_next_unknown()
        elif self.selected and event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.deleted.emit()
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, text: str) -> None:
        """Keys say what digits are; they do not look for one."""

    def _go_to_next_unknown(self) -> None:
        count, here = len(self._digits.digits), self.currentIndex().row()
        after = [(here + k) % count for k in range(1, count)]
        row = next((row for row in after if self._digits.digits[row].label is None), here)
        self.setCurrentIndex(self._digits.index(row))

    def _remember_place(self) -> None:
        self._place = self.currentIndex().row() if self.selected else -1

    def _return_to_place(self) -> None:
        row = min(self._place, len(self._digits.digits) - 1)
        if row >= 0:
            self.setCurrentIndex(self._digits.index(row))
        self.chosen.emit()
