"""How sure a network is of pictures of one kind and another."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.theme import scaled, theme
from gui.widgets.bar import paint_bar
from gui.widgets.numbers import percent

SURE = 0.9
KINDS = 3
BAR, GAP = 8, 8  # pixels, at 100 percent: the height of a bar, and the space between two kinds


@dataclass(frozen=True, eq=False)
class Confidence:
    """How sure a network is of each picture of a kind."""

    kind: str
    confidences: NDArray[np.floating]  # (pictures,): the largest of the ten probabilities

    @property
    def mean(self) -> float:
        """Over all pictures."""
        return float(self.confidences.mean())

    @property
    def sure(self) -> int:
        """Of how many pictures it is sure."""
        return int((self.confidences >= SURE).sum())


class ConfidenceBars(QWidget):
    """For each kind its name, a bar for the mean confidence, and how many pictures the network is sure of."""

    def __init__(self) -> None:
        super().__init__()
        self.kinds: Sequence[Confidence] = ()
        self.setObjectName("confidenceBars")
        self.setToolTip("The largest of the ten probabilities, in the mean over all pictures of a kind.")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.show_kinds(())

    def show_kinds(self, kinds: Sequence[Confidence]) -> None:
        """Show how sure a network is of these kinds."""
        self.kinds = kinds
        self.setAccessibleName("Confidence: " + ", ".join(f"{each.kind} {percent(each.mean, 0)}" for each in kinds))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(scaled(190), KINDS * self._pitch() - scaled(GAP))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for k, kind in enumerate(self.kinds):
            self._paint_kind(painter, kind, QRectF(0, k * self._pitch(), self.width(), self._pitch() - scaled(GAP)))

    def _pitch(self) -> int:
        return 2 * self.fontMetrics().height() + scaled(BAR + 4) + scaled(GAP)

    def _paint_kind(self, painter: QPainter, kind: Confidence, place: QRectF) -> None:
        left, right, top = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight, Qt.AlignmentFlag.AlignTop
        count = len(kind.confidences)
        painter.setPen(QColor(theme().text))
        painter.drawText(place, left | top, f"{count} {kind.kind}")
        painter.drawText(place, right | top, f"mean {percent(kind.mean)}")
        painter.setPen(QColor(theme().secondary_text))
        sentence = f"≥ {percent(SURE, 0)} sure of {percent(kind.sure / count, 0)} of them"
        painter.drawText(place, left | Qt.AlignmentFlag.AlignBottom, sentence)
        height = scaled(BAR)
        track = QRectF(place.left(), place.center().y() - height / 2, place.width(), height)
        paint_bar(painter, track, kind.mean, theme().accent)
