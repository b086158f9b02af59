"""The curves of the runs on the page Training, made up so that every point of them is known."""

import numpy as np
import pyqtgraph as pg
import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPixmap, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from gui.controllers import Controllers
from gui.flow.scene import TrainingState
from gui.pages.training.accuracy_plot import MOST_POINTS, AccuracyPlot
from gui.theme import DARK
from gui.widgets.run_plot import RunPlot
from model.evaluation import Evaluation
from model.history import Frame, History
from model.network import Network
from model.training import Progress, TrainingConfig
from tests.gui.conftest import click, named_curves, settle, show_view, visible_texts

NETWORK = Network.initialize((784, 2, 10))


@pytest.fixture
def card(qtbot: QtBot, controllers: Controllers) -> AccuracyPlot:
    card = AccuracyPlot(controllers)
    show_view(qtbot, controllers, card, 770, 290)
    return card


@pytest.fixture
def plot(card: AccuracyPlot) -> RunPlot:
    return card.findChild(RunPlot, "accuracyPlot")


def run(points: int, samples: int, epochs: int = 3) -> History:
    """A made-up run whose test accuracy rises evenly from 0 to 1 and whose training loss falls from 2 to 1."""
    return History(TrainingConfig(epochs=epochs), 60000).with_frames(frames(points, samples))


def frames(points: int, samples: int) -> list[Frame]:
    moments = [(share, round(share * samples)) for share in np.linspace(0, 1, points)]
    return [Frame(Progress(seen, 1, 2 - share, share / 2, 2 - share, share), NETWORK) for share, seen in moments]


def show(controllers: Controllers, *runs: History) -> None:
    for each in runs:
        controllers.runs.add(each)
    settle(controllers)


def curve(plot: RunPlot, name: str) -> tuple[np.ndarray, np.ndarray]:
    return named_curves(plot)[name].getData()


def visible_ticks(plot: RunPlot, side: str) -> list[str]:
    """The numbers that pyqtgraph finds room for beside an axis."""
    sheet = QPixmap(1, 1)
    painter = QPainter(sheet)
    texts = plot.getAxis(side).generateDrawSpecs(painter)[2]
    painter.end()
    return [text for _, _, text in texts]


def test_an_empty_plot_says_what_fills_it(controllers: Controllers, plot: RunPlot) -> None:
    hint = plot.findChild(QLabel)
    assert hint.isVisible()
    assert "Start" in hint.text()
    show(controllers, run(10, 180000))
    assert not hint.isVisible()


def test_curves_are_what_was_measured(controllers: Controllers, plot: RunPlot) -> None:
    show(controllers, run(100, 180000))
    samples, accuracy = curve(plot, "test")
    assert len(samples) == 100
    assert np.allclose(accuracy, samples / 180000, atol=1e-4)
    samples, accuracy = curve(plot, "training")
    assert np.allclose(accuracy, samples / 360000, atol=1e-4)


def test_the_cursor_and_the_numbers_stand_where_the_moment_is(controllers: Controllers, plot: RunPlot) -> None:
    show(controllers, run(100, 90000))
    assert plot.moment == 90000
    assert visible_texts(plot) == ["test 100.0 %", "training 50.0 %"]
    controllers.playhead.go_to(45000)
    settle(controllers)
    seen = controllers.scheduler.scene.frame.samples_seen
    assert plot.moment == seen != 90000
    assert visible_texts(plot) == [f"test {seen / 900:.1f} %", f"training {seen / 1800:.1f} %"]


def test_a_run_that_grows_takes_the_cursor_along_or_leaves_it(controllers: Controllers, plot: RunPlot) -> None:
    moments = frames(100, 90000)
    controllers.runs.start(History(TrainingConfig(), 60000).with_frames(moments[:50]))
    settle(controllers)
    controllers.runs.grow(moments[50:60])
    settle(controllers)
    assert plot.moment == curve(plot, "test")[0][-1] == moments[59].samples_seen
    controllers.playhead.go_to(0)
    controllers.runs.grow(moments[60:])
    settle(controllers)
    assert (plot.moment, curve(plot, "test")[0][-1]) == (0, 90000)


def test_the_numbers_do_not_cover_each_other_where_curves_meet(controllers: Controllers, plot: RunPlot) -> None:
    controllers.scheduler.change(measure="loss")
    show(controllers, run(100, 90000))
    texts = [item for item in plot.getPlotItem().items if isinstance(item, pg.TextItem) and item.isVisible()]
    centers = [item.mapRectToScene(item.boundingRect()).center().y() for item in texts]
    assert len(centers) == 2
    assert abs(centers[0] - centers[1]) >= 17


def label_rectangles(plot: RunPlot) -> list[QRectF]:
    items = [item for item in plot.getPlotItem().items if isinstance(item, pg.TextItem) and item.isVisible()]
    return [item.mapRectToScene(item.boundingRect()) for item in items]


