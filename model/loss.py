"""What training makes small: the cross-entropy between the predicted probabilities and the label."""

import numpy as np
from numpy.typing import NDArray


def one_hot(labels: NDArray[np.integer], classes: int = 10) -> NDArray[np.float64]:
    """Each label as a row with a 1 in the label's column: (samples,) integers become (samples, classes)."""
    return np.eye(classes)[labels]


def cross_entropy(probabilities: NDArray[np.floating], labels: NDArray[np.integer]) -> NDArray[np.floating]:
    """−ln of the probability given to the right class, one number a sample, in nats.

    `probabilities` is (samples, classes), `labels` is (samples,).
    """
    of_the_label = probabilities[np.arange(len(labels)), labels]
    return -np.log(at_least_tiny(of_the_label))


def at_least_tiny(probabilities: NDArray[np.floating]) -> NDArray[np.floating]:
    """Probabilities that were rounded to zero, or nearly, count as the smallest normal number of their type.

    So one hopeless prediction costs much (87 in float32), not infinitely much.
    """
    return np.maximum(probabilities, np.finfo(probabilities.dtype).tiny)
