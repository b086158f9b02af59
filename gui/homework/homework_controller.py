"""What happens to a learner's file in the window."""

from __future__ import annotations

import dataclasses
from concurrent.futures import CancelledError
from contextlib import suppress
from functools import partial
from pathlib import Path
from threading import Thread

from PySide6.QtCore import QObject, Signal

from gui.files.file_dialogs import FileDialogs
from gui.flow.homework import Homework
from gui.flow.scheduler import Scheduler
from gui.homework.file_watch import FileWatch
from gui.homework.step_in_words import in_words
from gui.training.training_session import TrainingSession
from model.analysis.derivation import Kind, Number
from model.homework.report import Mark, Report
from model.homework.sandbox import Judging
from model.homework.source import ENDINGS
from model.homework.training.step_process import AboutStep

FILTER = f"Programs and notebooks ({' '.join(f'*{ending}' for ending in ENDINGS)})"
INKED_PIXEL = 14 * 28 + 14  # in the middle of an image, where a gradient is seldom 0


class HomeworkController(QObject):
    """Has a file judged again whenever it is saved, in a process of its own that a thread waits for."""

    _judged = Signal(object, object)  # the judging, its report

    def __init__(
        self, scheduler: Scheduler, dialogs: FileDialogs, training: TrainingSession, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._scheduler = scheduler
        self._dialogs = dialogs
        self._training = training
        self._judging: Judging | None = None
        self._threads: list[Thread] = []
        self._watch = FileWatch(self)
        self._watch.saved.connect(self._judge)
        self._judged.connect(self._show)

    def ask_and_open(self) -> None:
        """Let the user choose a program or notebook."""
        if path := self._dialogs.ask_open_path("Open Your Code", FILTER):
            self.open(path)

    def open(self, path: Path) -> None:
        """Judge a file now, and again whenever it is saved."""
        self._scheduler.change(page="Your code")
        if self._dialogs.may_run_code():
            self._scheduler.change(homework=Homework(path.absolute()))
            self._watch.watch(path.absolute())
            self._judge()

    def choose_line(self, line: int | None) -> None:
        """Explain another line, or none."""
        homework = self._scheduler.scene.homework
        if homework is not None and homework.line != line:
            self._change(line=line, shows_formula=False)

    def show_formula(self) -> None:
        """Say what should stand in the line."""
        self._change(shows_formula=True)

    def show_number(self, mark: Mark) -> None:
        """Go to what a line computes on the page One update."""
        if mark.kind is not None:
            number = number_of(Kind[mark.kind], mark.layer or 0)
            self._scheduler.change(kept_number=(number, False), page="One update")

    def train(self) -> None:
        """Start a run with the step of the file."""
        homework = self._scheduler.scene.homework
        if homework is not None:
            self._change(training="")
            self._training.train_with(homework.path, partial(self._report_step, homework.path))

    def train_right_one(self) -> None:
        """Start a right run with the initial weights of the run that is shown, and compare the two."""
        own = self._scheduler.scene.shown
        if own is not None and own.own_code is not None:
            self._training.start_beside(own)

    def close(self) -> None:
        """End whatever runs, and wait until no thread is left."""
        self._watch.watch(None)
        self._judged.disconnect(self._show)
        if self._judging is not None:
            self._judging.end()
        for thread in self._threads:
            thread.join()

    def _report_step(self, path: Path, about: AboutStep) -> None:
        """Say what the file's step does when it trains, unless another file is open by now."""
        homework = self._scheduler.scene.homework
        if homework is not None and homework.path == path:
            self._change(training=in_words(about))

    def _judge(self) -> None:
        homework = self._scheduler.scene.homework
        assert homework is not None
        if self._judging is not None:
            self._judging.end()  # it read what is no longer there
        judging = self._judging = Judging()
        self._change(is_judged=False, training="")  # what was trained with is no longer there, either
        self._threads = [thread for thread in self._threads if thread.is_alive()]
        self._threads.append(Thread(target=self._wait_for, args=(judging, homework.path), daemon=True))
        self._threads[-1].start()

    def _wait_for(self, judging: Judging, path: Path) -> None:
        """In a thread."""
        with suppress(CancelledError):
            self._judged.emit(judging, judging.judge(path))

    def _show(self, judging: Judging, report: Report) -> None:
        if judging is self._judging:
            self._change(report=report, is_judged=True, shows_formula=False)

    def _change(self, **fields: object) -> None:
        homework = self._scheduler.scene.homework
        if homework is not None:
            self._scheduler.change(homework=dataclasses.replace(homework, **fields))  # type: ignore[arg-type]


def number_of(kind: Kind, layer: int) -> Number:
    """One of the numbers of a kind, that is likely to be worth a look."""
    first = INKED_PIXEL if layer == (1 if kind.is_matrix else 0) else 0
    return Number(kind, layer, (first, 0) if kind.is_matrix else (first,))
