"""A share of a whole as a bar."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from gui.theme import theme


def paint_bar(painter: QPainter, track: QRectF, share: float, color: str) -> None:
    """Paint a track with round ends, filled from the left up to a share of it, 0 to 1."""
    _fill(painter, track, 1, theme().hairline)
    _fill(painter, track, share, color)


def _fill(painter: QPainter, track: QRectF, share: float, color: str) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(color))
    painter.setClipRect(QRectF(track.left(), track.top(), float(share) * track.width(), track.height()))
    painter.drawRoundedRect(track, track.height() / 2, track.height() / 2)
    painter.setClipping(False)
