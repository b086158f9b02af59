"""The curves of the runs: accuracy or loss, on training and on test digits."""

from dataclasses import dataclass
from functools import partial

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtWidgets import QButtonGroup

from gui.controllers import Controllers
from gui.flow.scene import Scene
from gui.flow.scheduler import Part, Urgency
from gui.theme import scaled, theme
from gui.widgets.card import Card, button, label
from gui.widgets.layouts import STRETCH, column, row
from gui.widgets.numbers import percent
from gui.widgets.run_plot import RunPlot
from model.history import History

MOST_POINTS = 400  # of a curve on the screen: antialiased lines cost by the point
ROOM_FOR_LABELS = 120  # pixels at 100 percent, right of the last epoch
LINE_OF_TEXT = 18  # pixels at 100 percent
FIRST_MOMENTS = (200, 5000)  # samples: what the plot shows at first
TOO_FEW = 100  # samples: the mean over so few jumps up and down, and is left out where all of a run is shown
NOTHING_TRAINED = 180_000  # samples that an empty plot reaches to

KINDS = ("test", "training", "compared")  # of curves
Curve = tuple[NDArray[np.float64], NDArray[np.float64]]
_NOTHING: Curve = (np.empty(0), np.empty(0))


@dataclass(frozen=True)
class Measure:
    """One thing that the plot can show."""

    title: str
    explanation: str
    tip: str
    top: float  # of the axis, unless a curve goes higher
    tick: float
    percent: bool

    def text(self, value: float, decimals: int = 1) -> str:
        """A value as it is written beside the plot."""
        return percent(value, decimals) if self.percent else f"{value:.{decimals + 2}f}"


MEASURES = {
    "accuracy": Measure(
        "Accuracy",
        "of the test digits · of the last 1,000 training digits",
        "The share of digits that the network classifies correctly.",
        1.0,
        0.25,
        True,
    ),
    "loss": Measure(
        "Loss",
        "mean cross-entropy, test digits · last 1,000 training digits",
        "The mean cross-entropy: how much the correct answers surprise the network. A hopeless one counts 87.",
        2.5,
        0.5,
        False,
    ),
}


