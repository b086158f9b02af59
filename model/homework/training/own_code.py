"""Which file of a learner's trained a run, and how far that is like our own training."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path, PurePath

from model.homework.training.pixel_scale import NO_CHANGE, PixelScale, change_inputs
from model.network import Network


def fingerprint_of(path: Path) -> str:
    """What tells a file from what it becomes; empty where it cannot be read."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""


@dataclass(frozen=True)
class OwnCode:
    """The file whose step made the updates."""

    path: str
    is_in_order: bool = True  # it takes the digits in the order of the data
    pixels: PixelScale = NO_CHANGE  # that it feeds; in frames, they are in the first layer
    has_rate: bool = True  # its learning rate is known; else the settings have one that it does not take
    has_weights: bool = True  # initial ones; else those of the exercise are taken
    no_answers: str = ""  # why nobody but the code itself knows what the networks of its frames answer
    fingerprint: str = ""  # of the file as it was then

    @property
    def name(self) -> str:
        """The file's own, without its folder."""
        return PurePath(self.path).name

    def own_weights(self, shown: Network) -> Network:
        """A network of ours with a frame's weights, and the file's own first layer."""
        network = Network(shown.weights, shown.biases)
        change_inputs(network, 0, self.pixels.inverse)
        return network
