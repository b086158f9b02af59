"""Which digits they are that a program works on."""

import numpy as np
import pytest

from model.homework.investigating.labels import BLOCK, KnownDigits

PREPARED = [lambda x: x, lambda x: x / 255, lambda x: (x - 33.3) / 78.6, lambda x: 1 - x / np.float32(255)]


@pytest.fixture(scope="module")
def known():
    """More than are compared with at a time; two of them differ in a single pixel, by little."""
    rng = np.random.default_rng(5)
    images = rng.integers(0, 256, (BLOCK + 300, 784), np.uint8)
    images[BLOCK + 7] = images[7]
    images[BLOCK + 7, 400] ^= 16
    return KnownDigits(images, rng.integers(0, 10, len(images)))


@pytest.mark.parametrize("prepare", PREPARED)
@pytest.mark.parametrize("numbers", [[0], [3, 1], [BLOCK + 299, 5], [7], [BLOCK + 7], [BLOCK + 7, 7, BLOCK]])
def test_a_digit_is_known_by_its_pixels_wherever_it_stands(known, prepare, numbers):
    images = prepare(known.images[numbers])
    assert known.numbers_of(images).tolist() == numbers
    assert known.labels_of(images).tolist() == known.labels[numbers].tolist()


def test_what_was_not_given_is_not_known(known):
    other = np.random.default_rng(6).random((1, 784))
    assert known.numbers_of(other) is None
    assert known.numbers_of(np.concatenate([known.images[:1], other])) is None
    assert known.labels_of(np.ones((1, 784))) is None
    assert known.numbers_of(known.images[:1, :-1]) is None
    assert known.numbers_of(known.images[:0]) is None
