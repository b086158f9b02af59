"""Signed values as a picture: negative, zero and positive in the colours of a theme."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from gui.theme import COLORS, Theme, theme

SMALLEST_LIMIT = 1e-30  # even zeros need a colour


def limit_of(*values: NDArray[np.floating]) -> float:
    """How far a scale has to reach, to both sides, for all of these values."""
    return max(SMALLEST_LIMIT, *(float(np.abs(each).max()) for each in values))


def diverging_image(values: NDArray[np.floating], limit: float, colors_of: Theme | None = None) -> QImage:
    """Values, (height, width), in the colours of −limit to +limit, a pixel each; zero is the card's own colour.

    The colours are those of the theme that is worn, or of another one.
    """
    middle = np.float32((COLORS - 1) / 2)
    indices = np.rint(middle + middle / np.float32(limit) * values)
    colors = _as_rgb((colors_of or theme()).diverging_colors)[np.clip(indices, 0, COLORS - 1).astype(np.uint8)]
    height, width = colors.shape
    # A copy in Qt's own memory: that of the bytes ends here.
    return QImage(colors.tobytes(), width, height, 4 * width, QImage.Format.Format_RGB32).copy()


def _as_rgb(colors: NDArray[np.uint8]) -> NDArray[np.uint32]:
    """Colours, (colors, 4) RGBA, as Qt packs them: 0xAARRGGBB."""
    red, green, blue, alpha = colors.astype(np.uint32).T
    return alpha << 24 | red << 16 | green << 8 | blue
