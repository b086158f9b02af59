import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.network import Network
from model.sequential_sgd import SequentialSGD
from tests.model.textbook import arrays_of, assert_close, learn_by_the_book, same_bits, toy_dataset

SIZES = [(6, 3), (6, 5, 3), (6, 1, 3), (6, 4, 7, 3), (6, 5, 5, 5, 5, 3)]


@pytest.mark.parametrize("sizes", SIZES)
@pytest.mark.parametrize("learning_rate", [0.003, 0.5])
def test_a_block_of_samples_teaches_what_the_textbook_teaches_one_by_one(sizes, learning_rate):
    samples = toy_dataset(300)
    network = Network.initialize(sizes, dtype=np.float64)
    expected = network.copy()
    answers = SequentialSGD(network, learning_rate).update(samples.train_images, samples.train_labels)
    expected_answers = learn_by_the_book(expected, samples.train_images, samples.train_labels, learning_rate)
    assert_close(network, expected)
    np.testing.assert_allclose(answers, expected_answers, rtol=1e-9)


@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float32, 1e-4), (np.float64, 1e-9)])
def test_real_digits_teach_what_the_textbook_teaches(mnist, dtype, tolerance):
    images, labels = mnist.train_images[:500].astype(dtype), mnist.train_labels[:500]
    network = Network.initialize(dtype=dtype)
    expected = network.copy()
    SequentialSGD(network, 0.1).update(images, labels)
    learn_by_the_book(expected, images, labels, 0.1)
    assert_close(network, expected, tolerance)
    assert network.dtype == dtype


def test_the_answer_to_a_sample_is_the_one_before_its_own_update():
    samples = toy_dataset(3)
    network = Network.initialize((6, 5, 3), dtype=np.float64)
    teacher = SequentialSGD(network, 1.0)
    for image, label in zip(samples.train_images, samples.train_labels, strict=True):
        before = network.predict(image)
        answers = teacher.update(image[None].astype(np.float64), np.array([label]))
        np.testing.assert_allclose(answers, [before], rtol=1e-9)
        assert np.abs(network.predict(image) - before).max() > 1e-3


@settings(deadline=None, max_examples=25, derandomize=True)
@given(st.lists(st.integers(0, 40), min_size=1, max_size=6))
def test_cutting_the_samples_into_blocks_changes_no_bit(lengths):
    samples = toy_dataset(sum(lengths), seed=2)
    at_once, in_blocks = Network.initialize((6, 5, 4, 3)), Network.initialize((6, 5, 4, 3))
    answers = SequentialSGD(at_once, 0.1).update(samples.train_images, samples.train_labels)
    teacher, start = SequentialSGD(in_blocks, 0.1), 0
    for length in lengths:
        block = slice(start, start + length)
        answers_to_block = teacher.update(samples.train_images[block], samples.train_labels[block])
        assert answers_to_block.tobytes() == answers[block].tobytes()
        start += length
    assert same_bits(at_once, in_blocks)


def test_the_samples_stay_as_they_are():
    samples, before = toy_dataset(50), toy_dataset(50)
    SequentialSGD(Network.initialize((6, 5, 3)), 0.5).update(samples.train_images, samples.train_labels)
    np.testing.assert_array_equal(samples.train_images, before.train_images)
    np.testing.assert_array_equal(samples.train_labels, before.train_labels)


def test_labels_may_be_the_bytes_of_the_original_files():
    samples = toy_dataset(50)
    one, other = Network.initialize((6, 5, 3)), Network.initialize((6, 5, 3))
    SequentialSGD(one, 0.5).update(samples.train_images, samples.train_labels)
    SequentialSGD(other, 0.5).update(samples.train_images, samples.train_labels.astype(np.uint8))
    assert same_bits(one, other)


def test_overflow_is_no_warning():
    samples = toy_dataset(50)
    network = Network.initialize((6, 5, 3))
    SequentialSGD(network, 3e38).update(samples.train_images, samples.train_labels)
    assert not all(np.isfinite(array).all() for array in arrays_of(network))
