"""Signed values as a picture: negative, zero and positive in the colours of a theme."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QImage

from gui.theme import COLORS, Theme

SMALLEST_LIMIT = 1e-30  # even zeros need a colour


def limit_of(*values: NDArray[np.floating]) -> float:
    """How far a scale has to reach, to both sides, for all of these values."""
    return max(SMALLEST_LIMIT, *(float(np.abs(each).max()) for each in values))


class DivergingColors:
    """The colours of one theme; zero is the card's own."""

    def __init__(self, theme: Theme) -> None:
        self._colors = np.array([QColor(*color).rgb() for color in theme.diverging_colors().tolist()], np.uint32)

    def image(self, values: NDArray[np.floating], limit: float) -> QImage:
        """Values, (height, width), in the colours of −limit to +limit, a pixel each."""
        middle = np.float32((COLORS - 1) / 2)
        indices = np.rint(middle + middle / np.float32(limit) * values)
        colors = self._colors[np.clip(indices, 0, COLORS - 1).astype(np.uint8)]
        height, width = colors.shape
        # A copy in Qt's own memory: that of the bytes ends here.
        return QImage(colors.tobytes(), width, height, 4 * width, QImage.Format.Format_RGB32).copy()
