"""The curves of the runs: accuracy or loss, on training and on test digits."""

from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QPushButton, QVBoxLayout

from gui.card import Card, label
from gui.numbers import percent
from gui.playhead import Runs
from gui.plots.run_plot import RunPlot
from gui.theme import LIGHT, Theme
from model.history import Frame, History

MOST_POINTS = 400  # of a curve on the screen: antialiased lines cost by the point
ROOM_FOR_LABELS = 120  # pixels, right of the last epoch
LINE_OF_TEXT = 18  # pixels
FIRST_MOMENTS = (200, 5000)  # samples: what the plot shows at first
TOO_FEW = 100  # samples: the mean over so few jumps up and down, and is left out where all of a run is shown
NOTHING_TRAINED = 180_000  # samples that an empty plot reaches to

Curve = tuple[NDArray[np.float64], NDArray[np.float64]]
_NOTHING: Curve = (np.empty(0), np.empty(0))


@dataclass(frozen=True)
class Measure:
    """One thing that the plot can show."""

    title: str
    explanation: str
    top: float  # of the axis, unless a curve goes higher
    tick: float
    percent: bool

    def text(self, value: float, decimals: int = 1) -> str:
        """A value as it is written beside the plot."""
        return percent(value, decimals) if self.percent else f"{value:.{decimals + 2}f}"


MEASURES = {
    "accuracy": Measure("Accuracy", "of the test digits · of the last 1,000 training digits", 1.0, 0.25, True),
    "loss": Measure("Loss", "mean cross-entropy, test digits · last 1,000 training digits", 2.5, 0.5, False),
}


