"""A text as long as there is room for."""

from bisect import bisect_left
from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget


class FittingLabel(QWidget):
    """So many lines high, whatever it says; of several ways to say it, it takes the longest that fits."""

    def __init__(self, lines: int, name: str) -> None:
        super().__init__()
        self._lines = lines
        self._texts: Sequence[str] = ("",)
        self._text = ""
        self.setObjectName(name)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def text(self) -> str:
        """What it says."""
        return self._text

    def show_longest(self, texts: Sequence[str]) -> None:
        """Show the longest of these texts, the shortest first, that fits; if none does, the shortest."""
        self._texts = texts
        fitting = bisect_left(texts, True, key=lambda text: not self._fits(text))
        self._text = texts[max(0, fitting - 1)]
        self.setAccessibleName(self._text)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(0, self._lines * self.fontMetrics().lineSpacing())

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.show_longest(self._texts)

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).drawText(self.rect(), Qt.TextFlag.TextWordWrap, self._text)

    def _fits(self, text: str) -> bool:
        return self.rect().contains(self.fontMetrics().boundingRect(self.rect(), Qt.TextFlag.TextWordWrap, text))