class AccuracyPlot(Card):
    """Curves that grow while the epoch runs, with other runs faint behind them. A click or drag moves the playhead."""

    def __init__(self, controllers: Controllers) -> None:
        super().__init__("Accuracy")
        self._scene = controllers.scheduler.scene
        self._drawn = ""  # the measure that is drawn
        self._other_curves: dict[object, pg.PlotCurveItem] = {}  # by the key of the run
        self._values = [_NOTHING] * len(KINDS)
        self._build_buttons(controllers)
        self._build_plot(controllers)
        self.parts = (
            Part(self._draw_curves, ("measure", "runs"), Urgency.CURVES),
            Part(self._draw_moment, ("measure", "runs", "frame"), Urgency.CURVES),
            Part(self._color_others, ("runs", "pointed_run", "theme"), Urgency.CURVES),
            Part(self._dress, ("theme", "zoom")),
        )

    def _build_buttons(self, controllers: Controllers) -> None:
        self._buttons = {}
        group = QButtonGroup(self)
        for name, measure in MEASURES.items():
            show = partial(controllers.scheduler.change, measure=name)
            made = button(measure.title, f"{name}Button", measure.tip, show)
            made.setCheckable(True)
            group.addButton(made)
            self.header.addWidget(made)
            self._buttons[name] = made

    def _build_plot(self, controllers: Controllers) -> None:
        tip = "Click or drag to look at that moment of the run in all views."
        self._plot = RunPlot("accuracyPlot", "Accuracy and loss over the run", controllers.playhead, tip=tip)
        self._curves = [self._plot.add_curve(name, z=-k) for k, name in enumerate(KINDS)]
        self._labels = [pg.TextItem(anchor=(0, 0.5)) for _ in KINDS]
        for each in self._labels:
            self._plot.addItem(each, ignoreBounds=True)
        self._plot.getViewBox().sigResized.connect(self._place_labels)
        self._hint = label("Press Start: the curves of the run grow here.", "secondary")
        self._plot.setLayout(column(STRETCH, row(STRETCH, self._hint, STRETCH), STRETCH))
        self.add((self._plot, 1))

    def _draw_curves(self, scene: Scene) -> None:
        self._scene = scene
        measure, run = MEASURES[scene.measure], scene.shown
        self._buttons[scene.measure].setChecked(True)
        self.set_title(measure.title, measure.explanation)
        self._hint.setVisible(not scene.runs.all)
        self._values = [self._curve(run, "test"), self._training(run), self._curve(scene.compared, "test")]
        for curve, values in zip(self._curves, self._values, strict=True):
            curve.setData(*values)
        self._draw_others(scene)
        self._show_range()

    def _draw_others(self, scene: Scene) -> None:
        others = {run.key: run for run in scene.runs.others}
        for key in self._other_curves.keys() - others.keys():
            self._plot.removeItem(self._other_curves.pop(key))
        for key, run in others.items():
            is_new = key not in self._other_curves
            if is_new:
                self._other_curves[key] = self._plot.add_curve(run.name, z=-len(KINDS))
            if is_new or self._drawn != scene.measure or key is scene.runs.active_key:
                self._other_curves[key].setData(*self._curve(run, "test"))
        self._drawn = scene.measure

    def _color_others(self, scene: Scene) -> None:
        for key, curve in self._other_curves.items():
            curve.setPen(theme().text if key is scene.pointed_run else theme().other_runs)

    def _dress(self, scene: Scene) -> None:
        colors = theme()
        pens = (colors.accent, 2), (colors.training, 1), (colors.compared, 2)
        for curve, item, (color, width) in zip(self._curves, self._labels, pens, strict=True):
            curve.setPen(color, width=width)
            item.setColor(color)
            item.setFont(self.font())
            item.fill = pg.mkBrush(colors.card)  # another run may pass behind
        self._place_labels()

    def _curve(self, run: History | None, kind: str) -> Curve:
        return _thinned(*run.curve(f"{kind}_{self._scene.measure}")) if run else _NOTHING

    def _training(self, run: History | None) -> Curve:
        samples, values = self._curve(run, "training")
        if run is None or self._visible_samples() in FIRST_MOMENTS:
            return samples, values
        telling = samples >= run.first_sample + TOO_FEW
        return samples[telling], values[telling]

    def _draw_moment(self, scene: Scene) -> None:
        self._scene = scene
        self._plot.show_moment(scene.frame.samples_seen if scene.shown else None)
        self._place_labels()

    def _show_range(self) -> None:
        measure = MEASURES[self._scene.measure]
        highest = max((values.max() for _, values in self._values if len(values)), default=0)
        top = measure.top
        while top < highest and not measure.percent:
            top *= 2
        step = measure.tick * top / measure.top
        ticks = [(k * step, measure.text(k * step, 0 if measure.percent else -1)) for k in range(round(top / step) + 1)]
        epoch = self._scene.runs.all[-1].samples_per_epoch if self._scene.runs.all else NOTHING_TRAINED // 3
        self._plot.show_range(self._visible_samples(), epoch, top, ticks, ROOM_FOR_LABELS)

    def _visible_samples(self) -> int:
        """How far the plot reaches: over the whole run, but the first moments of the first one are shown large."""
        shown, hidden = self._scene.shown, self._scene.runs.hidden
        ends = [run.samples_seen for run in self._scene.runs.all if run.latest and run.key not in hidden]
        if shown is None:
            return max(ends, default=NOTHING_TRAINED) or NOTHING_TRAINED
        whole = max([shown.samples_planned, *ends])
        return next((span for span in FIRST_MOMENTS if shown.samples_seen <= span < whole), whole)

    def _place_labels(self, _resized: pg.ViewBox | None = None) -> None:
        """Write beside the cursor what each curve is there, one below the other where they are close."""
        measure = MEASURES[self._scene.measure]
        pixel_width, pixel_height = self._plot.getViewBox().viewPixelSize()
        seen = self._scene.frame.samples_seen
        placed = []
        for text, (samples, values), item in zip(KINDS, self._values, self._labels, strict=True):
            until_now = int(np.searchsorted(samples, seen, side="right"))
            item.setVisible(until_now > 0 and self._scene.runs.shown is not None)
            if until_now:
                item.setText(f"{text} {measure.text(values[until_now - 1])}")
                placed.append((float(values[until_now - 1]), item))
        gap = scaled(LINE_OF_TEXT) * pixel_height
        ends = max((samples[-1] for samples, _ in self._values if len(samples)), default=0)
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
    """Away from the curves, which continue to the right: accuracies rise and losses fall."""
    lowest = gap / 2 if at_bottom else top - (len(placed) - 0.5) * gap
    placed = sorted(placed, key=lambda pair: pair[0])
    return [(lowest + k * gap, item) for k, (_, item) in enumerate(placed)]


def _thinned(samples: NDArray[np.float64], values: NDArray[np.float64]) -> Curve:
    """Every n-th point, so that they are not too many, and always the last."""
    stride = -(-len(samples) // MOST_POINTS)
    if stride < 2:
        return samples, values
    kept = np.r_[0 : len(samples) - 1 : stride, len(samples) - 1]
    return samples[kept], values[kept]