class AccuracyPlot(Card):
    """Curves that grow while the epoch runs, with other runs faint behind them. A click or drag moves the playhead."""

    measure_changed = Signal(str)
    moment_chosen = Signal(float)  # samples seen

    def __init__(self) -> None:
        super().__init__("Accuracy")
        self._theme = LIGHT
        self._measure = "accuracy"
        self._runs = Runs()
        self._frame: Frame | None = None
        self._pointed: History | None = None
        self._other_curves: dict[History, pg.PlotCurveItem] = {}
        self._curves = [_NOTHING] * 3  # test, training, compared
        self._end = 0  # samples that the run on the screen had seen when it was drawn
        self._build_buttons()
        self._build_plot()
        self.set_measure("accuracy")

    def set_measure(self, measure: str) -> None:
        """Show "accuracy" or "loss"; anything else counts as accuracy."""
        self._measure = measure if measure in MEASURES else "accuracy"
        shown = MEASURES[self._measure]
        self._buttons[self._measure].setChecked(True)
        self.set_title(shown.title, shown.explanation)
        self._draw_other_runs()
        self._draw()
        self.measure_changed.emit(self._measure)

    def show_accuracy(self) -> None:
        """Show the share of right answers."""
        self.set_measure("accuracy")

    def show_loss(self) -> None:
        """Show the cross-entropy."""
        self.set_measure("loss")

    def show_runs(self, runs: Runs) -> None:
        """Take in which runs there are, and which of them is shown."""
        self._runs = runs
        self._hint.setVisible(not runs.all)
        self._draw_other_runs()
        self._draw()

    def show_growth(self, run: History) -> None:
        """Let the curve of a run reach as far as it has come; a cursor at its end moves on with it."""
        if run is self._runs.shown:
            follows = self._frame is None or self._frame.samples_seen >= self._end
            self._draw_curves()
            if follows:
                self._frame = run.latest
                self._draw_moment()
        elif run in self._other_curves:
            self._other_curves[run].setData(*self._curve(run, "test"))
            self._show_range()
        elif run is self._runs.compared:
            self._draw_compared()
            self._show_range()
            self._draw_moment()

    def show_frame(self, frame: Frame) -> None:
        """Put the cursor at the frame, and what was measured there beside it."""
        if frame is not self._frame:
            self._frame = frame
            self._draw_moment()

    def highlight(self, run: History | None) -> None:
        """Let the curve of another run stand out, or none."""
        self._pointed = run
        for each, curve in self._other_curves.items():
            curve.setPen(self._theme.text if each is run else self._theme.other_runs)

    def apply_theme(self, theme: Theme) -> None:
        """Take on the colours of a theme."""
        self._theme = theme
        self._plot.apply_theme(theme)
        self._test_curve.setPen(theme.accent, width=2)
        self._training_curve.setPen(theme.training, width=1)
        self._compared_curve.setPen(theme.compared, width=2)
        for item, color in zip(self._labels, (theme.accent, theme.training, theme.compared), strict=True):
            item.setColor(color)
            item.fill = pg.mkBrush(theme.card)  # another run may pass behind
        self.highlight(self._pointed)

    def _build_buttons(self) -> None:
        self._buttons = {}
        group = QButtonGroup(self)
        tips = {
            "accuracy": "The share of digits that the network answers rightly.",
            "loss": "The mean cross-entropy: how much the right answers surprise the network.",
        }
        for measure, tip in tips.items():
            button = QPushButton(MEASURES[measure].title)
            button.setObjectName(f"{measure}Button")
            button.setCheckable(True)
            button.setToolTip(tip)
            button.clicked.connect(self.show_accuracy if measure == "accuracy" else self.show_loss)
            group.addButton(button)
            self.header.addWidget(button)
            self._buttons[measure] = button

    def _build_plot(self) -> None:
        self._plot = RunPlot("accuracyPlot", "Accuracy and loss over the run")
        self._plot.setToolTip("Click or drag to look at that moment of the run in all views.")
        self._plot.moment_chosen.connect(self.moment_chosen)
        self._test_curve, self._training_curve, self._compared_curve = (
            pg.PlotCurveItem(skipFiniteCheck=True) for _ in range(3)
        )
        self._labels = [pg.TextItem(anchor=(0, 0.5)) for _ in self._curves]
        for each in (self._compared_curve, self._training_curve, self._test_curve, *self._labels):
            self._plot.addItem(each, ignoreBounds=True)
        self._plot.getViewBox().sigResized.connect(self._fit)
        self.body.addWidget(self._plot, 1)
        self._hint = label("Press Start: the curves of the run grow here.", "secondary")
        self._hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        overlay = QVBoxLayout(self._plot)
        overlay.addWidget(self._hint, alignment=Qt.AlignmentFlag.AlignCenter)

    def _curve(self, run: History | None, kind: str) -> Curve:
        return _thinned(*run.curve(f"{kind}_{self._measure}")) if run else _NOTHING

    def _training(self, run: History | None) -> Curve:
        samples, values = self._curve(run, "training")
        if run is None or self._visible_samples() in FIRST_MOMENTS:
            return samples, values
        telling = samples >= run.first_sample + TOO_FEW
        return samples[telling], values[telling]

    def _draw_other_runs(self) -> None:
        for curve in self._other_curves.values():
            self._plot.removeItem(curve)
        self._other_curves = {}
        for run in self._runs.others:
            curve = pg.PlotCurveItem(*self._curve(run, "test"), skipFiniteCheck=True)
            curve.setZValue(-1)
            self._plot.addItem(curve, ignoreBounds=True)
            self._other_curves[run] = curve
        self._draw_compared()
        self.highlight(self._pointed)

    def _draw_compared(self) -> None:
        self._curves[2] = self._curve(self._runs.compared, "test")
        self._compared_curve.setData(*self._curves[2])

    def _draw(self) -> None:
        self._draw_curves()
        self._draw_moment()

    def _draw_curves(self) -> None:
        run = self._runs.shown
        self._end = run.latest.samples_seen if run and run.latest else 0
        self._curves[:2] = self._curve(run, "test"), self._training(run)
        self._test_curve.setData(*self._curves[0])
        self._training_curve.setData(*self._curves[1])
        self._show_range()

    def _fit(self, _resized: pg.ViewBox) -> None:
        self._show_range()
        self._draw_moment()

    def _draw_moment(self) -> None:
        self._plot.show_moment(self._frame.samples_seen if self._runs.shown and self._frame else None)
        self._place_labels()

    def _show_range(self) -> None:
        measure = MEASURES[self._measure]
        highest = max((values.max() for _, values in self._curves if len(values)), default=0)
        top = measure.top
        while top < highest and not measure.percent:
            top *= 2
        step = measure.tick * top / measure.top
        ticks = [(k * step, measure.text(k * step, 0 if measure.percent else -1)) for k in range(round(top / step) + 1)]
        epoch = self._runs.all[-1].samples_per_epoch if self._runs.all else NOTHING_TRAINED // 3
        self._plot.show_range(self._visible_samples(), epoch, top, ticks, ROOM_FOR_LABELS)

    def _visible_samples(self) -> int:
        """How far the plot reaches: over the whole run, but the first moments of the first one are shown large."""
        run = self._runs.shown
        ends = [each.latest.samples_seen for each in self._runs.all if each.latest and each not in self._runs.hidden]
        if run is None:
            return max(ends, default=NOTHING_TRAINED) or NOTHING_TRAINED
        whole = max([run.samples_planned, *ends])
        seen = run.latest.samples_seen if run.latest else 0
        return next((span for span in FIRST_MOMENTS if seen <= span < whole), whole)

    def _place_labels(self) -> None:
        """Write beside the cursor what each curve is there, one below the other where they are close."""
        measure = MEASURES[self._measure]
        pixel_width, pixel_height = self._plot.getViewBox().viewPixelSize()
        seen = self._frame.samples_seen if self._frame else 0
        placed = []
        for text, (samples, values), item in zip(
            ("test", "training", "compared"), self._curves, self._labels, strict=True
        ):
            until_now = int(np.searchsorted(samples, seen, side="right"))
            item.setVisible(until_now > 0 and self._runs.shown is not None)
            if until_now:
                item.setText(f"{text} {measure.text(values[until_now - 1])}")
                placed.append((float(values[until_now - 1]), item))
        gap = LINE_OF_TEXT * pixel_height
        ends = max((samples[-1] for samples, _ in self._curves if len(samples)), default=0)
        spread = _spread(placed, gap) if seen >= ends else _stacked(placed, gap, self._plot.top, measure.percent)
        for height, item in spread:
            item.setPos(seen + 4 * pixel_width, height)


