import timeit
from dataclasses import FrozenInstanceError, replace
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.evaluation import Evaluation
from model.history import Frame, History, Phase
from model.homework.chosen_mistake import ChosenMistake
from model.measurements import MOST_POINTS, Measurements
from model.network import Network
from model.sequential_sgd import RESUME_INTERVAL
from model.training import Progress, TrainingConfig, train
from tests.model.textbook import same_bits, toy_dataset

NETWORK = Network.initialize((2, 2))
EPOCH = 60_000
TESTS = 25


def moment(samples, tested=False):
    """A frame whose every measure follows from its number of samples."""
    test = {"test_loss": 3.0 * samples, "test_accuracy": 4.0 * samples} if tested else {}
    return Frame(Progress(samples, 1, 1.0 * samples, 2.0 * samples, **test), NETWORK)


def history_of(frames):
    return History(TrainingConfig(), 60_000).with_frames(list(frames))


def test_a_new_history_is_empty():
    history = history_of([])
    assert history.latest is None
    assert history.latest_test is None
    for measure in ("training_loss", "training_accuracy", "test_loss", "test_accuracy"):
        assert [len(numbers) for numbers in history.curve(measure)] == [0, 0]


def test_it_knows_how_many_samples_are_planned_seen_and_where_it_ends():
    history = History(TrainingConfig(epochs=7), 1300)
    assert (history.samples_planned, history.samples_seen, history.last_sample) == (9100, 0, 9100)
    history = history.with_frames([moment(9200)])
    assert (history.samples_planned, history.samples_seen, history.last_sample) == (9100, 9200, 9200)


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


def test_nobody_can_write_to_the_network_of_a_frame():
    network = Frame(Progress(), Network.initialize((4, 3, 2))).network
    for array in (*network.weights, *network.biases):
        with pytest.raises(ValueError, match="read-only"):
            array[:] = 0
    network.copy().weights[0][:] = 0  # a copy of it may learn


# A run that grows is one history after the other


def state_of(history):
    """All there is to see of a run."""
    curves = [history.curve(f"{kind}_{measure}") for kind in ("training", "test") for measure in ("loss", "accuracy")]
    numbers = [array.tolist() for curve in curves for array in curve]
    frames = [id(frame) for frame in history.frames]
    return frames, history.latest, history.latest_test, history.measurements(), numbers, history.next_moment(10_000)


def test_a_history_never_changes():
    history = history_of([moment(0, tested=True), moment(100)])
    before = state_of(history)
    with pytest.raises(FrozenInstanceError):
        history.name = "another"
    with pytest.raises(FrozenInstanceError):
        del history.latest
    history.with_frames([moment(200, tested=True)])
    history.limited_to(1)
    history.renamed("another")
    history.restored([moment(5)], [moment(5).progress])
    history.fork(history.latest, TrainingConfig())
    assert state_of(history) == before
    assert history.name == "rate 0.003"


def test_a_grown_run_has_the_frames_of_both():
    history = run_of([0, 1])
    grown = history.with_frames([moment(2, tested=True), moment(3)])
    assert (kept(history), kept(grown)) == ([0, 1], [0, 1, 2, 3])
    assert (len(history.measurements()), len(grown.measurements())) == (2, 4)
    assert grown.start is history.start is history.frames[0]


def test_growing_by_nothing_changes_nothing():
    history = run_of([0, 1])
    assert history.with_frames([]) is history
    assert history.limited_to(64_000_000) is history


def test_all_states_of_a_run_have_one_key_and_every_run_another():
    history = run_of([0, 1])
    states = [history.with_frames([moment(2)]), history.limited_to(1), history.renamed("mine")]
    assert {each.key for each in states} == {history.key}
    assert len({history.key, run_of([0, 1]).key, history.fork(history.latest, history.config).key}) == 3


def test_a_run_is_called_by_its_learning_rate_unless_it_has_a_name():
    history = History(TrainingConfig(learning_rate=0.25), EPOCH)
    assert (history.name, history.renamed("mine").name) == ("rate 0.25", "mine")
    assert history.renamed("mine").with_frames([moment(1)]).name == "mine"


