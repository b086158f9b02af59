import math

import numpy as np
import pytest

from model.analysis.single_update import apply_updates, one_update
from model.network import Network
from model.plain_sgd import plain_sgd
from tests.model.textbook import arrays_of, learn_by_the_book, same_bits

IMAGE = np.random.default_rng(1).random(6)


def test_every_number_of_a_small_network_is_the_one_worked_out_by_hand():
    """A 3-2-2 network, its sums written out one by one."""
    w1, b1 = [[0.5, -0.25], [1.0, 0.75], [-0.5, 0.1]], [0.1, -0.2]
    w2, b2 = [[0.3, -0.6], [-0.9, 0.4]], [0.05, 0.0]
    x, rate = (0.2, 0.0, 1.0), 0.5
    z11, z12 = 0.1 + 0.2 * 0.5 + 1.0 * -0.5, -0.2 + 0.2 * -0.25 + 1.0 * 0.1
    a11, a12 = 1 / (1 + math.exp(-z11)), 1 / (1 + math.exp(-z12))
    z21, z22 = 0.05 + a11 * 0.3 + a12 * -0.9, a11 * -0.6 + a12 * 0.4
    p1 = math.exp(z21) / (math.exp(z21) + math.exp(z22))
    d21, d22 = p1, (1 - p1) - 1  # the label is the second class
    d11 = (d21 * 0.3 + d22 * -0.6) * a11 * (1 - a11)
    d12 = (d21 * -0.9 + d22 * 0.4) * a12 * (1 - a12)

    network = Network([np.array(w1), np.array(w2)], [np.array(b1), np.array(b2)])
    update = one_update(network, np.array(x), 1, rate)
    exact = {"rtol": 1e-13, "atol": 1e-16}
    np.testing.assert_allclose(update.passes.pre_activations[0], [z11, z12], **exact)
    np.testing.assert_allclose(update.passes.activations[1], [a11, a12], **exact)
    np.testing.assert_allclose(update.passes.pre_activations[1], [z21, z22], **exact)
    np.testing.assert_allclose(update.probabilities, [p1, 1 - p1], **exact)
    np.testing.assert_allclose(update.target, [0, 1])
    np.testing.assert_allclose(update.passes.deltas[1], [d21, d22], **exact)
    np.testing.assert_allclose(update.passes.deltas[0], [d11, d12], **exact)
    gradients = update.passes.gradients
    np.testing.assert_allclose(gradients.weights[0], [[0.2 * d11, 0.2 * d12], [0, 0], [d11, d12]], **exact)
    np.testing.assert_allclose(gradients.weights[1], [[a11 * d21, a11 * d22], [a12 * d21, a12 * d22]], **exact)
    np.testing.assert_allclose(gradients.biases[0], [d11, d12], **exact)
    np.testing.assert_allclose(update.changes.weights[1][1], [-0.5 * a12 * d21, -0.5 * a12 * d22], **exact)
    np.testing.assert_allclose(update.after.weights[0][2], [-0.5 - 0.5 * d11, 0.1 - 0.5 * d12], **exact)
    np.testing.assert_allclose(update.after.biases[1], [0.05 - 0.5 * d21, -0.5 * d22], **exact)
    loss, after = update.losses
    assert loss == pytest.approx(-math.log(1 - p1))
    assert after == pytest.approx(-math.log(update.after.predict(np.array(x))[1]))
    assert after < loss


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("sizes", [(784, 32, 32, 10), (784, 10), (784, 5, 4, 3, 2, 10)])
def test_the_weights_afterwards_are_to_the_bit_those_of_the_plain_loop(sizes, dtype):
    network, image = Network.initialize(sizes, 3, dtype), np.random.default_rng(2).random(784).astype(dtype)
    expected = network.copy()
    plain_sgd(expected, [image], [7], 0.03)
    update = one_update(network, image, 7, 0.03)
    assert update.after.dtype == dtype
    assert same_bits(update.after, expected)


@pytest.mark.parametrize("updates", [1, 10])
def test_it_is_what_training_on_that_one_sample_would_teach(updates):
    network = Network.initialize((6, 5, 3), dtype=np.float64)
    expected = network.copy()
    learn_by_the_book(expected, [IMAGE] * updates, [2] * updates, 0.3)
    pupil = apply_updates(network, IMAGE, 2, 0.3, updates)
    for actual, right in zip(arrays_of(pupil), arrays_of(expected), strict=True):
        np.testing.assert_allclose(actual, right, rtol=1e-12)


def test_the_teacher_stays_as_it_is():
    network, before = Network.initialize((6, 5, 3)), Network.initialize((6, 5, 3))
    pupil = apply_updates(network, IMAGE, 1, 0.5, 10)
    assert same_bits(network, before)
    assert pupil.dtype == np.float32
    assert pupil.predict(IMAGE)[1] > network.predict(IMAGE)[1]


def test_overflow_is_said_in_a_sentence():
    with pytest.raises(ArithmeticError, match=r"Choose a smaller learning rate\.$"):
        apply_updates(Network.initialize((6, 5, 3)), IMAGE, 1, 3e38)
