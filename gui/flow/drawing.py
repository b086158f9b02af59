"""What is on the pad."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF

from gui.flow.strokes import Stroke, redrawn
from model.digit_image import SIDE, center_digit

INKED = 0.5  # from here on a pixel counts as inked, and is outlined


@dataclass(frozen=True, eq=False)
class Drawing:
    """Strokes of the pen, or a digit that came from elsewhere just as it is, or nothing."""

    strokes: tuple[Stroke, ...] = ()
    pixels: NDArray[np.float32] | None = None  # (28, 28), 0 to 1
    source: str = ""  # where the pixels come from: "test digit 1,234"
    unedited: NDArray[np.float32] | None = None  # (28, 28), before single pixels were inked or erased

    @classmethod
    def of(cls, digit: NDArray[np.floating], source: str = "", unedited: NDArray[np.float32] | None = None) -> Drawing:
        """A digit, (784,) or (28, 28), that the network gets just as it is."""
        pixels = np.array(digit, np.float32).reshape(SIDE, SIDE)
        pixels.setflags(write=False)
        return cls((), pixels, source, unedited)

    @property
    def is_empty(self) -> bool:
        """Whether the sheet is blank."""
        return not self.strokes and self.pixels is None

    @cached_property
    def digit(self) -> NDArray[np.float32] | None:
        """What the network receives, (28, 28) in [0, 1], or None with nothing drawn."""
        if not self.strokes:
            return self.pixels
        digit = center_digit(redrawn(self.strokes))
        digit.setflags(write=False)
        return digit

    def with_toggled(self, row: int, column: int) -> Drawing:
        """With a pixel inked or erased; one that was, as it was before."""
        assert self.digit is not None
        before = self.digit if self.unedited is None else self.unedited
        edited, was = self.digit.copy(), before[row, column]
        edited[row, column] = was if edited[row, column] != was else was < INKED
        return Drawing.of(edited, unedited=before)

    def with_stroke(self, point: QPointF) -> Drawing:
        """One more stroke, which starts here. A digit that came from elsewhere makes way for it."""
        return Drawing((*self.strokes, (point,)))

    def with_point(self, point: QPointF) -> Drawing:
        """The latest stroke, continued to here."""
        return Drawing((*self.strokes[:-1], (*self.strokes[-1], point)))
