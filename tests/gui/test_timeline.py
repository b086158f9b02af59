"""The timeline as a user drives it: the slider, the plot, the keys, going on from there and comparing."""

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from model.history import Frame
from tests.gui.conftest import click, draw_one, is_at_rest

Find = Callable[[str], QWidget]
LEFT, NO_MODIFIER = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


def train(qtbot: QtBot, window: MainWindow, find: Find, rate: float = 0.1, epochs: int = 3) -> None:
    find("speedSlider").setValue(100)
    find("epochsSpinBox").setValue(epochs)
    find("learningRateSpinBox").setValue(rate)
    with qtbot.waitSignal(window.training_finished, timeout=30000):
        click(find("startButton"))


@pytest.fixture
def after_a_run(qtbot: QtBot, window: MainWindow, find: Find) -> MainWindow:
    """With a 1 on the pad."""
    draw_one(find("drawingPad"))
    train(qtbot, window, find)
    return window


def place_on(slider: QWidget, share: float) -> QPoint:
    return QPoint(round(6 + share * (slider.width() - 12)), slider.height() // 2)


def place_in_plot(plot: QWidget, samples: float) -> QPoint:
    return plot.mapFromScene(plot.getViewBox().mapViewToScene(QPointF(samples, 0.5)))


def assert_all_views_show(window: MainWindow, find: Find, frame: Frame) -> None:
    assert find("timelineSlider").value() == frame.samples_seen
    assert find("accuracyPlot")._cursor.value() == frame.samples_seen
    assert f"{frame.samples_seen:,} of" in find("momentLabel").text()
    heatmaps = find("weightHeatmaps")
    for neuron in (0, 13, 31):
        row, column = divmod(neuron, heatmaps.columns)
        tile = heatmaps.pixels[29 * row : 29 * row + 28, 29 * column : 29 * column + 28]
        assert np.array_equal(tile, frame.network.weights[0][:, neuron].reshape(28, 28))
    prediction = window._drawing_panel.prediction
    expected = frame.network.predict(prediction._digit.reshape(1, 784))[0]
    assert np.array_equal(prediction.probabilities, expected)
    assert find("predictedDigitLabel").text() == str(expected.argmax())


def test_dragging_the_slider_moves_all_views(after_a_run: MainWindow, find: Find) -> None:
    slider, frames = find("timelineSlider"), after_a_run.playhead.run.frames
    QTest.mousePress(slider, LEFT, NO_MODIFIER, place_on(slider, 0.8))
    for share in (0.8, 0.5, 0.2, 0.31):
        QTest.mouseMove(slider, place_on(slider, share))
        frame = after_a_run.playhead.frame
        assert abs(frame.samples_seen - share * 6000) <= 120
        assert frame in frames
        assert_all_views_show(after_a_run, find, frame)
    QTest.mouseRelease(slider, LEFT, NO_MODIFIER, place_on(slider, 0.31))


def test_dragging_in_the_plot_does_the_same(after_a_run: MainWindow, find: Find) -> None:
    plot = find("accuracyPlot")
    QTest.mousePress(plot.viewport(), LEFT, NO_MODIFIER, place_in_plot(plot, 1000))
    assert abs(after_a_run.playhead.frame.samples_seen - 1000) <= 80
    QTest.mouseMove(plot.viewport(), place_in_plot(plot, 4000))
    QTest.mouseRelease(plot.viewport(), LEFT, NO_MODIFIER, place_in_plot(plot, 4000))
    assert abs(after_a_run.playhead.frame.samples_seen - 4000) <= 80
    assert_all_views_show(after_a_run, find, after_a_run.playhead.frame)


def test_after_a_click_in_the_plot_the_keys_move_on(after_a_run: MainWindow, find: Find) -> None:
    after_a_run.activateWindow()
    plot = find("accuracyPlot")
    QTest.mouseClick(plot.viewport(), LEFT, NO_MODIFIER, place_in_plot(plot, 3000))
    moment = after_a_run.playhead.frame
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Left)
    assert after_a_run.playhead.frame is after_a_run.playhead.run.step_from(moment, -1)


def test_keys_that_nothing_else_wants_move_the_playhead(after_a_run: MainWindow) -> None:
    QTest.keyClick(after_a_run, Qt.Key.Key_Home)
    assert after_a_run.playhead.frame.samples_seen == 0


