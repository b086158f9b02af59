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
        self._trained: list[Progress] = []
        self._tested: list[Progress] = []  # those at which the test set was measured

    @property
    def samples_planned(self) -> int:
        """How many samples the network will have seen when the run is over."""
        return self.config.epochs * self.samples_per_epoch

    def add(self, frame: Frame) -> None:
        """Keep a frame, which comes after all those kept before.

        A run that goes on for hours stays small: when there are too many measurements, every second one goes.
        """
        self.latest = frame
        _append(self._trained, frame.progress)
        if frame.progress.test_accuracy is not None:
            _append(self._tested, frame.progress)

    def curve(self, measure: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Samples seen and one measure of Progress, such as "test_accuracy", wherever it was measured."""
        measured = self._tested if measure.startswith("test_") else self._trained
        points = np.array([(progress.samples_seen, getattr(progress, measure)) for progress in measured], np.float64)
        samples, values = points.reshape(-1, 2).T
        known = np.isfinite(values)
        return samples[known], values[known]

    @property
    def latest_test(self) -> Progress | None:
        """The latest moment at which the test set was measured."""
        return self._tested[-1] if self._tested else None


def _append(measured: list[Progress], progress: Progress) -> None:
    measured.append(progress)
    if len(measured) > MOST_POINTS:
        del measured[1:-1:2]
