"""Pictures of what is no digit."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF

from gui.flow.strokes import SHEET, Stroke, redrawn
from model.digit_image import SIDE, center_digit

WAVES = 4  # that a stroke is the sum of, in each direction
POINTS = 60  # of a stroke
SHORTEST, LONGEST = 0.25, 1.0  # periods
MOST_STROKES = 2
REACH = SHEET / 6  # of a wave


def scribble(random: np.random.Generator) -> NDArray[np.float32]:
    """Some strokes at random, on the same way to the network as a drawing on the pad, (28, 28) in [0, 1]."""
    digit = center_digit(redrawn([_stroke(random) for _ in range(random.integers(1, MOST_STROKES + 1))]))
    digit.setflags(write=False)
    return digit


def noise(random: np.random.Generator, count: int) -> NDArray[np.float32]:
    """Images whose pixels are independent, every shade equally likely, (count, 784) in [0, 1]."""
    return random.random((count, SIDE * SIDE), np.float32)


def _stroke(random: np.random.Generator) -> Stroke:
    """A piece of a Fourier series with random coefficients, the quicker waves the smaller."""
    orders = np.arange(1, WAVES + 1)
    angles = 2 * np.pi * np.outer(np.linspace(0, random.uniform(SHORTEST, LONGEST), POINTS), orders)
    cosines, sines = random.normal(0, REACH / orders[:, None], (2, WAVES, 2))
    places = SHEET / 2 + np.cos(angles) @ cosines + np.sin(angles) @ sines
    return tuple(QPointF(x, y) for x, y in places.tolist())
