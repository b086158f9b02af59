"""What a file says in JSON, value by value: there are neither kinds nor limits of them in the format itself."""

from typing import Any

from model.storage.reading import FileError
from model.words import printable


def whole(value: Any, what: str, least: int, most: int) -> int:
    """A whole number within limits."""
    if type(value) is not int or not least <= value <= most:
        raise FileError(f"holds {what} outside of {least:,} to {most:,}.")
    return value


def positive(value: Any, what: str, most: float) -> float:
    """A number above 0, within a limit."""
    if type(value) not in (int, float) or not 0 < value <= most:
        raise FileError(f"holds {what} outside of 0 to {most:g}.")
    return float(value)


def text(value: Any, what: str, longest: int) -> str:
    """A text of at most so many characters; of a longer one, its beginning."""
    if type(value) is not str:
        raise FileError(f"holds {what} that is no text.")
    return printable(value[:longest])


def truth(value: Any, what: str) -> bool:
    """Yes or no."""
    if type(value) is not bool:
        raise FileError(f"holds {what} that is neither true nor false.")
    return value


def items(value: Any, what: str, most: int) -> list[Any]:
    """A list of at most so many values, which are not checked here; anything else raises TypeError."""
    if type(value) is not list:
        raise TypeError(f"no list of {what}: {value!r:.80}")
    if len(value) > most:
        raise FileError(f"holds more than {most:,} {what}.")
    return value
