"""Where each number comes from, found out by moving one number at a time."""

from itertools import pairwise, product

import numpy as np
import pytest

from model.analysis.derivation import (
    ALL,
    Kind,
    Numbers,
    exists,
    is_bias,
    products_of,
    sources_of,
    targets_of,
    value_of,
    values_of,
)
from model.analysis.single_update import Update, one_update
from model.network import Network

SIZES = (3, 4, 2, 3)


@pytest.fixture(scope="module")
def update() -> Update:
    network = Network.initialize(SIZES, dtype=np.float64)
    network.biases = [np.linspace(-0.5, 0.5, len(bias)) for bias in network.biases]
    return one_update(network, np.array([0.25, 0.5, 1.0]), 1, 0.1)


def every_number(update: Update) -> list[Numbers]:
    kinds = [(kind, layer) for kind in Kind for layer in range(len(SIZES)) if exists_any(kind, layer)]
    shapes = [(kind, layer, values_of(update, kind, layer).shape) for kind, layer in kinds]
    return [
        Numbers(kind, layer, index) for kind, layer, shape in shapes for index in product(*(range(n) for n in shape))
    ]


def exists_any(kind: Kind, layer: int) -> bool:
    return exists(Numbers(kind, layer, (0, 0) if kind.is_matrix else (0,)), SIZES)


def test_all_numbers_of_an_update_are_among_them(update: Update) -> None:
    weights = sum((n_in + 1) * n_out for n_in, n_out in pairwise(SIZES))
    neurons = sum(SIZES[1:])
    numbers = every_number(update)
    # x; z and δ of each layer; a of the hidden ones; p before and after, y and L; four for each weight and bias
    assert len(numbers) == SIZES[0] + 2 * neurons + (neurons - SIZES[-1]) + 3 * SIZES[-1] + 1 + 4 * weights
    assert all(exists(number, SIZES) for number in numbers)


@pytest.mark.parametrize(
    "number",
    [
        Numbers(Kind.IMAGE, 1, (0,)),
        Numbers(Kind.IMAGE, 0, (3,)),
        Numbers(Kind.ACTIVATION, 3, (0,)),
        Numbers(Kind.DELTA, 0, (0,)),
        Numbers(Kind.DELTA, 4, (0,)),
        Numbers(Kind.PROBABILITY, 2, (0,)),
        Numbers(Kind.WEIGHT, 1, (4, 0)),
        Numbers(Kind.WEIGHT, 1, (0, 4)),
        Numbers(Kind.WEIGHT, 0, (0, 0)),
    ],
)
def test_what_a_network_does_not_have_does_not_exist(number: Numbers) -> None:
    assert not exists(number, SIZES)


def test_what_comes_from_a_number_goes_there_and_the_other_way_round(update: Update) -> None:
    numbers = every_number(update)
    for one in numbers:
        goes = {each for region in targets_of(update, one) for each in numbers if region.includes(each)}
        assert goes == {each for each in numbers if any(region.includes(one) for region in sources_of(update, each))}, (
            one
        )


def test_a_number_depends_on_its_sources_and_on_nothing_else(update: Update) -> None:
    """Each sum, by moving one pixel, weight or bias and looking which z₁ follow at once."""
    moved = update.network.copy()
    for number in (each for each in every_number(update) if each.kind is Kind.WEIGHT and each.layer == 2):
        network = moved.copy()
        array = network.biases[1][None] if is_bias(update, number) else network.weights[1]
        array[number.index if not is_bias(update, number) else (0, number.index[1])] += 0.1
        other = one_update(network, update.image, update.label, update.learning_rate)
        changed = np.flatnonzero(other.passes.pre_activations[1] != update.passes.pre_activations[1])
        sums = [each for each in targets_of(update, number) if each.kind is Kind.PRE_ACTIVATION]
        assert [each.index for each in sums] == [(neuron,) for neuron in changed.tolist()]


def test_the_terms_of_a_sum_add_up_to_the_number(update: Update) -> None:
    for number in every_number(update):
        if number.kind is Kind.PRE_ACTIVATION:
            left, right = products_of(update, number)
            bias = update.network.biases[number.layer - 1][number.index]
            assert value_of(update, number) == pytest.approx(float((left * right).sum() + bias), rel=1e-12)
        elif number.kind is Kind.DELTA and number.layer < 3:
            left, right = products_of(update, number)
            a = update.passes.activations[number.layer][number.index]
            assert value_of(update, number) == pytest.approx(float((left * right).sum() * a * (1 - a)), rel=1e-12)


def test_biases_are_the_last_row_of_what_is_shaped_like_weights(update: Update) -> None:
    for layer in (1, 2, 3):
        biases = Numbers(Kind.WEIGHT, layer, (SIZES[layer - 1], 0))
        assert is_bias(update, biases)
        assert value_of(update, biases) == update.network.biases[layer - 1][0]
        gradient = values_of(update, Kind.GRADIENT, layer)
        np.testing.assert_array_equal(gradient[-1], update.passes.deltas[layer - 1])
        after = values_of(update, Kind.WEIGHT, layer) - 0.1 * gradient
        np.testing.assert_allclose(values_of(update, Kind.UPDATED, layer), after, rtol=1e-14)


def test_some_numbers_include_each_one_along_an_axis() -> None:
    column = Numbers(Kind.WEIGHT, 1, (ALL, 2))
    assert column.includes(Numbers(Kind.WEIGHT, 1, (0, 2)))
    assert not column.includes(Numbers(Kind.WEIGHT, 1, (0, 1)))
    assert not column.includes(Numbers(Kind.WEIGHT, 2, (0, 2)))
    assert not column.includes(Numbers(Kind.GRADIENT, 1, (0, 2)))
