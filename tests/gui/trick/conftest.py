"""The page “Trick it” with a network that knows its digits, opened from the window with a 7 on the pad."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QTabBar, QWidget
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from gui.trick.trick_page import TrickPage
from model.network import Network
from model.network_file import save_network
from tests.gui.conftest import click, draw_seven

Find = Callable[[str], QWidget]


@pytest.fixture
def network(trained: Network) -> Network:
    return trained


@pytest.fixture
def empty_page(qtbot: QtBot, window: MainWindow, find: Find, network: Network, tmp_path: Path) -> Iterator[TrickPage]:
    """With nothing on the pad."""
    save_network(tmp_path / "trained.npz", network)
    window._files._files.open(tmp_path / "trained.npz")
    look = find("closerLook")
    with qtbot.waitExposed(look):
        click(find("lookCloserButton"))
    choose_tab(find, "Trick it")
    assert look.trick.isVisible()
    qtbot.waitUntil(lambda: look.trick.dream._subject is not None)
    yield look.trick
    look.close()


@pytest.fixture
def page(qtbot: QtBot, empty_page: TrickPage, find: Find) -> TrickPage:
    draw_seven(find("drawingPad"))
    qtbot.waitUntil(lambda: find("answerBeforeLabel").text() != "")
    return empty_page


def choose_tab(find: Find, title: str) -> None:
    bar = find("closerLookTabs").findChild(QTabBar)
    index = next(k for k in range(bar.count()) if bar.tabText(k) == title)
    QTest.mouseClick(bar, Qt.MouseButton.LeftButton, pos=bar.tabRect(index).center())
