import numpy as np
import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from gui.drawing.prediction_view import PredictionView
from gui.theme import LIGHT
from model.dataset import Dataset
from model.history import Frame
from model.network import Network
from model.training import Progress


@pytest.fixture
def view(qtbot: QtBot) -> PredictionView:
    view = PredictionView()
    qtbot.addWidget(view)
    view.resize(240, 300)
    view.apply_theme(LIGHT)
    with qtbot.waitExposed(view):
        view.show()
    return view


def answer(view: PredictionView) -> str:
    return view.findChild(QLabel, "predictedDigitLabel").text()


def sure_of(digit: int) -> Frame:
    """A network that gives 90 % to a digit, whatever it is shown: softmax of ln 81 against nine zeros is 81/90."""
    bias = np.zeros(10, np.float32)
    bias[digit] = np.log(81)
    return Frame(Progress(), Network([np.zeros((784, 10), np.float32)], [bias]))


def test_with_nothing_drawn_there_is_no_answer(view: PredictionView) -> None:
    view.show_frame(sure_of(4))
    assert answer(view) == ""
    assert view.probabilities is None


def test_the_answer_is_the_networks(view: PredictionView, digits: Dataset) -> None:
    view.show_digit(digits.test_images[0].reshape(28, 28))
    view.show_frame(sure_of(4))
    assert answer(view) == "4"
    assert view.probabilities == pytest.approx([0.1 / 9] * 4 + [0.9] + [0.1 / 9] * 5)
    assert "90 %" in {label.text() for label in view.findChildren(QLabel)}
    view.show_frame(sure_of(7))
    assert answer(view) == "7"
    view.show_digit(None)
    assert answer(view) == ""


def test_bars_are_as_long_as_the_probabilities(view: PredictionView, digits: Dataset) -> None:
    view.show_frame(sure_of(4))
    view.show_digit(digits.test_images[0].reshape(28, 28))
    bars = view.findChild(QWidget, "probabilityBars")
    picture = bars.grab().toImage()
    row = round(bars.height() / 10 * 4.5 * picture.devicePixelRatio())
    colors = [picture.pixelColor(x, row).name() for x in range(picture.width())]
    filled, empty = colors.count(LIGHT.accent), colors.count(LIGHT.hairline)
    assert filled / (filled + empty) == pytest.approx(0.9, abs=0.02)


def test_the_picture_shows_what_the_network_receives(view: PredictionView) -> None:
    digit = np.zeros((28, 28), np.float32)
    digit[5, 20] = 1
    view.show_digit(digit)
    picture = view.findChild(QWidget, "receivedImage").grab().toImage()
    scale = (picture.width() - 2) / 28

    def color(row: int, column: int) -> QColor:
        return picture.pixelColor(int(1 + (column + 0.5) * scale), int(1 + (row + 0.5) * scale))

    assert color(5, 20).name() == LIGHT.text
    assert color(20, 5).name() == LIGHT.paper
