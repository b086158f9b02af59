"""From a drawing to the image that the makers of MNIST would have made of it.

Their recipe: fit the ink into 20×20 pixels keeping its shape, then put its centre of mass into the middle of 28×28
(LeCun, Cortes, Burges, "The MNIST database of handwritten digits"). Both are done at once here, as one resampling:
every pixel of the result is the mean ink of the rectangle of the drawing that it covers, edges counted by their share.
Nothing is rounded to whole pixels on the way.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

SIDE = 28  # of the result, in pixels
CENTER = 14.5  # of mass, in pixels from the edge: over MNIST's test set it is the middle of pixel 14, not 14.0
BOX = 20  # the ink's longer side in the result, in pixels
SMALLEST_DIGIT = 1 / 6  # of the sheet: ink smaller than this is a mark, not a digit, and is not blown up to full size
FULL_INK = 255


@dataclass(frozen=True)
class PreprocessingOptions:
    """Which steps of the recipe are done; a step that is left out shows what it is worth."""

    crop: bool = True  # look at the ink alone, not at the whole sheet
    scale: bool = True  # leave a margin: what is looked at becomes 20 pixels long, not 28
    center: bool = True  # put the centre of mass into the middle, not the middle of what is looked at


def center_digit(drawing: NDArray[Any], options: PreprocessingOptions = PreprocessingOptions()) -> NDArray[np.float32]:
    """A drawing, (height, width), 0 = paper, 255 = full ink, as the network's input, (28, 28) float32 in [0, 1].

    An empty drawing gives an empty image. Raises ValueError if the drawing has not two dimensions.
    """
    if np.ndim(drawing) != 2:
        raise ValueError(f"A drawing has two dimensions, height and width, not the shape {np.shape(drawing)}.")
    ink = np.asarray(drawing, np.float32) / FULL_INK
    if not ink.any():
        return np.zeros((SIDE, SIDE), np.float32)
    spans = [_span(ink.max(axis=axis)) if options.crop else (0.0, float(ink.shape[1 - axis])) for axis in (1, 0)]
    extent = max(end - start for start, end in spans)
    # How many pixels of the drawing one pixel of the result covers. Marks shrink smoothly below the smallest digit.
    box = BOX * min(1.0, (extent / (SMALLEST_DIGIT * max(ink.shape))) ** 2) if options.scale else SIDE
    step = extent / box
    if options.center:
        lefts = [_center_of_mass(ink.sum(axis=axis)) - CENTER * step for axis in (1, 0)]
    else:
        lefts = [(start + end) / 2 - SIDE / 2 * step for start, end in spans]
    down, across = (_cover(length, left, step) for length, left in zip(ink.shape, lefts, strict=True))
    return np.clip(down @ ink @ across.T / step**2, 0, 1).astype(np.float32)


def _span(profile: NDArray[np.float32]) -> tuple[float, float]:
    """From where to where the ink is along one axis: where its profile passes through half its maximum."""
    half = profile.max() / 2
    inked = np.flatnonzero(profile >= half)
    first, last = inked[0], inked[-1]
    padded = np.pad(profile, 1)  # so that ink at the very edge has paper beside it
    rise = (half - padded[first]) / (padded[first + 1] - padded[first])
    fall = (half - padded[last + 2]) / (padded[last + 1] - padded[last + 2])
    return float(first + rise - 0.5), float(last - fall + 1.5)


def _center_of_mass(profile: NDArray[np.float32]) -> float:
    """In pixels from the edge."""
    return float((profile * (np.arange(len(profile)) + 0.5)).sum() / profile.sum())


def _cover(length: int, left: float, step: float) -> NDArray[np.float32]:
    """How much of each pixel of the drawing lies in each pixel of the result along one axis, (28, length)."""
    pixels = np.arange(length)
    edges = left + np.arange(SIDE)[:, None] * step
    return np.clip(np.minimum(edges + step, pixels + 1) - np.maximum(edges, pixels), 0, None).astype(np.float32)
