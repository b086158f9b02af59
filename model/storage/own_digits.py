"""Digits that the user drew or imported: a small collection, as one file of plain arrays.

The .npz holds `format` (a version number), `images` (digits, 28, 28) uint8 as MNIST has them, and `labels` (digits,),
−1 where nobody has said yet what a digit is.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from model.digit_image import SIDE
from model.storage.reading import BYTES, WHOLE, Arrays, FileError, opened_arrays, reported_as
from model.storage.writing import atomic_write

FORMAT = 1
MOST_DIGITS = 2000
UNKNOWN = -1
LARGEST_FILE = 2 * MOST_DIGITS * SIDE**2  # bytes, packed or unpacked
TOO_LARGE = f"is far too large: a collection has at most {MOST_DIGITS:,} digits."
DIGITS = "digits of 28×28 bytes"


class DigitsFileError(FileError):
    """A file is no collection that can be used; the message is a sentence for the user."""


@dataclass(frozen=True)
class OwnDigit:
    """A digit as the network receives it, in MNIST's bytes; two are equal if all their pixels and their labels are."""

    pixels: bytes  # 784, row by row, from 0, paper, to 255, full ink
    label: int | None = None

    @classmethod
    def of(cls, digit: NDArray[np.floating], label: int | None = None) -> "OwnDigit":
        """A digit of 784 numbers from 0 to 1, rounded to MNIST's 256 steps."""
        return cls((np.asarray(digit) * 255).round().astype(np.uint8).tobytes(), label)

    @property
    def image(self) -> NDArray[np.uint8]:
        """Its pixels, (28, 28)."""
        return np.frombuffer(self.pixels, np.uint8).reshape(SIDE, SIDE)


def as_arrays(digits: Sequence[OwnDigit]) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Images, (digits, 784), and labels, (digits,), of those that have a label, for `evaluate`."""
    labelled = [digit for digit in digits if digit.label is not None]
    images = np.array([digit.image.reshape(-1) for digit in labelled], np.uint8).reshape(-1, SIDE**2)
    return images, np.array([digit.label for digit in labelled], np.int64)


def save_digits(path: str | os.PathLike[str], digits: Sequence[OwnDigit]) -> None:
    """Write a collection to a file, which is replaced only once the new one is complete.

    Raises OSError if that fails; an earlier file is untouched then.
    """
    images = np.array([digit.image for digit in digits], np.uint8).reshape(-1, SIDE, SIDE)
    labels = np.array([UNKNOWN if digit.label is None else digit.label for digit in digits], np.int64)
    with atomic_write(Path(path)) as file:
        np.savez_compressed(file, format=np.array(FORMAT), images=images, labels=labels)


def open_digits(path: str | os.PathLike[str]) -> tuple[OwnDigit, ...]:
    """Read a collection that `save_digits` wrote.

    Raises DigitsFileError, with what is wrong and what to do, if the file is anything else.
    """
    path = Path(path)
    with reported_as(path, DigitsFileError), opened_arrays(path, LARGEST_FILE, TOO_LARGE) as arrays:
        return _digits_of(arrays)


def _digits_of(arrays: Arrays) -> tuple[OwnDigit, ...]:
    if not all(name in arrays for name in ("format", "images", "labels")):
        raise DigitsFileError("is no collection of digits that Digitscope saved.")
    if arrays.number("format") > FORMAT:
        raise DigitsFileError("was saved by a later version of Digitscope, which this one cannot read.")
    images = arrays.read("images", BYTES, (range(MOST_DIGITS + 1), SIDE, SIDE), f"at most {MOST_DIGITS:,} {DIGITS}")
    labels = arrays.read("labels", WHOLE, (len(images),), "labels from 0 to 9, one for each of its digits")
    if not np.isin(labels, np.arange(UNKNOWN, 10)).all():
        raise DigitsFileError("holds labels other than 0 to 9.")
    return tuple(
        OwnDigit(image.tobytes(), None if label == UNKNOWN else label)
        for image, label in zip(images, labels.tolist(), strict=True)
    )
