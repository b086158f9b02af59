"""How long a learner's gradients are: the learning rate, and where a sign or a factor is wrong.

Every array of the update is some factor times what its explanation says: η, or η / m for the mean over m samples. All
should have the same. Where they do not, the factors say which array is wrong: a factor of δₖ shows in every layer from
k down, one of ∂L/∂Wₖ there alone.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from model.homework.judging.explanation import Explanation

CLOSE = 1e-3  # gradients that are read off weights in float32 are no better


@dataclass(frozen=True)
class Deviation:
    """An array that is too long, too short, or has the wrong sign."""

    layer: int | None  # None: all of them
    array: str  # "delta", "weights", "biases", or "update" for all of the update
    factor: float  # what it is multiplied by
    without_rate: bool = False  # it is the learning rate that is missing


def deviations(
    explanations: Sequence[Explanation],
    rates: Sequence[float],
    samples: int,
    returned: bool,
    used: Mapping[int, float],
) -> Iterator[Deviation]:
    """What is wrong with the lengths. `rates` are the learning rates that the program may mean, if it names any.

    `used` are the factors that the δ of layers are seen to have where ∂L/∂W is made of them.
    """
    factors = [f for e in explanations for f in (e.weights_factor, e.bias_factor) if f is not None]
    if not factors:
        return
    expected = [1.0, 1.0 / samples] if returned else [rate / share for rate in rates for share in (1, samples)]
    usual, is_expected = _usual(factors, expected)
    if not is_expected:
        yield from _of_all(usual, expected, samples, returned)
    yield from _of_single_ones(explanations, usual, samples, bool(rates), used)


def _usual(factors: list[float], expected: Sequence[float]) -> tuple[float, bool]:
    """The expected factor that the most arrays have; where none is as expected, that of the last layer's weights."""
    candidates = [f for f in factors if any(close(f, e) for e in expected)]
    if not candidates:
        return factors[0], False
    counts = Counter[float](next(other for other in candidates if close(f, other)) for f in candidates)
    return counts.most_common(1)[0][0], True


def _of_all(usual: float, expected: Sequence[float], samples: int, returned: bool) -> Iterator[Deviation]:
    if any(close(-usual, e) for e in expected) or (not expected and usual < 0):
        yield Deviation(None, "update", -1.0)
        return
    if not expected:
        return
    without_rate = not returned and any(close(abs(usual), share) for share in (1.0, 1.0 / samples))
    if usual < 0:
        yield Deviation(None, "update", -1.0)
    if without_rate:
        yield Deviation(None, "update", 1.0, without_rate=True)
    elif not any(close(abs(usual), e) for e in expected):
        ratios = [abs(usual) / e for e in expected]
        yield Deviation(None, "update", min(ratios, key=lambda ratio: abs(math.log(ratio))))


def _of_single_ones(
    explanations: Sequence[Explanation], usual: float, samples: int, rate_is_known: bool, used: Mapping[int, float]
) -> Iterator[Deviation]:
    last = explanations[0]
    unit = used.get(last.index, 1.0) / (last.weights_factor or usual) * usual  # −1 where y − p is meant, or 1 / m
    carried = 1.0  # by the δ of the layers above
    for position, explanation in enumerate(explanations):
        own = [f / usual for f in (explanation.weights_factor,) if f is not None]
        bias = [f / usual for f in (explanation.bias_factor,) if f is not None]
        below = [f / usual for e in explanations[position + 1 :] for f in (e.weights_factor,) if f is not None]
        of_delta = next((f for f in [*own, *bias] if not close(f, carried)), None)
        if of_delta is None:
            continue
        everywhere = all(close(f, of_delta) for f in [*own, *bias])
        # A factor of δ is carried to the layers below; one of both updates of a layer is not. Below the lowest there
        # is none: there it is one of δ unless that is seen without it.
        is_carried = not close(below[0], carried) if below else bool(own and bias)
        is_seen_without = not below and close(used.get(explanation.index, math.inf) / unit, carried)
        if everywhere and is_carried and not is_seen_without:
            yield _deviation(explanation.index, "delta", of_delta / carried, usual, samples, rate_is_known)
            carried = of_delta
            continue
        for name, values in (("weights", own), ("biases", bias)):
            if values and not close(values[0], carried):
                yield _deviation(explanation.index, name, values[0] / carried, usual, samples, rate_is_known)


def _deviation(layer: int, array: str, factor: float, usual: float, samples: int, rate_is_known: bool) -> Deviation:
    rateless = rate_is_known and array != "delta" and any(close(abs(factor * usual), s) for s in (1.0, 1.0 / samples))
    return Deviation(layer, array, factor, rateless)


def close(one: float, other: float) -> bool:
    """Whether two factors are the same but for rounding."""
    return abs(one - other) <= CLOSE * abs(other)
