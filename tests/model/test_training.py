import math
from dataclasses import FrozenInstanceError
from itertools import count, islice

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.dataset import Dataset, as_floats
from model.evaluation import evaluate
from model.homework.chosen_mistake import ChosenMistake
from model.homework.mistaken_sgd import MistakenSGD, start_with
from model.network import Network
from model.sequential_sgd import LARGEST_BLOCK, RESUME_INTERVAL, SequentialSGD
from model.training import (
    SAMPLES_A_STEP,
    Progress,
    TrainingConfig,
    TrainingDiverged,
    initial_network,
    is_resume_point,
    layer_sizes_around,
    read_hidden_layers,
    train,
    written_hidden_layers,
)
from tests.model.textbook import assert_close, learn_by_the_book, same_bits, toy_dataset

# Of an independent implementation in float64: seed 80085, learning rate 0.003, after 0, 1, 2 and 3 epochs.
REFERENCE_ACCURACIES = [0.1028, 0.8671, 0.9078, 0.9277]
REFERENCE_LOSSES = [2.36092016, 0.47248021, 0.31555805, 0.25053791]

TOY_LAYERS = (6, 5, 3)


@pytest.fixture(scope="module")
def toys():
    return toy_dataset()


@pytest.fixture(scope="module")
def reference_run(mnist):
    network = Network.initialize(dtype=np.float64)
    return network, list(train(network, mnist, TrainingConfig()))


def toy_config(**values):
    return TrainingConfig(**{"epochs": 2, "learning_rate": 0.1, "layer_sizes": TOY_LAYERS} | values)


def start(dataset, dtype=np.float32, **values):
    """A new network in training on the toys, and the reports of it."""
    config = toy_config(**values)
    network = Network.initialize(config.layer_sizes, config.seed, dtype)
    return network, train(network, dataset, config)


def trained(dataset, **values):
    network, reports = start(dataset, **values)
    return network, list(reports)


def next_report(reports, length=None):
    """The report after learning from `length` samples, whatever steps measuring took."""
    report = reports.send(length)
    while report.is_measuring:
        report = next(reports)
    return report


def report_in_steps(reports, lengths):
    """All reports, where every step is asked to learn from the next of the lengths."""
    received = [next_report(reports)]
    for length in lengths:
        try:
            received.append(next_report(reports, length))
        except StopIteration:
            break
    return received


def first_overflow_by_the_book(network, dataset, learning_rate):
    """The 1-based count of the sample whose update makes the network's sums larger than its numbers can be."""
    sample, largest = 0, 0.0
    while largest < np.finfo(network.dtype).max:
        this = slice(sample, sample + 1)
        with np.errstate(all="ignore"):
            learn_by_the_book(network, dataset.train_images[this], dataset.train_labels[this], learning_rate)
        largest = max(2 * np.abs(weights.astype(np.float64)).sum(axis=0).max() for weights in network.weights)
        sample += 1
    return sample


# The reference numbers


@pytest.mark.parametrize("epoch", range(4))
def test_the_real_digits_give_the_reference_numbers(reference_run, epoch):
    tested = [progress for progress in reference_run[1] if progress.test_loss is not None]
    assert tested[epoch].test_accuracy == pytest.approx(REFERENCE_ACCURACIES[epoch], abs=1e-9)
    assert tested[epoch].test_loss == pytest.approx(REFERENCE_LOSSES[epoch], abs=2e-8)


def test_the_reference_run_reports_about_every_500_samples_and_tests_at_each_epochs_end(reference_run):
    reports = [progress for progress in reference_run[1] if not progress.is_measuring]
    steps = np.diff([progress.samples_seen for progress in reports])
    assert 300 <= np.median(steps) <= steps.max() <= SAMPLES_A_STEP
    tested = [progress for progress in reports if progress.test_loss is not None]
    assert [(progress.samples_seen, progress.epoch) for progress in tested] == [
        (0, 0),
        (60_000, 1),
        (120_000, 2),
        (180_000, 3),
    ]


