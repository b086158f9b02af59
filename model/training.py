"""Training as a generator: each step learns from some samples and reports how it goes."""

from __future__ import annotations

import math
from collections.abc import Generator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

import numpy as np
from numpy.typing import DTypeLike, NDArray

from model.dataset import Dataset, as_floats
from model.evaluation import Evaluation, evaluate_in_chunks
from model.homework.chosen_mistake import ChosenMistake
from model.homework.mistaken_sgd import MistakenSGD, start_with
from model.loss import cross_entropy
from model.network import LAYER_SIZES, Network
from model.plain_sgd import plain_sgd
from model.sequential_sgd import RESUME_INTERVAL, SequentialSGD

SAMPLES_A_STEP = 512  # between two reports, at most, where the caller does not ask for another number
WORK_A_STEP = 80_000_000  # samples × weights × iterations, some milliseconds
RECENT_SAMPLES = 1000  # the training loss and accuracy are means over this many

# What people can choose; the arithmetic has no limit.
MOST_EPOCHS = 1000
SMALLEST_LEARNING_RATE, LARGEST_LEARNING_RATE = 1e-9, 1e38
LARGEST_SEED = 999_999_999  # as many digits as the field has room for
MOST_HIDDEN_LAYERS, LARGEST_LAYER = 4, 512
HIDDEN_LAYERS_WANTED = f"none, or up to {MOST_HIDDEN_LAYERS} whole numbers from 1 to {LARGEST_LAYER}, such as 32, 32"


