"""The page “Trick it” with a network that knows its digits, opened from the window with a 7 on the pad."""

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from gui.closer_look.closer_look import CloserLook
from gui.trick.trick_page import TrickPage
from model.network import Network
from tests.gui.conftest import draw_seven, turn_to

Find = Callable[[str], QWidget]


@pytest.fixture
def network(trained: Network) -> Network:
    return trained


@pytest.fixture
def empty_page(qtbot: QtBot, closer_look: CloserLook) -> TrickPage:
    """With nothing on the pad."""
    turn_to(closer_look, "Trick it")
    assert closer_look.trick.isVisible()
    qtbot.waitUntil(lambda: closer_look.trick.dream._subject is not None)
    return closer_look.trick


@pytest.fixture
def page(qtbot: QtBot, empty_page: TrickPage, find: Find) -> TrickPage:
    draw_seven(find("drawingPad"))
    qtbot.waitUntil(lambda: find("answerBeforeLabel").text() != "")
    return empty_page
