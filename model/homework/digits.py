"""The digits that a learner's file gets: the first few hundred of MNIST, read without the rest."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from model.dataset import BUNDLED_MNIST, LARGEST_FILE, MNIST_ARRAYS, damage_reported
from model.storage.reading import BYTES, Arrays, opened_arrays


@dataclass(frozen=True)
class Digits:
    """Digits as Keras returns them: images are (samples, 28, 28), labels (samples,), all bytes and writable."""

    train_images: NDArray[np.uint8]
    train_labels: NDArray[np.uint8]
    test_images: NDArray[np.uint8]
    test_labels: NDArray[np.uint8]


def first_digits(train: int = 256, test: int = 64, path: Path = BUNDLED_MNIST) -> Digits:
    """The first digits of each set, at most as many as there are. No checksum is made of them.

    Raises DatasetError if the file is missing, damaged, or holds anything else.
    """
    with damage_reported(path), opened_arrays(path, LARGEST_FILE, "is far too large.") as arrays:
        return Digits(
            train_images=_first(arrays, "x_train", train),
            train_labels=_first(arrays, "y_train", train),
            test_images=_first(arrays, "x_test", test),
            test_labels=_first(arrays, "y_test", test),
        )


def _first(arrays: Arrays, name: str, samples: int) -> NDArray[np.uint8]:
    shape, _ = MNIST_ARRAYS[name]
    return next(arrays.parts(name, BYTES, shape, f"{name} of MNIST", max(1, samples)))[:samples].copy()
