"""How good a network is on a set of images."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.dataset import as_floats
from model.loss import cross_entropy
from model.network import Network

CHUNK = 1000  # images at a time, at most: the activations of a wide layer stay within the processor's cache
WORK_AT_A_TIME = 2**26  # multiply-adds, some 2 ms: 2,000 images for the network of 784 → 32 → 32 → 10


@dataclass(frozen=True)
class Evaluation:
    """How a network classifies a set of images."""

    loss: float  # mean cross-entropy, in nats
    accuracy: float  # share of the images that are classified correctly, 0 to 1
    confusion: NDArray[np.int64]  # (classes, classes): confusion[i, j] images of an i were classified as a j

    @property
    def predicted(self) -> tuple[int, ...]:
        """How many images were classified as each of the classes, right or wrong."""
        return tuple(self.confusion.sum(axis=0).tolist())


def evaluate(network: Network, images: NDArray[Any], labels: NDArray[np.integer]) -> Evaluation:
    """Classify every image, (samples, n_in), and compare with the labels, (samples,).

    Raises ValueError if there are no images.
    """
    *_, evaluation = evaluate_in_chunks(network, images, labels)
    assert evaluation is not None
    return evaluation


def evaluate_in_chunks(
    network: Network, images: NDArray[Any], labels: NDArray[np.integer]
) -> Iterator[Evaluation | None]:
    """The same in steps of some milliseconds: None after each, and the evaluation after the last."""
    if len(images) == 0:
        raise ValueError("There are no images to evaluate the network on.")
    classes = network.layer_sizes[-1]
    confusion = np.zeros((classes, classes), np.int64)
    total_loss = 0.0
    at_a_time = max(1, WORK_AT_A_TIME // network.weight_count)
    chunk, since_pause = min(CHUNK, at_a_time), 0
    for start in range(0, len(images), chunk):
        if since_pause + chunk > at_a_time:
            yield None
            since_pause = 0
        chunk_labels = labels[start : start + chunk].astype(np.intp)
        probabilities = network.predict(as_floats(images[start : start + chunk], network.dtype))
        total_loss += float(cross_entropy(probabilities, chunk_labels).sum(dtype=np.float64))
        predicted = probabilities.argmax(axis=1)
        confusion += np.bincount(chunk_labels * classes + predicted, minlength=classes**2).reshape(confusion.shape)
        since_pause += chunk
    confusion.setflags(write=False)
    yield Evaluation(total_loss / len(images), float(np.trace(confusion)) / len(images), confusion)
