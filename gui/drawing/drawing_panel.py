"""The card with the drawing pad, its buttons and the network's answer."""

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout

from gui.card import Card, button
from gui.drawing.answers_over_time import AnswersOverTime
from gui.drawing.drawing_pad import Drawing, DrawingPad
from gui.drawing.prediction_view import PredictionView
from gui.theme import Theme
from model.dataset import Dataset, as_floats
from model.history import Frame

# From so many pixels of height on, there is room for a plot of so many.
PLOT_HEIGHTS = ((700, 150), (560, 88))


class DrawingPanel(Card):
    """Draw a digit, or take one out of the test set, and see what the network on the screen makes of it."""

    closer_look_requested = Signal()

    def __init__(self) -> None:
        super().__init__("Draw a digit")
        self.setMinimumWidth(262)
        self._dataset: Dataset | None = None
        self._random = np.random.default_rng()
        self.pad = DrawingPad()
        self.prediction = PredictionView()
        self.over_time = AnswersOverTime()
        self._closer = button(
            "Look closer",
            "lookCloserButton",
            "How the drawing becomes 28×28 pixels, what they say, its whole path through the network; "
            "ways to trick the network, and a collection of your own digits.",
        )
        self._clear = button("Clear", "clearDrawingButton", "Empty the sheet. Undo brings the drawing back.")
        self._undo = button("Undo", "undoDrawingButton", "Take back the last stroke.")
        self._test_digit = button(
            "A test digit", "testDigitButton", "Take a digit at random from the 10,000 that are never trained on."
        )
        self._test_digit.setEnabled(False)
        buttons = QHBoxLayout()
        buttons.setSpacing(6)
        for each in (self._clear, self._undo, self._test_digit):
            buttons.addWidget(each)
        self.body.addWidget(self.pad, 1)
        self.body.addLayout(buttons)
        self.body.addWidget(self.prediction)
        self.body.addWidget(self.over_time)
        self._clear.clicked.connect(self.pad.clear)
        self._undo.clicked.connect(self.pad.undo)
        self._test_digit.clicked.connect(self.show_test_digit)
        self.pad.digit_changed.connect(self.prediction.show_digit)
        self.pad.digit_changed.connect(self.over_time.show_digit)
        self.prediction.beside_answer.addWidget(self._closer, alignment=Qt.AlignmentFlag.AlignLeft)
        self.prediction.beside_answer.addStretch()
        self._closer.clicked.connect(self.closer_look_requested)
        self.pad.drawing_changed.connect(self._describe)
        self._describe(self.pad.drawing)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        plot_height = next((height for room, height in PLOT_HEIGHTS if self.height() >= room), 0)
        self.over_time.setVisible(plot_height > 0)
        self.over_time.setFixedHeight(plot_height)

    def use_dataset(self, dataset: Dataset) -> None:
        """Take test digits from here."""
        self._dataset = dataset
        self._test_digit.setEnabled(True)

    def show_frame(self, frame: Frame) -> None:
        """Ask the network of a frame."""
        self.prediction.show_frame(frame)
        self.over_time.show_frame(frame)

    def show_test_digit(self) -> None:
        """Put a random test digit on the sheet and say what it is."""
        if self._dataset is not None:
            index = int(self._random.integers(len(self._dataset.test_images)))
            self.pad.show_digit(as_floats(self._dataset.test_images[index]))
            self.set_title("Draw a digit", f"test digit {index:,}: a {self._dataset.test_labels[index]}")

    def apply_theme(self, theme: Theme) -> None:
        """Take on the colours of a theme."""
        self.pad.apply_theme(theme)
        self.prediction.apply_theme(theme)
        self.over_time.apply_theme(theme)

    def _describe(self, drawing: Drawing) -> None:
        self._clear.setEnabled(not drawing.is_empty)
        self._undo.setEnabled(self.pad.can_undo)
        self.set_title("Draw a digit", "")