def test_the_last_test_is_of_the_network_as_it_is_left(reference_run, mnist):
    network, reports = reference_run
    result = evaluate(network, mnist.test_images, mnist.test_labels)
    assert (reports[-1].test_loss, reports[-1].test_accuracy) == (result.loss, result.accuracy)


# What is learned


@pytest.mark.parametrize("sizes", [(6, 3), (6, 5, 3), (6, 4, 4, 3)])
def test_training_is_the_textbooks_loop_over_the_epochs(toys, sizes):
    network, _ = trained(toys, dtype=np.float64, layer_sizes=sizes)
    expected = Network.initialize(sizes, dtype=np.float64)
    for _ in range(2):
        learn_by_the_book(expected, toys.train_images, toys.train_labels, 0.1)
    assert_close(network, expected)


def test_stopping_is_not_asking_again(toys):
    network, reports = start(toys, dtype=np.float64)
    *_, last = islice(reports, 3)
    seen = last.samples_seen
    reports.close()
    expected = Network.initialize(TOY_LAYERS, dtype=np.float64)
    learn_by_the_book(expected, toys.train_images[:seen], toys.train_labels[:seen], 0.1)
    assert 0 < seen < 1300
    assert_close(network, expected)


def test_before_the_first_step_nothing_is_learned(toys):
    network, reports = start(toys)
    next(reports)
    assert same_bits(network, Network.initialize(TOY_LAYERS))


def test_the_same_seed_gives_the_same_bits_and_another_seed_others(toys):
    assert same_bits(trained(toys, seed=5)[0], trained(toys, seed=5)[0])
    assert not same_bits(trained(toys, seed=5)[0], trained(toys, seed=6)[0])


@settings(deadline=None, max_examples=15, derandomize=True)
@given(st.randoms(use_true_random=False), st.sampled_from([1, 7, 100, 2000]))
def test_how_the_samples_are_cut_into_steps_changes_no_bit(choice, longest):
    dataset = toy_dataset(400)
    expected, expected_reports = trained(dataset)
    network, reports = start(dataset)
    received = report_in_steps(reports, (choice.randint(1, longest) for _ in count()))
    assert same_bits(network, expected)
    assert received[-1] == expected_reports[-1]


def test_cutting_the_real_digits_into_odd_steps_changes_no_bit(mnist):
    networks = Network.initialize(), Network.initialize()
    for network, lengths in zip(networks, ([2000], [1, 499, 3, 997, 500]), strict=True):
        report_in_steps(train(network, mnist, TrainingConfig()), lengths)
    assert same_bits(*networks)
    assert not same_bits(networks[0], Network.initialize())


def test_a_large_network_learns_in_short_steps():
    samples = toy_dataset(60, 500, pixels=784)
    network = Network.initialize((784, 512, 512, 3))
    learned = [
        report.samples_seen for report in train(network, samples, toy_config(epochs=1)) if not report.is_measuring
    ]
    assert max(np.diff(learned)) <= 16
    assert learned[-1] == 60


def test_measuring_a_large_network_takes_steps_that_say_so_and_learn_nothing():
    samples = toy_dataset(10, 500, pixels=784)
    network = Network.initialize((784, 512, 512, 3))
    before = network.copy()
    measuring = []
    for report in train(network, samples, toy_config(epochs=1)):
        measuring.append(report)
        if not report.is_measuring:
            break
    assert len(measuring) > 2
    assert {(report.test_loss, report.samples_seen) for report in measuring[:-1]} == {(None, 0)}
    assert report.test_loss == evaluate(network, samples.test_images, samples.test_labels).loss
    assert same_bits(network, before)


@pytest.mark.parametrize("steps", [[], [480], [960], [1300], [1300, 480]], ids=sum)
def test_a_run_resumed_at_a_resume_point_ends_as_if_it_had_never_stopped(toys, steps):
    uninterrupted, reports = trained(toys)
    network, until_then = start(toys)
    report_in_steps(until_then, steps)
    resumed = list(train(network, toys, toy_config(), sum(steps)))
    assert same_bits(network, uninterrupted)
    assert resumed[-1].test_loss == reports[-1].test_loss


