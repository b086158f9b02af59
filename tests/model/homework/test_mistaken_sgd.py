"""Training with a mistake does what a program does in which somebody made it, and the judge calls that by its name."""

import numpy as np
import pytest

from model.dataset import as_floats
from model.homework.chosen_mistake import ChosenMistake
from model.homework.mistaken_sgd import MistakenSGD, start_with
from model.network import Network
from model.plain_sgd import plain_sgd
from tests.model.homework.conftest import mistakes, remarks
from tests.model.homework.mistaken_programs import ALL, program_with, step_with
from tests.model.textbook import arrays_of, assert_close, same_bits

OF_UPDATES = [each for each in ALL if each.is_of_updates and not each.is_of_start]
RATE = 0.05


def named(mistake):
    return f"{mistake.name}-{mistake.layer}" if mistake.layer else mistake.name


@pytest.fixture
def network(mnist):
    """In double precision, and not fresh: biases that are not 0, slopes that differ."""
    network = Network.initialize(seed=3, dtype=np.float64)
    plain_sgd(network, mnist.train_images[:300], mnist.train_labels[:300], 0.3)
    return network


def learned(network, mnist, mistake, count, rate=RATE):
    sgd = MistakenSGD(network, rate, mistake)
    sgd.start(mnist.train_images, mnist.train_labels, 300)
    return sgd.learn(count)


def by_hand(network, mnist, mistake, count):
    program = {"np": np, "W": network.weights, "b": network.biases}
    exec(step_with(mistake), program)
    for image, label in zip(mnist.train_images[300:][:count], mnist.train_labels[300:], strict=False):
        program["train_one"](as_floats(image, np.float64), label, RATE)


@pytest.mark.parametrize("mistake", OF_UPDATES, ids=named)
def test_it_updates_as_a_program_does_with_this_mistake(mistake, network, mnist):
    expected, right = network.copy(), network.copy()
    by_hand(expected, mnist, mistake, 3)
    plain_sgd(right, mnist.train_images[300:303], mnist.train_labels[300:303], RATE)
    learned(network, mnist, mistake, 3)
    assert_close(network, expected)
    assert any(not np.allclose(a, b, 1e-6, 1e-6) for a, b in zip(arrays_of(network), arrays_of(right), strict=True))


@pytest.mark.parametrize("mistake", ALL, ids=named)
def test_the_judge_names_it_in_that_program(mistake, judged_code):
    report = judged_code(program_with(mistake))
    if mistake.name == "pixels-not-scaled":
        assert remarks(report) == [mistake.name]
    else:
        found = mistakes(report)
        assert {name for name, _, _ in found} == {mistake.name}, found
        assert mistake.layer is None or {layer for _, layer, _ in found} == {mistake.layer}


def test_without_a_layer_it_is_made_in_every_layer(network, mnist):
    expected = network.copy()
    program = {"np": np, "W": expected.weights, "b": expected.biases}
    exec(step_with(ChosenMistake("missing-slope", 1)).replace("d2 = e2 * s2", "d2 = e2"), program)
    program["train_one"](as_floats(mnist.train_images[300], np.float64), mnist.train_labels[300], RATE)
    learned(network, mnist, ChosenMistake("missing-slope"), 1)
    assert_close(network, expected)


def test_the_network_for_pixels_that_are_not_scaled_is_kept_as_one_for_scaled_ones(mnist):
    with_large_pixels = Network.initialize(seed=3, dtype=np.float64)
    mistake = ChosenMistake("pixels-not-scaled")
    kept = start_with(with_large_pixels, mistake)
    images = as_floats(mnist.train_images[300:310], np.float64)
    plain_sgd(with_large_pixels, 255 * images, mnist.train_labels[300:310], RATE)
    learned(kept, mnist, mistake, 10)
    np.testing.assert_allclose(kept.weights[0], 255 * with_large_pixels.weights[0], 1e-9)
    np.testing.assert_allclose(kept.predict(images), with_large_pixels.predict(255 * images), 1e-9)


def test_initial_weights_may_be_zero_or_as_large_as_those_of_a_standard_normal_distribution():
    right = Network.initialize()
    assert not any(each.any() for each in start_with(right, ChosenMistake("zero-weights")).weights)
    large = start_with(right, ChosenMistake("weights-too-large"))
    assert [round(float(each.std()), 1) for each in large.weights] == [1.0, 1.0, 1.0]
    assert same_bits(start_with(right, ChosenMistake("sign")), right)


def test_what_was_predicted_is_from_before_each_update(network, mnist):
    first = mnist.train_images[300]
    before = network.predict(as_floats(first, np.float64))
    predicted = learned(network, mnist, ChosenMistake("sign"), 5)
    assert predicted.shape == (5, 10)
    np.testing.assert_allclose(predicted[0], before)


def test_how_the_samples_are_cut_changes_no_bit_even_where_gradients_pile_up(mnist):
    mistake = ChosenMistake("state-kept")
    networks = Network.initialize(), Network.initialize()
    for network, steps in zip(networks, ([40], [1, 7, 32]), strict=True):
        sgd = MistakenSGD(network, 0.003, mistake)
        sgd.start(mnist.train_images, mnist.train_labels)
        for count in steps:
            sgd.learn(count)
    assert same_bits(*networks)


def test_it_ends_after_the_sample_that_leaves_the_network_unusable(mnist):
    network = Network.initialize()
    predicted = learned(network, mnist, ChosenMistake("slope-formula-of-z"), 500, 0.003)
    assert len(predicted) < 500
    assert not network.is_usable()
    again = Network.initialize()
    assert len(learned(again, mnist, ChosenMistake("slope-formula-of-z"), len(predicted) - 1, 0.003))
    assert again.is_usable()


def test_a_single_layer_can_be_trained_with_a_mistake(mnist):
    network = Network.initialize((784, 10), dtype=np.float64)
    x, y = as_floats(mnist.train_images[300], np.float64), np.eye(10)[mnist.train_labels[300]]
    logits = x @ network.weights[0]
    p = np.exp(logits) / np.exp(logits).sum()
    expected = network.weights[0] - RATE * np.outer(np.ones(784), p - y)
    learned(network, mnist, ChosenMistake("wrong-input", 1), 1)
    np.testing.assert_allclose(network.weights[0], expected, 1e-9)
