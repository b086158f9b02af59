"""The timeline as a user drives it: the slider, the plot, the keys, continuing from there and comparing."""

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAccessible, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from gui.flow.scene import TrainingState
from gui.flow.subject import PAD
from gui.main_window import MainWindow
from model.network import Network
from model.plain_sgd import plain_sgd
from tests.gui.conftest import Find, click, named_curves, settle, train_run, turn_to, visible_texts

LEFT, NO_MODIFIER = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


def place_on(slider: QWidget, share: float) -> QPoint:
    return QPoint(round(6 + share * (slider.width() - 12)), slider.height() // 2)


def place_in_plot(plot: QWidget, samples: float) -> QPoint:
    return plot.mapFromScene(plot.getViewBox().mapViewToScene(QPointF(samples, 0.5)))


def seen(window: MainWindow) -> int:
    return window.scene.frame.samples_seen


def assert_all_views_show_the_frame(window: MainWindow, find: Find) -> None:
    frame = window.scene.frame
    assert find("timelineSlider").value() == frame.samples_seen
    assert find("predictedDigitLabel").text() == str(frame.network.predict_digit(window.scene.digit).argmax())
    assert np.array_equal(find("probabilityBars").probabilities, frame.network.predict_digit(window.scene.digit))
    assert f"{frame.samples_seen:,} of" in find("momentLabel").text()
    settle(window)
    assert find("accuracyPlot").moment == frame.samples_seen
    heatmaps = find("weightHeatmaps")
    for neuron in (0, 13, 31):
        row, column = divmod(neuron, heatmaps.columns)
        tile = heatmaps.pixels[29 * row : 29 * row + 28, 29 * column : 29 * column + 28]
        assert np.array_equal(tile, frame.network.weights[0][:, neuron].reshape(28, 28))


def test_dragging_the_slider_moves_all_views(after_a_run: MainWindow, find: Find) -> None:
    slider = find("timelineSlider")
    QTest.mousePress(slider, LEFT, NO_MODIFIER, place_on(slider, 0.8))
    for share in (0.8, 0.5, 0.2, 0.31):
        QTest.mouseMove(slider, place_on(slider, share))
        assert abs(seen(after_a_run) - share * 6000) <= 120
        assert after_a_run.scene.frame in after_a_run.scene.shown.frames
        assert_all_views_show_the_frame(after_a_run, find)
    QTest.mouseRelease(slider, LEFT, NO_MODIFIER, place_on(slider, 0.31))


def test_in_the_plot_a_drag_does_the_same_and_the_keys_move_on(after_a_run: MainWindow, find: Find) -> None:
    after_a_run.activateWindow()
    find("epochsSpinBox").setFocus()
    viewport = find("accuracyPlot").viewport()
    QTest.mousePress(viewport, LEFT, NO_MODIFIER, place_in_plot(find("accuracyPlot"), 1000))
    assert abs(seen(after_a_run) - 1000) <= 80
    QTest.mouseMove(viewport, place_in_plot(find("accuracyPlot"), 4000))
    QTest.mouseRelease(viewport, LEFT, NO_MODIFIER, place_in_plot(find("accuracyPlot"), 4000))
    assert abs(seen(after_a_run) - 4000) <= 80
    assert_all_views_show_the_frame(after_a_run, find)
    moment = after_a_run.scene.frame
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Left)
    assert after_a_run.scene.frame is after_a_run.scene.shown.step_from(moment, -1)
    QTest.keyClick(after_a_run, Qt.Key.Key_Home)  # keys that nothing else uses
    assert seen(after_a_run) == 0


