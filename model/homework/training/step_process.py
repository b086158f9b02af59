"""A learner's step at work in a child process, seen from outside."""

from __future__ import annotations

import dataclasses
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from model.activations import activation_named
from model.homework.channel import decoded, receive, send
from model.homework.child_process import GRACE, NO_END, NO_STEP, ChildProcess, Limits
from model.homework.training.own_code import fingerprint_of
from model.homework.training.pixel_scale import PixelScale
from model.network import Network

Array = NDArray[np.float64]
Message = dict[str, Any]
Answer = TypeVar("Answer")
Read = Callable[[Message, list[Array]], Answer]

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
    probabilities: Array  # (samples, classes), before each update; NaN where they are not known
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
        self.fingerprint = fingerprint_of(path)  # of the file that it runs
        self._child = ChildProcess("training-child", task)
        self._begin = [*network.weights, *network.biases] if network is not None else []

    def open(self) -> tuple[AboutStep, Network]:
        """Wait until the step is found; what it is, and the network that it begins with. Raises StepEnded."""
        return self._ask({}, self._begin, self._opened, NO_STEP, "before it came to a training step")

    def learn(self, samples: int) -> Learned:
        """Let it learn from so many samples, or a few more where it takes several at once. Raises StepEnded."""
        return self._ask({"samples": samples}, [], self._learned, NO_END, "while it was trained with")

    def end(self) -> None:
        """End the process; whoever waits for it goes on at once."""
        self._child.end()
        self._folder.cleanup()

    def _ask(self, order: Message, arrays: list[Array], read: Read[Answer], unfinished: str, when: str) -> Answer:
        """What is read from the answer to an order; see `why_silent` for what to say if there is none."""
        with self._child.within(self._seconds + GRACE):
            with suppress(OSError, ValueError):  # it has ended; perhaps it said why
                send(self._child.to_child, order, arrays)
            received = receive(self._child.from_child)
        with suppress(ValueError):  # it is nothing that it should have sent
            if received is not None:
                _raise_end(received[0])
                return read(*received)
        _, sentence = self._child.why_silent(unfinished, self._seconds, when)
        raise StepEnded(sentence)

    def _opened(self, message: Message, arrays: list[Array]) -> tuple[AboutStep, Network]:
        self._about = decoded(message, AboutStep)
        network = self._network(arrays)
        if not self._about.pixels.is_for(network.layer_sizes[0]):
            raise ValueError("this is no scale of its pixels")
        return self._about, network

    def _learned(self, message: Message, arrays: list[Array]) -> Learned:
        samples, network = decoded(message.get("samples"), int), self._network(arrays[1:])
        if arrays[0].shape != (samples, network.layer_sizes[-1]):
            raise ValueError("these are not the probabilities of each sample")
        return Learned(samples, arrays[0], network)

    def _network(self, arrays: list[Array]) -> Network:
        assert self._about is not None
        layers = len(arrays) // 2
        weights, biases = arrays[:layers], arrays[layers:]
        shapes = [(bias.shape, array.shape[1:]) for array, bias in zip(weights, biases, strict=True)]
        if not layers or any(len(one) != 1 or one != other for one, other in shapes):
            raise ValueError("these are not the weights and biases of a network")
        if any(above.shape[:1] != bias.shape for above, bias in zip(weights[1:], biases, strict=False)):
            raise ValueError("these are not layers of one network")
        if len(self._about.hidden) != layers - 1:
            raise ValueError("these are not the functions of its layers")
        hidden = [activation_named(name) for name in self._about.hidden]
        return Network(weights, biases, hidden, not self._about.no_answers)


def _raise_end(message: Message) -> None:
    if "ended" in message:
        raise StepEnded(decoded(message["ended"], str), decoded(message.get("line"), int | None))
