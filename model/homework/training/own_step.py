"""A learner's step in place of our own training."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.homework.training.step_process import AboutStep, StepProcess
from model.network import Network

SAMPLES_A_STEP = 20  # where nobody asks for another number: some milliseconds


class OwnStep:
    """Updates a network as a learner's step does; a `Learner` of model.training."""

    def __init__(self, process: StepProcess, about: AboutStep, network: Network) -> None:
        self._process = process
        self._about = about
        self._network = network

    def start(self, images: NDArray[Any], labels: NDArray[np.integer], position: int = 0) -> None:
        """Nothing to do: the program has its own digits."""

    def samples_within(self, work: int, most: int) -> int:
        """How many samples there are in a step that takes some milliseconds."""
        return min(most, SAMPLES_A_STEP)

    def learn(self, count: int) -> NDArray[np.float64]:
        """Learn from the next samples, or a few more; the probabilities of each before its update, (samples, classes).

        NaN where they, or their order, are not known. Raises StepEnded if the step cannot go on.
        """
        learned = self._process.learn(count)
        self._network.weights[:], self._network.biases[:] = learned.network.weights, learned.network.biases
        return learned.probabilities if self._about.is_in_order else np.full_like(learned.probabilities, np.nan)
