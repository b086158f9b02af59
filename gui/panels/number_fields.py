"""Spin boxes for the numbers of training."""

import math

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtGui import QValidator
from PySide6.QtWidgets import QAbstractSpinBox, QDoubleSpinBox, QSpinBox


class WholeNumberField(QSpinBox):
    """A whole number, right-aligned, without arrows."""

    def __init__(self, lowest: int, highest: int) -> None:
        super().__init__()
        _dress(self)
        self.setRange(lowest, highest)

    def show_value(self, value: int) -> None:
        """Show a value, or the nearest that there can be; one that is being typed stays as it was written."""
        if value != self.value():
            with QSignalBlocker(self):  # the user has changed nothing
                self.setValue(min(value, self.maximum()))  # Qt raises an exception where 32 bits are not enough


class LearningRateField(QDoubleSpinBox):
    """A positive number of any magnitude; the arrow keys go 0.001, 0.003, 0.01, 0.03, …"""

    def __init__(self) -> None:
        super().__init__()
        _dress(self)
        self.setDecimals(50)  # as many as the range needs: what is shown is the shortest form
        self.setRange(1e-9, 1e38)

    def show_value(self, value: float) -> None:
        """Show a value; one that is being typed stays as it was written."""
        if value != self.value():
            with QSignalBlocker(self):
                self.setValue(value)

    def textFromValue(self, value: float) -> str:
        return f"{value:.6g}"

    def valueFromText(self, text: str) -> float:
        try:
            return float(text.replace(",", "."))
        except ValueError:
            return self.value()

    def validate(self, text: str, position: int) -> QValidator.State:  # type: ignore[override]
        state = QValidator.State
        try:
            value = float(text.replace(",", "."))
        except ValueError:
            return state.Intermediate if set(text) <= set("0123456789.,eE+-") else state.Invalid
        return state.Acceptable if self.minimum() <= value <= self.maximum() else state.Intermediate

    def stepBy(self, steps: int) -> None:
        decade = math.floor(math.log10(self.value()) + 1e-9)
        rung = 2 * decade + (self.value() / 10**decade > 2.999)  # two rungs a decade: 1 and 3
        if steps < 0 and self.value() > 1.001 * _value_of(rung):
            rung += 1  # between two rungs, down is the lower one
        self.setValue(_value_of(rung + steps))


NumberField = WholeNumberField | LearningRateField


def _value_of(rung: int) -> float:
    return float(f"{3 if rung % 2 else 1}e{rung // 2}")


def _dress(field: QAbstractSpinBox) -> None:
    field.lineEdit().setTextMargins(0, 0, 8, 0)
    field.setAlignment(Qt.AlignmentFlag.AlignRight)
    field.setCorrectionMode(QAbstractSpinBox.CorrectionMode.CorrectToPreviousValue)
