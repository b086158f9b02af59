"""The four stages of the exercise, in their order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from model.homework.catalogue import subscript
from model.homework.judging.backward_pass import judge_backward_pass
from model.homework.judging.case import Case
from model.homework.judging.findings import BACKWARD_PASS
from model.homework.judging.forward_pass import judge_forward_pass
from model.homework.judging.initial_weights import judge_initial_weights
from model.homework.judging.own_updates import own_updates
from model.homework.judging.remarks import add_remarks
from model.homework.judging.update import judge_update
from model.homework.report import Finding, Stage
from model.network import LAYER_SIZES, Network
from model.words import listed

ALIKE = 0.1  # how far a standard deviation may be off by chance: some four times what 320 weights have


def judge_stages(case: Case) -> tuple[Stage, ...]:
    """Add what is wrong, and what is remarkable, to the findings of a case; each stage in a sentence."""
    for name, judge, _ in STAGES:
        case.findings.stage = name
        judge(case)
    case.findings.stage = ""
    stages = tuple(_stage(case, name, describe) for name, _, describe in STAGES)
    add_remarks(case)
    return stages


def _stage(case: Case, name: Any, describe: Callable[[Case], tuple[bool, str]]) -> Stage:
    if mistakes := case.findings.mistakes_of.get(name):
        return Stage(name, "wrong", _what_is_wrong(case, mistakes))
    is_there, sentence = describe(case)
    return Stage(name, "right" if is_there else "missing", sentence)


def _what_is_wrong(case: Case, mistakes: Sequence[Finding]) -> str:
    """Which line to look at first: on the way back that of the last layer, as all that follows is built on it."""
    lines = [mistake.line for mistake in sorted(mistakes, key=lambda mistake: -(mistake.layer or 0)) if mistake.line]
    if not lines:
        return mistakes[0].sentence
    first, *others = dict.fromkeys(lines)
    sentence = f"Line {first} is wrong: {case.findings.instead[first][0].text}."
    if not others:
        return sentence
    return f"{sentence} So {'is' if len(others) == 1 else 'are'} {listed([str(line) for line in sorted(others)])}."


def _initial_weights(case: Case) -> tuple[bool, str]:
    evidence = case.evidence
    if evidence.chosen_weights:
        return False, "The file makes none; its function was called with random ones."
    network = evidence.network.parameters(evidence.initial)
    if network.layer_sizes == LAYER_SIZES and _are_equal(network, Network.initialize(dtype=np.float64)):
        return True, "The very weights of the exercise, drawn with seed 80085; zero biases."
    return True, "; ".join([" → ".join(map(str, network.layer_sizes)), *_deviations(network)]) + "."


def _deviations(network: Network) -> Iterator[str]:
    """How the weights of each layer are spread, against what the exercise asks for."""
    ratios = [float(weights.std() * np.sqrt(max(weights.shape))) for weights in network.weights]
    if all(abs(ratio - 1) < ALIKE for ratio in ratios):
        yield "in each layer the standard deviation is 1/√max(n_in, n_out), as far as so few weights show it"
        return
    for layer, weights in enumerate(network.weights, start=1):
        wanted = 1 / np.sqrt(max(weights.shape))
        yield f"W{subscript(layer)} has a standard deviation of {weights.std():.2g} (the exercise: {wanted:.2g})"


def _are_equal(one: Network, other: Network) -> bool:
    pairs = zip((*one.weights, *one.biases), (*other.weights, *other.biases), strict=True)
    return all(np.allclose(a, b, 1e-5, 1e-7) for a, b in pairs)


def _forward_pass(case: Case) -> tuple[bool, str]:
    hidden = {0: "", 1: "z and a of the hidden layer, ", 2: "z and a of both hidden layers, "}
    before = hidden.get(case.last - 1, f"z and a of all {case.last - 1} hidden layers, ")
    return True, f"{before}z and p of the output are right in {len(case.evidence.probes)} tries."


def _backward_pass(case: Case) -> tuple[bool, str]:
    tries = len(case.evidence.probes)
    if case.evidence.is_gradient_of_its_loss:
        return True, "Its gradients are those of its own loss, as finite differences show."
    return True, f"δ and the gradients of all {case.last} layers are right in {tries} tries."


def _update(case: Case) -> tuple[bool, str]:
    if case.evidence.returned:
        return False, "Gradients are returned, and no weights are changed."
    rates = [update.rate for update in own_updates(case)]
    if not rates or any(rate is None or not np.isclose(rate, rates[0] or 0, 1e-3) for rate in rates):
        return True, "Not W − η ∂L/∂W with one η for all arrays; nothing was found to be wrong with it."
    batch = f" / {case.samples}" if case.samples > 1 else ""
    return True, f"W and b go against their gradients, with η{batch} = {rates[0]:.6g}."


Judge = Callable[[Case], None]
Describe = Callable[[Case], tuple[bool, str]]  # whether the file has the stage at all, and what is right there
STAGES: tuple[tuple[str, Judge, Describe], ...] = (
    ("Initial weights", judge_initial_weights, _initial_weights),
    ("Forward pass", judge_forward_pass, _forward_pass),
    (BACKWARD_PASS, judge_backward_pass, _backward_pass),
    ("Update", judge_update, _update),
)
