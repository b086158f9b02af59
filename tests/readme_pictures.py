"""Takes the README's pictures of the real window after real runs: python -m tests.readme_pictures

Needs a display; `xvfb-run python -m tests.readme_pictures` makes one.
"""

import sys
import tempfile
from pathlib import Path

import numpy as np
from PySide6.QtCore import QEventLoop, QObject, QPoint, QTimer, SignalInstance
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from gui.app import SWITCH_INTERVAL
from gui.main_window import MainWindow
from gui.settings import Settings
from model.analysis.derivation import Kind, Number
from model.dataset import as_floats
from model.training import TrainingConfig
from tests.gui.conftest import click, draw

PICTURES = Path(__file__).parent.parent / "resources" / "pictures"
NOTEBOOK = Path(__file__).parent / "model" / "homework" / "exercise" / "stuck.ipynb"
WRONG_LINE = 58
SIZE = (1280, 720)
BOW = [(0.5 + 0.2 * np.cos(angle), 0.33 + 0.18 * np.sin(angle)) for angle in np.linspace(-np.pi, 0.7, 20)]
TWO = [*BOW, (0.3, 0.78), (0.73, 0.78)]


def main() -> None:
    """Two runs and a drawing, a picture in each theme; one of the two compared at an early moment; the other pages."""
    sys.setswitchinterval(SWITCH_INTERVAL)
    _application = QApplication([])
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(Path(folder) / "settings.json")
        settings.knows_that_code_runs = True
        window = MainWindow(settings)
        window.resize(*SIZE)
        window.show()
        wait_for(window.dataset_loaded)
        named(window, "speedSlider").setValue(100)
        for rate in (0.03, TrainingConfig().learning_rate):
            named(window, "learningRateSpinBox").setValue(rate)
            click(named(window, "startButton"))
            wait_for(window.training_finished)
        draw(named(window, "drawingPad"), TWO)
        controllers = window.controllers
        controllers.scheduler.change(neuron=(1, 1))
        controllers.playhead.go_to(100_000)
        pass_time(2000)
        QTest.mouseMove(window, QPoint(1, 1))
        for theme in ("light", "dark"):
            controllers.appearance.choose_theme(theme)
            take(window, theme)
        controllers.appearance.choose_theme("light")
        controllers.runs.compare(window.scene.runs.all[0])
        controllers.playhead.go_to(20_000)
        take(window, "compared")
        controllers.runs.compare(None)
        controllers.playhead.go_live()
        show_pages(window)
        window.close()


def show_pages(window: MainWindow) -> None:
    """A picture of each page but the first, with some test digits in the place of one's own."""
    dataset = window.scene.dataset
    assert dataset is not None
    for image, label in zip(dataset.test_images[:40], dataset.test_labels[:40].tolist(), strict=True):
        window.controllers.own_digits.keep(as_floats(image), label)
    window.controllers.scheduler.change(own_digits_report="", neuron=None)
    tabs = named(window, "pageTabs")
    for number in range(1, tabs.count()):
        tabs.setCurrentIndex(number)
        pass_time(2000)
        if tabs.tabText(number) == "One update":
            window.controllers.playhead.go_to(20_000)
            window.controllers.scheduler.change(kept_number=(Number(Kind.DELTA, 2, (2,)), False))
            pass_time(2000)
        if tabs.tabText(number) == "Your code":
            window.controllers.homework.open(NOTEBOOK)
            pass_time(5000)
            window.controllers.homework.choose_line(WRONG_LINE)
            pass_time(300)
        if tabs.tabText(number) == "Trick it":
            named(window, "degreesSlider").setValue(-65)
            named(window, "dreamFromNoiseButton").click()
            pass_time(8000)
        take(window, tabs.tabText(number).lower().replace(" ", "-"))
        window.controllers.playhead.go_live()


def take(window: MainWindow, name: str) -> None:
    """Save a picture of a window, once everything in it is measured."""
    pass_time(300)
    while any(run.untested for run in (window.scene.shown, window.scene.compared) if run):
        pass_time(100)
    window.grab().save(str(PICTURES / f"window-{name}.png"))


def wait_for(signal: SignalInstance) -> None:
    """Let events happen until a signal is emitted."""
    loop = QEventLoop()
    signal.connect(loop.quit)
    loop.exec()


def pass_time(milliseconds: int) -> None:
    """Let events happen for so long."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def named(window: QObject, name: str) -> QWidget:
    """The widget of that object name."""
    return window.findChild(QWidget, name)


if __name__ == "__main__":
    main()
