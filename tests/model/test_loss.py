import math

import numpy as np
import pytest

from model.loss import cross_entropy, one_hot


@pytest.mark.parametrize("dtype", [np.uint8, np.int64])
def test_a_label_becomes_a_row_with_a_one_in_its_column(dtype):
    expected = [[0, 1, 0, 0], [0, 0, 0, 1], [1, 0, 0, 0]]
    np.testing.assert_array_equal(one_hot(np.array([1, 3, 0], dtype), 4), expected)


def test_a_digit_has_ten_classes():
    np.testing.assert_array_equal(one_hot(np.array([9])), [[0, 0, 0, 0, 0, 0, 0, 0, 0, 1]])


def test_a_single_label_becomes_a_single_row():
    np.testing.assert_array_equal(one_hot(np.array(2), 3), [0, 0, 1])


def test_cross_entropy_by_hand():
    probabilities = np.array([[0.5, 0.25, 0.25], [0.1, 0.8, 0.1], [0.0, 0.0, 1.0]])
    losses = cross_entropy(probabilities, np.array([1, 0, 2]))
    np.testing.assert_allclose(losses, [math.log(4), math.log(10), 0], rtol=1e-14)


def test_cross_entropy_is_the_sum_over_classes_of_the_textbook():
    random = np.random.default_rng(1)
    probabilities, labels = random.dirichlet(np.ones(10), 50), random.integers(0, 10, 50)
    expected = -(one_hot(labels) * np.log(probabilities)).sum(axis=1)
    np.testing.assert_allclose(cross_entropy(probabilities, labels), expected, rtol=1e-14)


@pytest.mark.parametrize(("dtype", "smallest_exponent"), [(np.float32, 126), (np.float64, 1022)])
def test_a_probability_of_zero_costs_much_but_not_infinitely_much(dtype, smallest_exponent):
    loss = cross_entropy(np.array([[0, 1]], dtype), np.array([0]))
    assert loss[0] == pytest.approx(smallest_exponent * math.log(2), rel=1e-6)
    assert loss.dtype == dtype


def test_the_loss_of_a_network_that_is_no_longer_a_number_is_none_either():
    assert np.isnan(cross_entropy(np.array([[np.nan, 0.5]]), np.array([0]))[0])
