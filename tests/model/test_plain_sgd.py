import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.network import Network
from model.plain_sgd import plain_sgd
from tests.model.test_backpropagation import SIZES, finite_difference, sample
from tests.model.textbook import arrays_of, assert_close, learn_by_the_book, toy_dataset


@settings(deadline=None, max_examples=30, derandomize=True)
@given(
    hidden=st.lists(st.integers(1, 9), max_size=4),
    learning_rate=st.floats(1e-4, 2),
    samples=st.integers(0, 60),
    dtype=st.sampled_from([np.float32, np.float64]),
)
def test_it_is_the_textbooks_loop(hidden, learning_rate, samples, dtype):
    dataset = toy_dataset(samples)
    network = Network.initialize((6, *hidden, 3), dtype=dtype)
    expected = network.copy()
    plain_sgd(network, dataset.train_images, dataset.train_labels, learning_rate)
    learn_by_the_book(expected, dataset.train_images, dataset.train_labels, learning_rate)
    assert network.dtype == dtype
    assert_close(network, expected, 1e-12 if dtype == np.float64 else 1e-5)


@pytest.mark.parametrize("sizes", SIZES)
def test_an_update_is_the_finite_difference_of_the_loss(sizes):
    network, image, label = sample(sizes, seed=4)
    before = network.copy()
    plain_sgd(network, [image], [label], 0.5)
    for parameters, updated in zip(arrays_of(before), arrays_of(network), strict=True):
        indices = np.ndindex(parameters.shape)
        expected = np.array([finite_difference(before, image, label, parameters, index) for index in indices])
        actual = (parameters - updated).ravel() / 0.5
        assert np.linalg.norm(actual - expected) <= 1e-6 * np.linalg.norm(expected)


def test_the_real_digits_are_learned(mnist):
    network = Network.initialize()
    plain_sgd(network, mnist.train_images[:2000], mnist.train_labels[:2000], 0.1)
    assert (network.predict(mnist.test_images).argmax(axis=1) == mnist.test_labels).mean() > 0.75


def test_images_and_labels_that_do_not_match_are_refused():
    with pytest.raises(ValueError, match="shorter"):
        plain_sgd(Network.initialize((6, 3)), np.ones((2, 6)), [1], 0.1)
