"""Work beside the window, in a real thread."""

import threading
from collections.abc import Iterator
from threading import Event, current_thread

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gui.flow.background import Background, Work
from gui.flow.drawing import Drawing
from gui.flow.scene import Scene
from gui.flow.scheduler import Scheduler


@pytest.fixture
def scheduler(qapp: QApplication) -> Scheduler:
    return Scheduler(Scene())


@pytest.fixture
def background(scheduler: Scheduler) -> Iterator[Background]:
    background = Background(scheduler)
    yield background
    background.close()


def count(*numbers: int) -> Work:
    for _ in numbers:
        yield
    return sum(numbers)


class Endless:
    """Work that never ends by itself."""

    def __init__(self) -> None:
        self.steps = 0
        self.has_ended = Event()

    def work(self) -> Work:
        try:
            while True:
                self.steps += 1
                yield
        finally:
            self.has_ended.set()


def test_the_result_is_handed_over_in_the_thread_of_the_window(qtbot: QtBot, background: Background) -> None:
    threads = []
    results = []

    def work() -> Work:
        threads.append(current_thread())
        yield
        return "done"

    def deliver(result: str) -> None:
        assert not background.is_busy("topic")  # so that it may ask for more
        threads.append(current_thread())
        results.append(result)

    background.do("topic", work(), deliver)
    assert background.is_busy("topic")
    qtbot.waitUntil(lambda: results == ["done"])
    assert threads[0] is not threads[1] is current_thread()


def test_a_newer_job_takes_the_place_of_the_one_before(qtbot: QtBot, background: Background) -> None:
    results: list[int] = []
    endless = Endless()
    background.do("topic", endless.work(), results.append)
    qtbot.waitUntil(lambda: endless.steps > 0)
    background.do("topic", count(1, 2), results.append, delay=100_000)
    background.do("topic", count(3, 4), results.append)
    qtbot.waitUntil(lambda: results == [7])
    assert endless.has_ended.wait(1)


def test_nothing_comes_of_a_job_that_is_cancelled_just_when_it_is_over(qtbot: QtBot, background: Background) -> None:
    results: list[int] = []
    has_started, may_end = Event(), Event()

    def work() -> Work:
        has_started.set()
        may_end.wait(10)
        return 1
        yield

    background.do("topic", work(), results.append)
    background.do("behind it", count(2), results.append)
    qtbot.waitUntil(has_started.is_set)
    may_end.set()
    background.cancel("topic")
    assert not background.is_busy("topic")
    qtbot.waitUntil(lambda: len(results) > 0)
    assert results == [2]


def test_jobs_take_turns(qtbot: QtBot, background: Background) -> None:
    results: list[int] = []
    background.do("endless", Endless().work(), results.append)
    background.do("short", count(1, 2, 3), results.append)
    qtbot.waitUntil(lambda: results == [6])
    assert background.is_busy("endless")


def test_all_of_them_wait_while_something_is_dragged(
    qtbot: QtBot, scheduler: Scheduler, background: Background
) -> None:
    endless = Endless()
    background.do("topic", endless.work(), print)
    qtbot.waitUntil(lambda: endless.steps > 10)
    scheduler.change(is_dragging=True)
    steps = endless.steps
    for _ in range(300):
        QApplication.processEvents()
    assert endless.steps <= steps + 1  # the one that had begun
    scheduler.change(is_dragging=False)
    qtbot.waitUntil(lambda: endless.steps > steps + 10)


def test_they_work_again_when_the_hand_rests_and_wait_when_it_moves_on(
    qtbot: QtBot, scheduler: Scheduler, background: Background
) -> None:
    endless = Endless()
    background.do("topic", endless.work(), print)
    scheduler.change(is_dragging=True)
    held = endless.steps
    qtbot.waitUntil(lambda: endless.steps > held + 10)
    scheduler.change(drawing=Drawing())
    moved = endless.steps
    for _ in range(100):
        QApplication.processEvents()
    assert endless.steps <= moved + 1


def test_an_exception_is_raised_in_the_thread_of_the_window(qtbot: QtBot, background: Background) -> None:
    def work() -> Work:
        yield
        raise ZeroDivisionError("in the thread")

    results: list[int] = []
    with qtbot.captureExceptions() as raised:
        background.do("topic", work(), results.append)
        qtbot.waitUntil(lambda: len(raised) > 0)
    assert [str(error) for _, error, _ in raised] == ["in the thread"]
    assert not background.is_busy("topic")
    background.do("topic", count(1), results.append)
    qtbot.waitUntil(lambda: results == [1])


def test_closing_leaves_no_thread_whatever_there_is_to_do(qtbot: QtBot, scheduler: Scheduler) -> None:
    before = set(threading.enumerate())
    background, endless, results = Background(scheduler), Endless(), []
    background.do("endless", endless.work(), results.append)
    background.do("later", count(1), results.append, delay=100_000)
    qtbot.waitUntil(lambda: endless.steps > 0)
    scheduler.change(is_dragging=True)
    background.close()
    assert set(threading.enumerate()) == before
    QApplication.processEvents()
    assert results == []
