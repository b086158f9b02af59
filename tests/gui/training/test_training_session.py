import math

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from gui.playhead import Playhead
from gui.training.training_session import State, TrainingSession
from model.dataset import Dataset
from model.network import Network
from model.training import TrainingConfig, train
from tests.gui.conftest import is_at_rest


@pytest.fixture
def session(qtbot: QtBot, digits: Dataset):
    session = TrainingSession(Playhead(), math.inf)
    session.use_dataset(digits)
    yield session
    session.close()


def finish(qtbot: QtBot, session: TrainingSession, config: TrainingConfig) -> Network:
    with qtbot.waitSignal(session.run_ended, timeout=20000):
        session.start(config)
    return session._playhead.frame.network


def test_the_thread_gives_the_very_bits_that_the_model_gives(
    qtbot: QtBot, session: TrainingSession, digits: Dataset
) -> None:
    config = TrainingConfig(epochs=2, learning_rate=0.05, seed=3)
    shown = finish(qtbot, session, config)
    network = Network.initialize(seed=3)
    for _ in train(network, digits, config):
        pass
    assert all(np.array_equal(a, b) for a, b in zip(shown.weights, network.weights, strict=True))


def test_frames_come_in_order_and_the_first_and_last_are_measured(qtbot: QtBot, session: TrainingSession) -> None:
    frames = []
    session._playhead.frame_changed.connect(frames.append)
    finish(qtbot, session, TrainingConfig(epochs=1))
    run = session._playhead.run
    seen = [frame.progress.samples_seen for frame in frames]
    samples, accuracy = run.curve("test_accuracy")
    assert seen == sorted(seen)
    assert (samples[0], samples[-1], seen[-1]) == (0, 2000, 2000)
    assert np.all(accuracy >= 0)


def test_a_frame_never_changes(qtbot: QtBot, session: TrainingSession) -> None:
    session.start(TrainingConfig(epochs=1), paused=True)
    with qtbot.waitSignal(session._playhead.frame_changed):
        pass
    first = session._playhead.frame
    before = first.network.weights[0].copy()
    session.toggle_pause()
    qtbot.waitUntil(lambda: session.state is State.IDLE, timeout=20000)
    assert np.array_equal(first.network.weights[0], before)


def test_each_step_trains_a_single_sample(qtbot: QtBot, session: TrainingSession) -> None:
    config = TrainingConfig()
    for count in (1, 2, 3):
        session.step(config)
        qtbot.waitUntil(lambda count=count: _seen(session) == count)
        assert session.state is State.PAUSED


def test_a_run_at_rest_is_measured_where_it_rests(qtbot: QtBot, session: TrainingSession) -> None:
    session.step(TrainingConfig(learning_rate=0.5))
    qtbot.waitUntil(lambda: _seen(session) == 1 and session._playhead.frame.progress.test_accuracy is not None)


def test_pausing_holds_and_resuming_goes_on(qtbot: QtBot, session: TrainingSession) -> None:
    session.set_pace(2000)
    session.start(TrainingConfig(epochs=50))
    qtbot.waitUntil(lambda: _seen(session) > 0)
    session.toggle_pause()
    qtbot.waitUntil(lambda: is_at_rest(session))
    held = session._worker._network.copy()
    qtbot.wait(150)
    assert np.array_equal(session._worker._network.weights[0], held.weights[0])
    seen = _seen(session)
    session.toggle_pause()
    qtbot.waitUntil(lambda: _seen(session) > seen)


def test_stop_ends_the_run_with_the_network_as_it_is(qtbot: QtBot, session: TrainingSession) -> None:
    session.start(TrainingConfig(epochs=1000))
    qtbot.waitUntil(lambda: _seen(session) > 100)
    with qtbot.waitSignal(session.run_ended, timeout=1000) as ended:
        session.stop()
    assert ended.args == [""]
    assert session.state is State.IDLE
    assert 100 < _seen(session) < 1000 * 2000


def test_one_sample_a_second_comes_one_by_one(qtbot: QtBot, session: TrainingSession) -> None:
    seen = []
    session._playhead.frame_changed.connect(lambda frame: seen.append(frame.progress.samples_seen))
    session.set_pace(10)
    session.start(TrainingConfig())
    qtbot.waitUntil(lambda: len(set(seen)) > 6, timeout=5000)
    assert set(np.diff(list(dict.fromkeys(seen)))) == {1}


def test_diverging_ends_the_run_with_a_sentence_and_the_last_good_frame(qtbot: QtBot, session: TrainingSession) -> None:
    with qtbot.waitSignal(session.run_ended, timeout=20000) as ended:
        session.start(TrainingConfig(learning_rate=1e38))
    assert "Training diverged at sample" in ended.args[0]
    assert session._playhead.frame.network.is_usable()


def test_an_unexpected_exception_in_the_thread_reaches_the_hook(
    qtbot: QtBot, session: TrainingSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("a bug")
        yield

    monkeypatch.setattr("gui.training.training_worker.train", broken)
    with qtbot.capture_exceptions() as exceptions, qtbot.waitSignal(session.run_ended):
        session.start(TrainingConfig())
    assert [str(error) for _, error, _ in exceptions] == ["a bug"]
    assert session.state is State.IDLE


def test_runs_keep_frames_of_the_same_moments_whatever_their_pace(qtbot: QtBot, session: TrainingSession) -> None:
    moments = []
    for pace, rate in ((math.inf, 0.003), (30_000.0, 0.3)):
        session.set_pace(pace)
        finish(qtbot, session, TrainingConfig(epochs=1, learning_rate=rate))
        moments.append([frame.samples_seen for frame in session._playhead.run.frames])
    assert moments[0] == moments[1]
    assert moments[0][:20] == list(range(20))


def test_nothing_starts_without_digits(qtbot: QtBot) -> None:
    session = TrainingSession(Playhead(), math.inf)
    session.start(TrainingConfig())
    session.step(TrainingConfig())
    assert session.state is State.WAITING


def _seen(session: TrainingSession) -> int:
    frame = session._playhead.frame
    return -1 if frame is None else frame.progress.samples_seen