def test_the_keys_and_the_wheel_of_the_slider(qtbot: QtBot, after_a_run: MainWindow, find: Find) -> None:
    slider, frames = find("timelineSlider"), after_a_run.scene.shown.frames
    after_a_run.activateWindow()
    slider.setFocus()
    shift = Qt.KeyboardModifier.ShiftModifier
    for key, modifier, expected in (
        (Qt.Key.Key_Left, NO_MODIFIER, frames[-2].samples_seen),
        (Qt.Key.Key_Left, shift, 4000),
        (Qt.Key.Key_Left, shift, 2000),
        (Qt.Key.Key_Home, NO_MODIFIER, 0),
        (Qt.Key.Key_Right, NO_MODIFIER, 1),
        (Qt.Key.Key_Right, shift, 2000),
        (Qt.Key.Key_End, NO_MODIFIER, 6000),
    ):
        QTest.keyClick(slider, key, modifier)
        assert seen(after_a_run) == expected
    place = QPointF(slider.rect().center())
    turn = QWheelEvent(
        place, slider.mapToGlobal(place), QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton, NO_MODIFIER,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(slider, turn)
    assert seen(after_a_run) == slider.value() == frames[-2].samples_seen
    QTest.keyClick(slider, Qt.Key.Key_End)
    QTest.keyClick(slider, Qt.Key.Key_Space)
    assert after_a_run.scene.is_playing
    settle(after_a_run)
    assert find("playButton").text() == "❚❚"
    qtbot.waitUntil(lambda: seen(after_a_run) > 3)
    QTest.keyClick(slider, Qt.Key.Key_Space)
    assert not after_a_run.scene.is_playing


def test_the_keys_of_the_menu_work_from_a_field(after_a_run: MainWindow, find: Find) -> None:
    after_a_run.activateWindow()
    find("epochsSpinBox").setFocus()
    alt = Qt.KeyboardModifier.AltModifier
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Home, alt)
    assert seen(after_a_run) == 0
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Right, alt)
    assert seen(after_a_run) == 1


def test_the_view_stays_while_training_continues_and_one_click_returns(
    qtbot: QtBot, window: MainWindow, find: Find
) -> None:
    find("epochsSpinBox").setValue(1000)
    click(find("startButton"))
    qtbot.waitUntil(lambda: seen(window) > 300)
    assert find("liveButton").isChecked()
    window.controllers.playhead.go_to(100)
    held, latest = window.scene.frame, window.scene.shown.latest.samples_seen
    qtbot.waitUntil(lambda: window.scene.shown.latest.samples_seen > latest + 300)
    settle(window)
    assert window.scene.network is held.network
    assert not find("liveButton").isChecked()
    assert f"sample {held.samples_seen:,} of" in find("momentLabel").text()
    assert f"sample {window.scene.shown.latest.samples_seen:,} of" in find("statusLabel").text()
    click(find("liveButton"))
    assert window.scene.network is window.scene.shown.latest.network
    assert find("liveButton").isChecked()
    moved = window.scene.network
    qtbot.waitUntil(lambda: window.scene.network is not moved)
    click(find("liveButton"))
    assert find("liveButton").isChecked()


def test_continuing_with_another_rate_is_a_new_run_from_that_very_network(
    qtbot: QtBot, after_a_run: MainWindow, find: Find
) -> None:
    first = after_a_run.scene.shown
    after_a_run.controllers.playhead.go_to(2500)
    frame = after_a_run.scene.frame
    find("learningRateSpinBox").setValue(0.5)
    with qtbot.waitSignal(after_a_run.training_finished, timeout=30000):
        click(find("continueButton"))
    run = after_a_run.scene.shown
    assert [each.key for each in after_a_run.scene.runs.all] == [first.key, run.key]
    assert (run.first_sample, run.start, run.config.learning_rate) == (frame.samples_seen, frame, 0.5)
    assert run.latest.samples_seen == 6000
    assert find("timelineSlider").minimum() == frame.samples_seen


def test_continuing_with_the_same_settings_ends_with_the_same_bits(
    qtbot: QtBot, after_a_run: MainWindow, find: Find
) -> None:
    first = after_a_run.scene.shown
    after_a_run.controllers.playhead.go_to(3333)
    with qtbot.waitSignal(after_a_run.training_finished, timeout=30000):
        click(find("continueButton"))
    run = after_a_run.scene.shown
    assert run.key is not first.key
    pairs = zip(run.latest.network.weights, first.latest.network.weights, strict=True)
    assert all(np.array_equal(*pair) for pair in pairs)
    assert run.latest.progress == first.latest.progress
    find("epochsSpinBox").setValue(2)  # over already: as many more
    with qtbot.waitSignal(after_a_run.training_finished, timeout=30000):
        click(find("continueButton"))
    assert after_a_run.scene.shown.latest.samples_seen == 5 * 2000


