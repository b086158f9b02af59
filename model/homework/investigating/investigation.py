"""Trying out a learner's step: which network it has, and what it does with weights, images and labels that we choose.

An investigation is a generator: it yields an item of the learner's loop, or the arguments of its function, whenever the
step has to run once more. What the step did is in a `Trial`; a `Probe` is a trial beside what is right for it.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.homework.investigating.labels import KnownDigits, as_the_program_has_them, targets_of_the_program
from model.homework.investigating.network_search import find_network
from model.homework.investigating.own_network import OwnNetwork
from model.homework.investigating.probe_weights import random_network, random_numbers
from model.homework.investigating.returned import are_new_weights, returned_arrays
from model.homework.investigating.trials import Evidence, Probe, Trial
from model.homework.running.recorder import Event, Record, Recorder
from model.homework.running.state import LARGEST, Path, State
from model.loss import one_hot
from model.network import Network

Array = NDArray[Any]
DIFFERENCE = 1e-5
Rate = Callable[[Evidence], float]  # how much is wrong: 1 for a layer that nothing explains, less for a known mistake


class Investigation:
    """Finds out about the step; `run` is the generator that asks for its trials."""

    def __init__(
        self,
        recorder: Recorder,
        digits: KnownDigits,
        rate: Rate,
        demand_change: bool = True,
        goes_to_extremes: bool = True,
        known: Evidence | None = None,
    ) -> None:
        """`known` is what was found out about the step before: if it is seen to be the same one, nothing is tried."""
        self._goes_to_extremes = goes_to_extremes  # with which a program may well end
        self._recorder = recorder
        self._digits = digits
        self._rate = rate
        self._demand_change = demand_change
        self._known = known
        self.partial: Evidence | None = None

    def run(self, state: State, items: list[Any], changed: set[Path]) -> Generator[Any, None, Evidence | None]:
        """Investigate the step that has these items; None if it is none."""
        if self._known is not None and self._is_same(self._known, state, changed):
            return self._known
        numbers = random_numbers(state, changed)
        trial = yield from self._trial(state, items[0], numbers)
        network = _network_in(trial, numbers)
        if network is not None and len(items) > 1:
            other = yield from self._trial(state, items[1], numbers)
            if not any(event.place == network.slots[0].input_place for event in other.record.events):
                # Only the first turn has this forward pass, such as one over the test set: the step is another.
                items, trial, network = items[1:], other, _network_in(other, numbers)
        if network is None or not self._is_step(network, trial, changed):
            return None
        natural = yield from self._trial(state, items[0], {})
        width = network.parameters(trial.before).layer_sizes[0]
        evidence = Evidence(
            network,
            initial={
                path: natural.before[path] for slot in network.slots for path in (slot.weights, slot.bias) if path
            },
            natural=natural,
            natural_images=network.images(natural.record.events, width),
            output=network.outputs[0],
            births=self._births(state),
            digits=self._digits.images[:100] / 255,
        )
        yield from self._probe(evidence, state, items[0], natural)
        for item in items[1:2]:
            other = yield from self._trial(state, item, {})
            yield from self._probe(evidence, state, item, other)
        if not evidence.probes:
            return None
        yield from self._steps_in_a_row(evidence, state, items[0])
        if self._rate(evidence) >= 1:
            yield from self._finite_differences(evidence, state, items[0])
        self.partial = evidence  # a program may well stop where numbers are no longer finite
        if self._goes_to_extremes:
            yield from self._extremes(evidence, state, items[0])
        return evidence

    def _is_same(self, known: Evidence, state: State, changed: set[Path]) -> bool:
        """Whether a step updates what the known one does: the same paths lead to arrays of the same shapes."""
        updated = not self._demand_change or changed & known.initial.keys()
        return bool(updated) and all(
            path in state.arrays and state.arrays[path].shape == array.shape for path, array in known.initial.items()
        )

    def _births(self, state: State) -> dict[Path, int]:
        places = {path: self._recorder.birth(array) for path, array in state.arrays.items()}
        return {path: place for path, place in places.items() if place is not None}

    def is_step(self, state: State, record: Record) -> bool:
        """Whether a turn of a loop, run with the program's own numbers, has a forward pass and a way back in it."""
        arrays = {
            path: content
            for path, array in state.arrays.items()
            if (content := state.content(array)) is not None and content.dtype.kind == "f" and content.ndim in (1, 2)
        }
        network = find_network(record.events, arrays)
        return network is not None and _goes_back(network, record.events, arrays)

    def _is_step(self, network: OwnNetwork, trial: Trial, changed: set[Path]) -> bool:
        """Whether weights are updated in it or, where that is not demanded, there is at least a way back."""
        weights = {path for slot in network.slots for path in (slot.weights, slot.bias) if path}
        if weights & changed:
            return True
        return not self._demand_change and _goes_back(network, trial.record.events, trial.before)

    def _trial(self, state: State, item: Any, numbers: dict[Path, Array]) -> Generator[Any, None, Trial]:
        """Put everything back, give some arrays other numbers, and let the step run."""
        state.restore()
        return (yield from self._bare_trial(state, item, numbers))

    def _bare_trial(self, state: State, item: Any, numbers: dict[Path, Array]) -> Generator[Any, None, Trial]:
        for path, content in numbers.items():
            state.put(path, content)
        held = _arrays_now(state)
        before = {path: _copied(array, state.content(array)) for path, array in held.items()}
        self._recorder.start()
        yield item
        record = self._recorder.stop()
        now = _arrays_now(state)
        same = {path for path, array in now.items() if held.get(path) is array}
        return Trial(record, before, {path: _copied(a, before.get(path)) for path, a in now.items()}, same)

    def _probe(self, evidence: Evidence, state: State, item: Any, natural: Trial) -> Generator[Any, None, None]:
        """Two probes with an item: weights that read its digit wrongly, and weights that read it correctly."""
        network = evidence.network
        sizes = network.parameters(natural.before).layer_sizes
        images = network.images(natural.record.events, sizes[0])
        if len(images) == 0:
            return
        targets = self._targets(evidence, natural, images, sizes[-1])
        if targets is None:
            return
        for correctly in (False, True):
            weights = random_network(network, sizes, images, targets, correctly)
            trial = yield from self._trial(state, item, network.arrays(weights))
            probe = self._compared(evidence, trial)
            if probe is not None:
                evidence.probes.append(probe)

    def _targets(self, evidence: Evidence, trial: Trial, images: Array, classes: int) -> Array | None:
        labels = self._digits.labels_of(images)
        if labels is None:
            return targets_of_the_program(trial, self._recorder, len(images), classes)
        return as_the_program_has_them(trial, one_hot(labels, classes)) if labels.max() < classes else None

    def _compared(self, evidence: Evidence, trial: Trial) -> Probe | None:
        """A trial beside what is right for the images that went in; a program may have drawn others than before."""
        network = evidence.network
        sizes = network.parameters(trial.before).layer_sizes
        images = network.images(trial.record.events, sizes[0])
        targets = self._targets(evidence, trial, images, sizes[-1]) if len(images) else None
        if targets is None:
            return None
        before, after = network.parameters(trial.before), network.parameters({**trial.before, **trial.after})
        changes = _difference(before, after)
        if not any(array.any() for array in (*changes.weights, *changes.biases)):
            returned = returned_arrays(network, trial)
            if returned is not None and are_new_weights(network, trial, returned):
                evidence.returned_weights = True
                after = network.parameters(returned)
                changes = _difference(before, after)
            elif returned is not None:
                evidence.returned = True
                changes = network.parameters(returned)
        right = network.backpropagate(before, images, targets, evidence.output)
        return Probe(trial, before, after, images, targets, changes, right, trial.values())

    def _extremes(self, evidence: Evidence, state: State, item: Any) -> Generator[Any, None, None]:
        """Very large logits, and a digit that the network is sure to be another."""
        probe, network = evidence.probes[0], evidence.network
        if any(slot.bias or slot.constant is not None for slot in network.slots[-1:]):
            shifted = probe.network.copy()
            shifted.biases[-1] = shifted.biases[-1] + 1000
            evidence.shifted = yield from self._trial(state, item, network.arrays(shifted))
            hopeless = probe.network.copy()
            hopeless.biases[-1] = hopeless.biases[-1] - 60 * probe.targets[0]
            trial = yield from self._trial(state, item, network.arrays(hopeless))
            evidence.hopeless = self._compared(evidence, trial)

    def _steps_in_a_row(self, evidence: Evidence, state: State, item: Any) -> Generator[Any, None, None]:
        """Steps after which nothing is put back."""
        probe, network = evidence.probes[0], evidence.network
        evidence.natural_probe = self._compared(evidence, evidence.natural)
        numbers = network.arrays(probe.network)
        first = yield from self._trial(state, item, numbers)
        state.restore_numbers()
        second = yield from self._bare_trial(state, item, numbers)
        evidence.again = [first, second]
        evidence.continued = yield from self._bare_trial(state, item, {})

    def _finite_differences(self, evidence: Evidence, state: State, item: Any) -> Generator[Any, None, None]:
        """Whether the gradients are those of some number that the file computes: its own loss, whatever it is.

        Along a direction D the loss changes by Σ ∂L/∂W ∘ D; that is compared for each array of the network.
        """
        network, probe = evidence.network, evidence.probes[0]
        random = np.random.default_rng(2)
        ratios: dict[tuple[int, int], list[float]] = {}
        arrays = len(probe.network.weights) + len(probe.network.biases)
        tried = 0
        for number in range(arrays):
            change = _arrays(probe.changes)[number]
            if not change.any():
                continue
            tried += 1
            # Along its own change, and a bit of everything else, so that no other gradient fits by chance.
            direction = change / np.linalg.norm(change) + random.normal(0, 0.3 / np.sqrt(change.size), change.shape)
            sides = []
            for step in (DIFFERENCE, -DIFFERENCE):
                moved = probe.network.copy()
                parameters = _arrays(moved)
                parameters[number] += step * direction
                trial = yield from self._trial(state, item, network.arrays(moved))
                sides.append(_numbers(trial))
            expected = float((change * direction).sum())
            for key in sides[0].keys() & sides[1].keys():
                slope = (sides[0][key] - sides[1][key]) / (2 * DIFFERENCE)
                ratios.setdefault(key, []).append(slope / expected)
        evidence.is_gradient_of_its_loss = tried > 1 and any(
            len(found) == tried and abs(found[0]) > 1e-6 and np.allclose(found, found[0], 1e-3)
            for found in ratios.values()
        )


