"""MNIST in the kinds of file that people keep it in, written when a learner's program first asks for one.

All that opens files goes through one function, `MnistFiles.redirect`: a name that MNIST is known by, and that leads to
no file or to one too large to be read in a moment, becomes that of a small file in a temporary folder.
"""

from __future__ import annotations

import builtins
import functools
import gzip
import io
import os
import pathlib
import pickle
import re
import struct
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.homework.digits import Digits

LARGEST = 10_000_000  # bytes of a file that is read as it is
IDX = re.compile(r"(train|t10k|test)-(images|labels)[-.]idx[13][-.]ubyte(\.gz)?")
CSV = re.compile(r"(?:mnist(?:[-_]\w+)?[-_])?(train|test)(?:[-_]\w+)?\.csv|mnist\.csv")
NPZ = re.compile(r"mnist\.npz")
PICKLE = re.compile(r"mnist(?:_py3k)?\.pkl(\.gz)?")

_exists, _getsize, _open = os.path.exists, os.path.getsize, builtins.open


class MnistFiles:
    """The files of MNIST that are not there, by name; `replaced` learns which were asked for."""

    def __init__(self, digits: Digits, folder: Path, replaced: list[str]) -> None:
        self._digits = digits
        self._folder = folder
        self._replaced = replaced
        self._saved_as: dict[str, str] = {}  # names of a learner's own for what they have downloaded

    def redirect(self, path: Any) -> Any:
        """Where to find what is called so; anything else, and anything that is no path, comes back as it is."""
        if not isinstance(path, str | os.PathLike) or not isinstance(name := os.path.basename(path), str):
            return path
        name = self._saved_as.get(name, name)
        if _exists(path) and _getsize(path) < LARGEST:
            return path
        for pattern, content in WRITERS:
            if match := pattern.fullmatch(name.lower()):
                written = self._written(name, functools.partial(content, self._digits, match))
                return written if isinstance(path, os.PathLike) else str(written)
        return path

    def _written(self, name: str, content: Callable[[], bytes]) -> Path:
        written = self._folder / name
        if not _exists(written):
            with _open(written, "wb") as file:
                file.write(content())
            self._replaced.append(name)
        return written

    def downloaded(self, url: str, filename: str | None = None) -> str:
        """The file that an address of MNIST leads to, under the name that it shall have. Raises OSError for others."""
        written = self.redirect(url)
        if written == url:
            raise OSError(f"It asks the network for {url}, which is not available where files are checked")
        if filename is not None:
            self._saved_as[os.path.basename(filename)] = os.path.basename(written)
        return str(filename or written)

    def patches(self) -> Iterator[tuple[Any, str, Any]]:
        """Which functions, as (owner, name, replacement), take their paths through `redirect`."""
        for owner, names in OPENING:
            for name in names.split():
                yield owner, name, self._redirected(getattr(owner, name))

    def _redirected(self, function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def opening(*arguments: Any, **options: Any) -> Any:
            options = {name: self.redirect(option) for name, option in options.items()}
            return function(*map(self.redirect, arguments), **options)

        return opening


OPENING: tuple[tuple[Any, str], ...] = (
    (builtins, "open"),  # gzip and np.load open through it, pathlib through io
    (io, "open"),
    (np, "loadtxt genfromtxt fromfile"),
    (os.path, "exists isfile getsize"),
    (pathlib.Path, "exists is_file"),
)


def _part(digits: Digits, part: str | None) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    if part in ("t10k", "test"):
        return digits.test_images, digits.test_labels
    return digits.train_images, digits.train_labels


def _idx(digits: Digits, match: re.Match[str]) -> bytes:
    """As published: big-endian numbers ahead of the bytes, the magic one says how many dimensions follow."""
    array = _part(digits, match[1])[match[2] == "labels"]
    content = struct.pack(f">{1 + array.ndim}I", 0x800 + array.ndim, *array.shape) + array.tobytes()
    return gzip.compress(content, 1) if match[3] else content


def _csv(digits: Digits, match: re.Match[str]) -> bytes:
    """Label, then pixels. Kaggle's two have a line of names, and its test set no labels."""
    images, labels = _part(digits, match[1])
    table = np.column_stack([labels, images.reshape(len(images), -1)])
    first = 1 if match[0] == "test.csv" else 0
    names = ["label", *(f"pixel{number}" for number in range(table.shape[1] - 1))][first:]
    of_kaggle = match[0] in ("train.csv", "test.csv")
    inner, last = (np.array([f"{number}{end}" for number in range(256)], "S4") for end in ",\n")
    texts = inner.view(np.uint32)[table[:, first:]]  # each is padded with zeros, which are no text
    texts[:, -1] = last.view(np.uint32)[table[:, -1]]
    return (",".join(names) + "\n" if of_kaggle else "").encode() + texts.tobytes().translate(None, b"\0")


def _npz(digits: Digits, match: re.Match[str]) -> bytes:
    content = io.BytesIO()
    np.savez(
        content,
        x_train=digits.train_images,
        y_train=digits.train_labels,
        x_test=digits.test_images,
        y_test=digits.test_labels,
    )
    return content.getvalue()


def _pickle(digits: Digits, match: re.Match[str]) -> bytes:
    """Three pairs, to train, validate and test: (samples, 784) float32 from 0 to 1, and labels (samples,) int64."""
    (images, labels), test = (
        ((images.reshape(-1, 784) / np.float32(256)).astype(np.float32), labels.astype(np.int64))
        for images, labels in (_part(digits, "train"), _part(digits, "test"))
    )
    trained = -(-len(images) * 5 // 6)
    content = pickle.dumps(((images[:trained], labels[:trained]), (images[trained:], labels[trained:]), test))
    return gzip.compress(content, 1) if match[1] else content


WRITERS: tuple[tuple[re.Pattern[str], Callable[[Digits, re.Match[str]], bytes]], ...] = (
    (IDX, _idx),
    (CSV, _csv),
    (NPZ, _npz),
    (PICKLE, _pickle),
)
