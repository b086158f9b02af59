from dataclasses import FrozenInstanceError

import numpy as np
import pytest

from model.history import MOST_POINTS, Frame, History
from model.network import Network
from model.training import Progress, TrainingConfig

NETWORK = Network.initialize((2, 2))


def moment(samples, tested=False):
    """A frame whose every measure can be told from its number of samples."""
    test = {"test_loss": 3.0 * samples, "test_accuracy": 4.0 * samples} if tested else {}
    return Frame(Progress(samples, 1, 1.0 * samples, 2.0 * samples, **test), NETWORK)


def history_of(frames):
    history = History(TrainingConfig(), 60_000)
    for frame in frames:
        history.add(frame)
    return history


def test_a_new_history_is_empty():
    history = history_of([])
    assert history.latest is None
    assert history.latest_test is None
    for measure in ("training_loss", "training_accuracy", "test_loss", "test_accuracy"):
        assert [len(numbers) for numbers in history.curve(measure)] == [0, 0]


def test_it_knows_how_many_samples_are_planned():
    assert History(TrainingConfig(epochs=7), 1300).samples_planned == 9100


def test_a_curve_is_one_measure_over_the_samples_seen():
    history = history_of([moment(500), moment(1000), moment(1300, tested=True)])
    for measure, factor in (("training_loss", 1), ("training_accuracy", 2)):
        samples, values = history.curve(measure)
        np.testing.assert_array_equal(samples, [500, 1000, 1300])
        np.testing.assert_array_equal(values, factor * samples)


def test_a_curve_of_the_test_set_has_points_only_where_it_was_measured():
    history = history_of([moment(0, tested=True), moment(500), moment(1300, tested=True), moment(1800)])
    for measure, factor in (("test_loss", 3), ("test_accuracy", 4)):
        samples, values = history.curve(measure)
        np.testing.assert_array_equal(samples, [0, 1300])
        np.testing.assert_array_equal(values, factor * samples)


def test_before_the_first_sample_nothing_is_measured_in_training():
    samples, values = history_of([Frame(Progress(), NETWORK), moment(500)]).curve("training_loss")
    np.testing.assert_array_equal(samples, [500])
    np.testing.assert_array_equal(values, [500])


def test_the_latest_frame_and_the_latest_test_are_kept_apart():
    frames = [moment(0, tested=True), moment(500), moment(1300, tested=True), moment(1800)]
    history = history_of(frames)
    assert history.latest is frames[3]
    assert history.latest_test is frames[2].progress


@pytest.mark.parametrize("count", [MOST_POINTS - 1, MOST_POINTS, MOST_POINTS + 1, 3 * MOST_POINTS, 20_000])
def test_a_long_run_keeps_its_first_and_latest_moment_and_stays_small(count):
    history = history_of(moment(k, tested=True) for k in range(count))
    for measure, factor in (("training_loss", 1), ("test_accuracy", 4)):
        samples, values = history.curve(measure)
        assert min(count, MOST_POINTS // 3) <= len(samples) <= MOST_POINTS
        assert (samples[0], samples[-1]) == (0, count - 1)
        assert (np.diff(samples) > 0).all()
        np.testing.assert_array_equal(values, factor * samples)


def test_a_run_that_fits_is_kept_whole():
    samples, _ = history_of(moment(k) for k in range(MOST_POINTS)).curve("training_loss")
    np.testing.assert_array_equal(samples, np.arange(MOST_POINTS))


def test_a_long_run_is_thinned_evenly():
    samples, _ = history_of(moment(k) for k in range(100_000)).curve("training_loss")
    assert np.diff(samples).max() < 4 * 100_000 / MOST_POINTS


def test_frames_are_frozen():
    with pytest.raises(FrozenInstanceError):
        moment(0).network = None
