"""What a program makes of pixels, all alike or each in its own way, and what that is in a network's weights."""

import json
from dataclasses import astuple

import numpy as np
import pytest

from model.homework.investigating.labels import KnownDigits
from model.homework.training.held_images import scale_of_each_pixel
from model.homework.training.own_code import OwnCode
from model.homework.training.pixel_scale import NO_CHANGE, PixelScale, change_inputs, read_pixel_scale
from model.network import Network

SIZES = (5, 3, 2)
ONE_EACH = PixelScale((2.0, -0.5, 0.0, 7.0, 0.0), (0.1, -3.0, 0.0, 0.0, -4.0))
SCALES = [NO_CHANGE, PixelScale(255.0), PixelScale(-2.0, 0.3), PixelScale(1.0, (1.0, 2.0, 3.0, 4.0, 5.0)), ONE_EACH]


def images(samples: int = 40) -> np.ndarray:
    return np.random.default_rng(3).random((samples, 5))


def network(dtype: type = np.float64) -> Network:
    network = Network.initialize(SIZES, dtype=dtype)
    network.biases[0] += 0.2
    return network


@pytest.mark.parametrize("scale", SCALES, ids=repr)
def test_a_network_answers_to_pixels_as_it_did_to_what_is_made_of_them(scale):
    folded = network()
    change_inputs(folded, 0, scale)
    np.testing.assert_allclose(folded.predict(images()), network().predict(scale.of(images())), rtol=1e-12)


@pytest.mark.parametrize("scale", SCALES, ids=repr)
def test_the_weights_that_a_program_has_give_the_same_answers_again(scale):
    folded = network()
    change_inputs(folded, 0, scale)
    own = OwnCode("homework.py", pixels=scale).own_weights(folded)
    np.testing.assert_allclose(own.predict(scale.of(images())), folded.predict(images()), rtol=1e-12)
    is_known = np.broadcast_to(scale.scale, 5) != 0  # elsewhere the bias has its part
    np.testing.assert_allclose(own.weights[0][is_known], network().weights[0][is_known], rtol=1e-12)
    assert not own.weights[0][~is_known].any()


def test_single_precision_is_kept():
    folded = network(np.float32)
    change_inputs(folded, 0, ONE_EACH)
    assert {folded.weights[0].dtype, folded.biases[0].dtype} == {np.dtype(np.float32)}


@pytest.mark.parametrize("scale", SCALES, ids=repr)
def test_it_goes_through_json(scale):
    assert read_pixel_scale(json.loads(json.dumps(astuple(scale))), 5) == scale


@pytest.mark.parametrize(
    "written", [[0.0, 1.0], [[0.0] * 5, 1.0], [[1.0] * 4, 0.0], [1.0, float("nan")], [[[1.0]], 0.0]]
)
def test_what_is_no_scale_is_refused(written):
    with pytest.raises(ValueError, match="no scale"):
        read_pixel_scale(written, 5)


def test_it_says_what_it_does_in_a_sentence():
    assert str(PixelScale(2.0, -1.0)) == "pixels from -1 to 1"
    assert str(PixelScale(1.0, (1.0, 2.0))) == "each pixel shifted by a number of its own"
    assert str(PixelScale((1.0, 2.0))) == "each pixel scaled and shifted by numbers of its own"
    assert "where all its digits are blank, ink counts for nothing" in str(ONE_EACH)


def ink() -> np.ndarray:
    """Digits, as bytes; one pixel is always blank, and another in all but one."""
    random = np.random.default_rng(4)
    ink = random.integers(1, 256, (60, 30)) * (random.random((60, 30)) < 0.5)
    ink[:, 7] = 0
    ink[:, 8] = 9 * (np.arange(60) == 59)
    return ink.astype(np.uint8)


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("as_columns", [False, True])
def test_images_in_any_order_show_what_is_made_of_each_pixel(sign, as_columns):
    order = np.random.default_rng(5).permutation(60)
    pixels = ink()[order] / 255
    mean, deviation = pixels.mean(axis=0), pixels.std(axis=0) + 1e-8
    own = sign * (pixels - mean) / deviation
    found = scale_of_each_pixel(own[3], [np.zeros(4), own.T if as_columns else own], KnownDigits(ink(), np.zeros(60)))
    expected = np.where(np.arange(30) == 7, 0, sign / deviation)
    np.testing.assert_allclose(found.scale, expected, rtol=1e-12)
    np.testing.assert_allclose(found.shift, -sign * mean / deviation, rtol=1e-12)


def test_one_scale_holds_for_pixels_that_are_always_blank_too():
    own = (ink() - ink().mean(axis=0)) / 255
    found = scale_of_each_pixel(own[0], [own], KnownDigits(ink(), np.zeros(60)))
    assert found.scale == pytest.approx(1.0, rel=1e-12)


@pytest.mark.parametrize("change", [np.square, np.abs, lambda own: own + np.random.default_rng(6).random(own.shape)])
def test_images_of_anything_else_show_nothing(change):
    own = change(ink() / 255 - ink().mean(axis=0) / 255)
    assert scale_of_each_pixel(own[0], [own], KnownDigits(ink(), np.zeros(60))) is None


def test_images_that_are_nowhere_show_nothing():
    assert scale_of_each_pixel(np.ones(30), [ink() / 255], KnownDigits(ink(), np.zeros(60))) is None
