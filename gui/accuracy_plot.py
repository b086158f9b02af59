"""The curves of a run: accuracy or loss, on training and on test digits."""

from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QPushButton, QVBoxLayout

from gui.card import Card, label
from gui.numbers import percent
from gui.theme import LIGHT, Theme
from model.history import Frame, History

MOST_POINTS = 400  # of a curve on the screen: antialiased lines cost by the point
AXIS_WIDTH = 52  # pixels, for the numbers at the left
ROOM_FOR_LABELS = 120  # pixels, right of the last epoch
LINE_OF_TEXT = 18  # pixels
HALF_A_LINE = 10  # pixels: above 100 % and below 0 %, so that the numbers of both ticks fit
MOST_EPOCH_TICKS = 10
FIRST_MOMENTS = (200, 5000)  # samples: what the plot shows at first


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
    """Curves that grow while the epoch runs, with earlier runs faint behind them."""

    measure_changed = Signal(str)

    def __init__(self) -> None:
        super().__init__("Accuracy")
        self._theme = LIGHT
        self._measure = "accuracy"
        self._earlier: list[History] = []
        self._run: History | None = None
        self._frame: Frame | None = None
        self._earlier_curves: list[pg.PlotCurveItem] = []
        self._ranges: tuple[float, float, int, float] | None = None
        self._build_buttons()
        self._build_plot()
        self.set_measure("accuracy")

    def set_measure(self, measure: str) -> None:
        """Show "accuracy" or "loss"; anything else counts as accuracy."""
        self._measure = measure if measure in MEASURES else "accuracy"
        shown = MEASURES[self._measure]
        self._buttons[self._measure].setChecked(True)
        self.set_title(shown.title, shown.explanation)
        self._draw_earlier_runs()
        self._draw()
        self.measure_changed.emit(self._measure)

    def show_accuracy(self) -> None:
        """Show the share of right answers."""
        self.set_measure("accuracy")

    def show_loss(self) -> None:
        """Show the cross-entropy."""
        self.set_measure("loss")

    def show_runs(self, earlier: list[History], current: History | None) -> None:
        """Take in the runs: the earlier ones and, if there is one, the current."""
        self._earlier, self._run = earlier, current
        self._hint.setVisible(not earlier and current is None)
        self._draw_earlier_runs()
        self._draw()

    def highlight(self, run: History | None) -> None:
        """Let the curve of an earlier run stand out, or none."""
        for each, curve in zip(self._earlier, self._earlier_curves, strict=True):
            curve.setPen(self._theme.text if each is run else self._theme.other_runs)

    def show_frame(self, frame: Frame) -> None:
        """Let the curves reach as far as the run has come, and put the cursor at the frame."""
        self._frame = frame
        self._draw()

    def apply_theme(self, theme: Theme) -> None:
        """Take on the colours of a theme; pyqtgraph does not look at the palette."""
        self._theme = theme
        self._plot.setBackground(theme.card)
        for side in ("left", "bottom"):
            axis = self._plot.getAxis(side)
            axis.setPen(theme.hairline)
            axis.setTextPen(theme.secondary_text)
        self._test_curve.setPen(theme.accent, width=2)
        self._training_curve.setPen(theme.training, width=1)
        for item, color in ((self._test_label, theme.accent), (self._training_label, theme.training)):
            item.setColor(color)
            item.fill = pg.mkBrush(theme.card)  # an earlier run may pass behind
        self._cursor.setPen(theme.text, width=1, style=Qt.PenStyle.DashLine)
        self._draw_earlier_runs()

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
        self._plot = pg.PlotWidget()
        self._plot.setObjectName("accuracyPlot")
        self._plot.setAccessibleName("Accuracy and loss over the run")
        self._plot.setAntialiasing(True)
        self._plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        item = self._plot.getPlotItem()
        item.setMenuEnabled(False)
        item.hideButtons()
        item.setMouseEnabled(x=False, y=False)
        item.getAxis("left").setWidth(AXIS_WIDTH)
        item.getAxis("left").setGrid(120)
        for side in ("left", "bottom"):
            item.getAxis(side).setStyle(tickLength=0, autoExpandTextSpace=False, hideOverlappingLabels=False)
        self._training_curve = pg.PlotCurveItem(skipFiniteCheck=True)
        self._test_curve = pg.PlotCurveItem(skipFiniteCheck=True)
        self._cursor = pg.InfiniteLine(angle=90)
        self._test_label = pg.TextItem(anchor=(0, 0.5))
        self._training_label = pg.TextItem(anchor=(0, 0.5))
        for each in (self._training_curve, self._test_curve, self._cursor, self._test_label, self._training_label):
            item.addItem(each, ignoreBounds=True)
        item.getViewBox().sigResized.connect(self._draw)
        self.body.addWidget(self._plot, 1)
        self._hint = label("Press Start: the curves of the run grow here.", "secondary")
        self._hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        overlay = QVBoxLayout(self._plot)
        overlay.addWidget(self._hint, alignment=Qt.AlignmentFlag.AlignCenter)

    def _draw_earlier_runs(self) -> None:
        for curve in self._earlier_curves:
            self._plot.removeItem(curve)
        self._earlier_curves = []
        for run in self._earlier:
            curve = pg.PlotCurveItem(
                *_thinned(*run.curve(f"test_{self._measure}")), pen=self._theme.other_runs, skipFiniteCheck=True
            )
            curve.setZValue(-1)
            self._plot.addItem(curve, ignoreBounds=True)
            self._earlier_curves.append(curve)

    def _draw(self, _resized: pg.ViewBox | None = None) -> None:
        test = self._run.curve(f"test_{self._measure}") if self._run else _NOTHING
        training = self._run.curve(f"training_{self._measure}") if self._run else _NOTHING
        self._test_curve.setData(*_thinned(*test))
        self._training_curve.setData(*_thinned(*training))
        self._set_ranges(max((values.max() for _, values in (test, training) if len(values)), default=0))
        self._cursor.setVisible(self._run is not None and self._frame is not None)
        if self._frame is not None:
            self._cursor.setPos(self._frame.progress.samples_seen)
        self._place_labels(test, training)

    def _set_ranges(self, highest: float) -> None:
        measure = MEASURES[self._measure]
        epoch = self._run.samples_per_epoch if self._run else 60000
        end = self._visible_samples()
        top = measure.top
        while top < highest and not measure.percent:
            top *= 2
        plot_width = max(1, self._plot.width() - AXIS_WIDTH)
        plot_height = self._plot.getViewBox().height()
        ranges = (end * plot_width / max(1, plot_width - ROOM_FOR_LABELS), top, epoch, plot_height)
        if ranges == self._ranges:  # laying out the axes anew would cost more than drawing the curves
            return
        self._ranges = ranges
        self._plot.setXRange(0, ranges[0], padding=0)
        margin = top * HALF_A_LINE / max(1, plot_height - 2 * HALF_A_LINE)
        self._plot.setYRange(-margin, top + margin, padding=0)
        step = measure.tick * top / measure.top
        ticks = [(k * step, measure.text(k * step, 0 if measure.percent else -1)) for k in range(round(top / step) + 1)]
        self._plot.getAxis("left").setTicks([ticks])
        self._plot.getAxis("bottom").setTicks([_ticks(epoch, end)])

    def _visible_samples(self) -> int:
        """How far the plot reaches: over the whole run, but its first moments are shown large."""
        if self._run is None or self._frame is None:
            return max((run.samples_planned for run in self._earlier), default=180000)
        seen = self._frame.progress.samples_seen
        extents = [run.latest.progress.samples_seen for run in self._earlier if run.latest]
        whole = max([self._run.samples_planned, *extents])
        return next((span for span in FIRST_MOMENTS if seen <= span < whole), whole)

    def _place_labels(self, test: "Curve", training: "Curve") -> None:
        measure = MEASURES[self._measure]
        pixel_width, pixel_height = self._plot.getViewBox().viewPixelSize()
        placed = []
        for text, curve, item in (("test", test, self._test_label), ("training", training, self._training_label)):
            _, values = curve
            item.setVisible(len(values) > 0)
            if len(values):
                item.setText(f"{text} {measure.text(values[-1])}")
                placed.append((values[-1], item))
        if not placed or self._frame is None:
            return
        x = self._frame.progress.samples_seen + 4 * pixel_width
        heights = [value for value, _ in placed]
        if len(placed) == 2:
            middle, gap = sum(heights) / 2, max(abs(heights[0] - heights[1]), LINE_OF_TEXT * pixel_height)
            upper = heights[0] >= heights[1]
            heights = [middle + (gap if upper else -gap) / 2, middle - (gap if upper else -gap) / 2]
        for height, (_, item) in zip(heights, placed, strict=True):
            item.setPos(x, height)


Curve = tuple[NDArray[np.float64], NDArray[np.float64]]
_NOTHING: Curve = (np.empty(0), np.empty(0))


def _thinned(samples: NDArray[np.float64], values: NDArray[np.float64]) -> Curve:
    """At most so many points as can be told apart, the last one always among them."""
    stride = -(-len(samples) // MOST_POINTS)
    if stride < 2:
        return samples, values
    kept = np.r_[0 : len(samples) - 1 : stride, len(samples) - 1]
    return samples[kept], values[kept]


def _ticks(samples_per_epoch: int, end: int) -> list[tuple[float, str]]:
    if end < samples_per_epoch:
        return [(end * k / 5, f"{end * k // 5:,}") for k in range(5)] + [(float(end), f"{end:,} samples")]
    epochs = end // samples_per_epoch
    stride = next(size for size in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000) if epochs / size <= MOST_EPOCH_TICKS)
    ticks = [(float(k * samples_per_epoch), f"epoch {k}") for k in range(stride, epochs + 1, stride)]
    return [(0.0, "0"), *ticks]
