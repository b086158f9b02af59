"""Pictures to hand in: painted from the numbers, on white paper, with settings, legend and axes, whatever is shown."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QBuffer, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QImage, QImageWriter, QPainter, QPen
from PySide6.QtSvg import QSvgGenerator

from gui.flow.scene import Scene
from gui.theme import LIGHT
from gui.widgets.diverging_colors import diverging_image, limit_of
from gui.widgets.numbers import neuron_number, percent, round_step, signed
from gui.widgets.run_settings import settings_in_words
from model.digit_image import SIDE
from model.history import Frame, History

SIZE = QSize(960, 600)
SHARPNESS = 3  # pixels of a PNG for each of the picture: 300 to an inch where it is 9.6 inches wide
MARGIN, LINE, BAR = 24, 22, 12  # in pixels of the picture
COLUMNS = 8  # of neurons
WORTH_A_CURVE = 0.05  # a probability that a digit reached at some time
# Told apart without seeing red or green: the eight of Okabe and Ito, "Color Universal Design", 2002, and two greys.
DIGIT_COLORS = (
    "#000000", "#e69f00", "#56b4e9", "#009e73", "#b5a800", "#0072b2", "#d55e00", "#cc79a7", "#888888", "#bbbbbb",
)  # fmt: skip
MEASURES = {"accuracy": "accuracy", "loss": "mean cross-entropy"}
MOST_TICKS = 6


@dataclass(frozen=True)
class Picture:
    """Something that can be painted at its size."""

    paint: Callable[[QPainter], None]
    size: QSize = field(default_factory=lambda: QSize(SIZE))

    def as_png(self) -> bytes:
        """Pixels, fine enough for print."""
        image = QImage(self.size * SHARPNESS, QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(SHARPNESS)
        image.fill(Qt.GlobalColor.white)
        self._paint_on(QPainter(image))
        buffer = QBuffer()
        QImageWriter(buffer, b"png").write(image)
        return bytes(buffer.data().data())

    def as_svg(self) -> bytes:
        """Lines and text."""
        buffer, generator = QBuffer(), QSvgGenerator()
        generator.setOutputDevice(buffer)
        generator.setSize(self.size)
        generator.setViewBox(QRect(0, 0, self.size.width(), self.size.height()))
        generator.setTitle("Digitscope")
        self._paint_on(QPainter(generator))
        return bytes(buffer.data().data())

    def _paint_on(self, painter: QPainter) -> None:
        font = QFont()
        font.setPixelSize(13)  # pixels, not points: an SVG counts these by a resolution of its own
        painter.setFont(font)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.paint(painter)
        painter.end()


def curves_picture(scene: Scene) -> Picture:
    """The curves of the run that is shown, of the compared one, and faint those of the others."""
    run, measure = scene.shown, scene.measure
    assert run is not None
    plot = _Plot(run, MEASURES[measure], _written(measure))
    for other in scene.runs.others:
        plot.add(other.title, *other.curve(f"test_{measure}"), LIGHT.other_runs, 1)
    if scene.compared:
        plot.add(f"{scene.compared.title}, test digits", *scene.compared.curve(f"test_{measure}"), LIGHT.compared, 2)
    training = "mean over the last 1,000 training digits"
    plot.add(training, *run.curve(f"training_{measure}"), LIGHT.training, 1)
    plot.add("test digits", *run.curve(f"test_{measure}"), LIGHT.accent, 2)
    return Picture(plot.paint)


def answers_picture(scene: Scene) -> Picture | None:
    """The probability of each digit for the drawing over the run; None as long as that is not known."""
    run, series = scene.shown, scene.digit_over_run
    if run is None or series is None:
        return None
    plot = _Plot(run, "probability of each digit, for the drawing", _written("accuracy"))
    probabilities = np.array(series.values)
    for digit, color in reversed(list(enumerate(DIGIT_COLORS))):
        if probabilities[:, digit].max() >= WORTH_A_CURVE:
            plot.add(str(digit), series.samples, probabilities[:, digit], color, 2)
    return Picture(plot.paint)


def weights_picture(scene: Scene) -> Picture:
    """The first layer of the frame that is shown, a picture for each neuron."""
    weights = scene.network.weights[0]
    rows = -(-weights.shape[1] // COLUMNS)
    side = (SIZE.width() - 2 * MARGIN) // COLUMNS
    moment = _moment_in_words(scene.shown, scene.frame, scene.frame_name)
    size = QSize(SIZE.width(), round(2 * MARGIN + (4 + moment.count("\n")) * LINE + rows * side + BAR))

    def paint(painter: QPainter) -> None:
        top = _paint_title(painter, "First-layer weights", moment)
        limit = limit_of(weights)
        for neuron, values in enumerate(weights.T):
            row, column = divmod(neuron, COLUMNS)
            place = QRectF(MARGIN + column * side, top + row * side, side - LINE / 2, side - LINE / 2)
            painter.drawText(
                place.adjusted(2, -LINE / 2, 0, 0), neuron_number(neuron, is_answer=len(scene.network.weights) == 1)
            )
            image = diverging_image(values.reshape(SIDE, SIDE), limit, LIGHT)
            painter.drawImage(place.adjusted(0, LINE / 4, -LINE / 4, 0), image)
        scale = QRectF(MARGIN, top + rows * side + LINE / 2, SIZE.width() - 2 * MARGIN, BAR)
        painter.drawImage(scale, diverging_image(np.linspace(-1, 1, 255)[np.newaxis], 1.0, LIGHT))
        below = scale.adjusted(0, BAR + 2, 0, LINE)
        flags, ends = Qt.AlignmentFlag, (signed(-limit), "0", signed(limit))
        for flag, text in zip((flags.AlignLeft, flags.AlignHCenter, flags.AlignRight), ends, strict=True):
            painter.drawText(below, flag, text)

    return Picture(paint, size)


@dataclass(frozen=True)
class _Curve:
    name: str
    samples: NDArray[np.float64]
    values: NDArray[np.floating]
    color: str
    width: float


class _Plot:
    """Curves over the samples of a run, with a title, axes and a legend."""

    def __init__(self, run: History, axis: str, write: Callable[[float], str]) -> None:
        """`axis` says what goes up, `write` how its numbers are written."""
        self._run = run
        self._axis = axis
        self._write = write
        self._curves: list[_Curve] = []

    def add(
        self, name: str, samples: NDArray[np.float64], values: NDArray[np.floating], color: str, width: float
    ) -> None:
        """One more curve, with a place in the legend."""
        if len(samples):
            self._curves.append(_Curve(name, samples, values, color, width))

    def paint(self, painter: QPainter) -> None:
        """All of it."""
        top = _paint_title(painter, self._run.title, settings_in_words(self._run))
        legend = _legend_lines(painter, self._curves)
        bottom = SIZE.height() - MARGIN - LINE * (len(legend) + 2.5)
        area = QRectF(MARGIN + 3 * LINE, top, SIZE.width() - 3 * MARGIN - 3 * LINE, bottom - top)
        last = max((curve.samples[-1] for curve in self._curves), default=1.0) or 1.0
        highest = max((float(curve.values.max()) for curve in self._curves), default=1.0)
        across, up = _ticks(float(last)), _ticks(highest)
        self._paint_axes(painter, area, across, up)
        for curve in self._curves:
            x = area.left() + curve.samples / across[-1] * area.width()
            y = area.bottom() - curve.values / up[-1] * area.height()
            painter.setPen(QPen(QColor(curve.color), curve.width))
            painter.drawPolyline([QPointF(*point) for point in zip(x.tolist(), y.tolist(), strict=True)])
        for k, line in enumerate(legend):
            _paint_legend(painter, line, bottom + (2.5 + k) * LINE)

    def _paint_axes(self, painter: QPainter, area: QRectF, across: Sequence[float], up: Sequence[float]) -> None:
        flags = Qt.AlignmentFlag
        for value in up:
            y = area.bottom() - value / up[-1] * area.height()
            painter.setPen(QColor(LIGHT.hairline))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            painter.setPen(QColor(LIGHT.text))
            beside = QRectF(0, y - LINE / 2, area.left() - LINE / 2, LINE)
            painter.drawText(beside, flags.AlignRight | flags.AlignVCenter, self._write(value))
        for value in across:
            x = area.left() + value / across[-1] * area.width()
            painter.setPen(QColor(LIGHT.secondary_text))
            painter.drawLine(QPointF(x, area.bottom()), QPointF(x, area.bottom() + 4))
            painter.setPen(QColor(LIGHT.text))
            below = QRectF(x - 3 * LINE, area.bottom() + 4, 6 * LINE, LINE)
            painter.drawText(below, flags.AlignHCenter | flags.AlignVCenter, f"{value:,.0f}")
        painter.setPen(QColor(LIGHT.secondary_text))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        painter.drawLine(area.bottomLeft(), area.topLeft())
        title = QRectF(area.left(), area.bottom() + LINE + 2, area.width(), LINE)
        painter.drawText(title, flags.AlignCenter, "samples seen")
        painter.save()
        painter.translate(MARGIN, area.center().y())
        painter.rotate(-90)
        painter.drawText(QRectF(-area.height() / 2, -LINE / 2, area.height(), LINE), flags.AlignCenter, self._axis)
        painter.restore()


def _ticks(end: float) -> list[float]:
    """Round numbers from 0 to the first that is not below `end`."""
    step = round_step(end, MOST_TICKS)
    return [k * step for k in range(int(np.ceil(end / step - 1e-9)) + 1)]


def _legend_lines(painter: QPainter, curves: Sequence[_Curve]) -> list[list[_Curve]]:
    """The curves, the last on top of the others first, as they fit beside one another."""
    lines: list[list[_Curve]] = [[]]
    for curve in reversed(curves):
        if lines[-1] and sum(_legend_width(painter, each) for each in (*lines[-1], curve)) > SIZE.width() - 2 * MARGIN:
            lines.append([])
        lines[-1].append(curve)
    return lines


def _legend_width(painter: QPainter, curve: _Curve) -> float:
    return painter.fontMetrics().horizontalAdvance(curve.name) + 2.5 * LINE


def _paint_legend(painter: QPainter, curves: Sequence[_Curve], y: float) -> None:
    x = float(MARGIN)
    for curve in curves:
        painter.setPen(QPen(QColor(curve.color), max(2, curve.width)))
        painter.drawLine(QPointF(x, y + LINE / 2), QPointF(x + LINE, y + LINE / 2))
        painter.setPen(QColor(LIGHT.text))
        place = QRectF(x + 1.4 * LINE, y, SIZE.width(), LINE)
        painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, curve.name)
        x += _legend_width(painter, curve)


def _written(measure: str) -> Callable[[float], str]:
    return (lambda share: percent(share, 0)) if measure == "accuracy" else (lambda loss: f"{loss:g}")


def _paint_title(painter: QPainter, title: str, settings: str) -> float:
    """A line for the title and one or two for the settings; where what is below them begins."""
    painter.setPen(QColor(LIGHT.text))
    usual, bold = painter.font(), QFont(painter.font())
    bold.setBold(True)
    painter.setFont(bold)
    painter.drawText(MARGIN, MARGIN + LINE // 2, title)
    painter.setFont(usual)
    painter.setPen(QColor(LIGHT.secondary_text))
    lines = settings.split("\n")
    for k, line in enumerate(lines, start=1):
        painter.drawText(MARGIN, MARGIN + LINE // 2 + k * LINE, line)
    painter.setPen(QColor(LIGHT.text))
    return MARGIN + (1.6 + len(lines)) * LINE


def _moment_in_words(run: History | None, frame: Frame, name: str) -> str:
    if run is None:
        return name or "not trained yet"
    return f"{run.title} · sample {frame.samples_seen:,} · {settings_in_words(run)}"
