"""Networks on disk: one .npz file of plain arrays, which NumPy alone can read.

It holds `format` (a version number) and, layer after layer, `weights_0`, `biases_0`, `weights_1`, …
"""

import os
from itertools import takewhile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.network import LAYER_SIZES, MOST_LAYERS, MOST_NEURONS, MOST_WEIGHTS, Network
from model.storage.reading import FLOATS, Arrays, FileError, opened_arrays, reported_as
from model.storage.writing import atomic_write

FORMAT = 1
SIZES = range(1, MOST_NEURONS + 1)
LARGEST_FILE = 9 * MOST_WEIGHTS  # bytes, packed or unpacked: weights in double precision, and all else
TOO_LARGE = "is far too large for a network of digits."
WHAT = f"the weights of a network whose shapes fit: from 784 pixels to 10 digits, with {MOST_NEURONS:,} neurons a layer"


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
    with reported_as(path, NetworkFileError), opened_arrays(path, LARGEST_FILE, TOO_LARGE) as arrays:
        return _network_of(arrays)


def _network_of(arrays: Arrays) -> Network:
    if "format" not in arrays:
        raise NetworkFileError("is no network that Digitscope saved.")
    if arrays.number("format") != FORMAT:
        raise NetworkFileError("was saved by a later version of Digitscope, which this one cannot read.")
    layers = list(takewhile(lambda k: f"weights_{k}" in arrays, range(MOST_LAYERS)))
    if not layers or f"weights_{len(layers)}" in arrays:
        raise NetworkFileError(f"holds no network of at most {MOST_LAYERS} layers.")
    weights, biases, inputs = [], [], LAYER_SIZES[0]
    for k in layers:
        neurons = SIZES if k < layers[-1] else LAYER_SIZES[-1]
        weights.append(arrays.read(f"weights_{k}", FLOATS, (inputs, neurons), WHAT))
        inputs = weights[-1].shape[1]
        biases.append(arrays.read(f"biases_{k}", FLOATS, (inputs,), WHAT))
    if len({array.dtype for array in (*weights, *biases)}) > 1:
        raise NetworkFileError("holds something else than the weights of a network.")
    network = Network(weights, biases)
    if not network.is_usable():
        raise NetworkFileError("holds weights that are no numbers or far too large, so that its network cannot answer.")
    return network
