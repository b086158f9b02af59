"""A run in a thread of its own."""

import dataclasses
from collections import deque
from collections.abc import Generator

from PySide6.QtCore import QObject, QThread, QTimer, Signal

from gui.training.pacer import Pacer
from gui.training.step_opener import OpenStep
from model.dataset import Dataset
from model.history import Frame, History
from model.homework.training.step_process import StepEnded
from model.training import Progress, TrainingDiverged, train

REPLAYED_AT_ONCE = 32  # samples, on the way to where a run starts: some milliseconds, after which it can be stopped
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

    def __init__(
        self, run: History, dataset: Dataset, pacer: Pacer, step: OpenStep | None = None, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        start = run.resume_point
        self.run_so_far = run
        self._network = start.network.copy()
        self._first_sample = start.samples_seen
        self._dataset = dataset
        self._step = step  # of a learner's, in place of our own training
        self._frames: deque[Frame] = deque()
        self._problem = ""
        self._error: Exception | None = None
        self._is_at_rest = False
        self.pacer = pacer
        self._timer = QTimer(self)
        self._timer.setInterval(REFRESH)
        self._timer.timeout.connect(self._deliver_tested)
        self.started.connect(self._timer.start)
        self._rested.connect(self.deliver)
        self.finished.connect(self._end)

    @property
    def is_waiting(self) -> bool:
        """Whether the thread waits for a request, and all its frames were delivered."""
        return self._is_at_rest and not self._frames

    def run(self) -> None:
        """The training thread itself."""
        try:
            learner = self._step.learner(self._network) if self._step is not None else None
            self._train(train(self._network, self._dataset, self.run_so_far.config, self._first_sample, learner))
        except (TrainingDiverged, StepEnded) as ended:
            self._problem = "" if self.pacer.stopped else str(ended)
        except Exception as error:  # raised again where a dialog can be shown
            self._error = error

    def _train(self, reports: Generator[Progress, int | None, None]) -> None:
        progress = self._advance(reports, None)
        first = self.run_so_far.samples_seen
        while progress.samples_seen < first and not self.pacer.stopped:  # from the resume point before it
            progress = self._advance(reports, min(first - progress.samples_seen, REPLAYED_AT_ONCE))
        if progress.samples_seen < first:
            return  # stopped on the way to where the run starts, and its first frame is there already
        if first not in self.run_so_far.resumed:  # else the frame is there, with the means that it had
            self._keep(progress)
        due = self.run_so_far.next_moment(progress.samples_seen)
        rested = None
        while progress.samples_seen < self.run_so_far.samples_planned and not self.pacer.stopped:
            if progress is not rested and self.pacer.is_resting():
                rested = progress
                self._is_at_rest = True
                self._rested.emit()
            if samples := self.pacer.next_batch(due - progress.samples_seen):
                self._is_at_rest = False
                progress = self._advance(reports, samples)
                self._keep(progress)
                if progress.samples_seen >= due:
                    due = self.run_so_far.next_moment(due)

    def _advance(self, reports: Generator[Progress, int | None, None], samples: int | None) -> Progress:
        progress = reports.send(samples)
        while progress.is_measuring and not self.pacer.stopped:
            progress = next(reports)
        return dataclasses.replace(progress, is_measuring=False)  # that ends if the run is stopped meanwhile

    def _keep(self, progress: Progress) -> None:
        self._frames.append(Frame(progress, self._network.copy()))

    def deliver(self) -> None:
        """Hand out all frames that there are."""
        self._hand_out(len(self._frames))

    def _deliver_tested(self) -> None:
        """Hand out the frames up to the last that the run measured; with none among them, nobody waits for the next."""
        frames = list(self._frames)
        self._hand_out(max((k for k, frame in enumerate(frames, 1) if frame.is_tested), default=len(frames)))

    def _hand_out(self, count: int) -> None:
        if frames := [self._frames.popleft() for _ in range(count)]:
            self.frames_arrived.emit(frames)

    def stop(self) -> None:
        """Ask the run to end. A learner's step is not waited for, as it may take a minute: its process is ended."""
        self.pacer.stop()
        self._release()

    def _end(self) -> None:
        self._timer.stop()
        self._release()
        self.deliver()
        self.ended.emit(self._problem)
        if self._error is not None:
            raise self._error

    def _release(self) -> None:
        """Let go of the learner's process, if there is one."""
        if self._step is not None:
            self._step.end()
