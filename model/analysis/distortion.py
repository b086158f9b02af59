"""A digit moved, turned, with thicker or thinner strokes, and with noise: what a network never saw in training.

Each pixel is seen as a square of ink, cut into 8×8 cells. A cell of the result has the ink of the cell that its middle
came from, and a pixel of the result is the mean of its cells. Whole pixels, their quarters and right angles are exact.
"""

from dataclasses import dataclass
from math import cos, isqrt, radians, sin

import numpy as np
from numpy.typing import NDArray

from model.digit_image import CENTER, SIDE

CELLS = 8  # that one side of a pixel is cut into

Ink = NDArray[np.floating]


@dataclass(frozen=True)
class Distortion:
    """What is done to a digit, in this order from the last field to the first; zero leaves it as it is."""

    noise: float = 0.0  # standard deviation, as a share of full ink
    right: float = 0.0  # pixels; negative: to the left
    down: float = 0.0  # pixels; negative: up
    degrees: float = 0.0  # clockwise on the screen, about where MNIST's digits have their centre of mass
    thickness: float = 0.0  # pixels that a stroke gains, half of them at each of its edges; negative: that it loses


def distorted(digit: NDArray[np.float32], distortion: Distortion, random: np.random.Generator) -> NDArray[np.float32]:
    """A digit, (28, 28) in [0, 1], after a distortion: again (28, 28) float32 in [0, 1].

    Beyond the edge is paper, and what leaves the picture is lost. The noise is normal, independent in each pixel; the
    same state of `random` gives the same pattern, stronger or weaker.
    """
    cells = digit.repeat(CELLS, axis=0).repeat(CELLS, axis=1)
    cells = _placed(_thickened(cells, distortion.thickness), distortion)
    # In float64 the mean of 64 equal numbers in float32 is that very number.
    pixels = cells.reshape(SIDE, CELLS, SIDE, CELLS).sum(axis=1, dtype=np.float64).sum(axis=-1) / CELLS**2
    noise = distortion.noise * random.standard_normal((SIDE, SIDE))
    return np.clip(pixels + noise, 0, 1).astype(np.float32)


def _thickened(cells: Ink, thickness: float) -> Ink:
    """Dilation by a disc, or erosion, which is the same for the paper instead of the ink."""
    radius = round(abs(thickness) * CELLS / 2)
    return _disc_maximum(cells, radius) if thickness > 0 else -_disc_maximum(-cells, radius)


def _disc_maximum(cells: Ink, radius: int) -> Ink:
    """The maximum over all cells within a radius, for each cell; those beyond the edge are zero."""
    size, maximum = len(cells), cells
    widened = np.pad(cells, radius)  # the maximum over what is at most `reach` away in the row
    reach = 0
    for distance in range(radius, -1, -1):  # of a row of the disc from its middle
        while reach < isqrt(radius**2 - distance**2):
            inner = np.maximum(widened[:, 1:-1], widened[:, 2:])
            widened[:, 1:-1] = np.maximum(inner, widened[:, :-2])
            reach += 1
        for top in (radius - distance, radius + distance):
            maximum = np.maximum(maximum, widened[top : top + size, radius : radius + size])
    return maximum


def _placed(cells: Ink, distortion: Distortion) -> Ink:
    """Turned, then shifted: each cell of the result asks where its middle was before."""
    middles = np.arange(len(cells)) + 0.5 - CELLS * CENTER
    x, y = middles - CELLS * distortion.right, middles[:, None] - CELLS * distortion.down
    angle = radians(distortion.degrees)
    # Undone, the rotation (x, y) → (x cos − y sin, x sin + y cos); y points down, so that it turns clockwise.
    columns = _cell_at(cos(angle) * x + sin(angle) * y, len(cells))
    rows = _cell_at(cos(angle) * y - sin(angle) * x, len(cells))
    return np.pad(cells, 1)[rows, columns]


def _cell_at(places: NDArray[np.float64], size: int) -> NDArray[np.intp]:
    """The index of the cell at a place, measured from the centre, in an array with a margin of one cell of paper."""
    return np.clip(np.floor(places + CELLS * CENTER) + 1, 0, size + 1).astype(np.intp)
