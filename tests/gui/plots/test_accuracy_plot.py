import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from gui.playhead import Runs
from gui.plots.accuracy_plot import MOST_POINTS, AccuracyPlot
from gui.theme import DARK
from model.history import Frame, History
from model.network import Network
from model.training import Progress, TrainingConfig

NETWORK = Network.initialize((784, 2, 10))


@pytest.fixture
def plot(qtbot: QtBot) -> AccuracyPlot:
    plot = AccuracyPlot()
    qtbot.addWidget(plot)
    plot.resize(770, 290)
    with qtbot.waitExposed(plot):
        plot.show()
    return plot


def run(points: int, samples: int, epochs: int = 3) -> History:
    """A made-up run whose test accuracy rises evenly from 0 to 1 and whose training loss falls from 2 to 1."""
    history = History(TrainingConfig(epochs=epochs), 60000)
    for share in np.linspace(0, 1, points):
        progress = Progress(round(share * samples), 1, 2 - share, share / 2, 2 - share, share)
        history.add(Frame(progress, NETWORK))
    return history


def show(plot: AccuracyPlot, current: History, earlier: tuple[History, ...] = ()) -> None:
    plot.show_runs(Runs((*earlier, current), current))
    plot.show_frame(current.latest)


def visible_ticks(plot: AccuracyPlot, side: str) -> list[str]:
    """The numbers that pyqtgraph finds room for beside an axis."""
    sheet = QPixmap(1, 1)
    painter = QPainter(sheet)
    texts = plot._plot.getAxis(side).generateDrawSpecs(painter)[2]
    painter.end()
    return [text for _, _, text in texts]


def test_an_empty_plot_says_what_fills_it(plot: AccuracyPlot) -> None:
    assert plot._hint.isVisible()
    assert "Start" in plot._hint.text()
    show(plot, run(10, 180000))
    assert not plot._hint.isVisible()


def test_curves_are_what_was_measured(plot: AccuracyPlot) -> None:
    show(plot, run(100, 180000))
    samples, accuracy = plot._test_curve.getData()
    assert np.allclose(accuracy, samples / 180000, atol=1e-4)
    samples, accuracy = plot._training_curve.getData()
    assert np.allclose(accuracy, samples / 360000, atol=1e-4)


def test_the_cursor_and_the_numbers_stand_where_the_run_is(plot: AccuracyPlot) -> None:
    show(plot, run(100, 90000))
    assert plot._plot._cursor.value() == 90000
    assert plot._labels[0].toPlainText() == "test 100.0 %"
    assert plot._labels[1].toPlainText() == "training 50.0 %"


def test_the_numbers_do_not_cover_each_other_where_curves_meet(plot: AccuracyPlot) -> None:
    plot.set_measure("loss")
    show(plot, run(100, 90000))
    boxes = [label.mapRectToScene(label.boundingRect()) for label in (plot._labels[0], plot._labels[1])]
    assert abs(boxes[0].center().y() - boxes[1].center().y()) >= 17


def test_a_button_changes_what_is_shown(qtbot: QtBot, plot: AccuracyPlot) -> None:
    show(plot, run(100, 180000))
    with qtbot.waitSignal(plot.measure_changed):
        QTest.mouseClick(plot.findChild(QPushButton, "lossButton"), Qt.MouseButton.LeftButton)
    samples, loss = plot._test_curve.getData()
    assert np.allclose(loss, 2 - samples / 180000, atol=1e-4)


@pytest.mark.parametrize(("width", "height"), [(770, 290), (590, 250), (1400, 450)])
def test_both_ends_of_the_scale_are_labelled(plot: AccuracyPlot, width: int, height: int) -> None:
    plot.resize(width, height)
    show(plot, run(100, 180000))
    assert visible_ticks(plot, "left") == ["0 %", "25 %", "50 %", "75 %", "100 %"]
    assert visible_ticks(plot, "bottom") == ["0", "epoch 1", "epoch 2", "epoch 3"]


def test_the_first_moments_are_shown_large(plot: AccuracyPlot) -> None:
    show(plot, run(10, 100))
    assert visible_ticks(plot, "bottom")[-1] == "200 samples"


def test_many_epochs_do_not_crowd_the_axis(plot: AccuracyPlot) -> None:
    show(plot, run(100, 60000 * 90, epochs=100))
    assert visible_ticks(plot, "bottom") == ["0", *(f"epoch {k}" for k in range(10, 101, 10))]


def test_a_long_curve_is_thinned_but_reaches_its_end(plot: AccuracyPlot) -> None:
    show(plot, run(3000, 180000))
    samples, _ = plot._test_curve.getData()
    assert len(samples) <= MOST_POINTS + 1
    assert samples[-1] == 180000


def test_earlier_runs_stay_behind_the_current_one(plot: AccuracyPlot) -> None:
    show(plot, run(50, 60000), earlier=(run(70, 180000), run(40, 120000)))
    curves = list(plot._other_curves.values())
    assert [len(curve.getData()[0]) for curve in curves] == [70, 40]
    assert all(curve.zValue() < plot._test_curve.zValue() for curve in curves)


def test_the_theme_reaches_the_plot(plot: AccuracyPlot) -> None:
    plot.apply_theme(DARK)
    assert plot._plot.backgroundBrush().color().name() == DARK.card
    assert plot._test_curve.opts["pen"].color().name() == DARK.accent
    assert plot._plot.getAxis("left").textPen().color().name() == DARK.secondary_text
