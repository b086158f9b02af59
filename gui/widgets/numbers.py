"""How numbers are written, the same everywhere in the window."""

from math import floor, isfinite, log10

import numpy as np
from numpy.typing import NDArray

MEASURING, BEING_MEASURED = "measuring …", "…"  # the same where there is little room
NOT_KNOWN = "–"
ALMOST_NOTHING = 1e-12  # a probability that is written like any smaller one
LARGE, ENORMOUS = 1000, 1_000_000  # from here on a weight is written without decimals, and with an exponent
FINEST = 6  # decimals; what needs more is written with an exponent
SMALLEST_PLAIN, LARGEST_PLAIN = -4, 5  # powers of ten that are written without an exponent
TELLING = 2  # digits that are not zero, at least


def percent(share: float, decimals: int = 1) -> str:
    """A share from 0 to 1 in percent: 0.928 is "92.8 %". Only all of it is "100.0 %": 0.9999 is "> 99.9 %"."""
    rounded, finest = round(100 * float(share), decimals), 10.0**-decimals
    if rounded >= 100 and share < 1:
        return f"> {100 - finest:.{decimals}f} %"
    if rounded <= 0 and share > 0:
        return f"< {finest:.{decimals}f} %"
    return f"{rounded:.{decimals}f} %"


def probability(share: float, decimals: int = 1) -> str:
    """The same for a probability of the softmax, which is never quite 0 or 1, even if it was rounded to that."""
    return percent(min(max(float(share), ALMOST_NOTHING), 1 - ALMOST_NOTHING), decimals)


def accuracy_in_words(accuracy: float | None) -> str:
    """An accuracy on the test digits, from 0 to 1: "92.77 %", or that it is not there yet."""
    return MEASURING if accuracy is None else percent(accuracy, 2)


def signed(value: float, decimals: int = 3) -> str:
    """A weight as it is written: always with its sign, the minus a true one, and with more decimals if it is small."""
    value = float(value) + 0.0  # no negative zero
    needed = TELLING - 1 - floor(log10(abs(value))) if value else 0
    if abs(value) >= ENORMOUS or needed > FINEST:
        text = f"{value:+.{decimals}g}"
    elif abs(value) >= LARGE:
        text = f"{value:+,.0f}"
    else:
        text = f"{value:+.{max(decimals, needed)}f}"
    return text.replace("-", "−")


def figure(value: float, digits: int = 4) -> str:
    """A number with so many significant digits and a true minus: "0.05310", "−1.390", "2.100e−05"."""
    value = float(value) + 0.0  # no negative zero
    exponent = floor(log10(abs(value))) if value and isfinite(value) else 0
    if SMALLEST_PLAIN <= exponent <= LARGEST_PLAIN:
        text = f"{value:.{max(0, digits - 1 - exponent)}f}" if value else "0"
    else:
        text = f"{value:.{digits - 1}e}"
    return text.replace("-", "−")


def round_step(length: float, most: int) -> float:
    """The smallest of 1, 2 and 5 times a power of ten that fits into a length at most this many times."""
    least = length / most
    decade = 10.0 ** floor(log10(least))
    return next(size * decade for size in (1, 2, 5, 10) if size * decade >= least)


def prediction_in_words(probabilities: NDArray[np.floating]) -> str:
    """The likeliest of the ten digits and its probability: "7  ·  93 %"."""
    return f"{probabilities.argmax()}  ·  {probability(probabilities.max(), 0)}"


def neuron_number(neuron: int, is_answer: bool) -> str:
    """As people count them: the neurons of a hidden layer from 1, the answers are digits from 0."""
    return str(neuron if is_answer else neuron + 1)


def neuron_in_words(neuron: int, is_answer: bool) -> str:
    """Which neuron it is in its layer: "neuron 3", "answer 2"."""
    return f"{'answer' if is_answer else 'neuron'} {neuron_number(neuron, is_answer)}"


def with_article(digit: int) -> str:
    """A digit as a word of a sentence: "a 3", "an 8"."""
    return f"an {digit}" if digit == 8 else f"a {digit}"


def counted(count: int, what: str) -> str:
    """How many there are: "1 digit", "2,000 digits"."""
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def per_second(samples: float) -> str:
    """How fast a network trains: "1 sample/s", "12,000 samples/s"."""
    return f"{counted(round(samples), 'sample')}/s"
