import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.digit_image import PreprocessingOptions, center_digit

SHEET = 280  # pixels of a square sheet


def rectangle(height, width, top=0, left=0, sheet=(SHEET, SHEET)):
    drawing = np.zeros(sheet)
    drawing[top : top + height, left : left + width] = 255
    return drawing


def disc(radius, row=140, column=140, side=SHEET):
    rows, columns = np.indices((side, side))
    return np.where((rows - row) ** 2 + (columns - column) ** 2 <= radius**2, 255, 0)


def stroke(top=0, left=0, sheet=(SHEET, SHEET)):
    """A seven with soft edges, 120 pixels high and 80 wide."""
    drawing = np.zeros(sheet)
    drawing[top : top + 12, left : left + 80] = 255
    for row in range(12, 120):
        column = left + 70 - row // 2
        drawing[top + row, column : column + 10] = 255
        drawing[top + row, [column - 1, column + 10]] = 100
    return drawing


def center_of_mass(image):
    """Row and column, in pixels from the upper and the left edge."""
    rows, columns = np.indices(image.shape) + 0.5
    return np.array([(image * rows).sum(), (image * columns).sum()]) / image.sum()


def lengths(image):
    """How many pixels the ink is high and wide, pixels that it covers in part counted by their share."""
    return image.max(axis=1).sum() / image.max(), image.max(axis=0).sum() / image.max()


@pytest.mark.parametrize("sheet", [(280, 280), (28, 28), (1, 1), (300, 200), (0, 0)])
def test_a_blank_sheet_gives_a_blank_image(sheet):
    image = center_digit(np.zeros(sheet))
    assert (image.shape, image.dtype) == ((28, 28), np.float32)
    assert not image.any()


@pytest.mark.parametrize("dtype", [np.uint8, np.int64, np.float32, np.float64])
def test_ink_of_any_type_gives_single_precision_from_0_to_1(dtype):
    image = center_digit(stroke(30, 50).astype(dtype))
    assert (image.shape, image.dtype) == ((28, 28), np.float32)
    assert image.min() == 0
    assert 0.8 < image.max() <= 1
    np.testing.assert_array_equal(image, center_digit(stroke(30, 50)))


@settings(deadline=None, max_examples=50, derandomize=True)
@given(st.integers(0, 2**32))
def test_whatever_is_drawn_stays_between_0_and_1(seed):
    random = np.random.default_rng(seed)
    drawing = random.integers(0, 256, random.integers(1, 60, 2))
    image = center_digit(np.where(random.random(drawing.shape) < random.random(), drawing, 0))
    assert image.shape == (28, 28)
    assert ((image >= 0) & (image <= 1)).all()


@settings(deadline=None, max_examples=50, derandomize=True)
@given(st.integers(50, 280), st.integers(50, 280), st.data())
def test_the_longer_side_of_the_ink_becomes_20_pixels_and_its_shape_stays(height, width, data):
    top, left = data.draw(st.integers(0, SHEET - height)), data.draw(st.integers(0, SHEET - width))
    image = center_digit(rectangle(height, width, top, left))
    scale = 20 / max(height, width)
    np.testing.assert_allclose(lengths(image), (height * scale, width * scale), atol=0.01)
    assert image.sum() == pytest.approx(height * width * scale**2, rel=1e-3)
    np.testing.assert_allclose(center_of_mass(image), (14.5, 14.5), atol=0.01)


def test_a_rectangle_by_hand():
    image = center_digit(rectangle(100, 50, 31, 77))  # becomes 20 × 10: from 4.5 to 24.5, from 9.5 to 19.5
    down = np.array([0.5 if k in (4, 24) else float(5 <= k < 24) for k in range(28)])
    across = np.array([0.5 if k in (9, 19) else float(10 <= k < 19) for k in range(28)])
    np.testing.assert_allclose(image, np.outer(down, across), atol=1e-4)


def test_the_center_is_where_the_makers_of_mnist_put_it(mnist):
    centers = [center_of_mass(image.reshape(28, 28)) for image in mnist.test_images[:2000]]
    image = center_digit(stroke(60, 90))
    np.testing.assert_allclose(center_of_mass(image), np.mean(centers, axis=0), atol=0.05)


@settings(deadline=None, max_examples=50, derandomize=True)
@given(st.integers(0, 160), st.integers(11, 190))
def test_where_on_the_sheet_it_is_drawn_does_not_matter(top, left):
    np.testing.assert_allclose(center_digit(stroke(top, left)), center_digit(stroke(80, 100)), atol=1e-4)


def test_how_large_it_is_drawn_does_not_matter():
    small = stroke(20, 30)
    large = np.kron(small, np.ones((2, 2)))[:SHEET, :SHEET]
    np.testing.assert_allclose(center_digit(large), center_digit(small), atol=0.02)


