"""The lines of the pen, and how they become ink.

The pad knows its strokes as lines. A small drawing would have fat strokes once it is enlarged to the size of MNIST's
digits, a large one thin ones; so the lines are enlarged first and inked afterwards, with a pen as wide as MNIST's.
Digits of less than half the sheet's side gain most: tests.benchmarks.stroke_accuracy.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QImage, QPaintDevice, QPainter, QPen, QPolygonF, QTransform

from model.digit_image import FULL_INK, SMALLEST_DIGIT

SHEET = 280  # the side of the sheet in its own units, whatever its size on the screen
PEN_WIDTH = 22  # of what is seen, in the same units
INK_SHEET = SHEET // 2  # of the ink that is computed with: still five times as fine as the network sees it
REDRAWN = 75  # the longer side of the lines there
# MNIST's pen is 2.8 pixels wide (ink / length of the thinned lines), where a digit with its pen is 20 pixels long.
PEN_OF_LENGTH = 2.8 / (20 - 2.8)
REDRAWN_PEN = REDRAWN * PEN_OF_LENGTH

INK = QColor(FULL_INK, FULL_INK, FULL_INK)

Stroke = tuple[QPointF, ...]


def blank_sheet(side: int) -> QImage:
    """A sheet without ink."""
    sheet = QImage(side, side, QImage.Format.Format_Grayscale8)
    sheet.fill(0)
    return sheet


def pixels_of(sheet: QImage) -> NDArray[np.uint8]:
    """A sheet as numbers, (side, side): 0 = paper, 255 = full ink."""
    rows = np.frombuffer(sheet.constBits(), np.uint8).reshape(sheet.height(), sheet.bytesPerLine())
    return rows[:, : sheet.width()].copy()


def paint(surface: QPaintDevice, strokes: Sequence[Stroke], color: QColor, pen: float, place: QTransform) -> None:
    """Add lines to a sheet, or to its picture on the screen; the pen is as wide as it was before they are placed."""
    painter = QPainter(surface)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setTransform(place, combine=True)
    cap, join = Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin
    painter.setPen(QPen(color, pen, Qt.PenStyle.SolidLine, cap, join))
    for points in strokes:
        if len(points) == 1:
            painter.drawPoint(points[0])
        else:
            painter.drawPolyline(points)
    painter.end()


def as_drawn(strokes: Sequence[Stroke]) -> NDArray[np.uint8]:
    """The strokes as ink just as they are seen, (140, 140)."""
    scale = INK_SHEET / SHEET
    sheet = blank_sheet(INK_SHEET)
    paint(sheet, strokes, INK, PEN_WIDTH, QTransform.fromScale(scale, scale))
    return pixels_of(sheet)


def redrawn(strokes: Sequence[Stroke]) -> NDArray[np.uint8]:
    """The strokes as ink of MNIST's width, (140, 140); small marks, which are no digits, as they were drawn."""
    box = QPolygonF([point for stroke in strokes for point in stroke]).boundingRect()
    length = max(box.width(), box.height())
    if length + PEN_WIDTH < SMALLEST_DIGIT * SHEET:
        scale, pen = INK_SHEET / SHEET, float(PEN_WIDTH)
    else:
        scale = REDRAWN / length
        pen = REDRAWN_PEN / scale
    middle = INK_SHEET / 2
    place = QTransform.fromTranslate(middle, middle).scale(scale, scale).translate(-box.center().x(), -box.center().y())
    sheet = blank_sheet(INK_SHEET)
    paint(sheet, strokes, INK, pen, place)
    return pixels_of(sheet)
