"""Training as a generator: each step learns from some samples and reports how it goes."""

import math
from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from model.dataset import Dataset
from model.evaluation import evaluate_gradually
from model.loss import cross_entropy
from model.network import LAYER_SIZES, Network
from model.sequential_sgd import SequentialSGD

SAMPLES_A_STEP = 512  # between two reports, at most, where the caller does not ask for another number
WORK_A_STEP = 80_000_000  # samples × weights × rounds, some milliseconds
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
        if not _is_positive_number(self.learning_rate):
            raise ValueError(f"learning_rate must be a finite number above 0, not {self.learning_rate!r}.")
        sizes = self.layer_sizes if isinstance(self.layer_sizes, Sequence) else ()
        if len(sizes) < 2 or not all(_is_whole(size) and size > 0 for size in sizes):
            raise ValueError(f"layer_sizes must be two or more whole numbers from 1 up, not {self.layer_sizes!r}.")


def _is_whole(value: object) -> bool:
    return isinstance(value, int | np.integer) and not isinstance(value, bool)


def _is_positive_number(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float | np.number):
        return False
    try:
        return 0 < float(value) < math.inf
    except OverflowError:
        return False


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
    is_measuring: bool = False  # the test set takes several steps: the next goes on with it, and learns nothing


def train(network: Network, dataset: Dataset, config: TrainingConfig) -> Generator[Progress, int | None, None]:
    """Train the network in place, one update a sample, in the data's own order.

    The first report is the untrained network's. Then each step learns from as many samples as were handed to `send()`,
    or from some 500, or fewer where they would take more than some milliseconds; but it stops short wherever the test
    set is to be measured. Measuring it takes several steps, which say so, unless the set or the network is small. How
    the samples are cut into steps changes no bit of the result. To pause, do not ask for the next report; to stop,
    never ask again.

    Raises TrainingDiverged when a number overflows; the network is of no use then.
    """
    run = _Run(network, dataset, config)
    samples_in_epoch = len(dataset.train_images)
    marks = [round(samples_in_epoch * k / config.tests_per_epoch) for k in range(config.tests_per_epoch + 1)]

    requested = yield from run.test(epoch=0)
    for epoch in range(1, config.epochs + 1):
        run.begin_epoch()
        for position, mark in pairwise(marks):
            while position < mark:
                count = min(mark - position, requested or run.samples_a_step())
                run.learn(slice(position, position + count))
                position += count
                if position == mark:
                    requested = yield from run.test(epoch)
                else:
                    requested = yield run.report(epoch)


class _Run:
    """A network, how it learns, and what it did lately."""

    def __init__(self, network: Network, dataset: Dataset, config: TrainingConfig) -> None:
        self._network = network
        self._dataset = dataset
        self._learning_rate = config.learning_rate
        self._sgd = SequentialSGD(network, config.learning_rate)
        self._samples_seen = 0
        self._losses, self._hits = np.empty(0), np.empty(0, bool)  # of the last samples

    def begin_epoch(self) -> None:
        self._sgd.begin(self._dataset.train_images, self._dataset.train_labels)

    def samples_a_step(self) -> int:
        return self._sgd.samples_within(WORK_A_STEP, SAMPLES_A_STEP)

    def learn(self, samples: slice) -> None:
        before = self._network.copy()
        answers = self._sgd.learn(samples.stop - samples.start)
        labels = self._dataset.train_labels[samples]
        if not self._network.can_answer():
            raise TrainingDiverged(self._samples_seen + self._samples_survived(before, samples))
        self._losses = np.append(self._losses, cross_entropy(answers, labels))[-RECENT_SAMPLES:]
        self._hits = np.append(self._hits, answers.argmax(axis=1) == labels)[-RECENT_SAMPLES:]
        self._samples_seen += len(labels)

    def report(self, epoch: int) -> Progress:
        return Progress(
            samples_seen=self._samples_seen,
            epoch=epoch,
            training_loss=float(self._losses.mean()) if self._samples_seen else math.nan,
            training_accuracy=float(self._hits.mean()) if self._samples_seen else math.nan,
        )

    def test(self, epoch: int) -> Generator[Progress, int | None, int | None]:
        """Report once or several times, and the test set with the last; what the caller sent then."""
        progress, requested = self.report(epoch), None
        for on_test in evaluate_gradually(self._network, self._dataset.test_images, self._dataset.test_labels):
            if on_test is not None:
                progress = replace(progress, test_loss=on_test.loss, test_accuracy=on_test.accuracy)
            requested = yield replace(progress, is_measuring=on_test is None)
        return requested

    def _samples_survived(self, network: Network, samples: slice) -> int:
        """How many updates it took to make a network unusable: the same again, looking after each."""
        sgd = SequentialSGD(network, self._learning_rate)
        sgd.begin(self._dataset.train_images[samples], self._dataset.train_labels[samples])
        for count in range(samples.stop - samples.start):
            if not network.can_answer():
                return count
            sgd.learn(1)
        return samples.stop - samples.start
