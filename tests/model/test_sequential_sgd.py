import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.network import Network
from model.sequential_sgd import LARGEST_BLOCK, RESUME_INTERVAL, SequentialSGD
from tests.model.textbook import assert_close, learn_by_the_book, same_bits, toy_dataset

SIZES = [(6, 3), (6, 5, 3), (6, 1, 3), (6, 4, 7, 3), (6, 5, 5, 5, 5, 3)]


def teach(network, images, labels, learning_rate, steps=None):
    """Learn from all samples in steps of these lengths, or in one; what was answered."""
    teacher = SequentialSGD(network, learning_rate)
    teacher.start(images, labels)
    return np.concatenate([teacher.learn(count) for count in steps or [len(labels)]])


@pytest.mark.parametrize("sizes", SIZES)
@pytest.mark.parametrize("learning_rate", [0.003, 0.5])
def test_blocks_teach_what_the_textbook_teaches_one_by_one(sizes, learning_rate):
    samples = toy_dataset(300)
    network = Network.initialize(sizes, dtype=np.float64)
    expected = network.copy()
    answers = teach(network, samples.train_images, samples.train_labels, learning_rate)
    expected_answers = learn_by_the_book(expected, samples.train_images, samples.train_labels, learning_rate)
    assert_close(network, expected)
    np.testing.assert_allclose(answers, expected_answers, rtol=1e-9)


@settings(deadline=None, max_examples=60, derandomize=True)
@given(
    hidden=st.lists(st.integers(1, 9), max_size=4),
    learning_rate=st.floats(1e-4, 2),
    samples=st.integers(1, 3 * LARGEST_BLOCK + 5),
    seed=st.integers(0, 1000),
)
def test_any_network_learns_any_number_of_samples_like_the_textbook(hidden, learning_rate, samples, seed):
    dataset = toy_dataset(samples, seed=seed)
    network = Network.initialize((6, *hidden, 3), seed=seed, dtype=np.float64)
    expected = network.copy()
    teach(network, dataset.train_images, dataset.train_labels, learning_rate)
    learn_by_the_book(expected, dataset.train_images, dataset.train_labels, learning_rate)
    assert_close(network, expected)


@pytest.mark.parametrize(
    ("learning_rate", "samples"), [(0.003, 5000), (0.03, 5000), (0.1, 5000), (0.3, 500), (1.0, 500)]
)
def test_thousands_of_real_digits_agree_to_nine_digits_of_the_largest_weight(mnist, learning_rate, samples):
    images, labels = mnist.train_images[:samples].astype(np.float64), mnist.train_labels[:samples]
    network = Network.initialize(dtype=np.float64)
    expected = network.copy()
    teach(network, images, labels, learning_rate)
    learn_by_the_book(expected, images, labels, learning_rate)
    for actual, right in zip(network.weights, expected.weights, strict=True):
        assert np.abs(actual - right).max() < 1e-9 * np.abs(right).max()


def test_single_precision_teaches_what_the_textbook_teaches(mnist):
    images, labels = mnist.train_images[:500], mnist.train_labels[:500]
    network = Network.initialize()
    expected = network.copy()
    teach(network, images, labels, 0.1)
    learn_by_the_book(expected, images, labels, 0.1)
    assert_close(network, expected, 1e-4)
    assert network.dtype == np.float32


@settings(deadline=None, max_examples=40, derandomize=True)
@given(steps=st.lists(st.integers(0, 70), min_size=1, max_size=6), learning_rate=st.sampled_from([0.01, 0.3, 2.0]))
def test_cutting_the_samples_into_steps_changes_no_bit(steps, learning_rate):
    samples = toy_dataset(sum(steps), seed=2)
    at_once, in_steps = Network.initialize((6, 5, 4, 3)), Network.initialize((6, 5, 4, 3))
    answers = teach(at_once, samples.train_images, samples.train_labels, learning_rate)
    answers_in_steps = teach(in_steps, samples.train_images, samples.train_labels, learning_rate, steps)
    assert answers.tobytes() == answers_in_steps.tobytes()
    if sum(steps) % LARGEST_BLOCK == 0 or steps[-1] >= LARGEST_BLOCK:
        assert same_bits(at_once, in_steps)


@pytest.mark.parametrize("count", [1, 2, LARGEST_BLOCK - 1, LARGEST_BLOCK, LARGEST_BLOCK + 1, 60])
def test_inside_a_block_the_network_is_that_of_the_very_sample(count):
    samples = toy_dataset(100)
    network = Network.initialize((6, 5, 3), dtype=np.float64)
    expected = network.copy()
    teacher = SequentialSGD(network, 0.3)
    teacher.start(samples.train_images, samples.train_labels)
    teacher.learn(count)
    learn_by_the_book(expected, samples.train_images[:count], samples.train_labels[:count], 0.3)
    assert_close(network, expected)


def test_looking_inside_a_block_changes_no_bit_of_what_comes_after():
    samples = toy_dataset(10 * LARGEST_BLOCK)
    watched, unwatched = Network.initialize((6, 5, 3)), Network.initialize((6, 5, 3))
    teach(watched, samples.train_images, samples.train_labels, 0.3, [1] * 10 * LARGEST_BLOCK)
    teach(unwatched, samples.train_images, samples.train_labels, 0.3)
    assert same_bits(watched, unwatched)


