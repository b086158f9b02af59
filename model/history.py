"""The moments of a run."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.network import Network
from model.training import Progress

MOST_POINTS = 4000  # of a curve: more than a plot has pixels for


@dataclass(frozen=True)
class Frame:
    """One moment of a run: what was measured there, and the network as it was, a copy that nobody changes."""

    progress: Progress
    network: Network


class History:
    """What a run measured so far, and its latest frame."""

    def __init__(self) -> None:
        self._measured: list[Progress] = []
        self.latest: Frame | None = None

    def add(self, frame: Frame) -> None:
        """Keep a frame, which comes after all those kept before.

        A run that goes on for hours stays small: when there are too many measurements, every second one goes.
        """
        self.latest = frame
        self._measured.append(frame.progress)
        if len(self._measured) > MOST_POINTS:
            del self._measured[1:-1:2]

    def curve(self, measure: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Samples seen and one measure of Progress, such as "test_accuracy", wherever it was measured."""
        points = [
            (progress.samples_seen, value)
            for progress in self._measured
            if (value := getattr(progress, measure)) is not None
        ]
        samples, values = np.array(points, np.float64).reshape(-1, 2).T
        return samples, values

    @property
    def latest_tested(self) -> Progress | None:
        """The latest measurement of the test set."""
        return next((progress for progress in reversed(self._measured) if progress.test_accuracy is not None), None)
