"""How well the network reads the user's handwriting, beside the test digits: at this moment, and over the run."""

from collections import Counter
from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from gui.controllers import Controllers
from gui.flow.scene import Scene, Series
from gui.flow.scheduler import Part, Urgency
from gui.theme import scaled, theme
from gui.widgets.card import Card, FixedLabel, label
from gui.widgets.layouts import STRETCH, column, row
from gui.widgets.numbers import BEING_MEASURED, NOT_KNOWN, percent
from gui.widgets.run_plot import RunPlot
from model.evaluation import evaluate
from model.storage.own_digits import MOST_DIGITS, OwnDigit, as_arrays

TICKS = [(k / 4, percent(k / 4, 0)) for k in range(5)]
NOTHING = np.empty(0)


class HandwritingView(Card):
    """A function of the user's digits, the frame and its run. The curve is asked for only while it is seen."""

    def __init__(self, controllers: Controllers) -> None:
        super().__init__("Your handwriting", "classified correctly")
        self._evaluator = controllers.evaluator
        self._own, self._test = (FixedLabel("100.0 %", name=name) for name in ("ownAccuracyLabel", "testAccuracyLabel"))
        self._of_own = FixedLabel(_of_digits(MOST_DIGITS, MOST_DIGITS), "secondary", "ownCountLabel")
        self._mistake = FixedLabel(_most_common([(0, 0)] * MOST_DIGITS), "secondary", "commonMistakeLabel")
        self._hint = label("", "secondary", wrap=True)
        own = column(row(self._own, STRETCH), row(self._of_own, STRETCH), spacing=0)
        test = column(row(self._test, STRETCH), label("of the test digits", "secondary"), spacing=0)
        name = "Accuracy on your handwriting and on the test digits, over the run"
        tip = "Your digits, and thinner the test digits. Click to go to a moment of the run."
        self._plot = RunPlot("handwritingPlot", name, controllers.playhead, tip=tip)
        self.test_curve, self.own_curve = self._plot.add_curve("test"), self._plot.add_curve("own")
        self.add(row((own, 1), (test, 1), spacing=12), self._mistake, 6, self._hint, (self._plot, 1))
        self.parts = (
            Part(self._ask, ("own_digits", "shown"), Urgency.BACKGROUND),
            Part(self._draw, ("own_digits", "own_digits_over_run", "shown", "theme", "zoom")),
            Part(self._show_moment, ("frame", "shown_key", "waits_for_test")),
        )

    def show_predictions(self, digits: Sequence[OwnDigit], predicted: NDArray[np.integer]) -> None:
        """Compare what the frame's network predicts for digits, (digits,), with their labels."""
        labels = [digit.label for digit in digits]
        pairs = zip(labels, predicted.tolist(), strict=True)
        mistakes = [(label, each) for label, each in pairs if label is not None and label != each]
        count = len(labels) - labels.count(None)
        correct = count - len(mistakes)
        self._own.setText(_share(correct / count if count else None))
        self._of_own.setText(_of_digits(correct, count))
        self._mistake.setText(_most_common(mistakes))

    def _ask(self, scene: Scene) -> None:
        digits = scene.own_digits
        arrays = cache(lambda: as_arrays(digits))  # once a network is asked, beside the window
        has_labels = any(digit.label is not None for digit in digits)
        question = (lambda network: evaluate(network, *arrays()).accuracy) if has_labels else None
        self._evaluator.fill("own_digits_over_run", scene.shown, digits, question)

    def _draw(self, scene: Scene) -> None:
        run, series = scene.shown, _series(scene)
        self.own_curve.setPen(theme().text, width=scaled(2))
        self.own_curve.setData(*((series.samples, np.array(series.values)) if series else (NOTHING, NOTHING)))
        self.test_curve.setPen(theme().accent, width=scaled(1))  # the test digits have this colour in all plots
        self.test_curve.setData(*(run.curve("test_accuracy") if run else (NOTHING, NOTHING)))
        self._plot.show_run(run, 1.0, TICKS, room_at_right=26)  # half of the last epoch's name
        if run is None:
            self._hint.setText("Over a run, its curve appears here")
        elif all(digit.label is None for digit in scene.own_digits):
            what = "Say what your digits are" if scene.own_digits else "Keep some digits"
            self._hint.setText(f"{what}, and their curve appears beside that of the test digits")
        else:
            self._hint.setText("Over the run" if series else "Asking every moment of the run …")

    def _show_moment(self, scene: Scene) -> None:
        self._plot.show_moment(scene.frame.samples_seen if scene.shown else None)
        self._test.setText(BEING_MEASURED if scene.waits_for_test else _share(scene.test_accuracy))


def _share(accuracy: float | None) -> str:
    return NOT_KNOWN if accuracy is None else percent(accuracy)


def _series(scene: Scene) -> Series | None:
    """The accuracies over the run, if they are those of the digits and the run that are shown."""
    series = scene.own_digits_over_run
    return series if series and series.is_of(scene.shown, scene.own_digits) else None


def _of_digits(correct: int, count: int) -> str:
    if count < 2:
        return "of your only digit" if count else "of your digits"
    return f"{correct:,} of your {count:,} digits"


def _most_common(mistakes: Sequence[tuple[int, int]]) -> str:
    """Of pairs of a label and what was predicted instead."""
    if not mistakes:
        return ""
    counts = Counter(mistakes)
    most = max(counts.values())
    (true, predicted), *others = [pair for pair, times in counts.items() if times == most]
    times = "once" if most == 1 else f"{most:,} times"
    if others:
        return f"Most common: {1 + len(others)} mistakes, {times} each"
    return f"Most common mistake: {true} → {predicted}, {times}"
