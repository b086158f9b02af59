"""A plot over the samples of a run, with the playhead in it."""

from collections.abc import Sequence

import pyqtgraph as pg
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication

from gui.playhead import Playhead
from gui.theme import scaled, theme
from model.history import History

# Pixels at 100 percent
AXIS_WIDTH = 52  # for the numbers at the left
HALF_A_LINE = 10  # above and below, so that the numbers of the ticks at both ends fit
TICK_WIDTH = 62  # "epoch 100" and a space

Ticks = Sequence[tuple[float, str]]


class RunPlot(pg.PlotWidget):  # type: ignore[misc]
    """Samples to the right; what goes up is for its owner to add. A click or a drag in it moves the playhead."""

    _is_built = False  # pyqtgraph's constructor changes the palette, too

    def __init__(self, name: str, accessible_name: str, playhead: Playhead, axis_width: int = AXIS_WIDTH) -> None:
        super().__init__()
        self._playhead = playhead
        self._axis_width = axis_width
        self.top = 1.0  # of the axis at the left
        self._shown: tuple[object, ...] | None = None
        self.setObjectName(name)
        self.setAccessibleName(accessible_name)
        self.setAntialiasing(True)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        item = self.getPlotItem()
        item.setMenuEnabled(False)
        item.hideButtons()
        item.setMouseEnabled(x=False, y=False)
        self.getAxis("left").setGrid(120)
        for side in ("left", "bottom"):
            self.getAxis(side).setStyle(tickLength=0, autoExpandTextSpace=False, hideOverlappingLabels=False)
        self._cursor = pg.InfiniteLine(angle=90)
        self._cursor.hide()
        self.addItem(self._cursor, ignoreBounds=True)
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

    def show_run(self, run: History | None, top: float, ticks: Ticks, room_at_right: int = 0) -> None:
        """Reach over all of a run."""
        if run is None:
            self.show_range(1, 1, top, ticks, room_at_right)
        else:
            end = max(run.samples_planned, run.latest.samples_seen if run.latest else 0)
            self.show_range(end, run.samples_per_epoch, top, ticks, room_at_right)

    def show_range(self, end: int, samples_per_epoch: int, top: float, ticks: Ticks, room_at_right: int = 0) -> None:
        """Reach from 0 to `end` samples and from 0 to `top`, with so many pixels left at the right."""
        plot_height = self.getViewBox().height()
        shown = (end, samples_per_epoch, top, tuple(ticks), room_at_right, self.width(), plot_height, scaled(100))
        if shown == self._shown:  # laying out the axes again would cost more than drawing the curves
            return
        self._shown, self.top = shown, top
        plot_width = max(1, self.width() - self.getAxis("left").width())
        self.setXRange(0, end * plot_width / max(1, plot_width - room_at_right), padding=0)
        half_a_line = scaled(HALF_A_LINE)
        margin = top * half_a_line / max(1, plot_height - 2 * half_a_line)
        self.setYRange(-margin, top + margin, padding=0)
        self.getAxis("left").setTicks([list(ticks)])
        most = max(1, round(plot_width / scaled(TICK_WIDTH)))
        self.getAxis("bottom").setTicks([_moments(samples_per_epoch, end, most)])

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._playhead.hold()
            self._choose(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._choose(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._playhead.release()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.ignore()  # what nothing here uses moves the playhead

    def _choose(self, event: QMouseEvent) -> None:
        point = self.getViewBox().mapSceneToView(self.mapToScene(event.position().toPoint()))
        self._playhead.go_to(point.x())

    def _dress(self) -> None:
        """Take on colours and sizes; pyqtgraph does not look at the palette."""
        self.setBackground(theme().card)
        self.getAxis("left").setWidth(scaled(self._axis_width))
        self.getAxis("bottom").setHeight(QFontMetrics(QApplication.font()).height() + 4)
        for side in ("left", "bottom"):
            axis = self.getAxis(side)
            axis.setPen(theme().hairline)
            axis.setTextPen(theme().secondary_text)
        self._cursor.setPen(theme().text, width=1, style=Qt.PenStyle.DashLine)


def _moments(samples_per_epoch: int, end: int, most: int) -> list[tuple[float, str]]:
    """Ticks: epochs, at most this many, or samples where the first epoch is not over."""
    if end < samples_per_epoch:
        parts = min(5, most)
        return [(end * k / parts, f"{end * k // parts:,}") for k in range(parts)] + [(float(end), f"{end:,} samples")]
    epochs = end // samples_per_epoch
    stride = next(size for size in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, epochs) if epochs / size <= most)
    ticks = [(float(k * samples_per_epoch), f"epoch {k}") for k in range(stride, epochs + 1, stride)]
    return [(0.0, "0"), *ticks]
