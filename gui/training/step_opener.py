"""Gets a learner's step ready to train, beside the window."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from threading import Thread

from PySide6.QtCore import QObject, Signal

from model.history import Frame, History
from model.homework.training.own_code import OwnCode
from model.homework.training.own_step import OwnStep
from model.homework.training.step_process import AboutStep, StepEnded, StepProcess
from model.network import Network
from model.training import Progress, TrainingConfig


class OpenStep:
    """A step that waits for samples; `end` has to be called in any case."""

    def __init__(self, process: StepProcess, about: AboutStep, network: Network) -> None:
        self._process = process
        self.about = about
        self.network = network  # that it begins with

    def run(self, path: Path, config: TrainingConfig) -> History:
        """A run that it begins, with its own layers, and its own learning rate where it takes no other."""
        rate = self.about.learning_rate or config.learning_rate
        config = replace(config, learning_rate=rate, layer_sizes=self.network.layer_sizes)
        first, own_code = Frame(Progress(), self.network), self._own_code(str(path))
        return History(config, self.about.samples_per_epoch, start=first, own_code=own_code).with_frames([first])

    def _own_code(self, path: str) -> OwnCode:
        about, has_rate = self.about, self.about.learning_rate is not None
        facts = (about.is_in_order, about.pixels, has_rate, about.has_own_weights)
        return OwnCode(path, *facts, about.no_answers, self._process.fingerprint)

    def is_changed(self, run: History) -> bool:
        """Whether the code has become another since a run that would be resumed with it; a fork takes it as it is."""
        before = run.own_code.fingerprint if run.own_code else ""
        return _has_begun(run) and before not in ("", self._process.fingerprint)

    def can_continue(self, run: History) -> bool:
        """Whether its networks have the layers and functions of those of a run; the file may have been changed."""
        own, of_run = (
            (network.layer_sizes, network.hidden, network.has_answers)
            for network in (self.network, run.resume_point.network)
        )
        return own == of_run

    def continued(self, run: History) -> History:
        """The run as it continues from here: at the learning rate of the code where that takes no other."""
        assert run.own_code is not None
        run = run.resumed_here() if _has_begun(run) else replace(run, own_code=self._own_code(run.own_code.path))
        return run.at_own_rate(self.about.learning_rate) if self.about.learning_rate is not None else run

    def learner(self, network: Network) -> OwnStep:
        """What trains a network with it."""
        return OwnStep(self._process, self.about, network)

    def end(self) -> None:
        """End its process."""
        self._process.end()


def _has_begun(run: History) -> bool:
    return run.start is not None and run.start.samples_seen < run.samples_seen


class StepOpener(QObject):
    """Opens one step at a time: a process is started, and a thread waits until the step is found."""

    _opened = Signal(object, object)  # the process; the open step, or a StepEnded

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._process: StepProcess | None = None  # that is waited for
        self._deliver: Callable[[OpenStep | StepEnded], None] | None = None
        self._thread: Thread | None = None
        self._opened.connect(self._take)

    def open(
        self,
        path: Path,
        learning_rate: float,
        deliver: Callable[[OpenStep | StepEnded], None],
        network: Network | None = None,
        position: int = 0,
    ) -> None:
        """Open the step of a file, which goes on with a network if one is given; what comes of it is delivered."""
        self.cancel()
        self._deliver = deliver
        self._process = StepProcess(path, learning_rate, None, network, position)
        self._thread = Thread(target=self._wait_for, args=(self._process,), daemon=True)
        self._thread.start()

    def cancel(self) -> None:
        """Open nothing, and wait until the thread is gone."""
        process, self._process, self._deliver = self._process, None, None
        if process is not None:
            process.end()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def _wait_for(self, process: StepProcess) -> None:
        """In the thread."""
        try:
            self._opened.emit(process, OpenStep(process, *process.open()))
        except StepEnded as ended:
            process.end()
            self._opened.emit(process, ended)

    def _take(self, process: StepProcess, result: OpenStep | StepEnded) -> None:
        if process is not self._process or self._deliver is None:
            return  # nobody wants it any more, and its process is ended
        deliver, self._process, self._deliver = self._deliver, None, None
        deliver(result)
