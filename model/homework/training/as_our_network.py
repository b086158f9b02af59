"""A learner's network as one of ours: for pixels from 0 to 1, with sigmoids, and with the same answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.activations import SIGMOID, Activation
from model.homework.investigating.own_network import TANH, WRONG_AXIS
from model.homework.investigating.trials import Evidence
from model.network import LAYER_SIZES, Network

Array = NDArray[Any]
NO_SCALE = "its pixels are not those of MNIST times a number plus a number"


@dataclass(frozen=True)
class PixelScale:
    """What a program makes of a pixel x from 0 to 1: scale · x + shift."""

    scale: float = 1.0
    shift: float = 0.0

    def __str__(self) -> str:
        low, high = sorted((self.shift, self.shift + self.scale))
        return f"pixels from {low:.4g} to {high:.4g}"


def pixel_scale(own: Array, pixels: Array) -> PixelScale | None:
    """The scale that gives a program's own images, (samples, 784), from those with pixels from 0 to 1, if one does."""
    design = np.stack([pixels.ravel(), np.ones(pixels.size)], axis=1)
    scale, shift = np.linalg.lstsq(design, own.ravel(), rcond=None)[0]
    if abs(scale - round(scale)) < 1e-6 * abs(scale):  # 255, and not 255.00000000000003
        scale = round(scale)
    found = PixelScale(float(scale), float(shift) if abs(shift) > 1e-6 * abs(scale) else 0.0)
    rest = np.abs(found.scale * pixels + found.shift - own).max()
    return found if found.scale and rest <= 1e-5 * np.abs(own).max() else None


def why_not_ours(evidence: Evidence) -> str:
    """Why a learner's network has no form with the same answers among ours; empty if it has one."""
    network = evidence.network
    sizes = network.parameters(evidence.initial).layer_sizes
    if (sizes[0], sizes[-1]) != (LAYER_SIZES[0], LAYER_SIZES[-1]):
        return f"it has {sizes[0]} inputs and {sizes[-1]} outputs"
    others = [each.name if each else "unknown" for each in network.hidden if each not in (SIGMOID, TANH)]
    if others:
        return f"its hidden layers use {', '.join(dict.fromkeys(others))}"
    if "softmax" not in evidence.output.name or evidence.output.name == WRONG_AXIS:
        return f"its output is {evidence.output.name}"
    return ""


def as_ours(network: Network, hidden: Sequence[Activation | None], pixels: PixelScale) -> Network:
    """The network with the same answers for pixels from 0 to 1.

    With x′ = s x + t the first layer is x′ W + b = x (s W) + (b + t Σᵢ Wᵢ). As tanh z = 2 σ(2 z) − 1, a layer of tanh
    is one of sigmoids with twice the weights and biases, and the next has 2 W and b − Σᵢ Wᵢ.
    """
    ours = network.copy()
    _change_inputs(ours, 0, pixels.scale, pixels.shift)
    for k, activation in enumerate(hidden):
        if activation is TANH:
            ours.weights[k], ours.biases[k] = 2 * ours.weights[k], 2 * ours.biases[k]
            _change_inputs(ours, k + 1, 2.0, -1.0)
    return ours


def from_ours(ours: Network, hidden: Sequence[Activation | None], pixels: PixelScale) -> Network:
    """The other way round: the learner's network that `as_ours` made this one of."""
    network = ours.copy()
    for k, activation in reversed(list(enumerate(hidden))):
        if activation is TANH:
            _change_inputs(network, k + 1, 0.5, 0.5)
            network.weights[k], network.biases[k] = network.weights[k] / 2, network.biases[k] / 2
    _change_inputs(network, 0, 1 / pixels.scale, -pixels.shift / pixels.scale)
    return network


def _change_inputs(network: Network, layer: int, scale: float, shift: float) -> None:
    """Let a layer, from 0, give for inputs a what it gave for scale · a + shift."""
    weights = network.weights[layer]
    network.biases[layer] = network.biases[layer] + shift * weights.sum(axis=0)
    network.weights[layer] = scale * weights
