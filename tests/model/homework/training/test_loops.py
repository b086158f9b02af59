"""The loops in which people train, with few digits: the numbers of the same updates in the same order, run by hand."""

from functools import cache

import numpy as np
import pytest

from model.homework.digits import Digits, first_digits
from model.network import Network

pytestmark = pytest.mark.usefixtures("few_digits")
LOADING = """
import numpy as np
from tensorflow.keras.datasets import mnist

(x_train, y_train), (x_test, y_test) = mnist.load_data()
x_train, x_test = x_train.reshape(-1, 784) / 255, x_test.reshape(-1, 784) / 255
"""
STEP = """
rng = np.random.default_rng(7)
W = [rng.normal(0, 1 / 28, (784, 20)), rng.normal(0, 1 / 5, (20, 10))]
b = [np.zeros(20), np.zeros(10)]
rate = 0.1

def forward(x):
    a = 1 / (1 + np.exp(-(x @ W[0] + b[0])))
    e = np.exp(a @ W[1] + b[1])
    return a, e / e.sum(axis=1, keepdims=True)

def update(x, labels):
    a, p = forward(x)
    d2 = (p - np.eye(10)[labels]) / len(x)
    d1 = d2 @ W[1].T * a * (1 - a)
    for k, (layer, d) in enumerate(((x, d1), (a, d2))):
        W[k] -= rate * layer.T @ d
        b[k] -= rate * d.sum(axis=0)
"""
WHILE = """
for epoch in range(3):
    i = 0
    while i < {turns}:
        update(x_train[i : i + 1], y_train[i : i + 1])
        i += 1
"""
BATCHES = """
x_train, y_train = x_train[:250], y_train[:250]
for epoch in range(3):
    for i in range(0, len(x_train), 32):
        update(x_train[i : i + 32], y_train[i : i + 32])
"""
FIFTHS = """
for i in range(8):
    update(x_train[i % 5 : 300 : 5], y_train[i % 5 : 300 : 5])
"""
MEASURED = """
for i in range(len(x_train)):
    if i % 2 == 0:
        print((forward(x_test)[1].argmax(axis=1) == y_test).mean())
    update(x_train[i : i + 1], y_train[i : i + 1])
"""


@cache
def digits() -> Digits:
    return first_digits(307)


def by_hand(batches: list[slice], rate: float) -> tuple[Network, np.ndarray]:
    """The network after updates with these samples, and its probabilities before each."""
    names: dict = {"np": np}
    exec(STEP, names)
    names["rate"] = rate
    images, answers = digits().train_images.reshape(-1, 784) / 255, []
    for batch in batches:
        answers.append(names["forward"](images[batch])[1])
        names["update"](images[batch], digits().train_labels[batch])
    return Network(names["W"], names["b"]), np.concatenate(answers)


def singly(*numbers: int) -> list[slice]:
    return [slice(number, number + 1) for number in numbers]


def assert_alike(network: Network, expected: Network) -> None:
    pairs = zip((*network.weights, *network.biases), (*expected.weights, *expected.biases), strict=True)
    for own, other in pairs:
        np.testing.assert_allclose(own, other, rtol=1e-9, atol=1e-14)


def test_a_while_loop_keeps_its_learning_rate_in_the_next_epoch(start):
    process = start(LOADING + STEP + WHILE.format(turns="len(x_train)"), learning_rate=0.02)
    about, _ = process.open()
    assert (about.samples_per_epoch, about.learning_rate, about.takes_rate) == (307, 0.02, True)
    learned = [process.learn(307), process.learn(20)]
    network, answers = by_hand(singly(*range(307), *range(20)), 0.02)
    assert_alike(learned[-1].network, network)
    np.testing.assert_allclose(np.concatenate([each.probabilities for each in learned]), answers, rtol=1e-9)


def test_of_a_while_loop_with_fewer_digits_answers_are_known_as_long_as_their_labels_are(start):
    process = start(LOADING + STEP + WHILE.format(turns=40))
    assert process.open()[0].samples_per_epoch == 307
    learned = process.learn(60)
    network, answers = by_hand(singly(*range(40), *range(20)), 0.01)
    assert_alike(learned.network, network)
    np.testing.assert_allclose(learned.probabilities[:40], answers[:40], rtol=1e-9)
    assert np.isnan(learned.probabilities[40:]).all()


def test_the_last_batch_of_some_of_the_digits_may_be_smaller(start):
    process = start(LOADING + STEP + BATCHES)
    about, _ = process.open()
    assert (about.samples_per_epoch, about.batch) == (250, 32)
    learned = [process.learn(1) for _ in range(10)]
    assert [each.samples for each in learned] == [32, 32, 32, 32, 32, 32, 32, 26, 32, 32]
    epoch = [slice(first, min(first + 32, 250)) for first in range(0, 250, 32)]
    network, answers = by_hand([*epoch, *epoch[:2]], 0.01)
    assert_alike(learned[-1].network, network)
    np.testing.assert_allclose(np.concatenate([each.probabilities for each in learned]), answers, rtol=1e-9)


def test_no_batch_goes_beyond_the_end_of_an_epoch_whatever_the_loop_has(start):
    process = start(LOADING + STEP + FIFTHS)
    assert process.open()[0].samples_per_epoch == 307
    position = 0
    for _ in range(15):
        position += process.learn(1).samples
        assert position <= 307
        position %= 307


def test_what_is_answered_to_the_test_set_is_not_taken_for_answers_to_samples(start):
    process = start(LOADING + STEP + MEASURED)
    assert process.open()[0].batch == 1
    learned = process.learn(20)
    network, answers = by_hand(singly(*range(20)), 0.01)
    assert_alike(learned.network, network)
    np.testing.assert_allclose(learned.probabilities, answers, rtol=1e-9)