@pytest.mark.parametrize("measure", ["accuracy", "loss"])
@pytest.mark.parametrize(("width", "height"), [(770, 290), (430, 170), (1400, 450)])
@pytest.mark.parametrize("moment", [0, 60000, 175000, 180000])
def test_no_number_is_cut_and_all_have_the_same_order_everywhere(
    controllers: Controllers, card: AccuracyPlot, plot: RunPlot, measure: str, width: int, height: int, moment: int
) -> None:
    card.resize(width, height)
    other = run(90, 170000)
    show(controllers, other, run(100, 180000))
    controllers.scheduler.change(measure=measure)
    controllers.runs.compare(other)
    controllers.playhead.go_to(moment)
    settle(controllers)
    inside = plot.getViewBox().sceneBoundingRect().adjusted(-1, -1, 1, 1)
    rectangles = label_rectangles(plot)
    assert [text.split()[0] for text in visible_texts(plot)] == ["test", "training", "compared"]
    centers = [rectangle.center().y() for rectangle in rectangles]
    assert centers == sorted(centers)
    assert np.diff(centers).min() >= 17
    for rectangle in rectangles:
        assert inside.contains(rectangle)


def test_the_numbers_are_those_of_the_frame_or_are_missing(controllers: Controllers, plot: RunPlot) -> None:
    """Of a curve, whose points are thinned and further apart, they would be those of an earlier moment."""
    measured = Progress(500, 1, 1.0, 0.5, 0.25, 0.75)
    later = Progress(2000, 1, 0.9, 0.625)
    seen = (Progress(), measured, later)
    made = [Frame(each, Network.initialize((784, 2, 10), each.samples_seen)) for each in seen]
    show(controllers, History(TrainingConfig(), 60000).with_frames(made))
    assert visible_texts(plot) == ["training 62.5 %"]
    controllers.playhead.go_to(500)
    settle(controllers)
    assert visible_texts(plot) == ["test 75.0 %", "training 50.0 %, mean of 500"]


def test_a_mean_over_few_samples_says_so(controllers: Controllers, plot: RunPlot) -> None:
    whole = run(100, 180000)
    show(controllers, whole)
    controllers.scheduler.change(training=TrainingState.RUNNING)
    fork = whole.fork(whole.nearest(90000), TrainingConfig(learning_rate=0.1))
    controllers.runs.start(fork)
    start = fork.samples_seen
    controllers.runs.grow([Frame(Progress(start + 4, 2, 1.0, 0.75), NETWORK)])
    settle(controllers)
    assert "training 75.0 %, mean of 4" in visible_texts(plot)
    controllers.runs.grow([Frame(Progress(start + 1000, 2, 1.0, 0.75), NETWORK)])
    settle(controllers)
    assert "training 75.0 %" in visible_texts(plot)


def test_a_compared_run_that_is_not_at_the_same_moment_says_where_it_is(
    controllers: Controllers, plot: RunPlot
) -> None:
    short = run(10, 1546)
    show(controllers, short, run(100, 180000))
    controllers.runs.compare(short)
    settle(controllers)
    assert visible_texts(plot)[-1] == "compared 100.0 % at 1,546"


@pytest.mark.parametrize(("seen", "reach"), [(100_000, 3), (200_000, 10), (10_000_000, 300), (40_000_000, 1000)])
def test_of_a_long_run_the_plot_shows_what_there_is(
    controllers: Controllers, plot: RunPlot, seen: int, reach: int
) -> None:
    show(controllers, run(50, seen, epochs=1000))
    assert int(visible_ticks(plot, "bottom")[-1].removeprefix("epoch ")) <= reach
    (_, right), _ = plot.getViewBox().viewRange()
    assert reach * 60000 <= right < 1.5 * reach * 60000