def test_a_frame_at_the_latest_ones_sample_takes_its_place():
    for samples in (0, 16, 1001, 1300):  # 1001 is not kept for itself, but as the latest
        measured = moment(samples, tested=True)
        history = history_of([moment(k) for k in (*range(0, samples, 20), samples)]).with_frames([measured])
        assert history.latest is history.frames[-1] is measured
        assert kept(history).count(samples) == 1
        assert history.latest_test is history.measurements()[-1] is measured.progress


@settings(deadline=None, max_examples=30, derandomize=True)
@given(
    steps=st.lists(st.integers(0, 3000), min_size=1, max_size=200),
    sizes=st.lists(st.integers(1, 30), min_size=1, max_size=5),
    affordable=st.integers(3, 100),
)
def test_how_many_frames_are_taken_in_at_once_makes_no_difference(steps, sizes, affordable):
    moments = np.cumsum([0, *steps]).tolist()
    at_once = run_of(moments, size=1000, memory=1000 * affordable)
    frames = [Frame(Progress(samples, -(-samples // EPOCH)), at_once.latest.network) for samples in moments]
    in_parts, sizes = run_of([], memory=1000 * affordable), sizes * len(frames)
    while frames:
        size = sizes.pop()
        in_parts, frames = in_parts.with_frames(frames[:size]), frames[size:]
    assert kept(in_parts) == kept(at_once)
    assert in_parts.measurements() == at_once.measurements()


def test_curves_are_computed_once_and_nobody_can_write_to_them():
    history = history_of([moment(0, tested=True), moment(500)])
    for measure in ("training_loss", "test_accuracy"):
        assert history.curve(measure) is history.curve(measure)
        for array in history.curve(measure):
            with pytest.raises(ValueError, match="read-only"):
                array[:] = 0
    assert history.with_frames([moment(600)]).curve("test_accuracy") is history.curve("test_accuracy")


def test_growing_takes_far_less_than_a_millisecond():
    end = 24 * EPOCH
    frames = [moment(samples, tested=True) for samples in range(0, end, 181)]
    history = History(TrainingConfig(epochs=30, tests_per_epoch=TESTS), EPOCH).with_frames(frames)
    new = [moment(end + k, tested=True) for k in range(10)]
    assert len(history.frames) > 500
    assert len(history.curve("training_loss")[0]) + len(history.curve("test_loss")[0]) > 7500
    assert min(timeit.repeat(lambda: history.with_frames(new), number=1, repeat=50)) < 0.001


# What is measured later


def evaluation(accuracy):
    return Evaluation(3.0 * accuracy, accuracy, np.zeros((2, 2), np.int64))


def frames_at(*samples):
    """Each with a network of its own."""
    return [Frame(Progress(each, 1, 1.0, 0.5), Network.initialize((2, 2), each)) for each in samples]


def test_frames_can_be_measured_later_in_any_order():
    history = history_of(frames_at(0, 1, 2, 3))
    third, first = (history.frames[k].tested(evaluation(k / 10)) for k in (2, 0))
    later = history.with_tests([third]).with_tests([first])
    assert later.frames == (first, history.frames[1], third, history.frames[3])
    assert [frame.samples_seen for frame in later.untested] == [1, 3]
    for measure, factor in (("test_loss", 3), ("test_accuracy", 1)):
        samples, values = later.curve(measure)
        assert samples.tolist() == [0, 2]
        np.testing.assert_allclose(values, [0, 0.2 * factor])
    assert later.latest_test is third.progress
    assert [progress.test_accuracy for progress in later.measurements()] == [0.0, None, 0.2, None]
    assert history.untested == history.frames


def test_frames_of_other_networks_do_not_count():
    history = history_of(frames_at(0, 1))
    assert history.with_tests([frame.tested(evaluation(1)) for frame in frames_at(0, 1)]) is history
    assert history.with_tests([]) is history


def test_the_latest_frame_counts_as_long_as_it_is_the_latest():
    history = history_of(frames_at(*range(0, 1000, 10), 1001))  # the last of them is not kept for itself
    measured = history.latest.tested(evaluation(0.5))
    history = history.with_tests([measured])
    assert history.latest is history.frames[-1] is measured
    assert history.latest_test is measured.progress
    assert history.curve("test_accuracy")[0].tolist() == [1001]
    history = history.with_frames(frames_at(1002))
    assert history.latest_test is None
    assert len(history.curve("test_accuracy")[0]) == 0


def test_equal_runs_have_equal_test_curves_whenever_they_were_measured():
    frames = frames_at(*range(2000))
    curves = []
    for rests in ((5, 77, 1999), (300, 1234, 1500, 1999)):
        history, start = history_of([]), 0
        for rest in rests:
            history, start = history.with_frames(frames[start : rest + 1]), rest + 1
            history = history.with_tests([history.latest.tested(evaluation(rest / 2000))])
        history = history.with_tests([each.tested(evaluation(each.samples_seen / 2000)) for each in history.untested])
        assert history.untested == ()
        curves.append([array.tolist() for array in history.curve("test_accuracy")])
    assert curves[0] == curves[1]
    assert curves[0][0] == kept(history)


def test_many_later_measurements_stay_few_points():
    frames = frames_at(0) + [moment(k) for k in range(1, 3 * MOST_POINTS)]
    many = Measurements().merged([frame.progress for frame in reversed(frames)])
    assert len(many.points) <= MOST_POINTS + 1
    assert (many.points[0].samples_seen, many.last.samples_seen) == (0, 3 * MOST_POINTS - 1)


@pytest.mark.parametrize("samples", [0, 4, 999, 1000, 5000])
def test_it_knows_over_how_many_samples_the_training_accuracy_is_a_mean(samples):
    history = run_of([0, samples])
    assert history.recent_samples(samples) == min(samples, 1000)
    fork = history.fork(history.latest, TrainingConfig(learning_rate=1.0))
    assert fork.recent_samples(samples + 4) == 4  # with another rate it starts again


def test_where_own_code_goes_on_later_its_means_begin_anew():
    history = run_of([0, 2000]).resumed_here().with_frames([moment(2004), moment(5000)])
    assert [history.recent_samples(samples) for samples in (600, 2000, 2004, 5000)] == [600, 1000, 4, 1000]


def test_a_run_resumes_where_its_bits_and_its_means_follow_from():
    toys = toy_dataset()
    whole = trained_history(TOY_CONFIG)
    for count in (1, 5, len(whole.frames) - 2):
        stopped = History(TOY_CONFIG, 1300).with_frames(whole.frames[:count])
        network = stopped.resume_point.network.copy()
        *_, progress = train(network, toys, TOY_CONFIG, stopped.resume_point.samples_seen)
        assert same_bits(network, whole.latest.network)
        if stopped.samples_seen > 1000 + RESUME_INTERVAL:
            assert progress == whole.latest.progress


# Which frames are kept


def run_of(moments, size=NETWORK.nbytes, memory=64_000_000, epoch=EPOCH):
    """A run that was given a frame at each of these moments, each of `size` bytes."""
    network = Network([np.zeros(size // 4, np.float32)], [])
    history = History(TrainingConfig(epochs=1000, tests_per_epoch=TESTS), epoch).limited_to(memory)
    return history.with_frames([Frame(Progress(samples, -(-samples // epoch)), network) for samples in moments])


def kept(history):
    return [frame.samples_seen for frame in history.frames]


def test_the_beginning_is_kept_sample_by_sample_then_geometrically():
    samples = kept(run_of(range(3000)))
    assert samples[:33] == list(range(33))
    first_thousand = np.array([s for s in samples if 32 <= s <= 1000])
    assert 50 < len(first_thousand) < 70
    ratios = first_thousand[1:] / first_thousand[:-1]
    assert (ratios <= 1.07).all()
    assert (ratios >= 1.03).all()


def test_later_frames_are_as_far_apart_as_the_tests_and_fall_on_them():
    samples = np.array(kept(run_of(range(0, 3 * EPOCH + 1, 100))))
    late = samples[samples >= EPOCH]
    np.testing.assert_array_equal(np.diff(late), EPOCH // TESTS)


def test_a_run_of_three_epochs_keeps_about_200_frames():
    assert 150 < len(kept(run_of(range(0, 3 * EPOCH + 1, 4)))) < 300


@settings(deadline=None, max_examples=40, derandomize=True)
@given(
    strides=st.lists(st.integers(1, 5000), min_size=1, max_size=5),
    epochs=st.integers(1, 30),
    affordable=st.integers(40, 400),
)
def test_any_run_stays_within_its_memory_and_keeps_its_first_its_last_and_the_ends_of_its_epochs(
    strides, epochs, affordable
):
    moments = {0}
    for epoch in range(epochs):
        stride = strides[epoch % len(strides)] * 10
        moments |= set(range(epoch * EPOCH + stride, (epoch + 1) * EPOCH, stride)) | {(epoch + 1) * EPOCH}
    history = run_of(sorted(moments), size=1000, memory=1000 * affordable)
    samples = kept(history)
    assert history.memory_used <= 1000 * affordable
    assert samples == sorted(set(samples))
    assert {0, epochs * EPOCH} <= set(samples) <= moments
    if affordable >= 4 * epochs + 40:
        assert {epoch * EPOCH for epoch in range(epochs + 1)} <= set(samples)


def test_thinning_leaves_even_distances():
    samples = np.array(kept(run_of(range(0, 40 * EPOCH + 1, 600), size=100_000, memory=20_000_000)))
    assert len(samples) > 100
    late = samples[(samples > 10 * EPOCH) & (samples % EPOCH != 0)]
    distances = np.diff(late)
    assert distances.max() <= 2 * np.median(distances)


def test_a_thousand_epochs_keep_every_nth_of_their_ends():
    samples = np.array(kept(run_of(range(0, 1000 * EPOCH + 1, EPOCH // 5), size=100_000)))
    ends = samples[samples % EPOCH == 0] // EPOCH
    assert (samples[0], samples[-1]) == (0, 1000 * EPOCH)
    assert 100 < len(ends) <= 640
    assert len(samples) <= 640


def test_a_network_too_large_for_more_keeps_few_frames():
    history = run_of(range(0, 3 * EPOCH + 1, 16), size=3_000_000)
    assert history.memory_used <= 64_000_000
    assert len(history.frames) >= 15


def test_a_smaller_limit_thins_at_once():
    whole = run_of(range(0, 3 * EPOCH + 1, 100), size=100_000)
    history = whole.limited_to(5_000_000)
    assert len(whole.frames) > 100
    assert 20 <= len(history.frames) <= 50
    assert kept(history)[-1] == 3 * EPOCH


# Moving through them


def test_the_nearest_frame_is_found():
    history = run_of([0, 10, 20, 40])
    found = {samples: history.nearest(samples).samples_seen for samples in (-5, 0, 4, 6, 14.9, 15.1, 31, 99)}
    assert found == {-5: 0, 0: 0, 4: 0, 6: 10, 14.9: 10, 15.1: 20, 31: 40, 99: 40}


def test_a_run_without_frames_has_no_nearest():
    with pytest.raises(ValueError, match="no frames"):
        history_of([]).nearest(0)


def test_steps_go_from_frame_to_frame_and_end_at_the_ends():
    history = run_of([0, 1, 2, 3])
    middle = history.frames[1]
    assert [history.step_from(middle, k).samples_seen for k in (-9, -1, 0, 1, 9)] == [0, 0, 1, 2, 3]


def test_measurements_are_all_that_was_measured_in_order():
    frames = [moment(0, tested=True), moment(500), moment(1300, tested=True)]
    assert history_of(frames).measurements() == [frame.progress for frame in frames]


# Forks


@cache
def trained_history(config):
    """A run on the toys with a frame for each of its steps."""
    toys = toy_dataset()
    network = Network.initialize(config.layer_sizes, config.seed)
    reports = train(network, toys, config)
    frames = [Frame(progress, network.copy()) for progress in reports if not progress.is_measuring]
    return History(config, len(toys.train_images)).with_frames(frames)


def resumed(run, toys):
    """The network and the report at the end of a run that resumes at its start."""
    network = run.start.network.copy()
    *_, progress = train(network, toys, run.config, run.start.samples_seen)
    return network, progress


TOY_CONFIG = TrainingConfig(epochs=3, learning_rate=0.1, layer_sizes=(6, 5, 3), tests_per_epoch=3)


@pytest.mark.parametrize("samples", [0, 433, 867, 1300, 2000, 3033])
def test_a_fork_with_the_same_learning_rate_gives_the_bits_of_the_run_itself(samples):
    toys = toy_dataset()
    history = trained_history(TOY_CONFIG)
    frame = history.nearest(samples)
    run = history.fork(frame, TOY_CONFIG)
    network, progress = resumed(run, toys)
    assert same_bits(network, history.latest.network)
    assert progress.test_loss == history.latest.progress.test_loss
    assert (run.first_sample, run.phases) == (frame.samples_seen, history.phases)
    assert run.start.samples_seen % 1300 % RESUME_INTERVAL == 0
    if frame.samples_seen > 1000 + RESUME_INTERVAL:
        assert progress == history.latest.progress


def test_a_fork_with_another_learning_rate_starts_at_the_very_frame():
    history = trained_history(TOY_CONFIG)
    frame = history.nearest(2000)
    run = history.fork(frame, TrainingConfig(epochs=4, learning_rate=1.0, seed=7, layer_sizes=(6, 3)))
    assert run.start is frame
    assert run.config == TrainingConfig(epochs=4, learning_rate=1.0, layer_sizes=(6, 5, 3))
    assert run.phases == (Phase(0, 0.1), Phase(frame.samples_seen, 1.0))
    assert (run.first_sample, run.name) == (frame.samples_seen, "rate 1 · 5")


def test_own_code_goes_on_at_its_own_rate():
    history = trained_history(TOY_CONFIG)
    frame = history.nearest(2000)
    fork = history.fork(frame, replace(TOY_CONFIG, learning_rate=1.0))
    assert fork.at_own_rate(0.1).phases == history.phases
    assert fork.at_own_rate(0.2).phases == (*history.phases, Phase(frame.samples_seen, 0.2))
    assert fork.at_own_rate(0.2).config.learning_rate == 0.2
    assert history.at_own_rate(0.2).phases == (*history.phases, Phase(history.samples_seen, 0.2))


def test_a_fork_can_be_forked_again():
    toys = toy_dataset()
    history = trained_history(TOY_CONFIG)
    first = history.fork(history.nearest(2000), TOY_CONFIG)
    second = first.fork(first.latest, TOY_CONFIG)
    assert same_bits(resumed(second, toys)[0], history.latest.network)


# Mistakes on purpose

SLOPE = ChosenMistake("missing-slope", 1, is_hidden=True)
WITH_SLOPE = replace(TOY_CONFIG, mistake=SLOPE)


def test_a_run_with_a_mistake_is_marked_wherever_it_is_named():
    run = History(WITH_SLOPE, 1300)
    assert (run.name, run.title) == ("rate 0.1 · 5", "rate 0.1 · 5, with a mistake")
    assert run.renamed("mine").title == "mine, with a mistake"
    assert History(TOY_CONFIG, 1300).title == "rate 0.1 · 5"


@pytest.mark.parametrize("name", ["missing-slope", "state-kept"])
@pytest.mark.parametrize("samples", [0, 1300, 2000, 3033])
def test_a_fork_with_the_same_mistake_gives_the_bits_of_the_run_itself(name, samples):
    toys, config = toy_dataset(), replace(TOY_CONFIG, mistake=ChosenMistake(name))
    history = trained_history(config)
    run = history.fork(history.nearest(samples), config)
    assert same_bits(resumed(run, toys)[0], history.latest.network)
    assert run.phases == history.phases


def test_a_fork_without_the_mistake_is_still_marked_and_starts_at_the_very_frame():
    history = trained_history(WITH_SLOPE)
    frame = history.nearest(2000)
    run = history.fork(frame, TOY_CONFIG)
    assert run.start is frame
    assert run.phases == (Phase(0, 0.1, SLOPE), Phase(frame.samples_seen, 0.1))
    assert (run.has_mistake, run.hides_mistake, run.config.mistake) == (True, True, None)
    right = trained_history(TOY_CONFIG)
    later = right.fork(right.nearest(1300), WITH_SLOPE)
    assert later.phases == (Phase(0, 0.1), Phase(1300, 0.1, SLOPE))


def test_what_is_hidden_can_be_revealed():
    run = History(WITH_SLOPE, 1300).with_frames([moment(0)])
    revealed = run.revealed()
    assert (run.hides_mistake, revealed.hides_mistake) == (True, False)
    assert (revealed.key, revealed.config.mistake, revealed.frames) == (run.key, SLOPE, run.frames)
    assert str(revealed.phases[0].mistake) == "The slope σ′(z) is missing, in layer 1"
