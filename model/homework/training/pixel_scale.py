"""What a program makes of pixels, and how a network takes that into its weights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.network import Network

Array = NDArray[Any]
Numbers = float | tuple[float, ...]  # one for all pixels, or one for each
NO_SCALE = "its pixels are not seen to be those of MNIST times a number plus a number"


@dataclass(frozen=True)
class PixelScale:
    """What a program makes of a pixel x from 0 to 1: scale · x + shift.

    The scale is 0 where a pixel is blank in all digits of the program, so that nobody knows what it makes of ink there.
    """

    scale: Numbers = 1.0
    shift: Numbers = 0.0

    @property
    def inverse(self) -> PixelScale:
        """What gives x again; 0 where the scale is 0, so that the weights there are 0, and the bias has their part."""
        scale, shift = np.asarray(self.scale), np.asarray(self.shift)
        inverse = np.divide(1.0, scale, out=np.zeros_like(scale), where=scale != 0)
        return PixelScale(_numbers(inverse), _numbers(-shift * inverse))

    def is_for(self, pixels: int) -> bool:
        """Whether these are finite numbers for images of so many pixels, of which some have ink."""
        arrays = np.asarray(self.scale), np.asarray(self.shift)
        return bool(arrays[0].any()) and all(a.shape in ((), (pixels,)) and np.isfinite(a).all() for a in arrays)

    def of(self, pixels: Array) -> Array:
        """What the program makes of images, (samples, pixels)."""
        return np.asarray(self.scale) * pixels + np.asarray(self.shift)

    def __str__(self) -> str:
        if isinstance(self.scale, tuple):
            blank = "" if all(self.scale) else " (where all its digits are blank, ink counts for nothing)"
            return f"each pixel scaled and shifted by numbers of its own{blank}"
        if isinstance(self.shift, tuple):
            return "each pixel shifted by a number of its own"
        low, high = sorted((self.shift, self.shift + self.scale))
        return f"pixels from {low:.4g} to {high:.4g}"


NO_CHANGE = PixelScale()


def pixel_scale(own: Array, pixels: Array) -> PixelScale | None:
    """The scale that gives a program's own images, (samples, 784), from those with pixels from 0 to 1, if one does."""
    design = np.stack([pixels.ravel(), np.ones(pixels.size)], axis=1)
    scale, shift = np.linalg.lstsq(design, own.ravel(), rcond=None)[0]
    if abs(scale - round(scale)) < 1e-6 * abs(scale):  # 255, and not 255.00000000000003
        scale = round(scale)
    found = PixelScale(float(scale), float(shift) if abs(shift) > 1e-6 * abs(scale) else 0.0)
    return found if found.scale and gives(found, own, pixels) else None


def gives(scale: PixelScale, own: Array, pixels: Array) -> bool:
    """Whether a scale makes a program's own images of those with pixels from 0 to 1, both (samples, pixels)."""
    return bool(np.abs(scale.of(pixels) - own).max() <= 1e-5 * np.abs(own).max())


def read_pixel_scale(written: Sequence[Any], pixels: int) -> PixelScale:
    """Scale and shift as JSON has them. Raises ValueError or TypeError if they are none for so many pixels."""
    arrays = [np.asarray(numbers, np.float64) for numbers in written]
    found = PixelScale(*map(_numbers, arrays))
    if not found.is_for(pixels):
        raise ValueError("no scale of pixels")
    return found


def _numbers(array: Array) -> Numbers:
    return tuple(array.tolist()) if array.ndim else float(array)


def change_inputs(network: Network, layer: int, inputs: PixelScale) -> None:
    """Let a layer, counted from 0, give for x what it gave for scale · x + shift."""
    weights = network.weights[layer]
    scale, shift = (np.asarray(numbers, weights.dtype) for numbers in (inputs.scale, inputs.shift))
    network.biases[layer] = network.biases[layer] + np.broadcast_to(shift, len(weights)) @ weights
    network.weights[layer] = scale[..., np.newaxis] * weights