class TrainingDiverged(ArithmeticError):
    """The numbers overflowed. `sample` counts the samples up to the one whose update made the network unusable."""

    def __init__(self, sample: int, has_mistake: bool = False) -> None:
        what_to_do = (
            "The run makes a mistake on purpose" if has_mistake else "Choose a smaller learning rate and start again"
        )
        super().__init__(
            f"Training diverged at sample {sample:,}: the weights grew beyond what a number can hold. {what_to_do}."
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
    mistake: ChosenMistake | None = None  # that is made on purpose

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
        object.__setattr__(self, "layer_sizes", tuple(sizes))
        if self.mistake is not None and not self.mistake.fits(self.layer_sizes):
            raise ValueError(f"“{self.mistake}” is no mistake of a network of {' → '.join(map(str, sizes))}.")

    @property
    def hidden_layers(self) -> tuple[int, ...]:
        """How many neurons each hidden layer has."""
        return self.layer_sizes[1:-1]

    @property
    def has_right_updates(self) -> bool:
        """Whether every update is the gradient's, whatever network they start from."""
        return self.mistake is None or not self.mistake.is_of_updates


def read_hidden_layers(text: str) -> tuple[int, ...]:
    """The sizes of the hidden layers as people write them: "32, 32"; "none", or nothing, for no hidden layer.

    Raises ValueError for anything that cannot be chosen.
    """
    written = text.strip()
    sizes = [] if written.casefold() in ("", "none") else [size.strip() for size in written.split(",")]
    is_readable = len(sizes) <= MOST_HIDDEN_LAYERS and all(
        size.isascii() and size.isdigit() and len(size) < 9 and 1 <= int(size) <= LARGEST_LAYER for size in sizes
    )
    if not is_readable:
        raise ValueError(f"Hidden layers must be {HIDDEN_LAYERS_WANTED}, not “{text}”.")
    return tuple(map(int, sizes))


def layer_sizes_around(hidden_layers: Sequence[int]) -> tuple[int, ...]:
    """The sizes of all layers, from 784 pixels to ten classes."""
    return (LAYER_SIZES[0], *hidden_layers, LAYER_SIZES[-1])


def written_hidden_layers(sizes: Sequence[int]) -> str:
    """The sizes of the hidden layers as `read_hidden_layers` reads them."""
    return ", ".join(map(str, sizes)) or "none"


def short_hidden_layers(sizes: Sequence[int]) -> str:
    """The same in a name, where there is little room: "64-16"."""
    return "-".join(map(str, sizes)) or "no hidden layer"


def initial_network(config: TrainingConfig, dtype: DTypeLike = np.float32) -> Network:
    """The network that a run starts with: random, unless a mistake makes another of it."""
    network = Network.initialize(config.layer_sizes, config.seed, dtype)
    return network if config.mistake is None else start_with(network, config.mistake)


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
    # Means over the last 1,000 samples, each predicted before its own update, or over fewer where training has just
    # started or resumed; of those whose probabilities are known, and NaN where there are none.
    training_loss: float = math.nan
    training_accuracy: float = math.nan  # 0 to 1
    # Over the whole test set; None where it was not measured.
    test_loss: float | None = None  # mean cross-entropy
    test_accuracy: float | None = None  # 0 to 1
    is_measuring: bool = False  # the test set takes several steps: the next continues it, and learns nothing
    predicted: tuple[int, ...] | None = field(default=None, compare=False, repr=False)  # how often each class

    def tested(self, on_test: Evaluation) -> Progress:
        """The same moment, with what the network does on the test set."""
        return replace(self, test_loss=on_test.loss, test_accuracy=on_test.accuracy, predicted=on_test.predicted)


def _mean_of_known(values: NDArray[np.float64]) -> float:
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else math.nan


class Learner(Protocol):
    """What updates a network, sample by sample; by default it is `SequentialSGD`."""

    def start(self, images: NDArray[Any], labels: NDArray[np.integer], position: int = 0) -> None:
        """Learn from these samples next, from the one at `position` on."""

    def samples_within(self, work: int, most: int) -> int:
        """How many samples to take where nobody asks for another number."""

    def learn(self, count: int) -> NDArray[np.floating]:
        """Learn from so many samples, or from more where several make one update, but never beyond an epoch's end.

        The probabilities of each before its update, (samples, classes); NaN where they are not known.
        """


def train(
    network: Network, dataset: Dataset, config: TrainingConfig, samples_seen: int = 0, learner: Learner | None = None
) -> Generator[Progress, int | None, None]:
    """Train the network in place, one update a sample, in the data's own order, with the mistake if there is one.

    The first report is of the network as it comes: untrained, or one that has seen `samples_seen` samples and resumes
    there, up to the end of the last epoch. If that is a resume point (`is_resume_point`), or where training with this
    learning rate and mistake started, it gets the bits that it would have got without the interruption.

    Then each step learns from as many samples as `send()` requests, or from some 500, or fewer where they would take
    more than some milliseconds; but it stops short wherever the test set is to be measured. Measuring it takes several
    steps, whose reports have `is_measuring`, unless the set or the network is small. How the samples are cut into steps
    changes no bit of the result. To pause, do not ask for the next report; to stop, never ask again.

    Raises TrainingDiverged when a number overflows; the network is of no use then. A `learner` of the caller's may take
    the place of our own; it updates the same network.
    """
    run = _Run(network, dataset, config, samples_seen, learner)
    requested = yield from run.test()
    while not run.is_over():
        run.learn(min(run.samples_to_test(), requested or run.samples_a_step()))
        requested = (yield from run.test()) if run.is_at_test else (yield run.report())


def is_resume_point(samples_seen: int, samples_in_epoch: int, mistake: ChosenMistake | None = None) -> bool:
    """Whether training that starts here, from the weights alone, gets the same bits as training that comes by."""
    position = samples_seen % samples_in_epoch
    piles_up = mistake is not None and mistake.name == "state-kept"  # more than the weights, until the epoch ends
    return position == 0 if piles_up else position % RESUME_INTERVAL == 0


def _learner(network: Network, config: TrainingConfig) -> Learner:
    """What makes the updates that are asked for."""
    if config.mistake is not None and config.mistake.is_of_updates:
        return MistakenSGD(network, config.learning_rate, config.mistake)
    return SequentialSGD(network, config.learning_rate)


class _Run:
    """A network in training, and how it did on the last samples."""

    def __init__(
        self, network: Network, dataset: Dataset, config: TrainingConfig, samples_seen: int, learner: Learner | None
    ) -> None:
        self._network = network
        self._dataset = dataset
        self._config = config
        self._updates_rightly = learner is None and config.has_right_updates
        self._learner = learner or _learner(network, config)
        self._samples_in_epoch = len(dataset.train_images)
        self._samples_seen = samples_seen
        self.is_at_test = True  # where it starts, too
        self._losses, self._correct = np.empty(0), np.empty(0)  # of the last samples, NaN where they are not known
        tests = config.tests_per_epoch
        self._test_positions = [round(self._samples_in_epoch * k / tests) for k in range(1, tests + 1)]
        self._start_epoch()

    @property
    def _position(self) -> int:
        """In the epoch: the next sample's number."""
        return self._samples_seen % self._samples_in_epoch

    def _start_epoch(self) -> None:
        self._learner.start(self._dataset.train_images, self._dataset.train_labels, self._position)

    def is_over(self) -> bool:
        return self._samples_seen >= self._config.epochs * self._samples_in_epoch

    def samples_to_test(self) -> int:
        """How many samples there are up to where the test set is measured next."""
        position = self._position
        return next(test for test in self._test_positions if test > position) - position

    def samples_a_step(self) -> int:
        return self._learner.samples_within(WORK_A_STEP, SAMPLES_A_STEP)

    def learn(self, count: int) -> None:
        before, test_due = self._network.copy(), self._samples_seen + self.samples_to_test()
        probabilities = self._learner.learn(count)
        samples = slice(self._position, self._position + len(probabilities))
        labels = self._dataset.train_labels[samples]
        if not self._network.is_usable():
            survived = self._samples_survived(before, samples) if self._updates_rightly else len(probabilities)
            raise TrainingDiverged(self._samples_seen + survived, self._config.mistake is not None)
        known = ~np.isnan(probabilities).any(axis=1)
        losses, correct = np.full((2, len(known)), math.nan)
        losses[known] = cross_entropy(probabilities[known], labels[known])
        correct[known] = probabilities[known].argmax(axis=1) == labels[known]
        self._losses = np.append(self._losses, losses)[-RECENT_SAMPLES:]
        self._correct = np.append(self._correct, correct)[-RECENT_SAMPLES:]
        self._samples_seen += len(probabilities)
        self.is_at_test = self._samples_seen >= test_due
        if self._position == 0:
            self._start_epoch()

    def report(self) -> Progress:
        return Progress(
            samples_seen=self._samples_seen,
            epoch=-(-self._samples_seen // self._samples_in_epoch),
            training_loss=_mean_of_known(self._losses),
            training_accuracy=_mean_of_known(self._correct),
        )

    def test(self) -> Generator[Progress, int | None, int | None]:
        """Report once or several times, and the test set with the last; what the caller sent then."""
        progress, requested = self.report(), None
        if not self._network.has_answers:
            return (yield progress)
        for on_test in evaluate_in_chunks(self._network, self._dataset.test_images, self._dataset.test_labels):
            if on_test is not None:
                progress = progress.tested(on_test)
            requested = yield replace(progress, is_measuring=on_test is None)
        return requested

    def _samples_survived(self, network: Network, samples: slice) -> int:
        """How many updates it took to make a network unusable: the same again, one by one, looking after each."""
        images = as_floats(self._dataset.train_images[samples], network.dtype)
        labels = self._dataset.train_labels[samples]
        with np.errstate(over="ignore", invalid="ignore"):
            for count in range(len(images)):
                if not network.is_usable():
                    return count
                plain_sgd(network, images[count : count + 1], labels[count : count + 1], self._config.learning_rate)
        return len(images)
