"""Several ways of training, timed in turns: whatever else the machine does in the meantime slows them all down."""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

from model.dataset import Dataset
from model.network import Network
from tests.benchmarks.training_contenders import Contender

WARM_UP = 2  # learned and forgotten: what compiles does so at first, some of it when it meets its own results


@dataclass
class Entrant:
    """A contender and what it took so far."""

    contender: Contender
    seconds_a_sample: list[float] = field(default_factory=list)  # one for each turn

    @property
    def microseconds(self) -> float:
        return 1e6 * statistics.median(self.seconds_a_sample)

    def times_as_fast_as(self, other: "Entrant") -> list[float]:
        """In each turn."""
        return [theirs / own for own, theirs in zip(self.seconds_a_sample, other.seconds_a_sample, strict=True)]


def warm_up(contender: Contender, network: Network, dataset: Dataset, samples: int) -> None:
    """Have it compile what it compiles, for turns of `samples` samples, then start from this network."""
    for _ in range(WARM_UP):
        contender.learn(dataset.train_images[:samples], dataset.train_labels[:samples])
    contender.restart(network)


def race(entrants: Sequence[Entrant], dataset: Dataset, turns: int, samples: int) -> None:
    """Each turn, all learn from the next `samples` samples, one after the other, another one first."""
    for turn in range(turns):
        chunk = slice(turn * samples, (turn + 1) * samples)
        first = turn % len(entrants)
        for entrant in (*entrants[first:], *entrants[:first]):
            learn = partial(entrant.contender.learn, dataset.train_images[chunk], dataset.train_labels[chunk])
            entrant.seconds_a_sample.append(seconds_a_sample(learn, samples))


def seconds_a_sample(learn: Callable[[], object], samples: int) -> float:
    """How long it takes to learn from a number of samples, divided by it."""
    start = time.perf_counter()
    learn()
    return (time.perf_counter() - start) / samples
