"""What tests.benchmarks.window_promises measures of the window as a whole, and how a window is driven for it."""

import gc
import math
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import QEvent, QEventLoop, QObject, QPoint, Qt, QThread, QTimer, Signal, SignalInstance
from PySide6.QtGui import QIcon
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QSlider, QSpinBox, QWidget

import model  # noqa: F401  # keeps BLAS to one thread, and so stands before whatever imports NumPy, as in main.py
from gui.app import SWITCH_INTERVAL, spare_long_collections
from gui.errors import ErrorReporter
from gui.flow.scheduler import Part, Urgency
from gui.main_window import ICON, MainWindow
from gui.settings import Settings
from gui.system_libraries import why_no_window
from gui.training.training_session import TESTS_PER_EPOCH
from model.dataset import Dataset, load_mnist
from model.history import Frame
from model.network import Network
from model.training import TrainingConfig, train

PATIENCE = 300.0  # seconds: nothing that is waited for here takes as long
SIZE = (1280, 720)
TICK = 5  # milliseconds between two looks at how late the event loop is
PAIRS = 3  # of a training run in the window and one without
CLICKS = 10  # on Pause, and on Stop
WINDOWS_CLOSED = 5
PEN_MOVES = 150  # of one stroke: a long one, yet each move is a new point
QUIET = 300  # milliseconds without a new frame: the views rest

Figures = dict[str, float]


# The program, opened the way gui.app does it


def open_program() -> QApplication:
    if problem := why_no_window():
        sys.exit(problem)
    sys.setswitchinterval(SWITCH_INTERVAL)
    application = QApplication(sys.argv[:1])
    application.setApplicationName("Digitscope")
    application.setWindowIcon(QIcon(str(ICON)))
    application.setQuitOnLastWindowClosed(False)
    ErrorReporter(application).install()
    return application


def new_window(folder: str, dataset: Dataset | None = None) -> MainWindow:
    """A window with settings of its own, as at the very first start, but that it asks nothing before it runs code."""
    settings = Settings(Path(tempfile.mkdtemp(dir=folder)) / "settings.json")
    settings.knows_that_code_runs = True
    return MainWindow(settings, dataset)


def ready_window(folder: str, dataset: Dataset | None = None) -> MainWindow:
    """A window on the screen, at full speed, with a digit on the pad and Start enabled."""
    window = new_window(folder, dataset)
    window.resize(*SIZE)
    window.show()
    if dataset is None:
        wait_for(window.dataset_loaded)
    find(window, "speedSlider", QSlider).setValue(find(window, "speedSlider", QSlider).maximum())
    draw_digit(find(window, "drawingPad"))
    pass_time(200)
    spare_long_collections()
    return window


def find(window: MainWindow, name: str, kind: type[QWidget] = QWidget) -> Any:
    widget = window.findChild(kind, name)
    assert widget is not None, name
    return widget


def click(window: MainWindow, name: str) -> None:
    button = find(window, name)
    assert button.isEnabled(), name
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def start(window: MainWindow, epochs: int) -> None:
    find(window, "epochsSpinBox", QSpinBox).setValue(epochs)
    click(window, "startButton")


def stroke(pad: QWidget, moves: int) -> list[QPoint]:
    """The way of a pen that writes an 8."""
    turns = [2 * math.pi * k / moves for k in range(moves)]
    size, center = min(pad.width(), pad.height()), pad.rect().center()
    return [center + QPoint(round(0.2 * size * math.sin(2 * t)), round(-0.35 * size * math.cos(t))) for t in turns]


def draw_digit(pad: QWidget) -> None:
    first, *others = stroke(pad, 40)
    QTest.mousePress(pad, Qt.MouseButton.LeftButton, pos=first)
    for position in others:
        QTest.mouseMove(pad, position)
    QTest.mouseRelease(pad, Qt.MouseButton.LeftButton, pos=others[-1])


# Waiting: always in an event loop of Qt's own. QTest.qWait would hold the interpreter and starve the training thread


def wait_for(signal: SignalInstance) -> None:
    """Let the event loop run until a signal comes that only the event loop can bring."""
    loop = QEventLoop()
    signal.connect(loop.quit)
    deadline = QTimer(singleShot=True)
    deadline.timeout.connect(lambda: loop.exit(1))
    deadline.start(round(1000 * PATIENCE))
    if loop.exec() != 0:
        sys.exit(f"Waited {PATIENCE:.0f} s in vain for {signal}.")


