"""The first layers of two runs side by side, and their difference."""

import numpy as np
from PySide6.QtWidgets import QWidget

from gui.flow.scene import Scene
from gui.theme import theme
from gui.widgets.card import ElidedLabel, named
from gui.widgets.color_scale import ColorScale
from gui.widgets.diverging_colors import limit_of
from gui.widgets.layouts import column, row
from gui.widgets.mosaic import Mosaic
from gui.widgets.numbers import neuron_in_words, signed
from model.digit_image import SIDE
from model.history import Frame

WHAT_DIFFERS = "second − first"


class WeightComparison(QWidget):
    """The weights of two frames, in the same colour scale or each in its own, and their difference."""

    def __init__(self) -> None:
        super().__init__()
        self._frames: tuple[Frame, Frame] | None = None
        self._pointed = (-1, -1, -1)  # neuron, row, column
        self._mosaics = [Mosaic() for _ in range(3)]
        self._captions = [ElidedLabel() for _ in self._mosaics]
        self._scales = [ColorScale("weights"), ColorScale("weights"), ColorScale("differences of two weights")]
        names = (
            ("shownWeights", "Weights of the run on the screen"),
            ("comparedWeights", "Weights of the compared run"),
            ("weightDifference", "Difference of the weights"),
        )
        for mosaic, name in zip(self._mosaics, names, strict=True):
            named(mosaic, *name).pointed.connect(self._point)
        views = zip(self._captions, self._mosaics, self._scales, strict=True)
        columns = [(column(caption, (mosaic, 1), scale), 1) for caption, mosaic, scale in views]
        self.setLayout(row(*columns, spacing=18))

    def show_scene(self, scene: Scene) -> None:
        """Show the first layers of the frame and the compared frame."""
        frame, compared = scene.frame, scene.compared_frame
        assert compared is not None
        self._frames = frame, compared
        shown, other = frame.network.weights[0], compared.network.weights[0]
        difference = other - shown if other.shape == shown.shape else np.zeros_like(shown)
        both = limit_of(shown, other)
        limits = (limit_of(shown), limit_of(other)) if scene.has_own_scales else (both, both)
        views = zip(
            self._mosaics, self._scales, (shown, other, difference), (*limits, limit_of(difference)), strict=True
        )
        for mosaic, scale, weights, limit in views:
            mosaic.show_weights(weights, limit)
            scale.show_limit(limit)
        for caption, run, moment in zip(self._captions, (scene.shown, scene.compared), self._frames, strict=False):
            caption.setText(f"{run.title if run else ''}  ·  sample {moment.samples_seen:,}")
        for caption, color in zip(self._captions, (theme().accent, theme().compared, theme().text), strict=True):
            caption.setStyleSheet(f"color: {color}")
        self._read()

    def _point(self, neuron: int, row: int, column: int) -> None:
        self._pointed = neuron, row, column
        self._read()

    def _read(self) -> None:
        """Say what is under the pointer, in numbers."""
        neuron, row, column = self._pointed
        weights = [frame.network.weights[0] for frame in self._frames or ()]
        if not weights or not 0 <= neuron < min(each.shape[1] for each in weights):
            self._captions[2].setText(WHAT_DIFFERS)
            return
        first, second = (each[row * SIDE + column, neuron] for each in weights)
        names = [neuron_in_words(neuron, len(frame.network.weights) == 1) for frame in self._frames or ()]
        name = " and ".join(
            dict.fromkeys(reversed(names))
        )  # in the order of the difference, where they are not the same
        self._captions[2].setText(f"{name}: {signed(second)} − {signed(first)} = {signed(second - first)}")
