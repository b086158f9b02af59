"""A share of a whole as a bar."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter


def fill_bar(painter: QPainter, track: QRectF, share: float, color: str) -> None:
    """Fill a track with round ends from the left up to a share of it, 0 to 1; a share of 1 is the track itself."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(color))
    painter.setClipRect(QRectF(track.left(), track.top(), float(share) * track.width(), track.height()))
    painter.drawRoundedRect(track, track.height() / 2, track.height() / 2)
    painter.setClipping(False)