def pass_time(milliseconds: int) -> None:
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def milliseconds_since(moment: float) -> float:
    return 1000 * (time.perf_counter() - moment)


def percentile(values: list[float], percent: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * percent / 100))]


# The measurements; each runs in a process of its own and opens its own window


class PaintWatch(QObject):
    """Says when a widget's painting has reached the screen."""

    painted = Signal()
    _painting = Signal()

    def __init__(self, widget: QWidget) -> None:
        super().__init__()
        widget.installEventFilter(self)
        self._painting.connect(self.painted, Qt.ConnectionType.QueuedConnection)  # comes after all painting is done

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            self._painting.emit()
        return False


def measure_launch(folder: str, launched: float) -> Figures:
    """`launched` is the time.monotonic() of the process that started this one."""
    window = new_window(folder)
    window.show()
    spare_long_collections()
    moments: dict[str, float] = {}

    def note(figure: str) -> None:
        moments.setdefault(figure, 1000 * (time.monotonic() - launched))

    watch = PaintWatch(window)
    watch.painted.connect(lambda: note("visible"))
    window.dataset_loaded.connect(lambda: note("start_works"))
    wait_for(window.dataset_loaded)
    assert find(window, "startButton").isEnabled()
    pass_time(100)
    window.close()
    return moments


class Lateness:
    """Looks every few milliseconds how late the event loop is."""

    def __init__(self) -> None:
        self.milliseconds: list[float] = []
        self._last = time.perf_counter()
        self._timer = QTimer(interval=TICK, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._look)
        self._timer.start()

    def stop(self) -> None:
        self._timer.stop()

    def _look(self) -> None:
        now = time.perf_counter()
        self.milliseconds.append(1000 * (now - self._last) - TICK)
        self._last = now


def measure_training(folder: str, _launched: float) -> Figures:
    dataset = load_mnist()
    window = ready_window(folder)
    frames: list[Frame] = []
    follow_frames(window, frames.append)
    late: list[float] = []
    shares, refreshes = [], []
    for _ in range(PAIRS):
        without = seconds_without_window(dataset)
        frames.clear()
        lateness = Lateness()
        began = time.perf_counter()
        QTimer.singleShot(0, lambda: start(window, TrainingConfig().epochs))
        wait_for(window.training_finished)
        seconds = time.perf_counter() - began
        lateness.stop()
        late += lateness.milliseconds
        shares.append(100 * without / seconds)
        refreshes.append(len(frames) / seconds)
    window.close()
    return {
        "late_p99": percentile(late, 99),
        "late_max": max(late),
        "speed": statistics.median(shares),
        "refreshes": statistics.median(refreshes),
    }


def follow_frames(window: MainWindow, note: Callable[[Frame], None]) -> None:
    """Note each frame once every view that is seen has shown it."""
    parts = [Part(lambda scene: note(scene.frame), ("frame",), Urgency.BACKGROUND)]
    window.controllers.scheduler.add(QObject(window), parts)


def seconds_without_window(dataset: Dataset) -> float:
    config = TrainingConfig(tests_per_epoch=TESTS_PER_EPOCH)
    began = time.perf_counter()
    for _ in train(Network.initialize(config.layer_sizes, config.seed), dataset, config):
        pass
    return time.perf_counter() - began


def measure_buttons(folder: str, _launched: float) -> Figures:
    dataset = load_mnist(dtype=np.uint8)
    window = ready_window(folder, dataset)
    start(window, epochs=1000)
    pause = [milliseconds_to_pause(window, k) for k in range(CLICKS)]
    click(window, "stopButton")
    wait_for(window.training_finished)
    stop = [milliseconds_to_stop(window, k) for k in range(CLICKS)]
    window.close()
    closed, close = [window], []
    for k in range(WINDOWS_CLOSED):
        closed.append(ready_window(folder, dataset))  # and kept: the program, too, ends before its window is collected
        close.append(milliseconds_to_close(closed[-1], k))
    return {"pause": max(pause), "stop": max(stop), "close": max(close)}


