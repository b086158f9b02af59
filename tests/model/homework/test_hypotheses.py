"""The right hypotheses are the gradients of the loss, and its wrong ones are others."""

import numpy as np
import pytest

from model.activations import SIGMOID
from model.backpropagation import backpropagate
from model.homework.catalogue import MISTAKES
from model.homework.hypotheses import (
    Layer,
    bias_gradients,
    carried_errors,
    inputs,
    output_deltas,
    slopes,
)
from model.loss import one_hot
from model.network import Network


@pytest.fixture
def layers():
    """A network with two equally wide hidden layers on two images; the layers from the first to the last."""
    random = np.random.default_rng(4)
    network = Network.initialize((6, 5, 5, 3), 1, np.float64)
    for array in (*network.weights, *network.biases):
        array += random.normal(0, 1, array.shape)
    images, targets = random.random((2, 6)), one_hot(np.array([2, 0]), 3)
    right = backpropagate(network, images, targets)
    updated = [w - 0.5 * g for w, g in zip(network.weights, right.gradients.weights, strict=True)]
    made = [Layer(k, right.pre_activations, right.activations, network.weights[k], updated[k], SIGMOID) for k in (1, 2)]
    return [*made, Layer(3, right.pre_activations, right.activations, None, None, None)], right, targets


def of_two(layer, right):
    return carried_errors(right.deltas[layer.index], layer)


def test_what_is_right_is_right(layers):
    (first, second, last), right, targets = layers
    output = next(output_deltas(right.deltas[-1], last, targets))
    assert not output.mistakes
    np.testing.assert_array_equal(output.value, right.activations[-1] - targets)
    for layer in (first, second):
        carry, slope = next(of_two(layer, right)), next(slopes(layer))
        assert not carry.mistakes + slope.mistakes
        np.testing.assert_allclose(carry.value * slope.value, right.deltas[layer.index - 1])
        gradient = next(inputs(layer)).value.T @ right.deltas[layer.index - 1]
        np.testing.assert_allclose(gradient, right.gradients.weights[layer.index - 1])
        bias = next(bias_gradients(right.deltas[layer.index - 1]))
        np.testing.assert_allclose(bias.value, right.gradients.biases[layer.index - 1])


def test_no_two_hypotheses_about_one_array_are_alike_but_for_a_factor(layers):
    (first, second, last), right, targets = layers
    for hypotheses in (
        list(output_deltas(right.deltas[-1], last, targets)),
        list(of_two(second, right)),
        list(of_two(first, right)),
        list(slopes(first)),
        list(inputs(second)),
    ):
        units = {}
        for hypothesis in hypotheses:
            flat = np.broadcast_to(hypothesis.value, np.broadcast_shapes(hypothesis.value.shape, (2, 1))).ravel()
            if np.linalg.norm(flat) > 1e-12:
                units[hypothesis.mistakes, hypothesis.instead] = flat / np.linalg.norm(flat)
        for one, unit in units.items():
            for other, other_unit in units.items():
                alike = one < other and unit.shape == other_unit.shape and abs(unit @ other_unit) > 1 - 1e-9
                assert not alike or one[0] == other[0] or "∂L/∂z" in (one[1], other[1]), (one, other)


def test_hypotheses_name_mistakes_of_the_catalogue_only(layers):
    (first, second, last), right, targets = layers
    hypotheses = [*output_deltas(right.deltas[-1], last, targets), *of_two(first, right), *slopes(second)]
    hypotheses += [*inputs(second), *bias_gradients(right.deltas[0])]
    assert {name for hypothesis in hypotheses for name in hypothesis.mistakes} <= set(MISTAKES)
