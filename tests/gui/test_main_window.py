"""The whole window, driven as a user drives it: by mouse, keys and menus."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

import gui.dataset.dataset_source
from gui.main_window import MainWindow
from gui.playhead import MOST_RUNS
from gui.settings import Settings
from gui.training.training_session import State
from model.dataset import Dataset
from model.network import Network
from model.network_file import open_network, save_network
from tests.gui.conftest import click, draw_one, draw_seven, draw_zero, is_at_rest

Find = Callable[[str], QWidget]

NAMES = [
    "epochsSpinBox",
    "learningRateSpinBox",
    "seedSpinBox",
    "startButton",
    "pauseButton",
    "stepButton",
    "stopButton",
    "speedSlider",
    "progressBar",
    "accuracyPlot",
    "weightHeatmaps",
    "drawingPad",
    "clearDrawingButton",
    "predictedDigitLabel",
    "timelineSlider",
]


def full_speed(find: Find) -> None:
    find("speedSlider").setValue(100)


def text(find: Find, name: str) -> str:
    label = find(name)
    assert isinstance(label, QLabel)
    return label.text()


def notice(find: Find) -> str:
    return text(find, "noticeLabel") if find("noticeLabel").isVisible() else ""


@pytest.mark.parametrize("name", NAMES)
def test_what_a_user_operates_has_its_name(find: Find, name: str) -> None:
    assert find(name).objectName() == name


def test_everything_fits_into_1280_by_720(window: MainWindow, find: Find) -> None:
    window.resize(1280, 720)
    assert (window.width(), window.height()) == (1280, 720)
    for name in set(NAMES) - {"pauseButton"}:
        widget = find(name)
        corner = widget.mapTo(window, widget.rect().bottomRight())
        assert window.rect().contains(corner), name
        assert widget.width() >= widget.minimumSizeHint().width(), name


@pytest.mark.parametrize(("width", "height"), [(960, 600), (1280, 720), (1920, 1080)])
def test_all_ten_bars_have_room(window: MainWindow, find: Find, width: int, height: int) -> None:
    window.resize(width, height)
    QApplication.processEvents()
    bars = find("probabilityBars")
    assert bars.height() >= bars.minimumHeight()
    assert window._drawing_panel.rect().contains(bars.mapTo(window._drawing_panel, bars.rect().bottomRight()))
    assert bars.mapTo(window._drawing_panel, bars.rect().bottomLeft()).y() <= (
        window._drawing_panel.over_time.y() if find("answersOverTime").isVisible() else window._drawing_panel.height()
    )


def test_controls_say_what_they_do_and_have_names_for_a_screen_reader(find: Find) -> None:
    for name in set(NAMES) - {"progressBar", "accuracyPlot", "weightHeatmaps", "predictedDigitLabel"}:
        widget = find(name)
        assert widget.toolTip(), name
        assert widget.accessibleName() or widget.text(), name


def test_start_trains_to_the_end(qtbot: QtBot, window: MainWindow, find: Find, digits: Dataset) -> None:
    full_speed(find)
    with qtbot.waitSignal(window.training_finished, timeout=30000):
        click(find("startButton"))
        assert find("pauseButton").isVisible()
    assert window.playhead.frame.progress.samples_seen == 3 * len(digits.train_images)
    assert find("progressBar").value() == find("progressBar").maximum()
    assert "finished" in text(find, "statusLabel")
    assert find("startButton").isVisible()


def test_the_screen_moves_within_a_tenth_of_a_second(qtbot: QtBot, window: MainWindow, find: Find) -> None:
    with qtbot.waitSignal(window.playhead.frame_changed, timeout=500):
        click(find("startButton"))


def test_pause_step_resume_and_stop_by_mouse(qtbot: QtBot, window: MainWindow, find: Find) -> None:
    find("epochsSpinBox").setValue(1000)
    click(find("startButton"))
    qtbot.waitUntil(lambda: window.playhead.frame.progress.samples_seen > 0)
    click(find("pauseButton"))
    qtbot.waitUntil(lambda: is_at_rest(window.session))
    assert "paused" in text(find, "statusLabel")
    held = window.playhead.frame.progress.samples_seen
    click(find("stepButton"))
    qtbot.waitUntil(lambda: window.playhead.frame.progress.samples_seen == held + 1)
    click(find("pauseButton"))
    qtbot.waitUntil(lambda: window.playhead.frame.progress.samples_seen > held + 1)
    with qtbot.waitSignal(window.training_finished, timeout=1000):
        click(find("stopButton"))
    assert window.session.state is State.IDLE


def test_a_run_by_keyboard_alone(qtbot: QtBot, window: MainWindow, find: Find) -> None:
    window.activateWindow()
    QTest.keyClick(window, Qt.Key.Key_F5)
    assert window.session.state is State.RUNNING
    QTest.keyClick(window, Qt.Key.Key_F6)
    assert window.session.state is State.PAUSED
    QTest.keyClick(window, Qt.Key.Key_F7)
    with qtbot.waitSignal(window.training_finished, timeout=1000):
        QTest.keyClick(window, Qt.Key.Key_F8)


def test_a_number_that_was_typed_counts_at_once(window: MainWindow, find: Find) -> None:
    window.activateWindow()
    find("epochsSpinBox").setFocus()
    find("epochsSpinBox").selectAll()
    QTest.keyClicks(find("epochsSpinBox"), "7")
    QTest.keyClick(window, Qt.Key.Key_F5)
    assert window.playhead.run.config.epochs == 7


def test_undo_by_key_right_after_a_stroke(window: MainWindow, find: Find) -> None:
    window.activateWindow()
    find("epochsSpinBox").setFocus()
    draw_one(find("drawingPad"))
    assert text(find, "predictedDigitLabel") != ""
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert text(find, "predictedDigitLabel") == ""


def test_a_file_is_not_opened_while_a_run_is_on(
    qtbot: QtBot, window: MainWindow, find: Find, trained: Network, tmp_path: Path
) -> None:
    save_network(tmp_path / "trained.npz", trained)
    click(find("startButton"))
    window._files._files.open(tmp_path / "trained.npz")
    assert "Stop it first" in notice(find)
    qtbot.waitUntil(lambda: window.playhead.frame.progress.samples_seen > 0)


def test_saving_does_not_hide_how_far_a_paused_run_is(qtbot: QtBot, window: MainWindow, find: Find, tmp_path) -> None:
    find("epochsSpinBox").setValue(3)
    click(find("startButton"))
    qtbot.waitUntil(lambda: find("progressBar").value() > 0)
    click(find("pauseButton"))
    qtbot.waitUntil(lambda: is_at_rest(window.session))
    before = find("progressBar").value()
    window._files._files.save_network(tmp_path / "mine.npz", window.playhead.frame.network)
    assert "saved" in text(find, "statusLabel")
    assert find("progressBar").value() == before > 0


def test_only_so_many_runs_are_kept(qtbot: QtBot, window: MainWindow, find: Find) -> None:
    for _ in range(MOST_RUNS + 2):
        click(find("stepButton"))
        with qtbot.waitSignal(window.training_finished, timeout=2000):
            click(find("stopButton"))
    assert len(window.playhead.runs.all) == MOST_RUNS
    assert len(window._run_list._lines) == MOST_RUNS
    assert len(window._accuracy_plot._other_curves) == MOST_RUNS - 1


def test_tab_goes_through_the_controls_in_reading_order(window: MainWindow, find: Find) -> None:
    window.activateWindow()
    find("epochsSpinBox").setFocus()
    visited = []
    for _ in range(11):
        visited.append(QApplication.focusWidget().objectName())
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    assert visited == [
        *("epochsSpinBox", "learningRateSpinBox", "seedSpinBox", "startButton", "stepButton", "speedSlider"),
        *("accuracyButton", "weightHeatmaps", "drawingPad", "testDigitButton", "lookCloserButton"),
    ]
    assert QApplication.focusWidget() is find("epochsSpinBox")


def test_closing_while_training_leaves_no_thread(qtbot: QtBot, window: MainWindow, find: Find) -> None:
    click(find("startButton"))
    qtbot.waitUntil(lambda: window.playhead.frame.progress.samples_seen > 0)
    worker = window.session._worker
    window.close()
    assert worker.isFinished()


def test_earlier_runs_stay_as_curves_with_their_settings(qtbot: QtBot, window: MainWindow, find: Find) -> None:
    full_speed(find)
    for rate in (0.01, 0.1):
        find("learningRateSpinBox").setValue(rate)
        with qtbot.waitSignal(window.training_finished, timeout=30000):
            click(find("startButton"))
    assert [run.config.learning_rate for run in window.playhead.runs.all] == [0.01, 0.1]
    shown = {label.text() for label in window.findChildren(QLabel)}
    assert {"rate 0.01", "rate 0.1"} <= shown


def test_heatmap_pixels_are_the_weights_of_the_frame(qtbot: QtBot, window: MainWindow, find: Find) -> None:
    full_speed(find)
    with qtbot.waitSignal(window.training_finished, timeout=30000):
        click(find("startButton"))
    heatmaps = find("weightHeatmaps")
    weights = window.playhead.frame.network.weights[0]
    for neuron in range(32):
        row, column = divmod(neuron, heatmaps.columns)
        tile = heatmaps.pixels[29 * row : 29 * row + 28, 29 * column : 29 * column + 28]
        assert np.array_equal(tile, weights[:, neuron].reshape(28, 28))


def test_a_trained_network_knows_what_is_drawn(
    window: MainWindow, find: Find, trained: Network, tmp_path: Path
) -> None:
    save_network(tmp_path / "trained.npz", trained)
    window._files._files.open(tmp_path / "trained.npz")
    for digit, write in (("1", draw_one), ("0", draw_zero), ("7", draw_seven)):
        write(find("drawingPad"))
        assert text(find, "predictedDigitLabel") == digit
        click(find("clearDrawingButton"))
        assert text(find, "predictedDigitLabel") == ""


def test_the_answer_follows_while_training(qtbot: QtBot, window: MainWindow, find: Find) -> None:
    draw_one(find("drawingPad"))
    untrained = window._drawing_panel.prediction.probabilities.copy()
    full_speed(find)
    with qtbot.waitSignal(window.training_finished, timeout=30000):
        click(find("startButton"))
    digit = window._drawing_panel.prediction._digit
    expected = window.playhead.frame.network.predict(digit.reshape(1, 784))[0]
    assert np.array_equal(window._drawing_panel.prediction.probabilities, expected)
    assert not np.allclose(expected, untrained, atol=0.01)


def test_a_test_digit_is_shown_with_its_label(window: MainWindow, find: Find) -> None:
    click(find("testDigitButton"))
    assert text(find, "predictedDigitLabel") in list("0123456789")
    assert "test digit" in window._drawing_panel._explanation.text()


def test_saving_and_opening_a_network(
    window: MainWindow, find: Find, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trained: Network
) -> None:
    path = tmp_path / "mine"
    monkeypatch.setattr("gui.files.saved_files.QFileDialog.getSaveFileName", lambda *_: (str(path), ""))
    window._menus.save_network.trigger()
    saved = open_network(path.with_suffix(".npz"))
    assert np.array_equal(saved.weights[0], window.playhead.frame.network.weights[0])
    save_network(tmp_path / "other.npz", trained)
    chosen = str(tmp_path / "other.npz"), ""
    monkeypatch.setattr("gui.files.saved_files.QFileDialog.getOpenFileName", lambda *_: chosen)
    window._menus.open.trigger()
    assert np.array_equal(window.playhead.frame.network.weights[0], trained.weights[0])
    assert "other.npz" in text(find, "statusLabel")
    assert "test" in text(find, "statusLabel")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 cut", b"no network at all"])
def test_a_bad_file_is_refused_with_a_sentence_and_the_network_stays(
    window: MainWindow, find: Find, tmp_path: Path, content: bytes
) -> None:
    before = window.playhead.frame
    path = tmp_path / "bad.npz"
    path.write_bytes(content)
    window._files._files.open(path)
    assert notice(find).startswith("bad.npz")
    assert notice(find).endswith("Choose another file.")
    assert window.playhead.frame is before


def test_saving_where_nothing_can_be_saved_is_told(window: MainWindow, find: Find, tmp_path: Path) -> None:
    window._files._files.save_network(tmp_path / "no such folder" / "mine.npz", window.playhead.frame.network)
    assert "could not be saved" in notice(find)


def test_a_run_that_diverges_is_told_and_its_last_good_frame_stays(
    qtbot: QtBot, window: MainWindow, find: Find
) -> None:
    find("learningRateSpinBox").setValue(1e38)
    with qtbot.waitSignal(window.training_finished, timeout=30000):
        click(find("startButton"))
    assert notice(find).startswith("Training diverged at sample ")
    assert window.playhead.frame.network.is_usable()
    click(find("startButton"))
    assert notice(find) == ""


def test_missing_digits_are_told_with_a_way_out(
    qtbot: QtBot, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gui.dataset.dataset_source, "BUNDLED_MNIST", tmp_path / "mnist.npz")
    window = MainWindow(settings)
    qtbot.addWidget(window)
    window.show()
    label = window.findChild(QLabel, "noticeLabel")
    qtbot.waitUntil(label.isVisible)
    assert "missing" in label.text()
    assert window.findChild(QWidget, "noticeButton").text() == "Load through TensorFlow"
    assert not window.findChild(QWidget, "startButton").isEnabled()
    window.close()


def test_the_bundled_digits_load_by_themselves(qtbot: QtBot, settings: Settings) -> None:
    window = MainWindow(settings)
    qtbot.addWidget(window)
    assert not window.findChild(QWidget, "startButton").isEnabled()
    with qtbot.waitSignal(window.dataset_loaded, timeout=10000):
        window.show()
    assert window.findChild(QWidget, "startButton").isEnabled()
    window.close()


def test_closing_while_the_digits_load_leaves_no_thread(qtbot: QtBot, settings: Settings) -> None:
    window = MainWindow(settings)
    qtbot.addWidget(window)
    window.show()
    window.close()
    assert window._digits._loader.isFinished()


def test_theme_and_settings_are_remembered(qtbot: QtBot, settings: Settings, digits: Dataset) -> None:
    first = MainWindow(settings, digits)
    qtbot.addWidget(first)
    first.show()
    first._menus._themes["dark"].trigger()
    first._menus.loss.trigger()
    first.findChild(QWidget, "epochsSpinBox").setValue(5)
    first.findChild(QWidget, "speedSlider").setValue(33)
    first.close()
    second = MainWindow(settings, digits)
    qtbot.addWidget(second)
    second.show()
    assert second.findChild(QWidget, "epochsSpinBox").value() == 5
    assert second.findChild(QWidget, "speedSlider").value() == 33
    assert second._theme_switch.theme.name == "dark"
    assert second.findChild(QWidget, "lossButton").isChecked()
    second.close()
    first._theme_switch.choose("light")
