"""Spin boxes for the numbers of training. What was typed is never corrected: it is read, or it is wrong."""

import math
from typing import Any

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtGui import QMouseEvent, QValidator
from PySide6.QtWidgets import QAbstractSpinBox, QDoubleSpinBox, QLineEdit, QSpinBox


class WholeNumberField(QSpinBox):
    """A whole number, right-aligned, without arrows."""

    def __init__(self, lowest: int, highest: int) -> None:
        super().__init__()
        self.wanted = f"a whole number from {lowest:,} to {highest:,}"
        _dress(self)
        self.setRange(lowest, highest)

    def is_readable(self) -> bool:
        """Whether what stands there is a number that there can be."""
        return self._read(self.text()) is not None

    def show_value(self, value: float) -> None:
        """Show a whole number, or the largest that there can be."""
        _show(self, min(int(value), self.maximum()))  # Qt raises an exception where 32 bits are not enough

    def setValue(self, value: int) -> None:
        _write(self, super().setValue, value, str)

    def textFromValue(self, value: int) -> str:
        return str(value) if self.is_readable() else self.text()

    def valueFromText(self, text: str) -> int:
        value = self._read(text)
        return self.value() if value is None else value

    def validate(self, text: str, position: int) -> QValidator.State:  # type: ignore[override]
        return QValidator.State.Acceptable

    def stepBy(self, steps: int) -> None:
        self.setValue(self.value() + steps)

    def _read(self, text: str) -> int | None:
        try:
            value = int(text)
        except ValueError:
            return None
        return value if self.minimum() <= value <= self.maximum() else None


class LearningRateField(QDoubleSpinBox):
    """A positive number of any magnitude; the arrow keys go 0.001, 0.003, 0.01, 0.03, …"""

    wanted = "a number from 1e-9 to 1e38, such as 0.003"

    def __init__(self) -> None:
        super().__init__()
        _dress(self)
        self.setDecimals(50)  # as many as the range needs: what is shown is the shortest form
        self.setRange(1e-9, 1e38)

    def is_readable(self) -> bool:
        """Whether what stands there is a number that there can be."""
        return self._read(self.text()) is not None

    def show_value(self, value: float) -> None:
        """Show a value, in the shortest form that is read as this very number again."""
        _show(self, value)

    def setValue(self, value: float) -> None:
        _write(self, super().setValue, value, _shortest)

    def textFromValue(self, value: float) -> str:
        return _shortest(value) if self.is_readable() else self.text()

    def valueFromText(self, text: str) -> float:
        value = self._read(text)
        return self.value() if value is None else value

    def validate(self, text: str, position: int) -> QValidator.State:  # type: ignore[override]
        return QValidator.State.Acceptable

    def stepBy(self, steps: int) -> None:
        decade = math.floor(math.log10(self.value()) + 1e-9)
        rung = 2 * decade + (self.value() / 10**decade > 2.999)  # two rungs a decade: 1 and 3
        if steps < 0 and self.value() > 1.001 * _value_of(rung):
            rung += 1  # between two rungs, down is the lower one
        self.setValue(_value_of(rung + steps))

    def _read(self, text: str) -> float | None:
        try:
            value = float(text.replace(",", "."))
        except ValueError:
            return None
        return value if self.minimum() <= value <= self.maximum() else None


NumberField = WholeNumberField | LearningRateField


class _WholeText(QLineEdit):
    """A double click selects all of a number, not only what stands before its point."""

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.selectAll()


def _shortest(value: float) -> str:
    """The shortest text that is read as this very number; 1.0 is "1"."""
    return repr(float(value)).removesuffix(".0")


def _value_of(rung: int) -> float:
    return float(f"{3 if rung % 2 else 1}e{rung // 2}")


def _show(field: Any, value: float) -> None:
    """Show a value that the user has not typed; what is read as this very value stays as it was written."""
    if value != field.value() or not field.is_readable():
        with QSignalBlocker(field), QSignalBlocker(field.lineEdit()):
            field.setValue(value)


def _write(field: Any, set_value: Any, value: float, written: Any) -> None:
    """Set a value as Qt does, and write it even over a text that nobody can read, which `textFromValue` keeps."""
    set_value(value)
    field.lineEdit().setText(written(field.value()))


def _dress(field: QAbstractSpinBox) -> None:
    field.setLineEdit(_WholeText())
    field.lineEdit().setTextMargins(0, 0, 8, 0)
    field.setAlignment(Qt.AlignmentFlag.AlignRight)
