"""Photographs and scans of digits."""

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from gui.flow.strokes import pixels_of
from gui.own_digits.decoding import ImageError, decoded
from gui.own_digits.pen_width import widened
from model.digit_image import FULL_INK, SIDE, center_digit
from model.storage.own_digits import OwnDigit, open_digits
from model.storage.reading import reported_as

ENDINGS = (".png", ".jpg", ".jpeg")
FAINTEST = 40  # of 255: a picture with less contrast than this is empty
SHADOWS = 0.35  # of the darkest ink: what is fainter is paper, its grain and its shadows


def digits_in(path: Path) -> Sequence[OwnDigit]:
    """The digit of an image, or those of a collection that was exported.

    Raises ImageError or DigitsFileError, with what is wrong and what to do.
    """
    if path.suffix.lower() == ".npz":
        return open_digits(path)
    return [OwnDigit.of(digit_of(path), label_of(path))]


def label_of(path: Path) -> int | None:
    """What the file says that it is: a name such as 7.png or 7-b.png, or a folder named 7."""
    named = re.match(r"(\d)(?![0-9A-Za-z])", path.stem)
    if named:
        return int(named[1])
    return int(path.parent.name) if re.fullmatch(r"\d", path.parent.name) else None


def digit_of(path: Path) -> NDArray[np.float32]:
    """What the network gets of an image file, (28, 28) from 0 to 1; the digit is darker or lighter than its paper.

    An image of 28×28 pixels is taken as it is; in any other, thin lines are made as wide as MNIST's.
    Raises ImageError, with what is wrong and what to do.
    """
    with reported_as(path, ImageError):
        ink = _ink(_gray(decoded(path)))
        strongest = _strongest(ink)
        if strongest < FAINTEST:
            raise ImageError("is empty: it has no ink that stands out from its paper.")
    if ink.shape == (SIDE, SIDE):
        return (ink / FULL_INK).astype(np.float32)
    share = np.minimum(ink / strongest, 1)
    without_shadows = np.clip((share - SHADOWS) / (1 - 2 * SHADOWS), 0, 1)
    return center_digit(widened((without_shadows * FULL_INK).astype(np.uint8)))


def _gray(image: QImage) -> NDArray[np.float32]:
    """Brightness, (height, width), from 0 to 255; with transparent paper, how much ink covers it."""
    gray = pixels_of(image.convertToFormat(QImage.Format.Format_Grayscale8)).astype(np.float32)
    if not image.hasAlphaChannel():
        return gray
    cover = pixels_of(image.convertToFormat(QImage.Format.Format_Alpha8)).astype(np.float32)
    is_opaque = cover >= FULL_INK / 2
    if is_opaque.mean() < 0.5:
        return cover
    return np.where(is_opaque, gray, np.median(gray[is_opaque]))


def _ink(gray: NDArray[np.float32]) -> NDArray[np.float32]:
    """How far each pixel is from the paper, whose brightness is that of the edge, towards the ink's; 0 to 255."""
    paper = float(np.median(np.concatenate([gray[0], gray[-1], gray[:, 0], gray[:, -1]])))
    darker, lighter = np.clip(paper - gray, 0, None), np.clip(gray - paper, 0, None)
    return darker if _strongest(darker) >= _strongest(lighter) else lighter


def _strongest(ink: NDArray[np.float32]) -> float:
    """Of the ink, but not of a speck in it: only one pixel in two thousand is stronger."""
    few = -(-ink.size // 2000)
    return float(np.partition(ink, -few, axis=None)[-few])
