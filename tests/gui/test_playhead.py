from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication

from gui.playhead import MEMORY_OF_OTHERS, MOST_RUNS, Playhead
from model.history import Frame, History
from model.network import Network
from model.training import Progress, TrainingConfig

NETWORK = Network.initialize((784, 3, 10))


def frame(samples: int, network: Network = NETWORK) -> Frame:
    return Frame(Progress(samples, -(-samples // 1000), 1.0, 0.5), network)


def run_of(*samples: int) -> History:
    run = History(TrainingConfig(epochs=3, tests_per_epoch=10), 1000)
    for each in samples:
        run.add(frame(each))
    return run


@pytest.fixture
def playhead(qapp) -> Playhead:
    """On a run that is over and has four frames."""
    playhead = Playhead()
    playhead.add_run(run_of(0, 500, 1000, 3000))
    return playhead


def add(playhead: Playhead, frames: list[Frame]) -> None:
    """And let the views follow."""
    playhead.add_frames(frames)
    QCoreApplication.processEvents()


def seen(playhead: Playhead) -> int:
    assert playhead.frame is not None
    return playhead.frame.samples_seen


def test_it_follows_a_run_until_it_is_moved_and_again_when_it_is_sent_back(playhead: Playhead) -> None:
    run = run_of()
    playhead.begin(run)
    add(playhead, [frame(0), frame(1), frame(2)])
    assert seen(playhead) == 2
    playhead.go_to(1)
    add(playhead, [frame(3), frame(4)])
    assert (seen(playhead), playhead.is_live) == (1, False)
    playhead.go_live()
    assert (seen(playhead), playhead.is_live) == (4, True)
    add(playhead, [frame(5)])
    assert seen(playhead) == 5


def test_new_frames_are_told_even_where_they_are_not_shown(playhead: Playhead) -> None:
    run, grown, shown = run_of(), [], []
    playhead.begin(run)
    playhead.run_grew.connect(grown.append)
    playhead.frame_changed.connect(shown.append)
    add(playhead, [frame(0)])
    playhead.select(playhead.runs.all[0])
    add(playhead, [frame(1)])
    assert grown == [run, run]
    assert [each.samples_seen for each in shown] == [0, 3000]


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
def test_moves(playhead: Playhead, move: Callable[[Playhead], None], expected: int) -> None:
    move(playhead)
    assert seen(playhead) == expected
    assert playhead.is_live == (expected == 3000)


def test_epochs_are_stepped_from_end_to_end(playhead: Playhead) -> None:
    playhead.go_to(500)
    playhead.step_epoch(1)
    assert seen(playhead) == 1000
    playhead.step_epoch(-1)
    assert seen(playhead) == 0


def test_it_plays_to_the_end_and_stops_there(qtbot, playhead: Playhead) -> None:
    moments = []
    playhead.frame_changed.connect(lambda each: moments.append(each.samples_seen))
    playhead.toggle_playing()
    assert playhead.is_playing
    qtbot.waitUntil(lambda: not playhead.is_playing)
    assert moments == [0, 500, 1000, 3000]


def test_a_move_ends_playing(playhead: Playhead) -> None:
    playhead.play()
    playhead.go_to(500)
    assert not playhead.is_playing


def test_a_network_of_no_run_is_shown_apart(playhead: Playhead) -> None:
    playhead.show_apart(frame(7))
    assert (playhead.run, seen(playhead)) == (None, 7)
    playhead.step(1)
    playhead.go_to(0)
    playhead.play()
    assert seen(playhead) == 7
    assert not playhead.is_playing


def test_the_compared_run_is_shown_at_the_same_moment(playhead: Playhead) -> None:
    other = playhead.run
    playhead.add_run(run_of(0, 400, 990, 2900))
    compared = []
    playhead.compared_changed.connect(lambda each: compared.append(each and each.samples_seen))
    playhead.compare(other)
    playhead.go_to(400)
    playhead.compare(None)
    assert compared == [3000, 500, None]


def test_the_run_on_the_screen_is_not_compared_with_itself(playhead: Playhead) -> None:
    playhead.compare(playhead.run)
    assert playhead.runs.compared is None
    first = playhead.run
    playhead.add_run(run_of(0, 10))
    playhead.compare(first)
    playhead.select(first)
    assert playhead.runs.compared is None


def test_removing_the_run_on_the_screen_shows_another_one(playhead: Playhead) -> None:
    first = playhead.run
    playhead.add_run(run_of(0, 800))
    playhead.remove(playhead.run)
    assert (playhead.run, seen(playhead)) == (first, 1000)
    playhead.remove(first)
    assert playhead.runs.all == ()
    assert playhead.run is None


def test_the_run_that_is_on_cannot_be_removed(playhead: Playhead) -> None:
    run = run_of()
    playhead.begin(run)
    playhead.remove(run)
    assert run in playhead.runs.all
    playhead.end()
    playhead.remove(run)
    assert run not in playhead.runs.all


def test_hiding_and_renaming(playhead: Playhead) -> None:
    first = playhead.run
    playhead.add_run(run_of(0))
    playhead.set_hidden(first, True)
    assert playhead.runs.others == []
    playhead.set_hidden(first, False)
    assert playhead.runs.others == [first]
    playhead.rename(first, "  slow  ")
    playhead.rename(first, "   ")
    assert first.name == "slow"


def test_many_runs_share_a_limited_memory(qapp) -> None:
    playhead, large = Playhead(), Network([np.zeros((784, 32), np.float32)], [])
    for _ in range(MOST_RUNS + 3):
        run = run_of()
        playhead.begin(run)
        add(playhead, [frame(k, large) for k in range(0, 3000, 10)])
        playhead.end()
    assert len(playhead.runs.all) == MOST_RUNS
    *others, newest = (run.memory_used for run in playhead.runs.all)
    assert sum(others) <= MEMORY_OF_OTHERS
    assert newest <= 64_000_000


def test_a_hidden_run_that_made_room_for_others_is_forgotten(playhead: Playhead) -> None:
    playhead.add_run(run_of(0, 1))
    playhead.set_hidden(playhead.runs.all[0], True)
    for _ in range(MOST_RUNS):
        playhead.add_run(run_of(0, 1))
    assert playhead.runs.hidden == frozenset()


def test_removing_the_run_that_plays_ends_playing(playhead: Playhead) -> None:
    playhead.play()
    playhead.remove(playhead.run)
    assert not playhead.is_playing
    assert playhead.run is None


def test_removing_the_compared_run_ends_comparing_and_the_view_stays(playhead: Playhead) -> None:
    first, compared = playhead.run, []
    playhead.add_run(run_of(0, 400, 990, 2900))
    playhead.go_to(400)
    shown = playhead.frame
    playhead.compare(first)
    playhead.compared_changed.connect(compared.append)
    playhead.remove(first)
    assert compared == [None]
    assert playhead.frame is shown


def test_the_compared_run_is_followed_while_it_is_on(playhead: Playhead) -> None:
    finished, run, compared = playhead.run, run_of(), []
    playhead.begin(run)
    add(playhead, [frame(0)])
    playhead.select(finished)
    playhead.compare(run)
    playhead.compared_changed.connect(lambda each: compared.append(each.samples_seen))
    add(playhead, [frame(2000)])
    assert compared == [2000]
    playhead.end()
