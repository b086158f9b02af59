"""The digits that a learner's file gets: the first few hundred of MNIST, read without the rest."""

from __future__ import annotations

import math
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from model.dataset import BUNDLED_MNIST, MNIST_ARRAYS, damage_reported


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
    with damage_reported(path), zipfile.ZipFile(path) as archive:
        return Digits(
            train_images=_first(archive, "x_train", train),
            train_labels=_first(archive, "y_train", train),
            test_images=_first(archive, "x_test", test),
            test_labels=_first(archive, "y_test", test),
        )


def _first(archive: zipfile.ZipFile, name: str, samples: int) -> NDArray[np.uint8]:
    expected, _ = MNIST_ARRAYS[name]
    with archive.open(f"{name}.npy") as file:
        np.lib.format.read_magic(file)
        shape, _, dtype = np.lib.format.read_array_header_1_0(file)
        if (shape, str(dtype)) != (expected, "uint8"):
            raise ValueError(f"{name} is {dtype} {shape}, not uint8 {expected}")
        shape = (min(samples, expected[0]), *expected[1:])
        return np.frombuffer(bytearray(file.read(math.prod(shape))), np.uint8).reshape(shape)
