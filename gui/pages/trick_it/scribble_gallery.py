"""As many small pictures as there is room for, each with the prediction for it."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.drawing.drawing_controller import DrawingController
from gui.pages.trick_it.captioned_picture import Digit
from gui.pages.trick_it.picture_button import PictureButton
from gui.theme import scaled
from gui.widgets.numbers import prediction_in_words

FEWEST_COLUMNS, MOST_COLUMNS, FEWEST_ROWS, MOST_ROWS = 3, 6, 2, 9
ROOMY = 90  # pixels of width, at 100 percent, for which a column is added
GAP = 6  # pixels between two pictures, at least


class ScribbleGallery(QWidget):
    """Leafs through pictures; a click puts one on the pad."""

    def __init__(self, drawing: DrawingController) -> None:
        super().__init__()
        self._first = 0
        self._images: Sequence[Digit] = ()
        self._predictions: NDArray[np.floating] = np.zeros((0, 10))
        self._pictures = [PictureButton(self, f"scribble{k}") for k in range(MOST_COLUMNS * MOST_ROWS)]
        for picture in self._pictures:
            picture.clicked.connect(lambda _, chosen=picture: drawing.show_digit(chosen.digit))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_predictions(self, images: Sequence[Digit], predictions: NDArray[np.floating]) -> None:
        """Show images, and the probabilities that a network predicts for them, (images, 10)."""
        self._images, self._predictions = images, predictions
        self._show()

    def turn_page(self) -> None:
        """Show the next ones; after the last come the first again."""
        visible = sum(not picture.isHidden() for picture in self._pictures)
        self._first = (self._first + visible) % max(1, len(self._images))
        self._show()

    def minimumSizeHint(self) -> QSize:
        smallest = self._pictures[0].sizeHint()
        width = FEWEST_COLUMNS * (smallest.width() + GAP) - GAP
        return QSize(width, FEWEST_ROWS * (smallest.height() + GAP) - GAP)

    def resizeEvent(self, event: QResizeEvent) -> None:
        columns = min(max(FEWEST_COLUMNS, self.width() // scaled(ROOMY)), MOST_COLUMNS)
        width = (self.width() + GAP) // columns - GAP
        height = self._pictures[0].heightForWidth(width)
        rows = min(MOST_ROWS, max(1, (self.height() + GAP) // (height + GAP)))
        for k, picture in enumerate(self._pictures):
            row, column = divmod(k, columns)
            left = column * (self.width() - width) // (columns - 1)
            picture.setGeometry(left, row * (self.height() - height) // max(1, rows - 1), width, height)
            picture.setVisible(row < rows)

    def _show(self) -> None:
        for k, picture in enumerate(self._pictures, start=self._first):
            index = k % len(self._images)
            picture.show_digit(self._images[index], prediction_in_words(self._predictions[index]))
