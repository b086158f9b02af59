"""Ink of another pen, made as wide as MNIST's.

A ballpoint's line is so thin that little of it is left in 28×28 pixels. Nobody knows the lines of a photograph, but
ink can be widened: tests.benchmarks.stroke_accuracy says what it is worth.
"""

import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter

from gui.flow.strokes import PEN_OF_LENGTH, pixels_of
from model.digit_image import FULL_INK

LENGTH = 100  # pixels of the digit's longer side while it is widened
SHEET = 160  # pixels: with room for the width that is added
APART = 1.5  # pixels between two prints of the ink

Ink = NDArray[np.uint8]


def widened(ink: Ink) -> Ink:
    """Ink, (height, width) from 0 to 255, with lines at least as wide as MNIST's, on a sheet of (160, 160)."""
    digit = _scaled(_cropped(ink))
    width = width_of_lines(pixels_of(digit))
    missing = (LENGTH - width) * PEN_OF_LENGTH - width
    sheet = QImage(SHEET, SHEET, QImage.Format.Format_RGB32)
    sheet.fill(Qt.GlobalColor.black)
    place = QRectF(digit.rect()).translated((SHEET - digit.width()) / 2, (SHEET - digit.height()) / 2)
    painter = QPainter(sheet)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Lighten)
    for right, down in _disc(missing / 2, width):
        painter.drawImage(place.translated(right, down), digit)
    painter.end()
    return pixels_of(sheet.convertToFormat(QImage.Format.Format_Grayscale8))


def width_of_lines(ink: Ink) -> float:
    """How wide lines are, in pixels: a line has an edge at both sides, so it is twice the area by the edges' length.

    That length is the total variation of the ink.
    """
    share = np.pad(ink.astype(np.float32) / FULL_INK, 1)
    edges = float(np.hypot(*np.gradient(share)).sum())
    return 2 * float(share.sum()) / edges if edges else 0.0


def _cropped(ink: Ink) -> Ink:
    inked = ink > ink.max() / 2
    rows, columns = (np.flatnonzero(inked.any(axis=axis)) for axis in (1, 0))
    return ink[max(0, rows[0] - 1) : rows[-1] + 2, max(0, columns[0] - 1) : columns[-1] + 2]


def _scaled(ink: Ink) -> QImage:
    height, width = ink.shape
    image = QImage(ink.tobytes(), width, height, width, QImage.Format.Format_Grayscale8)
    size = QSize(width, height).scaled(LENGTH, LENGTH, Qt.AspectRatioMode.KeepAspectRatio).expandedTo(QSize(1, 1))
    return image.scaled(size, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation)


def _disc(radius: float, width: float) -> Iterator[tuple[float, float]]:
    """Where the ink is printed: circles, none further from the next than a line is wide, so that no gap is left."""
    yield 0.0, 0.0
    while radius > 0:
        prints = max(8, math.ceil(2 * math.pi * radius / APART))
        for k in range(prints):
            angle = 2 * math.pi * k / prints
            yield radius * math.cos(angle), radius * math.sin(angle)
        radius -= max(APART / 2, min(APART, width / 2))
