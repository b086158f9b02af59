"""The first stage: the weights that the file starts with."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.activations import SIGMOID, TANH
from model.homework.catalogue import subscript
from model.homework.judging.case import Case
from model.homework.running.instrument import Place
from model.homework.running.state import Path

Array = NDArray[Any]
SATURATED = 4.6  # |z| beyond which a sigmoid is within 1 % of 0 or 1


def judge_initial_weights(case: Case) -> None:
    """Report which weights start all alike, or so large that most neurons are saturated."""
    evidence = case.evidence
    if evidence.chosen_weights or case.last == 1:  # a single layer may start anywhere
        return
    network = evidence.network.parameters(evidence.initial)
    activations = _images(case, network.layer_sizes[0])
    functions = [*evidence.network.hidden, None]
    for layer, (weights, bias) in enumerate(zip(network.weights, network.biases, strict=True), start=1):
        function = functions[layer - 1]
        if not np.ptp(weights):
            sentence = f"All weights of layer {layer} start at {weights.flat[0]:g}."
            short = f"W{subscript(layer)}, all weights {weights.flat[0]:g}"
            case.findings.add("mistake", "zero-weights", sentence, layer, _birth(case, layer), short=short)
            return
        sums = activations @ weights + bias
        saturated = float((np.abs(sums) > SATURATED).mean())
        if function in (SIGMOID, TANH) and saturated > 0.5:
            sentence, short = _too_large(layer, weights, saturated)
            case.findings.add("mistake", "weights-too-large", sentence, layer, _birth(case, layer), short=short)
            return
        if function is None:
            return
        activations = function.function(sums)


def _images(case: Case, pixels: int) -> Array:
    """Digits with pixels from 0 to 1, so that weights are judged without the scale of the file's own pixels."""
    if case.evidence.digits.shape[1] == pixels:
        return case.evidence.digits
    images = case.evidence.natural_images
    return images / max(1.0, float(np.abs(images).max(initial=0)))


def _too_large(layer: int, weights: Array, saturated: float) -> tuple[str, str]:
    wanted = 1 / np.sqrt(max(weights.shape))
    sentence = (
        f"The weights of layer {layer} have mean {weights.mean():.2g} and standard deviation {weights.std():.2g}; the "
        f"exercise asks for 0 and {wanted:.2g}. {100 * saturated:.0f} % of its activations are within 1 % of a limit."
    )
    return sentence, f"W{subscript(layer)} with a standard deviation of {weights.std():.2g}"


def _birth(case: Case, layer: int) -> Place | None:
    """Where the program made the weights of a layer."""
    path: Path = case.evidence.network.slots[layer - 1].weights
    place = case.evidence.births.get(path)
    return case.recorder.places[place] if place is not None else None
