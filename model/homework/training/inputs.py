"""What goes into a learner's network in one turn of its step, whatever that makes of the pixels."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.homework.investigating.trials import Evidence
from model.homework.investigating.values import as_rows

Array = NDArray[Any]
FEW = 50  # samples from the start of a batch that are kept, and as many from all over it


class Inputs:
    """Listens at the expression that gives the first layer's input; `place` is its number.

    A batch may hold all digits, so only some of them are kept.
    """

    def __init__(self, evidence: Evidence) -> None:
        slot = evidence.network.slots[0]
        self.place = slot.input_place
        self.samples = 0  # of the turn
        self._constant = slot.constant
        self._width = evidence.natural_images.shape[1]
        self._heard: set[int] = set()
        self._images: list[Array] = []
        self._numbers: list[Array] = []

    def hear(self, value: Any) -> None:
        """The expression was computed: with samples that were there before, or with further ones."""
        width = self._width + (self._constant is not None)
        rows = next(as_rows(np.asarray(value), width), None)
        if rows is None:
            return
        numbers = _spread(len(rows))
        images = rows[numbers].astype(np.float64)
        if self._constant is not None:
            images = np.delete(images, self._constant, axis=1)
        known = hash((len(rows), images.tobytes()))
        if known not in self._heard:
            self._heard.add(known)
            if len(self._images) < FEW:
                self._images.append(images)
                self._numbers.append(self.samples + numbers)
            self.samples += len(rows)

    @property
    def images(self) -> Array:
        """Some of the samples, in order, (samples, pixels)."""
        return np.concatenate(self._images)

    @property
    def numbers(self) -> NDArray[np.int64]:
        """Which samples of the turn these are, counted from 0."""
        return np.concatenate(self._numbers)


def _spread(count: int) -> NDArray[np.int64]:
    return np.unique(np.append(np.arange(min(FEW, count)), np.linspace(0, count - 1, FEW).astype(int)))
