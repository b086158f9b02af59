"""A small picture to choose, and what a network takes it for."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QWidget

from gui.pages.trick_it.captioned_picture import Digit, paint_digit, side_within
from gui.theme import scaled, theme
from model.digit_image import SIDE

SMALLEST = 2  # pixels, at 100 percent, for one of the digit


class PictureButton(QAbstractButton):
    """28×28 pixels with a line of text below."""

    def __init__(self, parent: QWidget, name: str) -> None:
        super().__init__(parent)
        self.digit: Digit | None = None
        self.setObjectName(name)
        self.setToolTip("Put it on the pad: all views look at it.")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setEnabled(False)

    def show_digit(self, digit: Digit, prediction: str) -> None:
        """Show a picture, (28, 28) from 0 to 1, above a prediction."""
        self.digit = digit
        self.setText(prediction)
        self.setEnabled(True)
        self.setAccessibleName(f"Answered {prediction}")
        self.update()

    def sizeHint(self) -> QSize:
        width = scaled(SMALLEST) * SIDE + 2
        return QSize(width, self.heightForWidth(width))

    def heightForWidth(self, width: int) -> int:
        return side_within(width) + 2 + self._caption_height()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.digit is None:
            return
        painter = QPainter(self)
        side = side_within(self.width())
        square = QRect((self.width() - side) // 2, 1, side, side)
        is_chosen = self.hasFocus() or self.underMouse()
        paint_digit(painter, self.digit, square, theme().accent if is_chosen else theme().hairline)
        painter.setPen(QColor(theme().text))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom, self.text())

    def _caption_height(self) -> int:
        return self.fontMetrics().height() + 3
