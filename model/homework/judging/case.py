"""What is known of a file's step, and what several stages ask of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.homework.investigating.rates import NAMES
from model.homework.investigating.returned import returned_arrays
from model.homework.investigating.trials import Evidence, Trial
from model.homework.investigating.values import Values
from model.homework.judging.explanation import Explanation
from model.homework.judging.findings import Findings
from model.homework.judging.lines import LOADS, Lines
from model.homework.running.instrument import Place
from model.homework.running.recorder import Event, Recorder
from model.network import Network

Array = NDArray[Any]


@dataclass
class Case:
    """The evidence on a file, its explanations, and the findings that the stages add to."""

    evidence: Evidence
    explanations: list[Explanation]  # from the last layer to the first
    recorder: Recorder
    findings: Findings

    def __post_init__(self) -> None:
        self.probe = self.evidence.probes[0]  # the one whose lines are looked at
        self.lines = Lines(self.probe, self.recorder.places)
        self.samples = len(self.probe.images)
        self.last = len(self.evidence.network.slots)  # the number of the output layer

    def explanation(self, layer: int) -> Explanation:
        """The explanation of a layer, from 1."""
        return self.explanations[self.last - layer]

    def place(self, event: Event | None) -> Place | None:
        """Where an event is."""
        return self.recorder.places[event.place] if event is not None else None

    def of_first(self, array: Array) -> Array:
        """What a program that takes the samples of a batch one by one has of an array: the row of the first."""
        return array[:1] if self.evidence.network.one_by_one else array

    def delta(self, layer: int) -> Array:
        """The learner's own δ of a layer, as it is among what the step computed, (samples, neurons)."""
        delta = self.explanation(layer).deltas[0]
        return self.of_first(np.broadcast_to(delta, (self.samples, self.probe.network.weights[layer - 1].shape[1])))

    def gradient(self, explanation: Explanation) -> Array:
        """∂L/∂W as the explanation says that it is computed, (n_in, n_out)."""
        assert explanation.input is not None
        gradient = self.of_first(explanation.input[0].value).T @ self.delta(explanation.index)
        return gradient.T if explanation.is_reversed else gradient

    def changes(self, layer: int) -> Array:
        """By how much the weights of a layer changed in the first probe."""
        return self.probe.changes.weights[layer - 1]

    def weights_ever_change(self, layer: int) -> bool:
        """Whether they do in any probe."""
        return any(probe.changes.weights[layer - 1].any() for probe in self.evidence.probes)

    def update_of_weights(self, layer: int) -> Event | None:
        """Where the weights of a layer got their new values."""
        return self.lines.of_update(self.probe.network.weights[layer - 1], self.probe.updated.weights[layer - 1])

    def update_of_bias(self, layer: int) -> Event | None:
        """The same for the bias."""
        return self.lines.of_update(self.probe.network.biases[layer - 1], self.probe.updated.biases[layer - 1])

    def updated(self, array: Array) -> list[Event]:
        """Where an array got its new values, also if nothing reads it in the step afterwards."""
        return self.probe.values.equal(array) or Values(self.probe.trial.record.unread).equal(array)

    def first_update(self) -> tuple[Event | None, int | None]:
        """Where the first array of all got its new values, and its layer."""
        updates = [
            (event, layer)
            for layer in range(1, self.last + 1)
            for event in (self.update_of_weights(layer), self.update_of_bias(layer))
            if event is not None
        ]
        return min(updates, key=lambda update: update[0].time, default=(None, None))

    def rates(self) -> list[float]:
        """The learning rates that the program may mean: by their names, else the numbers that stand in the step."""
        named = list(self._named_rates())
        literal = [value for place, value in self._numbers_read() if place.kind == "Constant" and 0 < value < 1]
        return list(dict.fromkeys(named or literal))

    def _named_rates(self) -> Iterator[float]:
        frames = list(dict.fromkeys(event.frame for event in self.probe.trial.record.events))
        spaces = [frame.f_locals for frame in frames] + [frame.f_globals for frame in frames[:1]]
        spaces += [vars(space["self"]) for space in spaces if hasattr(space.get("self"), "__dict__")]
        for space in spaces:
            yield from (v for name, v in space.items() if NAMES.search(name) and isinstance(v, float) and v > 0)
        for place, value in self._numbers_read():
            if place.kind in LOADS and NAMES.search(place.text.rstrip("'\"])")) and value > 0:
                yield value

    def _numbers_read(self) -> Iterator[tuple[Place, float]]:
        for event in self.probe.trial.record.numbers():
            yield self.recorder.places[event.place], float(event.value.reshape(-1)[0])

    def changes_in(self, trial: Trial) -> list[Array]:
        """By how much each array changed in a trial, W₁, b₁, W₂, …; or the gradients that it returned."""
        network = self.evidence.network
        before, after = network.parameters(trial.before), network.parameters({**trial.before, **trial.after})
        returned = returned_arrays(network, trial) if self.evidence.returned else None
        if returned is not None:
            return _in_turns(network.parameters(returned))
        return [one - other for one, other in zip(_in_turns(before), _in_turns(after), strict=True)]


def _in_turns(network: Network) -> list[Array]:
    return [array for pair in zip(network.weights, network.biases, strict=True) for array in pair]
