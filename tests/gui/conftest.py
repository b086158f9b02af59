"""A window on a small part of the real digits, with settings of its own, and a watch on what tests leave behind."""

import sys
import threading
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyqtgraph as pg
import pytest
from PySide6.QtCore import QPoint, QPointF, QSize, Qt, QThread, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QTabWidget, QWidget
from pytestqt.qtbot import QtBot

from gui.app import SWITCH_INTERVAL
from gui.controllers import Controllers
from gui.files.file_controller import OPENING
from gui.flow.appearance import Appearance
from gui.flow.scene import Scene
from gui.flow.scheduler import Scheduler
from gui.main_window import MainWindow
from gui.settings import Settings
from gui.widgets.card import ElidedLabel
from model.dataset import Dataset
from model.network import Network
from model.network_file import save_network
from model.training import TrainingConfig, train

Find = Callable[[str], QWidget]


@pytest.fixture(scope="session", autouse=True)
def _switch_interval() -> None:
    sys.setswitchinterval(SWITCH_INTERVAL)


@pytest.fixture(autouse=True)
def _no_thread_outlives_a_test() -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    assert set(threading.enumerate()) <= before


@pytest.fixture(autouse=True)
def _application_is_dressed_as_before(qapp: QApplication) -> Iterator[None]:
    yield
    Appearance(Scheduler(Scene()))


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
    return Settings(tmp_path / "settings.json")


@pytest.fixture
def controllers(qtbot: QtBot, settings: Settings) -> Iterator[Controllers]:
    """Everything but the window: for a view by itself, which `show_view` shows."""
    host = QWidget()
    qtbot.addWidget(host)
    controllers = Controllers(host, settings)
    yield controllers
    controllers.close()


@pytest.fixture
def make_window(
    qtbot: QtBot, settings: Settings, digits: Dataset, _no_thread_outlives_a_test: None
) -> Iterator[Callable[..., MainWindow]]:
    """Makes windows; once closed, they may leave no thread of Qt running and no timer active."""
    windows = []

    def make(dataset: Dataset | None = digits) -> MainWindow:
        windows.append(MainWindow(settings, dataset))
        qtbot.addWidget(windows[-1])
        windows[-1].resize(1280, 720)
        with qtbot.waitExposed(windows[-1]):
            windows[-1].show()
        return windows[-1]

    yield make
    for window in windows:
        window.close()
        assert not [thread for thread in window.findChildren(QThread) if thread.isRunning()]
        assert not [timer for timer in window.findChildren(QTimer) if timer.isActive()]


@pytest.fixture
def window(make_window: Callable[..., MainWindow]) -> MainWindow:
    return make_window()


@pytest.fixture
def find(window: MainWindow) -> Find:
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
        window.controllers.files.open(tmp_path / "opened.npz")
        settle(window)

    return save_and_open


@pytest.fixture
def knowing_window(window: MainWindow, open_network: Callable[[Network], None], trained: Network) -> MainWindow:
    """With a network that knows a clearly drawn digit, and nothing on the pad."""
    open_network(trained)
    return window


@pytest.fixture
def after_a_run(qtbot: QtBot, window: MainWindow, find: Find) -> MainWindow:
    """With a run of three epochs at a rate of 0.1, and a 1 on the pad."""
    draw_one(find("drawingPad"))
    train_run(qtbot, window, find)
    return window


def train_run(qtbot: QtBot, window: MainWindow, find: Find, rate: float = 0.1, epochs: int = 3) -> None:
    """Train at full speed to the end."""
    find("speedSlider").setValue(100)
    find("epochsSpinBox").setValue(epochs)
    find("learningRateSpinBox").setValue(rate)
    with qtbot.waitSignal(window.training_finished, timeout=30000):
        click(find("startButton"))
    settle(window)


def show_view(qtbot: QtBot, controllers: Controllers, view: QWidget, width: int, height: int) -> None:
    """Let a view that has parts follow the scene, in a window of its own."""
    qtbot.addWidget(view)
    view.resize(width, height)
    controllers.scheduler.add(view, view.parts)
    with qtbot.waitExposed(view):
        view.show()


def settle(shown: MainWindow | Controllers) -> None:
    """Let a file be read that is being opened, and all visible views follow the scene."""
    controllers = shown.controllers if isinstance(shown, MainWindow) else shown
    while controllers.background.is_busy(OPENING) or not controllers.scheduler.is_at_rest:
        QApplication.processEvents()


def await_accuracy(qtbot: QtBot, shown: MainWindow | Controllers) -> None:
    """Rest until the moment on the screen, and what stands beside it, is measured."""
    controllers = shown.controllers if isinstance(shown, MainWindow) else shown

    def is_measured() -> bool:
        scene = controllers.scheduler.scene
        frames = scene.frame, scene.compared_frame, scene.lesson and scene.lesson.before
        return all(frame.is_tested for frame in frames if frame)

    qtbot.waitUntil(is_measured)
    settle(controllers)


def turn_to(window: MainWindow, title: str) -> None:
    """Click on the tab of a page."""
    tabs = window.findChild(QTabWidget, "pageTabs")
    number = [tabs.tabText(k) for k in range(tabs.count())].index(title)
    QTest.mouseClick(tabs.tabBar(), Qt.MouseButton.LeftButton, pos=tabs.tabBar().tabRect(number).center())
    settle(window)


def named_curves(plot: pg.PlotWidget) -> dict[str, pg.PlotCurveItem]:
    """The curves of a plot."""
    items = plot.getPlotItem().items
    return {item.name(): item for item in items if isinstance(item, pg.PlotCurveItem)}


def visible_texts(plot: pg.PlotWidget) -> list[str]:
    """What is written into a plot."""
    items = plot.getPlotItem().items
    return [item.toPlainText() for item in items if isinstance(item, pg.TextItem) and item.isVisible()]


def cut_off(view: QWidget) -> list[QWidget]:
    """Labels and buttons that have less room than what they say needs; those that end with an ellipsis may."""
    written = [*view.findChildren(QLabel), *view.findChildren(QAbstractButton)]
    whole = [each for each in written if each.isVisible() and not isinstance(each, ElidedLabel)]
    return [each for each in whole if each.size() != each.size().expandedTo(needed(each))]


def needed(written: QWidget) -> QSize:
    """The room that a text takes; one that is broken into lines has the width that it has."""
    if isinstance(written, QLabel) and written.wordWrap():
        return QSize(0, written.heightForWidth(written.width()))
    return written.sizeHint()


def assert_everything_has_its_room(qtbot: QtBot, window: MainWindow) -> None:
    """The page that is shown cuts nothing off at any size, and scrolls only where the window is small or zoomed."""
    area = window.findChild(QTabWidget, "pageTabs").currentWidget().currentWidget()
    for width, height, zoom in (
        (1280, 720, 100),
        (1024, 768, 100),
        (1366, 768, 125),
        (1920, 1080, 200),
        (1920, 1080, 100),
    ):
        window.controllers.scheduler.change(zoom=zoom)
        window.resize(width, height)
        qtbot.waitUntil(lambda: not cut_off(area.widget()) and area.horizontalScrollBar().maximum() == 0)
        if width > 1024 and zoom == 100:
            assert area.verticalScrollBar().maximum() == 0


def click(widget: QWidget) -> None:
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


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