def test_the_keys_of_the_slider(qtbot: QtBot, after_a_run: MainWindow, find: Find) -> None:
    slider, frames = find("timelineSlider"), after_a_run.playhead.run.frames
    after_a_run.activateWindow()
    slider.setFocus()
    for key, modifier, expected in (
        (Qt.Key.Key_Left, NO_MODIFIER, frames[-2].samples_seen),
        (Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier, 4000),
        (Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier, 2000),
        (Qt.Key.Key_Home, NO_MODIFIER, 0),
        (Qt.Key.Key_Right, NO_MODIFIER, 1),
        (Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier, 2000),
        (Qt.Key.Key_End, NO_MODIFIER, 6000),
    ):
        QTest.keyClick(slider, key, modifier)
        assert after_a_run.playhead.frame.samples_seen == expected
    QTest.keyClick(slider, Qt.Key.Key_Space)
    assert after_a_run.playhead.is_playing
    assert find("playButton").text() == "❚❚"
    qtbot.waitUntil(lambda: after_a_run.playhead.frame.samples_seen > 3)
    QTest.keyClick(slider, Qt.Key.Key_Space)
    assert not after_a_run.playhead.is_playing


def test_the_menu_has_keys_that_work_from_anywhere(after_a_run: MainWindow, find: Find) -> None:
    after_a_run.activateWindow()
    find("epochsSpinBox").setFocus()
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Home, Qt.KeyboardModifier.AltModifier)
    assert after_a_run.playhead.frame.samples_seen == 0
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    assert after_a_run.playhead.frame.samples_seen == 1


def test_the_view_stays_while_training_goes_on_and_one_click_returns(
    qtbot: QtBot, window: MainWindow, find: Find
) -> None:
    find("epochsSpinBox").setValue(1000)
    click(find("startButton"))
    run = window.playhead.run
    qtbot.waitUntil(lambda: run.latest is not None and run.latest.samples_seen > 300)
    assert find("liveButton").isChecked()
    window.playhead.go_to(100)
    held, latest = window.playhead.frame, run.latest.samples_seen
    qtbot.waitUntil(lambda: run.latest.samples_seen > latest + 300)
    assert window.playhead.frame is held
    assert not find("liveButton").isChecked()
    assert f"sample {held.samples_seen:,}" not in find("statusLabel").text()
    click(find("liveButton"))
    assert window.playhead.frame is run.latest
    assert find("liveButton").isChecked()
    moved = window.playhead.frame
    qtbot.waitUntil(lambda: window.playhead.frame is not moved)
    click(find("stopButton"))
    qtbot.waitUntil(lambda: window.session._worker is None)


def test_continuing_with_another_rate_is_a_new_run_from_that_very_network(
    qtbot: QtBot, after_a_run: MainWindow, find: Find
) -> None:
    first = after_a_run.playhead.run
    after_a_run.playhead.go_to(2500)
    frame = after_a_run.playhead.frame
    find("learningRateSpinBox").setValue(0.5)
    with qtbot.waitSignal(after_a_run.training_finished, timeout=30000):
        click(find("continueButton"))
    run = after_a_run.playhead.run
    assert after_a_run.playhead.runs.all == (first, run)
    assert (run.first_sample, run.start, run.config.learning_rate) == (frame.samples_seen, frame, 0.5)
    assert run.latest.samples_seen == 6000
    assert find("timelineSlider").minimum() == frame.samples_seen
    assert find("accuracyPlot").isVisible()


def test_continuing_with_the_same_settings_ends_with_the_same_bits(
    qtbot: QtBot, after_a_run: MainWindow, find: Find
) -> None:
    first = after_a_run.playhead.run
    after_a_run.playhead.go_to(3333)
    with qtbot.waitSignal(after_a_run.training_finished, timeout=30000):
        click(find("continueButton"))
    run = after_a_run.playhead.run
    assert run is not first
    assert all(
        np.array_equal(*pair) for pair in zip(run.latest.network.weights, first.latest.network.weights, strict=True)
    )
    assert run.latest.progress == first.latest.progress


def test_continuing_at_the_end_trains_as_many_more_epochs(qtbot: QtBot, after_a_run: MainWindow, find: Find) -> None:
    find("epochsSpinBox").setValue(2)
    with qtbot.waitSignal(after_a_run.training_finished, timeout=30000):
        click(find("continueButton"))
    assert after_a_run.playhead.run.latest.samples_seen == 5 * 2000


