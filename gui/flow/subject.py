"""The digit that an update is for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from gui.flow.drawing import Drawing
from model.analysis.source_lines import DATASET, ELSEWHERE, PEN
from model.dataset import Dataset, as_floats

NEXT, TRAINING, TEST, PAD = "next", "training", "test", "pad"  # where it is taken from


@dataclass(frozen=True, eq=False)
class Subject:
    """An image with what it is, if somebody has said so."""

    image: NDArray[np.float32]  # (784,), 0 to 1
    label: int | None
    name: str  # "training digit 20,003"
    origin: str = DATASET  # where the image comes from, as in `source_lines`


@lru_cache(maxsize=2)  # the same object as long as it is the same digit
def subject_in(dataset: Dataset, is_test: bool, place: int) -> Subject:
    """A digit of the dataset; `place` counts from 0, the name from 1."""
    images, labels = (
        (dataset.test_images, dataset.test_labels) if is_test else (dataset.train_images, dataset.train_labels)
    )
    image = as_floats(images[place])
    return Subject(image.reshape(-1), int(labels[place]), f"{'test' if is_test else 'training'} digit {place + 1:,}")


@lru_cache(maxsize=2)
def subject_on_pad(drawing: Drawing, label: int | None) -> Subject | None:
    """What is drawn, or None with an empty pad."""
    digit, origin = drawing.digit, PEN if drawing.strokes else DATASET if drawing.source else ELSEWHERE
    return None if digit is None else Subject(digit.reshape(-1), label, "the digit on the pad", origin)