def test_continuing_while_a_run_is_active_ends_that_run_first(qtbot: QtBot, window: MainWindow, find: Find) -> None:
    find("epochsSpinBox").setValue(1000)
    click(find("startButton"))
    first = window.scene.active
    qtbot.waitUntil(lambda: seen(window) > 300)
    window.controllers.playhead.go_to(50)
    click(find("continueButton"))
    qtbot.waitUntil(lambda: window.scene.shown.key is not first.key and seen(window) > 100)
    assert window.scene.shown.first_sample <= 60
    assert window.scene.active.key is window.scene.shown.key


def test_stopping_on_the_way_to_where_a_run_starts_leaves_its_first_frame(
    qtbot: QtBot, after_a_run: MainWindow, find: Find
) -> None:
    after_a_run.controllers.playhead.go_to(5999)
    frame = after_a_run.scene.frame
    with qtbot.waitSignal(after_a_run.training_finished, timeout=10000):
        click(find("continueButton"))
        after_a_run.controllers.training.stop()
    run = after_a_run.scene.shown
    assert run.frames[0].network is frame.network
    assert run.latest.samples_seen >= frame.samples_seen


def test_a_paused_run_can_be_looked_at(qtbot: QtBot, window: MainWindow, find: Find) -> None:
    for _ in range(3):
        click(find("stepButton"))
    qtbot.waitUntil(lambda: window.controllers.training.is_waiting() and seen(window) == 3)
    window.controllers.playhead.step(-2)
    assert seen(window) == 1
    assert [frame.samples_seen for frame in window.scene.shown.frames] == [0, 1, 2, 3]


def test_comparing_shows_both_runs_and_their_difference(qtbot: QtBot, after_a_run: MainWindow, find: Find) -> None:
    first = after_a_run.scene.shown
    train_run(qtbot, after_a_run, find, rate=0.01)
    after_a_run.resize(1280, 720)
    after_a_run.controllers.runs.compare(first)
    after_a_run.controllers.playhead.go_to(3000)
    settle(after_a_run)
    shown, compared = after_a_run.scene.network, first.nearest(3000).network
    for name, weights in (
        ("shownWeights", shown.weights[0]),
        ("comparedWeights", compared.weights[0]),
        ("weightDifference", compared.weights[0] - shown.weights[0]),
    ):
        assert np.array_equal(find(name).pixels[:28, :28], weights[:, 0].reshape(28, 28))
    assert np.array_equal(find("probabilityBars").compared, compared.predict_digit(after_a_run.scene.digit))
    assert len(named_curves(find("accuracyPlot"))["compared"].getData()[0]) > 3
    assert any(text.startswith("compared") for text in visible_texts(find("accuracyPlot")))
    assert (after_a_run.width(), after_a_run.height()) == (1280, 720)
    for name in ("continueButton", "liveButton", "predictionOverRun", "shownWeights", "weightDifference"):
        widget = find(name)
        assert after_a_run.rect().contains(widget.mapTo(after_a_run, widget.rect().bottomRight())), name
        assert widget.width() >= widget.minimumSizeHint().width(), name
    after_a_run.controllers.runs.compare(None)
    settle(after_a_run)
    assert not find("shownWeights").isVisible()
    assert find("probabilityBars").compared is None


def test_nothing_of_the_timeline_can_be_used_before_there_is_a_run(window: MainWindow, find: Find) -> None:
    for name in ("timelineSlider", "playButton", "continueButton", "liveButton"):
        assert not find(name).isEnabled()
    assert find("momentLabel").text() == "no run yet"
    assert window.scene.training is TrainingState.IDLE


def test_a_network_that_is_of_no_run_is_said_to_be_so(knowing_window: MainWindow, find: Find) -> None:
    assert find("momentLabel").text() == "not part of a run"


def test_a_screen_reader_that_sets_the_value_moves_the_playhead(after_a_run: MainWindow, find: Find) -> None:
    slider = find("timelineSlider")
    value = QAccessible.queryAccessibleInterface(slider).valueInterface()
    value.setCurrentValue(1000)
    settle(after_a_run)
    frame = after_a_run.scene.frame
    assert frame is after_a_run.scene.shown.nearest(1000)
    assert slider.value() == frame.samples_seen
    assert not find("liveButton").isChecked()


