"""What the network receives of the drawing, and what it answers."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QVBoxLayout, QWidget

from gui.bar import fill_bar
from gui.card import label, steady
from gui.drawing.digit_image import DigitImage
from gui.numbers import percent
from gui.theme import LIGHT, Theme
from model.history import Frame

MAGNIFIED = ((420, 4), (320, 3), (0, 2))  # from so many pixels of height on, so many for one of the digit
ROOMIEST_ROW = 40  # pixels between two bars at most


class PredictionView(QWidget):
    """A function of two things: the frame's network and the digit on the pad."""

    def __init__(self) -> None:
        super().__init__()
        self._frame: Frame | None = None
        self._compared: Frame | None = None
        self._digit: NDArray[np.float32] | None = None
        self._received = DigitImage()
        self._received.setObjectName("receivedImage")
        self._received.setAccessibleName("What the network receives")
        self._received.setToolTip(
            "The 28×28 numbers that go into the network: of a drawing, "
            "the lines fitted into 20×20, as wide as MNIST's, and centred by their mass."
        )
        self._answer = label()
        self._answer.setObjectName("predictedDigitLabel")
        self._answer.setAccessibleName("The network's answer")
        self._certainty = steady(label("", "secondary"), "100 %")
        self._bars = ProbabilityBars()
        self._build()
        self._refresh()

    @property
    def probabilities(self) -> NDArray[np.floating] | None:
        """The answer on the screen, (10,), or None with nothing drawn."""
        return self._bars.probabilities

    def show_frame(self, frame: Frame) -> None:
        """Ask the network of a frame."""
        self._frame = frame
        self._refresh()

    def show_compared(self, frame: Frame | None) -> None:
        """Ask the network of another run's frame, too, or of none."""
        self._compared = frame
        self._refresh()

    def show_digit(self, digit: NDArray[np.float32] | None) -> None:
        """Ask about a digit, (28, 28), or about none."""
        self._digit = digit
        self._refresh()

    def apply_theme(self, theme: Theme) -> None:
        """Take on the colours of a theme."""
        self._received.apply_theme(theme)
        self._bars.apply_theme(theme)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._received.magnify(next(times for height, times in MAGNIFIED if self.height() >= height))

    def _build(self) -> None:
        font = QFont(self._answer.font())
        font.setPixelSize(44)
        self._answer.setFont(font)
        steady(self._answer, "0")
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(2, 1)
        grid.addWidget(label("Network sees", "secondary"), 0, 0)
        grid.addWidget(label("and answers", "secondary"), 0, 1, 1, 2)
        grid.addWidget(self._received, 1, 0)
        grid.addWidget(self._answer, 1, 1, Qt.AlignmentFlag.AlignVCenter)
        self.beside_answer = QVBoxLayout()
        self.beside_answer.setSpacing(2)
        self.beside_answer.addStretch()
        self.beside_answer.addWidget(self._certainty)
        grid.addLayout(self.beside_answer, 1, 2)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(grid)
        layout.addWidget(self._bars, 1)

    def _refresh(self) -> None:
        probabilities = self._ask(self._frame)
        self._received.show_digit(self._digit)
        self._bars.show_probabilities(probabilities, self._ask(self._compared))
        if probabilities is None:
            self._answer.setText("")
            self._certainty.setText("")
        else:
            self._answer.setText(str(probabilities.argmax()))
            self._certainty.setText(percent(probabilities.max(), 0))

    def _ask(self, frame: Frame | None) -> NDArray[np.floating] | None:
        return None if frame is None or self._digit is None else frame.network.predict_digit(self._digit)


class ProbabilityBars(QWidget):
    """Ten bars, one a digit; thin ones below them for another network."""

    def __init__(self) -> None:
        super().__init__()
        self._theme = LIGHT
        self.probabilities: NDArray[np.floating] | None = None
        self.compared: NDArray[np.floating] | None = None
        self.setObjectName("probabilityBars")
        self.setToolTip("The probability that the network gives to each digit. Together they are 100 %.")
        self.setMinimumHeight(10 * (self.fontMetrics().height() - 1))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.show_probabilities(None)

    def show_probabilities(
        self, probabilities: NDArray[np.floating] | None, compared: NDArray[np.floating] | None = None
    ) -> None:
        """Show ten probabilities, or empty bars, and those of another network if there is one."""
        self.probabilities, self.compared = probabilities, compared
        shares = [] if probabilities is None else [f"{k}: {percent(p, 0)}" for k, p in enumerate(probabilities)]
        self.setAccessibleName("Probabilities " + (", ".join(shares) or "of the ten digits"))
        self.update()

    def apply_theme(self, theme: Theme) -> None:
        """Take on the colours of a theme."""
        self._theme = theme
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, 10 * (self.fontMetrics().height() + 3))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pitch = min(self.height() / 10, ROOMIEST_ROW)
        for digit in range(10):
            self._paint_row(painter, digit, QRectF(0, digit * pitch, self.width(), pitch))

    def _paint_row(self, painter: QPainter, digit: int, row: QRectF) -> None:
        metrics = self.fontMetrics()
        left, right = metrics.horizontalAdvance("0") + 10, metrics.horizontalAdvance("100.0 %") + 6
        track = QRectF(left, row.center().y() - 4, row.width() - left - right, 8)
        fill_bar(painter, track, 1, self._theme.hairline)
        chosen = self.probabilities is not None and digit == self.probabilities.argmax()
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setPen(QPen(QColor(self._theme.text if chosen else self._theme.secondary_text)))
        painter.drawText(row, Qt.AlignmentFlag.AlignLeft | middle, str(digit))
        if self.probabilities is None:
            return
        painter.drawText(row, Qt.AlignmentFlag.AlignRight | middle, percent(float(self.probabilities[digit])))
        color = self._theme.accent if chosen else self._theme.other_runs
        if self.compared is None:
            fill_bar(painter, track, self.probabilities[digit], color)
        else:
            upper, lower = track.adjusted(0, 0, 0, -track.height() / 2), track.adjusted(0, track.height() / 2, 0, 0)
            fill_bar(painter, upper, self.probabilities[digit], self._theme.accent)
            fill_bar(painter, lower, self.compared[digit], self._theme.compared)
