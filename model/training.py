"""Training as a generator: each step learns from some samples and reports how it goes."""

import math
from collections import deque
from collections.abc import Generator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from model.dataset import Dataset
from model.evaluation import evaluate
from model.loss import cross_entropy
from model.network import LAYER_SIZES, Network
from model.sequential_sgd import SequentialSGD

SAMPLES_A_STEP = 500  # between two reports, where the caller does not ask for another number
RECENT_SAMPLES = 1000  # the training loss and accuracy are means over this many


class TrainingDiverged(ArithmeticError):
    """The numbers overflowed. `sample` counts the samples up to the one whose update made the network unusable."""

    def __init__(self, sample: int) -> None:
        super().__init__(
            f"Training diverged at sample {sample:,}: the weights grew beyond what a number can hold. "
            "Choose a smaller learning rate and start again."
        )
        self.sample = sample


@dataclass(frozen=True)
class TrainingConfig:
    """All that a run depends on beside the data. Values that make no sense raise ValueError."""

    epochs: int = 3
    learning_rate: float = 0.003
    seed: int = 80085
    layer_sizes: tuple[int, ...] = LAYER_SIZES
    tests_per_epoch: int = 1  # how often the whole test set is measured; the end of an epoch is always among them

    def __post_init__(self) -> None:
        for name in ("epochs", "tests_per_epoch"):
            if not _is_whole(getattr(self, name)) or getattr(self, name) < 1:
                raise ValueError(f"{name} must be a whole number from 1 up, not {getattr(self, name)!r}.")
        if not _is_whole(self.seed) or self.seed < 0:
            raise ValueError(f"seed must be a whole number from 0 up, not {self.seed!r}.")
        if not (math.isfinite(self.learning_rate) and self.learning_rate > 0):
            raise ValueError(f"learning_rate must be a finite number above 0, not {self.learning_rate!r}.")
        if len(self.layer_sizes) < 2 or not all(_is_whole(size) and size > 0 for size in self.layer_sizes):
            raise ValueError(f"layer_sizes must be two or more whole numbers from 1 up, not {self.layer_sizes!r}.")


def _is_whole(value: object) -> bool:
    return isinstance(value, int | np.integer) and not isinstance(value, bool)


@dataclass(frozen=True)
class Progress:
    """What was measured at one moment of a run; by default, the moment before it, with nothing measured."""

    samples_seen: int = 0
    epoch: int = 0  # the one that the last sample belonged to, from 1; 0 before the first sample
    # Means over the last 1,000 samples, each judged before its own update; NaN before the first sample.
    training_loss: float = math.nan
    training_accuracy: float = math.nan  # 0 to 1
    # Over the whole test set; None where it was not measured.
    test_loss: float | None = None  # mean cross-entropy
    test_accuracy: float | None = None  # 0 to 1


def train(network: Network, dataset: Dataset, config: TrainingConfig) -> Generator[Progress, int | None, None]:
    """Train the network in place, one update a sample, in the data's own order.

    The first report is the untrained network's. Then each step learns from 500 samples, or from as many as were handed
    to `send()`, but stops short wherever the test set is to be measured. How the samples are cut into steps changes no
    bit of the result. To pause, do not ask for the next report; to stop, never ask again.

    Raises TrainingDiverged when a number overflows; the network is of no use then.
    """
    sgd = SequentialSGD(network, config.learning_rate)
    recent: deque[tuple[float, bool]] = deque(maxlen=RECENT_SAMPLES)
    samples_in_epoch = len(dataset.train_images)
    marks = [round(samples_in_epoch * k / config.tests_per_epoch) for k in range(config.tests_per_epoch + 1)]

    requested = yield _measure(network, dataset, 0, 0, recent, test=True)
    for epoch in range(1, config.epochs + 1):
        seen_before = (epoch - 1) * samples_in_epoch
        for start, mark in pairwise(marks):
            while start < mark:
                stop = min(mark, start + max(1, requested or SAMPLES_A_STEP))
                _learn(network, sgd, dataset, slice(start, stop), seen_before, recent)
                start = stop
                requested = yield _measure(network, dataset, seen_before + stop, epoch, recent, test=stop == mark)


def _learn(
    network: Network,
    sgd: SequentialSGD,
    dataset: Dataset,
    samples: slice,
    seen_before: int,
    recent: deque[tuple[float, bool]],
) -> None:
    labels = dataset.train_labels[samples]
    answers = sgd.update(dataset.train_images[samples].astype(network.dtype, copy=False), labels)
    losses = cross_entropy(answers, labels)
    overflowed = np.flatnonzero(~np.isfinite(losses))
    if len(overflowed):
        raise TrainingDiverged(seen_before + samples.start + int(overflowed[0]))
    if not network.can_answer():
        raise TrainingDiverged(seen_before + samples.stop)
    recent.extend(zip(losses.tolist(), (answers.argmax(axis=1) == labels).tolist(), strict=True))


def _measure(
    network: Network, dataset: Dataset, seen: int, epoch: int, recent: deque[tuple[float, bool]], test: bool
) -> Progress:
    losses, hits = zip(*recent, strict=True) if recent else ((math.nan,), (math.nan,))
    on_test = evaluate(network, dataset.test_images, dataset.test_labels) if test else None
    return Progress(
        samples_seen=seen,
        epoch=epoch,
        training_loss=math.fsum(losses) / len(losses),
        training_accuracy=sum(hits) / len(hits),
        test_loss=on_test.loss if on_test else None,
        test_accuracy=on_test.accuracy if on_test else None,
    )
