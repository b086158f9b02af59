"""A learner's network as one of ours: for pixels from 0 to 1, and with the same answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from numpy.typing import NDArray

from model.activations import SIGMOID, TANH, Activation
from model.homework.investigating.own_network import WRONG_AXIS
from model.homework.investigating.trials import Evidence
from model.homework.training.pixel_scale import PixelScale, change_inputs
from model.network import LAYER_SIZES, MOST_LAYERS, MOST_NEURONS, MOST_WEIGHTS, Network, is_too_large

Array = NDArray[Any]


def why_not_trained(evidence: Evidence) -> str:
    """Why a learner's network cannot be a frame of a run; empty if it can."""
    sizes = evidence.network.parameters(evidence.initial).layer_sizes
    if (sizes[0], sizes[-1]) != (LAYER_SIZES[0], LAYER_SIZES[-1]):
        return f"its network has {sizes[0]} inputs and {sizes[-1]} outputs: 784 and 10 are needed"
    if is_too_large(sizes):
        most = f"{MOST_LAYERS} layers, {MOST_NEURONS:,} neurons in one, and {MOST_WEIGHTS:,} weights"
        return f"its network is too large: it may have up to {most}"
    return ""


def why_no_answers(evidence: Evidence) -> str:
    """Why only the learner's own code knows what its network answers; empty if one of ours answers the same."""
    if None in evidence.network.hidden:
        return "a hidden layer has a function that is not known here"
    if "softmax" not in evidence.output.name or evidence.output.name == WRONG_AXIS:
        return f"its output is {evidence.output.name}"
    return ""


def functions_of(evidence: Evidence) -> list[Activation]:
    """The functions of the hidden layers of the network that `as_ours` makes."""
    known = [activation or SIGMOID for activation in evidence.network.hidden]
    return [SIGMOID if activation is TANH else activation for activation in known]


def as_ours(network: Network, hidden: Sequence[Activation | None], pixels: PixelScale) -> Network:
    """The weights and biases with the same answers for pixels from 0 to 1.

    With xᵢ′ = sᵢ xᵢ + tᵢ the first layer is x′ W + b = Σᵢ xᵢ (sᵢ Wᵢ) + (b + Σᵢ tᵢ Wᵢ). As tanh z = 2 σ(2 z) − 1, a
    layer of tanh is one of sigmoids with twice the weights and biases, and the next has 2 W and b − Σᵢ Wᵢ.
    """
    ours = network.copy()
    change_inputs(ours, 0, pixels)
    for k, activation in enumerate(hidden):
        if activation is TANH:
            ours.weights[k], ours.biases[k] = 2 * ours.weights[k], 2 * ours.biases[k]
            change_inputs(ours, k + 1, PixelScale(2.0, -1.0))
    return ours


def from_ours(ours: Network, hidden: Sequence[Activation | None], pixels: PixelScale) -> Network:
    """The other way round: the learner's network that `as_ours` made this one of."""
    network = ours.copy()
    for k, activation in reversed(list(enumerate(hidden))):
        if activation is TANH:
            change_inputs(network, k + 1, PixelScale(0.5, 0.5))
            network.weights[k], network.biases[k] = network.weights[k] / 2, network.biases[k] / 2
    change_inputs(network, 0, pixels.inverse)
    return network
