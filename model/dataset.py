"""The MNIST digits: 60,000 to train on and 10,000 to test with.

MNIST is by Yann LeCun, Corinna Cortes and Christopher Burges (CC BY-SA 3.0).
"""

from __future__ import annotations

import hashlib
import math
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

BUNDLED_MNIST = Path(__file__).parent.parent / "resources" / "mnist.npz"

# Shape and SHA-256 of the bytes of each array (uint8), under the names that Keras gives them.
MNIST_ARRAYS = {
    "x_train": ((60000, 28, 28), "741c988805d008ac6e4c904b69001ba184c24b2c540a4ef403f4c71b676cf757"),
    "y_train": ((60000,), "1feba77c54802fa5339a11837ea4b2866434b83314ec45192930f1df69120c13"),
    "x_test": ((10000, 28, 28), "6d87418db22cc8025d05968bec9bd5c3932904b23485740db143a061a2c9d161"),
    "y_test": ((10000,), "ddeff807876a9661a1110d45c266c86239a3a1b7d37da0c3716a7a683c852ff5"),
}
CHUNK = 2000 * 784  # bytes: whole images, few enough that the file is never in memory twice


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
    with damage_reported(path):
        archive = zipfile.ZipFile(path)
    with archive:
        return Dataset(
            train_images=_images(archive, "x_train", on_progress, dtype),
            train_labels=_labels(archive, "y_train"),
            test_images=_images(archive, "x_test", lambda share: None, dtype),
            test_labels=_labels(archive, "y_test"),
        )


def _images(
    archive: zipfile.ZipFile, name: str, on_progress: Callable[[float], None], dtype: DTypeLike
) -> NDArray[Any]:
    samples, height, width = MNIST_ARRAYS[name][0]
    images = np.empty((samples, height * width), dtype)
    filled = 0
    for content in _verified_content(archive, name):
        pixels = np.frombuffer(content, np.uint8).reshape(-1, height * width)
        images[filled : filled + len(pixels)] = pixels if images.dtype == np.uint8 else as_floats(pixels)
        filled += len(pixels)
        on_progress(filled / samples)
    images.setflags(write=False)
    return images


def _labels(archive: zipfile.ZipFile, name: str) -> NDArray[np.int64]:
    labels = np.frombuffer(b"".join(_verified_content(archive, name)), np.uint8).astype(np.int64)
    labels.setflags(write=False)
    return labels


def _verified_content(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    """The bytes of an array, chunk by chunk; raises DatasetError where they are not MNIST's."""
    path = Path(str(archive.filename))
    expected_shape, expected_checksum = MNIST_ARRAYS[name]
    checksum = hashlib.sha256()
    with damage_reported(path):
        file = archive.open(f"{name}.npy")
        np.lib.format.read_magic(file)
        shape, _, dtype = np.lib.format.read_array_header_1_0(file)
        size = archive.getinfo(f"{name}.npy").file_size - file.tell()
        if (shape, str(dtype), size) != (expected_shape, "uint8", math.prod(expected_shape)):
            raise ValueError(f"{name} is {dtype} {shape}, {size} bytes, not uint8 {expected_shape}")
    with file:
        while content := _read(file, path):
            checksum.update(content)
            yield content
    with damage_reported(path):
        if checksum.hexdigest() != expected_checksum:
            raise ValueError(f"{name} has the checksum {checksum.hexdigest()}")


def _read(file: IO[bytes], path: Path) -> bytes:
    with damage_reported(path):
        return file.read(CHUNK)


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
