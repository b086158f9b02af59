"""Which digit an image is that a program works on, whatever it did to its pixels."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.homework.investigating.trials import Trial
from model.homework.investigating.values import as_rows
from model.homework.running.recorder import Recorder
from model.loss import one_hot

Array = NDArray[Any]
LABELS = re.compile(
    r"^(y|label|target|truth|expected|t|answer|digit)s?(_?(true|train|batch|i|one_?hot|oh|hot|vec|b))?$", re.I
)
BLOCK = 2048  # digits that are compared with at a time; most programs take the first ones
LIKE, SAME = 0.999, 0.999_99  # correlation with the digit that it is; where nothing but rounding is off


@dataclass(frozen=True)
class KnownDigits:
    """The digits that the file was given: images (samples, pixels) in any scale, labels (samples,)."""

    images: Array
    labels: Array
    _blocks: dict[int, Array] = field(default_factory=dict, init=False, repr=False)  # standardized, by their first

    def numbers_of(self, images: Array) -> Array | None:
        """Which digits they are that came back, perhaps scaled or shifted, from 0; None where one is not known."""
        if images.shape[1] != self.images.shape[1] or len(images) == 0:
            return None
        looked_for = _standardized(images)
        numbers, likenesses = np.zeros(len(images), int), np.zeros(len(images), np.float32)
        for first in range(0, len(self.images), BLOCK):
            likeness = np.abs(looked_for @ self._standardized(first).T)  # they may be inverted
            is_nearer = likeness.max(axis=1) > likenesses
            numbers[is_nearer] = first + likeness[is_nearer].argmax(axis=1)
            likenesses = np.maximum(likenesses, likeness.max(axis=1))
            if (likenesses > SAME).all():
                break
        return numbers if (likenesses > LIKE).all() else None

    def _standardized(self, first: int) -> Array:
        if first not in self._blocks:
            self._blocks[first] = _standardized(self.images[first : first + BLOCK])
        return self._blocks[first]

    def labels_of(self, images: Array) -> Array | None:
        """Their labels; None where one is not known."""
        numbers = self.numbers_of(images)
        return None if numbers is None else self.labels[numbers]


def _standardized(images: Array) -> Array:
    centred = images.astype(np.float32) - images.mean(axis=1, keepdims=True, dtype=np.float32)
    norms = np.linalg.norm(centred, axis=1, keepdims=True)
    return centred / np.where(norms > 0, norms, 1)


def targets_of_the_program(trial: Trial, recorder: Recorder, samples: int, classes: int) -> Array | None:
    """The labels as the program names them, where the images are not among the digits that it was given."""
    for event in trial.record.events:
        place = recorder.places[event.place]
        name = place.text.partition("[")[0].split(".")[-1]
        if place.kind in ("Name", "Attribute", "Subscript") and LABELS.match(name):
            value = event.value
            if value.size == samples * classes and samples * classes > 1:
                rows = next(as_rows(value, classes), None)
                if rows is not None and ((rows == 0) | (rows == 1)).all() and (rows.sum(axis=1) == 1).all():
                    return rows.astype(np.float64)
            if value.size == samples and value.dtype.kind in "iu" and value.min() >= 0 and value.max() < classes:
                return one_hot(value.ravel().astype(int), classes)
    return None


def as_the_program_has_them(trial: Trial, targets: Array) -> Array:
    """One-hot targets; with other numbers than 0 and 1, such as 0.01 and 0.99, if the program computes with these."""
    for event in trial.record.arrays():
        value = event.value
        if value.size != targets.size or value.dtype.kind != "f" or not 0 < value.min() < value.max() <= 1:
            continue
        own = next(as_rows(value, targets.shape[1]), None)
        if own is not None and np.array_equal(own == own.max(), targets == 1) and len(np.unique(own)) == 2:
            return own.astype(np.float64)
    return targets
