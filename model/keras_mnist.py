"""MNIST through TensorFlow, in a process of its own: `python -m model.keras_mnist FILE` fetches it into FILE.

TensorFlow takes seconds and half a gigabyte to import, so it never enters the process that has the window; and a
process can be cancelled at any moment. Keras keeps what it downloads in `~/.keras`, and asks the network only the
first time.
"""

import hashlib
import io
import os
import socket
import sys
from pathlib import Path

import numpy as np

from model.dataset import MNIST_ARRAYS

NETWORK_TIMEOUT = 30  # seconds; Keras itself would wait for ever


class FetchError(Exception):
    """MNIST could not be fetched; the message is a sentence for the user."""


def command(destination: Path) -> list[str]:
    """The program and its arguments that fetch MNIST into a file, to be run in the project's folder.

    Its exit code is 0 when the file is complete, else the last line of its standard error says why not.
    """
    return [sys.executable, "-X", "utf8", "-m", "model.keras_mnist", str(destination)]


def fetch(destination: Path) -> None:
    """Have Keras load MNIST, check it, and write it to a file that `load_mnist` reads. Raises FetchError."""
    os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "2"
    socket.setdefaulttimeout(NETWORK_TIMEOUT)
    print("Starting TensorFlow …", flush=True)
    try:
        import tensorflow as tf
    except Exception as error:  # a broken installation raises anything
        raise FetchError(f"TensorFlow is not installed here or does not start ({_in_one_line(error)}).") from error
    print("Loading MNIST through tf.keras …", flush=True)
    try:
        (x_train, y_train), (x_test, y_test) = tf.keras.datasets.mnist.load_data("mnist.npz")
    except Exception as error:  # Keras raises a plain Exception when the download fails
        raise FetchError(f"TensorFlow could not load MNIST ({_in_one_line(error)}).") from error
    arrays = dict(zip(MNIST_ARRAYS, map(np.asarray, (x_train, y_train, x_test, y_test)), strict=True))
    for name, array in arrays.items():
        if (array.shape, hashlib.sha256(array.tobytes()).hexdigest()) != MNIST_ARRAYS[name]:
            raise FetchError(f"What TensorFlow loaded is not MNIST as it was published ({name} differs).")
    print("Writing the digits …", flush=True)
    np.savez_compressed(destination, **arrays)  # type: ignore[arg-type]


def _in_one_line(error: Exception) -> str:
    return " ".join(str(error).split())


def main() -> int:
    """Fetch into the file that the command line names; the exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8")  # as whoever started this reads it, whatever the system's is
    try:
        fetch(Path(sys.argv[1]))
    except (FetchError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
