"""Training with a learner's step: the very numbers of the learner's own loop, and the network as it answers there."""

from functools import cache

import numpy as np
import pytest

from model.dataset import Dataset, as_floats
from model.homework.digits import first_digits
from model.homework.training.pixel_scale import NO_CHANGE
from model.network import Network
from tests.model.homework.training.conftest import program


@cache
def mnist() -> Dataset:
    digits = first_digits(5000, 2000)
    train, test = (images.reshape(-1, 784) for images in (digits.train_images, digits.test_images))
    return Dataset(train, digits.train_labels, test, digits.test_labels)


def raw(samples: int = 200) -> np.ndarray:
    """Training images as the program gets them, (samples, 784), from 0 to 255."""
    images = mnist().train_images[:samples]
    return np.round(as_floats(images, np.float64) * 255)


def by_hand(pixels: np.ndarray, rate: float = 0.01, labels: np.ndarray | None = None) -> tuple[Network, np.ndarray]:
    """The loop of the program, run here over these pixels: the network, and the probabilities before each update."""
    rng = np.random.default_rng(7)
    weights = [rng.normal(0, 1 / np.sqrt(max(s)), s) for s in ((784, 20), (20, 15), (15, 10))]
    b = [np.zeros(20), np.zeros(15), np.zeros(10)]
    answers = []
    labels = mnist().train_labels[: len(pixels)] if labels is None else labels
    for x, label in zip(pixels, labels, strict=True):
        with np.errstate(over="ignore"):
            a1 = 1 / (1 + np.exp(-(x @ weights[0] + b[0])))
            a2 = 1 / (1 + np.exp(-(a1 @ weights[1] + b[1])))
        z3 = a2 @ weights[2] + b[2]
        p = np.exp(z3 - z3.max())
        p /= p.sum()
        answers.append(p.copy())
        d3 = p - np.eye(10)[label]
        d2 = (weights[2] @ d3) * (a2 * (1 - a2))
        d1 = (weights[1] @ d2) * (a1 * (1 - a1))
        for k, (a, d) in enumerate(((x, d1), (a1, d2), (a2, d3))):
            weights[k] -= rate * np.outer(a, d)
            b[k] -= rate * d
    return Network(weights, b), np.array(answers)


def assert_alike(network: Network, expected: Network) -> None:
    """But for rounding, in which a product may differ from one process to another."""
    pairs = zip((*network.weights, *network.biases), (*expected.weights, *expected.biases), strict=True)
    for own, other in pairs:
        np.testing.assert_allclose(own, other, rtol=1e-9, atol=1e-14)


def test_it_is_the_loop_run_by_hand(start):
    process = start(program(), learning_rate=0.02)
    about, initial = process.open()
    assert_alike(initial, by_hand(raw(0) / 255)[0])
    assert (about.samples_per_epoch, about.batch, about.is_in_order) == (60_000, 1, True)
    assert (about.takes_rate, about.learning_rate, about.pixels, about.no_answers) == (True, 0.02, NO_CHANGE, "")
    process.learn(1)
    learned = process.learn(119)
    network, answers = by_hand(raw(120) / 255, 0.02)
    assert_alike(learned.network, network)
    np.testing.assert_allclose(learned.probabilities, answers[1:], rtol=1e-9)


@pytest.mark.usefixtures("few_digits")
def test_it_goes_on_from_a_frame_as_if_it_had_never_stopped(start):
    first = start(program())
    first.open()
    middle = first.learn(70).network
    first.end()
    second = start(program(), network=middle, position=70)
    assert_alike(second.open()[1], middle)
    assert_alike(second.learn(50).network, by_hand(raw(120) / 255)[0])


@pytest.mark.usefixtures("few_digits")
def test_a_rate_that_nobody_can_set_is_the_files_own(start):
    about, _ = start(program(rate="0.004"), learning_rate=0.5).open()
    assert not about.takes_rate
    assert about.learning_rate == pytest.approx(0.004)


