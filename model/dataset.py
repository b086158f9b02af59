"""The MNIST digits: 60,000 to train on and 10,000 to test with.

MNIST is by Yann LeCun, Corinna Cortes and Christopher Burges (CC BY-SA 3.0).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from model.storage.reading import BYTES, Arrays, opened_arrays

BUNDLED_MNIST = Path(__file__).parent.parent / "resources" / "mnist.npz"

# Shape and SHA-256 of the bytes of each array (uint8), under the names that Keras gives them.
MNIST_ARRAYS = {
    "x_train": ((60000, 28, 28), "741c988805d008ac6e4c904b69001ba184c24b2c540a4ef403f4c71b676cf757"),
    "y_train": ((60000,), "1feba77c54802fa5339a11837ea4b2866434b83314ec45192930f1df69120c13"),
    "x_test": ((10000, 28, 28), "6d87418db22cc8025d05968bec9bd5c3932904b23485740db143a061a2c9d161"),
    "y_test": ((10000,), "ddeff807876a9661a1110d45c266c86239a3a1b7d37da0c3716a7a683c852ff5"),
}
AT_A_TIME = 2000  # samples: few enough that the file is never in memory twice
LARGEST_FILE = 60_000_000  # bytes, packed or unpacked


class DatasetError(Exception):
    """The digits cannot be had; the message is a sentence for the user."""


@dataclass(frozen=True, eq=False)
class Dataset:
    """Images are (samples, 784) float32 from 0, paper, to 1, full ink; labels are (samples,) integers 0 to 9.

    The images may as well be the bytes of the original files, 0 to 255, in a fourth of the memory: training and
    evaluation take either, with the same result to the last bit.
    """

    train_images: NDArray[np.float32 | np.uint8]
    train_labels: NDArray[np.integer]
    test_images: NDArray[np.float32 | np.uint8]
    test_labels: NDArray[np.integer]

    def first(self, samples: int) -> Dataset:
        """The same with only so many samples to train on."""
        return replace(self, train_images=self.train_images[:samples], train_labels=self.train_labels[:samples])


def as_floats(images: NDArray[Any], dtype: DTypeLike = np.float32) -> NDArray[Any]:
    """Images of a dataset in the numbers that a network computes with, from 0 to 1."""
    if images.dtype == np.uint8:
        images = np.divide(images, np.float32(255), dtype=np.float32)
    return images.astype(dtype, copy=False)


def load_mnist(
    path: Path = BUNDLED_MNIST,
    on_progress: Callable[[float], None] = lambda share: None,
    dtype: DTypeLike = np.float32,
) -> Dataset:
    """The original digits, each array verified by its checksum; the images in float32, or in uint8 for their bytes.

    `on_progress` is called now and then with the share of the images, 0 to 1, that has been read; to cancel, raise an
    exception in it.

    Raises DatasetError if the file is missing, damaged, or holds anything else.
    """
    with ExitStack() as stack:
        with damage_reported(path):
            arrays = stack.enter_context(opened_arrays(path, LARGEST_FILE, "is far too large."))
        verified = partial(_verified_parts, path, arrays)
        return Dataset(
            train_images=_images(verified("x_train"), "x_train", on_progress, dtype),
            train_labels=_labels(verified("y_train")),
            test_images=_images(verified("x_test"), "x_test", lambda share: None, dtype),
            test_labels=_labels(verified("y_test")),
        )


def _images(
    parts: Iterator[NDArray[np.uint8]], name: str, on_progress: Callable[[float], None], dtype: DTypeLike
) -> NDArray[Any]:
    samples, height, width = MNIST_ARRAYS[name][0]
    images = np.empty((samples, height * width), dtype)
    filled = 0
    for part in parts:
        pixels = part.reshape(-1, height * width)
        images[filled : filled + len(pixels)] = pixels if images.dtype == np.uint8 else as_floats(pixels)
        filled += len(pixels)
        on_progress(filled / samples)
    images.setflags(write=False)
    return images


def _labels(parts: Iterator[NDArray[np.uint8]]) -> NDArray[np.int64]:
    labels = np.concatenate(list(parts)).astype(np.int64)
    labels.setflags(write=False)
    return labels


def _verified_parts(path: Path, arrays: Arrays, name: str) -> Iterator[NDArray[np.uint8]]:
    """An array, some samples at a time; raises DatasetError where they are not MNIST's."""
    shape, expected_checksum = MNIST_ARRAYS[name]
    checksum = hashlib.sha256()
    parts = arrays.parts(name, BYTES, shape, f"{name} of MNIST", AT_A_TIME)
    while (part := _next(parts, path)) is not None:
        checksum.update(part.data)
        yield part
    with damage_reported(path):
        if checksum.hexdigest() != expected_checksum:
            raise ValueError(f"{name} has the checksum {checksum.hexdigest()}")


def _next(parts: Iterator[NDArray[np.uint8]], path: Path) -> NDArray[np.uint8] | None:
    with damage_reported(path):
        return next(parts, None)


@contextmanager
def damage_reported(path: Path) -> Iterator[None]:
    """Make one sentence of the dozen kinds of exceptions, down to SyntaxError, that a damaged file brings about."""
    try:
        yield
    except FileNotFoundError:
        raise DatasetError(f"The digits are missing: there is no file {path}.") from None
    except OSError as error:
        raise DatasetError(f"The digits in {path} cannot be read: {error.strerror or error}.") from error
    except Exception as error:
        raise DatasetError(f"The file of digits is damaged: {path} does not hold MNIST as it was published.") from error
