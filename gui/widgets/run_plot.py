"""A plot over the samples of a run, with the playhead in it."""

from collections.abc import Sequence
from math import ceil, floor

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QFontMetrics, QHideEvent, QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication

from gui.flow.playhead import Playhead
from gui.theme import scaled, theme
from gui.widgets.card import named
from gui.widgets.numbers import round_step
from model.history import History

# Pixels at 100 percent
AXIS_WIDTH = 52  # for the numbers at the left
HALF_A_LINE = 10  # above and below, so that the numbers of the ticks at both ends fit

ZOOM_TIP = "The wheel zooms into the samples, a double click shows all of them."
ZOOM_STEP = 0.8  # of what is shown, that is shown after a step of the wheel
CLOSEST = 20  # samples

Ticks = Sequence[tuple[float, str]]


class RunPlot(pg.PlotWidget):  # type: ignore[misc]
    """Samples to the right; what goes up is for its owner to add. A click or a drag in it moves the playhead.

    The wheel zooms into the samples around the pointer, a double click shows all of them.
    """

    _is_built = False  # pyqtgraph's constructor changes the palette, too

    def __init__(
        self, name: str, accessible_name: str, playhead: Playhead, axis_width: int = AXIS_WIDTH, tip: str = ""
    ) -> None:
        super().__init__(enableMenu=False)
        self._playhead = playhead
        self._axis_width = axis_width
        self._is_held = False
        self.top = 1.0  # of the axis at the left
        self._range: tuple[int, int, float, Ticks, int] = (1, 1, 1.0, (), 0)  # as in show_range
        self._zoomed: tuple[float, float] | None = None  # from which sample to which, if not all are shown
        self._fitted: tuple[object, ...] | None = None
        named(self, name, accessible_name, f"{tip} {ZOOM_TIP}".strip())
        self.setAntialiasing(True)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        item = self.getPlotItem()
        item.hideButtons()
        item.setMouseEnabled(x=False, y=False)
        self.getAxis("left").setGrid(120)
        for side in ("left", "bottom"):
            self.getAxis(side).setStyle(tickLength=0, autoExpandTextSpace=False, hideOverlappingLabels=False)
        self._cursor = pg.InfiniteLine(angle=90)
        self._cursor.hide()
        self.addItem(self._cursor, ignoreBounds=True)
        self.getViewBox().sigResized.connect(self._fit)
        self._dress()
        self._is_built = True

    @property
    def moment(self) -> int | None:
        """Where the cursor is, in samples seen."""
        return round(self._cursor.value()) if self._cursor.isVisible() else None

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if self._is_built and event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self._dress()

    def show_moment(self, samples_seen: int | None) -> None:
        """Put the cursor at a moment, or nowhere."""
        self._cursor.setVisible(samples_seen is not None)
        if samples_seen is not None:
            self._cursor.setPos(samples_seen)

    def add_curve(self, name: str, z: float = 0) -> pg.PlotCurveItem:
        """A new curve, above those with a smaller z; its owner sets its pen and its data."""
        curve = pg.PlotCurveItem(name=name, skipFiniteCheck=True)
        curve.setZValue(z)
        self.addItem(curve, ignoreBounds=True)
        return curve

    def show_run(self, run: History | None, top: float, ticks: Ticks, room_at_right: int = 0) -> None:
        """Reach over all of a run."""
        end, samples_per_epoch = (run.last_sample, run.samples_per_epoch) if run else (1, 1)
        self.show_range(end, samples_per_epoch, top, ticks, room_at_right)

    def show_range(self, end: int, samples_per_epoch: int, top: float, ticks: Ticks, room_at_right: int = 0) -> None:
        """Reach from 0 to `end` samples and from 0 to `top`, with so many pixels, at 100 percent, left at the right."""
        self._range = (end, samples_per_epoch, top, tuple(ticks), room_at_right)
        self._fit()

    def _fit(self, _resized: pg.ViewBox | None = None) -> None:
        """Lay the axes out, unless they are: that would cost more than drawing the curves."""
        plot_height = self.getViewBox().height()
        if self._zoomed and self._zoomed[1] > self._range[0]:
            self._zoomed = None  # of a longer run
        fitted = (*self._range, self._zoomed, self.width(), plot_height, scaled(100))
        if fitted == self._fitted:
            return
        self._fitted = fitted
        end, samples_per_epoch, self.top, ticks, room_at_right = self._range
        plot_width = max(1, self.width() - self.getAxis("left").width())
        start, stop = self._zoomed or (0, end)
        span = (stop - start) * plot_width / max(1, plot_width - scaled(room_at_right))
        self.setXRange(start, start + span, padding=0)
        half_a_line = scaled(HALF_A_LINE)
        margin = self.top * half_a_line / max(1, plot_height - 2 * half_a_line)
        self.setYRange(-margin, self.top + margin, padding=0)
        self.getAxis("left").setTicks([list(ticks)])
        longest = f"epoch {end // samples_per_epoch}" if end >= samples_per_epoch else f"{end:,} samples"
        widest = QFontMetrics(QApplication.font()).horizontalAdvance(f"{longest}  ")
        most = max(1, round(plot_width - scaled(room_at_right)) // widest)
        ticks_below = _round_samples(*self._zoomed, most) if self._zoomed else _moments(samples_per_epoch, end, most)
        self.getAxis("bottom").setTicks([ticks_below])

    def wheelEvent(self, event: QWheelEvent) -> None:
        whole = float(self._range[0])
        start, stop = self._zoomed or (0.0, whole)
        pointed = min(max(start, self._sample_at(event.position())), stop)
        factor = max(CLOSEST / (stop - start), ZOOM_STEP ** (event.angleDelta().y() / 120))
        start, stop = (max(0.0, pointed - (pointed - start) * factor), min(whole, pointed + (stop - pointed) * factor))
        self._zoomed = (start, stop) if stop - start < whole else None
        self._fit()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._zoomed = None
        self._fit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._is_held = True
            self._playhead.hold()
            self._choose(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._choose(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._release()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if self._is_held:  # nobody would tell of the button's release
            self._release()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.ignore()  # what nothing here uses moves the playhead

    def _release(self) -> None:
        self._is_held = False
        self._playhead.release()

    def _choose(self, event: QMouseEvent) -> None:
        self._playhead.go_to(self._sample_at(event.position()))

    def _sample_at(self, position: QPointF) -> float:
        return float(self.getViewBox().mapSceneToView(self.mapToScene(position.toPoint())).x())

    def _dress(self) -> None:
        """Take on colours and sizes; pyqtgraph does not look at the palette."""
        self.setBackground(theme().card)
        self.getAxis("left").setWidth(scaled(self._axis_width))
        self.getAxis("bottom").setHeight(QFontMetrics(QApplication.font()).height() + 4)
        for side in ("left", "bottom"):
            axis = self.getAxis(side)
            axis.setPen(theme().hairline)
            axis.setTextPen(theme().secondary_text)
        self._cursor.setPen(theme().text, width=scaled(1), style=Qt.PenStyle.DashLine)


def _round_samples(start: float, stop: float, most: int) -> list[tuple[float, str]]:
    """Ticks at round numbers of samples, at most this many."""
    step = max(1, round(round_step(stop - start, most)))
    return [(float(k * step), f"{k * step:,}") for k in range(ceil(start / step), floor(stop / step) + 1)]


def _moments(samples_per_epoch: int, end: int, most: int) -> list[tuple[float, str]]:
    """Ticks: epochs, at most this many, or samples where the first epoch is not over."""
    if end < samples_per_epoch:
        parts = next(parts for parts in (5, 4, 2, 1) if parts <= most)  # of round numbers, they are round
        return [(end * k / parts, f"{end * k // parts:,}") for k in range(parts)] + [(float(end), f"{end:,} samples")]
    epochs = end // samples_per_epoch
    stride = max(1, round(round_step(epochs, most)))
    ticks = [(float(k * samples_per_epoch), f"epoch {k}") for k in range(stride, epochs + 1, stride)]
    return [(0.0, "0"), *ticks]
