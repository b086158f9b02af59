"""How well the network reads the user's handwriting, beside the test digits: at this moment, and over the run."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont, QHideEvent, QShowEvent
from PySide6.QtWidgets import QGridLayout, QLabel

from gui.card import Card, label, steady
from gui.numbers import percent
from gui.playhead import Runs
from gui.plots.run_plot import RunPlot
from gui.plots.run_survey import RunSurvey
from gui.theme import LIGHT, Theme
from model.dataset import as_floats
from model.digit_image import SIDE
from model.history import Frame, History
from model.network import Network
from model.storage.own_digits import MOST_DIGITS, OwnDigit, as_arrays

TICKS = [(k / 4, percent(k / 4, 0)) for k in range(5)]
ROOM_AT_RIGHT = 26  # pixels: half of the last epoch's name
LARGE = 26  # pixels
NOT_KNOWN = "–"


class HandwritingView(Card):
    """A function of the user's digits, the frame and its run. The curve is asked for only while it is seen."""

    moment_chosen = Signal(float)  # samples seen

    def __init__(self) -> None:
        super().__init__("Your handwriting", "read rightly by the network")
        self._runs = Runs()
        self._frame: Frame | None = None
        self._has_digits = False
        self._images: NDArray[np.floating] = np.zeros((0, SIDE**2), np.float32)
        self._labels: NDArray[np.int64] = np.zeros(0, np.int64)
        self._answers: NDArray[np.integer] | None = None  # to these digits; None until they were asked
        self._survey = RunSurvey(self)
        self._build()
        self._survey.emptied.connect(self._draw)
        self._survey.finished.connect(self._draw)
        self.apply_theme(LIGHT)

    def show_digits(self, digits: Sequence[OwnDigit]) -> None:
        """Ask about those digits that have a label."""
        self._has_digits = len(digits) > 0
        images, self._labels = as_arrays(digits)
        self._images, self._answers = as_floats(images), None
        self._ask()

    def show_frame(self, frame: Frame) -> None:
        """Put the cursor at a frame; its answers follow."""
        self._frame = frame
        self._plot.show_moment(frame.samples_seen if self._runs.shown else None)

    def show_answers(self, answers: NDArray[np.integer]) -> None:
        """Compare what the frame's network answers to those digits that have a label with these labels."""
        self._answers = answers
        self._write()

    def show_runs(self, runs: Runs) -> None:
        """Take in which run is shown."""
        self._runs = runs
        self._survey.show_runs(runs)
        self._draw()
        self._write()

    def show_growth(self, run: History) -> None:
        """Ask the new frames of a run, too, before long."""
        if self.isVisible():
            self._survey.show_growth(run)
            self._draw_test_curve()

    def postpone(self) -> None:
        """Let the pen go first."""
        self._survey.postpone()

    def apply_theme(self, theme: Theme) -> None:
        """Take on the colours of a theme: the test digits have theirs in all plots."""
        self._plot.apply_theme(theme)
        self._own_curve.setPen(theme.text, width=2)
        self._test_curve.setPen(theme.accent, width=1)
        for number, color in ((self._own, theme.text), (self._test, theme.accent)):
            number.setStyleSheet(f"color: {color};")

    def showEvent(self, event: QShowEvent) -> None:
        self._ask()
        self._draw()

    def hideEvent(self, event: QHideEvent) -> None:
        self._survey.ask(None)

    def _build(self) -> None:
        self._own, self._test = _large("ownAccuracyLabel"), _large("testAccuracyLabel")
        self._of_own = steady(label("", "secondary"), f"{MOST_DIGITS:,} of your {MOST_DIGITS:,} digits")
        self._of_test = label("of the test digits", "secondary")
        self._mistaken = steady(label("", "secondary"), f"Mistaken most: your 0 for a 0, {MOST_DIGITS:,} times.")
        self._of_own.setObjectName("ownCountLabel")
        numbers = QGridLayout()
        numbers.setHorizontalSpacing(18)
        numbers.setVerticalSpacing(0)
        for column, (number, text) in enumerate(((self._own, self._of_own), (self._test, self._of_test))):
            for row, each in enumerate((number, text)):
                numbers.addWidget(each, row, column, Qt.AlignmentFlag.AlignLeft)
            numbers.setColumnStretch(column, 1)
        self._plot = RunPlot("handwritingPlot", "Accuracy on your handwriting and on the test digits, over the run")
        self._plot.setToolTip("Your digits, and thinner the test digits. Click to go to a moment of the run.")
        self._plot.moment_chosen.connect(self.moment_chosen)
        self._own_curve, self._test_curve = (pg.PlotCurveItem(skipFiniteCheck=True) for _ in range(2))
        for curve in (self._test_curve, self._own_curve):
            self._plot.addItem(curve, ignoreBounds=True)
        self._plot.getViewBox().sigResized.connect(self._fit)
        self._hint = label("", "secondary", wrap=True)
        self.body.addLayout(numbers)
        self.body.addWidget(self._mistaken)
        self.body.addSpacing(6)
        self.body.addWidget(self._hint)
        self.body.addWidget(self._plot, 1)

    def _ask(self) -> None:
        images, labels = self._images, self._labels

        def accuracy(network: Network) -> float:
            answers = network.predict(images.astype(network.dtype, copy=False)).argmax(axis=1)
            return float((answers == labels).mean())

        self._survey.ask(accuracy if self.isVisible() and len(labels) else None)

    def _write(self) -> None:
        count = len(self._labels)
        self._own.setText(NOT_KNOWN)
        self._of_own.setText("of your digits")
        self._mistaken.setText("")
        if self._answers is not None and count:
            right = int((self._answers == self._labels).sum())
            self._own.setText(percent(right / count))
            self._of_own.setText(f"{right:,} of your {count:,} digits" if count > 1 else "of your only digit")
            self._mistaken.setText(_most_mistaken(self._labels, self._answers))
        accuracy, moment = self._test_accuracy()
        self._test.setText(NOT_KNOWN if accuracy is None else percent(accuracy))
        self._test.setToolTip("" if moment is None else f"Measured when the network had seen {moment:,} samples.")

    def _test_accuracy(self) -> tuple[float | None, int | None]:
        """What was measured at the frame or the latest moment before it, and that moment if it is one of a run."""
        run, frame = self._runs.shown, self._frame
        if frame is None or run is None:
            return (None if frame is None else frame.progress.test_accuracy), None
        samples, accuracies = run.curve("test_accuracy")
        until_now = int(np.searchsorted(samples, frame.samples_seen, side="right"))
        return (float(accuracies[until_now - 1]), int(samples[until_now - 1])) if until_now else (None, None)

    def _draw(self) -> None:
        answers = self._survey.answers
        self._own_curve.setData(self._survey.samples, answers.astype(np.float64))
        self._draw_test_curve()
        self._plot.show_moment(self._frame.samples_seen if self._runs.shown and self._frame else None)
        if self._runs.shown is None:
            self._hint.setText("Over a run, its curve appears here")
        elif not len(self._labels):
            what = "Say what your digits are" if self._has_digits else "Keep some digits"
            self._hint.setText(f"{what}, and their curve appears beside that of the test digits")
        else:
            self._hint.setText("Over the run" if len(answers) else "Asking every moment of the run …")

    def _draw_test_curve(self) -> None:
        run = self._runs.shown
        self._test_curve.setData(*(run.curve("test_accuracy") if run else (np.empty(0), np.empty(0))))
        self._fit()

    def _fit(self, _resized: pg.ViewBox | None = None) -> None:
        run = self._runs.shown
        latest = run.latest.samples_seen if run and run.latest else 0
        end = max(run.samples_planned, latest) if run else 3
        self._plot.show_range(end, run.samples_per_epoch if run else 1, 1.0, TICKS, ROOM_AT_RIGHT)


def _most_mistaken(labels: NDArray[np.integer], answers: NDArray[np.integer]) -> str:
    mistakes = Counter(
        (label, answer) for label, answer in zip(labels.tolist(), answers.tolist(), strict=True) if label != answer
    )
    if not mistakes:
        return ""
    ((label, answer), times), *_ = mistakes.most_common(1)
    return f"Mistaken most: your {label} for a {answer}, {'once' if times == 1 else f'{times} times'}."


def _large(name: str) -> QLabel:
    number = label()
    number.setObjectName(name)
    font = QFont(number.font())
    font.setPixelSize(LARGE)
    font.setWeight(QFont.Weight.DemiBold)
    number.setFont(font)
    return steady(number, "100.0 %")