def test_a_resumed_run_reports_where_it_is(toys):
    reports = list(train(Network.initialize(TOY_LAYERS), toys, toy_config(), 1300 + RESUME_INTERVAL))
    assert [report.samples_seen for report in reports] == [1780, 2292, 2600]
    assert [report.epoch for report in reports] == [2, 2, 2]
    assert reports[0].test_loss is not None
    assert math.isnan(reports[0].training_loss)


def test_a_run_that_is_over_is_measured_and_learns_nothing(toys):
    network = Network.initialize(TOY_LAYERS)
    (report,) = train(network, toys, toy_config(), 2600)
    assert (report.samples_seen, report.epoch) == (2600, 2)
    assert same_bits(network, Network.initialize(TOY_LAYERS))


def test_resume_points_are_counted_within_the_epoch():
    points = [samples for samples in range(3000) if is_resume_point(samples, 1300)]
    assert points == [0, 480, 960, 1300, 1780, 2260, 2600]


# With a mistake

SLOPE, PILING_UP = ChosenMistake("missing-slope"), ChosenMistake("state-kept")


def test_with_a_mistake_it_trains_with_the_loop_that_makes_it(toys):
    network, reports = trained(toys, mistake=SLOPE)
    expected = Network.initialize(TOY_LAYERS)
    sgd = MistakenSGD(expected, 0.1, SLOPE)
    for _ in range(2):
        sgd.start(toys.train_images, toys.train_labels)
        sgd.learn(1300)
    assert same_bits(network, expected)
    assert reports[-1].test_accuracy == evaluate(network, toys.test_images, toys.test_labels).accuracy
    assert not same_bits(network, trained(toys)[0])


@pytest.mark.parametrize("mistake", [SLOPE, PILING_UP])
@pytest.mark.parametrize("lengths", [[1, 7, 100, 2000], [333] * 10])
def test_with_a_mistake_the_steps_change_no_bit(toys, mistake, lengths):
    expected, expected_reports = trained(toys, mistake=mistake)
    network, reports = start(toys, mistake=mistake)
    received = report_in_steps(reports, lengths * 10)
    assert same_bits(network, expected)
    assert received[-1] == expected_reports[-1]


@pytest.mark.parametrize("mistake", [SLOPE, PILING_UP])
def test_with_a_mistake_too_it_resumes_at_resume_points(toys, mistake):
    uninterrupted, _ = trained(toys, mistake=mistake)
    for point in (samples for samples in range(2600) if is_resume_point(samples, 1300, mistake)):
        network, until_then = start(toys, mistake=mistake)
        report_in_steps(until_then, [length for length in (min(point, 1300), point - 1300) if length > 0])
        list(train(network, toys, toy_config(mistake=mistake), point))
        assert same_bits(network, uninterrupted), point


def test_gradients_that_pile_up_do_so_until_the_epoch_ends(toys):
    assert [samples for samples in range(3000) if is_resume_point(samples, 1300, PILING_UP)] == [0, 1300, 2600]


def test_a_mistake_of_the_initial_weights_changes_nothing_else(toys):
    zero = ChosenMistake("zero-weights")
    config = toy_config(mistake=zero)
    first = initial_network(config)
    assert same_bits(first, start_with(Network.initialize(TOY_LAYERS), zero))
    network, expected = first.copy(), first.copy()
    for each, of in ((network, config), (expected, toy_config())):
        list(train(each, toys, of))
    assert same_bits(network, expected)


def test_the_initial_network_is_random_without_a_mistake():
    assert same_bits(initial_network(TrainingConfig(seed=7)), Network.initialize(seed=7))


