"""What does not make a file wrong and is worth knowing."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.activations import SIGMOID
from model.backpropagation import SOFTMAX_CROSS_ENTROPY
from model.homework.investigating.trials import Probe
from model.homework.judging.case import Case
from model.homework.judging.initial_weights import SATURATED
from model.homework.running.recorder import Event
from model.network import LAYER_SIZES

Array = NDArray[Any]
LARGE_PIXELS = 20  # the largest pixel from which on they were not scaled


def add_remarks(case: Case) -> None:
    """Add what there is to remark on pixels, softmax, logarithm and network."""
    _pixels(case)
    _unstable_softmax(case)
    _clipped_logarithm(case)
    _unlike_the_exercise(case)


def _pixels(case: Case) -> None:
    evidence, images = case.evidence, case.evidence.natural_images
    if np.abs(images).max(initial=0) <= LARGE_PIXELS:
        return
    share = ""
    if evidence.network.hidden and evidence.network.hidden[0] is SIGMOID:
        network = evidence.network.parameters(evidence.initial)
        saturated = np.abs(images @ network.weights[0] + network.biases[0]) > SATURATED
        share = f": {100 * saturated.mean():.0f} % of the first layer's activations are within 1 % of 0 or 1"
    sentence = f"The pixels go in as they are, from 0 to {images.max():.0f}{share}."
    case.findings.add("remark", "pixels-not-scaled", sentence)


def _unstable_softmax(case: Case) -> None:
    shifted, p = case.evidence.shifted, case.probe.right.activations[-1]
    event = case.lines.of_value(case.of_first(p))
    if event is None or shifted is None or "softmax" not in case.evidence.output.name:
        return
    if shifted.values().proportional(p):
        return
    sentence = "With 1,000 more on every logit the softmax is not finite."
    case.findings.add("remark", "unstable-softmax", sentence, case.last, case.place(event))


def _clipped_logarithm(case: Case) -> None:
    """Whether the loss of a digit that the network is sure to be another is less than −ln p."""
    hopeless = case.evidence.hopeless
    usual = next((e for e in case.probe.trial.record.numbers() if _is_about(e, _loss(case.probe))), None)
    if hopeless is None or usual is None:
        return
    loss = _loss(hopeless)
    for event in hopeless.trial.record.numbers():
        own = float(event.value.reshape(-1)[0])
        if event.place == usual.place and np.isfinite(own) and own < 0.99 * loss:
            sentence = f"The loss of an answer that is sure and wrong is {own:.3g}, not {loss:.3g}."
            case.findings.add("remark", "clipped-logarithm", sentence, None, case.place(event))
            return


def _loss(probe: Probe) -> float:
    """The mean cross-entropy of a probe."""
    with np.errstate(divide="ignore"):
        return float(-np.log((probe.right.activations[-1] * probe.targets).sum(axis=1)).mean())


def _is_about(event: Event, number: float) -> bool:
    return abs(float(event.value.reshape(-1)[0]) - number) < 1e-4 * number


def _unlike_the_exercise(case: Case) -> None:
    """Report how the network differs: what is right for it is not what the exercise asks for."""
    network, differences = case.evidence.network, []
    sizes = case.probe.network.layer_sizes
    if tuple(sizes) != LAYER_SIZES:
        differences.append(f"its layers are {' → '.join(map(str, sizes))}")
    hidden = {activation.name for activation in network.hidden if activation is not None and activation is not SIGMOID}
    if hidden:
        differences.append(f"its hidden layers use {', '.join(sorted(hidden))}")
    if case.evidence.output is not SOFTMAX_CROSS_ENTROPY:
        differences.append(f"its output is {case.evidence.output.name}")
    if case.evidence.is_gradient_of_its_loss:
        differences.append("its gradients are those of a loss of its own, as finite differences show")
    if any(slot.bias is None and slot.constant is None for slot in network.slots):
        differences.append("it has layers without biases")
    if any(explanation.decay for explanation in case.explanations):
        differences.append("its weights decay")
    if case.samples > 1:
        differences.append(f"it updates once for {case.samples} samples")
    differences += case.evidence.differences
    if differences:
        sentence = f"This is not the exercise's network: {'; '.join(differences)}."
        case.findings.add("remark", "unlike-the-exercise", sentence)