@pytest.mark.parametrize("sheet", [(280, 500), (600, 280), (120, 91)])
def test_the_sheet_need_not_be_square(sheet):
    np.testing.assert_allclose(center_digit(stroke(0, 11, sheet)), center_digit(stroke(0, 11)), atol=1e-4)


@pytest.mark.parametrize(("top", "left"), [(0, 130), (80, 130), (0, 0), (80, 260), (160, 0)])
def test_a_stroke_along_the_sheets_edge_is_one_like_any_other(top, left):
    image = center_digit(rectangle(120, 20, top, left))
    np.testing.assert_allclose(image, center_digit(rectangle(120, 20, 50, 50)), atol=1e-4)


def test_a_sheet_full_of_ink_is_a_square_of_20_pixels():
    image = center_digit(np.full((SHEET, SHEET), 255))
    np.testing.assert_allclose(lengths(image), (20, 20), atol=0.01)
    assert image.max() == pytest.approx(1, abs=1e-5)


def test_pale_ink_stays_pale():
    np.testing.assert_allclose(center_digit(stroke(30, 40) / 4), center_digit(stroke(30, 40)) / 4, atol=1e-5)


@pytest.mark.parametrize("radius", [3, 5, 8, 10])
@pytest.mark.parametrize("place", [(140, 140), (20, 250)])
def test_a_dot_stays_a_dot(radius, place):
    image = center_digit(disc(radius, *place))
    assert 0 < image.sum() < 20
    assert max(lengths(image)) < 6


def test_a_larger_mark_gives_a_larger_image_until_it_is_a_digit():
    sizes = [center_digit(disc(radius)).sum() for radius in range(1, 24)]
    assert (np.diff(sizes) > 0).all()
    for radius in (25, 40, 100, 140):
        assert center_digit(disc(radius)).sum() == pytest.approx(np.pi * 10**2, rel=0.05)  # stairs, not a circle


@pytest.mark.parametrize("enlargement", [2, 5, 10])
def test_an_mnist_digit_drawn_large_comes_back_as_it_was(mnist, enlargement):
    differences = []
    for row in mnist.test_images[:100]:
        digit = row.reshape(28, 28)
        sheet = np.zeros((30 * enlargement, 33 * enlargement))
        sheet[: 28 * enlargement, 4 * enlargement : 32 * enlargement] = np.kron(digit, np.ones([enlargement] * 2)) * 255
        differences.append(np.abs(center_digit(sheet) - digit).mean())
    assert np.mean(differences) < 0.03  # a digit that is off by half a pixel differs by 0.05
    assert np.max(differences) < 0.08


def test_the_drawing_stays_as_it_is():
    drawing = stroke(30, 40)
    center_digit(drawing)
    np.testing.assert_array_equal(drawing, stroke(30, 40))


@pytest.mark.parametrize("shape", [(), (784,), (28, 28, 1), (28, 28, 4)])
def test_a_drawing_has_two_dimensions(shape):
    with pytest.raises(ValueError, match=r"two dimensions.*\.$"):
        center_digit(np.full(shape, 255))


# A step at a time


def edges(image):
    """Where the ink starts and ends, from the upper and the left edge."""
    rows, columns = np.flatnonzero(image.sum(axis=1) > 0.5), np.flatnonzero(image.sum(axis=0) > 0.5)
    return rows[0], rows[-1] + 1, columns[0], columns[-1] + 1


def test_without_any_step_the_whole_sheet_is_made_small():
    drawing = stroke(30, 50)
    means = drawing.reshape(28, 10, 28, 10).mean(axis=(1, 3)) / 255
    np.testing.assert_allclose(center_digit(drawing, PreprocessingOptions(False, False, False)), means, atol=1e-6)


def test_cropping_lets_the_ink_fill_the_picture():
    image = center_digit(rectangle(120, 60, 30, 50), PreprocessingOptions(crop=True, scale=False, center=False))
    assert edges(image) == (0, 28, 7, 21)


def test_scaling_leaves_a_margin():
    image = center_digit(rectangle(120, 60, 30, 50), PreprocessingOptions(crop=True, scale=True, center=False))
    assert edges(image) == (4, 24, 9, 19)


def test_centring_moves_the_centre_of_mass_and_nothing_else():
    drawing = stroke(30, 50)
    apart, centered = center_digit(drawing, PreprocessingOptions(center=False)), center_digit(drawing)
    assert apart.sum() == pytest.approx(centered.sum(), rel=1e-3)
    assert np.abs(center_of_mass(apart) - 14.5).max() > 0.5
    np.testing.assert_allclose(center_of_mass(centered), 14.5, atol=0.05)


def test_without_cropping_the_sheet_itself_gets_the_margin():
    image = center_digit(rectangle(280, 280), PreprocessingOptions(crop=False, scale=True, center=False))
    assert edges(image) == (4, 24, 4, 24)
