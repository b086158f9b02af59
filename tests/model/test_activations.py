import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.activations import ACTIVATIONS, FAR_FROM_ZERO, activation_named, sigmoid, sigmoid_derivative, softmax

both_precisions = pytest.mark.parametrize("dtype", [np.float32, np.float64])
rows_of_logits = st.lists(st.floats(-50, 50), min_size=1, max_size=8).map(np.array)


@settings(deadline=None, derandomize=True)
@given(st.floats(-700, 700))
def test_the_sigmoid_is_the_formula_of_the_textbook(z):
    assert sigmoid(np.array([z]))[0] == pytest.approx(1 / (1 + math.exp(-z)), rel=1e-12, abs=0)


def test_the_sigmoid_of_known_numbers():
    pre_activations = np.log([1, 2, 3, 1 / 4])
    np.testing.assert_allclose(sigmoid(pre_activations), [1 / 2, 2 / 3, 3 / 4, 1 / 5], rtol=1e-14)


@both_precisions
def test_the_sigmoid_of_huge_numbers_is_its_limit(dtype):
    activations = sigmoid(np.array([[-1000, -100, 100, 1000], [-np.inf, 0, 0, np.inf]], dtype))
    np.testing.assert_allclose(activations, [[0, 0, 1, 1], [0, 0.5, 0.5, 1]], rtol=0, atol=1e-38)
    assert activations.dtype == dtype


@settings(deadline=None, derandomize=True)
@given(st.floats(-30, 30))
def test_the_derivative_is_the_slope_between_two_close_points(z):
    step = 1e-5
    slope = (sigmoid(np.array(z + step)) - sigmoid(np.array(z - step))) / (2 * step)
    assert sigmoid_derivative(sigmoid(np.array(z))) == pytest.approx(slope, rel=1e-6, abs=1e-10)


def test_the_derivative_is_steepest_in_the_middle_and_flat_far_out():
    np.testing.assert_array_equal(sigmoid_derivative(sigmoid(np.array([-1000.0, 0.0, 1000.0]))), [0, 0.25, 0])


def test_the_softmax_of_logarithms_is_their_numbers_share():
    logits = np.log([[1, 2, 3, 4], [5, 5, 5, 5]])
    np.testing.assert_allclose(softmax(logits), [[0.1, 0.2, 0.3, 0.4], [0.25, 0.25, 0.25, 0.25]], rtol=1e-14)


@settings(deadline=None, derandomize=True)
@given(rows_of_logits)
def test_the_softmax_is_the_formula_of_the_textbook(logits):
    exponentials = [math.exp(z) for z in logits]
    np.testing.assert_allclose(softmax(logits), np.array(exponentials) / math.fsum(exponentials), rtol=1e-12)


@settings(deadline=None, derandomize=True)
@given(rows_of_logits)
def test_the_softmax_sums_to_one(logits):
    assert softmax(logits).sum() == pytest.approx(1, rel=1e-14)


@settings(deadline=None, derandomize=True)
@given(rows_of_logits, st.floats(-1000, 1000))
def test_shifting_all_logits_leaves_the_softmax_as_it_is(logits, shift):
    np.testing.assert_allclose(softmax(logits + shift), softmax(logits), rtol=1e-10)


@both_precisions
def test_the_softmax_of_huge_logits_is_its_limit(dtype):
    probabilities = softmax(np.array([[1000, 0, -1000], [-1000, -1000, -3000], [1000, 1000, -1000]], dtype))
    np.testing.assert_array_equal(probabilities, [[1, 0, 0], [0.5, 0.5, 0], [0.5, 0.5, 0]])
    assert probabilities.dtype == dtype


def test_every_row_has_a_softmax_of_its_own():
    logits = np.random.default_rng(1).normal(0, 3, (5, 4))
    np.testing.assert_array_equal(softmax(logits), [softmax(row) for row in logits])


def test_the_arguments_stay_as_they_are():
    numbers = np.array([[1.0, -2.0, 3.0]])
    for function in (sigmoid, sigmoid_derivative, softmax):
        function(numbers)
    np.testing.assert_array_equal(numbers, [[1.0, -2.0, 3.0]])


@pytest.mark.parametrize("activation", ACTIVATIONS, ids=lambda activation: activation.name)
def test_both_slopes_are_that_between_two_close_points(activation):
    z = np.linspace(-3, 3, 60)  # 0, where some have a corner, is not among them
    measured = (activation.function(z + 1e-6) - activation.function(z - 1e-6)) / 2e-6
    np.testing.assert_allclose(activation.slope(z), measured, rtol=1e-6, atol=1e-9)
    np.testing.assert_allclose(activation.slope_from_activation(activation.function(z)), measured, rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("activation", ACTIVATIONS, ids=lambda activation: activation.name)
def test_none_is_much_further_from_zero_than_its_sum(activation):
    z = np.linspace(-50, 50, 1001)
    assert (np.abs(activation.function(z)) <= np.abs(z) + FAR_FROM_ZERO).all()


def test_an_activation_has_a_name():
    assert [activation_named(each.name) for each in ACTIVATIONS] == list(ACTIVATIONS)
    with pytest.raises(ValueError, match="no activation function 'sine'"):
        activation_named("sine")
