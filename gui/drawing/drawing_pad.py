"""A sheet to draw a digit on, with mouse, pen or finger."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap, QResizeEvent, QTransform
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.drawing.digit_image import ink_image
from gui.drawing.strokes import PEN_WIDTH, SHEET, Stroke, paint, redrawn
from gui.theme import LIGHT, Theme
from model.digit_image import SIDE, center_digit

SHORTEST = 1.0  # between two points of a stroke, in the same units


@dataclass(frozen=True, eq=False)
class Drawing:
    """What is on the sheet: strokes of the pen, or a digit of MNIST as it is. Only a stroke being drawn still grows."""

    strokes: tuple[Stroke, ...] = ()
    digit: NDArray[np.float32] | None = None  # (28, 28), 0 to 1

    @property
    def is_empty(self) -> bool:
        """Whether the sheet is blank."""
        return not self.strokes and self.digit is None

    def continues(self, other: "Drawing") -> bool:
        """Whether it is still the same digit, with strokes more or less."""
        return bool(self.strokes and other.strokes) and self.strokes[0] is other.strokes[0]


class DrawingPad(QWidget):
    """Emits what the network receives at every stroke."""

    digit_changed = Signal(object)  # (28, 28) float32 in [0, 1], or None with nothing drawn
    drawing_changed = Signal(object)  # Drawing

    def __init__(self) -> None:
        super().__init__()
        self._theme = LIGHT
        self._drawing = Drawing()
        self._earlier: list[Drawing] = []
        self._pen_down = False
        self._paint_anew()
        self.setObjectName("drawingPad")
        self.setAccessibleName("Drawing pad")
        self.setToolTip("Draw a digit here with mouse, pen or finger; the answer follows. Delete empties it.")
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setMinimumSize(120, 120)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    @property
    def drawing(self) -> Drawing:
        """What is on the sheet now."""
        return self._drawing

    @property
    def digit(self) -> NDArray[np.float32] | None:
        """What the network receives of it, (28, 28) in [0, 1], or None with nothing drawn."""
        if self._drawing.is_empty:
            return None
        return self._drawing.digit if self._drawing.strokes == () else center_digit(redrawn(self._drawing.strokes))

    @property
    def can_undo(self) -> bool:
        """Whether there is anything to take back."""
        return bool(self._earlier)

    def clear(self) -> None:
        """Empty the sheet; undo brings its drawing back."""
        if not self._drawing.is_empty:
            self._replace(Drawing())

    def undo(self) -> None:
        """Take back the last stroke, or whatever was done last."""
        if self._earlier and not self._pen_down:
            self._drawing = self._earlier.pop()
            self._paint_anew()
            self._announce()

    def show_digit(self, digit: NDArray[np.float32]) -> None:
        """Put a digit of MNIST on the sheet, (784,) or (28, 28); the network gets it just as it is."""
        self._replace(Drawing(digit=np.asarray(digit, np.float32).reshape(SIDE, SIDE)))

    def apply_theme(self, theme: Theme) -> None:
        """Take on the colours of a theme."""
        self._theme = theme
        self._paint_anew()
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.clear()
        else:
            super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        return QSize(SHEET, SHEET)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.setMaximumHeight(max(self.width(), self.minimumHeight()))
        self._paint_anew()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or not self._sheet().contains(event.position()):
            return
        strokes = () if self._drawing.digit is not None else self._drawing.strokes
        self._replace(Drawing((*strokes, [self._on_sheet(event.position())])))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if not self._pen_down:
            return
        stroke, point = self._drawing.strokes[-1], self._on_sheet(event.position())
        if (point - stroke[-1]).manhattanLength() >= SHORTEST:
            stroke.append(point)
            self._paint([stroke[-2:]])  # however long the stroke grows, its next piece costs the same
            self._announce()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._pen_down and event.button() == Qt.MouseButton.LeftButton:
            self._pen_down = False
            self._paint_anew()  # in one line, without the seams of its pieces
            self._announce()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        sheet = self._sheet()
        painter.setPen(QPen(QColor(self._theme.hairline), 1))
        painter.setBrush(QColor(self._theme.paper))
        painter.drawRoundedRect(sheet.adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        if self._drawing.is_empty:
            painter.setPen(QColor(self._theme.secondary_text))
            painter.drawText(sheet, Qt.AlignmentFlag.AlignCenter, "Draw a digit here")
        elif self._drawing.digit is not None:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
            painter.drawImage(sheet.adjusted(6, 6, -6, -6), ink_image(self._drawing.digit, self._theme))
        else:
            painter.drawPixmap(sheet.topLeft(), self._seen)
        if self.hasFocus():
            painter.setPen(QPen(QColor(self._theme.accent), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(sheet.adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)

    def _replace(self, drawing: Drawing) -> None:
        self._pen_down = bool(drawing.strokes)
        self._earlier.append(self._drawing)
        self._drawing = drawing
        self._paint_anew()
        self._announce()

    def _paint_anew(self) -> None:
        """Paint all strokes."""
        ratio = self.devicePixelRatioF()
        self._seen = QPixmap(self._sheet().size().toSize() * ratio)
        self._seen.setDevicePixelRatio(ratio)
        self._seen.fill(Qt.GlobalColor.transparent)
        self._paint(self._drawing.strokes)

    def _paint(self, strokes: Sequence[Stroke]) -> None:
        """Add strokes, or pieces of one."""
        scale = self._sheet().width() / SHEET
        paint(self._seen, strokes, QColor(self._theme.text), PEN_WIDTH, QTransform.fromScale(scale, scale))

    def _announce(self) -> None:
        self.update()
        self.drawing_changed.emit(self._drawing)
        self.digit_changed.emit(self.digit)

    def _sheet(self) -> QRectF:
        side = min(self.width(), self.height())
        return QRectF((self.width() - side) / 2, (self.height() - side) / 2, side, side)

    def _on_sheet(self, position: QPointF) -> QPointF:
        sheet = self._sheet()
        return (position - sheet.topLeft()) * (SHEET / sheet.width())
