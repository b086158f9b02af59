"""Who is called when the scene changes: what reads a part that changed, if it is seen, the most urgent first."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from gui.flow.drawing import Drawing
from gui.flow.scene import Message, Scene
from gui.flow.scheduler import Outcome, Part, Scheduler, Urgency


@pytest.fixture
def scheduler(qapp) -> Scheduler:
    return Scheduler(Scene())


class Log(list):
    """Parts that note their names when they are called."""

    def part(self, name: str, *reads: str, urgency: Urgency = Urgency.PAGE, times: int = 1) -> Part:
        def show(_: Scene) -> Outcome | None:
            self.append(name)
            return Outcome.UNFINISHED if self.count(name) < times else None

        return Part(show, reads, urgency)


def settle(scheduler: Scheduler) -> None:
    while not scheduler.is_at_rest:
        QApplication.processEvents()


def test_a_part_is_called_when_something_that_it_reads_has_changed(scheduler: Scheduler) -> None:
    log, owner = Log(), QObject()
    scheduler.add(owner, [log.part("page", "page"), log.part("speed and zoom", "speed", "zoom")])
    assert log == ["page", "speed and zoom"]  # at first, everything
    log.clear()
    scheduler.change(zoom=150)
    settle(scheduler)
    scheduler.change(speed=3, label=7)
    settle(scheduler)
    assert log == ["speed and zoom", "speed and zoom"]


@pytest.mark.parametrize(
    "fields",
    [
        {"page": "Pixels"},
        {"drawing": Drawing.of(np.zeros((28, 28)))},
        {"notice": Message("the same sentence again")},
    ],
)
def test_plain_values_count_by_equality_and_all_others_by_identity(scheduler: Scheduler, fields: dict) -> None:
    log, owner = Log(), QObject()
    scheduler.change(**fields)
    scheduler.add(owner, [log.part("called", *fields)])
    scheduler.change(**fields)
    assert scheduler.is_at_rest
    if "notice" in fields:
        scheduler.change(notice=Message("the same sentence again"))
        settle(scheduler)
        assert log == ["called", "called"]


def test_a_property_of_the_scene_changes_with_what_it_is_made_of(scheduler: Scheduler) -> None:
    log, owner = Log(), QObject()
    scheduler.add(owner, [log.part("digit", "digit")])
    scheduler.change(drawing=Drawing.of(np.ones((28, 28))))
    settle(scheduler)
    assert log == ["digit", "digit"]


def test_the_urgent_parts_are_done_before_the_change_returns_and_others_follow_in_order(scheduler: Scheduler) -> None:
    log, owner = Log(), QObject()
    names = {"late": Urgency.BACKGROUND, "page": Urgency.PAGE, "pen": Urgency.PEN, "curves": Urgency.CURVES}
    scheduler.add(owner, [log.part(name, "speed", urgency=urgency) for name, urgency in names.items()])
    log.clear()
    scheduler.change(speed=1)
    assert log == ["pen"]
    settle(scheduler)
    assert log == ["pen", "curves", "page", "late"]


def test_while_something_is_dragged_other_events_come_between_two_parts(scheduler: Scheduler) -> None:
    log, owner = Log(), QObject()
    scheduler.add(owner, [log.part(name, "speed") for name in "ab"])
    scheduler.add(owner, [log.part("pen", "label", urgency=Urgency.PEN)])
    log.clear()
    scheduler.change(speed=1, is_dragging=True)
    while not log:
        QApplication.processEvents()
    scheduler.change(label=1)
    settle(scheduler)
    assert log == ["a", "pen", "b"]


def test_else_quick_parts_follow_one_another_so_that_all_is_painted_once(scheduler: Scheduler) -> None:
    log, owner = Log(), QObject()
    scheduler.add(owner, [log.part(name, "speed") for name in "abc"])
    log.clear()
    QTimer.singleShot(0, owner, lambda: log.append("another event"))
    scheduler.change(speed=1)
    settle(scheduler)
    assert "".join(log).replace("another event", "|") in ("abc|", "|abc")


def test_nobody_waits_for_ever(scheduler: Scheduler) -> None:
    """Even where the scene changes faster than one part after the other can be called."""
    log, owner = Log(), QObject()
    scheduler.add(owner, [log.part(name, "speed") for name in "abc"])
    log.clear()
    for speed in range(9):
        scheduler.change(speed=speed, is_dragging=True)
        before = len(log)
        while len(log) == before:
            QApplication.processEvents()
    assert {name: log.count(name) for name in "abc"} == {"a": 3, "b": 3, "c": 3}


def test_what_is_hidden_costs_nothing_and_is_shown_whole_when_it_appears(qtbot: QtBot, scheduler: Scheduler) -> None:
    log, view = Log(), QWidget()
    qtbot.addWidget(view)
    scheduler.add(view, [log.part("speed", "speed"), log.part("zoom", "zoom", urgency=Urgency.BACKGROUND)])
    scheduler.change(speed=1)
    settle(scheduler)
    assert log == []
    view.show()
    assert log == ["speed", "zoom"]
    view.hide()
    scheduler.change(speed=2)
    assert scheduler.is_at_rest
    view.show()
    assert log == ["speed", "zoom", "speed"]


def test_unfinished_work_is_called_again_after_what_is_more_urgent(scheduler: Scheduler) -> None:
    log, owner = Log(), QObject()
    scheduler.add(owner, [log.part("work", "speed", urgency=Urgency.BACKGROUND, times=3), log.part("page", "zoom")])
    scheduler.change(zoom=150)
    settle(scheduler)
    assert log == ["work", "page", "page", "work", "work"]


def test_a_part_may_change_the_scene(scheduler: Scheduler) -> None:
    log, owner = Log(), QObject()
    follow = Part(lambda scene: scheduler.change(zoom=100 + scene.speed), ("speed",), Urgency.PEN)
    scheduler.add(owner, [follow, log.part("zoom", "zoom", urgency=Urgency.PEN)])
    log.clear()
    scheduler.change(speed=7)
    assert scheduler.scene.zoom == 107
    assert log == ["zoom"]


def test_a_view_that_is_gone_is_not_called(qtbot: QtBot, scheduler: Scheduler) -> None:
    log, view = Log(), QWidget()
    scheduler.add(view, [log.part("speed", "speed")])
    view.show()
    view.deleteLater()
    QApplication.sendPostedEvents(view, QEvent.Type.DeferredDelete)
    scheduler.change(speed=1)
    settle(scheduler)
    assert log == ["speed"]


def test_a_part_that_fails_does_not_stop_the_others(qtbot: QtBot, scheduler: Scheduler) -> None:
    log, owner = Log(), QObject()
    scheduler.add(owner, [Part(lambda scene: 1 // (80 - scene.speed), ("speed",)), log.part("zoom", "zoom")])
    log.clear()
    with qtbot.captureExceptions() as exceptions:
        scheduler.change(speed=80, zoom=150)
        settle(scheduler)
    assert [kind for kind, *_ in exceptions] == [ZeroDivisionError]
    assert log == ["zoom"]
