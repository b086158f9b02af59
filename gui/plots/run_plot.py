"""A plot over the samples of a run, with the playhead in it."""

from collections.abc import Sequence

import pyqtgraph as pg
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent

from gui.theme import LIGHT, Theme

AXIS_WIDTH = 52  # pixels, for the numbers at the left
HALF_A_LINE = 10  # pixels: above and below, so that the numbers of the ticks at both ends fit
TICK_WIDTH = 62  # pixels: "epoch 100" and a space

Ticks = Sequence[tuple[float, str]]


class RunPlot(pg.PlotWidget):  # type: ignore[misc]
    """Samples to the right; what goes up is for its owner to add. A click or a drag in it moves the playhead."""

    moment_chosen = Signal(float)  # samples seen

    def __init__(self, name: str, accessible_name: str, axis_width: int = AXIS_WIDTH) -> None:
        super().__init__()
        self.top = 1.0  # of the axis at the left
        self._shown: tuple[object, ...] | None = None
        self.setObjectName(name)
        self.setAccessibleName(accessible_name)
        self.setAntialiasing(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        item = self.getPlotItem()
        item.setMenuEnabled(False)
        item.hideButtons()
        item.setMouseEnabled(x=False, y=False)
        self.getAxis("left").setWidth(axis_width)
        self.getAxis("left").setGrid(120)
        for side in ("left", "bottom"):
            self.getAxis(side).setStyle(tickLength=0, autoExpandTextSpace=False, hideOverlappingLabels=False)
        self._cursor = pg.InfiniteLine(angle=90)
        self._cursor.hide()
        self.addItem(self._cursor, ignoreBounds=True)
        self.apply_theme(LIGHT)

    def apply_theme(self, theme: Theme) -> None:
        """Take on the colours of a theme; pyqtgraph does not look at the palette."""
        self.setBackground(theme.card)
        for side in ("left", "bottom"):
            axis = self.getAxis(side)
            axis.setPen(theme.hairline)
            axis.setTextPen(theme.secondary_text)
        self._cursor.setPen(theme.text, width=1, style=Qt.PenStyle.DashLine)

    def show_moment(self, samples_seen: int | None) -> None:
        """Put the cursor at a moment, or nowhere."""
        self._cursor.setVisible(samples_seen is not None)
        if samples_seen is not None:
            self._cursor.setPos(samples_seen)

    def show_range(self, end: int, samples_per_epoch: int, top: float, ticks: Ticks, room_at_right: int = 0) -> None:
        """Reach from 0 to `end` samples and from 0 to `top`, with so many pixels left at the right."""
        plot_height = self.getViewBox().height()
        shown = (end, samples_per_epoch, top, tuple(ticks), room_at_right, self.width(), plot_height)
        if shown == self._shown:  # laying out the axes anew would cost more than drawing the curves
            return
        self._shown, self.top = shown, top
        plot_width = max(1, self.width() - self.getAxis("left").width())
        self.setXRange(0, end * plot_width / max(1, plot_width - room_at_right), padding=0)
        margin = top * HALF_A_LINE / max(1, plot_height - 2 * HALF_A_LINE)
        self.setYRange(-margin, top + margin, padding=0)
        self.getAxis("left").setTicks([list(ticks)])
        self.getAxis("bottom").setTicks([_moments(samples_per_epoch, end, max(1, round(plot_width / TICK_WIDTH)))])

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._choose(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._choose(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def _choose(self, event: QMouseEvent) -> None:
        point = self.getViewBox().mapSceneToView(self.mapToScene(event.position().toPoint()))
        self.moment_chosen.emit(point.x())


def _moments(samples_per_epoch: int, end: int, most: int) -> list[tuple[float, str]]:
    """Ticks: epochs, so many at most, or samples where the first epoch is not over."""
    if end < samples_per_epoch:
        parts = min(5, most)
        return [(end * k / parts, f"{end * k // parts:,}") for k in range(parts)] + [(float(end), f"{end:,} samples")]
    epochs = end // samples_per_epoch
    stride = next(size for size in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, epochs) if epochs / size <= most)
    ticks = [(float(k * samples_per_epoch), f"epoch {k}") for k in range(stride, epochs + 1, stride)]
    return [(0.0, "0"), *ticks]
