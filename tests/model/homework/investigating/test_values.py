"""Searching computed arrays, however they lie."""

import numpy as np
import pytest

from model.homework.investigating.values import Values, as_rows, factor
from model.homework.running.recorder import Event


def values_of(*arrays):
    return Values([Event(k, np.asarray(array), k, None, k) for k, array in enumerate(arrays)])


TARGET = np.array([[1.0, -2.0, 3.0], [4.0, 5.5, -6.0]])


@pytest.mark.parametrize("lying", [TARGET, TARGET.T, TARGET.ravel(), TARGET.T.ravel(), TARGET.astype(np.float32)])
def test_an_array_is_found_as_it_lies(lying):
    values = values_of(np.zeros((2, 3)), lying, TARGET + 1e-3)
    assert [event.time for event in values.equal(TARGET)] == [1]
    assert [(event.time, round(f, 6)) for event, f in values.proportional(TARGET)] == [(1, 1.0)]


def test_multiples_are_found_with_their_factors():
    found = values_of(-2 * TARGET, TARGET + 1, TARGET.T / 32).proportional(TARGET)
    assert [event.time for event, _ in found] == [0, 2]
    np.testing.assert_allclose([f for _, f in found], [-2, 1 / 32])


def test_a_small_error_is_not_the_same_in_double_precision():
    assert values_of(TARGET * (1 + 1e-9)).first(TARGET) is not None
    assert values_of(TARGET + np.eye(2, 3) * 1e-4).first(TARGET) is None


def test_of_a_batch_taken_one_by_one_the_first_is_found():
    found = values_of(TARGET[1], TARGET[0]).proportional(TARGET)
    assert [event.time for event, _ in found] == [1]


def test_numbers_that_are_not_finite_are_never_found():
    assert values_of(np.full((2, 3), np.nan), np.full((2, 3), np.inf)).proportional(TARGET) == []


def test_one_factor_for_all_or_none():
    one, other = TARGET, TARGET[::-1] + 1
    assert factor([one, other], [3 * one, 3 * other]) == pytest.approx(3)
    assert factor([one, other], [3 * one, 2 * other]) is None
    assert factor([one], [one + 1e-4 * np.eye(2, 3)]) is None
    assert factor([one], [one + 1e-4 * np.eye(2, 3)], noise=1e-3) == pytest.approx(1, rel=1e-3)
    assert factor([one], [np.zeros_like(one)]) is None


@pytest.mark.parametrize(
    ("array", "width", "expected"),
    [
        (np.arange(4), 4, [[[0, 1, 2, 3]]]),
        (np.arange(4).reshape(4, 1), 4, [[[0, 1, 2, 3]]]),
        (np.arange(4).reshape(2, 2), 4, [[[0, 1, 2, 3]]]),
        (np.arange(4).reshape(2, 2), 2, [[[0, 1], [2, 3]], [[0, 2], [1, 3]]]),
        (np.arange(6).reshape(2, 3), 3, [[[0, 1, 2], [3, 4, 5]]]),
        (np.arange(6).reshape(3, 2), 3, [[[0, 2, 4], [1, 3, 5]]]),
        (np.arange(8).reshape(2, 2, 2), 4, [[[0, 1, 2, 3], [4, 5, 6, 7]]]),
        (np.arange(5), 4, []),
    ],
)
def test_an_array_is_read_as_samples(array, width, expected):
    assert [rows.tolist() for rows in as_rows(array, width)] == expected