@pytest.mark.parametrize("length", [1, 2, 500])
def test_a_mistake_that_overflows_stops_at_its_own_sample(mnist, length):
    mistake = ChosenMistake("slope-formula-of-z")
    network, sample = Network.initialize(), 0
    sgd = MistakenSGD(network, 0.003, mistake)
    sgd.start(mnist.train_images, mnist.train_labels)
    while network.is_usable():
        sgd.learn(1)
        sample += 1
    reports = train(Network.initialize(), mnist, TrainingConfig(mistake=mistake))
    with pytest.raises(TrainingDiverged, match=f"^Training diverged at sample {sample}: .*a mistake on purpose") as it:
        report_in_steps(reports, [length] * 1000)
    assert it.value.sample == sample


def test_with_pixels_left_as_they_are_the_test_set_is_classified_as_by_a_loop_with_such_pixels(mnist):
    """For some dozens of samples: the difference of two roundings grows a thousandfold with each hundred."""
    few = Dataset(mnist.train_images[:40], mnist.train_labels[:40], mnist.test_images, mnist.test_labels)
    config = TrainingConfig(epochs=1, mistake=ChosenMistake("pixels-not-scaled"))
    *_, last = train(initial_network(config, np.float64), few, config)
    expected = Network.initialize(dtype=np.float64)
    train_images, test_images = (255 * as_floats(images, np.float64) for images in (few.train_images, few.test_images))
    learn_by_the_book(expected, train_images, few.train_labels, config.learning_rate)
    on_test = evaluate(expected, test_images, few.test_labels)
    assert last.test_accuracy == on_test.accuracy
    assert last.test_loss == pytest.approx(on_test.loss, rel=1e-9)


# What is reported


def test_a_test_says_how_often_each_class_was_predicted(toys):
    network, reports = trained(toys)
    predictions = network.predict(toys.test_images).argmax(axis=1)
    assert reports[-1].predicted == tuple(int((predictions == k).sum()) for k in range(3))
    assert all((report.predicted is None) == (report.test_loss is None) for report in reports)


def test_the_first_report_is_of_the_untrained_network(toys):
    network, reports = start(toys)
    first = next(reports)
    result = evaluate(network, toys.test_images, toys.test_labels)
    assert (first.samples_seen, first.epoch) == (0, 0)
    assert (first.test_loss, first.test_accuracy) == (result.loss, result.accuracy)
    assert math.isnan(first.training_loss)
    assert math.isnan(first.training_accuracy)


class HalfKnown(SequentialSGD):
    """Says what the network's probabilities are for the first samples only."""

    def __init__(self, network, known):
        super().__init__(network, 0.1)
        self.left = known

    def learn(self, count):
        probabilities = super().learn(count)
        probabilities[max(0, self.left) :] = math.nan
        self.left -= count
        return probabilities


def test_samples_whose_probabilities_are_not_known_count_for_nothing_and_take_the_place_of_others(toys):
    network = Network.initialize(TOY_LAYERS)
    known = train(network, toys, toy_config(), learner=HalfKnown(network, 150))
    _, all_known = start(toys)
    for reports in (known, all_known):
        next_report(reports)
    expected = next_report(all_known, 150).training_loss
    assert [next_report(known, samples).training_loss for samples in (150, 50)] == [expected, expected]
    seen = [report for report in known if report.samples_seen >= 150 + 1000]
    assert seen
    assert all(math.isnan(report.training_loss) and math.isnan(report.training_accuracy) for report in seen)


def test_the_training_loss_is_the_mean_over_the_last_1000_samples_each_before_its_own_update(toys):
    _, reports = trained(toys, dtype=np.float64)
    network, labels = Network.initialize(TOY_LAYERS, dtype=np.float64), np.tile(toys.train_labels, 2)
    answers = learn_by_the_book(network, np.tile(toys.train_images, (2, 1)), labels, 0.1)
    losses = -np.log(answers[np.arange(len(labels)), labels])
    correct = answers.argmax(axis=1) == labels
    assert [progress.samples_seen for progress in reports] == [0, 512, 1024, 1300, 1812, 2324, 2600]
    for progress in reports[1:]:
        recent = slice(max(0, progress.samples_seen - 1000), progress.samples_seen)
        assert progress.training_loss == pytest.approx(losses[recent].mean(), rel=1e-9)
        assert progress.training_accuracy == pytest.approx(correct[recent].mean(), rel=1e-12)


