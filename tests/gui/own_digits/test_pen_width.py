import numpy as np
import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QTransform

from gui.flow.strokes import INK, SHEET, Stroke, blank_sheet, paint, pixels_of, redrawn
from gui.own_digits.pen_width import widened, width_of_lines
from model.digit_image import center_digit

SEVEN: list[Stroke] = [[QPointF(70, 60), QPointF(200, 60), QPointF(120, 230)]]


def written(strokes: list[Stroke], pen: float) -> np.ndarray:
    sheet = blank_sheet(SHEET)
    paint(sheet, strokes, INK, pen, QTransform())
    return pixels_of(sheet)


@pytest.mark.parametrize("pen", [3, 8, 20])
@pytest.mark.parametrize("end", [(240, 40), (240, 240), (150, 240)])
def test_the_width_of_a_line_is_found_in_any_direction(pen: float, end: tuple[int, int]) -> None:
    line = [[QPointF(40, 40), QPointF(*end)]]
    assert width_of_lines(written(line, pen)) == pytest.approx(pen, rel=0.15)


def test_nothing_has_no_width() -> None:
    assert width_of_lines(np.zeros((20, 20), np.uint8)) == 0


@pytest.mark.parametrize("pen", [2, 5, 10, 20])
def test_a_digit_of_any_pen_looks_as_if_written_with_that_of_mnist(pen: float) -> None:
    of_mnist = center_digit(redrawn(SEVEN))
    before = np.abs(center_digit(written(SEVEN, pen)) - of_mnist).mean()
    after = np.abs(center_digit(widened(written(SEVEN, pen))) - of_mnist).mean()
    assert after < 0.02
    assert after < before


def test_a_wide_pen_stays_as_it_is() -> None:
    ink = written(SEVEN, 45)
    assert np.abs(center_digit(widened(ink)) - center_digit(ink)).mean() < 0.01


def test_a_dot_is_ink() -> None:
    ink = np.zeros((50, 50), np.uint8)
    ink[20, 30] = 255
    assert widened(ink).max() > 200