def _network_in(trial: Trial, numbers: dict[Path, Array]) -> OwnNetwork | None:
    return find_network(trial.record.events, {path: trial.before[path] for path in numbers if path in trial.before})


def _copied(array: Array, known: Array | None) -> Array:
    """A copy; the known one, if it is the same."""
    is_known = known is not None and known.dtype == array.dtype and np.array_equal(known, array)
    return known if is_known and known is not None else np.array(array)


def _arrays_now(state: State) -> dict[Path, Array]:
    """The arrays that are no data set, each under its path."""
    arrays = ((path, state.now(path)) for path in state.arrays)
    return {path: now for path, now in arrays if isinstance(now, np.ndarray) and now.size <= LARGEST}


def _goes_back(network: OwnNetwork, events: Sequence[Event], arrays: dict[Path, Array]) -> bool:
    """Whether, after the forward pass, new arrays arise as large as a hidden layer or as its weights."""
    own = [arrays[slot.weights] for slot in network.slots]
    sizes = {array.size for array in own} | {min(array.shape) if len(own) == 1 else 0 for array in own}
    sizes |= {network.parameters(arrays).weights[-1].shape[0]} if len(own) > 1 else set()
    seen = {id(event.value) for event in events if event.time <= network.end_of_forward_pass}
    for event in events[network.end_of_forward_pass + 1 :]:
        if id(event.value) not in seen and event.size in sizes:
            return True
        seen.add(id(event.value))
    return False


def _arrays(network: Network) -> list[Array]:
    return [*network.weights, *network.biases]


def _numbers(trial: Trial) -> dict[tuple[int, int], float]:
    """The single numbers of a trial, each under its place and how often that had one before."""
    found: dict[tuple[int, int], float] = {}
    counts: dict[int, int] = {}
    for event in trial.record.numbers():
        if event.value.dtype.kind == "f":
            counts[event.place] = counts.get(event.place, -1) + 1
            found[event.place, counts[event.place]] = float(event.value.reshape(-1)[0])
    return found


def _difference(before: Network, after: Network) -> Network:
    return Network(
        [one - other for one, other in zip(before.weights, after.weights, strict=True)],
        [one - other for one, other in zip(before.biases, after.biases, strict=True)],
    )
