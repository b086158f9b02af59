"""What the network receives of the digit on the pad, and what it answers."""

import numpy as np
import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from gui.controllers import Controllers
from gui.panels.prediction_view import PredictionView
from gui.theme import LIGHT
from gui.widgets.digit_picture import DigitPicture
from gui.widgets.probability_bars import ProbabilityBars
from model.dataset import Dataset
from model.history import Frame
from model.network import Network
from model.training import Progress
from tests.gui.conftest import show_view


@pytest.fixture
def view(qtbot: QtBot, controllers: Controllers) -> PredictionView:
    view = PredictionView()
    show_view(qtbot, controllers, view, 240, 300)
    return view


@pytest.fixture
def bars(view: PredictionView) -> ProbabilityBars:
    return view.findChild(ProbabilityBars, "probabilityBars")


def predicted(view: PredictionView) -> str:
    return view.findChild(QLabel, "predictedDigitLabel").text()


def sure_of(digit: int) -> Frame:
    """A network that gives 90 % to a digit, whatever it is shown: softmax of ln 81 against nine zeros is 81/90."""
    bias = np.zeros(10, np.float32)
    bias[digit] = np.log(81)
    return Frame(Progress(), Network([np.zeros((784, 10), np.float32)], [bias]))


def test_the_answer_is_the_networks_and_without_a_digit_there_is_none(
    controllers: Controllers, view: PredictionView, bars: ProbabilityBars, digits: Dataset
) -> None:
    controllers.runs.show_detached(sure_of(4), "")
    assert (predicted(view), bars.probabilities) == ("", None)
    controllers.drawing.show_digit(digits.test_images[0])
    assert predicted(view) == "4"
    assert bars.probabilities == pytest.approx([0.1 / 9] * 4 + [0.9] + [0.1 / 9] * 5)
    assert "90.0 %" in {label.text() for label in view.findChildren(QLabel)}
    controllers.runs.show_detached(sure_of(7), "")
    assert predicted(view) == "7"
    controllers.drawing.clear()
    assert (predicted(view), bars.probabilities) == ("", None)


def test_bars_are_as_long_as_the_probabilities(
    controllers: Controllers, view: PredictionView, bars: ProbabilityBars, digits: Dataset
) -> None:
    controllers.runs.show_detached(sure_of(4), "")
    controllers.drawing.show_digit(digits.test_images[0])
    picture = bars.grab().toImage()
    row = round(bars.height() / 10 * 4.5 * picture.devicePixelRatio())
    colors = [picture.pixelColor(x, row).name() for x in range(picture.width())]
    filled, empty = colors.count(LIGHT.accent), colors.count(LIGHT.hairline)
    assert filled / (filled + empty) == pytest.approx(0.9, abs=0.02)


def test_the_picture_shows_what_the_network_receives(controllers: Controllers, view: PredictionView) -> None:
    digit = np.zeros((28, 28), np.float32)
    digit[5, 20] = 1
    controllers.drawing.show_digit(digit)
    picture = view.findChild(DigitPicture, "receivedImage").grab().toImage()
    scale = (picture.width() - 2) / 28

    def color(row: int, column: int) -> QColor:
        return picture.pixelColor(int(1 + (column + 0.5) * scale), int(1 + (row + 0.5) * scale))

    assert color(5, 20).name() == LIGHT.text
    assert color(20, 5).name() == LIGHT.paper
