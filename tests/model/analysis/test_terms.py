import math

import numpy as np
import pytest

from model.analysis.derivation import Kind, Number, value_of
from model.analysis.single_update import Update, one_update
from model.analysis.terms import (
    exponential_of,
    exponentials_of,
    probability_in_loss,
    products_of,
    slope_of,
    sum_of,
)
from model.network import Network
from tests.model.analysis.conftest import SIZES


@pytest.mark.parametrize("layer", [1, 2, 3])
def test_the_products_and_the_bias_add_up_to_a_sum(update: Update, layer: int) -> None:
    for neuron in range(SIZES[layer]):
        number = Number(Kind.PRE_ACTIVATION, layer, (neuron,))
        left, right = products_of(update, number)
        assert len(left) == len(right) == SIZES[layer - 1]
        bias = value_of(update, Number(Kind.WEIGHT, layer, (SIZES[layer - 1], neuron)))
        expected = value_of(update, number) - bias
        assert sum_of(update, number) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("layer", [1, 2])
def test_a_hidden_error_is_its_sum_times_its_slope(update: Update, layer: int) -> None:
    for neuron in range(SIZES[layer]):
        number = Number(Kind.DELTA, layer, (neuron,))
        left, right = products_of(update, number)
        a = value_of(update, number.of(Kind.ACTIVATION))
        assert sum_of(update, number) == pytest.approx(float((left * right).sum()), rel=1e-12)
        assert slope_of(update, number) == pytest.approx(a * (1 - a), rel=1e-12)
        expected = value_of(update, number)
        assert sum_of(update, number) * slope_of(update, number) == pytest.approx(expected, rel=1e-12)


def test_exponentials_lead_to_activations_and_probabilities(update: Update) -> None:
    for neuron in range(SIZES[1]):
        number = Number(Kind.ACTIVATION, 1, (neuron,))
        assert 1 / (1 + exponential_of(update, number)) == pytest.approx(value_of(update, number), rel=1e-12)
    exponentials = exponentials_of(update)
    assert exponentials.max() == 1
    np.testing.assert_allclose(exponentials / exponentials.sum(), update.probabilities, rtol=1e-12)


@pytest.mark.parametrize(("bias", "is_tiny"), [(0, False), (200, True), (700, True)])
def test_a_probability_that_was_rounded_to_zero_counts_as_a_little_more(bias: float, is_tiny: bool) -> None:
    network = Network.initialize((6, 3))
    network.biases[0][2] = bias
    update = one_update(network, np.full(6, 0.5, np.float32), 1, 0.1)
    counted = probability_in_loss(update)
    assert counted == (np.finfo(np.float32).tiny if is_tiny else update.probabilities[1])
    assert update.losses[0] == pytest.approx(-math.log(counted), rel=1e-6)
