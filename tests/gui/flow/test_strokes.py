import numpy as np
import pytest
from PySide6.QtCore import QPointF

from gui.flow.strokes import INK_SHEET, REDRAWN, REDRAWN_PEN, Stroke, redrawn
from model.digit_image import center_digit


def ell(size: float, left: float = 20, top: float = 20) -> tuple[Stroke, ...]:
    """An L, `size` high and half as wide."""
    return ((QPointF(left, top), QPointF(left, top + size), QPointF(left + size / 2, top + size)),)


def width_of(digit: np.ndarray) -> float:
    """Of the upright of the L, in pixels of the digit."""
    return float(digit[8:14].sum(axis=1).mean())


@pytest.mark.parametrize("size", [40, 60, 100, 180, 240])
def test_lines_are_as_wide_as_mnists_however_large_they_were_drawn(qapp, size: float) -> None:
    assert width_of(center_digit(redrawn(ell(size)))) == pytest.approx(2.8, abs=0.15)


def test_where_it_was_drawn_does_not_matter(qapp) -> None:
    one, other = (center_digit(redrawn(ell(60, *place))) for place in ((15, 15), (201.3, 180.7)))
    assert np.abs(one - other).max() < 0.05


def test_two_strokes_keep_their_places(qapp) -> None:
    strokes = ((QPointF(40, 40), QPointF(40, 100)), (QPointF(80, 40), QPointF(80, 100)))
    columns = np.flatnonzero(redrawn(strokes)[INK_SHEET // 2] == 255)
    gap = np.diff(columns).max()
    assert gap == pytest.approx(REDRAWN * 40 / 60 - REDRAWN_PEN, abs=2)


@pytest.mark.parametrize("size", [0.0, 5.0, 10.0])
def test_a_small_mark_stays_small(qapp, size: float) -> None:
    dot = ((QPointF(100, 100), QPointF(100, 100 + size)),) if size else ((QPointF(100, 100),),)
    assert center_digit(redrawn(dot)).sum() < 60
