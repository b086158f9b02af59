"""The kept digits as pictures, each with what it is and what the network takes it for."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPixmap
from PySide6.QtWidgets import QListView

from gui.drawing.digit_image import ink_image
from gui.numbers import percent
from gui.theme import LIGHT, Theme
from model.dataset import as_floats
from model.digit_image import SIDE
from model.own_digits import OwnDigit

MAGNIFIED = 2  # pixels of the screen for one of a digit
CELL = QSize(76, 84)  # pixels, with the text

Index = QModelIndex | QPersistentModelIndex
NO_PARENT = QModelIndex()


class DigitsModel(QAbstractListModel):
    """What Qt asks about each of the digits."""

    def __init__(self) -> None:
        super().__init__()
        self.digits: tuple[OwnDigit, ...] = ()
        self._answers: NDArray[np.floating] = np.zeros((0, 10))
        self._theme = LIGHT
        self._pictures: dict[bytes, QPixmap] = {}

    def show_digits(self, digits: tuple[OwnDigit, ...], answers: NDArray[np.floating]) -> None:
        """Take in other digits, and the probabilities of the network's answers to them, (digits, 10)."""
        if digits != self.digits:
            self.beginResetModel()
            self.digits, self._answers = digits, answers
            self._pictures = {each.pixels: self._pictures.get(each.pixels) or self._paint(each) for each in digits}
            self.endResetModel()
        else:
            self._answers = answers
            self._tell_changed()

    def apply_theme(self, theme: Theme) -> None:
        """Take on the colours of a theme."""
        self._theme = theme
        self._pictures = {each.pixels: self._paint(each) for each in self.digits}
        self._tell_changed()

    def rowCount(self, parent: Index = NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self.digits)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        digit, probabilities = self.digits[index.row()], self._answers[index.row()]
        answer = int(probabilities.argmax())
        is_wrong = digit.label is not None and digit.label != answer
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return f"{'?' if digit.label is None else digit.label}" + (
                    "" if digit.label == answer else f"  →  {answer}"
                )
            case Qt.ItemDataRole.DecorationRole:
                return self._pictures[digit.pixels]
            case Qt.ItemDataRole.ForegroundRole:
                return QColor(self._theme.training if is_wrong else self._theme.secondary_text)
            case Qt.ItemDataRole.ToolTipRole | Qt.ItemDataRole.AccessibleTextRole:
                told = "Nobody has said what this is" if digit.label is None else f"A {digit.label}"
                return f"{told}; the network answers {answer}, with {percent(float(probabilities[answer]), 0)}."
        return None

    def _tell_changed(self) -> None:
        if self.digits:
            self.dataChanged.emit(self.index(0), self.index(len(self.digits) - 1))

    def _paint(self, digit: OwnDigit) -> QPixmap:
        picture = QPixmap.fromImage(ink_image(as_floats(digit.image), self._theme))
        return picture.scaled(MAGNIFIED * SIDE, MAGNIFIED * SIDE)


class DigitsList(QListView):
    """Chosen with mouse or arrow keys; the keys 0 to 9 say what the chosen ones are, Delete takes them out."""

    relabelled = Signal(int)
    deleted = Signal()
    chosen = Signal()  # other digits are selected, or none

    def __init__(self, model: DigitsModel) -> None:
        super().__init__()
        self.setModel(model)
        self._digits = model
        self.setObjectName("myDigitsList")
        self.setAccessibleName("Your digits")
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMovement(QListView.Movement.Static)
        self.setSelectionMode(QListView.SelectionMode.ExtendedSelection)
        self.setUniformItemSizes(True)
        self.setGridSize(CELL)
        self.setIconSize(QSize(MAGNIFIED * SIDE, MAGNIFIED * SIDE))
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.selectionModel().selectionChanged.connect(self.chosen)
        model.modelReset.connect(self.chosen)

    @property
    def selected(self) -> list[OwnDigit]:
        """The chosen digits, in order."""
        return [self._digits.digits[row] for row in sorted(index.row() for index in self.selectedIndexes())]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        if self.selected and is_plain and event.text() in tuple("0123456789"):
            self.relabelled.emit(int(event.text()))
        elif self.selected and event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.deleted.emit()
        else:
            super().keyPressEvent(event)
