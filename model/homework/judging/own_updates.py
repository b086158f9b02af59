"""What becomes of each W and b, given the gradients that the learner has: W − η ∂L/∂W, or something else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from model.homework.catalogue import subscript
from model.homework.judging.case import Case
from model.homework.judging.factors import close

Array = NDArray[Any]


@dataclass(frozen=True)
class OwnUpdate:
    """The new value of an array, in symbols."""

    text: str
    array: Array
    layer: int
    state: Literal["right", "wrong", "neutral"]
    rate: float | None  # by which the learner's gradient is multiplied, where it is right


def own_updates(case: Case) -> Iterator[OwnUpdate]:
    """The updates of those arrays that change, layer by layer."""
    for explanation in case.explanations:
        layer = explanation.index
        is_plain = not (case.evidence.is_computed or explanation.decay)
        gradient = case.gradient(explanation) if explanation.input is not None and is_plain else None
        yield from _own_update(case, "W", layer, gradient, explanation.weights_factor)
        bias = np.atleast_2d(explanation.bias[0].value) if explanation.bias is not None and is_plain else None
        yield from _own_update(case, "b", layer, bias, explanation.bias_factor)


def _own_update(case: Case, name: str, layer: int, gradient: Array | None, factor: float | None) -> Iterator[OwnUpdate]:
    networks = (case.probe.network, case.probe.updated)
    before, after = ((n.weights if name == "W" else n.biases)[layer - 1] for n in networks)
    if np.array_equal(before, after):
        return
    symbol = f"{name}{subscript(layer)}"
    if gradient is None or factor is None:
        yield OwnUpdate(f"the new {symbol}", after, layer, "neutral", None)
        return
    factors = [factor / own for own in _own_factors(case, layer, gradient, after)]
    right = next((f for f in factors if _is_rate(case, f)), None)
    if right is not None:
        yield OwnUpdate(f"{symbol} − η ∂L/∂{symbol}", after, layer, "right", right)
    elif any(_is_rate(case, -f) for f in factors):
        yield OwnUpdate(f"{symbol} + η ∂L/∂{symbol}", after, layer, "wrong", None)
    elif any(close(abs(factor), share) for share in (1.0, 1.0 / case.samples)):
        yield OwnUpdate(f"{symbol} {'−' if factor > 0 else '+'} ∂L/∂{symbol}", after, layer, "wrong", None)
    else:
        yield OwnUpdate(f"the new {symbol}", after, layer, "neutral", None)


def _is_rate(case: Case, factor: float) -> bool:
    """Whether a factor is a learning rate that the program may mean; if it names none, any may be."""
    rates = case.rates()
    return any(close(factor, rate / share) for rate in rates for share in (1, case.samples)) if rates else factor > 0


def _own_factors(case: Case, layer: int, gradient: Array, after: Array) -> list[float]:
    """How many times as long as it should be the learner has the gradient, or its δ, before the line of the update."""
    places = case.recorder.places
    lines = {places[event.place].line for event in case.updated(after)}
    found = [each for array in (gradient, case.delta(layer)) for each in case.probe.values.proportional(array)]
    return list(dict.fromkeys([1.0, *(factor for event, factor in found if places[event.place].line not in lines)]))
