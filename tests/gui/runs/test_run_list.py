from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from gui.runs.run_line import RunLine
from gui.theme import LIGHT
from tests.gui.conftest import click

Find = Callable[[str], QWidget]


@pytest.fixture
def two_runs(qtbot: QtBot, window: MainWindow, find: Find) -> MainWindow:
    find("speedSlider").setValue(100)
    find("epochsSpinBox").setValue(1)
    for rate in (0.01, 0.1):
        find("learningRateSpinBox").setValue(rate)
        with qtbot.waitSignal(window.training_finished, timeout=30000):
            click(find("startButton"))
    return window


def lines(window: MainWindow) -> list[RunLine]:
    """The oldest first."""
    return window._run_list._lines


def choose(qtbot: QtBot, line: RunLine, text: str) -> None:
    """Open the menu of a run with the mouse and choose something in it."""
    qtbot.waitUntil(lambda: line.findChild(QMenu, "runMenu") is None)  # the one before, on its way out
    click(line.findChild(QToolButton))
    menu = line.findChild(QMenu, "runMenu")
    qtbot.waitUntil(menu.isVisible)
    (action,) = [action for action in menu.actions() if action.text() == text]
    QTest.mouseClick(
        menu, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, menu.actionGeometry(action).center()
    )


def test_each_run_has_its_accuracy_and_the_colour_of_its_curve(two_runs: MainWindow) -> None:
    first, second = lines(two_runs)
    for line in (first, second):
        assert line._accuracy.text() == f"{100 * line.run.latest_test.test_accuracy:.1f} %"
    assert (first._color, second._color) == (LIGHT.other_runs, LIGHT.accent)


def test_a_click_shows_a_run(two_runs: MainWindow) -> None:
    first, second = lines(two_runs)
    click(first)
    assert two_runs.playhead.run is first.run
    assert two_runs.playhead.frame is first.run.latest
    assert (first._color, second._color) == (LIGHT.accent, LIGHT.other_runs)


def test_enter_shows_a_run_and_delete_removes_it(two_runs: MainWindow) -> None:
    first, second = lines(two_runs)
    two_runs.activateWindow()
    first.setFocus()
    QTest.keyClick(first, Qt.Key.Key_Return)
    assert two_runs.playhead.run is first.run
    QTest.keyClick(first, Qt.Key.Key_Delete)
    assert two_runs.playhead.runs.all == (second.run,)
    assert lines(two_runs) == [second]


def test_comparing_by_the_menu(qtbot: QtBot, two_runs: MainWindow) -> None:
    first, _ = lines(two_runs)
    choose(qtbot, first, "Compare")
    assert two_runs.playhead.runs.compared is first.run
    assert first._color == LIGHT.compared
    choose(qtbot, first, "Stop Comparing")
    assert two_runs.playhead.runs.compared is None


def test_hiding_and_showing_a_curve(qtbot: QtBot, two_runs: MainWindow) -> None:
    first, _ = lines(two_runs)
    choose(qtbot, first, "Hide Curve")
    assert first.run not in two_runs._accuracy_plot._other_curves
    assert first._dot.text() == "○"
    choose(qtbot, first, "Show Curve")
    assert first.run in two_runs._accuracy_plot._other_curves


def test_renaming(qtbot: QtBot, two_runs: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    first, _ = lines(two_runs)
    monkeypatch.setattr("gui.runs.run_line.QInputDialog.getText", lambda *_, **__: ("slow", True))
    choose(qtbot, first, "Rename …")
    assert (first.run.name, first._name.text()) == ("slow", "slow")


def test_the_settings_of_a_run_can_be_used_again(qtbot: QtBot, two_runs: MainWindow, find: Find) -> None:
    choose(qtbot, lines(two_runs)[0], "Use Its Settings")
    assert find("learningRateSpinBox").value() == 0.01


def test_the_run_that_is_on_stays(qtbot: QtBot, window: MainWindow, find: Find) -> None:
    click(find("stepButton"))
    (line,) = lines(window)
    choose(qtbot, line, "Delete")
    assert lines(window) == [line]
    line.findChild(QMenu, "runMenu").close()
