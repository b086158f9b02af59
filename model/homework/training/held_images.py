"""What a program makes of each single pixel, found in all the images that it has made ready."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.homework.investigating.labels import KnownDigits
from model.homework.investigating.values import as_rows, tolerance
from model.homework.training.pixel_scale import PixelScale, gives

Array = NDArray[Any]
COLUMNS = 20  # that are compared before whole images are
SAMPLES = 1000  # on which a scale that was found is tried out
NONE, SEVERAL = -1, -2  # in place of a digit's number


def scale_of_each_pixel(image: Array, arrays: Iterable[Array], digits: KnownDigits) -> PixelScale | None:
    """The scale by which a program made its images, of which one is given, (pixels,), if they are in its arrays."""
    for array in arrays:
        if array.dtype.kind == "f":
            for held in as_rows(np.asarray(array), len(image)):
                if len(held) > 1 and _contains(held, image):
                    return _scale(held, digits)
    return None


def _contains(held: Array, image: Array) -> bool:
    numbers = np.arange(len(held))
    for column in np.abs(held[0] - image).argsort()[-COLUMNS:]:
        numbers = numbers[held[numbers, column] == image[column]]
    return bool((held[numbers] == image).all(axis=1).any())


def _scale(held: Array, digits: KnownDigits) -> PixelScale | None:
    """From images, (samples, pixels): what is no paper is ink, and where a digit has ink tells which one it is."""
    known = _numbers_by_ink(digits.images > 0)
    for paper in (held.min(axis=0), held.max(axis=0)):
        has_ink = held != paper
        numbers = np.array([known.get(ink.tobytes(), NONE) for ink in np.packbits(has_ink, axis=1)])
        if (numbers != NONE).all():
            break
    else:
        return None
    held, pixels = held[numbers != SEVERAL], digits.images[numbers[numbers != SEVERAL]]
    inkiest, each = pixels.argmax(axis=0), np.arange(pixels.shape[1])  # of all samples, for each pixel
    ink, shift = pixels[inkiest, each] / 255, paper.astype(np.float64)
    if not np.array_equal(ink > 0, has_ink.any(axis=0)):
        return None
    scale = np.divide(held[inkiest, each] - shift, ink, out=np.zeros_like(shift), where=ink > 0)
    one = float(np.median(scale[ink > 0]))
    is_one = np.allclose(scale[ink > 0], one, tolerance(held), 0)
    found = PixelScale(one if is_one else tuple(scale.tolist()), tuple(shift.tolist()))
    some = slice(None, None, -(-len(held) // SAMPLES))
    return found if gives(found, held[some], pixels[some] / 255) else None


def _numbers_by_ink(has_ink: Array) -> dict[bytes, int]:
    """Which digit has ink where; SEVERAL, if it is not the only one that has it just there."""
    found: dict[bytes, int] = {}
    for number, ink in enumerate(np.packbits(has_ink, axis=1)):
        found[ink.tobytes()] = SEVERAL if ink.tobytes() in found else number
    return found
