"""What the timeline promises, measured in the real window: see window_promises."""

import gc
import statistics
import time

from PySide6.QtCore import QEventLoop, QObject, Qt, Signal
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from gui.flow.frame_evaluator import REST
from gui.flow.scheduler import Part
from gui.main_window import MainWindow
from gui.training.pacer import TICK
from gui.training.training_session import TESTS_PER_EPOCH
from model.dataset import Dataset, load_mnist
from model.history import Frame, History
from model.network import Network
from model.training import Progress, TrainingConfig, train
from tests.benchmarks.window_measurements import (
    Figures,
    PaintWatch,
    find,
    memory,
    milliseconds_since,
    pass_time,
    percentile,
    ready_window,
    start,
    wait_for,
)

MOVES = 120  # of the slider
RESTS = 10
DRAWINGS = 10
FRAMES_WANTED = 300
PAIRS = 5  # of a run whose frames are kept and one whose are not
LONG = 100  # epochs


class DragTimer(QObject):
    """Drags the slider over the run and times each move until the heatmaps have been painted."""

    finished = Signal()

    def __init__(self, window: MainWindow) -> None:
        super().__init__()
        self.milliseconds: list[float] = []
        self._window = window
        self._slider: QWidget = find(window, "timelineSlider")
        self._began = 0.0
        self._watch = PaintWatch(find(window, "weightHeatmaps"))
        self._watch.painted.connect(self._note)

    def run(self) -> list[float]:
        self._place(0)
        wait_for(self.finished)
        return self.milliseconds

    def _place(self, k: int) -> None:
        share = 0.02 + 0.96 * ((k * 37) % MOVES) / MOVES  # here and there: always another frame
        position = self._slider.rect().center()
        position.setX(round(share * self._slider.width()))
        self._began = time.perf_counter()
        button, modifiers = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        (QTest.mousePress if k == 0 else QTest.mouseClick)(self._slider, button, modifiers, position)

    def _note(self) -> None:
        self.milliseconds.append(milliseconds_since(self._began))
        if len(self.milliseconds) < MOVES:
            self._place(len(self.milliseconds))
        else:
            self.finished.emit()


def measure_timeline(folder: str, _launched: float) -> Figures:
    window = ready_window(folder)
    start(window, TrainingConfig().epochs)
    wait_for(window.training_finished)
    rests = [milliseconds_to_accuracy(window) for _ in range(RESTS)]
    pass_time(1000)
    drags = DragTimer(window).run()
    answers = [milliseconds_to_ask_all(window, k) for k in range(DRAWINGS)]
    window.close()
    return {
        "drags_a_second": 1000 / statistics.median(drags),
        "drag_p99": percentile(drags, 99),
        "accuracy": max(rests),
        "answers": statistics.median(answers),
    }


def milliseconds_to_accuracy(window: MainWindow) -> float:
    """From a rest at a frame that was not measured yet to its accuracy, in the scene and in all views."""
    done, watch, scheduler = QEventLoop(), QObject(), window.controllers.scheduler
    window.controllers.playhead.go_to(scheduler.scene.shown.untested[0].samples_seen)
    assert not scheduler.scene.frame.is_tested
    began = time.perf_counter()
    scheduler.add(watch, [Part(lambda scene: done.quit() if scene.frame.is_tested else None, ("test_accuracy",))])
    done.exec()
    return milliseconds_since(began)


def milliseconds_to_ask_all(window: MainWindow, k: int) -> float:
    """For 300 frames, from the time that it takes to ask those there are, without the rest before."""
    scheduler = window.controllers.scheduler
    done = QEventLoop()
    watch = QObject()
    scheduler.add(watch, [Part(lambda scene: done.quit() if scene.digit_over_run else None, ("digit_over_run",))])
    window.controllers.drawing.show_digit(scheduler.scene.digit * (1 - 0.01 * k))
    began = time.perf_counter()
    done.exec()
    frames = len(scheduler.scene.digit_over_run.frames)
    return (milliseconds_since(began) - REST) * FRAMES_WANTED / frames


def measure_keeping(folder: str, _launched: float) -> Figures:
    """What keeping frames costs, of the time that the same run takes without, in steps of a tick of the pacer."""
    dataset = load_mnist()
    costs = []
    for _ in range(PAIRS):
        without, with_frames = seconds_of_run(dataset, keep=False), seconds_of_run(dataset, keep=True)
        costs.append(100 * (with_frames / without - 1))
    return {"keeping": statistics.median(costs)}


def seconds_of_run(dataset: Dataset, keep: bool) -> float:
    config = TrainingConfig(tests_per_epoch=TESTS_PER_EPOCH)
    network = Network.initialize()
    history = History(config, len(dataset.train_images), start=Frame(Progress(), network.copy()))
    a_tick = 0
    began = time.perf_counter()
    reports = train(network, dataset, config)
    progress = next(reports)
    while progress.samples_seen < history.samples_planned:
        stepped, before = time.perf_counter(), progress.samples_seen
        due = history.next_moment(before) - before
        progress = reports.send(max(1, min(a_tick, due) if keep else a_tick))
        while progress.is_measuring:
            progress = next(reports)
        if progress.test_loss is None:
            a_tick = round((progress.samples_seen - before) * TICK / (time.perf_counter() - stepped))
        if keep:
            history = history.with_frames([Frame(progress, network.copy())])
    return time.perf_counter() - began


def measure_long_run(folder: str, _launched: float) -> Figures:
    window = ready_window(folder)
    start(window, LONG)
    wait_for(window.training_finished)
    gc.collect()
    run = window.scene.shown
    figures = {"long_memory": memory("VmHWM"), "long_frames": run.memory_used / 1e6}
    assert {k * 60000 for k in range(LONG + 1)} <= {frame.samples_seen for frame in run.frames}
    window.close()
    return figures
