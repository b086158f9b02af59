"""The page Trick it with a network that knows its digits."""

import pytest

from gui.main_window import MainWindow
from model.network import Network
from tests.gui.conftest import Find, draw_seven, settle, turn_to


@pytest.fixture
def network(trained: Network) -> Network:
    return trained


@pytest.fixture
def trick(knowing_window: MainWindow) -> MainWindow:
    """With nothing on the pad."""
    turn_to(knowing_window, "Trick it")
    return knowing_window


@pytest.fixture
def seven(trick: MainWindow, find: Find) -> MainWindow:
    """With a 7 on the pad."""
    draw_seven(find("drawingPad"))
    settle(trick)
    return trick


def in_words(network: Network, digit: object) -> str:
    probabilities = network.predict_digit(digit)
    rounded = f"{100 * probabilities.max():.0f}"
    return f"{probabilities.argmax()}  ·  {'> 99' if rounded == '100' else rounded} %"
