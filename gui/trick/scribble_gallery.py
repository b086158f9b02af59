"""As many small pictures as there is room for, each with the answer to it."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.numbers import answer_in_words
from gui.theme import Theme
from gui.trick.answered_picture import AnsweredPicture

COLUMNS, MOST_ROWS = 4, 6
GAP = 6  # pixels between two pictures, at least


class ScribbleGallery(QWidget):
    """Leafs through pictures."""

    picture_chosen = Signal(object)  # (28, 28) float32

    def __init__(self) -> None:
        super().__init__()
        self._first = 0
        self._images: Sequence[NDArray[np.float32]] = ()
        self._answers: NDArray[np.floating] = np.zeros((0, 10))
        self._pictures = [AnsweredPicture(self) for _ in range(COLUMNS * MOST_ROWS)]
        for k, picture in enumerate(self._pictures):
            picture.setObjectName(f"scribble{k}")
            picture.clicked.connect(lambda _, chosen=picture: self.picture_chosen.emit(chosen.digit))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_answers(self, images: Sequence[NDArray[np.float32]], answers: NDArray[np.floating]) -> None:
        """Show images, each (28, 28), and the probabilities that a network answers, (images, 10)."""
        self._images, self._answers = images, answers
        self._show()

    def turn_page(self) -> None:
        """Show the next ones; after the last come the first again."""
        visible = sum(not picture.isHidden() for picture in self._pictures)
        self._first = (self._first + visible) % max(1, len(self._images))
        self._show()

    def apply_theme(self, theme: Theme) -> None:
        """Take on the colours of a theme."""
        for picture in self._pictures:
            picture.apply_theme(theme)

    def minimumSizeHint(self) -> QSize:
        smallest = self._pictures[0].minimumSizeHint()
        return QSize(COLUMNS * (smallest.width() + GAP) - GAP, 2 * (smallest.height() + GAP) - GAP)

    def resizeEvent(self, event: QResizeEvent) -> None:
        width = (self.width() + GAP) // COLUMNS - GAP
        height = self._pictures[0].heightForWidth(width)
        rows = min(MOST_ROWS, max(1, (self.height() + GAP) // (height + GAP)))
        for k, picture in enumerate(self._pictures):
            row, column = divmod(k, COLUMNS)
            left = column * (self.width() - width) // (COLUMNS - 1)
            picture.setGeometry(left, row * (self.height() - height) // max(1, rows - 1), width, height)
            picture.setVisible(row < rows)

    def _show(self) -> None:
        for k, picture in enumerate(self._pictures, start=self._first):
            index = k % len(self._images)
            picture.show_digit(self._images[index], answer_in_words(self._answers[index]))
