"""When did the network start to see your 7 as a 7? The ten probabilities of the digit on the pad, over the run."""

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtWidgets import QWidget

from gui.controllers import Controllers
from gui.flow.scene import Scene, Series
from gui.flow.scheduler import Part, Urgency
from gui.theme import scaled, theme
from gui.widgets.card import label
from gui.widgets.layouts import column
from gui.widgets.run_plot import RunPlot

AXIS_WIDTH = 34  # pixels
WORTH_A_LABEL = 0.25  # a probability that a digit reached at some time
LABELS_APART = 0.25  # of the axis
ABOVE, HIGHEST = 0.12, 0.9  # where the label of a peak stands


class PredictionOverRun(QWidget):
    """A function of the run and of the digit on the pad, measured when the drawing rests."""

    def __init__(self, controllers: Controllers) -> None:
        super().__init__()
        self._evaluator = controllers.evaluator
        self._title = label("", "secondary", name="predictionOverRunLabel")
        name, tip = "The probability of each digit over the run", "Its answer over the run. Click to go to a moment."
        self._plot = RunPlot("predictionOverRun", name, controllers.playhead, AXIS_WIDTH, tip)
        self._plot.getPlotItem().hideAxis("bottom")
        self._curves = [self._plot.add_curve(str(digit)) for digit in range(10)]
        self._labels = [pg.TextItem(str(digit), anchor=(0.5, 0.5)) for digit in range(10)]
        for item in self._labels:
            self._plot.addItem(item, ignoreBounds=True)
        self.setLayout(column(self._title, (self._plot, 1), spacing=2))
        self.parts = (
            Part(self._ask, ("digit", "shown", "has_answers"), Urgency.BACKGROUND),
            Part(self._draw, ("digit_over_run", "digit", "shown_key", "has_answers", "theme", "zoom")),
            Part(self._show_moment, ("frame", "digit_over_run", "shown")),
        )

    def _ask(self, scene: Scene) -> None:
        digit = scene.digit
        question = None if digit is None or not scene.has_answers else lambda network: network.predict_digit(digit)
        self._evaluator.fill("drawing_series", scene.shown, digit, question)

    def _draw(self, scene: Scene) -> None:
        if scene.digit_over_run is not None:
            self._title.setText("Its probabilities over the run")
        elif not scene.has_answers:
            self._title.setText("Only its own code knows its answers")
        elif scene.shown is None or scene.digit is None:
            self._title.setText("Its answer over a run appears here")
        else:
            self._title.setText("Asking every moment of the run …")
        samples, predictions = _arrays(scene.digit_over_run)
        last = int(predictions[-1].argmax()) if len(predictions) else -1
        for digit, curve in enumerate(self._curves):
            is_last = digit == last
            curve.setPen(theme().accent if is_last else theme().other_runs, width=scaled(2 if is_last else 1))
            curve.setZValue(1 if is_last else 0)
            curve.setData(samples, predictions[:, digit])
        self._place_labels(samples, predictions, last)

    def _show_moment(self, scene: Scene) -> None:
        series, seen = scene.digit_over_run, scene.frame.samples_seen
        is_known = series is not None and seen <= series.frames[-1].samples_seen
        self._plot.show_moment(seen if is_known else None)  # while a run grows, the curves are not drawn at each frame
        self._plot.show_run(scene.shown, 1.0, [(0.0, "0"), (1.0, "1")], room_at_right=16)

    def _place_labels(self, samples: NDArray[np.float64], predictions: NDArray[np.floating], last: int) -> None:
        """Write each digit that was ever likely at the moment at which it was likeliest."""
        taken: list[tuple[float, float]] = []
        by_height = sorted(range(10), key=lambda digit: (digit != last, -predictions[:, digit].max(initial=0)))
        for digit in by_height:
            item, height = self._labels[digit], float(predictions[:, digit].max(initial=0))
            place = int(predictions[:, digit].argmax()) if height else 0
            if digit == last:
                place = len(samples) - 1
            share = samples[place] / max(1, samples[-1]) if height else 0.0
            crowded = any(abs(share - x) < LABELS_APART / 2 and abs(height - y) < LABELS_APART for x, y in taken)
            item.setVisible(height >= WORTH_A_LABEL and not crowded)
            if item.isVisible():
                taken.append((share, height))
                item.setColor(theme().accent if digit == last else theme().secondary_text)
                if digit == last:  # behind the end of its curve
                    item.setPos(samples[-1] * 1.03, float(predictions[-1, digit]))
                else:
                    item.setPos(samples[place], min(height + ABOVE, HIGHEST))


def _arrays(series: Series | None) -> tuple[NDArray[np.float64], NDArray[np.floating]]:
    """Samples seen, (frames,), and probabilities, (frames, 10)."""
    if series is None:
        return np.empty(0), np.empty((0, 10))
    return series.samples, np.array(series.values)
