"""A learner's step at work in a child process, seen from outside."""

from __future__ import annotations

import dataclasses
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.activations import activation_named
from model.homework.channel import receive, send
from model.homework.child_process import ChildProcess, Limits
from model.homework.training.pixel_scale import PixelScale
from model.network import Network

LIMITS = Limits(seconds=60.0, memory=6 * 1024**3)  # the file gets all digits, and a program may make them float64


class StepEnded(Exception):
    """A learner's step cannot go on, or never began; the message is a sentence that says why."""

    def __init__(self, sentence: str, line: int | None = None) -> None:
        super().__init__(sentence)
        self.line = line


@dataclass(frozen=True)
class AboutStep:
    """What was found out about a step before it trains."""

    samples_per_epoch: int
    batch: int  # samples that it learns from at once
    is_in_order: bool  # whether it takes the digits in the order of the data
    learning_rate: float | None  # None where it is not to be seen
    takes_rate: bool  # whether that is the one that was asked for; else it is the file's own
    pixels: PixelScale  # what it makes of pixels from 0 to 1
    not_trained: str  # why its network cannot be a frame of a run; empty if it can
    no_answers: str  # why only its own code knows what its network answers; empty if ours does
    hears_answers: bool  # whether what it answers while it trains is known
    hidden: tuple[str, ...]  # the functions of the hidden layers of the networks that come of it
    function: str | None  # that is called, as no loop of the file's own comes to a step
    has_own_weights: bool  # the initial ones; else they are the exercise's


class Learned(NamedTuple):
    """What a step has come to."""

    samples: int  # since the last time
    probabilities: NDArray[np.float64]  # (samples, classes), before each update; NaN where they are not known
    network: Network


class StepProcess:
    """Trains with a learner's step, as far as it is asked to; to be ended in any case.

    `network` and `position`, samples of an epoch, say where it goes on; by default it begins with its own weights.
    """

    def __init__(
        self,
        path: Path,
        learning_rate: float,
        function: str | None = None,
        network: Network | None = None,
        position: int = 0,
        limits: Limits = LIMITS,
    ) -> None:
        self._seconds = limits.seconds
        self._folder = tempfile.TemporaryDirectory(prefix="digitscope-", ignore_cleanup_errors=True)
        task: dict[str, Any] = {
            "path": str(path.absolute()),
            "folder": self._folder.name,
            "function": function,
            "learning_rate": learning_rate,
            "position": position,
            **dataclasses.asdict(limits),
        }
        self._about: AboutStep | None = None
        self._child = ChildProcess("training-child", task)
        self._begin = [*network.weights, *network.biases] if network is not None else []

    def open(self) -> tuple[AboutStep, Network]:
        """Wait until the step is found; what it is, and the network that it begins with. Raises StepEnded."""
        message, arrays = self._ask({}, self._begin)
        pixels, hidden = PixelScale(*message.pop("pixels")), tuple(message.pop("hidden"))
        self._about = AboutStep(**message, pixels=pixels, hidden=hidden)
        return self._about, self._network(arrays)

    def learn(self, samples: int) -> Learned:
        """Let it learn from so many samples, or a few more where it takes several at once. Raises StepEnded."""
        message, (probabilities, *arrays) = self._ask({"samples": samples})
        return Learned(message["samples"], probabilities, self._network(arrays))

    def end(self) -> None:
        """End the process; whoever waits for it goes on at once."""
        self._child.end()
        self._folder.cleanup()

    def _ask(self, message: dict[str, Any], arrays: Any = ()) -> tuple[dict[str, Any], list[NDArray[np.float64]]]:
        with suppress(OSError, ValueError):  # it has ended; perhaps it said why
            send(self._child.to_child, message, arrays)
        answer = receive(self._child.from_child)
        if answer is None:
            self._child.end()
            raise StepEnded(self._child.why_silent(self._seconds, "it was asked to")[1])
        if "ended" in answer[0]:
            raise StepEnded(answer[0]["ended"], answer[0]["line"])
        return answer

    def _network(self, arrays: list[NDArray[np.float64]]) -> Network:
        assert self._about is not None
        layers, hidden = len(arrays) // 2, [activation_named(name) for name in self._about.hidden]
        return Network(arrays[:layers], arrays[layers:], hidden, not self._about.no_answers)
