from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QSlider, QStyle, QStyleOptionSlider, QWidget
from pytestqt.qtbot import QtBot

from gui.trick.distortion_card import SEED
from gui.trick.trick_page import TrickPage
from model.analysis.distortion import Distortion, distorted
from model.network import Network
from tests.gui.conftest import click, draw_zero

Find = Callable[[str], QWidget]
KEY = Qt.Key


def handle_of(slider: QSlider) -> QPoint:
    option = QStyleOptionSlider()
    slider.initStyleOption(option)
    return (
        slider.style()
        .subControlRect(QStyle.ComplexControl.CC_Slider, option, QStyle.SubControl.SC_SliderHandle, slider)
        .center()
    )


def drag(slider: QSlider, by: int) -> None:
    begin = handle_of(slider)
    QTest.mousePress(slider, Qt.MouseButton.LeftButton, pos=begin)
    QTest.mouseMove(slider, begin + QPoint(by // 2, 0))
    QTest.mouseMove(slider, begin + QPoint(by, 0))
    QTest.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=begin + QPoint(by, 0))


def press(slider: QWidget, key: Qt.Key, times: int = 1) -> None:
    slider.setFocus()
    for _ in range(times):
        QTest.keyClick(slider, key)


def in_words(probabilities: np.ndarray) -> str:
    return f"{probabilities.argmax()}  ·  {100 * probabilities.max():.0f} %"


def test_at_first_nothing_is_changed(page: TrickPage, find: Find, network: Network) -> None:
    digit = find("drawingPad").digit
    assert np.array_equal(page.distortion._before._picture._digit, digit)
    assert np.array_equal(page.distortion._after._picture._digit, digit)
    assert find("answerBeforeLabel").text() == find("answerAfterLabel").text() == in_words(network.predict_digit(digit))
    assert find("answerBeforeLabel").text().startswith("7")


def test_the_answer_follows_a_slider_that_is_dragged(page: TrickPage, find: Find, network: Network) -> None:
    digit, slider = find("drawingPad").digit, find("degreesSlider")
    drag(slider, -20)
    degrees = slider.value()
    assert degrees < 0
    assert find("degreesWords").text() == f"{-degrees}° left"
    changed = distorted(digit, Distortion(degrees=degrees), np.random.default_rng(SEED))
    assert np.array_equal(page.distortion._after._picture._digit, changed)
    assert np.array_equal(find("distortedBars").probabilities, network.predict_digit(changed))
    assert find("answerAfterLabel").text() == in_words(network.predict_digit(changed))
    assert find("answerBeforeLabel").text() == in_words(network.predict_digit(digit))


def test_keys_move_the_sliders_which_say_where_they_are(page: TrickPage, find: Find) -> None:
    press(find("noiseSlider"), KEY.Key_Right, 3)
    press(find("rightSlider"), KEY.Key_Left, 5)
    press(find("downSlider"), KEY.Key_End)
    press(find("degreesSlider"), KEY.Key_Home)
    press(find("thicknessSlider"), KEY.Key_Right, 2)
    fields = ("noise", "right", "down", "degrees", "thickness")
    words = [find(f"{field}Words").text() for field in fields]
    assert words == ["3 %", "1.25 px left", "8 px down", "180° left", "0.5 px thicker"]
    expected = distorted(find("drawingPad").digit, Distortion(0.03, -1.25, 8, -180, 0.5), np.random.default_rng(SEED))
    assert np.array_equal(page.distortion._after._picture._digit, expected)


def test_no_words_are_cut(page: TrickPage, find: Find) -> None:
    for field in ("noise", "right", "down", "degrees", "thickness"):
        slider, words = find(f"{field}Slider"), find(f"{field}Words")
        for value in range(slider.minimum(), slider.maximum() + 1):
            slider.setValue(value)
            assert words.sizeHint().width() <= words.width(), words.text()


def test_a_double_click_or_reset_goes_back_to_zero(page: TrickPage, find: Find) -> None:
    sliders = [find(f"{field}Slider") for field in ("noise", "right", "down", "degrees", "thickness")]
    for slider in sliders:
        press(slider, KEY.Key_Right, 2)
    QTest.mouseDClick(sliders[1], Qt.MouseButton.LeftButton, pos=QPoint(3, 8))
    assert [slider.value() for slider in sliders] == [2, 0, 2, 2, 2]
    click(find("resetDistortionButton"))
    assert [slider.value() for slider in sliders] == [0] * 5
    assert np.array_equal(page.distortion._after._picture._digit, find("drawingPad").digit)


def test_the_changed_digit_can_be_put_on_the_pad(qtbot: QtBot, page: TrickPage, find: Find, network: Network) -> None:
    before = find("drawingPad").digit
    press(find("degreesSlider"), KEY.Key_Home)
    changed = page.distortion._after._picture._digit
    click(find("useDistortedButton"))
    assert np.array_equal(find("drawingPad").digit, changed)
    assert find("degreesSlider").value() == 0
    assert find("predictedDigitLabel").text() == str(network.predict_digit(changed).argmax())
    qtbot.waitUntil(lambda: np.array_equal(page.distortion._before._picture._digit, changed))
    assert np.array_equal(page.distortion._after._picture._digit, changed)
    find("drawingPad").undo()
    assert np.array_equal(find("drawingPad").digit, before)


def test_the_sliders_stay_for_the_next_drawing(qtbot: QtBot, page: TrickPage, find: Find) -> None:
    press(find("rightSlider"), KEY.Key_Right, 8)
    click(find("clearDrawingButton"))
    draw_zero(find("drawingPad"))
    digit = find("drawingPad").digit
    expected = distorted(digit, Distortion(right=2), np.random.default_rng(SEED))
    qtbot.waitUntil(lambda: np.array_equal(page.distortion._after._picture._digit, expected))


def test_with_an_empty_pad_it_says_what_to_do(empty_page: TrickPage, find: Find) -> None:
    assert empty_page.distortion._lesson.text().startswith("Draw a digit")
    assert find("answerBeforeLabel").text() == find("answerAfterLabel").text() == ""
    assert not find("useDistortedButton").isEnabled()
    press(find("degreesSlider"), KEY.Key_Right, 2)
    assert find("distortedBars").probabilities is None


@pytest.mark.parametrize("size", [(980, 700), (1500, 950)])
def test_the_bars_of_neighbours_are_level(qtbot: QtBot, page: TrickPage, find: Find, size: tuple[int, int]) -> None:
    find("closerLook").resize(*size)
    qtbot.waitUntil(lambda: find("closerLook").height() == size[1])
    left, right = (find(name).mapTo(page, QPoint(0, 0)).y() for name in ("distortedBars", "dreamBars"))
    assert abs(left - right) <= 1
