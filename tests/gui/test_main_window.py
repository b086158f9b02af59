"""The whole window, driven as a user drives it: by mouse, keys and menus."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyqtgraph as pg
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QLabel, QTabWidget, QWidget
from pytestqt.qtbot import QtBot

import gui.dataset.dataset_source
from gui.flow.runs import MOST_RUNS
from gui.flow.scene import Message, TrainingState
from gui.main_window import MainWindow
from gui.pages.page_tabs import PAGES
from gui.pages.training.accuracy_plot import KINDS
from gui.panels.run_line import RunLine
from gui.settings import Settings
from gui.widgets.numbers import with_article
from model.dataset import Dataset
from model.network import Network
from model.network_file import open_network as read_network
from model.network_file import save_network
from model.storage.run_export import run_as_script
from model.storage.run_file import open_run
from tests.gui.conftest import (
    Find,
    click,
    draw_one,
    draw_seven,
    draw_zero,
    named_curves,
    settle,
    train_run,
    turn_to,
)

MakeWindow = Callable[..., MainWindow]
CTRL = Qt.KeyboardModifier.ControlModifier

NAMES = [
    "epochsSpinBox",
    "learningRateSpinBox",
    "seedSpinBox",
    "startButton",
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
    "pageTabs",
]
ALWAYS_BESIDE_A_PAGE = [name for name in NAMES if name not in ("accuracyPlot", "weightHeatmaps", "pageTabs")]


def text(find: Find, name: str) -> str:
    label = find(name)
    assert isinstance(label, QLabel)
    return label.text()


def notice(find: Find) -> str:
    return text(find, "noticeLabel") if find("noticeLabel").isVisible() else ""


def trigger(window: MainWindow, text: str) -> None:
    """Choose a command of the menus by its text."""
    (action,) = (action for action in window.findChildren(QAction) if action.text().replace("&", "") == text)
    action.trigger()


def assert_inside(window: MainWindow, widget: QWidget) -> None:
    corner = widget.mapTo(window, widget.rect().bottomRight())
    assert window.rect().contains(corner), widget.objectName()
    if not isinstance(widget, QAbstractSpinBox):  # whose hint has room for arrows that are not there
        assert widget.width() >= widget.minimumSizeHint().width(), widget.objectName()


@pytest.mark.parametrize(("width", "height"), [(1024, 720), (1280, 720), (1366, 768), (1920, 1080)])
def test_pad_timeline_and_training_stay_beside_every_page(
    window: MainWindow, find: Find, width: int, height: int
) -> None:
    window.resize(width, height)
    tabs = find("pageTabs")
    assert isinstance(tabs, QTabWidget)
    for number in range(tabs.count()):
        turn_to(window, tabs.tabText(number))
        assert (window.width(), window.height()) == (width, height)
        for name in (*ALWAYS_BESIDE_A_PAGE, "probabilityBars", "statusLabel"):
            assert find(name).isVisible(), name
            if name != "statusLabel":
                assert_inside(window, find(name))


def test_at_1280_by_720_no_page_is_cut(window: MainWindow, find: Find) -> None:
    window.resize(1280, 720)
    tabs = find("pageTabs")
    for number in range(tabs.count()):
        turn_to(window, tabs.tabText(number))
        area = tabs.widget(number).currentWidget()
        assert area.horizontalScrollBar().maximum() == 0, tabs.tabText(number)
        assert area.verticalScrollBar().maximum() == 0, tabs.tabText(number)


def test_a_page_is_chosen_by_its_key_whatever_has_the_focus_and_is_remembered(
    make_window: MakeWindow, find: Find, window: MainWindow
) -> None:
    window.activateWindow()
    tabs = find("pageTabs")
    for focused in ("learningRateSpinBox", "drawingPad", "timelineSlider"):
        find(focused).setFocus()
        for number in reversed(range(tabs.count())):
            QTest.keyClick(QApplication.focusWidget(), Qt.Key(Qt.Key.Key_1 + number), CTRL)
            assert tabs.currentIndex() == number
    turn_to(window, tabs.tabText(tabs.count() - 1))
    window.close()
    second = make_window()
    assert second.findChild(QTabWidget, "pageTabs").currentIndex() == tabs.count() - 1


def test_a_page_is_made_when_it_is_first_shown(window: MainWindow, find: Find) -> None:
    tabs = find("pageTabs")
    made = [tabs.widget(number).currentWidget().widget() is not None for number in range(tabs.count())]
    assert made == [True] + [False] * (tabs.count() - 1)
    turn_to(window, tabs.tabText(1))
    assert tabs.widget(1).currentWidget().widget() is not None


def test_panels_fold_away_and_stay_so(make_window: MakeWindow, window: MainWindow, find: Find) -> None:
    window.activateWindow()
    width = find("pageTabs").width()
    QTest.keyClick(window, Qt.Key.Key_B, CTRL)
    QTest.keyClick(window, Qt.Key.Key_B, CTRL | Qt.KeyboardModifier.ShiftModifier)
    settle(window)
    assert not find("trainingPanel").isVisible()
    assert not find("drawingPanel").isVisible()
    QApplication.processEvents()
    assert find("pageTabs").width() > width + 400
    window.close()
    second = make_window()
    assert not second.findChild(QWidget, "trainingPanel").isVisible()
    trigger(second, "Training Panel")
    settle(second)
    assert second.findChild(QWidget, "trainingPanel").isVisible()


def test_everything_grows_and_shrinks_again(window: MainWindow, find: Find) -> None:
    window.activateWindow()
    window.resize(1920, 1080)
    QApplication.processEvents()
    names = ("startButton", "trainingPanel", "drawingPanel", "epochsSpinBox", "predictedDigitLabel")
    before = {name: find(name).size() for name in names}
    for _ in range(9):
        QTest.keyClick(window, Qt.Key.Key_Plus, CTRL)
    settle(window)
    QApplication.processEvents()
    assert window.scene.zoom == 200
    for name in names:
        assert find(name).width() >= 1.7 * before[name].width(), name
    for name in (*ALWAYS_BESIDE_A_PAGE, "probabilityBars"):
        assert_inside(window, find(name))
    window.resize(1366, 768)  # the panels make room
    QApplication.processEvents()
    assert not find("trainingPanel").isVisible()
    QTest.keyClick(window, Qt.Key.Key_0, CTRL)
    settle(window)
    QApplication.processEvents()
    assert find("trainingPanel").isVisible()
    assert find("startButton").height() == before["startButton"].height()


def test_a_notice_moves_nothing(window: MainWindow, find: Find) -> None:
    QApplication.processEvents()
    places = {name: find(name).mapTo(window, QPoint()) for name in NAMES}
    window.controllers.scheduler.change(notice=Message("Something that takes some words to say. " * 12))
    QApplication.processEvents()
    assert notice(find).startswith("Something")
    assert_inside(window, find("noticeLabel"))
    assert {name: find(name).mapTo(window, QPoint()) for name in NAMES} == places
    click(find("noticeDismissButton"))
    assert notice(find) == ""


def test_controls_say_what_they_do_and_have_names_for_a_screen_reader(find: Find) -> None:
    for name in set(NAMES) - {"progressBar", "accuracyPlot", "weightHeatmaps", "predictedDigitLabel", "pageTabs"}:
        widget = find(name)
        assert widget.toolTip(), name
        assert widget.accessibleName() or widget.text(), name


def test_start_trains_to_the_end(qtbot: QtBot, window: MainWindow, find: Find, digits: Dataset) -> None:
    draw_one(find("drawingPad"))
    untrained = find("probabilityBars").probabilities
    find("speedSlider").setValue(100)
    with qtbot.waitSignal(window.training_finished, timeout=30000):
        click(find("startButton"))
        settle(window)
        assert find("pauseButton").isVisible()
    settle(window)
    assert window.scene.frame.samples_seen == 3 * len(digits.train_images)
    assert find("progressBar").value() == find("progressBar").maximum()
    assert "finished" in text(find, "statusLabel")
    assert find("startButton").isVisible()
    expected = window.scene.network.predict_digit(window.scene.digit)
    assert np.array_equal(find("probabilityBars").probabilities, expected)
    assert not np.allclose(expected, untrained, atol=0.01)


def test_pause_step_resume_and_stop_by_mouse(qtbot: QtBot, window: MainWindow, find: Find) -> None:
    find("epochsSpinBox").setValue(1000)
    click(find("startButton"))
    qtbot.waitUntil(lambda: window.scene.frame.samples_seen > 0)
    click(find("pauseButton"))
    qtbot.waitUntil(window.controllers.training.is_waiting)
    settle(window)
    assert "paused" in text(find, "statusLabel")
    held = window.scene.frame.samples_seen
    click(find("stepButton"))
    qtbot.waitUntil(lambda: window.scene.frame.samples_seen == held + 1)
    click(find("pauseButton"))
    qtbot.waitUntil(lambda: window.scene.frame.samples_seen > held + 1)
    with qtbot.waitSignal(window.training_finished, timeout=1000):
        click(find("stopButton"))
    assert window.scene.training is TrainingState.IDLE


def test_a_run_by_keyboard_alone_from_every_page(qtbot: QtBot, window: MainWindow, find: Find) -> None:
    window.activateWindow()
    for number in range(find("pageTabs").count()):
        QTest.keyClick(window, Qt.Key(Qt.Key.Key_1 + number), CTRL)
        QTest.keyClick(window, Qt.Key.Key_F5)
        assert window.scene.training is TrainingState.RUNNING
        settle(window)
        QTest.keyClick(window, Qt.Key.Key_F6)
        assert window.scene.training is TrainingState.PAUSED
        QTest.keyClick(window, Qt.Key.Key_F7)
        with qtbot.waitSignal(window.training_finished, timeout=1000):
            QTest.keyClick(window, Qt.Key.Key_F8)
        settle(window)


def test_a_number_that_was_typed_counts_at_once(window: MainWindow, find: Find) -> None:
    window.activateWindow()
    find("epochsSpinBox").setFocus()
    find("epochsSpinBox").selectAll()
    QTest.keyClicks(find("epochsSpinBox"), "7")
    QTest.keyClick(window, Qt.Key.Key_F5)
    assert window.scene.shown.config.epochs == 7


def test_the_keys_of_the_menus_are_not_kept_by_a_field(window: MainWindow, find: Find) -> None:
    window.activateWindow()
    draw_one(find("drawingPad"))
    draw_one(find("drawingPad"))
    find("epochsSpinBox").setFocus()
    QTest.keyClicks(find("epochsSpinBox"), "5")
    for key, strokes in ((Qt.Key.Key_Z, 1), (Qt.Key.Key_Backspace, 0)):
        QTest.keyClick(QApplication.focusWidget(), key, CTRL)
        assert len(window.scene.drawing.strokes) == strokes
    speed = window.scene.speed
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Down, CTRL)
    assert window.scene.speed < speed


def test_a_file_is_not_opened_while_a_run_is_active(
    qtbot: QtBot, window: MainWindow, find: Find, open_network: Callable[[Network], None], trained: Network
) -> None:
    click(find("startButton"))
    open_network(trained)
    assert "Stop it first" in notice(find)
    qtbot.waitUntil(lambda: window.scene.frame.samples_seen > 0)


def test_saving_does_not_hide_how_far_a_paused_run_is(
    qtbot: QtBot, window: MainWindow, find: Find, tmp_path: Path
) -> None:
    click(find("startButton"))
    qtbot.waitUntil(lambda: find("progressBar").value() > 0)
    click(find("pauseButton"))
    qtbot.waitUntil(window.controllers.training.is_waiting)
    settle(window)
    before = find("progressBar").value()
    window.controllers.files.save_network(tmp_path / "mine.npz")
    settle(window)
    assert "saved" in text(find, "statusLabel")
    assert find("progressBar").value() == before > 0


def test_only_so_many_runs_are_kept(qtbot: QtBot, window: MainWindow, find: Find) -> None:
    for _ in range(MOST_RUNS + 2):
        click(find("startButton"))
        with qtbot.waitSignal(window.training_finished, timeout=2000):
            window.controllers.training.stop()
    settle(window)
    assert len(window.scene.runs.all) == MOST_RUNS
    qtbot.waitUntil(lambda: len(window.findChildren(RunLine)) == MOST_RUNS)
    curves = [item for item in find("accuracyPlot").getPlotItem().items if isinstance(item, pg.PlotCurveItem)]
    assert len(curves) == MOST_RUNS - 1 + len(KINDS)


def test_tab_goes_through_the_controls_in_reading_order(window: MainWindow, find: Find) -> None:
    window.activateWindow()
    find("epochsSpinBox").setFocus()
    visited = []
    while not visited or QApplication.focusWidget() is not find("epochsSpinBox"):
        visited.append(QApplication.focusWidget().objectName())
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    assert visited == [
        *("epochsSpinBox", "learningRateSpinBox", "seedSpinBox", "hiddenLayersField"),
        *("startButton", "stepButton", "speedSlider"),
        *("qt_tabwidget_tabbar", "accuracyButton", "weightHeatmaps", "drawingPad", "testDigitButton"),
    ]


def test_closing_while_training_leaves_no_thread(qtbot: QtBot, window: MainWindow, find: Find) -> None:
    click(find("startButton"))
    qtbot.waitUntil(lambda: window.scene.frame.samples_seen > 0)
    window.close()  # what is left running, the fixture finds
    assert not window.isVisible()


def test_earlier_runs_stay_as_curves_with_their_settings(qtbot: QtBot, window: MainWindow, find: Find) -> None:
    for rate in (0.01, 0.1):
        train_run(qtbot, window, find, rate, epochs=1)
    assert [run.config.learning_rate for run in window.scene.runs.all] == [0.01, 0.1]
    shown = {label.text() for label in window.findChildren(QLabel)}
    assert {"rate 0.01", "rate 0.1"} <= shown
    assert "rate 0.01" in named_curves(find("accuracyPlot"))


def test_a_trained_network_knows_what_is_drawn(knowing_window: MainWindow, find: Find) -> None:
    for digit, write in (("1", draw_one), ("0", draw_zero), ("7", draw_seven)):
        write(find("drawingPad"))
        assert text(find, "predictedDigitLabel") == digit
        click(find("clearDrawingButton"))
        assert text(find, "predictedDigitLabel") == ""


def test_a_test_digit_is_shown_with_its_label(window: MainWindow, find: Find) -> None:
    click(find("testDigitButton"))
    settle(window)
    assert text(find, "predictedDigitLabel") in list("0123456789")
    explanation = f"{window.scene.drawing.source}: {with_article(window.scene.label)}"
    assert explanation in {label.text() for label in find("drawingPanel").findChildren(QLabel)}


def test_saving_and_opening_a_network(
    window: MainWindow, find: Find, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trained: Network
) -> None:
    path = tmp_path / "mine"
    monkeypatch.setattr("gui.files.file_dialogs.QFileDialog.getSaveFileName", lambda *_: (str(path), ""))
    trigger(window, "Save Network of This Moment …")
    saved = read_network(path.with_suffix(".npz"))
    assert np.array_equal(saved.weights[0], window.scene.network.weights[0])
    save_network(tmp_path / "other.npz", trained)
    chosen = str(tmp_path / "other.npz"), ""
    monkeypatch.setattr("gui.files.file_dialogs.QFileDialog.getOpenFileName", lambda *_: chosen)
    trigger(window, "Open …")
    settle(window)
    assert np.array_equal(window.scene.network.weights[0], trained.weights[0])
    assert text(find, "statusLabel").startswith("other.npz")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 cut", b"no network at all"])
def test_a_bad_file_is_refused_with_a_sentence_and_the_network_stays(
    window: MainWindow, find: Find, tmp_path: Path, content: bytes
) -> None:
    before = window.scene.frame.network
    path = tmp_path / "bad.npz"
    path.write_bytes(content)
    window.controllers.files.open(path)
    settle(window)
    assert notice(find).startswith("bad.npz")
    assert notice(find).endswith("Choose another file.")
    assert window.scene.frame.network is before


def test_a_run_that_diverges_is_reported_and_its_last_good_frame_stays(
    qtbot: QtBot, window: MainWindow, find: Find
) -> None:
    find("learningRateSpinBox").setValue(1e38)
    with qtbot.waitSignal(window.training_finished, timeout=30000):
        click(find("startButton"))
    assert notice(find).startswith("Training diverged at sample ")
    assert window.scene.network.is_usable()
    click(find("startButton"))
    assert notice(find) == ""


def test_missing_digits_are_reported_with_a_way_out(
    qtbot: QtBot, make_window: MakeWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gui.dataset.dataset_source, "BUNDLED_MNIST", tmp_path / "mnist.npz")
    window = make_window(None)
    label = window.findChild(QLabel, "noticeLabel")
    qtbot.waitUntil(label.isVisible)
    assert "missing" in label.text()
    assert window.findChild(QWidget, "noticeButton").text() == "Load through TensorFlow"
    assert not window.findChild(QWidget, "startButton").isEnabled()


def test_the_bundled_digits_load_by_themselves(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window(None)
    if window.scene.dataset is None:
        qtbot.waitSignal(window.dataset_loaded, timeout=10000).wait()
    assert window.findChild(QWidget, "startButton").isEnabled()
    assert len(window.scene.dataset.train_images) == 60000


def test_closing_while_the_digits_load_leaves_no_thread(make_window: MakeWindow) -> None:
    make_window(None).close()  # what is left running, the fixture finds


def test_what_was_chosen_is_remembered(make_window: MakeWindow, settings: Settings) -> None:
    first = make_window()
    for command in ("Dark", "Loss", "Larger"):
        trigger(first, command)
    first.findChild(QWidget, "epochsSpinBox").setValue(5)
    first.findChild(QWidget, "speedSlider").setValue(33)
    first.close()
    second = make_window()
    settle(second)
    assert second.findChild(QWidget, "epochsSpinBox").value() == 5
    assert second.findChild(QWidget, "speedSlider").value() == 33
    assert (second.scene.theme.name, second.scene.zoom) == ("dark", 110)
    assert second.findChild(QWidget, "lossButton").isChecked()


@pytest.mark.parametrize("page", ["Training", "Pixels", "Whole path", "Trick it", "My digits"])
def test_the_keys_of_the_menus_work_on_every_page_whatever_has_the_focus(
    qtbot: QtBot, window: MainWindow, find: Find, page: str
) -> None:
    draw_seven(find("drawingPad"))
    turn_to(window, page)
    window.activateWindow()
    may_have_it = [
        widget
        for widget in window.findChildren(QWidget)
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isVisible() and widget.isEnabled()
    ]
    seen = set()
    for widget in may_have_it:
        widget.setFocus()
        focused = QApplication.focusWidget()
        seen.add(focused)  # some hand it on to another widget
        before = window.scene.drawing
        QTest.keyClick(focused, Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)
        assert window.scene.drawing is not before, widget
    assert len(seen) > 10
    asked = []
    for name, key in (("start", Qt.Key.Key_F5), ("step", Qt.Key.Key_F7)):
        QTest.keyClick(QApplication.focusWidget(), key)
        asked.append((name, window.scene.training.is_active))
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_F8)
        qtbot.waitUntil(lambda: not window.scene.training.is_active)
    assert asked == [("start", True), ("step", True)]


def test_the_focus_is_seen_wherever_it_is_and_is_no_selection(window: MainWindow, find: Find) -> None:
    draw_seven(find("drawingPad"))
    window.activateWindow()
    for page, name in (("Training", "weightHeatmaps"), ("Pixels", "firingNeurons"), ("Whole path", "networkDiagram")):
        turn_to(window, page)
        widget = find(name)
        find("startButton").setFocus()
        settle(window)
        before = widget.grab().toImage()
        widget.setFocus()
        settle(window)
        after = widget.grab().toImage()
        corner = [(x, 0) for x in range(12)]
        assert any(before.pixelColor(*point) != after.pixelColor(*point) for point in corner)


@pytest.mark.parametrize("hidden", ["none", "1", "300", "9, 8, 7, 6"])
def test_every_page_and_file_follows_the_hidden_layers(
    qtbot: QtBot, window: MainWindow, find: Find, tmp_path: Path, hidden: str
) -> None:
    sizes = (784, *(int(size) for size in hidden.split(",") if hidden != "none"), 10)
    draw_one(find("drawingPad"))
    train_run(qtbot, window, find, epochs=1)  # with the exercise's sizes, to be compared with
    first = window.scene.shown
    find("hiddenLayersField").setText(hidden)
    train_run(qtbot, window, find, epochs=1)
    assert window.scene.layer_sizes == sizes
    window.controllers.runs.compare(first)
    for page in PAGES:
        turn_to(window, page.title)
        window.grab()
        for neuron in ((1, 0), (1, min(40, sizes[1] - 1)), (len(sizes) - 1, 9), (1, 31), None):
            window.controllers.scheduler.change(neuron=neuron, shows_other_network=True)
            settle(window)
        window.grab()
        window.controllers.playhead.go_to_start()
        settle(window)
    run = window.scene.shown
    assert " → ".join(map(str, sizes)) in [each.text() for each in window.findChildren(QLabel) if each.isVisible()]
    window.controllers.files.save_run(tmp_path / "run.npz", run)
    qtbot.waitUntil((tmp_path / "run.npz").exists)
    qtbot.waitUntil(lambda: open_run(tmp_path / "run.npz").config.layer_sizes == sizes)
    assert f"LAYER_SIZES = {sizes}" in run_as_script(run)
