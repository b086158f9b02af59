import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.activations import RELU
from model.network import Network
from tests.model.textbook import arrays_of, same_bits

both_precisions = pytest.mark.parametrize("dtype", [np.float32, np.float64])


def logistic(z):
    return 1 / (1 + math.exp(-z))


def hand_made_network():
    return Network(
        weights=[np.array([[1.0, -2.0], [0.5, 3.0]]), np.array([[2.0, -1.0], [0.0, 1.5]])],
        biases=[np.array([0.1, -0.3]), np.array([0.2, 0.4])],
    )


@both_precisions
@pytest.mark.parametrize("sizes", [(784, 32, 32, 10), (784, 1000, 10), (3, 2)])
def test_the_weights_are_drawn_layer_after_layer_from_the_seed(sizes, dtype):
    random = np.random.default_rng(7)
    network = Network.initialize(sizes, 7, dtype)
    for weights, n_in, n_out in zip(network.weights, sizes[:-1], sizes[1:], strict=True):
        drawn = random.standard_normal(n_in * n_out).reshape(n_in, n_out) / math.sqrt(max(n_in, n_out))
        assert weights.dtype == dtype
        np.testing.assert_allclose(weights, drawn.astype(dtype), rtol=1e-14 if dtype == np.float64 else 1e-7)


def test_the_weights_have_the_variance_of_the_recipe():
    network = Network.initialize((784, 100, 900, 10))
    for weights, larger_side in zip(network.weights, (784, 900, 900), strict=True):
        assert weights.var(dtype=np.float64) * larger_side == pytest.approx(1, abs=0.05)
        assert abs(weights.mean(dtype=np.float64)) < 5 / math.sqrt(weights.size * larger_side)


@both_precisions
def test_the_biases_are_zero(dtype):
    for bias, size in zip(Network.initialize(dtype=dtype).biases, (32, 32, 10), strict=True):
        assert bias.dtype == dtype
        np.testing.assert_array_equal(bias, np.zeros(size))


def test_without_arguments_it_is_the_network_of_the_digits_in_single_precision():
    network = Network.initialize()
    assert network.layer_sizes == (784, 32, 32, 10)
    assert network.dtype == np.float32
    assert same_bits(network, Network.initialize((784, 32, 32, 10), 80085, np.float32))


def test_the_same_seed_gives_the_same_bits_and_another_seed_others():
    assert same_bits(Network.initialize(seed=5), Network.initialize(seed=5))
    assert not same_bits(Network.initialize(seed=5), Network.initialize(seed=6))


@pytest.mark.parametrize("sizes", [(4, 3), (4, 5, 3), (784, 16, 8, 24, 10)])
def test_it_knows_its_layer_sizes(sizes):
    network = Network.initialize(sizes)
    assert network.layer_sizes == sizes
    assert [weights.shape for weights in network.weights] == list(pairwise(sizes))


def test_the_forward_pass_by_hand():
    hidden = [logistic(1 * 0.6 + 0.5 * 0.2 + 0.1), logistic(-2 * 0.6 + 3 * 0.2 - 0.3)]
    logits = [2 * hidden[0] + 0.2, -hidden[0] + 1.5 * hidden[1] + 0.4]
    total = math.exp(logits[0]) + math.exp(logits[1])
    activations = hand_made_network().forward(np.array([[0.6, 0.2]]))
    np.testing.assert_allclose(activations[0], [hidden], rtol=1e-14)
    np.testing.assert_allclose(activations[1], [[math.exp(z) / total for z in logits]], rtol=1e-14)


@both_precisions
def test_the_forward_pass_gives_the_activations_of_every_layer(dtype):
    activations = Network.initialize((6, 5, 4, 3), dtype=dtype).forward(np.ones((7, 6), dtype))
    assert [layer.shape for layer in activations] == [(7, 5), (7, 4), (7, 3)]
    assert {layer.dtype for layer in activations} == {np.dtype(dtype)}


def test_a_single_image_is_answered_as_it_is_among_others():
    network = Network.initialize((6, 5, 4, 3), dtype=np.float64)
    images = np.random.default_rng(1).random((7, 6))
    for k, image in enumerate(images):
        for alone, among_others in zip(network.forward(image), network.forward(images), strict=True):
            assert alone.shape == among_others[k].shape
            np.testing.assert_allclose(alone, among_others[k], rtol=1e-13)


def test_the_prediction_is_the_last_activation():
    network = Network.initialize((6, 5, 3))
    images = np.random.default_rng(1).random((7, 6), np.float32)
    np.testing.assert_array_equal(network.predict(images), network.forward(images)[-1])


def test_a_copy_has_the_same_numbers_and_a_life_of_its_own():
    network = Network.initialize((6, 5, 3))
    copy = network.copy()
    assert same_bits(copy, network)
    for array in arrays_of(network):
        array += 1
    assert same_bits(copy, Network.initialize((6, 5, 3)))


@pytest.mark.parametrize("number", [np.nan, np.inf, -np.inf, 3e38, -3e38])
@pytest.mark.parametrize("place", range(4))
def test_with_a_parameter_that_is_no_number_or_overflows_it_cannot_answer(place, number):
    network = Network.initialize((6, 5, 3))
    assert network.is_usable()
    arrays_of(network)[place].flat[-1] = number
    assert not network.is_usable()


@settings(deadline=None, derandomize=True)
@given(st.floats(width=32, allow_nan=False, allow_infinity=False), st.integers(0, 3), st.integers(0, 99))
def test_if_it_can_answer_then_even_the_worst_image_gets_probabilities(number, place, seed):
    network = Network.initialize((6, 5, 3), seed)
    arrays_of(network)[place][..., seed % 3 :] = number
    images = np.random.default_rng(seed).integers(0, 2, (20, 6)).astype(np.float32)
    if network.is_usable():
        np.testing.assert_allclose(network.predict(images).sum(axis=1), 1, rtol=1e-5)


def test_hidden_layers_may_have_another_function():
    weights = [np.array([[1.0, -1.0], [2.0, 1.0]]), np.eye(2)]
    network = Network(weights, [np.array([0.0, 0.5]), np.zeros(2)], [RELU])
    hidden, probabilities = network.forward(np.array([1.0, 0.25]))
    np.testing.assert_array_equal(hidden, [1.5, 0.0])  # of the sums 1.5 and −0.25
    np.testing.assert_allclose(probabilities, np.exp([1.5, 0]) / np.exp([1.5, 0]).sum())
    assert network.copy().hidden == (RELU,)
    assert not network.has_sigmoids


def test_a_function_that_lets_numbers_grow_lets_them_overflow_sooner():
    weights = [np.full((6, 5), 1e20), np.full((5, 3), 1e20)]
    biases = [np.zeros(5), np.zeros(3)]
    assert Network(weights, biases).is_usable()
    assert not Network(weights, biases, [RELU]).is_usable()
