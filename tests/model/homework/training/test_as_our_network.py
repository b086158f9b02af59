"""A learner's network among ours: the same answers as the file's own forward pass, and the way back."""

from itertools import product
from types import SimpleNamespace

import numpy as np
import pytest

from model.activations import SIGMOID, TANH
from model.homework.training.as_our_network import as_ours, from_ours, why_not_trained
from model.homework.training.pixel_scale import NO_CHANGE, PixelScale
from model.network import Network

LAYERS = (784, 12, 9, 10)
FUNCTIONS = {"sigmoid": (SIGMOID, lambda z: 1 / (1 + np.exp(-z))), "tanh": (TANH, np.tanh)}
HIDDEN = list(product(FUNCTIONS, repeat=2))
SCALES = [NO_CHANGE, PixelScale(255.0), PixelScale(2.0, -1.0), PixelScale(-1.0, 1.0), PixelScale(3.24, -0.42)]
every_form = pytest.mark.parametrize(("hidden", "pixels"), list(product(HIDDEN, SCALES)), ids=str)


def own_network(pixels: PixelScale) -> Network:
    """Weights as a file may have them after some training, biases too, for the pixels that it feeds."""
    rng = np.random.default_rng(11)
    network = Network.initialize(LAYERS, 3, np.float64)
    network.weights[0] /= max(abs(pixels.scale), 1)
    network.biases[:] = [rng.normal(0, 0.5, bias.shape) for bias in network.biases]
    return network


def images() -> np.ndarray:
    """Pixels from 0 to 1, (samples, 784), most of them 0 as in digits."""
    rng = np.random.default_rng(5)
    return rng.random((40, 784)) * (rng.random((40, 784)) < 0.2)


def answers(network: Network, hidden: tuple[str, ...], pixels: PixelScale) -> np.ndarray:
    """What the file itself answers, image by image and in its own words, (samples, 10)."""
    probabilities = []
    for image in images():
        a = [pixels.scale * x + pixels.shift for x in image]
        for name, weights, bias in zip(hidden, network.weights, network.biases, strict=False):
            a = FUNCTIONS[name][1](np.dot(a, weights) + bias)
        exponentials = np.exp(np.dot(a, network.weights[-1]) + network.biases[-1])
        probabilities.append(exponentials / exponentials.sum())
    return np.array(probabilities)


def activations(hidden: tuple[str, ...]) -> list:
    return [FUNCTIONS[name][0] for name in hidden]


@every_form
def test_it_answers_as_the_file_does(hidden, pixels):
    network = own_network(pixels)
    ours = as_ours(network, activations(hidden), pixels)
    np.testing.assert_allclose(ours.predict(images()), answers(network, hidden, pixels), rtol=1e-9)
    assert ours.layer_sizes == LAYERS


@every_form
def test_the_way_back_leads_to_the_files_own_weights(hidden, pixels):
    network = own_network(pixels)
    again = from_ours(as_ours(network, activations(hidden), pixels), activations(hidden), pixels)
    for one, other in zip((*again.weights, *again.biases), (*network.weights, *network.biases), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-9, atol=1e-12)


@every_form
def test_a_network_of_ours_answers_the_same_in_the_file(hidden, pixels):
    ours = Network.initialize(LAYERS, 8, np.float64)
    own = from_ours(ours, activations(hidden), pixels)
    np.testing.assert_allclose(answers(own, hidden, pixels), ours.predict(images()), rtol=1e-9)


@pytest.mark.parametrize("change", [as_ours, from_ours])
def test_the_network_that_is_given_stays_as_it_is(change):
    network = own_network(SCALES[2])
    before = network.copy()
    change(network, [TANH, TANH], SCALES[2])
    for one, other in zip((*network.weights, *network.biases), (*before.weights, *before.biases), strict=True):
        np.testing.assert_array_equal(one, other)


def test_of_sigmoids_and_pixels_from_0_to_1_nothing_changes():
    network = own_network(NO_CHANGE)
    ours = as_ours(network, [SIGMOID, SIGMOID], NO_CHANGE)
    for one, other in zip((*ours.weights, *ours.biases), (*network.weights, *network.biases), strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("sizes", [(784, 4097, 10), (784, *[1] * 20, 10), (784, 4096, 4096, 10)])
def test_a_network_that_no_file_may_hold_is_not_trained(sizes):
    network = SimpleNamespace(parameters=lambda _: SimpleNamespace(layer_sizes=sizes))
    reason = why_not_trained(SimpleNamespace(network=network, initial=None))
    assert "too large" in reason
    assert "4,096 neurons" in reason