def turn_wheel(plot: RunPlot, share: float, steps: int) -> float:
    """With the pointer at this share of the plot; the sample that it is at."""
    box = plot.getViewBox().sceneBoundingRect()
    place = plot.mapFromScene(QPointF(box.left() + share * box.width(), box.center().y()))
    sample = plot.getViewBox().mapSceneToView(plot.mapToScene(place)).x()
    delta, buttons = QPoint(0, 120 * steps), Qt.MouseButton.NoButton
    event = QWheelEvent(
        QPointF(place), QPointF(plot.viewport().mapToGlobal(place)), QPoint(), delta, buttons,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(plot.viewport(), event)
    return sample


def test_the_wheel_zooms_about_the_pointer_and_a_double_click_shows_all(
    controllers: Controllers, plot: RunPlot
) -> None:
    show(controllers, run(100, 180000))
    whole, frame = plot.getViewBox().viewRange()[:1], controllers.scheduler.scene.frame
    for _ in range(4):
        sample = turn_wheel(plot, 0.25, 1)
        (left, right), _ = plot.getViewBox().viewRange()
        assert left < sample < right
    assert right - left == pytest.approx(0.8**4 * (whole[0][1] - whole[0][0]), rel=0.02)
    assert (sample - left) / (right - left) == pytest.approx(0.25, abs=0.01)
    assert all("," in text and "epoch" not in text for text in visible_ticks(plot, "bottom"))
    assert len(visible_ticks(plot, "bottom")) >= 3
    for _ in range(80):
        turn_wheel(plot, 0.25, 1)
    (left, right), _ = plot.getViewBox().viewRange()
    assert 15 < right - left < 30
    assert controllers.scheduler.scene.frame is frame  # to zoom is not to move
    for _ in range(80):
        turn_wheel(plot, 0.25, -1)
    assert plot.getViewBox().viewRange()[:1] == whole
    turn_wheel(plot, 0.5, 3)
    QTest.mouseDClick(plot.viewport(), Qt.MouseButton.LeftButton, pos=plot.viewport().rect().center())
    assert plot.getViewBox().viewRange()[:1] == whole


def test_a_button_changes_what_is_shown(controllers: Controllers, card: AccuracyPlot, plot: RunPlot) -> None:
    show(controllers, run(100, 180000))
    click(card.findChild(QPushButton, "lossButton"))
    settle(controllers)
    samples, loss = curve(plot, "test")
    assert np.allclose(loss, 2 - samples / 180000, atol=1e-4)
    assert controllers.scheduler.scene.measure == "loss"


@pytest.mark.parametrize(("width", "height"), [(770, 290), (590, 250), (1400, 450)])
def test_both_ends_of_the_scale_are_labelled(
    controllers: Controllers, card: AccuracyPlot, plot: RunPlot, width: int, height: int
) -> None:
    card.resize(width, height)
    show(controllers, run(100, 180000))
    assert visible_ticks(plot, "left") == ["0 %", "25 %", "50 %", "75 %", "100 %"]
    assert visible_ticks(plot, "bottom") == ["0", "epoch 1", "epoch 2", "epoch 3"]


@pytest.mark.parametrize(
    ("shown", "ticks"),
    [
        (run(10, 100), ["0", "40", "80", "120", "160", "200 samples"]),
        (run(100, 60000 * 90, epochs=100), ["0", *(f"epoch {k}" for k in range(20, 101, 20))]),
    ],
    ids=["the first moments are shown large", "many epochs do not crowd the axis"],
)
def test_the_axis_suits_the_run(controllers: Controllers, plot: RunPlot, shown: History, ticks: list[str]) -> None:
    show(controllers, shown)
    assert visible_ticks(plot, "bottom") == ticks


def test_a_long_curve_is_thinned_but_reaches_its_end(controllers: Controllers, plot: RunPlot) -> None:
    show(controllers, run(3000, 180000))
    samples, _ = curve(plot, "test")
    assert len(samples) <= MOST_POINTS + 1
    assert samples[-1] == 180000


def test_earlier_runs_stay_behind_the_one_that_is_shown(controllers: Controllers, plot: RunPlot) -> None:
    first, second = run(70, 180000).renamed("first"), run(40, 120000).renamed("second")
    show(controllers, first, second, run(50, 60000))
    curves = named_curves(plot)
    assert [len(curves[name].getData()[0]) for name in ("first", "second")] == [70, 40]
    assert all(curves[name].zValue() < curves["test"].zValue() for name in ("first", "second"))
    controllers.runs.set_hidden(first, True)
    controllers.runs.remove(second)
    settle(controllers)
    assert set(named_curves(plot)) == {"test", "training", "compared"}


def test_the_faint_curve_of_a_run_follows_what_is_measured_later(controllers: Controllers, plot: RunPlot) -> None:
    made = [Frame(Progress(k, 1, 1.0, 0.5), Network.initialize((784, 2, 10), k)) for k in range(3)]
    first = History(TrainingConfig(), 60000).with_frames(made).renamed("first")
    show(controllers, first, run(50, 60000))
    assert len(curve(plot, "first")[0]) == 0
    on_test = Evaluation(1.0, 0.25, np.zeros((10, 10), np.int64))
    controllers.runs.add_tests([frame.tested(on_test) for frame in made[1:]])
    settle(controllers)
    assert [array.tolist() for array in curve(plot, "first")] == [[1, 2], [0.25, 0.25]]


def test_the_curve_of_the_run_under_the_pointer_stands_out(controllers: Controllers, plot: RunPlot) -> None:
    first = run(70, 180000).renamed("first")
    show(controllers, first, run(50, 60000))
    faint = named_curves(plot)["first"].opts["pen"].color().name()
    controllers.runs.point_at(first)
    settle(controllers)
    assert named_curves(plot)["first"].opts["pen"].color().name() != faint
    assert "first" in visible_texts(plot)
    controllers.runs.point_at(None)
    settle(controllers)
    assert "first" not in visible_texts(plot)


def test_the_theme_reaches_the_plot(controllers: Controllers, plot: RunPlot) -> None:
    controllers.appearance.choose_theme("dark")
    settle(controllers)
    assert plot.backgroundBrush().color().name() == DARK.card
    assert named_curves(plot)["test"].opts["pen"].color().name() == DARK.accent
    assert plot.getAxis("left").textPen().color().name() == DARK.secondary_text
