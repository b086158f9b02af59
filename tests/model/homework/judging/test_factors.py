"""Which array is too long, too short or has the wrong sign, from the factors of all of them."""

from dataclasses import replace

import pytest

from model.homework.judging.explanation import Explanation
from model.homework.judging.factors import Deviation, deviations

RATE = 0.003


def explained(factors):
    """Explanations, from the last layer to the first, with these factors of weights and bias."""
    blank = Explanation(0, ())
    numbers = range(len(factors), 0, -1)
    return [
        replace(blank, index=layer, weights_factor=w, bias_factor=b)
        for layer, (w, b) in zip(numbers, factors, strict=True)
    ]


def found(factors, rates=(RATE,), samples=1, returned=False, used=None):
    return list(deviations(explained(factors), rates, samples, returned, used or {}))


@pytest.mark.parametrize(
    ("factors", "rates", "samples", "returned"),
    [
        ([(RATE, RATE)] * 3, [RATE], 1, False),
        ([(RATE / 32, RATE / 32)] * 3, [RATE], 32, False),
        ([(RATE, None)] * 3, [RATE], 1, False),
        ([(1, 1)] * 3, [], 1, True),
        ([(1 / 8, 1 / 8)] * 3, [], 8, True),
        ([(0.7, 0.7)] * 3, [], 1, False),  # a rate that has no name
    ],
)
def test_equal_factors_of_the_rate_or_its_mean_are_right(factors, rates, samples, returned):
    assert found(factors, rates, samples, returned) == []


def test_all_signs_wrong_is_one_deviation():
    assert found([(-RATE, -RATE)] * 3) == [Deviation(None, "update", -1.0)]


def test_an_update_without_the_rate_is_one_deviation():
    assert found([(1.0, 1.0)] * 3) == [Deviation(None, "update", 1.0, without_rate=True)]


def test_one_array_alone_deviates():
    assert found([(RATE, RATE), (-RATE, RATE), (RATE, RATE)]) == [Deviation(2, "weights", -1.0)]
    assert found([(RATE, RATE), (RATE, RATE), (RATE, 2 * RATE)]) == [Deviation(1, "biases", pytest.approx(2.0))]


def test_one_array_without_the_rate():
    ((deviation),) = found([(RATE, RATE), (RATE, 1.0), (RATE, RATE)])
    assert (deviation.layer, deviation.array, deviation.without_rate) == (2, "biases", True)


def test_a_factor_of_a_delta_is_carried_to_the_layers_below():
    assert found([(RATE, RATE), (2 * RATE, 2 * RATE), (2 * RATE, 2 * RATE)]) == [
        Deviation(2, "delta", pytest.approx(2.0))
    ]


TWICE_IN_LAYER_1 = [(RATE, RATE), (RATE, RATE), (2 * RATE, 2 * RATE)]


@pytest.mark.parametrize("used", [{}, {1: 2.0}, {3: 1.0, 2: 1.0, 1: 2.0}, {3: -1.0, 1: -2.0}, {3: -1.0, 1: 1.0}])
def test_a_factor_of_all_of_the_lowest_layer_is_one_of_its_delta(used):
    assert found(TWICE_IN_LAYER_1, used=used) == [Deviation(1, "delta", pytest.approx(2.0))]


@pytest.mark.parametrize("unit", [1.0, -1.0, 1 / 32])  # p − y, y − p, or the mean of a batch in δ
def test_but_not_where_its_delta_is_seen_without(unit):
    both = [Deviation(1, array, pytest.approx(2.0)) for array in ("weights", "biases")]
    assert found(TWICE_IN_LAYER_1, used=dict.fromkeys((3, 2, 1), unit)) == both
    opposite = [*TWICE_IN_LAYER_1[:2], (-RATE, -RATE)]
    both = [Deviation(1, array, -1.0) for array in ("weights", "biases")]
    assert found(opposite, used=dict.fromkeys((3, 2, 1), unit)) == both


def test_the_mean_taken_again_in_each_layer_is_two_deviations():
    m = 16
    layers = [(RATE / m, RATE / m), (RATE / m**2, RATE / m**2), (RATE / m**3, RATE / m**3)]
    for used in ({3: 1.0, 2: 1 / m, 1: 1 / m**2}, {3: 1 / m, 2: 1 / m**2, 1: 1 / m**3}):
        assert [(d.layer, d.array) for d in found(layers, samples=m, used=used)] == [(2, "delta"), (1, "delta")]


def test_what_was_not_explained_is_left_out():
    assert found([(None, None), (RATE, RATE), (RATE, None)]) == []


def test_the_mean_taken_twice_is_off_by_the_number_of_samples():
    m = 16
    assert found([(RATE / m**2, RATE / m**2)] * 3, samples=m) == [Deviation(None, "update", pytest.approx(1 / m))]
