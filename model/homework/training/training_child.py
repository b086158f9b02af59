"""The child process that trains with a learner's step: `main.py training-child TASK`, started by `step_process`.

It is asked, message by message, for so many samples more, and tells what its weights are then. It ends when nobody is
there to ask any more, and says why when it cannot go on.
"""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from queue import SimpleQueue
from typing import IO, Any, NoReturn

from numpy.typing import NDArray

from model.homework.channel import receive, send
from model.homework.child import (
    current_line,
    enter_folder_of,
    lift_limit_of_memory,
    limit,
    limit_work,
    take_standard_output,
    why_unusable,
)
from model.homework.child_process import NO_END, NO_STEP, UNHEARD
from model.homework.investigating.labels import KnownDigits
from model.homework.judge import NUMBERS, train
from model.homework.running.program import Failure, Program
from model.homework.source import Source, read_source
from model.homework.training.step_training import Settings, StepTraining
from model.network import Network

LOOK = 0.1  # seconds between two looks at the time


def run(task: str) -> NoReturn:
    """Train with the file that a task, JSON, names; does not return."""
    answers = os.fdopen(take_standard_output(), "wb")
    orders = os.fdopen(_take_standard_input(), "rb")
    options = json.loads(task)
    settings = _settings(options, receive(orders))
    child = TrainingChild(orders, answers, Path(options["path"]), options["seconds"], options["memory"])
    child.train(Path(options["folder"]), options["function"], settings)


def _take_standard_input() -> int:
    """Keep the pipe from the parent; whoever asks for input finds none."""
    channel = os.dup(0)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    return channel


def _settings(options: dict[str, Any], start: tuple[dict[str, Any], list[NDArray[Any]]] | None) -> Settings:
    if start is None:
        os._exit(0)
    _, arrays = start
    layers = len(arrays) // 2
    network = Network(list(arrays[:layers]), list(arrays[layers:])) if arrays else None
    return Settings(options["learning_rate"], options["position"], network)


class TrainingChild:
    """The one who asks, seen from inside: a `Parent` of StepTraining."""

    def __init__(self, orders: IO[bytes], answers: IO[bytes], path: Path, seconds: float, memory: int) -> None:
        self._orders: SimpleQueue[int] = SimpleQueue()
        self._answers = answers
        self._path = path
        self._seconds = seconds  # that nothing may take longer than
        self._process = os.getpid()
        self._busy_since: float | None = None  # with an order
        self._source: Source | None = None
        self._training: StepTraining | None = None
        self._speaking = threading.Lock()
        limit(memory)
        self._begin_work()
        threading.Thread(target=self._listen, args=(orders,), daemon=True).start()
        threading.Thread(target=self._watch, daemon=True).start()

    def train(self, folder: Path, function: str | None, settings: Settings) -> NoReturn:
        """Find the step, and do with it what is ordered; say why that has come to an end."""

        def begin(program: Program, digits: KnownDigits) -> StepTraining:
            self._training = StepTraining(program, digits, NUMBERS[-1][0], settings, self)
            return self._training

        try:
            self._source = read_source(self._path)
            enter_folder_of(self._path)
            failure = train(self._source, folder, function, begin)
        except BaseException as error:  # anything, so that the parent gets a sentence
            report = why_unusable(error, self._path, self._source, "trained with")
            self._end(report.summary, report.findings[0].line)
        self._end(*self._why_it_ended(failure))

    def report(self, message: dict[str, Any], arrays: Sequence[NDArray[Any]]) -> None:
        """Answer the order."""
        self._busy_since = None
        self._speak(message, arrays)

    def samples_wanted(self) -> int:
        """The next order."""
        samples = self._orders.get()
        self._begin_work()
        return samples

    def _begin_work(self) -> None:
        self._busy_since = time.monotonic()
        limit_work(self._seconds)

    def _listen(self, orders: IO[bytes]) -> None:
        """In a thread: whatever the learner's code is doing, the process ends with the one for whom it works."""
        while (order := receive(orders)) is not None:
            self._orders.put(int(order[0]["samples"]))
        os._exit(UNHEARD)  # or the file has closed the pipe

    def _watch(self) -> None:
        """In a thread: only from inside it is seen in which line something takes too long."""
        while True:
            time.sleep(LOOK)
            since = self._busy_since
            if since is not None and time.monotonic() - since > self._seconds:
                line = current_line(self._path)
                is_training = self._training is not None and self._training.has_begun
                what = NO_END if is_training else NO_STEP
                where = f"; it was at {self._source.place(line)}" if self._source and line else ""
                self._end(f"{what} within {self._seconds:g} seconds{where}.", line)

    def _why_it_ended(self, failure: Failure | None) -> tuple[str, int | None]:
        if failure is None:
            return "Its loop ended by itself.", None
        where = f" in {self._source.place(failure.line)}" if self._source and failure.line else ""
        if isinstance(failure.error, SystemExit):
            return f"It ended itself{where}, with exit().", failure.line
        return f"It stops{where}: {failure}.", failure.line

    def _end(self, sentence: str, line: int | None) -> NoReturn:
        """Say why, and end, whatever threads and exit handlers there are."""
        try:
            lift_limit_of_memory()
            self._speak({"ended": sentence, "line": line})
            os._exit(0)
        finally:
            os._exit(UNHEARD)

    def _speak(self, message: dict[str, Any], arrays: Sequence[NDArray[Any]] = ()) -> None:
        if os.getpid() != self._process:  # a copy that the file has made of this process
            os._exit(0)
        with self._speaking:
            send(self._answers, message, arrays)
