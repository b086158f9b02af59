"""Which run is on: from the wishes of the user to the worker, and from its frames to the playhead."""

import dataclasses
from enum import Enum, auto

from PySide6.QtCore import QObject, Signal

from gui.playhead import Playhead
from gui.training.pacer import Pacer
from gui.training.training_worker import TrainingWorker
from model.dataset import Dataset
from model.evaluation import evaluate
from model.history import Frame, History
from model.network import Network
from model.training import Progress, TrainingConfig

TESTS_PER_EPOCH = 25  # points of the test curve, each a hundredth of a second; the samples between are whole blocks


class State(Enum):
    """What can be done now."""

    WAITING = auto()  # for the digits
    IDLE = auto()
    RUNNING = auto()
    PAUSED = auto()


class TrainingSession(QObject):
    """At most one run at a time."""

    state_changed = Signal(object)  # State
    run_ended = Signal(str)  # why, if training could not go on; else empty
    refused = Signal(str)  # a sentence

    def __init__(self, playhead: Playhead, samples_per_second: float, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.state = State.WAITING
        self._playhead = playhead
        self._pace = samples_per_second
        self._dataset: Dataset | None = None
        self._worker: TrainingWorker | None = None
        self._next: History | None = None  # begins when the run that is on has ended

    def use_dataset(self, dataset: Dataset) -> None:
        """Train on these digits from now on; a run that is on goes on with its own."""
        self._dataset = dataset
        if self.state is State.WAITING:
            self._enter(State.IDLE)

    def start(self, config: TrainingConfig, paused: bool = False) -> None:
        """Begin a run from a fresh network, if none is on."""
        if self.state is not State.IDLE or self._dataset is None:
            return
        config = dataclasses.replace(config, tests_per_epoch=TESTS_PER_EPOCH)
        untrained = Frame(Progress(), Network.initialize(config.layer_sizes, config.seed))
        self._begin(History(config, len(self._dataset.train_images), start=untrained), paused)

    def go_on(self, run: History, frame: Frame, config: TrainingConfig) -> None:
        """Begin a run at a frame of another one; the run that is on, if any, is stopped first.

        It ends when its epochs are over, which count from the very first sample, or if they are over at that frame,
        after as many more.
        """
        if self._dataset is None:
            return
        if len(self._dataset.train_images) != run.samples_per_epoch:
            self.refused.emit(
                f"This run cannot go on: it was trained on {run.samples_per_epoch:,} digits, and "
                f"{len(self._dataset.train_images):,} others are loaded."
            )
            return
        done = frame.samples_seen // run.samples_per_epoch
        epochs = config.epochs if config.epochs * run.samples_per_epoch > frame.samples_seen else done + config.epochs
        config = dataclasses.replace(config, epochs=epochs, tests_per_epoch=TESTS_PER_EPOCH)
        self._next = run.fork(frame, config)
        if self.state is State.IDLE:
            self._begin_next()
        else:
            self.stop()

    def _begin(self, run: History, paused: bool = False) -> None:
        assert self._dataset is not None
        self._worker = TrainingWorker(run, self._dataset, Pacer(self._pace, paused), self)
        self._worker.frames_arrived.connect(self._playhead.add_frames)
        self._worker.ended.connect(self._end)
        self._playhead.begin(run)
        self._enter(State.PAUSED if paused else State.RUNNING)
        self._worker.start()

    def _begin_next(self) -> None:
        run, self._next = self._next, None
        if run is not None:
            self._begin(run)

    def toggle_pause(self) -> None:
        """Pause a run, or let it go on."""
        if self._worker is None:
            return
        if self.state is State.RUNNING:
            self._worker.pacer.pause()
            self._enter(State.PAUSED)
        else:
            self._worker.pacer.resume()
            self._enter(State.RUNNING)

    def step(self, config: TrainingConfig) -> None:
        """Train a single sample and pause; begins a run if none is on."""
        self.start(config, paused=True)
        if self._worker is None:
            return
        self._worker.pacer.pause()
        self._worker.pacer.step()
        self._enter(State.PAUSED)

    def stop(self) -> None:
        """Ask the run to end, which it does within some hundredths of a second."""
        if self._worker is not None:
            self._worker.pacer.stop()

    def set_pace(self, samples_per_second: float) -> None:
        """Train this many samples a second, now and in later runs."""
        self._pace = samples_per_second
        if self._worker is not None:
            self._worker.pacer.set_pace(samples_per_second)

    def measure(self, network: Network) -> Frame:
        """A frame of a network that is of no run, measured on the test set if the digits are there."""
        if self._dataset is None:
            return Frame(Progress(), network)
        on_test = evaluate(network, self._dataset.test_images, self._dataset.test_labels)
        return Frame(Progress(test_loss=on_test.loss, test_accuracy=on_test.accuracy), network)

    def close(self) -> None:
        """End the run and wait until its thread is gone."""
        self._next = None
        if self._worker is not None:
            self._worker.pacer.stop()
            self._worker.wait()

    def _end(self, problem: str) -> None:
        assert self._worker is not None
        self._worker.deleteLater()
        self._worker = None
        self._playhead.end()
        self._enter(State.IDLE)
        self.run_ended.emit(problem)
        self._begin_next()

    def _enter(self, state: State) -> None:
        if state is not self.state:
            self.state = state
            self.state_changed.emit(state)