def train_a_while(k: int) -> None:
    """Long enough to be at full speed, each time up to another phase of the window's timers."""
    pass_time(300 + 37 * k % 100)


def milliseconds_to_pause(window: MainWindow, k: int) -> float:
    """Until the last new frame, which has the test set measured, was handed to every view."""
    train_a_while(k)
    clicked = time.perf_counter()
    moments: list[float] = []
    follow_frames(window, lambda _: moments.append(milliseconds_since(clicked)))
    click(window, "pauseButton")
    pass_time(QUIET)
    assert window.scene.frame.progress.test_accuracy is not None
    click(window, "pauseButton")  # Resume
    return moments[-1]


def milliseconds_to_stop(window: MainWindow, k: int) -> float:
    start(window, epochs=1000)
    train_a_while(k)
    clicked = time.perf_counter()
    click(window, "stopButton")
    wait_for(window.training_finished)
    return milliseconds_since(clicked)


def milliseconds_to_close(window: MainWindow, k: int) -> float:
    start(window, epochs=1000)
    train_a_while(k)
    clicked = time.perf_counter()
    window.close()
    while window.isVisible() or any(thread.isRunning() for thread in window.findChildren(QThread)):
        assert milliseconds_since(clicked) < 1000 * PATIENCE
        pass_time(1)
    return milliseconds_since(clicked)


class PenTimer(QObject):
    """Moves a pen over the pad and times each move until its answer is on the screen, or what another widget shows.

    Time begins when the move is due, not when the event loop gets round to it, and so counts what a busy window makes
    the pen wait.
    """

    finished = Signal()

    def __init__(self, window: MainWindow, watched: str = "probabilityBars") -> None:
        super().__init__()
        self.milliseconds: list[float] = []
        self._pad = find(window, "drawingPad")
        self._way = stroke(self._pad, PEN_MOVES)
        self._watch = PaintWatch(find(window, watched))
        self._watch.painted.connect(self._note)
        self._moved = False
        self._due = 0.0
        self._timer = QTimer(singleShot=True, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._move)

    def run(self) -> list[float]:
        QTest.mousePress(self._pad, Qt.MouseButton.LeftButton, pos=self._way[-1])
        pass_time(100)
        self._plan()
        wait_for(self.finished)
        QTest.mouseRelease(self._pad, Qt.MouseButton.LeftButton, pos=self._way[-1])
        return self.milliseconds

    def _plan(self) -> None:
        pause = 5 + 3 * len(self.milliseconds) % 7  # milliseconds: about as often as a mouse reports
        self._due = time.perf_counter() + pause / 1000
        self._timer.start(pause)

    def _move(self) -> None:
        self._due = min(self._due, time.perf_counter())
        self._moved = True
        QTest.mouseMove(self._pad, self._way[len(self.milliseconds)])

    def _note(self) -> None:
        if not self._moved:  # a frame of the training was painted
            return
        self._moved = False
        self.milliseconds.append(milliseconds_since(self._due))
        if len(self.milliseconds) == PEN_MOVES:
            self.finished.emit()
        else:
            self._plan()


def memory(kind: str) -> float:
    """MB of this process: VmRSS now, VmHWM at most; not a number where the system does not say."""
    status = Path("/proc/self/status")
    lines = status.read_text().splitlines() if status.exists() else []
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith(f"{kind}:")), math.nan)


def measure_memory(folder: str, _launched: float) -> Figures:
    window = ready_window(folder)
    start(window, TrainingConfig().epochs)
    wait_for(window.training_finished)
    pass_time(200)
    figures = {"memory_peak": memory("VmHWM"), "memory": memory("VmRSS")}
    window.close()
    return figures


def measure_growth(folder: str, _launched: float) -> Figures:
    window = ready_window(folder)
    after_first_epoch: list[float] = []

    def beside_frames() -> float:
        """The frames have a limit of their own, which a longer run fills."""
        return memory("VmRSS") - window.scene.shown.memory_used / 2**20

    def look(frame: Frame) -> None:
        if frame.progress.epoch > 1 and not after_first_epoch:
            after_first_epoch.append(beside_frames())

    follow_frames(window, look)
    start(window, epochs=10)
    wait_for(window.training_finished)
    gc.collect()
    growth = beside_frames() - after_first_epoch[0]
    window.close()
    return {"growth": growth}
