"""A window on a small part of the real digits, with settings of its own, and a watch on what tests leave behind."""

import sys
import threading
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QTabBar, QWidget
from pytestqt.qtbot import QtBot

from gui.app import SWITCH_INTERVAL
from gui.closer_look.closer_look import CloserLook
from gui.main_window import MainWindow
from gui.settings import Settings
from gui.training.training_session import TrainingSession
from model.dataset import Dataset, load_mnist
from model.network import Network
from model.network_file import save_network
from model.training import TrainingConfig, train


@pytest.fixture(scope="session", autouse=True)
def _switch_interval() -> None:
    sys.setswitchinterval(SWITCH_INTERVAL)


@pytest.fixture(autouse=True)
def _no_thread_outlives_a_test() -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    assert set(threading.enumerate()) <= before


@pytest.fixture(scope="session")
def mnist() -> Dataset:
    return load_mnist()


@pytest.fixture(scope="session")
def digits(mnist: Dataset) -> Dataset:
    return Dataset(
        mnist.train_images[:2000], mnist.train_labels[:2000], mnist.test_images[:500], mnist.test_labels[:500]
    )


@pytest.fixture(scope="session")
def trained(mnist: Dataset) -> Network:
    """Good enough to know a clearly drawn digit."""
    network = Network.initialize()
    few = Dataset(mnist.train_images[:15000], mnist.train_labels[:15000], mnist.test_images[:1], mnist.test_labels[:1])
    for _ in train(network, few, TrainingConfig(epochs=1, learning_rate=0.1)):
        pass
    return network


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat))


@pytest.fixture
def window(qtbot: QtBot, settings: Settings, digits: Dataset) -> Iterator[MainWindow]:
    window = MainWindow(settings, digits)
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    yield window
    window.close()


@pytest.fixture
def find(window: MainWindow) -> Callable[[str], QWidget]:
    def by_name(name: str) -> QWidget:
        widget = window.findChild(QWidget, name)
        assert widget is not None, name
        return widget

    return by_name


@pytest.fixture
def open_network(window: MainWindow, tmp_path: Path) -> Callable[[Network], None]:
    """Lets the window show a network, as if it came from a file."""

    def save_and_open(network: Network) -> None:
        save_network(tmp_path / "opened.npz", network)
        window._files._files.open(tmp_path / "opened.npz")
        QApplication.processEvents()

    return save_and_open


@pytest.fixture
def closer_look(
    qtbot: QtBot, find: Callable[[str], QWidget], open_network: Callable[[Network], None], trained: Network
) -> Iterator[CloserLook]:
    """With a network that knows a clearly drawn digit, and nothing on the pad."""
    open_network(trained)
    look = find("closerLook")
    assert isinstance(look, CloserLook)
    with qtbot.waitExposed(look):
        click(find("lookCloserButton"))
    yield look
    look.close()


def settle(look: CloserLook) -> None:
    """Let the closer look follow the pen: it comes after the bars of the window."""
    while not look.is_at_rest:
        QApplication.processEvents()


def turn_to(look: CloserLook, title: str) -> None:
    """Click on the tab of a page."""
    bar = look.findChild(QTabBar)
    number = [bar.tabText(k) for k in range(bar.count())].index(title)
    QTest.mouseClick(bar, Qt.MouseButton.LeftButton, pos=bar.tabRect(number).center())
    settle(look)


def click(widget: QWidget) -> None:
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


def is_at_rest(session: TrainingSession) -> bool:
    """Whether the training thread waits, and everything that it measured has arrived."""
    worker = session._worker
    return worker.pacer.is_resting() and worker.pacer._granted == 0 and not worker._frames


def draw(pad: QWidget, points: list[tuple[float, float]]) -> None:
    """Draw one stroke with the mouse through points given in shares of the sheet."""
    side = min(pad.width(), pad.height())
    corner = QPointF((pad.width() - side) / 2, (pad.height() - side) / 2)
    places = [(corner + QPointF(x, y) * side).toPoint() for x, y in points]
    QTest.mousePress(pad, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, places[0])
    for begin, end in pairwise(places):
        for k in range(1, 9):
            QTest.mouseMove(pad, begin + QPoint(round((end - begin).x() * k / 8), round((end - begin).y() * k / 8)))
    QTest.mouseRelease(pad, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, places[-1])


def draw_one(pad: QWidget) -> None:
    draw(pad, [(0.5, 0.15), (0.5, 0.85)])


def draw_zero(pad: QWidget) -> None:
    draw(pad, [(0.5 + 0.22 * np.sin(a), 0.5 - 0.33 * np.cos(a)) for a in np.linspace(0, 2 * np.pi, 24)])


def draw_seven(pad: QWidget) -> None:
    draw(pad, [(0.28, 0.2), (0.72, 0.2), (0.45, 0.85)])
