"""What is said of a network, against direct counts; and nothing where it is not true."""

import re

import numpy as np
import pytest

from model.analysis.symptoms import DIGITS, Earlier, symptoms
from model.dataset import Dataset
from model.evaluation import evaluate
from model.network import Network
from model.training import TrainingConfig, TrainingDiverged, train


def seen(network, dataset, earlier=None):
    return symptoms(network, evaluate(network, dataset.test_images, dataset.test_labels).predicted, dataset, earlier)


def answering(answer):
    """A network whose output bias decides alone."""
    network = Network.initialize((784, 8, 10))
    network.weights[-1][:] = 0
    network.biases[-1][answer] = 3
    return network


SHARES = ["9.80", "11.35", "10.32", "10.10", "9.82", "8.92", "9.58", "10.28", "9.74", "10.09"]


@pytest.mark.parametrize("digit", range(10))
def test_one_answer_to_everything_is_said_with_the_share_that_it_has(mnist, digit):
    expected = f"answers {digit} to 10,000 of 10,000: its accuracy is the share of {digit}s, {SHARES[digit]} %"
    assert seen(answering(digit), mnist) == (expected,)


@pytest.mark.parametrize(("others", "is_said"), [(1, True), (10, True), (11, False)])
def test_nearly_one_answer_is_no_more_than_that(mnist, others, is_said):
    predicted = [0, 0, 0, 10_000 - others, others, 0, 0, 0, 0, 0]
    said = symptoms(answering(3), predicted, mnist)
    one = f"answers 3 to {10_000 - others:,} of 10,000, of which 10.10 % are 3s"
    assert said == ((one,) if is_said else ("never answers 0, 1, 2, 5, 6, 7, 8 or 9",))


@pytest.mark.parametrize(
    ("missing", "sentence"),
    [((), None), ((5,), "never answers 5"), ((4, 5), "never answers 4 or 5"), ((4, 5, 7), "never answers 4, 5 or 7")],
)
def test_answers_that_are_never_given_are_listed(mnist, missing, sentence):
    predicted = [0 if digit in missing else 1000 for digit in range(10)]
    assert symptoms(answering(3), predicted, mnist) == ((sentence,) if sentence else ())


def test_a_digit_that_is_not_among_the_test_digits_is_not_missed(mnist):
    ones = mnist.test_labels < 2
    few = Dataset(mnist.train_images, mnist.train_labels, mnist.test_images[ones], mnist.test_labels[ones])
    assert symptoms(answering(0), [1000, 1115] + 8 * [0], few) == ()


def test_saturated_neurons_are_counted_and_rounded_down(mnist):
    network = Network.initialize((784, 16, 12, 10), seed=4)
    network.weights[0] *= 100
    first, second, _ = network.forward(mnist.test_images[:DIGITS])
    share = 100 * float(((first <= 0.01) | (first >= 0.99)).mean())
    assert 50 < share < 100
    assert float(((second <= 0.01) | (second >= 0.99)).mean()) < 0.5
    (said,) = [each for each in seen(network, mnist) if "activations" in each]
    assert said == f"{int(share)} % of the first layer's activations are at 0 or 1 (within 0.01)"


def test_all_is_said_of_all_alone(mnist):
    network = Network.initialize((784, 8, 4, 10))
    network.biases[1][:] = 100
    said = seen(network, mnist)
    assert "all of the second layer's activations are at 0 or 1 (within 0.01)" in said
    network.weights[1][:, 0] = 0
    network.biases[1][0] = -4.5  # an activation of 0.011
    said = seen(network, mnist)
    assert "75 % of the second layer's activations are at 0 or 1 (within 0.01)" in said


def test_neurons_that_are_alike_are_noticed(mnist):
    network = Network.initialize((784, 8, 4, 10))
    assert not any("alike" in each for each in seen(network, mnist))
    network.weights[0][:] = network.weights[0][:, :1]
    assert "all 8 neurons of the first layer are alike" in seen(network, mnist)


def test_weights_that_hardly_moved_are_compared_with_their_length(mnist):
    before = Network.initialize(seed=4)
    now = before.copy()
    now.weights[0] *= 1.0005
    now.weights[1] *= 1.0002
    now.weights[2] *= 1.1
    said = [each for each in seen(now, mnist, Earlier(before, 60_000)) if "moved" in each]
    assert len(said) == 1
    pattern = (
        r"the weights of the first and second layers hardly moved in the last 60,000 samples: by at most (\S+) % of .*"
    )
    assert float(re.fullmatch(pattern, said[0]).group(1)) == pytest.approx(0.055, abs=0.006)
    for weights in now.weights[:2]:
        weights *= 1.1
    assert not any("moved" in each for each in seen(now, mnist, Earlier(before, 60_000)))


def test_weights_that_did_not_move_are_told_from_those_that_hardly_did(mnist):
    network = Network.initialize(seed=4)
    assert "its weights did not move at all in the last 61,000 samples" in seen(
        network, mnist, Earlier(network.copy(), 61_000)
    )


def test_weights_that_were_zero_have_no_length_to_compare_with(mnist):
    zero, now = Network.initialize(), Network.initialize()
    for weights in zero.weights:
        weights[:] = 0
    assert not any("moved" in each for each in seen(now, mnist, Earlier(zero, 60_000)))
    assert any("did not move" in each for each in seen(zero, mnist, Earlier(zero.copy(), 60_000)))


def test_enormous_weights_overflow_nothing(mnist):
    before, now = Network.initialize(), Network.initialize()
    for network in (before, now):
        for weights in network.weights:
            weights *= np.float32(1e30)
    now.weights[0] *= np.float32(1.5)
    said = seen(now, mnist, Earlier(before, 60_000))
    assert "the weights of the second and third layers did not move at all in the last 60,000 samples" in said


def test_a_single_layer_has_no_activations_to_speak_of(mnist):
    network = Network.initialize((784, 10))
    assert not any("activations" in each for each in seen(network, mnist))


def test_a_right_run_has_no_symptoms_and_those_at_useless_rates_have(mnist):
    few = Dataset(mnist.train_images[:10_000], mnist.train_labels[:10_000], mnist.test_images, mnist.test_labels)

    def after(rate):
        network = Network.initialize()
        before = network.copy()
        try:
            *_, last = train(network, few, TrainingConfig(epochs=1, learning_rate=rate))
        except TrainingDiverged:
            pytest.fail("it should not overflow")
        return symptoms(network, last.predicted, few, Earlier(before, 10_000))

    assert after(0.05) == ()
    one_answer, hardly = after(1e-9)
    assert one_answer == "answers 7 to 10,000 of 10,000: its accuracy is the share of 7s, 10.28 %"
    assert hardly.startswith("its weights hardly moved in the last 10,000 samples: by at most 0.0000")
    for rate in (5.0, 1e30):
        one_answer, saturated = after(rate)
        assert re.fullmatch(r"answers \d to 10,000 of 10,000: its accuracy is the share of \ds, \S+ %", one_answer)
        assert re.fullmatch(
            r"(\d\d %|all) of the first and all of the second layer's activations are at 0 or 1 \(within 0\.01\)",
            saturated,
        )
