"""From a drawing to the image that the makers of MNIST would have made of it.

Their recipe: fit the ink into 20×20 pixels keeping its shape, then put its centre of mass into the middle of 28×28
(LeCun, Cortes, Burges, "The MNIST database of handwritten digits"). Both are done at once here, as one resampling:
every pixel of the result is the mean ink of the rectangle of the drawing that it covers, edges counted by their share.
Nothing is rounded to whole pixels on the way.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

SIDE = 28  # of the result, in pixels
CENTER = 14.5  # of mass, in pixels from the edge: over MNIST's test set it is the middle of pixel 14, not 14.0
BOX = 20  # the ink's longer side in the result, in pixels
SMALLEST_DIGIT = 1 / 6  # of the sheet: ink smaller than this is a mark, not a digit, and is not blown up to full size
FULL_INK = 255


def center_digit(drawing: NDArray[Any]) -> NDArray[np.float32]:
    """A drawing, (height, width), 0 = paper, 255 = full ink, as the network's input, (28, 28) float32 in [0, 1].

    An empty drawing gives an empty image. Raises ValueError if the drawing has not two dimensions.
    """
    if np.ndim(drawing) != 2:
        raise ValueError(f"A drawing has two dimensions, height and width, not the shape {np.shape(drawing)}.")
    ink = np.asarray(drawing, np.float32) / FULL_INK
    if not ink.any():
        return np.zeros((SIDE, SIDE), np.float32)
    rows, columns = ink.sum(axis=1), ink.sum(axis=0)
    extent = max(_extent(ink.max(axis=1)), _extent(ink.max(axis=0)))
    # How many pixels of the drawing one pixel of the result covers. Marks shrink smoothly below the smallest digit.
    box = BOX * min(1.0, (extent / (SMALLEST_DIGIT * max(ink.shape))) ** 2)
    step = extent / box
    image = _cover(rows, step) @ ink @ _cover(columns, step).T
    return np.clip(image / step**2, 0, 1).astype(np.float32)


def _extent(profile: NDArray[np.float32]) -> float:
    """How long the ink is along one axis, between the points where its profile passes through half its maximum."""
    half = profile.max() / 2
    inked = np.flatnonzero(profile >= half)
    first, last = inked[0], inked[-1]
    padded = np.pad(profile, 1)  # so that ink at the very edge has paper beside it
    rise = (half - padded[first]) / (padded[first + 1] - padded[first])
    fall = (half - padded[last + 2]) / (padded[last + 1] - padded[last + 2])
    return float(last - first + 1 - rise - fall + 1)


def _cover(profile: NDArray[np.float32], step: float) -> NDArray[np.float32]:
    """How much of each pixel of the drawing lies in each pixel of the result along one axis, (28, length).

    The profile's centre of mass comes to lie where MNIST has it.
    """
    pixels = np.arange(len(profile))
    center = float((profile * (pixels + 0.5)).sum() / profile.sum())
    left = center + (np.arange(SIDE)[:, None] - CENTER) * step
    return np.clip(np.minimum(left + step, pixels + 1) - np.maximum(left, pixels), 0, None).astype(np.float32)
