import numpy as np
import pytest

from model.analysis.contributions import forward_pass, strongest
from model.network import Network


def a_network(sizes):
    network, random = Network.initialize(sizes, dtype=np.float64), np.random.default_rng(3)
    for bias in network.biases:
        bias[:] = random.normal(size=bias.shape)
    return network


def test_a_worked_example():
    network = Network([np.array([[2.0, -1.0], [0.5, 3.0]]), np.eye(2)], [np.array([0.25, -1.0]), np.zeros(2)])
    forward = forward_pass(network, np.array([1.0, 0.5]))
    assert forward.contributions[0].tolist() == [[2.0, -1.0], [0.25, 1.5]]
    assert [forward.pre_activation(1, neuron) for neuron in range(2)] == [2.5, -0.5]
    assert forward.activations[1][0] == pytest.approx(1 / (1 + np.exp(-2.5)))


@pytest.mark.parametrize("sizes", [(6, 3), (6, 5, 3), (6, 5, 4, 3)])
def test_the_sums_lead_from_layer_to_layer_to_the_answer(sizes):
    network, image = a_network(sizes), np.random.default_rng(1).random(6)
    forward, last = forward_pass(network, image), len(sizes) - 1
    for layer in range(1, last):
        sums = np.array([forward.pre_activation(layer, neuron) for neuron in range(sizes[layer])])
        np.testing.assert_allclose(forward.activations[layer], 1 / (1 + np.exp(-sums)))
    logits = np.array([forward.pre_activation(last, digit) for digit in range(3)])
    np.testing.assert_allclose(network.predict(image), np.exp(logits) / np.exp(logits).sum())


def test_a_contribution_is_what_the_sum_loses_without_its_connection():
    network, image = a_network((6, 5, 3)), np.random.default_rng(2).random(6)
    forward = forward_pass(network, image)
    for source, target in np.ndindex(5, 3):
        cut = network.copy()
        cut.weights[1][source, target] = 0
        lost = forward.pre_activation(2, target) - forward_pass(cut, image).pre_activation(2, target)
        assert forward.contributions[1][source, target] == pytest.approx(lost)


def test_the_strongest_are_those_that_sorting_finds():
    contributions = np.random.default_rng(4).normal(size=(7, 5))
    rows, columns = strongest(contributions, 12)
    by_size = sorted(np.ndindex(7, 5), key=lambda place: abs(contributions[place]))
    assert list(zip(rows.tolist(), columns.tolist(), strict=True)) == by_size[-12:]


@pytest.mark.parametrize("count", [1, 3, 4, 60])
def test_connections_over_which_nothing_came_are_not_among_the_strongest(count):
    rows, columns = strongest(np.array([[0.0, -2.0], [0.0, 0.0], [1.0, 0.0]]), count)
    found = [(2, 0), (0, 1)][-count:]
    assert list(zip(rows.tolist(), columns.tolist(), strict=True)) == found
