from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from model.analysis.distortion import CELLS, Distortion, distorted
from model.digit_image import CENTER

DIGITS = arrays(np.float32, (28, 28), elements=st.floats(0, 1, width=32))
MIDDLE = slice(9, 20)  # so far from all edges that neither a shift nor a rotation about 14.5 pushes anything out


def changed(digit, seed=1, **distortion):
    return distorted(digit, Distortion(**distortion), np.random.default_rng(seed))


def in_the_middle(seed=0):
    digit = np.zeros((28, 28), np.float32)
    digit[MIDDLE, MIDDLE] = np.random.default_rng(seed).random((11, 11), np.float32)
    return digit


def rectangle(top, bottom, left, right):
    digit = np.zeros((28, 28), np.float32)
    digit[top:bottom, left:right] = 1
    return digit


def turned_clockwise(digit):
    """About 14.5 pixels from the edges, which is the middle of 29×29 pixels."""
    return np.rot90(np.pad(digit, (0, 1)), -1)[:28, :28]


@given(DIGITS)
def test_nothing_done_changes_nothing(digit):
    assert np.array_equal(changed(digit), digit)


@given(DIGITS, st.integers(-8, 8), st.integers(-8, 8))
def test_whole_pixels_are_shifted_as_they_are_and_paper_comes_in(digit, right, down):
    padded = np.pad(digit, 8)
    expected = padded[8 - down : 36 - down, 8 - right : 36 - right]
    assert np.array_equal(changed(digit, right=right, down=down), expected)


@pytest.mark.parametrize(("right", "down"), [(3, 0), (-8, 2), (0, -5)])
def test_where_nothing_leaves_a_shift_is_a_roll(right, down):
    digit = in_the_middle()
    assert np.array_equal(changed(digit, right=right, down=down), np.roll(digit, (down, right), (0, 1)))


@pytest.mark.parametrize("quarters", [1, 2, 3, -1])
def test_a_shift_by_quarters_shares_the_ink_between_two_pixels(quarters):
    digit, share = in_the_middle(), abs(quarters) / 4
    expected = (1 - share) * digit + share * np.roll(digit, np.sign(quarters), axis=1)
    np.testing.assert_allclose(changed(digit, right=quarters / 4), expected, atol=1e-6)


def test_a_quarter_turn_is_clockwise_and_exact():
    digit = in_the_middle()
    assert np.array_equal(changed(digit, degrees=90), turned_clockwise(digit))
    assert np.array_equal(changed(turned_clockwise(digit), degrees=-90), digit)


def test_four_quarter_turns_are_none():
    digit = turned = in_the_middle()
    for _ in range(4):
        turned = changed(turned, degrees=90)
    assert np.array_equal(turned, digit)


def test_half_a_turn_is_the_same_in_either_direction():
    digit = in_the_middle()
    assert np.array_equal(changed(digit, degrees=180), changed(digit, degrees=-180))


@pytest.mark.parametrize("degrees", [-135, -30, 10, 45, 77])
def test_a_turn_keeps_ink_and_centre_of_mass_and_turns_what_is_off_the_centre(degrees):
    """A spot 8 pixels to the right of the centre is where trigonometry says."""
    spot = np.zeros((28, 28), np.float32)
    spot[13:16, 21:24] = 1
    turned = changed(spot, degrees=degrees).astype(float)
    assert turned.sum() == pytest.approx(9, rel=0.03)
    places = np.arange(28) + 0.5 - CENTER
    x, y = turned.sum(axis=0) @ places / turned.sum(), turned.sum(axis=1) @ places / turned.sum()
    angle = np.radians(degrees)
    assert (x, y) == pytest.approx((8 * np.cos(angle), 8 * np.sin(angle)), abs=0.05)  # y is down: clockwise


def test_the_shift_is_to_the_right_on_the_screen_whatever_the_turn():
    digit = in_the_middle()
    assert np.array_equal(changed(digit, degrees=90, right=2), np.roll(turned_clockwise(digit), 2, axis=1))


def test_a_stroke_two_pixels_thicker_gains_one_at_each_edge_and_round_corners():
    thick = changed(rectangle(10, 16, 10, 18), thickness=2)
    expected = rectangle(9, 17, 9, 19)
    corners = np.zeros((28, 28), bool)
    for row, column in ((9, 9), (9, 18), (16, 9), (16, 18)):
        corners[row, column] = True
    assert np.array_equal(thick[~corners], expected[~corners])
    # The disc of radius 8 cells, counted in the quarter that reaches into a corner pixel.
    x, y = np.mgrid[1 : CELLS + 1, 1 : CELLS + 1]
    assert np.unique(thick[corners]).tolist() == [np.float32((x**2 + y**2 <= CELLS**2).mean())]


def test_a_stroke_two_pixels_thinner_loses_one_at_each_edge():
    assert np.array_equal(changed(rectangle(10, 16, 10, 18), thickness=-2), rectangle(11, 15, 11, 17))


@given(DIGITS)
def test_more_thickness_is_nowhere_less_ink(digit):
    grown = [changed(digit, thickness=quarters / 4) for quarters in range(-8, 13, 4)]
    for thinner, thicker in pairwise(grown):
        assert (thinner <= thicker).all()


def test_every_quarter_of_thickness_counts():
    inks = [changed(rectangle(12, 16, 5, 22), thickness=quarters / 4).sum() for quarters in range(-8, 13)]
    assert (np.diff(inks) > 0).all()


def test_the_disc_is_a_brute_force_maximum():
    digit, radius = in_the_middle(), 3
    cells = np.pad(np.kron(digit, np.ones((CELLS, CELLS), np.float32)), radius)
    size = 28 * CELLS
    shifted = [
        cells[y : y + size, x : x + size]
        for y in range(2 * radius + 1)
        for x in range(2 * radius + 1)
        if (x - radius) ** 2 + (y - radius) ** 2 <= radius**2
    ]
    expected = np.max(shifted, axis=0).reshape(28, CELLS, 28, CELLS).mean(axis=(1, 3), dtype=float)
    np.testing.assert_allclose(changed(digit, thickness=2 * radius / CELLS), expected, atol=1e-6)


@given(DIGITS, st.floats(0, 1))
def test_noise_stays_between_paper_and_full_ink(digit, noise):
    noisy = changed(digit, noise=noise)
    assert noisy.dtype == np.float32
    assert ((noisy >= 0) & (noisy <= 1)).all()


def test_noise_is_normal_and_the_same_pattern_at_every_strength():
    gray = np.full((28, 28), 0.5, np.float32)
    weak, strong = changed(gray, noise=0.05) - 0.5, changed(gray, noise=0.1) - 0.5
    np.testing.assert_allclose(strong, 2 * weak, atol=1e-6)
    assert weak.std() == pytest.approx(0.05, rel=0.1)
    assert not np.array_equal(weak, changed(gray, seed=2, noise=0.05) - 0.5)
