import numpy as np
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QSlider, QStyle, QStyleOptionSlider, QWidget

from gui.main_window import MainWindow
from gui.pages.trick_it.distortion_card import SEED
from model.analysis.distortion import Distortion, distorted
from model.history import Frame
from model.network import Network
from model.training import Progress
from tests.gui.conftest import Find, click, draw_zero, settle
from tests.gui.pages.trick_it.conftest import in_words

KEY = Qt.Key
FIELDS = ("noise", "right", "down", "degrees", "thickness")


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


def expected(digit: np.ndarray, **distortion: float) -> np.ndarray:
    return distorted(digit, Distortion(**distortion), np.random.default_rng(SEED))


def test_the_prediction_follows_a_slider_that_is_dragged(seven: MainWindow, find: Find, network: Network) -> None:
    digit, slider = seven.scene.digit, find("degreesSlider")
    before, after = find("digitBefore"), find("digitAfter")
    assert np.array_equal(before.digit, digit)
    assert np.array_equal(after.digit, digit)
    assert before.caption == after.caption == in_words(network, digit)
    assert before.caption.startswith("7")
    drag(slider, -20)
    degrees = slider.value()
    assert degrees < 0
    assert find("degreesWords").text() == f"{-degrees}° ↺"
    changed = expected(digit, degrees=degrees)
    assert np.array_equal(before.digit, digit)
    assert np.array_equal(after.digit, changed)
    assert np.array_equal(find("distortedBars").probabilities, network.predict_digit(changed))
    assert after.caption == in_words(network, changed)
    assert before.caption == in_words(network, digit)


def test_keys_move_the_sliders_and_a_double_click_or_reset_brings_them_back(seven: MainWindow, find: Find) -> None:
    sliders = [find(f"{field}Slider") for field in FIELDS]
    for slider, key, times in zip(
        sliders, (KEY.Key_Right, KEY.Key_Left, KEY.Key_End, KEY.Key_Home, KEY.Key_Right), (3, 5, 1, 1, 2), strict=True
    ):
        press(slider, key, times)
    words = [find(f"{field}Words").text() for field in FIELDS]
    assert words == ["3 %", "1.25 px ←", "8 px ↓", "180° ↺", "+0.5 px"]
    changed = expected(seven.scene.digit, noise=0.03, right=-1.25, down=8, degrees=-180, thickness=0.5)
    assert np.array_equal(find("digitAfter").digit, changed)
    QTest.mouseDClick(sliders[1], Qt.MouseButton.LeftButton, pos=QPoint(3, 8))
    assert [slider.value() for slider in sliders] == [3, 0, 32, -180, 2]
    click(find("resetDistortionButton"))
    assert [slider.value() for slider in sliders] == [0] * 5
    assert [find(f"{field}Words").text() for field in FIELDS] == ["0 %", "0 px", "0 px", "0°", "0 px"]
    assert np.array_equal(find("digitAfter").digit, seven.scene.digit)
    for field, slider in zip(FIELDS, sliders, strict=True):
        words = find(f"{field}Words")
        for value in (slider.minimum(), slider.minimum() + 1, slider.maximum() - 1, slider.maximum()):
            slider.setValue(value)
            assert words.fontMetrics().horizontalAdvance(words.text()) <= words.contentsRect().width(), words.text()


def test_the_changed_digit_can_be_put_on_the_pad(seven: MainWindow, find: Find, network: Network) -> None:
    before = seven.scene.digit
    seven.controllers.drawing.choose_label(7)
    press(find("degreesSlider"), KEY.Key_Home)
    changed = find("digitAfter").digit
    assert np.array_equal(changed, expected(before, degrees=-180))
    click(find("useDistortedButton"))
    settle(seven)
    assert np.array_equal(seven.scene.digit, changed)
    assert seven.scene.label == 7
    assert find("degreesSlider").value() == 0
    assert find("predictedDigitLabel").text() == str(network.predict_digit(changed).argmax())
    assert np.array_equal(find("digitBefore").digit, changed)
    assert np.array_equal(find("digitAfter").digit, changed)
    click(find("undoDrawingButton"))
    assert np.array_equal(seven.scene.digit, before)


def test_the_sliders_stay_for_the_next_drawing(seven: MainWindow, find: Find) -> None:
    press(find("rightSlider"), KEY.Key_Right, 8)
    click(find("clearDrawingButton"))
    draw_zero(find("drawingPad"))
    settle(seven)
    assert np.array_equal(find("digitAfter").digit, expected(seven.scene.digit, right=2))


def test_with_an_empty_pad_it_says_what_to_do(trick: MainWindow, find: Find) -> None:
    press(find("degreesSlider"), KEY.Key_Right, 2)
    assert find("distortionLabel").text().startswith("Draw a digit")
    for name in ("digitBefore", "digitAfter"):
        assert find(name).digit is None
        assert find(name).caption == ""
    assert find("distortedBars").probabilities is None
    assert not find("useDistortedButton").isEnabled()
    draw_zero(find("drawingPad"))
    settle(trick)
    assert find("distortionLabel").text().startswith("Training digits")
    assert find("useDistortedButton").isEnabled()
    click(find("clearDrawingButton"))
    settle(trick)
    assert find("distortionLabel").text().startswith("Draw a digit")
    assert find("digitBefore").digit is find("digitAfter").digit is None
    assert find("distortedBars").probabilities is None


def test_it_follows_the_network_on_the_screen(seven: MainWindow, find: Find) -> None:
    other = Network.initialize(seed=1)
    seven.controllers.runs.show_detached(Frame(Progress(), other), "another")
    settle(seven)
    assert find("digitAfter").caption == in_words(other, seven.scene.digit)
    assert np.array_equal(find("distortedBars").probabilities, other.predict_digit(seven.scene.digit))
