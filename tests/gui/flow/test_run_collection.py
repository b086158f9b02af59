"""Runs that come, grow, are compared, hidden and removed, and the moment that follows them."""

import numpy as np
import pytest

from gui.flow.playhead import Playhead
from gui.flow.run_collection import RunCollection
from gui.flow.runs import MEMORY_OF_OTHERS, MOST_RUNS
from gui.flow.scene import Scene
from gui.flow.scheduler import Scheduler
from model.history import Frame, History
from model.network import Network
from model.training import LARGEST_SEED, MOST_EPOCHS, Progress, TrainingConfig

NETWORK = Network.initialize((784, 3, 10))


def frame(samples: int, network: Network = NETWORK) -> Frame:
    return Frame(Progress(samples, -(-samples // 1000), 1.0, 0.5), network)


def run_of(*samples: int) -> History:
    empty = History(TrainingConfig(epochs=3, tests_per_epoch=10), 1000)
    return empty.with_frames([frame(each) for each in samples])


@pytest.fixture
def scheduler(qapp) -> Scheduler:
    return Scheduler(Scene())


@pytest.fixture
def runs(scheduler: Scheduler) -> RunCollection:
    """With a run that is over and has four frames."""
    runs = RunCollection(scheduler)
    runs.add(run_of(0, 500, 1000, 3000))
    return runs


def seen(scheduler: Scheduler) -> int:
    return scheduler.scene.frame.samples_seen


def keys(*runs: History | None) -> list[object]:
    return [run and run.key for run in runs]


def test_the_active_run_is_followed_until_it_is_left_and_again_when_live(
    scheduler: Scheduler, runs: RunCollection
) -> None:
    playhead = Playhead(scheduler, runs)
    runs.start(run_of(0))
    runs.grow([frame(1), frame(2)])
    assert seen(scheduler) == 2
    playhead.go_to(1)
    runs.grow([frame(3), frame(4)])
    assert (seen(scheduler), scheduler.scene.is_live) == (1, False)
    assert scheduler.scene.shown.latest.samples_seen == 4
    playhead.go_live()
    assert (seen(scheduler), scheduler.scene.is_live) == (4, True)
    runs.grow([frame(5)])
    assert seen(scheduler) == 5


def test_another_run_on_the_screen_stays_while_the_active_one_grows(scheduler: Scheduler, runs: RunCollection) -> None:
    first = scheduler.scene.shown
    runs.start(run_of(0))
    runs.select(first)
    runs.grow([frame(1)])
    assert seen(scheduler) == 3000
    assert scheduler.scene.active.latest.samples_seen == 1
    runs.end()
    assert scheduler.scene.active is None


def test_a_scene_that_was_kept_does_not_grow(scheduler: Scheduler, runs: RunCollection) -> None:
    runs.start(run_of(0))
    before = scheduler.scene
    runs.grow([frame(1)])
    assert before.shown.latest.samples_seen == 0
    assert len(before.shown.frames) == 1


def test_from_a_detached_network_the_timeline_leads_back_to_the_latest_run(
    scheduler: Scheduler, runs: RunCollection
) -> None:
    first, playhead = scheduler.scene.shown, Playhead(scheduler, runs)
    runs.add(run_of(0))
    runs.compare(first)
    runs.show_detached(frame(7), "mine.npz")
    assert keys(scheduler.scene.shown, scheduler.scene.compared) == [None, None]
    assert (seen(scheduler), scheduler.scene.frame_name) == (7, "mine.npz")
    playhead.go_to_start()
    assert scheduler.scene.shown is scheduler.scene.runs.all[-1]
    assert (seen(scheduler), scheduler.scene.frame_name) == (0, "")


def test_the_compared_run_is_shown_at_the_same_moment(scheduler: Scheduler, runs: RunCollection) -> None:
    first, playhead = scheduler.scene.shown, Playhead(scheduler, runs)
    runs.add(run_of(0, 400, 990, 2900))
    runs.compare(first)
    assert scheduler.scene.compared_frame.samples_seen == 3000
    playhead.go_to(400)
    assert scheduler.scene.compared_frame.samples_seen == 500
    runs.compare(None)
    assert scheduler.scene.compared_frame is None


def test_no_run_is_compared_with_itself(scheduler: Scheduler, runs: RunCollection) -> None:
    first = scheduler.scene.shown
    runs.compare(first)
    assert scheduler.scene.compared is None
    runs.add(run_of(0, 10))
    runs.compare(first)
    runs.select(first)
    assert scheduler.scene.compared is None


def test_removing_the_run_on_the_screen_shows_another_at_the_same_moment(
    scheduler: Scheduler, runs: RunCollection
) -> None:
    first = scheduler.scene.shown
    runs.add(run_of(0, 800))
    Playhead(scheduler, runs).toggle_playing()
    runs.remove(scheduler.scene.shown)
    assert scheduler.scene.shown.key is first.key
    assert (seen(scheduler), scheduler.scene.is_live, scheduler.scene.is_playing) == (0, False, False)
    runs.remove(first)
    assert scheduler.scene.runs.all == ()
    assert scheduler.scene.shown is None
    untrained = Network.initialize()
    assert seen(scheduler) == 0
    assert all(np.array_equal(*pair) for pair in zip(scheduler.scene.network.weights, untrained.weights, strict=True))


@pytest.mark.parametrize("moment", [500, 3000])
def test_undo_brings_a_removed_run_back_to_its_place_and_its_moment(
    scheduler: Scheduler, runs: RunCollection, moment: int
) -> None:
    first = scheduler.scene.shown
    runs.add(run_of(0, 800))
    runs.select(first)
    Playhead(scheduler, runs).go_to(moment)
    before = scheduler.scene
    runs.remove(first)
    notice = scheduler.scene.notice
    assert (notice.sentence, notice.action) == ("rate 0.003 was deleted.", "Undo")
    notice.act()
    scene = scheduler.scene
    assert scene.runs.all == before.runs.all
    assert (scene.shown, scene.frame, scene.is_live) == (before.shown, before.frame, moment == 3000)


def test_undo_of_a_run_in_the_background_leaves_the_moment(scheduler: Scheduler, runs: RunCollection) -> None:
    first = scheduler.scene.shown
    runs.add(run_of(0, 800))
    before = scheduler.scene
    runs.remove(first)
    scheduler.scene.notice.act()
    assert scheduler.scene.runs.all == before.runs.all
    assert (scheduler.scene.shown, scheduler.scene.frame) == (before.shown, before.frame)


def test_removing_the_compared_run_leaves_the_moment(scheduler: Scheduler, runs: RunCollection) -> None:
    first = scheduler.scene.shown
    runs.add(run_of(0, 400, 990, 2900))
    runs.compare(first)
    shown = scheduler.scene.frame
    runs.remove(first)
    assert scheduler.scene.compared_frame is None
    assert scheduler.scene.frame is shown


def test_the_active_run_cannot_be_removed(scheduler: Scheduler, runs: RunCollection) -> None:
    run = run_of(0)
    runs.start(run)
    runs.remove(run)
    assert scheduler.scene.notice is None
    assert run.key in keys(*scheduler.scene.runs.all)
    runs.end()
    runs.remove(run)
    assert run.key not in keys(*scheduler.scene.runs.all)


def test_a_run_that_comes_brings_its_settings_and_one_that_starts_has_them(
    scheduler: Scheduler, runs: RunCollection
) -> None:
    runs.add(History(TrainingConfig(epochs=5000, learning_rate=0.03, seed=2**40), 1000).with_frames([frame(0)]))
    config = scheduler.scene.config
    assert (config.epochs, config.learning_rate, config.seed) == (MOST_EPOCHS, 0.03, LARGEST_SEED)
    assert config.layer_sizes == TrainingConfig().layer_sizes
    runs.start(run_of(0))
    assert scheduler.scene.config is config


def test_a_run_that_is_started_again_stays_one_run(scheduler: Scheduler, runs: RunCollection) -> None:
    run = scheduler.scene.shown
    runs.add(run_of(0))
    runs.start(run)
    assert keys(scheduler.scene.active, scheduler.scene.shown, scheduler.scene.runs.all[0]) == [run.key] * 3
    assert (len(scheduler.scene.runs.all), seen(scheduler)) == (2, 3000)


def test_hiding_and_renaming(scheduler: Scheduler, runs: RunCollection) -> None:
    first = scheduler.scene.shown
    runs.add(run_of(0))
    runs.set_hidden(first, True)
    assert scheduler.scene.runs.others == ()
    runs.set_hidden(first, False)
    assert keys(*scheduler.scene.runs.others) == [first.key]
    runs.rename(first, "  slow  ")
    runs.rename(first, "   ")
    assert scheduler.scene.runs[first.key].name == "slow"


def test_a_hidden_run_that_is_shown_or_compared_has_its_curve_again(scheduler: Scheduler, runs: RunCollection) -> None:
    first = scheduler.scene.shown
    runs.add(run_of(0))
    for show in (runs.compare, runs.select):
        runs.set_hidden(first, True)
        show(first)
        assert scheduler.scene.runs.hidden == frozenset()


def test_many_runs_share_a_limited_memory(scheduler: Scheduler, runs: RunCollection) -> None:
    large = Network([np.zeros((784, 32), np.float32)], [])
    for _ in range(MOST_RUNS + 3):
        runs.start(run_of())
        runs.grow([frame(k, large) for k in range(0, 3000, 10)])
        runs.end()
    assert len(scheduler.scene.runs.all) == MOST_RUNS
    *others, newest = (run.memory_used for run in scheduler.scene.runs.all)
    assert sum(others) <= MEMORY_OF_OTHERS
    assert newest <= 64_000_000


def test_a_run_that_made_room_for_others_leaves_nothing(scheduler: Scheduler, runs: RunCollection) -> None:
    first = scheduler.scene.shown
    runs.add(run_of(0, 1))
    runs.compare(first)
    runs.set_hidden(first, True)
    for _ in range(MOST_RUNS):
        runs.add(run_of(0, 1))
    assert scheduler.scene.compared is None
    assert scheduler.scene.runs.hidden == frozenset()


def test_going_back_to_a_frame_that_the_run_keeps_no_longer(scheduler: Scheduler, runs: RunCollection) -> None:
    run = scheduler.scene.shown
    runs.show_detached(frame(7), "taught")
    gone = frame(777)
    assert runs.return_to(run.key, gone)
    assert scheduler.scene.frame is gone
    assert (scheduler.scene.shown.key, scheduler.scene.is_live) == (run.key, False)
    assert not runs.return_to(object(), gone)
