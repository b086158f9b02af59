import numpy as np
import pytest

import model.analysis.gradient_check as gradient_check
from model.activations import sigmoid
from model.analysis.derivation import Kind, Number
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
from model.network_file import open_network, save_network
from model.plain_sgd import plain_sgd


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
    assert central_difference(network, image.astype(float), 4, 1, (1, 4)) == pytest.approx(expected, rel=1e-6)
    np.testing.assert_array_equal(network.weights[1], before.weights[1])
    bias = central_difference(network, image.astype(float), 4, 1, (3, 4))  # behind the last row
    assert bias == pytest.approx(network.predict(image)[4] - 1, rel=1e-6)
    np.testing.assert_array_equal(network.biases[1], before.biases[1])


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


def trained(sizes, rate, samples):
    """With the plain loop, on noise: with a large rate its neurons saturate."""
    network, random = Network.initialize(sizes), np.random.default_rng(7)
    images = (random.random((samples, 784)) * (random.random((samples, 784)) < 0.3)).astype(np.float32)
    plain_sgd(network, images, random.integers(10, size=samples), rate)
    return network


SATURATED = [
    ((784, 32, 32, 10), 10.0, 300),
    ((784, 32, 32, 10), 100.0, 300),
    ((784, 32, 32, 10), 1e8, 30),
    ((784, 1, 1, 1, 1, 10), 0.1, 0),
    ((784, 1, 1, 1, 1, 10), 10.0, 300),
    ((784, 16, 16, 16, 16, 10), 10.0, 300),
    ((784, 10), 1.0, 300),
    ((784, 10), 1e8, 30),
    ((784, 10), 1e30, 5),
]


@pytest.mark.parametrize(("sizes", "rate", "samples"), SATURATED, ids=str)
def test_right_gradients_are_never_called_wrong(image, sizes, rate, samples):
    network, verdicts = trained(sizes, rate, samples), set()
    assert network.is_usable()
    for label in range(0, 10, 2):
        results, _ = run(check_gradients(network, image, label))
        verdicts.add(verdict(results))
        assert all(result.agrees for result in results if result.is_comparable)
    assert all(text.startswith(("they agree", "nothing to compare")) for text in verdicts), verdicts


def off_by_a_percent(g, layer):
    weights, biases = ([each.copy() for each in kind] for kind in (g.weights, g.biases))
    weights[layer], biases[layer] = 1.01 * weights[layer], 1.01 * biases[layer]
    return Gradients(weights, biases)


@pytest.mark.parametrize(("sizes", "rate", "samples"), SATURATED[:6], ids=str)
def test_a_mistake_of_one_percent_is_found_in_every_layer_that_can_be_compared(
    image, monkeypatch, sizes, rate, samples
):
    network, found = trained(sizes, rate, samples), 0
    label = int(network.predict(image).argmin())  # it is not certain of that
    right, _ = run(check_gradients(network, image, label))
    for layer in range(len(sizes) - 1):
        with monkeypatch.context() as patch:
            patch.setattr(gradient_check, "gradients", lambda *sample, k=layer: off_by_a_percent(gradients(*sample), k))
            wrong, _ = run(check_gradients(network, image, label))
        if right[layer].is_comparable:
            assert verdict(wrong) == "they do not agree"
            assert [result.layer for result in wrong if result.is_comparable and not result.agrees] == [layer + 1]
            found += 1
    assert found > 0


def test_the_order_in_memory_does_not_matter(image, tmp_path):
    network = Network.initialize((784, 4, 3, 10))
    expected, _ = run(check_gradients(network, image, 1))
    network.weights = [np.asfortranarray(weights) for weights in network.weights]
    save_network(tmp_path / "transposed.npz", network)
    opened = open_network(tmp_path / "transposed.npz")
    assert not opened.weights[1].flags.c_contiguous
    results, _ = run(check_gradients(opened, image, 1))
    assert verdict(results) == "they agree: what is left is rounding"
    for result, right in zip(results, expected, strict=True):
        assert result.size == pytest.approx(right.size)
    errors = errors_over_epsilon(opened, image, 1, Number(Kind.GRADIENT, 2, (2, 1)))
    assert errors.min() < 1e-6


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
    errors = errors_over_epsilon(Network.initialize((784, 8, 10)), image, 6, Number(Kind.WEIGHT, 2, (0, 6)))
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


def test_a_verdict_says_what_the_differences_mean():
    def of(*layers):
        return verdict([LayerCheck(k, 1, 1, *layer) for k, layer in enumerate(layers, 1)])

    fine, coarse = 1e-9, 1e-4  # resolutions
    assert of((1e-9, 1.0, fine), (1e-8, 1.0, fine)) == "they agree: what is left is rounding"
    assert of((1e-9, 1.0, fine), (1e-5, 1.0, coarse)) == "they agree: what is left is rounding"
    assert (
        of((1e-9, 1.0, fine), (0.5, 1e-3, coarse)) == "they agree where they can be compared: what is left is rounding"
    )
    assert of((1e-9, 1.0, fine), (1e-5, 1.0, fine)) == "they nearly agree: the loss is strongly curved here"
    assert of((1e-2, 1.0, fine), (1e-9, 1.0, fine)) == "they do not agree"
    assert of((1.0, 1e-6, 1e-8)).startswith("nothing to compare: the network is so certain")
    assert of((1.0, 1e9, 1e9), (1.0, 1e-6, 1e9)).startswith("nothing to compare: the sums are so large")
    assert of((0.0, 0.0, 0.0)).startswith("nothing to compare")