@pytest.mark.usefixtures("few_digits")
@pytest.mark.parametrize(
    ("pixels", "own"),
    [
        ("x_train.reshape(-1, 784).astype(float)", lambda x: x),
        ("x_train.reshape(-1, 784) / 255 - 0.5", lambda x: x / 255 - 0.5),
        ("(x_train.reshape(-1, 784) - 33.3) / 78.6", lambda x: (x - 33.3) / 78.6),
        ("1 - x_train.reshape(-1, 784) / 255", lambda x: 1 - x / 255),
    ],
)
def test_what_it_makes_of_pixels_goes_into_the_first_layer(start, pixels, own):
    process = start(program(pixels=pixels))
    process.open()
    network = process.learn(30).network
    expected = by_hand(own(raw(30)))[0].predict(own(raw()))  # of the file's own forward pass
    np.testing.assert_allclose(network.predict(raw() / 255), expected, rtol=1e-7, atol=1e-12)


STANDARDIZED = """
x = x_train[:3000].reshape(-1, 784) / 255
mean, deviation = x.mean(axis=0), x.std(axis=0) + 1e-8
pixels = (x - mean) / deviation
"""


def test_pixels_may_each_be_scaled_in_their_own_way(start):
    code = program().replace("pixels = x_train.reshape(-1, 784) / 255", STANDARDIZED)
    process = start(code)
    about, _ = process.open()
    assert (about.is_in_order, about.no_answers) == (True, "")
    middle = process.learn(20).network
    process.end()
    names = {"x_train": raw(3000)}
    exec(STANDARDIZED, names)
    x, mean, deviation, pixels = (names[name] for name in ("x", "mean", "deviation", "pixels"))
    test_digits = as_floats(mnist().test_images[:2000], np.float64)
    known = test_digits[~test_digits[:, ~x.any(axis=0)].any(axis=1)]  # with ink only where there is some in training
    assert len(known) > 1000
    expected = by_hand(pixels[:20])[0].predict((known - mean) / deviation)
    np.testing.assert_allclose(middle.predict(known), expected, rtol=1e-9)
    resumed = start(code, network=middle, position=20)
    resumed.open()
    expected = by_hand(pixels[:30])[0].predict(pixels)
    np.testing.assert_allclose(resumed.learn(10).network.predict(x), expected, rtol=1e-9)


@pytest.mark.usefixtures("few_digits")
def test_a_network_of_tanh_answers_as_it_does(start):
    process = start(program(squash="np.tanh(z)", slope1="(1 - a1**2)", slope2="(1 - a2**2)"))
    about, network = process.open()
    rng = np.random.default_rng(7)
    layer = raw() / 255
    for shape in ((784, 20), (20, 15)):
        layer = np.tanh(layer @ rng.normal(0, 1 / np.sqrt(max(shape)), shape))
    z = layer @ rng.normal(0, 1 / np.sqrt(15), (15, 10))
    expected = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    assert about.no_answers == ""
    assert about.hidden == ("sigmoid", "sigmoid")
    np.testing.assert_allclose(network.predict(raw() / 255), expected, rtol=1e-9)


@pytest.mark.usefixtures("few_digits")
def test_a_network_of_other_functions_answers_as_it_does(start):
    pixels = "x_train.reshape(-1, 784) / 255 - 0.5"
    process = start(program(pixels=pixels, squash="np.maximum(z, 0)", slope1="(a1 > 0)", slope2="(a2 > 0)"))
    about, _ = process.open()
    assert about.hidden == ("ReLU", "ReLU")
    network = process.learn(40).network
    rest = raw(60)[40:] / 255
    answered = process.learn(1).probabilities[0]
    np.testing.assert_allclose(network.predict(rest)[0], answered, rtol=1e-9)


@pytest.mark.usefixtures("few_digits")
@pytest.mark.parametrize(
    ("parts", "reason", "hears"),
    [
        (
            {"squash": "z / (1 + abs(z))", "slope1": "(1 - abs(a1))**2", "slope2": "(1 - abs(a2))**2"},
            "not known",
            False,
        ),
        ({"output": "1 / (1 + np.exp(-z3))"}, "sigmoid with cross-entropy", True),
        ({"pixels": "np.sqrt(x_train.reshape(-1, 784) / 255)"}, "pixels", True),
    ],
)
def test_where_only_the_file_knows_its_answers_its_own_weights_come(start, parts, reason, hears):
    process = start(program(**parts))
    about, network = process.open()
    assert reason in about.no_answers
    assert not network.has_answers
    rng = np.random.default_rng(7)
    np.testing.assert_array_equal(network.weights[0], rng.normal(0, 1 / np.sqrt(784), (784, 20)))
    learned = process.learn(30)
    assert about.hears_answers is hears
    assert np.isnan(learned.probabilities).any() != hears
    assert not np.array_equal(learned.network.weights[2], network.weights[2])


