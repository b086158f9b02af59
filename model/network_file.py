"""Networks on disk: one .npz file of plain arrays, which NumPy alone can read.

It holds `format` (a version number) and, layer after layer, `weights_0`, `biases_0`, `weights_1`, …
"""

import os
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.network import LAYER_SIZES, Network
from model.storage.reading import FileError, arrays_in, reported_as
from model.storage.writing import atomic_write

FORMAT = 1
LARGEST_FILE = 100_000_000  # bytes, packed or unpacked: a thousand times what the usual network takes


class NetworkFileError(FileError):
    """A file is no network that can be used; the message is a sentence for the user."""


def save_network(path: str | os.PathLike[str], network: Network) -> None:
    """Write the network to a file, which is replaced only once the new one is complete.

    Raises OSError if that fails; an earlier file is untouched then.
    """
    arrays: dict[str, NDArray[Any]] = {"format": np.array(FORMAT)}
    for k, (weights, biases) in enumerate(zip(network.weights, network.biases, strict=True)):
        arrays |= {f"weights_{k}": weights, f"biases_{k}": biases}
    with atomic_write(Path(path)) as file:
        np.savez(file, **arrays)  # type: ignore[arg-type]


def open_network(path: str | os.PathLike[str]) -> Network:
    """Read a network for 784 pixels and 10 digits that `save_network` wrote; its hidden layers may have any sizes.

    Raises NetworkFileError, with what is wrong and what to do, if the file is anything else.
    """
    path = Path(path)
    with reported_as(path, NetworkFileError):
        too_large = NetworkFileError("is far too large for a network of digits.")
        return _network_of(arrays_in(path, LARGEST_FILE, too_large))


def _network_of(arrays: dict[str, NDArray[Any]]) -> Network:
    if "format" not in arrays:
        raise NetworkFileError("is no network that Digitscope saved.")
    if int(arrays["format"]) != FORMAT:
        raise NetworkFileError("was saved by a later version of Digitscope, which this one cannot read.")
    layers = (len(arrays) - 1) // 2
    weights = [arrays[f"weights_{k}"] for k in range(layers)]
    biases = [arrays[f"biases_{k}"] for k in range(layers)]
    if not _shapes_fit(weights, biases):
        raise NetworkFileError("holds a network of other shapes: one from 784 pixels to 10 digits is needed.")
    if len({array.dtype for array in (*weights, *biases)}) > 1 or weights[0].dtype not in (np.float32, np.float64):
        raise NetworkFileError("holds something else than the weights of a network.")
    network = Network(weights, biases)
    if not network.is_usable():
        raise NetworkFileError("holds weights that are no numbers or far too large, so that its network cannot answer.")
    return network


def _shapes_fit(weights: list[NDArray[Any]], biases: list[NDArray[Any]]) -> bool:
    if not weights or any(array.ndim != 2 for array in weights) or any(array.ndim != 1 for array in biases):
        return False
    sizes = [weights[0].shape[0], *(len(bias) for bias in biases)]
    chained = all(array.shape == shape for array, shape in zip(weights, pairwise(sizes), strict=True))
    return chained and min(sizes) > 0 and (sizes[0], sizes[-1]) == (LAYER_SIZES[0], LAYER_SIZES[-1])
