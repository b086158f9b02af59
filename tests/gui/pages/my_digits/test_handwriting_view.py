"""The accuracy on the user's own digits, beside that on the test digits."""

from dataclasses import replace

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from gui.flow.scene import Series
from gui.main_window import MainWindow
from gui.pages.my_digits.my_digits_page import MyDigitsPage
from model.dataset import Dataset
from model.evaluation import evaluate
from model.network import Network
from tests.gui.conftest import Find, await_accuracy, click, draw_one, draw_seven, draw_zero, settle, train_run, turn_to


def keep_digits(window: MainWindow, find: Find) -> None:
    for draw, label in ((draw_seven, 7), (draw_one, 4), (draw_zero, 0)):
        click(find("clearDrawingButton"))
        draw(find("drawingPad"))
        settle(window)
        click(find(f"keep{label}Button"))
    settle(window)


def own_images(window: MainWindow) -> np.ndarray:
    return np.stack([digit.image.reshape(784) for digit in window.scene.own_digits]) / np.float32(255)


def series_of_shown_run(window: MainWindow) -> Series | None:
    series = window.scene.own_digits_over_run
    return series if series is not None and series.run is window.scene.shown else None


def test_both_accuracies_are_those_of_the_network(
    knowing_window: MainWindow, find: Find, digits: Dataset, trained: Network
) -> None:
    turn_to(knowing_window, "My digits")
    assert find("ownAccuracyLabel").text() == "–"
    keep_digits(knowing_window, find)
    assert find("ownAccuracyLabel").text() == "66.7 %"
    assert find("ownCountLabel").text() == "2 of your 3 digits"
    assert find("commonMistakeLabel").text() == "Most common mistake: 4 → 1, once"
    on_test = evaluate(trained, digits.test_images, digits.test_labels)
    assert find("testAccuracyLabel").text() == f"{100 * on_test.accuracy:.1f} %"


def test_the_curve_has_every_frame_of_the_run_and_moves_the_playhead(
    qtbot: QtBot, window: MainWindow, find: Find, digits: Dataset
) -> None:
    turn_to(window, "My digits")
    keep_digits(window, find)
    train_run(qtbot, window, find, epochs=1)
    qtbot.waitUntil(lambda: not window.scene.shown.untested)
    qtbot.waitUntil(lambda: series_of_shown_run(window) is not None)
    settle(window)
    images, run = own_images(window), window.scene.shown
    expected = [np.mean(frame.network.predict(images).argmax(axis=1) == [7, 4, 0]) for frame in run.frames]
    view = window.findChild(MyDigitsPage).handwriting
    samples, shares = view.own_curve.getData()
    assert np.array_equal(shares, expected)
    assert np.array_equal(samples, [frame.samples_seen for frame in run.frames])
    assert np.array_equal(view.test_curve.getData(), run.curve("test_accuracy"))

    plot = find("handwritingPlot")
    middle = plot.mapFromScene(plot.getViewBox().sceneBoundingRect().center())
    QTest.mouseClick(plot.viewport(), Qt.MouseButton.LeftButton, pos=middle)
    settle(window)
    frame = window.scene.frame
    assert 0 < frame.samples_seen < 2000
    assert plot.moment == frame.samples_seen
    correct = np.mean(frame.network.predict(images).argmax(axis=1) == [7, 4, 0])
    assert find("ownAccuracyLabel").text() == f"{100 * correct:.1f} %"

    await_accuracy(qtbot, window)
    on_test = evaluate(frame.network, digits.test_images, digits.test_labels)
    assert find("testAccuracyLabel").text() == f"{100 * on_test.accuracy:.1f} %"

    change, series = window.controllers.scheduler.change, series_of_shown_run(window)
    for other in ({"subject": ()}, {"run": replace(run, key=object())}):  # not what is shown, so it is not drawn
        change(own_digits_over_run=replace(series, **other))
        settle(window)
        assert len(view.own_curve.getData()[0]) == 0
    change(own_digits_over_run=series)

    click(find("undoDigitsButton"))
    settle(window)
    assert len(window.scene.own_digits) == 2
    assert len(view.own_curve.getData()[0]) == 0
    qtbot.waitUntil(lambda: series_of_shown_run(window) is not None)
    settle(window)
    two = [np.mean(frame.network.predict(images[:2]).argmax(axis=1) == [7, 4]) for frame in run.frames]
    assert np.array_equal(view.own_curve.getData()[1], two)


def test_mistakes_that_are_equally_common_are_not_told_apart(
    knowing_window: MainWindow, find: Find, trained: Network
) -> None:
    turn_to(knowing_window, "My digits")
    keep_digits(knowing_window, find)
    digits = knowing_window.scene.own_digits
    seven = next(digit for digit in digits if digit.label == 7)
    knowing_window.controllers.own_digits.relabel([seven], 2)
    settle(knowing_window)
    assert find("commonMistakeLabel").text() == "Most common: 2 mistakes, once each"


def test_a_page_that_is_not_seen_asks_nothing(qtbot: QtBot, window: MainWindow, find: Find) -> None:
    turn_to(window, "My digits")
    keep_digits(window, find)
    turn_to(window, "Training")
    train_run(qtbot, window, find, epochs=1)
    assert window.scene.own_digits_over_run is None
    assert not window.controllers.background.is_busy("own_digits_over_run")
    turn_to(window, "My digits")
    assert find("ownCountLabel").text().endswith("of your 3 digits")
    qtbot.waitUntil(lambda: series_of_shown_run(window) is not None)
    turn_to(window, "Training")
    series = series_of_shown_run(window)
    train_run(qtbot, window, find, epochs=1)
    assert window.scene.own_digits_over_run is series
    turn_to(window, "My digits")
    qtbot.waitUntil(lambda: series_of_shown_run(window) is not None)