@pytest.mark.usefixtures("few_digits")
def test_a_network_for_other_images_is_not_trained(start):
    about, _ = start(program(pixels="x_train[:, ::2, ::2].reshape(-1, 196) / 255").replace("784,", "196,")).open()
    assert "196 inputs" in about.not_trained


@pytest.mark.usefixtures("few_digits")
def test_digits_in_another_order_are_noticed(start):
    code = program().replace("zip(pixels, y_train)", "zip(pixels[::-1], y_train[::-1])")
    about, _ = start(code).open()
    assert not about.is_in_order


@pytest.mark.usefixtures("few_digits")
def test_an_epoch_is_as_long_as_its_loop_and_then_begins_anew(start):
    code = program().replace("zip(pixels, y_train)", "zip(pixels[:40], y_train)")
    process = start(code)
    assert process.open()[0].samples_per_epoch == 40
    numbers = [*range(40), *range(20)]
    expected, _ = by_hand(raw(40)[numbers] / 255, labels=mnist().train_labels[numbers])
    assert_alike(process.learn(60).network, expected)


FULL_BATCH = """
import numpy as np
from tensorflow.keras.datasets import mnist

(x_train, y_train), _ = mnist.load_data()
x_train, y_train = x_train[:5000].reshape(-1, 784) / 255, y_train[:5000]

def gradient_descent(x, y, alpha, iterations):
    rng = np.random.default_rng(7)
    W1, b1 = rng.normal(0, 1 / 28, (784, 20)), np.zeros(20)
    W2, b2 = rng.normal(0, 1 / 20, (20, 10)), np.zeros(10)
    for i in range(iterations):
        a = 1 / (1 + np.exp(-(x @ W1 + b1)))
        e = np.exp(a @ W2 + b2)
        p = e / e.sum(axis=1, keepdims=True)
        d2 = (p - np.eye(10)[y]) / len(x)
        d1 = d2 @ W2.T * a * (1 - a)
        W2, b2 = W2 - alpha * a.T @ d2, b2 - alpha * d2.sum(axis=0)
        W1, b1 = W1 - alpha * x.T @ d1, b1 - alpha * d1.sum(axis=0)
    return W1, b1, W2, b2

gradient_descent(x_train, y_train, 0.5, 1000)
"""


def test_a_batch_may_hold_all_digits(start):
    process = start(FULL_BATCH)
    about, _ = process.open()
    assert (about.batch, about.samples_per_epoch, about.is_in_order) == (5000, 5000, True)
    alone: dict[str, object] = {}
    exec("import numpy as np\n" + FULL_BATCH[FULL_BATCH.index("def ") : FULL_BATCH.rindex("gradient_descent")], alone)
    labels = mnist().train_labels[:5000]
    w1, b1, w2, b2 = alone["gradient_descent"](raw(5000) / 255, labels, 0.01, 3)
    learned = [process.learn(20) for _ in range(3)]
    assert_alike(learned[-1].network, Network([w1, w2], [b1, b2]))
    assert [each.samples for each in learned] == [5000] * 3
    losses = [-np.log(each.probabilities[np.arange(5000), labels]).mean() for each in learned]
    assert losses[0] > losses[1] > losses[2]


def test_a_loop_may_have_more_turns_than_an_epoch(start):
    halves = FULL_BATCH.replace("x, y, alpha", "all_x, all_y, alpha").replace(
        "    for i in range(iterations):\n",
        "    for i in range(iterations):\n        x, y = all_x[i % 2::2], all_y[i % 2::2]\n",
    )
    process = start(halves)
    about, _ = process.open()
    assert (about.batch, about.samples_per_epoch, about.is_in_order) == (2500, 60_000, False)
    assert [process.learn(30_000).samples for _ in range(4)] == [30_000] * 4
