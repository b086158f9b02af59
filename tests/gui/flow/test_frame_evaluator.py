"""Series over a run, asked beside the window."""

from collections.abc import Iterator
from threading import Event, current_thread

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gui.flow.background import Background
from gui.flow.frame_evaluator import FrameEvaluator
from gui.flow.runs import Runs
from gui.flow.scene import Scene, Series
from gui.flow.scheduler import Scheduler
from model.history import Frame, History
from model.network import Network
from model.training import Progress, TrainingConfig

FIELD = "own_digits_over_run"


def frames(*moments: int) -> list[Frame]:
    return [Frame(Progress(moment, 1), Network.initialize((784, 2, 10), moment)) for moment in moments]


class Question:
    """Answers with a weight of the network, and only once it may."""

    def __init__(self, may_answer: bool = True, sign: int = 1) -> None:
        self.sign = sign
        self.asked: list[float] = []
        self.threads: set[object] = set()
        self.may_answer = Event()
        if may_answer:
            self.may_answer.set()

    def __call__(self, network: Network) -> float:
        self.asked.append(self.expected(network))
        self.threads.add(current_thread())
        self.may_answer.wait(10)
        return self.asked[-1]

    def expected(self, network: Network) -> float:
        return self.sign * float(network.weights[0][0, 0])


class Viewer:
    """A scene with one run, and a view that asks about it."""

    def __init__(self) -> None:
        run = History(TrainingConfig(epochs=1, tests_per_epoch=10), 1000).with_frames(frames(0, 100, 200))
        self.scheduler = Scheduler(Scene(runs=Runs((run,), run.key, active_key=run.key)))
        self.background = Background(self.scheduler)
        self._evaluator = FrameEvaluator(self.scheduler, self.background)

    @property
    def run(self) -> History:
        run = self.scheduler.scene.shown
        assert run is not None
        return run

    @property
    def series(self) -> Series | None:
        return self.scheduler.scene.own_digits_over_run

    def fill(self, subject: object, question: Question | None) -> None:
        self._evaluator.fill(FIELD, self.scheduler.scene.shown, subject, question)

    def grow(self, *moments: int) -> None:
        run = self.run.with_frames(frames(*moments))
        self.scheduler.change(runs=self.scheduler.scene.runs.grown(run))

    def is_complete(self) -> bool:
        return self.series is not None and self.series.run is self.run

    def follow(self) -> None:
        while not self.scheduler.is_at_rest:
            QApplication.processEvents()


@pytest.fixture
def viewer(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[Viewer]:
    for delay in ("REST", "GROWTH"):
        monkeypatch.setattr(f"gui.flow.frame_evaluator.{delay}", 1)
    viewer = Viewer()
    yield viewer
    viewer.background.close()


def test_a_series_has_the_answer_of_every_frame(qtbot: QtBot, viewer: Viewer) -> None:
    subject, question = object(), Question()
    viewer.fill(subject, question)
    qtbot.waitUntil(viewer.is_complete)
    assert viewer.series.subject is subject
    assert viewer.series.samples.tolist() == [0, 100, 200]
    assert list(viewer.series.values) == [question.expected(frame.network) for frame in viewer.run.frames]
    assert current_thread() not in question.threads
    viewer.fill(subject, question)
    assert not viewer.background.is_busy(FIELD)


def test_a_run_that_grows_while_it_is_asked_is_asked_to_its_end_and_no_frame_twice(
    qtbot: QtBot, viewer: Viewer
) -> None:
    subject, question = object(), Question(may_answer=False)
    viewer.fill(subject, question)
    qtbot.waitUntil(lambda: len(question.asked) == 1)
    viewer.grow(300)
    viewer.fill(subject, question)
    viewer.grow(400, 500)
    viewer.fill(subject, question)
    question.may_answer.set()
    qtbot.waitUntil(viewer.is_complete)
    assert viewer.series.samples.tolist() == [0, 100, 200, 300, 400, 500]
    assert question.asked == [question.expected(frame.network) for frame in viewer.run.frames]


def test_a_run_that_grows_while_nobody_looks_is_asked_once_somebody_does(qtbot: QtBot, viewer: Viewer) -> None:
    subject, question = object(), Question(may_answer=False)
    viewer.fill(subject, question)
    qtbot.waitUntil(lambda: len(question.asked) == 1)
    viewer.grow(300)
    question.may_answer.set()
    qtbot.waitUntil(lambda: viewer.series is not None)
    viewer.grow(400)
    viewer.follow()
    assert not viewer.background.is_busy(FIELD)
    viewer.fill(subject, question)
    assert viewer.series.samples.tolist() == [0, 100, 200]  # what is known stays until more is
    qtbot.waitUntil(viewer.is_complete)
    assert viewer.series.samples.tolist() == [0, 100, 200, 300, 400]
    assert len(question.asked) == 5


def test_another_subject_starts_again_whatever_is_being_asked(qtbot: QtBot, viewer: Viewer) -> None:
    slow, question = Question(may_answer=False), Question(sign=-1)
    viewer.fill(object(), Question())
    qtbot.waitUntil(viewer.is_complete)
    viewer.fill(object(), slow)
    assert viewer.series is None
    qtbot.waitUntil(lambda: len(slow.asked) == 1)
    viewer.fill(subject := object(), question)
    slow.may_answer.set()
    qtbot.waitUntil(viewer.is_complete)
    assert viewer.series.subject is subject
    assert list(viewer.series.values) == [question.expected(frame.network) for frame in viewer.run.frames]
    assert len(slow.asked) == 1


def test_another_run_starts_again(qtbot: QtBot, viewer: Viewer) -> None:
    subject, question = object(), Question()
    viewer.fill(subject, question)
    qtbot.waitUntil(viewer.is_complete)
    other = History(TrainingConfig(), 1000).with_frames(frames(7))
    viewer.scheduler.change(runs=viewer.scheduler.scene.runs.added(other))
    viewer.fill(subject, question)
    assert viewer.series is None
    qtbot.waitUntil(viewer.is_complete)
    assert viewer.series.samples.tolist() == [7]


def test_without_a_question_the_field_is_empty(qtbot: QtBot, viewer: Viewer) -> None:
    question = Question(may_answer=False)
    viewer.fill(object(), Question())
    qtbot.waitUntil(viewer.is_complete)
    viewer.fill(subject := object(), question)
    qtbot.waitUntil(lambda: len(question.asked) == 1)
    viewer.fill(subject, None)
    assert viewer.series is None
    assert not viewer.background.is_busy(FIELD)
    question.may_answer.set()
    viewer.fill(subject, question)  # as if it had never been asked
    qtbot.waitUntil(viewer.is_complete)
    assert len(question.asked) == 4


@pytest.mark.parametrize("is_known", [True, False])
def test_a_run_that_was_removed_is_forgotten(qtbot: QtBot, viewer: Viewer, is_known: bool) -> None:
    question = Question(may_answer=is_known)
    viewer.fill(object(), question)
    qtbot.waitUntil(viewer.is_complete if is_known else lambda: len(question.asked) == 1)
    viewer.scheduler.change(runs=Runs())
    viewer.follow()
    assert viewer.series is None
    assert not viewer.background.is_busy(FIELD)
    question.may_answer.set()
