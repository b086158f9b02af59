"""How well the network reads the user's handwriting, beside the test digits: at this moment, and over the run."""

from collections import Counter
from collections.abc import Sequence
from functools import cached_property

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout

from gui.controllers import Controllers
from gui.scene import Scene, Series
from gui.scheduler import Part, Urgency
from gui.theme import theme
from gui.widgets.card import Card, FixedLabel, label
from gui.widgets.numbers import percent
from gui.widgets.run_plot import RunPlot
from model.evaluation import evaluate
from model.history import History
from model.network import Network
from model.storage.own_digits import MOST_DIGITS, OwnDigit, as_arrays

TICKS = [(k / 4, percent(k / 4, 0)) for k in range(5)]
ROOM_AT_RIGHT = 26  # pixels: half of the last epoch's name
NOT_KNOWN = "–"
NOTHING = np.empty(0)


class HandwritingView(Card):
    """A function of the user's digits, the frame and its run. The curve is asked for only while it is seen."""

    def __init__(self, controllers: Controllers) -> None:
        super().__init__("Your handwriting", "classified correctly")
        self._evaluator = controllers.evaluator
        self._run: History | None = None
        self._build_numbers()
        self._build_plot(controllers)
        self.parts = (
            Part(self._ask, ("own_digits", "shown"), Urgency.BACKGROUND),
            Part(self._draw, ("own_digits", "own_digits_over_run", "shown")),
            Part(self._show_moment, ("frame", "shown")),
            Part(self._dress, ("theme",)),
        )

    def show_predictions(self, digits: Sequence[OwnDigit], predicted: NDArray[np.integer]) -> None:
        """Compare what the frame's network predicts for digits, (digits,), with their labels."""
        labels = [digit.label for digit in digits]
        pairs = zip(labels, predicted.tolist(), strict=True)
        mistakes = [(label, each) for label, each in pairs if label is not None and label != each]
        count = len(labels) - labels.count(None)
        correct = count - len(mistakes)
        self._own.setText(percent(correct / count) if count else NOT_KNOWN)
        self._of_own.setText(_of_digits(correct, count))
        self._mistake.setText(_most_common(mistakes))

    def _build_numbers(self) -> None:
        self._own, self._test = (FixedLabel("100.0 %", name=name) for name in ("ownAccuracyLabel", "testAccuracyLabel"))
        self._of_own = FixedLabel(_of_digits(MOST_DIGITS, MOST_DIGITS), "secondary", "ownCountLabel")
        self._mistake = FixedLabel(_most_common([(0, 0)] * MOST_DIGITS), "secondary", "commonMistakeLabel")
        numbers = QGridLayout()
        numbers.setHorizontalSpacing(12)
        numbers.setVerticalSpacing(0)
        columns = (self._own, self._of_own), (self._test, label("of the test digits", "secondary"))
        for column, (number, text) in enumerate(columns):
            for row, each in enumerate((number, text)):
                numbers.addWidget(each, row, column, Qt.AlignmentFlag.AlignLeft)
            numbers.setColumnStretch(column, 1)
        self.body.addLayout(numbers)
        self.body.addWidget(self._mistake)

    def _build_plot(self, controllers: Controllers) -> None:
        name = "Accuracy on your handwriting and on the test digits, over the run"
        self._plot = RunPlot("handwritingPlot", name, controllers.playhead)
        self._plot.setToolTip("Your digits, and thinner the test digits. Click to go to a moment of the run.")
        self.own_curve, self.test_curve = (pg.PlotCurveItem(skipFiniteCheck=True) for _ in range(2))
        for curve in (self.test_curve, self.own_curve):
            self._plot.addItem(curve, ignoreBounds=True)
        self._plot.getViewBox().sigResized.connect(self._fit)
        self._hint = label("", "secondary", wrap=True)
        self.body.addSpacing(6)
        self.body.addWidget(self._hint)
        self.body.addWidget(self._plot, 1)

    def _ask(self, scene: Scene) -> None:
        digits = scene.own_digits
        question = _Accuracy(digits) if any(digit.label is not None for digit in digits) else None
        self._evaluator.fill("own_digits_over_run", scene.shown, digits, question)

    def _draw(self, scene: Scene) -> None:
        self._run, series = scene.shown, _series(scene)
        self.own_curve.setData(*((series.samples, np.array(series.values)) if series else (NOTHING, NOTHING)))
        self.test_curve.setData(*(self._run.curve("test_accuracy") if self._run else (NOTHING, NOTHING)))
        self._fit()
        if self._run is None:
            self._hint.setText("Over a run, its curve appears here")
        elif all(digit.label is None for digit in scene.own_digits):
            what = "Say what your digits are" if scene.own_digits else "Keep some digits"
            self._hint.setText(f"{what}, and their curve appears beside that of the test digits")
        else:
            self._hint.setText("Over the run" if series else "Asking every moment of the run …")

    def _show_moment(self, scene: Scene) -> None:
        self._plot.show_moment(scene.frame.samples_seen if scene.shown else None)
        accuracy, moment = _test_accuracy(scene)
        self._test.setText(NOT_KNOWN if accuracy is None else percent(accuracy))
        self._test.setToolTip("" if moment is None else f"Measured when the network had seen {moment:,} samples.")

    def _dress(self, scene: Scene) -> None:
        self.own_curve.setPen(theme().text, width=2)
        self.test_curve.setPen(theme().accent, width=1)  # the test digits have this colour in all plots

    def _fit(self, _resized: pg.ViewBox | None = None) -> None:
        self._plot.show_run(self._run, 1.0, TICKS, ROOM_AT_RIGHT)


class _Accuracy:
    """A network's accuracy on digits, which become arrays only once one is asked, beside the window."""

    def __init__(self, digits: Sequence[OwnDigit]) -> None:
        self._digits = digits

    def __call__(self, network: Network) -> float:
        return evaluate(network, *self._arrays).accuracy

    @cached_property
    def _arrays(self) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
        return as_arrays(self._digits)


def _series(scene: Scene) -> Series | None:
    """The accuracies over the run, if they are those of the digits and the run that are shown."""
    series = scene.own_digits_over_run
    is_shown = series is not None and series.run.key is scene.runs.shown_key and series.subject is scene.own_digits
    return series if is_shown else None


def _test_accuracy(scene: Scene) -> tuple[float | None, int | None]:
    """What was measured at the frame or the latest moment before it, and that moment if it is one of a run."""
    if scene.shown is None:
        return scene.frame.progress.test_accuracy, None
    samples, accuracies = scene.shown.curve("test_accuracy")
    until_now = int(np.searchsorted(samples, scene.frame.samples_seen, side="right"))
    return (float(accuracies[until_now - 1]), int(samples[until_now - 1])) if until_now else (None, None)


def _of_digits(correct: int, count: int) -> str:
    if count < 2:
        return "of your only digit" if count else "of your digits"
    return f"{correct:,} of your {count:,} digits"


def _most_common(mistakes: Sequence[tuple[int, int]]) -> str:
    """Of pairs of a label and what was predicted instead."""
    if not mistakes:
        return ""
    ((true, predicted), times), *_ = Counter(mistakes).most_common(1)
    return f"Most common mistake: {true} → {predicted}, {'once' if times == 1 else f'{times:,} times'}"
