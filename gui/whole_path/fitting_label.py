"""A text as long as there is room for."""

from collections.abc import Sequence

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel


class FittingLabel(QLabel):
    """So many lines high, whatever it says; of several ways to say it, it takes the longest that fits."""

    def __init__(self, lines: int) -> None:
        super().__init__()
        self._texts: Sequence[str] = ("",)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self.setFixedHeight(lines * self.fontMetrics().lineSpacing())

    def show_longest(self, texts: Sequence[str]) -> None:
        """Show the longest of these texts, the shortest first, that fits; if none does, the shortest."""
        self._texts = texts
        self.setText(next((text for text in reversed(texts) if self._fits(text)), texts[0]))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.show_longest(self._texts)

    def _fits(self, text: str) -> bool:
        room = QRect(0, 0, self.width(), self.height())
        needed = self.fontMetrics().boundingRect(room, Qt.TextFlag.TextWordWrap, text)
        return needed.height() <= room.height() and needed.width() <= room.width()
