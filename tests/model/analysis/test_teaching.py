import numpy as np
import pytest

from model.analysis.teaching import apply_updates
from model.network import Network
from tests.model.textbook import arrays_of, learn_by_the_book, same_bits

IMAGE = np.random.default_rng(1).random(6)


@pytest.mark.parametrize("updates", [1, 10])
def test_it_is_what_training_on_that_one_sample_would_teach(updates):
    network = Network.initialize((6, 5, 3), dtype=np.float64)
    expected = network.copy()
    learn_by_the_book(expected, [IMAGE] * updates, [2] * updates, 0.3)
    pupil = apply_updates(network, IMAGE, 2, 0.3, updates)
    for actual, right in zip(arrays_of(pupil), arrays_of(expected), strict=True):
        np.testing.assert_allclose(actual, right, rtol=1e-12)


def test_the_teacher_stays_as_it_is():
    network, before = Network.initialize((6, 5, 3)), Network.initialize((6, 5, 3))
    pupil = apply_updates(network, IMAGE, 1, 0.5, 10)
    assert same_bits(network, before)
    assert pupil.dtype == np.float32
    assert pupil.predict(IMAGE)[1] > network.predict(IMAGE)[1]


def test_overflow_is_said_in_a_sentence():
    with pytest.raises(ArithmeticError, match=r"Choose a smaller learning rate\.$"):
        apply_updates(Network.initialize((6, 5, 3)), IMAGE, 1, 3e38)
