"""English that several sentences need."""

import unicodedata
from collections.abc import Sequence


def listed(words: Sequence[str], conjunction: str = "and") -> str:
    """Words, at least one, as one writes them in a row: "4", "4 and 5", "4, 5 and 7"."""
    *others, last = words
    return f"{', '.join(others)} {conjunction} {last}" if others else last


def printable(text: str) -> str:
    """A text that any font, file and program takes: without control characters and lone surrogates."""
    if text.isprintable():
        return text
    return "".join(" " if unicodedata.category(character) in ("Cc", "Cs") else character for character in text)
