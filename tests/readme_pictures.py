"""Takes the README's pictures of the real window after real runs: python -m tests.readme_pictures

Needs a display; `xvfb-run python -m tests.readme_pictures` makes one.
"""

import sys
import tempfile
from pathlib import Path

import numpy as np
from PySide6.QtCore import QEventLoop, QObject, QPoint, QSettings, QTimer, SignalInstance
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from gui.app import SWITCH_INTERVAL
from gui.main_window import MainWindow
from gui.settings import Settings
from model.dataset import load_mnist
from model.storage.own_digits import OwnDigit
from model.training import TrainingConfig
from tests.gui.conftest import click, draw

PICTURES = Path(__file__).parent.parent / "resources" / "pictures"
SIZE = (1280, 720)
BOW = [(0.5 + 0.2 * np.cos(angle), 0.33 + 0.18 * np.sin(angle)) for angle in np.linspace(-np.pi, 0.7, 20)]
TWO = [*BOW, (0.3, 0.78), (0.73, 0.78)]


def main() -> None:
    """Two runs and a drawing, a picture in each theme; one of the two compared at an early moment; a closer look."""
    sys.setswitchinterval(SWITCH_INTERVAL)
    application = QApplication([])
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(QSettings(f"{folder}/settings.ini", QSettings.Format.IniFormat))
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
        wait_for(window._drawing_panel.over_time.finished)
        window._weight_heatmaps.select(1)
        window.playhead.go_to(100_000)
        QTest.mouseMove(window, QPoint(1, 1))
        for theme in ("light", "dark"):
            window._theme_switch.choose(theme)
            take(application, window, theme)
        window._theme_switch.choose("light")
        window.playhead.compare(window.playhead.runs.all[0])
        window.playhead.go_to(20_000)
        take(application, window, "compared")
        window.playhead.go_live()
        look_closer(application, window)
        window.close()


def look_closer(application: QApplication, window: MainWindow) -> None:
    """A picture of each page, with some test digits in the place of one's own."""
    test = load_mnist(dtype=np.uint8)
    images, labels = test.test_images[:40], test.test_labels[:40].tolist()
    window._looking.collection.add([OwnDigit(*each) for each in zip(map(bytes, images), labels, strict=True)])
    window._closer_look.look()
    tabs = named(window, "closerLookTabs")
    for page in range(tabs.count()):
        tabs.setCurrentIndex(page)
        pass_time(2000)
        if page == 2:
            named(window, "degreesSlider").setValue(-65)
            named(window, "dreamFromNoiseButton").click()
            wait_for(window._closer_look.trick.dream.finished)
        take(application, window._closer_look, f"closer-{page + 1}")


def take(application: QApplication, window: QWidget, name: str) -> None:
    """Save a picture of a window."""
    application.processEvents()
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
