"""What is written beside a line: the names of what it computes, and no more of them than fit."""

from __future__ import annotations

import re
from collections.abc import Sequence

LONGEST = 60  # characters
MOST = 3  # names that are all written out
NUMBER = re.compile("[₀-₉]+")
DIGITS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")


def joined(names: Sequence[str]) -> str:
    """Names in their order, each once; of many those of one kind are one: "zₖ, k = 1 … 3 · aₖ, k = 1, 2"."""
    names = list(dict.fromkeys(names))
    text = " · ".join(names)
    if len(names) <= MOST and len(text) <= LONGEST:
        return text
    layers: dict[str, list[int]] = {}
    for name in names:
        number = NUMBER.search(name)
        layers.setdefault(NUMBER.sub("ₖ", name), []).extend([int(number[0].translate(DIGITS))] if number else [])
    ranges = {kind: _range(numbers) for kind, numbers in layers.items()}
    if len(set(ranges.values())) == 1:
        return _shortened([" · ".join(list(ranges)[:MOST]) + next(iter(ranges.values()))], " · ", len(ranges) > MOST)
    return _shortened([f"{kind}{numbers}" for kind, numbers in ranges.items()][:MOST], " · ", len(ranges) > MOST)


def _range(numbers: Sequence[int]) -> str:
    """Which layers are meant."""
    if not numbers:
        return ""
    ordered = sorted(numbers)
    if len(ordered) > 2 and ordered == list(range(ordered[0], ordered[-1] + 1)):
        return f", k = {ordered[0]} … {ordered[-1]}"
    return f", k = {', '.join(map(str, ordered))}"


def listed(mistakes: Sequence[str]) -> str:
    """What is wrong with a line: "the error in δ₂ is δ₃; the slope is a₂"."""
    shown: list[str] = []
    about = ""
    for mistake in dict.fromkeys(mistakes):
        subject, _, computed = mistake.partition(" is ")
        part, _, whole = subject.partition(" in ")
        shown.append(f"{part} is {computed}" if whole and whole == about else mistake)
        about = whole
    return _shortened(shown, "; ", False)


def _shortened(texts: Sequence[str], sign: str, are_more: bool) -> str:
    """As many texts as fit, one at least."""
    shown = list(texts)
    while len(shown) > 1 and len(sign.join(shown)) + (len(sign) + 1) * are_more > LONGEST:
        shown.pop()
        are_more = True
    return sign.join([*shown, *(["…"] if are_more else [])])
