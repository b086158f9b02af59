"""The kept digits as pictures, each with what it is and what the network takes it for."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from gui.controllers import Controllers
from gui.scene import Scene
from gui.scheduler import Part, Urgency
from gui.theme import scaled, theme
from gui.widgets.digit_picture import ink_image
from gui.widgets.numbers import percent, with_article
from model.dataset import as_floats
from model.digit_image import SIDE
from model.storage.own_digits import MOST_DIGITS, OwnDigit

# Pixels, at 100 percent
MAGNIFIED = 2  # for one of a digit
AROUND = 20, 28  # what a cell takes beside its picture, for the text and the edges
GAP = 4  # between two cells

FEW = 50  # digits that are painted one by one

Index = QModelIndex | QPersistentModelIndex
NO_PARENT = QModelIndex()


class DigitsModel(QAbstractListModel):
    """What Qt asks about each of the digits."""

    def __init__(self) -> None:
        super().__init__()
        self.digits: tuple[OwnDigit, ...] = ()
        self._asked: Sequence[OwnDigit] = ()  # what the predictions are for
        self._places: dict[bytes, int] = {}  # of each digit's pixels among them
        self._probabilities: NDArray[np.floating] = np.empty((0, 10))
        self._predicted = np.empty(0, np.intp)

    def show_digits(self, digits: tuple[OwnDigit, ...]) -> None:
        """Take in the digits; what is predicted for those that were there already stays."""
        before = self.digits
        if [each.pixels for each in digits] != [each.pixels for each in before]:
            self.beginResetModel()
            self.digits = digits
            self.endResetModel()
        else:
            self.digits = digits
            self._repaint([row for row, digit in enumerate(digits) if digit != before[row]])

    def show_predictions(self, digits: Sequence[OwnDigit], probabilities: NDArray[np.floating]) -> None:
        """Take in what a network predicts for digits, (digits, 10)."""
        before, self._predicted = self._predicted, probabilities.argmax(axis=1)
        self._probabilities = probabilities
        if self._asked is digits is self.digits:
            self._repaint(np.flatnonzero(self._predicted != before).tolist())
        else:
            self._asked, self._places = digits, {digit.pixels: place for place, digit in enumerate(digits)}
            self._repaint(range(len(self.digits)))

    def rowCount(self, parent: Index = NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self.digits)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        digit = self.digits[index.row()]
        place = self._places.get(digit.pixels)
        predicted = None if place is None else int(self._predicted[place])
        match role:
            case Qt.ItemDataRole.DisplayRole:
                label = "?" if digit.label is None else str(digit.label)
                return label if predicted in (None, digit.label) else f"{label}  →  {predicted}"
            case Qt.ItemDataRole.DecorationRole:
                return _picture(digit.pixels, theme().name)
            case Qt.ItemDataRole.ForegroundRole:
                is_mistake = digit.label is not None and predicted not in (None, digit.label)
                return QColor(theme().training if is_mistake else theme().secondary_text)
            case Qt.ItemDataRole.ToolTipRole | Qt.ItemDataRole.AccessibleTextRole:
                what = "Nobody has said what this is" if digit.label is None else with_article(digit.label).capitalize()
                if place is None:
                    return f"{what}."
                probability = percent(float(self._probabilities[place, predicted]), 0)
                return f"{what}; the network answers {predicted}, with {probability}."
        return None

    def _repaint(self, rows: Sequence[int]) -> None:
        """A few one by one: what lies between them need not be painted. Of many, most are out of sight."""
        pairs = [(row, row) for row in rows] if len(rows) <= FEW else [(rows[0], rows[-1])]
        for first, last in pairs:
            self.dataChanged.emit(self.index(first), self.index(last))


class DigitDelegate(QStyledItemDelegate):
    """Paints a digit itself: the style sheet's own way costs ten times as much, with every frame."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return _cell() - QSize(GAP, GAP)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        cell = option.rect.adjusted(1, 1, -2, -2)
        is_selected = bool(option.state & QStyle.StateFlag.State_Selected)
        is_focused = bool(option.state & QStyle.StateFlag.State_HasFocus)
        if is_selected or is_focused or option.state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(QColor(theme().accent if is_selected or is_focused else theme().hairline))
            painter.setBrush(QColor(theme().hover if is_selected else theme().card))
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.drawRoundedRect(cell, 6, 6)
        side = scaled(MAGNIFIED) * SIDE
        picture = QRect(cell.center().x() - side // 2, cell.top() + 4, side, side)
        painter.drawImage(picture, index.data(Qt.ItemDataRole.DecorationRole))
        painter.setPen(index.data(Qt.ItemDataRole.ForegroundRole))
        below = cell.adjusted(0, side + 4, 0, 0)
        painter.drawText(below, Qt.AlignmentFlag.AlignCenter, index.data(Qt.ItemDataRole.DisplayRole))


class DigitsList(QListView):
    """Chosen with mouse or arrow keys; the keys 0 to 9 say what the chosen ones are, Delete takes them out."""

    chosen = Signal()  # other digits are selected, or none

    def __init__(self, controllers: Controllers) -> None:
        super().__init__()
        self._collection = controllers.own_digits
        self._drawing = controllers.drawing
        self._digits = DigitsModel()
        self._place = -1  # the row to return to when the digits are others
        self.setModel(self._digits)
        self.setItemDelegate(DigitDelegate(self))
        self.setObjectName("myDigitsList")
        self.setAccessibleName("Your digits")
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMovement(QListView.Movement.Static)
        self.setSelectionMode(QListView.SelectionMode.ExtendedSelection)
        self.setUniformItemSizes(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setMouseTracking(True)
        self.activated.connect(self.show_on_pad)
        self.selectionModel().selectionChanged.connect(self.chosen)
        self._digits.modelAboutToBeReset.connect(self._remember_place)
        self._digits.modelReset.connect(self._return_to_place)
        self.parts = (
            Part(self._fit, ("zoom",)),
            Part(self._show_digits, ("own_digits",), Urgency.PEN),  # before the next key says what one of them is
        )

    @property
    def selected(self) -> list[OwnDigit]:
        """The chosen digits, in order."""
        return [self._digits.digits[row] for row in sorted(index.row() for index in self.selectedIndexes())]

    def show_predictions(self, digits: Sequence[OwnDigit], probabilities: NDArray[np.floating]) -> None:
        """Show what a network predicts for digits, (digits, 10)."""
        self._digits.show_predictions(digits, probabilities)

    def relabel(self, label: int) -> None:
        """Say what the chosen digits are."""
        self._collection.relabel(self.selected, label)

    def delete(self) -> None:
        """Take the chosen digits out of the collection."""
        self._collection.delete(self.selected)

    def show_on_pad(self) -> None:
        """Put the chosen digit on the pad, if it is one."""
        if len(self.selected) == 1:
            (digit,) = self.selected
            self._drawing.show_digit(as_floats(digit.image), label=digit.label)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        if self.selected and is_plain and event.text() in tuple("0123456789"):
            was_unknown = [digit.label for digit in self.selected] == [None]
            self.relabel(int(event.text()))
            if was_unknown:
                self._go_to_next_unknown()
        elif self.selected and event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.delete()
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, text: str) -> None:
        """Keys say what digits are; they do not look for one."""

    def _fit(self, scene: Scene) -> None:
        self.setGridSize(_cell())

    def _show_digits(self, scene: Scene) -> None:
        before = self._digits.digits
        self._digits.show_digits(scene.own_digits)
        if before and scene.own_digits[: len(before)] == before != scene.own_digits:  # others were added behind them
            self.scrollToBottom()

    def _go_to_next_unknown(self) -> None:
        count, here = len(self._digits.digits), self.currentIndex().row()
        after = [(here + k) % count for k in range(1, count)]
        row = next((row for row in after if self._digits.digits[row].label is None), here)
        self.setCurrentIndex(self._digits.index(row))

    def _remember_place(self) -> None:
        self._place = self.currentIndex().row() if self.selectedIndexes() else -1

    def _return_to_place(self) -> None:
        row = min(self._place, len(self._digits.digits) - 1)
        if row >= 0:
            self.setCurrentIndex(self._digits.index(row))
        self.chosen.emit()


def _cell() -> QSize:
    """What a digit takes in the list, with the gap to the next."""
    side = scaled(MAGNIFIED) * SIDE
    return QSize(side + scaled(AROUND[0]), side + scaled(AROUND[1]))


@lru_cache(maxsize=MOST_DIGITS)
def _picture(pixels: bytes, theme_name: str) -> QImage:
    """A digit in the colours of the theme, which the application wears."""
    return ink_image(as_floats(np.frombuffer(pixels, np.uint8).reshape(SIDE, SIDE)))
