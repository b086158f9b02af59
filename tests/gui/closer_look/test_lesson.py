from collections.abc import Callable, Iterator

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from gui.closer_look.closer_look import CloserLook
from gui.main_window import MainWindow
from model.analysis.teaching import apply_updates
from tests.gui.conftest import click, draw, draw_one

Find = Callable[[str], QWidget]


@pytest.fixture
def look(qtbot: QtBot, window: MainWindow, find: Find) -> Iterator[CloserLook]:
    """After a short run, with the playhead in its middle."""
    find("speedSlider").setValue(100)
    find("epochsSpinBox").setValue(1)
    find("learningRateSpinBox").setValue(0.1)
    with qtbot.waitSignal(window.training_finished, timeout=30000):
        click(find("startButton"))
    window.playhead.go_to(1000)
    draw_one(find("drawingPad"))
    with qtbot.waitExposed(find("closerLook")):
        click(find("lookCloserButton"))
    yield find("closerLook")
    find("closerLook").close()


def teach(find: Find, label: int, often: bool = False) -> None:
    click(find(f"lesson{label}Button"))
    click(find("teachOftenButton" if often else "teachOnceButton"))


def told(find: Find) -> str:
    return find("lessonLabel").text()


@pytest.mark.parametrize(("often", "updates"), [(False, 1), (True, 10)])
def test_a_lesson_is_so_many_updates_at_the_learning_rate_of_the_window(
    look: CloserLook, window: MainWindow, find: Find, often: bool, updates: int
) -> None:
    frame, digit = window.playhead.frame, find("drawingPad").digit.reshape(784)
    teach(find, 4, often)
    expected = apply_updates(frame.network, digit, 4, 0.1, updates)
    shown = window.playhead.frame
    assert all(np.array_equal(*pair) for pair in zip(shown.network.weights, expected.weights, strict=True))
    before, after = (100 * each.predict(digit[None])[0, 4] for each in (frame.network, expected))
    assert f"Probability of 4: {before:.1f} % → {after:.1f} %" in told(find)
    assert f"{100 * shown.progress.test_accuracy:.2f} %" in told(find)


def test_undo_brings_back_the_exact_weights_and_the_place_in_the_run(
    look: CloserLook, window: MainWindow, find: Find
) -> None:
    run, frame = window.playhead.run, window.playhead.frame
    weights = [each.copy() for each in frame.network.weights]
    teach(find, 4)
    teach(find, 5)
    assert window.playhead.run is None
    click(find("undoTeachingButton"))
    assert window.playhead.run is None
    click(find("undoTeachingButton"))
    assert (window.playhead.run, window.playhead.frame) == (run, frame)
    assert all(np.array_equal(*pair) for pair in zip(frame.network.weights, weights, strict=True))
    assert not find("undoTeachingButton").isEnabled()


def test_who_moves_on_has_left_the_lesson(look: CloserLook, window: MainWindow, find: Find) -> None:
    run = window.playhead.run
    teach(find, 4)
    window.playhead.select(run)
    assert not find("undoTeachingButton").isEnabled()


def test_without_a_label_or_a_digit_nothing_can_be_taught(look: CloserLook, find: Find) -> None:
    assert not find("teachOnceButton").isEnabled()
    click(find("lesson3Button"))
    assert find("teachOnceButton").isEnabled()
    click(find("clearDrawingButton"))
    assert not find("teachOnceButton").isEnabled()
    draw_one(find("drawingPad"))
    assert not find("keepDigitButton").isEnabled()  # a label is chosen anew for each digit


def test_a_rate_that_is_too_large_is_told(look: CloserLook, window: MainWindow, find: Find) -> None:
    frame = window.playhead.frame
    find("learningRateSpinBox").setValue(1e38)
    teach(find, 4, often=True)
    assert told(find).endswith("Choose a smaller learning rate.")
    assert window.playhead.frame is frame


def test_undo_finds_the_very_network_while_a_run_goes_on(
    qtbot: QtBot, look: CloserLook, window: MainWindow, find: Find
) -> None:
    find("epochsSpinBox").setValue(1000)
    click(find("startButton"))
    run = window.playhead.run
    qtbot.waitUntil(lambda: run.latest is not None and run.latest.samples_seen > 500)
    frame = window.playhead.frame
    teach(find, 4)
    qtbot.waitUntil(lambda: run.latest.samples_seen > frame.samples_seen + 500)
    click(find("undoTeachingButton"))
    assert (window.playhead.run, window.playhead.frame) == (run, frame)
    click(find("stopButton"))
    qtbot.waitUntil(lambda: window.session._worker is None)


@pytest.mark.parametrize("button", ["testDigitButton", "clearDrawingButton"])
def test_the_label_of_one_digit_is_not_that_of_the_next(look: CloserLook, find: Find, button: str) -> None:
    click(find("lesson3Button"))
    draw(find("drawingPad"), [(0.3, 0.5), (0.7, 0.5)])
    assert find("teachOnceButton").isEnabled()  # it is still the same digit
    click(find(button))
    draw_one(find("drawingPad"))
    assert not find("teachOnceButton").isEnabled()
    assert not find("lesson3Button").isChecked()


def test_the_bars_in_the_window_compare_with_before(look: CloserLook, window: MainWindow, find: Find) -> None:
    digit, bars = find("drawingPad").digit.reshape(784), find("probabilityBars")
    before = window.playhead.frame.network
    teach(find, 4, often=True)
    assert np.array_equal(bars.compared, before.predict(digit[None])[0])
    assert np.array_equal(bars.probabilities, window.playhead.frame.network.predict(digit[None])[0])
    click(find("undoTeachingButton"))
    assert bars.compared is None
    teach(find, 4)
    window.playhead.go_live()
    window.playhead.select(window.playhead.runs.all[0])
    assert bars.compared is None


def test_a_digit_with_a_pixel_turned_over_has_the_same_label(look: CloserLook, find: Find) -> None:
    click(find("lesson1Button"))
    place = look.pixels._map.place_of(3, 4).center().toPoint()
    QTest.mouseClick(look.pixels._map, Qt.MouseButton.LeftButton, pos=place)
    assert find("drawingPad").digit[3, 4] == 1
    assert find("lesson1Button").isChecked()


def test_undo_brings_back_the_run_that_was_compared_and_shows_a_hidden_one(
    qtbot: QtBot, look: CloserLook, window: MainWindow, find: Find
) -> None:
    with qtbot.waitSignal(window.training_finished, timeout=30000):
        click(find("startButton"))
    first, second = window.playhead.runs.all
    window.playhead.compare(first)
    teach(find, 4)
    window.playhead.set_hidden(second, True)
    click(find("undoTeachingButton"))
    runs = window.playhead.runs
    assert (runs.shown, runs.compared) == (second, first)
    assert second not in runs.hidden
    assert find("probabilityBars").compared is not None


def test_what_was_told_is_no_longer_true_for_another_run(look: CloserLook, window: MainWindow, find: Find) -> None:
    run = window.playhead.run
    teach(find, 4)
    window.playhead.select(run)
    assert "Probability" not in told(find)
