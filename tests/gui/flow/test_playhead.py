"""How the moment moves over a run."""

from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot

from gui.flow.playhead import Playhead
from gui.flow.run_collection import RunCollection
from gui.flow.scene import Scene
from gui.flow.scheduler import Part, Scheduler
from tests.gui.flow.test_run_collection import frame, run_of


@pytest.fixture
def scheduler(qapp) -> Scheduler:
    """On a run that is over and has four frames."""
    scheduler = Scheduler(Scene())
    RunCollection(scheduler).add(run_of(0, 500, 1000, 3000))
    return scheduler


@pytest.fixture
def playhead(scheduler: Scheduler) -> Playhead:
    return Playhead(scheduler, RunCollection(scheduler))


@pytest.mark.parametrize(
    ("move", "expected"),
    [
        (lambda p: p.go_to(600), 500),
        (lambda p: p.go_to(-5), 0),
        (lambda p: p.step(-1), 1000),
        (lambda p: p.step(-9), 0),
        (lambda p: p.step(1), 3000),
        (lambda p: p.step_epoch(-1), 1000),
        (lambda p: p.go_to_start(), 0),
        (lambda p: p.go_live(), 3000),
    ],
)
def test_moves(scheduler: Scheduler, playhead: Playhead, move: Callable[[Playhead], None], expected: int) -> None:
    move(playhead)
    assert scheduler.scene.frame.samples_seen == expected
    assert scheduler.scene.is_live == (expected == 3000)


def test_live_leads_from_a_network_of_no_run_to_the_active_run_or_the_newest(
    scheduler: Scheduler, playhead: Playhead
) -> None:
    runs, newest = RunCollection(scheduler), scheduler.scene.shown
    runs.show_detached(frame(0), "mine.npz")
    playhead.go_live()
    assert (scheduler.scene.shown, scheduler.scene.frame, scheduler.scene.is_live) == (newest, newest.latest, True)
    runs.start(run_of(0, 2))
    runs.add(run_of(0))
    runs.show_detached(frame(0), "mine.npz")
    playhead.go_live()
    assert (scheduler.scene.shown, scheduler.scene.is_live) == (scheduler.scene.active, True)


def test_epochs_are_stepped_from_end_to_end(scheduler: Scheduler, playhead: Playhead) -> None:
    playhead.go_to(500)
    playhead.step_epoch(1)
    assert scheduler.scene.frame.samples_seen == 1000
    playhead.step_epoch(-1)
    assert scheduler.scene.frame.samples_seen == 0


def test_it_plays_to_the_end_and_stops_there(qtbot: QtBot, scheduler: Scheduler, playhead: Playhead) -> None:
    moments: list[int] = []
    scheduler.add(playhead, [Part(lambda scene: moments.append(scene.frame.samples_seen), ("frame",))])
    playhead.toggle_playing()
    assert scheduler.scene.is_playing
    qtbot.waitUntil(lambda: not scheduler.scene.is_playing)
    assert list(dict.fromkeys(moments)) == [3000, 0, 500, 1000]
    assert scheduler.scene.frame.samples_seen == 3000


def test_a_move_or_a_second_press_ends_playing(scheduler: Scheduler, playhead: Playhead) -> None:
    for end in (lambda: playhead.go_to(500), playhead.toggle_playing):
        playhead.toggle_playing()
        assert scheduler.scene.is_playing
        end()
        assert not scheduler.scene.is_playing
