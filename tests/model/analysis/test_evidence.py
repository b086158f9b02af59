import numpy as np
import pytest

from model.activations import softmax
from model.analysis.evidence import evidence, input_gradient, logit_gradient
from model.backpropagation import Output
from model.network import Network


def logit(network, image, digit):
    """The pre-activation of the last layer, by hand."""
    for weights, bias in zip(network.weights[:-1], network.biases[:-1], strict=True):
        image = 1 / (1 + np.exp(-(image @ weights + bias)))
    return image @ network.weights[-1][:, digit] + network.biases[-1][digit]


def a_network(sizes):
    network, random = Network.initialize(sizes, dtype=np.float64), np.random.default_rng(3)
    for bias in network.biases:
        bias[:] = random.normal(size=bias.shape)
    return network


@pytest.mark.parametrize("sizes", [(6, 3), (6, 5, 3), (6, 5, 4, 3)])
@pytest.mark.parametrize("digit", [0, 2])
def test_the_gradient_is_that_of_finite_differences(sizes, digit):
    network, image, step = a_network(sizes), np.random.default_rng(1).random(6), 1e-6
    differences = [
        (logit(network, image + step * unit, digit) - logit(network, image - step * unit, digit)) / (2 * step)
        for unit in np.eye(6)
    ]
    np.testing.assert_allclose(logit_gradient(network, image, digit), differences, rtol=1e-6)


@pytest.mark.parametrize("sizes", [(6, 3), (6, 5, 4, 3)])
def test_any_gradient_at_the_logits_goes_back_to_the_image(sizes):
    """The gradient of a sum is the sum of the gradients."""
    network, image, shares = a_network(sizes), np.random.default_rng(1).random(6), np.array([0.5, -2, 1])
    output = Output("a sum of logits", softmax, lambda p, y: shares)
    expected = sum(share * logit_gradient(network, image, digit) for digit, share in enumerate(shares))
    np.testing.assert_allclose(input_gradient(network, image, 0, output), expected)


def test_evidence_is_gradient_times_input():
    network, image = a_network((6, 5, 3)), np.array([0, 1, 0.5, 0, 0.25, 1])
    shares = evidence(network, image, 1)
    np.testing.assert_allclose(shares, image * logit_gradient(network, image, 1))
    assert not shares[image == 0].any()


def test_without_hidden_layers_the_evidence_adds_up_to_the_logit():
    network, image = a_network((6, 3)), np.random.default_rng(2).random(6)
    assert evidence(network, image, 2).sum() + network.biases[0][2] == pytest.approx(logit(network, image, 2))
