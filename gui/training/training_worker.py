"""A run in a thread of its own."""

import dataclasses
from collections import deque
from collections.abc import Generator

from PySide6.QtCore import QObject, QThread, QTimer, Signal

from gui.training.pacer import Pacer
from model.dataset import Dataset
from model.evaluation import evaluate_in_chunks
from model.history import Frame, History
from model.training import Progress, TrainingDiverged, train

REFRESH = 92  # milliseconds between two deliveries of frames: each keeps the machine from training for some 10


class TrainingWorker(QThread):
    """Trains a run from its start, and hands out frames to the thread that made the worker.

    The training thread only puts frames into a queue. A timer of the other thread collects them, so that its event loop
    is never flooded however fast the training goes; a run that rests says so, and its last frame is shown at once. Of
    the run itself the training thread only asks when the next frame is due: `run_so_far` is what has become of it.
    """

    frames_arrived = Signal(list)  # of Frame, in order, at least one
    _rested = Signal()
    ended = Signal(str)  # why, if training could not continue; else empty. The last frames have arrived before

    def __init__(self, run: History, dataset: Dataset, pacer: Pacer, parent: QObject | None = None) -> None:
        super().__init__(parent)
        assert run.start is not None
        self.run_so_far = run
        self._network = run.start.network.copy()
        self._first_sample = run.start.samples_seen
        self._dataset = dataset
        self._frames: deque[Frame] = deque()
        self._problem = ""
        self._error: Exception | None = None
        self._is_at_rest = False
        self.pacer = pacer
        self._timer = QTimer(self)
        self._timer.setInterval(REFRESH)
        self._timer.timeout.connect(self._deliver)
        self.started.connect(self._timer.start)
        self._rested.connect(self._deliver)
        self.finished.connect(self._end)

    @property
    def is_waiting(self) -> bool:
        """Whether the thread waits for a request, and all its frames were delivered."""
        return self._is_at_rest and not self._frames

    def run(self) -> None:
        """The training thread itself."""
        try:
            self._train(train(self._network, self._dataset, self.run_so_far.config, self._first_sample))
        except TrainingDiverged as diverged:
            self._problem = str(diverged)
        except Exception as error:  # raised again where a dialog can be shown
            self._error = error

    def _train(self, reports: Generator[Progress, int | None, None]) -> None:
        progress = self._step(reports, None)
        first = self.run_so_far.first_sample
        while progress.samples_seen < first and not self.pacer.stopped:  # from the resume point before it
            progress = self._step(reports, first - progress.samples_seen)
        if progress.samples_seen < first:
            return  # stopped on the way to where the run starts, and its first frame is there already
        self._keep(progress)
        due = self.run_so_far.next_moment(progress.samples_seen)
        rested = None
        while progress.samples_seen < self.run_so_far.samples_planned and not self.pacer.stopped:
            if progress is not rested and self.pacer.is_resting():
                if progress.test_accuracy is None:
                    progress = self._measure_while_resting(progress)
                    self._keep(progress)
                rested = progress
                self._is_at_rest = True
                self._rested.emit()
            if samples := self.pacer.next_batch(due - progress.samples_seen):
                self._is_at_rest = False
                progress = self._step(reports, samples)
                self._keep(progress)
                if progress.samples_seen >= due:
                    due = self.run_so_far.next_moment(due)

    def _step(self, reports: Generator[Progress, int | None, None], samples: int | None) -> Progress:
        progress = reports.send(samples)
        while progress.is_measuring and not self.pacer.stopped:
            progress = next(reports)
        return progress

    def _keep(self, progress: Progress) -> None:
        self._frames.append(Frame(progress, self._network.copy()))

    def _measure_while_resting(self, progress: Progress) -> Progress:
        """The same with the test set, or without it if the rest ended first."""
        for on_test in evaluate_in_chunks(self._network, self._dataset.test_images, self._dataset.test_labels):
            if on_test is not None:
                return dataclasses.replace(progress, test_loss=on_test.loss, test_accuracy=on_test.accuracy)
            if not self.pacer.is_resting():
                break
        return progress

    def _deliver(self) -> None:
        frames = [self._frames.popleft() for _ in range(len(self._frames))]
        if frames:
            self.frames_arrived.emit(frames)

    def _end(self) -> None:
        self._timer.stop()
        self._deliver()
        self.ended.emit(self._problem)
        if self._error is not None:
            raise self._error
