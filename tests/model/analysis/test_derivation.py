"""Where each number comes from and where it goes, by formulas that are written down once more."""

import math
from itertools import pairwise, product

import numpy as np
import pytest

from model.analysis.derivation import (
    ALL,
    Kind,
    Number,
    Numbers,
    exists,
    is_bias,
    sources_of,
    targets_of,
    value_of,
    values_of,
)
from model.analysis.single_update import Update
from tests.model.analysis.conftest import SIZES


def every_number(update: Update) -> list[Number]:
    kinds = [(kind, layer) for kind in Kind for layer in range(len(SIZES)) if exists_any(kind, layer)]
    shapes = [(kind, layer, values_of(update, kind, layer).shape) for kind, layer in kinds]
    return [
        Number(kind, layer, index) for kind, layer, shape in shapes for index in product(*(range(n) for n in shape))
    ]


def exists_any(kind: Kind, layer: int) -> bool:
    return exists(Number(kind, layer, (0, 0) if kind.is_matrix else (0,)), SIZES)


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
        Number(Kind.IMAGE, 1, (0,)),
        Number(Kind.IMAGE, 0, (3,)),
        Number(Kind.ACTIVATION, 3, (0,)),
        Number(Kind.DELTA, 0, (0,)),
        Number(Kind.DELTA, 4, (0,)),
        Number(Kind.PROBABILITY, 2, (0,)),
        Number(Kind.WEIGHT, 1, (4, 0)),
        Number(Kind.WEIGHT, 1, (0, 4)),
        Number(Kind.WEIGHT, 0, (0, 0)),
    ],
)
def test_what_a_network_does_not_have_does_not_exist(number: Number) -> None:
    assert not exists(number, SIZES)


def test_what_comes_from_a_number_goes_there_and_the_other_way_round(update: Update) -> None:
    numbers = every_number(update)
    for one in numbers:
        goes = {each for region in targets_of(update, one) for each in numbers if region.includes(each)}
        assert goes == {each for each in numbers if any(region.includes(one) for region in sources_of(update, each))}, (
            one
        )


class Read:
    """The values of an update, and which of them were read."""

    def __init__(self, update: Update) -> None:
        self.update = update
        self.numbers: set[Number] = set()

    def __call__(self, kind: Kind, layer: int, *index: int) -> float:
        self.numbers.add(number := Number(kind, layer, index))
        return value_of(self.update, number)


def by_the_book(number: Number, read: Read) -> float:
    """The formula of a number of a 3-4-2-3 network for label 1 at a learning rate of 0.1, written down by hand."""
    layer, *_, j = number.layer, *number.index
    inputs, outputs = {1: 3, 2: 4, 3: 2}.get(layer, 0), {1: 4, 2: 2, 3: 3}

    def into(k: int, i: int) -> float:
        return read(Kind.IMAGE, 0, i) if k == 1 else read(Kind.ACTIVATION, k - 1, i)

    match number.kind:
        case Kind.PRE_ACTIVATION:
            bias = read(Kind.WEIGHT, layer, inputs, j)
            return sum(into(layer, i) * read(Kind.WEIGHT, layer, i, j) for i in range(inputs)) + bias
        case Kind.ACTIVATION:
            return 1 / (1 + math.exp(-read(Kind.PRE_ACTIVATION, layer, j)))
        case Kind.PROBABILITY:
            powers = [math.exp(read(Kind.PRE_ACTIVATION, 3, m)) for m in range(3)]
            return powers[j] / sum(powers)
        case Kind.LOSS:
            return -read(Kind.TARGET, 3, 1) * math.log(read(Kind.PROBABILITY, 3, 1))
        case Kind.DELTA if layer == 3:
            return read(Kind.PROBABILITY, 3, j) - read(Kind.TARGET, 3, j)
        case Kind.DELTA:
            after, a = range(outputs[layer + 1]), read(Kind.ACTIVATION, layer, j)
            back = sum(read(Kind.DELTA, layer + 1, m) * read(Kind.WEIGHT, layer + 1, j, m) for m in after)
            return back * a * (1 - a)
        case Kind.GRADIENT:
            i, is_bias = number.index[0], number.index[0] == inputs
            return (1 if is_bias else into(layer, i)) * read(Kind.DELTA, layer, j)
        case Kind.CHANGE:
            return -0.1 * read(Kind.GRADIENT, layer, *number.index)
        case Kind.UPDATED:
            return read(Kind.WEIGHT, layer, *number.index) + read(Kind.CHANGE, layer, *number.index)
        case Kind.OUTCOME:
            values = [read(Kind.IMAGE, 0, i) for i in range(3)]
            for k, n_in in ((1, 3), (2, 4), (3, 2)):
                rows = [[read(Kind.UPDATED, k, i, m) for m in range(outputs[k])] for i in range(n_in + 1)]
                sums = [sum(a * row[m] for a, row in zip([*values, 1], rows, strict=True)) for m in range(outputs[k])]
                values = [1 / (1 + math.exp(-z)) for z in sums]
            return math.exp(sums[j]) / sum(map(math.exp, sums))
    return value_of(read.update, number)  # it comes from outside


@pytest.mark.parametrize("kind", Kind)
def test_a_number_comes_from_what_its_formula_has_in_it_and_from_nothing_else(update: Update, kind: Kind) -> None:
    numbers = every_number(update)
    for number in (each for each in numbers if each.kind is kind):
        read = Read(update)
        assert value_of(update, number) == pytest.approx(by_the_book(number, read), rel=1e-12, abs=1e-16)
        regions = sources_of(update, number)
        assert {each for each in numbers if any(region.includes(each) for region in regions)} == read.numbers, number


def test_biases_are_the_last_row_of_what_is_shaped_like_weights(update: Update) -> None:
    for layer in (1, 2, 3):
        biases = Number(Kind.WEIGHT, layer, (SIZES[layer - 1], 0))
        assert is_bias(update, biases)
        assert value_of(update, biases) == update.network.biases[layer - 1][0]
        gradient = values_of(update, Kind.GRADIENT, layer)
        np.testing.assert_array_equal(gradient[-1], update.passes.deltas[layer - 1])
        after = values_of(update, Kind.WEIGHT, layer) - 0.1 * gradient
        np.testing.assert_allclose(values_of(update, Kind.UPDATED, layer), after, rtol=1e-14)


def test_some_numbers_include_each_one_along_an_axis() -> None:
    column = Numbers(Kind.WEIGHT, 1, (ALL, 2))
    assert column.includes(Number(Kind.WEIGHT, 1, (0, 2)))
    assert not column.includes(Number(Kind.WEIGHT, 1, (0, 1)))
    assert not column.includes(Number(Kind.WEIGHT, 2, (0, 2)))
    assert not column.includes(Number(Kind.GRADIENT, 1, (0, 2)))