def test_continuing_while_a_run_is_on_ends_that_run_first(qtbot: QtBot, window: MainWindow, find: Find) -> None:
    find("epochsSpinBox").setValue(1000)
    click(find("startButton"))
    first = window.playhead.run
    qtbot.waitUntil(lambda: first.latest is not None and first.latest.samples_seen > 300)
    window.playhead.go_to(50)
    click(find("continueButton"))
    qtbot.waitUntil(lambda: window.playhead.run is not first and window.playhead.frame.samples_seen > 100)
    assert window.playhead.run.first_sample <= 60
    click(find("stopButton"))
    qtbot.waitUntil(lambda: window.session._worker is None)


def test_stopping_on_the_way_to_where_a_run_begins_leaves_its_first_frame(
    qtbot: QtBot, after_a_run: MainWindow, find: Find
) -> None:
    after_a_run.playhead.go_to(5999)
    frame = after_a_run.playhead.frame
    with qtbot.waitSignal(after_a_run.training_finished, timeout=10000):
        click(find("continueButton"))
        after_a_run.session.stop()
    assert after_a_run.playhead.run.frames[0].samples_seen == frame.samples_seen
    assert after_a_run.playhead.run.latest.samples_seen >= frame.samples_seen


def test_the_wheel_moves_the_playhead(after_a_run: MainWindow, find: Find) -> None:
    slider, frames = find("timelineSlider"), after_a_run.playhead.run.frames
    place = QPointF(slider.rect().center())
    turn = QWheelEvent(
        place, slider.mapToGlobal(place), QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton, NO_MODIFIER,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(slider, turn)
    assert after_a_run.playhead.frame is frames[-2]
    assert slider.value() == frames[-2].samples_seen


def test_a_paused_run_can_be_looked_at(qtbot: QtBot, window: MainWindow, find: Find) -> None:
    for _ in range(3):
        click(find("stepButton"))
    qtbot.waitUntil(lambda: is_at_rest(window.session) and window.playhead.frame.samples_seen == 3)
    window.playhead.step(-2)
    assert window.playhead.frame.samples_seen == 1
    assert [frame.samples_seen for frame in window.playhead.run.frames] == [0, 1, 2, 3]


def test_comparing_shows_both_runs_and_their_difference(qtbot: QtBot, after_a_run: MainWindow, find: Find) -> None:
    first = after_a_run.playhead.run
    train(qtbot, after_a_run, find, rate=0.01)
    after_a_run._run_list.compare_chosen.emit(first)
    after_a_run.playhead.go_to(3000)
    shown, compared = after_a_run.playhead.frame.network, first.nearest(3000).network
    for name, weights in (
        ("shownWeights", shown.weights[0]),
        ("comparedWeights", compared.weights[0]),
        ("weightDifference", compared.weights[0] - shown.weights[0]),
    ):
        mosaic = find(name)
        assert mosaic.isVisible()
        assert np.array_equal(mosaic.pixels[:28, :28], weights[:, 0].reshape(28, 28))
    bars = after_a_run._drawing_panel.prediction._bars
    digit = after_a_run._drawing_panel.prediction._digit.reshape(1, 784)
    assert np.array_equal(bars.compared, compared.predict(digit)[0])
    assert "compared" in after_a_run._accuracy_plot._labels[2].toPlainText()
    after_a_run._run_list.compare_chosen.emit(None)
    assert find("weightHeatmaps").isVisible()
    assert bars.compared is None


def test_everything_fits_while_two_runs_are_compared(qtbot: QtBot, after_a_run: MainWindow, find: Find) -> None:
    first = after_a_run.playhead.run
    train(qtbot, after_a_run, find, rate=0.01)
    after_a_run.resize(1280, 720)
    after_a_run.playhead.compare(first)
    assert (after_a_run.width(), after_a_run.height()) == (1280, 720)
    for name in ("continueButton", "liveButton", "answersOverTime", "shownWeights", "weightDifference"):
        widget = find(name)
        assert after_a_run.rect().contains(widget.mapTo(after_a_run, widget.rect().bottomRight())), name
        assert widget.width() >= widget.minimumSizeHint().width(), name


def test_nothing_of_the_timeline_is_offered_before_there_is_a_run(window: MainWindow, find: Find) -> None:
    for name in ("timelineSlider", "playButton", "continueButton", "liveButton"):
        assert not find(name).isEnabled()
    assert isinstance(find("momentLabel"), QLabel)
    assert find("momentLabel").text() == "no run yet"
