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
from gui.widgets.card import Card, ElidedLabel, button, label
from gui.widgets.layouts import STRETCH, column, row
from gui.widgets.numbers import percent
from gui.widgets.run_plot import RunPlot
from model.history import History
from model.training import RECENT_SAMPLES

MOST_POINTS = 400  # of a curve on the screen: antialiased lines cost by the point
ROOM_FOR_LABELS = 120  # pixels at 100 percent, right of the last epoch
LINE_OF_TEXT = 18  # pixels at 100 percent
FIRST_MOMENTS = (200, 5000)  # samples: what the plot shows at first
FIRST_EPOCHS = (3, 10, 30, 100, 300)  # and then of a long run
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
        self._other_curves: dict[object, pg.PlotCurveItem] = {}  # by the key of the run
        self._drawn: dict[object, tuple[History, str]] = {}  # as which run, and which measure of it
        self._values = [_NOTHING] * len(KINDS)
        self._build_buttons(controllers)
        self._build_plot(controllers)
        self.parts = (
            Part(self._draw_curves, ("measure", "runs"), Urgency.CURVES),
            Part(self._draw_moment, ("measure", "runs", "frame", "compared_frame"), Urgency.CURVES),
            Part(self._show_symptoms, ("frame",), Urgency.CURVES),
            Part(self._color_others, ("runs", "pointed_run", "theme", "zoom"), Urgency.CURVES),
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
        self._pointed = pg.TextItem(anchor=(1, 0))  # the name of the run under the pointer, below the end of its curve
        self._plot.addItem(self._pointed, ignoreBounds=True)
        self._plot.getViewBox().sigResized.connect(self._place_labels)
        self._hint = label("Press Start: the curves of the run grow here.", "secondary")
        self._plot.setLayout(column(STRETCH, row(STRETCH, self._hint, STRETCH), STRETCH))
        self._symptoms = ElidedLabel("", "secondary", "symptomsLabel")
        self.add((self._plot, 1), self._symptoms)

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
        self._drawn = {key: drawn for key, drawn in self._drawn.items() if key in others}
        for key, run in others.items():
            if key not in self._other_curves:
                self._other_curves[key] = self._plot.add_curve(run.name, z=-len(KINDS))
            if self._drawn.get(key) != (run, scene.measure):
                self._drawn[key] = run, scene.measure
                self._other_curves[key].setData(*self._curve(run, "test"))

    def _color_others(self, scene: Scene) -> None:
        self._pointed.hide()
        for key, curve in self._other_curves.items():
            is_pointed = key is scene.pointed_run
            curve.setPen(theme().text if is_pointed else theme().other_runs, width=scaled(1))
            samples, values = curve.getData()
            if is_pointed and len(samples):
                run = scene.runs[key]
                self._pointed.setText(run.title if run else "")
                self._pointed.setPos(samples[-1], min(values[-1], self._plot.top))
                self._pointed.show()

    def _dress(self, scene: Scene) -> None:
        colors = theme()
        pens = (colors.accent, 2), (colors.training, 1), (colors.compared, 2)
        for curve, item, (color, width) in zip(self._curves, self._labels, pens, strict=True):
            curve.setPen(color, width=scaled(width))
            item.setColor(color)
            item.setFont(self.font())
            item.fill = pg.mkBrush(colors.card)  # another run may pass behind
        self._pointed.setColor(colors.text)
        self._pointed.setFont(self.font())
        self._pointed.fill = pg.mkBrush(colors.card)
        self._place_labels()

    def _curve(self, run: History | None, kind: str) -> Curve:
        return _thinned(*run.curve(f"{kind}_{self._scene.measure}")) if run else _NOTHING

    def _training(self, run: History | None) -> Curve:
        samples, values = self._curve(run, "training")
        if run is None or self._visible_samples() in FIRST_MOMENTS:
            return samples, values
        telling = samples >= run.first_sample + TOO_FEW
        for moment in run.resumed:
            telling &= (samples <= moment) | (samples >= moment + TOO_FEW)
        return samples[telling], values[telling]

    def _draw_moment(self, scene: Scene) -> None:
        self._scene = scene
        self._plot.show_moment(scene.frame.samples_seen if scene.shown else None)
        self._place_labels()

    def _show_symptoms(self, scene: Scene) -> None:
        """Say what the network of this very moment shows, once somebody has looked into it."""
        said = "  ·  ".join(scene.frame.symptoms or ())
        self._symptoms.setText(said[:1].upper() + said[1:])

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
        first = (*FIRST_MOMENTS, *(epochs * shown.samples_per_epoch for epochs in FIRST_EPOCHS))
        return next((span for span in first if shown.samples_seen <= span < whole), whole)

    def _place_labels(self, _resized: pg.ViewBox | None = None) -> None:
        """Write beside the cursor what was measured at this very moment, one line below the other."""
        lines = _lines(self._scene)
        for kind, item in zip(KINDS, self._labels, strict=True):
            item.setVisible(kind in lines)
            item.setText(lines[kind][0] if kind in lines else "")
        items = [item for kind, item in zip(KINDS, self._labels, strict=True) if kind in lines]
        pixel_width, pixel_height = self._plot.getViewBox().viewPixelSize()
        seen, gap = self._scene.frame.samples_seen, scaled(LINE_OF_TEXT) * pixel_height
        block = max(0, len(items) - 1) * gap
        (left, right), (bottom, top) = self._plot.getViewBox().viewRange()
        last = max((samples[-1] for samples, _ in self._values if len(samples)), default=0)
        if seen >= last:  # beside the ends of the curves
            middle = float(np.mean([value for _, value in lines.values()] or [0]))
        else:  # away from the curves, which continue to the right: accuracies rise and losses fall
            middle = bottom if MEASURES[self._scene.measure].percent else top
        width, height = np.max([item.boundingRect().size().toTuple() for item in items] or [(0, 0)], axis=0)
        half = (block + height * pixel_height) / 2
        middle = min(max(middle, bottom + half), top - half)
        fits = seen + (width + 4) * pixel_width <= right or seen - left < right - seen
        for k, item in enumerate(items):
            item.setAnchor((0 if fits else 1, 0.5))
            item.setPos(seen + (4 if fits else -4) * pixel_width, middle + block / 2 - k * gap)


def _lines(scene: Scene) -> dict[str, tuple[str, float]]:
    """What stands beside the cursor of each curve that was measured there, and the value."""
    run, frame, other = scene.shown, scene.frame, scene.compared_frame
    if run is None:
        return {}
    measure = MEASURES[scene.measure]
    recent = run.recent_samples(frame.samples_seen)
    of_few = f", mean of {recent:,}" if 0 < recent < RECENT_SAMPLES else ""
    at_its_own = f" at {other.samples_seen:,}" if other and other.samples_seen != frame.samples_seen else ""
    found = (
        ("test", frame, "test", ""),
        ("training", frame, "training", of_few),
        ("compared", other, "test", at_its_own),
    )
    lines = {}
    for kind, of, measured, note in found:
        value = getattr(of.progress, f"{measured}_{scene.measure}") if of else None
        if value is not None and np.isfinite(value):
            lines[kind] = f"{kind} {measure.text(value)}{note}", value
    return lines


def _thinned(samples: NDArray[np.float64], values: NDArray[np.float64]) -> Curve:
    """Every n-th point, so that they are not too many, and always the last."""
    stride = -(-len(samples) // MOST_POINTS)
    if stride < 2:
        return samples, values
    kept = np.r_[0 : len(samples) - 1 : stride, len(samples) - 1]
    return samples[kept], values[kept]
