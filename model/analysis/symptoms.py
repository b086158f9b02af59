"""What a network shows, in words, where something may be wrong with its training, with or without a mistake.

Each sentence is said only where it is true, with the figures that make it so, and follows "The network …".
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.activations import SIGMOID
from model.dataset import Dataset, as_floats
from model.network import Network
from model.words import listed

DIGITS = 500  # of the test set, for the activations: their shares are good to some two hundredths, in a millisecond
ALMOST_ALL = 0.999  # of the test digits: what is left are some odd digits, and the accuracy is the share of one class
AT_LIMIT = 0.01  # so near to 0 or 1 an activation has a slope a (1 − a) below a twenty-fifth of the largest, 1/4
MANY = 0.5  # of a layer's activations: the larger part of it hardly learns
HARDLY = 0.001  # of their length: at this pace weights would take a thousand epochs to become other ones
ALIKE = 1e-6  # between the activations of two neurons: rounding
ORDINALS = ("first", "second", "third", "fourth")


@dataclass(frozen=True, eq=False)
class Earlier:
    """The network some while before, an epoch or more."""

    network: Network
    samples: int  # since then


def symptoms(
    network: Network, predicted: Sequence[int], dataset: Dataset, earlier: Earlier | None = None
) -> tuple[str, ...]:
    """What there is to say of a network that classified the test digits like this, so many as each of the classes."""
    images = as_floats(dataset.test_images[:DIGITS], network.dtype)
    hidden = network.forward(images)[:-1]
    of_class = np.bincount(dataset.test_labels.astype(np.intp), minlength=len(predicted))
    return (
        *_predictions(np.asarray(predicted), of_class),
        *_saturation(network, hidden),
        *_equal_neurons(hidden),
        *(_movement(network, earlier) if earlier else ()),
    )


def _predictions(predicted: NDArray[Any], of_class: NDArray[Any]) -> Iterator[str]:
    total, answer = int(predicted.sum()), int(predicted.argmax())
    count, share = int(predicted[answer]), f"{100 * of_class[answer] / total:.2f} %"
    if count == total:
        yield f"answers {answer} to {total:,} of {total:,}: its accuracy is the share of {answer}s, {share}"
    elif count >= ALMOST_ALL * total:
        yield f"answers {answer} to {count:,} of {total:,}, of which {share} are {answer}s"
    else:
        never = [str(digit) for digit in np.flatnonzero((predicted == 0) & (of_class > 0))]
        if never:
            yield f"never answers {listed(never, 'or')}"


def _saturation(network: Network, hidden: Sequence[NDArray[np.floating]]) -> Iterator[str]:
    saturated = []
    for layer, activations in enumerate(hidden):
        at_limit = np.minimum(activations, 1 - activations) <= AT_LIMIT
        share = float(at_limit.mean())
        if network.hidden[layer] is SIGMOID and share >= MANY:
            how_many = "all" if at_limit.all() else f"{floor(100 * share)} %"
            saturated.append(f"{how_many} of the {_ordinal(layer)}")
    if saturated:
        yield f"{listed(saturated)} layer's activations are at 0 or 1 (within {AT_LIMIT})"


def _equal_neurons(hidden: Sequence[NDArray[np.floating]]) -> Iterator[str]:
    for layer, activations in enumerate(hidden):
        neurons = activations.shape[1]
        if neurons > 1 and float(np.ptp(activations, axis=1).max()) <= ALIKE:
            yield f"all {neurons} neurons of the {_ordinal(layer)} layer are alike"


def _movement(network: Network, earlier: Earlier) -> Iterator[str]:
    """Which weights hardly moved; those that were all 0 have no length to compare with."""
    moved = [_moved(*pair) for pair in zip(network.weights, earlier.network.weights, strict=True)]
    slow = [k for k, share in enumerate(moved) if share < HARDLY]
    if not slow:
        return
    whose = "its weights" if len(slow) == len(moved) else f"the weights of the {_listed_layers(slow)}"
    largest = max(moved[k] for k in slow)
    since = f"in the last {earlier.samples:,} samples"
    if largest:
        yield f"{whose} hardly moved {since}: by at most {_percent_up(largest)} of their length"
    else:
        yield f"{whose} did not move at all {since}"


def _moved(now: NDArray[np.floating], before: NDArray[np.floating]) -> float:
    """‖now − before‖ / ‖before‖, in double precision, as squares of enormous weights overflow in single."""
    length = float(np.linalg.norm(before.astype(np.float64)))
    return float(np.linalg.norm(now.astype(np.float64) - before)) / length if length else float(now.any())


def _percent_up(share: float) -> str:
    """A small share in percent, with one digit and rounded up, so that it is at most this: "0.02 %", "0.00003 %"."""
    decimals = -floor(log10(100 * share))
    return f"{ceil(100 * share * 10**decimals - 1e-9) / 10**decimals:.{decimals}f}".rstrip("0") + " %"


def _ordinal(layer: int) -> str:
    return ORDINALS[layer] if layer < len(ORDINALS) else f"{layer + 1}th"


def _listed_layers(layers: Sequence[int]) -> str:
    return f"{listed([_ordinal(layer) for layer in layers])} layer{'s' if len(layers) > 1 else ''}"
