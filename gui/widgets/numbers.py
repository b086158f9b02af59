"""How numbers are written, the same everywhere in the window."""

import numpy as np
from numpy.typing import NDArray

MEASURING = "measuring …"


def percent(share: float, decimals: int = 1) -> str:
    """A share from 0 to 1 in percent: 0.928 is "92.8 %"."""
    return f"{100 * share:.{decimals}f} %"


def accuracy_in_words(accuracy: float | None) -> str:
    """An accuracy on the test digits, from 0 to 1: "92.77 %", or that it is not there yet."""
    return MEASURING if accuracy is None else percent(accuracy, 2)


def signed(value: float, decimals: int = 3) -> str:
    """A weight as it is written: always with its sign, the minus a true one."""
    rounded = round(float(value), decimals) + 0.0  # no negative zero
    return f"{rounded:+.{decimals}{'f' if abs(value) < 1000 else 'g'}}".replace("-", "−")


def prediction_in_words(probabilities: NDArray[np.floating]) -> str:
    """The likeliest of the ten digits and its probability: "7  ·  93 %"."""
    return f"{probabilities.argmax()}  ·  {percent(probabilities.max(), 0)}"


def with_article(digit: int) -> str:
    """A digit as a word of a sentence: "a 3", "an 8"."""
    return f"an {digit}" if digit == 8 else f"a {digit}"


def counted(count: int, what: str) -> str:
    """How many there are: "1 digit", "2,000 digits"."""
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def per_second(samples: float) -> str:
    """How fast a network trains: "1 sample/s", "12,000 samples/s"."""
    return f"{counted(round(samples), 'sample')}/s"
