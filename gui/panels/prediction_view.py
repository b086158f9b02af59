"""What the network receives of the drawing, and what it answers."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from gui.flow.scene import Scene
from gui.flow.scheduler import Part, Urgency
from gui.theme import scaled
from gui.widgets.card import FixedLabel, label, named
from gui.widgets.digit_picture import DigitPicture
from gui.widgets.layouts import column
from gui.widgets.numbers import probability
from gui.widgets.probability_bars import ProbabilityBars

MAGNIFIED = ((420, 4), (320, 3), (0, 2))  # from so many pixels of height on, so many for one of the digit


class PredictionView(QWidget):
    """A function of the frame's network and the digit on the pad; beside it, of another network for comparison."""

    def __init__(self) -> None:
        super().__init__()
        tip = (
            "The 28×28 numbers that go into the network: of a drawing, "
            "the lines fitted into 20×20, as wide as MNIST's, and centred by their mass."
        )
        self._received = named(DigitPicture(), "receivedImage", "What the network receives", tip)
        self._predicted = FixedLabel("0", name="predictedDigitLabel")
        self._predicted.setAccessibleName("The network's answer")
        self._certainty = FixedLabel("> 99.9 %", "secondary")
        self._bars = ProbabilityBars("probabilityBars")
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(2, 1)
        grid.addWidget(label("Network sees", "secondary"), 0, 0)
        grid.addWidget(label("and answers", "secondary"), 0, 1, 1, 2)
        for place, widget in enumerate((self._received, self._predicted, self._certainty)):
            grid.addWidget(widget, 1, place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.setLayout(column(grid, (self._bars, 1), spacing=8))
        self.parts = (Part(self._show, ("digit", "network", "other_answers"), Urgency.PEN),)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._received.magnify(next(times for height, times in MAGNIFIED if self.height() >= scaled(height)))

    def _show(self, scene: Scene) -> None:
        digit = scene.digit
        self._received.show_digit(digit)
        if digit is None or not scene.has_answers:
            self._predicted.setText("")
            self._certainty.setText("")
            self._bars.show_probabilities(None)
            return
        probabilities, other = scene.network.predict_digit(digit), scene.other_answers
        self._predicted.setText(str(probabilities.argmax()))
        self._certainty.setText(probability(probabilities.max()))
        self._bars.show_probabilities(probabilities, other.predict_digit(digit) if other else None)
