import numpy as np
import pytest

import model.analysis.gradient_check as gradient_check
from model.activations import sigmoid
from model.analysis.gradient_check import (
    EPSILONS,
    LayerCheck,
    central_difference,
    check_gradients,
    errors_over_epsilon,
    relative_difference,
    verdict,
)
from model.backpropagation import Gradients, gradients
from model.network import Network


def run(work):
    shares = []
    while True:
        try:
            shares.append(next(work))
        except StopIteration as end:
            return end.value, shares


@pytest.fixture(scope="module")
def image():
    digit = np.random.default_rng(4).random(784)
    digit[::3] = 0
    return digit.astype(np.float32)


@pytest.mark.parametrize("sizes", [(784, 32, 32, 10), (784, 10), (784, 3, 4, 5, 10)])
@pytest.mark.parametrize("label", [0, 9])
def test_the_right_gradients_agree_to_rounding(image, sizes, label):
    results, shares = run(check_gradients(Network.initialize(sizes), image, label))
    assert [result.layer for result in results] == list(range(1, len(sizes)))
    assert all(0 < result.difference < 1e-7 for result in results)
    assert shares == sorted(shares)
    assert 0 < shares[-1] <= 1


def test_small_layers_are_checked_whole_and_large_ones_in_part_or_on_demand_whole(image):
    network = Network.initialize((784, 4, 3, 10))
    some, _ = run(check_gradients(network, image, 1))
    everything, _ = run(check_gradients(network, image, 1, everything=True))
    assert [(each.checked, each.available) for each in some] == [(500, 3140), (15, 15), (40, 40)]
    assert [(each.checked, each.available) for each in everything] == [(3140, 3140), (15, 15), (40, 40)]
    assert some[1:] == everything[1:]


def test_a_difference_is_that_of_the_loss_as_one_writes_it_down(image):
    network = Network.initialize((784, 3, 10), dtype=np.float64)

    def loss(weights):
        scores = sigmoid(image.astype(float) @ network.weights[0] + network.biases[0]) @ weights + network.biases[1]
        return -np.log(np.exp(scores)[4] / np.exp(scores).sum())

    shift = np.zeros((3, 10))
    shift[1, 4] = 1e-5
    expected = (loss(network.weights[1] + shift) - loss(network.weights[1] - shift)) / 2e-5
    before = network.copy()
    assert central_difference(network, image.astype(float), 4, 1, 14) == pytest.approx(expected, rel=1e-6)
    np.testing.assert_array_equal(network.weights[1], before.weights[1])


@pytest.mark.parametrize(
    ("spoil", "layer"),
    [
        (lambda g: Gradients([2 * g.weights[0], *g.weights[1:]], g.biases), 1),
        (lambda g: Gradients([*g.weights[:2], -g.weights[2]], g.biases), 3),
        (lambda g: Gradients(g.weights, [g.biases[0], 0 * g.biases[1], g.biases[2]]), 2),
    ],
)
def test_a_wrong_gradient_is_found_in_its_layer(image, monkeypatch, spoil, layer):
    monkeypatch.setattr(gradient_check, "gradients", lambda *sample: spoil(gradients(*sample)))
    results, _ = run(check_gradients(Network.initialize((784, 4, 3, 10)), image, 2))
    assert [result.layer for result in results if result.difference > 0.01] == [layer]
    assert verdict(results) == "they do not agree"


@pytest.mark.parametrize(
    ("bias", "judged"),
    [(10, "they agree: what is left is rounding"), (40, "nothing to compare"), (700, "nothing to compare")],
)
def test_a_network_that_is_almost_certain_is_judged_fairly(image, bias, judged):
    network = Network.initialize((784, 10), dtype=np.float64)
    network.biases[0][3] = bias  # p of the label is 1 to within e⁻¹⁰, e⁻⁴⁰, or 1 at all
    results, _ = run(check_gradients(network, image, 3))
    assert verdict(results).startswith(judged)
    unlikely, _ = run(check_gradients(network, image, 4))
    assert unlikely[0].difference < 1e-6
    assert verdict(unlikely) == "they agree: what is left is rounding"


def test_over_epsilon_the_error_is_smallest_in_the_middle_and_rises_to_both_sides(image):
    errors = errors_over_epsilon(Network.initialize((784, 8, 10)), image, 6, 1, 6)
    assert len(errors) == len(EPSILONS)
    best = EPSILONS[errors.argmin()]
    assert 1e-7 < best < 1e-2
    assert errors.min() < 1e-7
    assert errors[0] > 1e3 * errors.min()  # curvature
    assert errors[-1] > 1e3 * errors.min()  # rounding
    large = 10 * best < EPSILONS
    np.testing.assert_allclose(np.diff(np.log(errors[large])) / np.diff(np.log(EPSILONS[large])), 2, atol=0.2)


def test_the_measure_goes_from_the_same_to_the_opposite():
    one = np.array([3.0, 4.0])
    assert relative_difference(one, one) == 0
    assert relative_difference(one, -one) == 1
    assert relative_difference(np.zeros(2), np.zeros(2)) == 0
    assert relative_difference(one, 1.1 * one) == pytest.approx(0.1 / 2.1)


def test_a_verdict_says_what_the_worst_layer_means():
    def of(*differences):
        return verdict([LayerCheck(k, 1, 1, difference, 1.0) for k, difference in enumerate(differences, 1)])

    assert of(1e-9, 1e-8) == "they agree: what is left is rounding"
    assert of(1e-9, 1e-5) == "they nearly agree: rounding is large here"
    assert of(1e-2, 1e-9) == "they do not agree"
