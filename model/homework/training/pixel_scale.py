"""What a program makes of pixels, and how a network takes that into its weights."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.network import Network

Array = NDArray[Any]
NO_SCALE = "its pixels are not those of MNIST times a number plus a number"


@dataclass(frozen=True)
class PixelScale:
    """What a program makes of a pixel x from 0 to 1: scale · x + shift."""

    scale: float = 1.0
    shift: float = 0.0

    @property
    def inverse(self) -> PixelScale:
        """What gives x again."""
        return PixelScale(1 / self.scale, -self.shift / self.scale)

    def __str__(self) -> str:
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
    rest = np.abs(found.scale * pixels + found.shift - own).max()
    return found if found.scale and rest <= 1e-5 * np.abs(own).max() else None


def change_inputs(network: Network, layer: int, inputs: PixelScale) -> None:
    """Let a layer, counted from 0, give for x what it gave for scale · x + shift."""
    weights = network.weights[layer]
    network.biases[layer] = network.biases[layer] + inputs.shift * weights.sum(axis=0)
    network.weights[layer] = inputs.scale * weights
