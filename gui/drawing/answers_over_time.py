"""When did the network start to see your 7 as a 7? The ten probabilities of the digit on the pad, over the run."""

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui.card import label
from gui.playhead import Runs
from gui.plots.run_plot import RunPlot
from gui.plots.run_survey import RunSurvey
from gui.theme import LIGHT, Theme
from model.history import Frame, History

AXIS_WIDTH = 34  # pixels
WORTH_A_LABEL = 0.25  # a probability that a digit reached at some time
LABELS_APART = 0.25  # of the axis
ABOVE, HIGHEST = 0.12, 0.9  # where the label of a peak stands


class AnswersOverTime(QWidget):
    """A function of the run and of the digit on the pad, computed when the drawing rests."""

    moment_chosen = Signal(float)  # samples seen
    finished = Signal()  # every frame was asked

    def __init__(self) -> None:
        super().__init__()
        self._theme = LIGHT
        self._frame: Frame | None = None
        self._survey = RunSurvey(self)
        self._survey.emptied.connect(self._empty)
        self._survey.finished.connect(self._draw)
        self._survey.finished.connect(self.finished)
        self._build()

    @property
    def answers(self) -> NDArray[np.floating]:
        """The probabilities on the screen, (frames, 10)."""
        return self._survey.answers.reshape(-1, 10)

    def show_runs(self, runs: Runs) -> None:
        """Ask the frames of another run from here on."""
        self._survey.show_runs(runs)

    def show_growth(self, run: History) -> None:
        """Ask the new frames, too, before long."""
        self._survey.show_growth(run)

    def show_frame(self, frame: Frame) -> None:
        """Put the cursor at a frame, once it was asked."""
        self._frame = frame
        asked = self._survey.frames
        if asked and frame.samples_seen <= asked[-1].samples_seen:
            self._plot.show_moment(frame.samples_seen)

    def show_digit(self, digit: NDArray[np.float32] | None) -> None:
        """Ask about a digit, (28, 28), once no other comes for a moment; or about none."""
        self._survey.ask(None if digit is None else lambda network: network.predict_digit(digit))

    def apply_theme(self, theme: Theme) -> None:
        """Take on the colours of a theme."""
        self._theme = theme
        self._plot.apply_theme(theme)
        self._draw()

    def _build(self) -> None:
        self._title = label("", "secondary")
        self._plot = RunPlot("answersOverTime", "The probability of each digit over the run", AXIS_WIDTH)
        self._plot.setToolTip("How the answer to this drawing changed over the run. Click to go to a moment.")
        self._plot.getPlotItem().hideAxis("bottom")
        self._plot.moment_chosen.connect(self.moment_chosen)
        self._curves = [pg.PlotCurveItem(skipFiniteCheck=True) for _ in range(10)]
        self._labels = [pg.TextItem(str(digit), anchor=(0.5, 0.5)) for digit in range(10)]
        for item in (*self._curves, *self._labels):
            self._plot.addItem(item, ignoreBounds=True)
        self._plot.getViewBox().sigResized.connect(self._fit)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self._title)
        layout.addWidget(self._plot, 1)
        self._draw()

    def _empty(self) -> None:
        if self._is_drawn:  # the pen goes on: drawing nothing once is enough
            self._draw()
        self._title.setText(self._hint())

    def _draw(self) -> None:
        samples, answers = self._survey.samples, self.answers
        self._is_drawn = known = len(answers) > 0
        last = int(answers[-1].argmax()) if known else -1
        for digit, curve in enumerate(self._curves):
            is_last = digit == last
            curve.setPen(self._theme.accent if is_last else self._theme.other_runs, width=2 if is_last else 1)
            curve.setZValue(1 if is_last else 0)
            curve.setData(samples, answers[:, digit])
        self._place_labels(samples, answers, last)
        self._title.setText("Its probabilities over the run" if known else self._hint())
        self._plot.show_moment(self._frame.samples_seen if known and self._frame else None)
        self._fit()

    def _hint(self) -> str:
        if self._survey.run is None or self._survey.question is None:
            return "Its answer over a run appears here"
        return "Asking every moment of the run …"

    def _place_labels(self, samples: NDArray[np.float64], answers: NDArray[np.floating], last: int) -> None:
        """Write each digit that was ever likely at the moment at which it was likeliest."""
        taken: list[tuple[float, float]] = []
        by_height = sorted(range(10), key=lambda digit: (digit != last, -answers[:, digit].max(initial=0)))
        for digit in by_height:
            item, height = self._labels[digit], float(answers[:, digit].max(initial=0))
            place = int(answers[:, digit].argmax()) if height else 0
            if digit == last:
                place = len(samples) - 1
            share = samples[place] / max(1, samples[-1]) if height else 0.0
            crowded = any(abs(share - x) < LABELS_APART / 2 and abs(height - y) < LABELS_APART for x, y in taken)
            item.setVisible(height >= WORTH_A_LABEL and not crowded)
            if item.isVisible():
                taken.append((share, height))
                item.setColor(self._theme.accent if digit == last else self._theme.secondary_text)
                if digit == last:  # behind the end of its curve
                    item.setPos(samples[-1] * 1.03, float(answers[-1, digit]))
                else:
                    item.setPos(samples[place], min(height + ABOVE, HIGHEST))

    def _fit(self, _resized: pg.ViewBox | None = None) -> None:
        run = self._survey.run
        latest = run.latest.samples_seen if run and run.latest else 0
        end = max(run.samples_planned, latest) if run else 1
        epoch = run.samples_per_epoch if run else 1
        self._plot.show_range(end, epoch, 1.0, [(0.0, "0"), (1.0, "1")], room_at_right=16)
