"""The terms and factors that a number of an update is computed with, as far as they are no numbers of the update."""

import numpy as np

from model.activations import sigmoid_derivative
from model.analysis.derivation import Kind, Number, value_of
from model.analysis.single_update import Update
from model.backpropagation import Array
from model.loss import at_least_tiny


def products_of(update: Update, number: Number) -> tuple[Array, Array]:
    """The factors of the sum in a number, term by term: Σ aᵢ Wᵢⱼ without the bias in zⱼ, Σ δₘ Wⱼₘ in a hidden δⱼ."""
    neuron, k = number.neuron, number.layer - 1
    if number.kind is Kind.DELTA:
        return update.passes.deltas[k + 1], update.network.weights[k + 1][neuron]
    return update.passes.activations[k], update.network.weights[k][:, neuron]


def sum_of(update: Update, number: Number) -> float:
    """Those products added up."""
    left, right = products_of(update, number)
    return float(left @ right)


def slope_of(update: Update, number: Number) -> float:
    """σ′(z) = a (1 − a), by which that sum is multiplied in a hidden δ."""
    return float(sigmoid_derivative(update.passes.activations[number.layer][number.neuron]))


def exponential_of(update: Update, number: Number) -> float:
    """e^−z in a = 1 / (1 + e^−z)."""
    with np.errstate(over="ignore"):
        return float(np.exp(-value_of(update, number.of(Kind.PRE_ACTIVATION))))


def exponentials_of(update: Update) -> Array:
    """e^(z − max z) in the softmax, (classes,)."""
    logits = update.passes.pre_activations[-1]
    return np.exp(logits - logits.max())


def probability_in_loss(update: Update) -> float:
    """The p of the label that the logarithm is taken of: one that was rounded to 0 counts as a little more."""
    return float(at_least_tiny(update.probabilities)[update.label])