Placed = list[tuple[float, pg.TextItem]]  # heights


def _spread(placed: Placed, gap: float) -> Placed:
    """Beside the ends of their curves, but at least so far apart."""
    placed = sorted(placed, key=lambda pair: pair[0])
    heights = [height for height, _ in placed]
    for k in range(1, len(heights)):
        heights[k] = max(heights[k], heights[k - 1] + gap)
    shift = (sum(heights) - sum(height for height, _ in placed)) / max(1, len(heights))
    return [(height - shift, item) for height, (_, item) in zip(heights, placed, strict=True)]


def _stacked(placed: Placed, gap: float, top: float, at_bottom: bool) -> Placed:
    """Away from the curves, which go on to the right: accuracies rise and losses fall."""
    lowest = gap / 2 if at_bottom else top - (len(placed) - 0.5) * gap
    placed = sorted(placed, key=lambda pair: pair[0])
    return [(lowest + k * gap, item) for k, (_, item) in enumerate(placed)]


def _thinned(samples: NDArray[np.float64], values: NDArray[np.float64]) -> Curve:
    """At most so many points as can be told apart, the last one always among them."""
    stride = -(-len(samples) // MOST_POINTS)
    if stride < 2:
        return samples, values
    kept = np.r_[0 : len(samples) - 1 : stride, len(samples) - 1]
    return samples[kept], values[kept]