def test_from_a_network_of_no_run_live_leads_back_to_the_run(
    qtbot: QtBot, window: MainWindow, find: Find, open_network: Callable[[Network], None], trained: Network
) -> None:
    assert not find("liveButton").isEnabled()
    train_run(qtbot, window, find, epochs=1)
    open_network(trained)
    assert find("liveButton").isEnabled()
    assert not find("liveButton").isChecked()
    click(find("liveButton"))
    settle(window)
    assert window.scene.frame.samples_seen == 2000
    assert find("liveButton").isChecked()


def test_where_there_is_no_run_any_more_the_timeline_is_at_its_start(
    qtbot: QtBot, window: MainWindow, find: Find
) -> None:
    train_run(qtbot, window, find, epochs=1)
    slider = find("timelineSlider")
    assert slider.value() > slider.minimum()
    window.controllers.runs.remove(window.scene.shown)
    settle(window)
    assert slider.value() == slider.minimum()
    assert not slider.isEnabled()
    assert find("momentLabel").text() == "no run yet"


def test_a_page_that_is_left_while_its_plot_is_dragged_holds_nothing(after_a_run: MainWindow, find: Find) -> None:
    plot = find("accuracyPlot")
    QTest.mousePress(plot.viewport(), LEFT, NO_MODIFIER, place_in_plot(plot, 1000))
    assert after_a_run.scene.is_dragging
    after_a_run.controllers.scheduler.change(page="Pixels")
    assert not after_a_run.scene.is_dragging
    QTest.mousePress(find("drawingPad"), LEFT, NO_MODIFIER, find("drawingPad").rect().center())
    assert after_a_run.scene.is_dragging
    after_a_run.controllers.scheduler.change(shows_right=False)
    settle(after_a_run)
    assert not after_a_run.scene.is_dragging


def test_beside_a_taught_network_the_timeline_stays_usable(qtbot: QtBot, after_a_run: MainWindow, find: Find) -> None:
    window, run = after_a_run, after_a_run.scene.shown
    window.controllers.playhead.go_to(2000)
    turn_to(window, "One update")
    window.controllers.scheduler.change(subject_source=PAD, label=1)
    settle(window)
    click(find("applyUpdateButton"))
    settle(window)
    assert find("momentLabel").text() == "taught, not part of a run"
    slider = find("timelineSlider")
    assert slider.isEnabled()
    assert (slider.value(), slider.maximum()) == (2000, run.last_sample)
    for name in ("playButton", "liveButton", "continueButton"):
        assert find(name).isEnabled()
    assert not find("liveButton").isChecked()
    QTest.mouseClick(slider, LEFT, pos=place_on(slider, 0.5))
    settle(window)
    assert window.scene.shown.key is run.key
    assert abs(seen(window) - 3000) <= 200
    click(find("liveButton"))
    assert (window.scene.shown.key, seen(window)) == (run.key, run.samples_seen)


def test_training_continues_from_a_taught_network_as_a_run(qtbot: QtBot, after_a_run: MainWindow, find: Find) -> None:
    window = after_a_run
    window.controllers.playhead.go_to(2000)
    turn_to(window, "One update")
    window.controllers.scheduler.change(subject_source=PAD, label=1)
    settle(window)
    click(find("applyUpdateButton"))
    taught = window.scene.network
    with qtbot.waitSignal(window.training_finished, timeout=30000):
        click(find("continueButton"))
    settle(window)
    run = window.scene.shown
    assert (run.first_sample, run.samples_seen, run.phases[0].first_sample) == (2000, 6000, 2000)
    dataset, early = window.scene.dataset, run.nearest(2050)  # after 2,000 digits come the first again
    assert early.samples_seen > 2000
    count = early.samples_seen - 2000
    expected = taught.copy()
    plain_sgd(expected, dataset.train_images[:count], dataset.train_labels[:count], 0.1)
    for weights, right in zip(early.network.weights, expected.weights, strict=True):
        np.testing.assert_allclose(weights, right, atol=1e-5)