@pytest.mark.parametrize("learning_rate", [0.01, 0.3, 2.0])
@pytest.mark.parametrize("resume_point", [0, RESUME_INTERVAL, 2 * RESUME_INTERVAL])
def test_starting_at_a_resume_point_gives_the_same_bits_as_coming_by(resume_point, learning_rate):
    samples = toy_dataset(3 * RESUME_INTERVAL)
    network = Network.initialize((6, 5, 4, 3))
    coming_by = SequentialSGD(network, learning_rate)
    coming_by.start(samples.train_images, samples.train_labels)
    coming_by.learn(resume_point)
    other = network.copy()
    starting = SequentialSGD(other, learning_rate)
    starting.start(samples.train_images, samples.train_labels, resume_point)
    for teacher in (coming_by, starting):
        teacher.learn(700 if resume_point < 2 * RESUME_INTERVAL else RESUME_INTERVAL)
    assert same_bits(network, other)


def test_bytes_teach_what_their_numbers_from_0_to_1_teach(mnist):
    images, labels = mnist.train_images[:300], mnist.train_labels[:300]
    one, other = Network.initialize(), Network.initialize()
    teach(one, images, labels, 0.1)
    teach(other, (images * 255).round().astype(np.uint8), labels, 0.1)
    assert same_bits(one, other)


def test_epochs_follow_one_another():
    samples = toy_dataset(50)
    network = Network.initialize((6, 5, 3), dtype=np.float64)
    expected = network.copy()
    teacher = SequentialSGD(network, 0.3)
    for _ in range(3):
        teacher.start(samples.train_images, samples.train_labels)
        teacher.learn(50)
        learn_by_the_book(expected, samples.train_images, samples.train_labels, 0.3)
    assert_close(network, expected)


def test_what_is_kept_of_the_images_from_epoch_to_epoch_changes_no_bit():
    samples, others = toy_dataset(100), toy_dataset(100, seed=5)
    keeping, forgetful = Network.initialize((6, 5, 3)), Network.initialize((6, 5, 3))
    teachers = SequentialSGD(keeping, 0.1), SequentialSGD(forgetful, 0.1)
    for dataset in (samples, samples, others, samples):
        for teacher, images in zip(teachers, (dataset.train_images, dataset.train_images.copy()), strict=True):
            teacher.start(images, dataset.train_labels)
            teacher.learn(100)
    assert same_bits(keeping, forgetful)


@pytest.mark.parametrize("learning_rate", [0.003, 0.1])
def test_a_wide_network_learns_like_the_textbook(learning_rate):
    samples = toy_dataset(40, pixels=784)
    network = Network.initialize((784, 512, 512, 3), dtype=np.float64)
    expected = network.copy()
    teach(network, samples.train_images, samples.train_labels, learning_rate)
    learn_by_the_book(expected, samples.train_images, samples.train_labels, learning_rate)
    assert_close(network, expected)


@pytest.mark.parametrize("sizes", [(6, 3), (6, 5, 3)])
@pytest.mark.parametrize("learning_rate", [100, 300, 1000])
def test_logits_may_be_larger_than_an_exponential_holds(learning_rate, sizes):
    samples = toy_dataset(40)
    network = Network.initialize(sizes, dtype=np.float64)
    expected = network.copy()
    teach(network, samples.train_images, samples.train_labels, learning_rate)
    learn_by_the_book(expected, samples.train_images, samples.train_labels, learning_rate)
    assert_close(network, expected)


def test_rounding_is_no_worse_than_that_of_the_textbooks_loop(mnist):
    images, labels = mnist.train_images[:2000], mnist.train_labels[:2000]
    exact, by_blocks, by_the_book = Network.initialize(dtype=np.float64), Network.initialize(), Network.initialize()
    teach(exact, images.astype(np.float64), labels, 0.003)
    teach(by_blocks, images, labels, 0.003)
    learn_by_the_book(by_the_book, images, labels, np.float32(0.003))

    def error(network):
        pairs = zip(network.weights, exact.weights, strict=True)
        return np.array([np.sqrt(np.mean((actual - right) ** 2)) for actual, right in pairs])

    assert (error(by_blocks) < 1.5 * error(by_the_book)).all()


def test_the_samples_stay_as_they_are():
    samples, before = toy_dataset(50), toy_dataset(50)
    teach(Network.initialize((6, 5, 3)), samples.train_images, samples.train_labels, 0.5)
    np.testing.assert_array_equal(samples.train_images, before.train_images)
    np.testing.assert_array_equal(samples.train_labels, before.train_labels)


def test_labels_may_be_the_bytes_of_the_original_files():
    samples = toy_dataset(50)
    one, other = Network.initialize((6, 5, 3)), Network.initialize((6, 5, 3))
    teach(one, samples.train_images, samples.train_labels, 0.5)
    teach(other, samples.train_images, samples.train_labels.astype(np.uint8), 0.5)
    assert same_bits(one, other)


def test_overflow_is_no_warning():
    samples = toy_dataset(50)
    network = Network.initialize((6, 5, 3))
    teach(network, samples.train_images, samples.train_labels, 3e38)
    assert not network.is_usable()
