"""Runs without a window: what the training thread does, and how its frames get into the scene."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from gui.flow.background import Background
from gui.flow.limits import FASTEST
from gui.flow.moment_evaluator import MomentEvaluator
from gui.flow.run_collection import RunCollection
from gui.flow.scene import Scene, TrainingState
from gui.flow.scheduler import Part, Scheduler, Urgency
from gui.training.pacer import FULL_SPEED, Pacer, samples_per_second
from gui.training.training_session import TESTS_PER_EPOCH, TrainingSession
from model.dataset import Dataset, as_floats
from model.evaluation import evaluate
from model.history import Frame, History
from model.homework.chosen_mistake import ChosenMistake
from model.network import Network
from model.plain_sgd import plain_sgd
from model.training import Progress, TrainingConfig, train

WaitUntil = Callable[[Callable[[Scene], bool]], None]


@pytest.fixture
def scheduler(qapp: object) -> Scheduler:
    return Scheduler(Scene(speed=FASTEST))


@pytest.fixture
def waiting_session(scheduler: Scheduler) -> Iterator[TrainingSession]:
    """Without digits."""
    runs, background = RunCollection(scheduler), Background(scheduler)
    session = TrainingSession(scheduler, runs, MomentEvaluator(scheduler, background, runs), lambda: True)
    yield session
    session.close()
    background.close()


@pytest.fixture
def session(waiting_session: TrainingSession, scheduler: Scheduler, digits: Dataset) -> TrainingSession:
    scheduler.change(dataset=digits)
    return waiting_session


@pytest.fixture
def wait_until(qtbot: QtBot, scheduler: Scheduler) -> WaitUntil:
    def for_scene(condition: Callable[[Scene], bool]) -> None:
        qtbot.waitUntil(lambda: condition(scheduler.scene), timeout=20000)

    return for_scene


@pytest.fixture
def deliveries_by_the_timer_alone_never_come(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gui.training.training_worker.REFRESH", 10_000_000)


@pytest.fixture
def pacers(monkeypatch: pytest.MonkeyPatch) -> list["WatchedPacer"]:
    """The pacers of all runs from here on."""
    made: list[WatchedPacer] = []

    def make(samples_per_second: float, paused: bool, tick: float) -> WatchedPacer:
        made.append(WatchedPacer(samples_per_second, paused, tick))
        return made[-1]

    monkeypatch.setattr("gui.training.training_session.Pacer", make)
    return made


class WatchedPacer(Pacer):
    def __init__(self, samples_per_second: float, paused: bool, tick: float) -> None:
        super().__init__(samples_per_second, paused, tick=tick)
        self.pace = samples_per_second
        self.yields = False

    def set_pace(self, samples_per_second: float) -> None:
        self.pace = samples_per_second
        super().set_pace(samples_per_second)

    def set_yielding(self, yields: bool) -> None:
        self.yields = yields
        super().set_yielding(yields)


def start(session: TrainingSession, scheduler: Scheduler, paused: bool = False, **settings: float) -> None:
    scheduler.change(config=replace(scheduler.scene.config, **settings))
    session.start(paused)


def finish(qtbot: QtBot, session: TrainingSession, scheduler: Scheduler, **settings: float) -> History:
    with qtbot.waitSignal(session.finished, timeout=20000):
        start(session, scheduler, **settings)
    run = scheduler.scene.shown
    assert run is not None
    return run


def seen(scene: Scene) -> int:
    return scene.frame.samples_seen


def are_equal(one: Network, other: Network) -> bool:
    pairs = zip([*one.weights, *one.biases], [*other.weights, *other.biases], strict=True)
    return all(np.array_equal(*pair) for pair in pairs)


def test_the_thread_gets_the_very_bits_that_the_model_gets(
    qtbot: QtBot, session: TrainingSession, scheduler: Scheduler, digits: Dataset
) -> None:
    run = finish(qtbot, session, scheduler, epochs=2, learning_rate=0.05, seed=3)
    network = Network.initialize(seed=3)
    for _ in train(network, digits, TrainingConfig(epochs=2, learning_rate=0.05, seed=3)):
        pass
    assert scheduler.scene.frame is run.latest
    assert are_equal(run.latest.network, network)


def test_frames_come_in_order_and_the_test_curve_has_both_ends(
    qtbot: QtBot, session: TrainingSession, scheduler: Scheduler, digits: Dataset
) -> None:
    owner, shown = QObject(), []
    scheduler.add(owner, [Part(lambda scene: shown.append(seen(scene)), ("frame",), Urgency.PEN)])
    run = finish(qtbot, session, scheduler, epochs=1, learning_rate=0.05)
    assert shown == sorted(shown)
    samples, accuracy = run.curve("test_accuracy")
    assert samples.tolist() == [2000 * k // TESTS_PER_EPOCH for k in range(TESTS_PER_EPOCH + 1)]
    for frame, measured in ((run.frames[0], accuracy[0]), (run.latest, accuracy[-1])):
        assert measured == evaluate(frame.network, digits.test_images, digits.test_labels).accuracy


def test_a_frame_never_changes(session: TrainingSession, scheduler: Scheduler, wait_until: WaitUntil) -> None:
    start(session, scheduler, paused=True, epochs=1)
    first = scheduler.scene.frame
    assert are_equal(first.network, Network.initialize())
    session.toggle_pause()
    wait_until(lambda scene: scene.training is TrainingState.IDLE)
    assert are_equal(first.network, Network.initialize())
    for frame in (first, scheduler.scene.frame):
        with pytest.raises(ValueError, match="read-only"):
            frame.network.weights[0][0, 0] = 1


@pytest.mark.usefixtures("deliveries_by_the_timer_alone_never_come")
def test_a_step_trains_a_single_sample_and_shows_it_at_once(
    session: TrainingSession,
    scheduler: Scheduler,
    digits: Dataset,
    wait_until: WaitUntil,
) -> None:
    scheduler.change(config=TrainingConfig(learning_rate=0.5))
    textbook = Network.initialize()
    for k in range(3):
        session.step()
        wait_until(lambda scene, k=k: seen(scene) == k + 1)
        plain_sgd(textbook, as_floats(digits.train_images[k : k + 1]), digits.train_labels[k : k + 1], 0.5)
        assert scheduler.scene.training is TrainingState.PAUSED
        network = scheduler.scene.network
        assert all(np.allclose(*pair, atol=1e-6) for pair in zip(network.weights, textbook.weights, strict=True))
    assert len(scheduler.scene.runs.all) == 1


@pytest.mark.usefixtures("deliveries_by_the_timer_alone_never_come")
def test_a_run_at_rest_is_measured_where_it_rests(
    session: TrainingSession,
    scheduler: Scheduler,
    digits: Dataset,
    wait_until: WaitUntil,
) -> None:
    scheduler.change(speed=0)  # a second from one sample to the next
    start(session, scheduler, learning_rate=0.5)
    wait_until(lambda scene: seen(scene) == 1 and scene.frame.progress.test_accuracy is not None)
    on_test = evaluate(scheduler.scene.network, digits.test_images, digits.test_labels)
    progress = scheduler.scene.frame.progress
    assert (progress.test_accuracy, progress.test_loss) == (on_test.accuracy, pytest.approx(on_test.loss))


def test_pausing_holds_and_resuming_continues(
    session: TrainingSession, scheduler: Scheduler, wait_until: WaitUntil
) -> None:
    start(session, scheduler, epochs=1000)
    wait_until(lambda scene: seen(scene) > 0)
    session.toggle_pause()
    assert scheduler.scene.training is TrainingState.PAUSED
    wait_until(lambda _: session.is_waiting())
    held = seen(scheduler.scene)
    session.step()
    wait_until(lambda scene: seen(scene) > held)
    assert seen(scheduler.scene) == held + 1  # and nothing in between
    session.toggle_pause()
    assert scheduler.scene.training is TrainingState.RUNNING
    wait_until(lambda scene: seen(scene) > held + 1)


def test_stop_ends_the_run_with_the_network_as_it_is(
    qtbot: QtBot,
    session: TrainingSession,
    scheduler: Scheduler,
    wait_until: WaitUntil,
) -> None:
    start(session, scheduler, epochs=1000)
    wait_until(lambda scene: seen(scene) > 100)
    with qtbot.waitSignal(session.finished, timeout=10000):
        session.stop()
    scene = scheduler.scene
    assert (scene.training, scene.active, scene.notice) == (TrainingState.IDLE, None, None)
    assert 100 < seen(scene) < 1000 * 2000
    assert scene.frame is scene.shown.latest
    assert not session.is_waiting()


def test_a_run_that_was_stopped_is_resumed_as_the_same_run_to_the_same_bits(
    qtbot: QtBot, session: TrainingSession, scheduler: Scheduler, digits: Dataset, wait_until: WaitUntil
) -> None:
    config = TrainingConfig(epochs=2, learning_rate=0.05, seed=3)
    scheduler.change(config=config, speed=75)  # 6,100 a second: it is stopped long before the end
    session.start()
    wait_until(lambda scene: seen(scene) > 1500)  # further than the means reach back
    with qtbot.waitSignal(session.finished):
        session.stop()
    stopped = scheduler.scene.shown
    assert scheduler.scene.can_resume
    scheduler.change(speed=FASTEST, config=TrainingConfig(epochs=9, learning_rate=1.0))
    with qtbot.waitSignal(session.finished, timeout=20000):
        session.toggle_pause()
        assert scheduler.scene.training is TrainingState.RUNNING
    (run,) = scheduler.scene.runs.all
    network = Network.initialize(seed=3)
    *_, progress = train(network, digits, config)
    assert are_equal(run.latest.network, network)
    assert run.latest.progress.training_accuracy == progress.training_accuracy
    assert (run.key, run.phases, run.config.epochs) == (stopped.key, stopped.phases, 2)
    moments = [frame.samples_seen for frame in run.frames]
    assert moments == sorted(set(moments))
    assert moments[: len(stopped.frames) - 1] == [frame.samples_seen for frame in stopped.frames[:-1]]
    assert not scheduler.scene.can_resume  # it is over


def test_diverging_ends_the_run_with_a_sentence_and_the_last_good_frame(
    qtbot: QtBot, session: TrainingSession, scheduler: Scheduler
) -> None:
    finish(qtbot, session, scheduler, learning_rate=1e38)
    assert "Training diverged at sample" in scheduler.scene.notice.sentence
    assert scheduler.scene.network.is_usable()
    start(session, scheduler, learning_rate=0.1)
    assert scheduler.scene.notice is None
    assert scheduler.scene.training is TrainingState.RUNNING


def test_an_unexpected_exception_in_the_thread_reaches_the_hook(
    qtbot: QtBot, session: TrainingSession, scheduler: Scheduler, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> Iterator[Progress]:
        raise RuntimeError("a bug")
        yield

    monkeypatch.setattr("gui.training.training_worker.train", broken)
    with qtbot.capture_exceptions() as exceptions:
        finish(qtbot, session, scheduler)
    assert [str(error) for _, error, _ in exceptions] == ["a bug"]
    assert scheduler.scene.training is TrainingState.IDLE


def test_runs_keep_frames_of_the_same_moments_whatever_their_pace(
    qtbot: QtBot, session: TrainingSession, scheduler: Scheduler
) -> None:
    moments = []
    for speed, rate in ((FASTEST, 0.003), (90, 0.3)):
        scheduler.change(speed=speed)
        run = finish(qtbot, session, scheduler, epochs=1, learning_rate=rate)
        moments.append([frame.samples_seen for frame in run.frames])
    assert moments[0] == moments[1]
    assert moments[0][:20] == list(range(20))


def test_without_digits_nothing_starts(waiting_session: TrainingSession, scheduler: Scheduler) -> None:
    session = waiting_session
    for request in (session.start, session.step, session.toggle_pause, session.stop, session.continue_from_here):
        request()
    assert scheduler.scene.training is TrainingState.WAITING
    assert scheduler.scene.runs.all == ()


def test_a_run_on_other_digits_is_not_continued(session: TrainingSession, scheduler: Scheduler) -> None:
    run = History(TrainingConfig(), 60_000).with_frames([Frame(Progress(), Network.initialize())])
    RunCollection(scheduler).add(run)
    for request in (session.continue_from_here, session.toggle_pause):
        scheduler.change(notice=None)
        request()
        assert "trained on 60,000 digits, and 2,000 others are loaded" in scheduler.scene.notice.sentence
        assert scheduler.scene.active is None


def test_a_run_is_as_fast_as_the_slider_says_and_yields_while_something_is_dragged(
    session: TrainingSession, scheduler: Scheduler, pacers: list[WatchedPacer]
) -> None:
    scheduler.change(is_dragging=True, speed=10)
    start(session, scheduler, epochs=1000)
    (pacer,) = pacers
    assert (pacer.pace, pacer.yields) == (samples_per_second(10), True)
    scheduler.change(is_dragging=False)
    assert not pacer.yields
    for steps, speed in ((-2, 0), (9, 90), (3, FASTEST)):
        session.change_speed(steps)
        assert (scheduler.scene.speed, pacer.pace) == (speed, samples_per_second(speed))
    assert pacer.pace == FULL_SPEED


def test_a_step_after_the_end_is_the_first_of_another_epoch(
    qtbot: QtBot, session: TrainingSession, scheduler: Scheduler, wait_until: WaitUntil, digits: Dataset
) -> None:
    run = finish(qtbot, session, scheduler, epochs=1, learning_rate=0.1)
    session.step()
    wait_until(lambda scene: seen(scene) == 2001)
    scene = scheduler.scene
    assert (scene.training, scene.shown.first_sample, len(scene.runs.all)) == (TrainingState.PAUSED, 2000, 2)
    expected = run.latest.network.copy()
    plain_sgd(expected, as_floats(digits.train_images[:1]), digits.train_labels[:1], 0.1)
    for weights, right in zip(scene.network.weights, expected.weights, strict=True):
        np.testing.assert_allclose(weights, right, atol=1e-6)


def test_a_step_while_another_moment_is_shown_is_one_of_the_active_run(
    session: TrainingSession, scheduler: Scheduler, wait_until: WaitUntil
) -> None:
    start(session, scheduler, paused=True)
    for count in (1, 2):
        session.step()
        wait_until(lambda scene, count=count: seen(scene) == count)
    run = scheduler.scene.active
    scheduler.change(frame=run.frames[0], is_live=False)
    session.step()
    wait_until(lambda scene: scene.active.samples_seen == 3)
    assert (seen(scheduler.scene), len(scheduler.scene.runs.all)) == (0, 1)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_network_of_no_run_can_be_trained_as_a_run_of_its_own(
    session: TrainingSession, scheduler: Scheduler, wait_until: WaitUntil, dtype: type, digits: Dataset
) -> None:
    network = Network.initialize((784, 7, 10), 3, dtype)
    frame = Frame(Progress(), network)
    scheduler.change(frame=frame, frame_name="mine.npz", speed=FASTEST)
    session.step()
    wait_until(lambda scene: seen(scene) == 1)
    run = scheduler.scene.shown
    assert (run.origin, run.name) == ("mine.npz", "rate 0.003 · 7, from mine.npz")
    assert run.config.layer_sizes == (784, 7, 10)
    assert scheduler.scene.network.dtype == dtype
    expected = network.copy()
    plain_sgd(expected, as_floats(digits.train_images[:1], dtype), digits.train_labels[:1], 0.003)
    for weights, right in zip(scheduler.scene.network.weights, expected.weights, strict=True):
        np.testing.assert_allclose(weights, right, atol=1e-6)


@pytest.mark.parametrize("name", ["missing-slope", "state-kept"])
def test_a_run_with_a_mistake_that_was_stopped_is_resumed_with_the_same_bits(
    qtbot: QtBot, session: TrainingSession, scheduler: Scheduler, wait_until: WaitUntil, name: str
) -> None:
    mistake = ChosenMistake(name)
    scheduler.change(config=replace(scheduler.scene.config, mistake=mistake))
    uninterrupted = finish(qtbot, session, scheduler, epochs=2)
    assert scheduler.scene.config.mistake is None
    scheduler.change(config=replace(scheduler.scene.config, mistake=mistake))
    start(session, scheduler, epochs=2)
    wait_until(lambda scene: 2000 < seen(scene) < 4000)
    with qtbot.waitSignal(session.finished, timeout=20000):
        session.stop()
    with qtbot.waitSignal(session.finished, timeout=20000):
        session.toggle_pause()
    resumed = scheduler.scene.shown
    assert resumed is not None
    assert resumed.key is not uninterrupted.key
    assert are_equal(resumed.latest.network, uninterrupted.latest.network)


def test_a_run_with_a_mistake_that_diverges_says_so(
    qtbot: QtBot, session: TrainingSession, scheduler: Scheduler
) -> None:
    scheduler.change(config=replace(scheduler.scene.config, mistake=ChosenMistake("slope-formula-of-z")))
    run = finish(qtbot, session, scheduler)
    assert "makes a mistake on purpose" in scheduler.scene.notice.sentence
    assert run.latest.network.is_usable()
