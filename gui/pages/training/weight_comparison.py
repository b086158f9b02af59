"""The first layers of two runs side by side, and their difference."""

import numpy as np
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from gui.scene import Scene
from gui.theme import theme
from gui.widgets.card import label
from gui.widgets.color_scale import ColorScale
from gui.widgets.diverging_colors import limit_of
from gui.widgets.mosaic import Mosaic
from gui.widgets.numbers import signed
from model.digit_image import SIDE
from model.history import Frame

WHAT_DIFFERS = "second − first"


class WeightComparison(QWidget):
    """The weights of two frames in one colour scale, their difference in one of its own."""

    def __init__(self) -> None:
        super().__init__()
        self._frames: tuple[Frame, Frame] | None = None
        self._pointed = (-1, -1, -1)  # neuron, row, column
        self._mosaics = [Mosaic() for _ in range(3)]
        self._captions = [label() for _ in self._mosaics]
        self._scale, self._difference_scale = ColorScale(), ColorScale()
        names = ("shownWeights", "comparedWeights", "weightDifference")
        texts = ("Weights of the run on the screen", "Weights of the compared run", "Difference of the weights")
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(18)
        grid.setVerticalSpacing(4)
        for k, (mosaic, caption, name, text) in enumerate(
            zip(self._mosaics, self._captions, names, texts, strict=True)
        ):
            mosaic.setObjectName(name)
            mosaic.setAccessibleName(text)
            mosaic.pointed.connect(self._point)
            caption.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
            grid.addWidget(caption, 0, k)
            grid.addWidget(mosaic, 1, k)
            grid.setColumnStretch(k, 1)
        grid.addWidget(self._scale, 2, 0, 1, 2)
        grid.addWidget(self._difference_scale, 2, 2)
        grid.setRowStretch(1, 1)

    def show_scene(self, scene: Scene) -> None:
        """Show the first layers of the frame and the compared frame."""
        frame, compared = scene.frame, scene.compared_frame
        assert compared is not None
        self._frames = frame, compared
        shown, other = frame.network.weights[0], compared.network.weights[0]
        difference = other - shown if other.shape == shown.shape else np.zeros_like(shown)
        limit, difference_limit = limit_of(shown, other), limit_of(difference)
        limits = (limit, limit, difference_limit)
        for mosaic, weights, each in zip(self._mosaics, (shown, other, difference), limits, strict=True):
            mosaic.show_weights(weights, each)
        self._scale.show_limit(limit)
        self._difference_scale.show_limit(difference_limit)
        for caption, run, moment in zip(self._captions, (scene.shown, scene.compared), self._frames, strict=False):
            caption.setText(f"{run.name if run else ''}  ·  sample {moment.samples_seen:,}")
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
        self._captions[2].setText(f"neuron {neuron + 1}: {signed(second)} − {signed(first)} = {signed(second - first)}")
