"""One question to every network of a run, without ever holding up the window."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer, Signal

from gui.playhead import Runs
from model.history import Frame, History
from model.network import Network

REST = 120  # milliseconds without another question, after which all frames are asked
GROWTH = 800  # milliseconds between two looks at the new frames of a run that is on
AT_A_TIME = 0.006  # seconds of asking, after which the pen is heard

Question = Callable[[Network], Any]


class RunSurvey(QObject):
    """Asks the frames of the run on the screen, a few at a time; a new question or another run begins it anew."""

    emptied = Signal()  # there are no answers any more
    finished = Signal()  # every frame was asked

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.frames: list[Frame] = []  # that were asked
        self.run: History | None = None
        self.question: Question | None = None
        self._answers: list[Any] = []
        self._work: Iterator[None] | None = None
        self._rest = QTimer(self, singleShot=True, interval=REST)
        self._rest.timeout.connect(self._begin)
        self._growth = QTimer(self, singleShot=True, interval=GROWTH)
        self._growth.timeout.connect(self._rest.start)
        self._working = QTimer(self, interval=0)
        self._working.timeout.connect(self._go_on)

    @property
    def samples(self) -> NDArray[np.float64]:
        """When in the run each answer was given, in samples seen."""
        return np.array([frame.samples_seen for frame in self.frames], np.float64)

    @property
    def answers(self) -> NDArray[Any]:
        """What each frame answered, in order."""
        return np.array(self._answers)

    @property
    def is_working(self) -> bool:
        """Whether frames are being asked at this moment."""
        return self._working.isActive()

    def ask(self, question: Question | None) -> None:
        """Put a question to all frames, once no other comes for a moment; or none."""
        self.question = question
        self._restart()

    def postpone(self) -> None:
        """Let the pen go first: go on once nothing comes for a moment."""
        if self.is_working or self._rest.isActive():
            self._working.stop()
            self._rest.start()

    def show_runs(self, runs: Runs) -> None:
        """Ask the frames of another run from here on."""
        if runs.shown is not self.run:
            self.run = runs.shown
            self._restart()

    def show_growth(self, run: History) -> None:
        """Ask the new frames, too, before long."""
        if run is self.run and self.question is not None and not self._growth.isActive():
            self._growth.start()

    def _restart(self) -> None:
        self._working.stop()
        self._work = None
        self.frames, self._answers = [], []
        self.emptied.emit()
        self._rest.start()

    def _begin(self) -> None:
        if self._work is None and self.run is not None and self.question is not None:
            self._work = self._ask_all(self.run.frames, self.question)
        if self._work is not None:
            self._working.start()

    def _ask_all(self, frames: list[Frame], question: Question) -> Iterator[None]:
        known = {id(frame): answer for frame, answer in zip(self.frames, self._answers, strict=True)}
        answers = []
        for frame in frames:
            if id(frame) not in known:
                known[id(frame)] = question(frame.network)
                yield
            answers.append(known[id(frame)])
        self.frames, self._answers = frames, answers

    def _go_on(self) -> None:
        assert self._work is not None
        until = time.perf_counter() + AT_A_TIME
        while time.perf_counter() < until:
            if next(self._work, self) is self:
                self._working.stop()
                self._work = None
                self.finished.emit()
                self._catch_up()
                return

    def _catch_up(self) -> None:
        """The run may have grown meanwhile."""
        if self.run is not None and self.frames and self.frames[-1] is not self.run.latest:
            self._growth.start()