def test_a_step_is_as_long_as_was_asked_but_stops_short_of_a_test(toys):
    _, reports = start(toys)
    received = report_in_steps(reports, [1, 10, 2000, 1299, 2000])
    assert [progress.samples_seen for progress in received] == [0, 1, 11, 1300, 2599, 2600]
    assert [progress.epoch for progress in received] == [0, 1, 1, 1, 2, 2]


def test_a_step_of_unasked_length_ends_where_a_block_ends(toys):
    _, reports = start(toys)
    next(reports)
    reports.send(20)
    assert next(reports).samples_seen == SAMPLES_A_STEP
    assert reports.send(None).samples_seen == 2 * SAMPLES_A_STEP


def test_samples_that_take_many_iterations_make_short_steps(mnist):
    reports = train(Network.initialize(), mnist, TrainingConfig(learning_rate=1.0))
    reports = [report for report in islice(reports, 40) if not report.is_measuring]
    steps = np.diff([report.samples_seen for report in reports])
    assert steps[-10:].max() < SAMPLES_A_STEP / 2
    assert (steps % (LARGEST_BLOCK // 2) == 0).all()


@pytest.mark.parametrize("tests_per_epoch", [1, 2, 7, 1300])
def test_the_test_set_is_measured_at_even_distances_and_at_each_epochs_end(toys, tests_per_epoch):
    _, reports = trained(toys, tests_per_epoch=tests_per_epoch)
    tested = [progress.samples_seen for progress in reports if progress.test_loss is not None]
    assert len(tested) == 1 + 2 * tests_per_epoch
    assert {0, 1300, 2600} <= set(tested)
    assert np.abs(np.diff(tested) - 1300 / tests_per_epoch).max() <= 1


def test_every_test_is_of_the_network_at_that_moment(toys):
    network, reports = start(toys, tests_per_epoch=3)
    for progress in reports:
        if progress.test_loss is None:
            assert progress.test_accuracy is None
        else:
            result = evaluate(network, toys.test_images, toys.test_labels)
            assert (progress.test_loss, progress.test_accuracy) == (result.loss, result.accuracy)


def test_measuring_more_often_changes_no_bit_of_what_is_learned(toys):
    assert same_bits(trained(toys, tests_per_epoch=9)[0], trained(toys)[0])


# Numbers that overflow


@pytest.mark.parametrize("length", [1, 2, 3, 500])
def test_a_learning_rate_that_overflows_stops_at_the_sample_where_it_does(mnist, length):
    network = Network.initialize()
    sample = first_overflow_by_the_book(network.copy(), mnist, 1e38)
    reports = train(network, mnist, TrainingConfig(learning_rate=1e38))
    with pytest.raises(TrainingDiverged, match=f"^Training diverged at sample {sample}: .*smaller learning rate") as it:
        report_in_steps(reports, [length] * 1000)
    assert it.value.sample == sample


@pytest.mark.parametrize("length", [1, 10, 500])
def test_an_overflow_is_counted_over_all_epochs(length):
    dataset = toy_dataset()
    _, reports = start(dataset)
    report_in_steps(reports, [2000, 20])
    dataset.train_images[40] = np.inf
    with pytest.raises(TrainingDiverged, match="at sample 1,341:"):
        report_in_steps(reports, [length] * 1000)


def test_a_large_learning_rate_that_overflows_nothing_is_allowed(toys):
    network, reports = trained(toys, learning_rate=1000.0)
    assert np.isfinite(network.predict(toys.test_images)).all()
    assert math.isfinite(reports[-1].test_loss)


def test_weights_that_grow_too_large_are_noticed_at_their_own_sample(mnist):
    sample = first_overflow_by_the_book(Network.initialize(), mnist, 2e37)
    reports = train(Network.initialize(), mnist, TrainingConfig(learning_rate=2e37))
    with pytest.raises(TrainingDiverged) as it:
        report_in_steps(reports, [500])
    assert it.value.sample == sample


def test_a_learning_rate_beyond_single_precision_diverges_like_any_other(toys):
    with pytest.raises(TrainingDiverged):
        trained(toys, learning_rate=1e39)


@pytest.mark.parametrize("length", [1, 2, 500])
def test_an_update_that_overflows_is_the_sample_where_it_happened(length):
    dataset = toy_dataset()
    dataset.train_images[:] = 1
    sample = first_overflow_by_the_book(Network.initialize(TOY_LAYERS), dataset, 3e38)
    _, reports = start(dataset, learning_rate=3e38)
    with pytest.raises(TrainingDiverged) as it:
        report_in_steps(reports, [length] * 1000)
    assert it.value.sample == sample


# What a run depends on


def test_it_keeps_no_list_that_somebody_else_may_change():
    sizes = [784, 20, 10]
    config = TrainingConfig(layer_sizes=sizes)
    sizes.append(3)
    assert config == TrainingConfig(layer_sizes=(784, 20, 10))
    assert len({config, TrainingConfig(layer_sizes=(784, 20, 10))}) == 1


def test_by_default_it_is_the_run_of_the_reference_numbers():
    config = TrainingConfig()
    assert (config.epochs, config.learning_rate, config.seed) == (3, 0.003, 80085)
    assert config.layer_sizes == (784, 32, 32, 10)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("epochs", [0, -1, 2.0, 1.5, math.nan, True, "3", None]),
        ("learning_rate", [0, 0.0, -0.003, math.nan, math.inf, -math.inf]),
        ("seed", [-1, 1.0, math.nan, False, "80085", None]),
        ("layer_sizes", [(), (784,), (784, 0, 10), (784, -5, 10), (784, 32.0, 10), (784, True, 10), (784, "32", 10)]),
        ("tests_per_epoch", [0, -1, 2.0, True, None]),
    ],
)
def test_a_value_that_makes_no_sense_is_refused(name, values):
    for value in values:
        with pytest.raises(ValueError, match=f"^{name} must be .*, not .*\\.$"):
            TrainingConfig(**{name: value})


