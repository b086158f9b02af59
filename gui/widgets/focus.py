"""Where the keys go: a dotted frame. A solid one is a selection."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QWidget

from gui.theme import scaled, theme


def focus_pen() -> QPen:
    """Of a frame around what has the focus."""
    return QPen(QColor(theme().accent), scaled(1), Qt.PenStyle.DotLine)


def paint_focus(painter: QPainter, widget: QWidget) -> None:
    """Frame a widget that paints itself, if it has the focus."""
    if widget.hasFocus():
        painter.setPen(focus_pen())
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(QRectF(widget.rect()).adjusted(0.5, 0.5, -0.5, -0.5))
