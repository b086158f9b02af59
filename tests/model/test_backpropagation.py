import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.activations import RELU, TANH
from model.backpropagation import backpropagate, gradients
from model.network import Network
from tests.model.textbook import arrays_of, same_bits

STEP = 1e-5
SIZES = [(5, 3), (6, 4, 3), (4, 1, 2), (7, 5, 6, 3), (5, 4, 4, 4, 3)]


def loss(network, image, label):
    """The cross-entropy in other words: tanh instead of the sigmoid, and no softmax at all."""
    activation = image
    for weights, bias in zip(network.weights[:-1], network.biases[:-1], strict=True):
        activation = 0.5 + 0.5 * np.tanh((activation @ weights + bias) / 2)
    logits = activation @ network.weights[-1] + network.biases[-1]
    return np.logaddexp.reduce(logits) - logits[label]


def sample(sizes, seed, scale=1.0):
    """A network with no parameter at zero, an image and a label."""
    random = np.random.default_rng(seed)
    network = Network.initialize(sizes, seed, np.float64)
    for array in arrays_of(network):
        array += random.normal(0, scale, array.shape)
    return network, random.random(sizes[0]), int(random.integers(sizes[-1]))


def finite_difference(network, image, label, parameters, index):
    """∂L/∂θ of one parameter, from the loss a little above and a little below."""
    value = parameters[index]
    parameters[index] = value + STEP
    above = loss(network, image, label)
    parameters[index] = value - STEP
    below = loss(network, image, label)
    parameters[index] = value
    return (above - below) / (2 * STEP)


def assert_gradients_are_finite_differences(network, image, label):
    computed = gradients(network, image, label)
    for parameters, actual in zip(arrays_of(network), arrays_of(computed), strict=True):
        expected = np.zeros_like(parameters)
        for index in np.ndindex(parameters.shape):
            expected[index] = finite_difference(network, image, label, parameters, index)
        assert actual.shape == expected.shape
        assert np.linalg.norm(actual - expected) <= 1e-6 * np.linalg.norm(expected)


@pytest.mark.parametrize("sizes", SIZES)
@pytest.mark.parametrize("seed", range(3))
def test_the_gradients_are_the_finite_differences_of_the_loss(sizes, seed):
    assert_gradients_are_finite_differences(*sample(sizes, seed))


@settings(deadline=None, max_examples=25, derandomize=True)
@given(st.lists(st.integers(1, 5), min_size=1, max_size=4), st.integers(2, 4), st.integers(0, 1000))
def test_the_gradients_are_the_finite_differences_of_the_loss_for_layers_of_any_size(sizes, classes, seed):
    assert_gradients_are_finite_differences(*sample((*sizes, classes), seed, scale=0.5))


def test_on_a_real_digit_the_gradient_is_the_finite_difference_in_any_direction(mnist):
    network = Network.initialize(dtype=np.float64)
    image, label = mnist.train_images[0].astype(np.float64), int(mnist.train_labels[0])
    computed = arrays_of(gradients(network, image, label))
    random = np.random.default_rng(1)
    for k in range(len(computed)):  # a direction in the space of each layer's weights or biases
        direction = random.normal(size=computed[k].shape)
        losses = []
        for sign in (1, -1):
            moved = network.copy()
            arrays_of(moved)[k][...] += sign * STEP * direction
            losses.append(loss(moved, image, label))
        expected = (losses[0] - losses[1]) / (2 * STEP)
        assert (computed[k] * direction).sum() == pytest.approx(expected, rel=1e-6, abs=1e-9)


def test_the_gradients_of_a_network_of_zeros_by_hand():
    network = Network([np.zeros((2, 4))], [np.zeros(4)])  # answers 1/4 to everything
    computed = gradients(network, np.array([1.0, 0.5]), 2)
    np.testing.assert_allclose(computed.biases[0], [0.25, 0.25, -0.75, 0.25])
    np.testing.assert_allclose(computed.weights[0], [[0.25, 0.25, -0.75, 0.25], [0.125, 0.125, -0.375, 0.125]])


def test_a_step_against_the_gradient_makes_the_loss_smaller():
    network, image, label = sample((6, 5, 4, 3), 1)
    before = loss(network, image, label)
    for parameters, gradient in zip(arrays_of(network), arrays_of(gradients(network, image, label)), strict=True):
        parameters -= 1e-3 * gradient
    assert loss(network, image, label) < before


def test_computing_gradients_leaves_network_and_image_as_they_are():
    network, image, label = sample((6, 5, 3), 1)
    network_before, image_before = network.copy(), image.copy()
    gradients(network, image, label)
    assert same_bits(network, network_before)
    np.testing.assert_array_equal(image, image_before)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_gradients_have_the_precision_and_the_shapes_of_the_network(dtype):
    network = Network.initialize((6, 5, 3), dtype=dtype)
    computed = gradients(network, np.ones(6, np.float32), 1)
    for parameters, gradient in zip(arrays_of(network), arrays_of(computed), strict=True):
        assert (gradient.shape, gradient.dtype) == (parameters.shape, dtype)


def test_the_record_has_every_value_between_image_and_gradients():
    network, image, label = sample((6, 5, 4, 3), 2)
    record = backpropagate(network, image, np.eye(3)[label])
    assert record.activations[0] is image
    for k in range(3):
        z = record.activations[k] @ network.weights[k] + network.biases[k]
        np.testing.assert_array_equal(record.pre_activations[k], z)
        np.testing.assert_array_equal(record.gradients.biases[k], record.deltas[k])
    for activations, expected in zip(record.activations[1:], network.forward(image), strict=True):
        np.testing.assert_allclose(activations, expected, rtol=1e-12)


def test_the_gradients_of_several_samples_are_summed():
    network, _, _ = sample((6, 5, 3), 3)
    images, labels = np.random.default_rng(1).random((4, 6)), [0, 2, 1, 2]
    together = backpropagate(network, images, np.eye(3)[labels]).gradients
    alone = [gradients(network, image, label) for image, label in zip(images, labels, strict=True)]
    for actual, *shares in zip(arrays_of(together), *map(arrays_of, alone), strict=True):
        np.testing.assert_allclose(actual, sum(shares), rtol=1e-12)


def test_the_gradients_go_back_through_the_networks_own_functions():
    network, image, label = sample((6, 5, 4, 3), 4)
    network.hidden = (RELU, TANH)
    computed = gradients(network, image, label)
    for parameters, gradient in zip(arrays_of(network), arrays_of(computed), strict=True):
        place = tuple(np.random.default_rng(5).integers(parameters.shape))
        losses = []
        for step in (1e-6, -2e-6):
            parameters[place] += step
            losses.append(-np.log(network.predict(image)[label]))
        parameters[place] += 1e-6
        assert gradient[place] == pytest.approx((losses[0] - losses[1]) / 2e-6, rel=1e-5, abs=1e-9)
