"""The moments of a run."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.network import Network
from model.training import Progress, TrainingConfig

MOST_POINTS = 4000  # of a curve: more than a plot has pixels for


@dataclass(frozen=True)
class Frame:
    """One moment of a run: what was measured there, and the network as it was, a copy that nobody changes."""

    progress: Progress
    network: Network


class History:
    """What a run measured so far, and its latest frame."""

    def __init__(self, config: TrainingConfig, samples_per_epoch: int) -> None:
        self.config = config
        self.samples_per_epoch = samples_per_epoch
        self.latest: Frame | None = None
        self._trained = _Thinned()
        self._tested = _Thinned()  # where the test set was measured

    @property
    def samples_planned(self) -> int:
        """How many samples the network will have seen when the run is over."""
        return self.config.epochs * self.samples_per_epoch

    def add(self, frame: Frame) -> None:
        """Keep a frame, which comes after all those kept before."""
        self.latest = frame
        self._trained.append(frame.progress)
        if frame.progress.test_accuracy is not None:
            self._tested.append(frame.progress)

    def curve(self, measure: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Samples seen and one measure of Progress, such as "test_accuracy", wherever it was measured."""
        measured = self._tested if measure.startswith("test_") else self._trained
        points = np.array(
            [(progress.samples_seen, getattr(progress, measure)) for progress in measured.all()], np.float64
        )
        samples, values = points.reshape(-1, 2).T
        known = np.isfinite(values)
        return samples[known], values[known]

    @property
    def latest_test(self) -> Progress | None:
        """The latest moment at which the test set was measured."""
        return self._tested.last


class _Thinned:
    """Measurements at even distances: whenever there are too many, every second one goes, and twice as few come in.

    The first and the last are always there, so that a run may go on for hours and stays small.
    """

    def __init__(self) -> None:
        self.last: Progress | None = None
        self._kept: list[Progress] = []
        self._stride = 1
        self._count = 0

    def append(self, progress: Progress) -> None:
        self.last = progress
        if self._count % self._stride == 0:
            self._kept.append(progress)
        self._count += 1
        if len(self._kept) > MOST_POINTS:
            del self._kept[1::2]
            self._stride *= 2

    def all(self) -> list[Progress]:
        return self._kept if self.last is None or self._kept[-1] is self.last else [*self._kept, self.last]
