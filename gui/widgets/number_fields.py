"""Fields for the numbers of training. What was typed is never corrected: it is read, or it is wrong."""

import math
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtGui import QFocusEvent, QMouseEvent, QValidator
from PySide6.QtWidgets import QDoubleSpinBox, QLineEdit, QSpinBox

from gui.widgets.card import set_style_property
from gui.widgets.plain_text import plain
from model.training import (
    HIDDEN_LAYERS_WANTED,
    LARGEST_LEARNING_RATE,
    SMALLEST_LEARNING_RATE,
    read_hidden_layers,
    written_hidden_layers,
)


class _TypedNumber:
    """What both kinds of spin box do: right-aligned, without arrows, and what was typed stays.

    Qt asks for the text of a value whenever it would correct one; a text that nobody can read is its own answer.
    """

    def dress(self: Any) -> None:
        """Look like it."""
        self.setLineEdit(_WholeText())
        self.lineEdit().setTextMargins(0, 0, 8, 0)
        self.setAlignment(Qt.AlignmentFlag.AlignRight)

    def when_edited(self: Any, act: Callable[[], object]) -> None:
        """Call something with every change, also to what has no value."""
        self.valueChanged.connect(lambda: act())
        self.lineEdit().textChanged.connect(lambda: act())

    def is_readable(self: Any) -> bool:
        """Whether what stands there is a number that there can be."""
        return self.read(self.text()) is not None

    def show_value(self: Any, value: float) -> None:
        """Show a value that the user has not typed; what is read as this very value stays as it was written."""
        if value != self.value() or not self.is_readable():
            with QSignalBlocker(self), QSignalBlocker(self.lineEdit()):
                self.setValue(value)

    def setValue(self: Any, value: Any) -> None:
        super().setValue(value)  # type: ignore[misc]
        self.lineEdit().setText(self.written(self.value()))  # even over a text that nobody can read

    def textFromValue(self: Any, value: Any) -> str:
        return self.written(value) if self.is_readable() else self.text()

    def valueFromText(self: Any, text: str) -> Any:
        value = self.read(text)
        return self.value() if value is None else value

    def validate(self, text: str, position: int) -> QValidator.State:
        return QValidator.State.Acceptable


class WholeNumberField(_TypedNumber, QSpinBox):  # type: ignore[misc]
    """A whole number."""

    def __init__(self, lowest: int, highest: int) -> None:
        super().__init__()
        self.dress()
        self.setRange(lowest, highest)

    @property
    def wanted(self) -> str:
        """What the field takes."""
        return f"a whole number from {self.minimum():,} to {self.maximum():,}"

    def show_value(self, value: float) -> None:
        """Show a whole number, or the largest that there can be: Qt raises an exception beyond 32 bits."""
        super().show_value(min(int(value), self.maximum()))

    def stepBy(self, steps: int) -> None:
        self.setValue(self.value() + steps)

    def read(self, text: str) -> int | None:
        """The number that a text stands for, if there can be one like it."""
        try:
            value = int(text)
        except ValueError:
            return None
        return value if self.minimum() <= value <= self.maximum() else None

    def written(self, value: int) -> str:
        """The same digits in any country."""
        return str(value)


class LearningRateField(_TypedNumber, QDoubleSpinBox):  # type: ignore[misc]
    """A positive number of any magnitude; the arrow keys go 0.001, 0.003, 0.01, 0.03, …"""

    wanted = "a number from 1e-9 to 1e38, such as 0.003"

    def __init__(self) -> None:
        super().__init__()
        self.dress()
        self.setDecimals(50)  # as many as the range needs: what is shown is the shortest form
        self.setRange(SMALLEST_LEARNING_RATE, LARGEST_LEARNING_RATE)

    def stepBy(self, steps: int) -> None:
        decade = math.floor(math.log10(self.value()) + 1e-9)
        rung = 2 * decade + (self.value() / 10**decade > 2.999)  # two rungs a decade: 1 and 3
        if steps < 0 and self.value() > 1.001 * _value_of(rung):
            rung += 1  # between two rungs, down is the lower one
        self.setValue(_value_of(rung + steps))

    def read(self, text: str) -> float | None:
        """The number that a text stands for, if there can be one like it."""
        try:
            value = float(text.replace(",", "."))
        except ValueError:
            return None
        return value if self.minimum() <= value <= self.maximum() else None

    def written(self, value: float) -> str:
        """The shortest text that is read as this very number; 1.0 is "1"."""
        return repr(float(value)).removesuffix(".0")


class HiddenLayersField(QLineEdit):
    """How many neurons each hidden layer has."""

    wanted = HIDDEN_LAYERS_WANTED

    def __init__(self) -> None:
        super().__init__(written_hidden_layers(()))
        self.setTextMargins(0, 0, 8, 0)
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._value: tuple[int, ...] = ()

    def when_edited(self, act: Callable[[], object]) -> None:
        """Call something with every change."""
        self.textChanged.connect(lambda: act())

    def value(self) -> tuple[int, ...]:
        """The sizes that stand there, or the last that could be read."""
        if self.is_readable():
            self._value = read_hidden_layers(self.text())
        return self._value

    def is_readable(self) -> bool:
        """Whether what stands there are layers that there can be."""
        try:
            read_hidden_layers(self.text())
        except ValueError:
            return False
        return True

    def show_value(self, value: tuple[int, ...]) -> None:
        """Show sizes that the user has not typed; what is read as these very sizes stays as it was written."""
        if value != self.value() or not self.is_readable():
            self._value = value
            with QSignalBlocker(self):
                self.setText(written_hidden_layers(value))
                self.setCursorPosition(0)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.setCursorPosition(0)  # of what is too long for the field, the start is seen


Field = WholeNumberField | LearningRateField | HiddenLayersField


def mark(field: Field, problem: str | None = None) -> None:
    """Show in red, and say in its tooltip, what is wrong with a field: by default, that it cannot be read."""
    problem = problem_of(field) if problem is None else problem
    field.setToolTip(plain(problem) or field.whatsThis())
    set_style_property(field, "wrong", bool(problem))


def problem_of(field: Field) -> str:
    """What is wrong with what stands in a field, in a sentence; empty if nothing is."""
    if field.is_readable():
        return ""
    typed = f", not “{field.text()}”" if field.text() else ""
    return f"{field.accessibleName()} must be {field.wanted}{typed}."


class _WholeText(QLineEdit):
    """A double click selects all of a number, not only what stands before its point."""

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.selectAll()


def _value_of(rung: int) -> float:
    return float(f"{3 if rung % 2 else 1}e{rung // 2}")
