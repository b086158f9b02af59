import math

import numpy as np
import pytest

from model.evaluation import WORK_AT_A_TIME, evaluate, evaluate_in_chunks
from model.network import Network
from tests.model.textbook import toy_dataset


def echo(classes=3):
    """A network that takes image k for a k: one pixel a class, ln 2 times as bright as it was."""
    return Network([np.eye(classes) * math.log(2)], [np.zeros(classes)])


def test_an_evaluation_by_hand():
    shown = np.eye(3)[[0, 0, 2, 1, 2]]  # what the network takes for 0, 0, 2, 1, 2: with probability 2/4, others 1/4
    result = evaluate(echo(), shown, np.array([0, 1, 2, 2, 0]))
    assert result.loss == pytest.approx((math.log(2) + math.log(4) + math.log(2) + math.log(4) + math.log(4)) / 5)
    assert result.accuracy == 2 / 5
    np.testing.assert_array_equal(result.confusion, [[1, 0, 1], [1, 0, 0], [0, 1, 1]])


@pytest.mark.parametrize("count", [1, 2, 999, 1000, 1001, 1999, 2000, 2001])
def test_any_number_of_images_counts_each_once(count):
    samples = toy_dataset(count)
    network = Network.initialize((6, 5, 3), dtype=np.float64)
    losses, confusion = [], np.zeros((3, 3))
    for image, label in zip(samples.train_images, samples.train_labels, strict=True):
        probabilities = network.predict(image)
        losses.append(-math.log(probabilities[label]))
        confusion[label, np.argmax(probabilities)] += 1
    result = evaluate(network, samples.train_images, samples.train_labels)
    assert result.loss == pytest.approx(math.fsum(losses) / count, rel=1e-12)
    assert result.accuracy == pytest.approx(confusion.trace() / count, rel=1e-12)
    np.testing.assert_array_equal(result.confusion, confusion)


def test_the_real_digits_by_digit(mnist):
    result = evaluate(Network.initialize(), mnist.test_images, mnist.test_labels)
    assert result.confusion.shape == (10, 10)
    np.testing.assert_array_equal(result.confusion.sum(axis=1), np.bincount(mnist.test_labels))


def test_labels_may_be_bytes_and_classes_many():
    labels = np.arange(30, dtype=np.uint8)  # 29 · 30 + 29 is more than a byte holds
    result = evaluate(echo(30), np.eye(30), labels)
    assert result.accuracy == 1
    np.testing.assert_array_equal(result.confusion, np.eye(30))


def test_a_network_without_any_right_answer_has_the_accuracy_zero():
    result = evaluate(echo(), np.eye(3), np.array([1, 2, 0]))
    assert result.accuracy == 0
    assert result.loss == pytest.approx(math.log(4))


def test_there_must_be_images():
    with pytest.raises(ValueError, match=r"no images.*\.$"):
        evaluate(echo(), np.empty((0, 3)), np.empty(0, int))


def test_a_large_network_is_asked_little_by_little_with_the_same_result():
    samples = toy_dataset(900, pixels=784)
    network = Network.initialize((784, 512, 512, 3))
    *pauses, in_chunks = evaluate_in_chunks(network, samples.train_images, samples.train_labels)
    at_a_time = WORK_AT_A_TIME // network.weight_count
    assert pauses == [None] * ((900 - 1) // at_a_time)
    assert len(pauses) >= 2
    in_halves = [evaluate(network, samples.train_images[k::2], samples.train_labels[k::2]) for k in range(2)]
    assert in_chunks.accuracy == pytest.approx(sum(half.accuracy for half in in_halves) / 2)
    assert in_chunks.loss == pytest.approx(sum(half.loss for half in in_halves) / 2, rel=1e-6)
    np.testing.assert_array_equal(in_chunks.confusion, in_halves[0].confusion + in_halves[1].confusion)


def test_nobody_can_write_to_a_confusion_matrix():
    evaluation = evaluate(Network.initialize((6, 3)), np.ones((2, 6), np.float32), np.array([0, 1]))
    with pytest.raises(ValueError, match="read-only"):
        evaluation.confusion[0, 0] = 1