@pytest.mark.parametrize(
    ("name", "value"),
    [("learning_rate", "fast"), ("learning_rate", 10**400), ("learning_rate", True), ("layer_sizes", 784)],
    ids=["text", "too large for a float", "bool", "no sequence"],
)
def test_a_value_of_another_type_is_refused(name, value):
    with pytest.raises(ValueError, match=f"^{name} must be "):
        TrainingConfig(**{name: value})


def test_whole_numbers_may_be_numpys():
    config = TrainingConfig(epochs=np.int64(2), learning_rate=np.float32(0.5), seed=np.uint8(0))
    assert (config.epochs, config.learning_rate, config.seed) == (2, 0.5, 0)


@pytest.mark.parametrize(("record", "name"), [(TrainingConfig(), "epochs"), (Progress(), "samples_seen")])
def test_what_crosses_threads_is_frozen(record, name):
    with pytest.raises(FrozenInstanceError):
        setattr(record, name, 9)


@pytest.mark.parametrize(
    ("text", "sizes"),
    [("32, 32", (32, 32)), ("64,16", (64, 16)), (" 1 , 512,3,4 ", (1, 512, 3, 4)), ("None", ()), (" ", ())],
)
def test_hidden_layers_are_read_as_people_write_them(text, sizes):
    assert read_hidden_layers(text) == sizes
    assert read_hidden_layers(written_hidden_layers(sizes)) == sizes
    config = TrainingConfig(layer_sizes=layer_sizes_around(sizes))
    assert (config.layer_sizes, config.hidden_layers) == ((784, *sizes, 10), sizes)


@pytest.mark.parametrize("text", ["0", "513", "32,", "32 32", "1,1,1,1,1", "-1", "1e2", "3.0", "٣", "９", "9" * 5000])
def test_hidden_layers_that_cannot_be_chosen_are_refused_with_a_sentence(text):
    with pytest.raises(ValueError, match=r"^Hidden layers must be none, or up to 4 whole numbers .*\.$"):
        read_hidden_layers(text)
