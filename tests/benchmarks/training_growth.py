"""How the cost of training grows with the network's width and with the learning rate, in numbers and as a picture."""

import os
from collections.abc import Sequence

import pyqtgraph as pg
from numpy import log10
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication

from gui.theme import LIGHT
from model.dataset import Dataset
from model.network import LAYER_SIZES, Network
from model.sequential_sgd import LARGEST_BLOCK
from tests.benchmarks.report import table
from tests.benchmarks.training_contenders import Loop, Solver
from tests.benchmarks.training_race import Entrant, race, warm_up

WIDTHS = (8, 16, 32, 64, 128, 256, 512)
RATES = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0)
RATE = 0.003
TURNS, SAMPLES_A_TURN = 7, 320
SIZE = (1200, 480)
FONT_SIZE = 14  # pixels
ROOM_FOR_LABELS = 0.3  # right of the last point, of the width of the data
ROOM_ABOVE = 1.3  # of the highest cost: its label has two lines
MARKS = [mark * 10**power for power in range(6) for mark in (1, 2, 5)]  # microseconds
LINES = (("Digitscope", LIGHT.accent, 2.5), ("straightforward\nloop", LIGHT.secondary_text, 1.5))

Costs = list[tuple[float, float]]  # microseconds a sample: of the solver and of the loop


def print_and_plot(dataset: Dataset, file: str) -> None:
    first, *_, last = LAYER_SIZES
    by_width = measure(dataset, [((first, width, width, last), RATE) for width in WIDTHS])
    print("\n" + costs_table("neurons", WIDTHS, by_width))
    by_rate = measure(dataset, [(LAYER_SIZES, rate) for rate in RATES])
    print("\n" + costs_table("rate", RATES, by_rate))
    draw(by_width, by_rate, file)


def measure(dataset: Dataset, cases: Sequence[tuple[tuple[int, ...], float]]) -> Costs:
    """For each case, the solver's cost in float32 and the straightforward loop's in float64."""
    pairs = [(enter(dataset, Solver, "float32", *case), enter(dataset, Loop, "float64", *case)) for case in cases]
    race([entrant for pair in pairs for entrant in pair], dataset, TURNS, SAMPLES_A_TURN)
    return [(solver.microseconds, loop.microseconds) for solver, loop in pairs]


def enter(
    dataset: Dataset, make: type[Solver] | type[Loop], dtype: str, layer_sizes: tuple[int, ...], learning_rate: float
) -> Entrant:
    network = Network.initialize(layer_sizes, dtype=dtype)
    contender = make(network, learning_rate)
    warm_up(contender, network, dataset, LARGEST_BLOCK)
    return Entrant(contender)


def costs_table(title: str, values: Sequence[float], costs: Costs) -> str:
    head = (title, "Digitscope, µs", "loop, µs", "times as fast")
    rows = [
        (f"{value:g}", f"{solver:,.1f}", f"{loop:,.1f}", f"{loop / solver:.1f}")
        for value, (solver, loop) in zip(values, costs, strict=True)
    ]
    return table([head, *rows], ">>>>")


def draw(by_width: Costs, by_rate: Costs, file: str) -> None:
    """Two panels side by side, into a file."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")  # a picture needs no screen
    application = QApplication.instance() or QApplication([])
    picture = pg.GraphicsLayoutWidget(show=False)
    picture.setBackground(LIGHT.card)
    picture.setAntialiasing(True)
    picture.resize(*SIZE)
    picture.ci.setContentsMargins(8, 16, 8, 8)
    picture.ci.setSpacing(16)
    add_panel(picture, f"neurons in each hidden layer (learning rate {RATE:g})", WIDTHS, by_width)
    add_panel(picture, f"learning rate ({LAYER_SIZES[1]} neurons in each hidden layer)", RATES, by_rate)
    application.processEvents()
    if not picture.grab().save(file):
        raise SystemExit(f"The picture could not be written to {file}.")


def add_panel(picture: pg.GraphicsLayoutWidget, title: str, values: Sequence[float], costs: Costs) -> None:
    panel = picture.addPlot()
    panel.hideButtons()
    xs = log10(values)
    for k, (name, color, width) in enumerate(LINES):
        ys = log10([pair[k] for pair in costs])
        panel.plot(
            xs, ys, pen=pg.mkPen(color, width=width), symbol="o", symbolSize=7, symbolBrush=color, symbolPen=None
        )
        label = pg.TextItem(name, color=color, anchor=(0, 0.5))
        label.setFont(font())
        label.setPos(xs[-1] + 0.015 * (xs[-1] - xs[0]), ys[-1])
        panel.addItem(label, ignoreBounds=True)
    all_costs = [cost for pair in costs for cost in pair]
    lowest = max(mark for mark in MARKS if mark < min(all_costs))
    highest = min(mark for mark in MARKS if mark > ROOM_ABOVE * max(all_costs))
    marks = [mark for mark in MARKS if lowest <= mark <= highest]
    panel.setXRange(xs[0], xs[-1] + ROOM_FOR_LABELS * (xs[-1] - xs[0]), padding=0.03)
    panel.setYRange(log10(marks[0]), log10(marks[-1]), padding=0.02)
    label_axis(panel.getAxis("bottom"), title, values)
    label_axis(panel.getAxis("left"), "µs a sample", marks)


def label_axis(axis: pg.AxisItem, title: str, marks: Sequence[float]) -> None:
    axis.setLabel(title, color=LIGHT.secondary_text, **{"font-size": f"{FONT_SIZE}px"})
    axis.setTicks([[(log10(mark), f"{mark:,g}") for mark in marks]])
    axis.setPen(LIGHT.hairline)
    axis.setTextPen(LIGHT.secondary_text)
    axis.setStyle(tickFont=font(), tickLength=0, hideOverlappingLabels=False)
    if axis.orientation == "left":
        axis.setGrid(120)


def font() -> QFont:
    font = QFont()
    font.setPixelSize(FONT_SIZE)
    return font
