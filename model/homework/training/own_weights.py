"""The weights of a learner's program while it trains: read, written, and updated where the program leaves that open."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.activations import Activation
from model.homework.investigating.returned import returned_arrays
from model.homework.investigating.trials import Evidence, Trial
from model.homework.running.recorder import Record
from model.homework.running.state import Path, State
from model.homework.source import UnusableFile
from model.homework.training.as_our_network import as_ours, from_ours
from model.homework.training.pixel_scale import NO_CHANGE
from model.network import Network

Array = NDArray[Any]


class OwnWeights:
    """Finds them where they were found at first, in whatever array is there now."""

    def __init__(self, evidence: Evidence, state: State) -> None:
        self._evidence = evidence
        self._state = state
        self._paths = [path for slot in evidence.network.slots for path in (slot.weights, slot.bias) if path]
        self._shapes = {path: np.shape(state.now(path)) for path in self._paths}
        self._leaves_update = evidence.returned or evidence.returned_weights
        self.pixels = NO_CHANGE  # that, and functions that, one of ours has in its weights
        self.hidden: tuple[Activation | None, ...] = ()
        self.rate = 0.0  # for gradients that are returned

    def own(self) -> Network:
        """The program's network as it is now, in float64."""
        return self._evidence.network.parameters(self._arrays())

    def network(self) -> Network:
        """The same as one of ours. Raises UnusableFile if the program has its weights no more."""
        with np.errstate(all="ignore"):  # whatever the program has made of that
            return as_ours(self.own(), self.hidden, self.pixels)

    def put_ours(self, network: Network) -> None:
        """Give the program's arrays the numbers that make it one that `network` returns."""
        self.put(from_ours(network, self.hidden, self.pixels))

    def put(self, network: Network) -> None:
        """Give the program's arrays the numbers of a network of its own kind."""
        for path, content in self._evidence.network.arrays(network).items():
            self._state.put(path, content)

    def put_probe(self) -> None:
        """Weights with which the first digit is read wrongly, so that any step changes them."""
        self.put(self._evidence.probes[0].network)

    def take_returned(self, returned: Any) -> None:
        """Where a function returns gradients, or new weights, and nobody does anything with them, do it."""
        if not self._leaves_update:
            return
        before = self._arrays()
        found = returned_arrays(self._evidence.network, Trial(Record(returned=returned), before, {}, set()))
        with np.errstate(all="ignore"):
            for path, array in (found or {}).items():
                self._state.put(path, before[path] - self.rate * array if self._evidence.returned else array)

    def _arrays(self) -> dict[Path, Array]:
        return {path: self._array(path) for path in self._paths}

    def _array(self, path: Path) -> Array:
        shape = self._shapes[path]
        try:
            now = np.array(self._state.now(path))
        except ValueError:  # a list of lists that are not equally long
            now = np.empty(0)
        if _sizes(now.shape) != _sizes(shape) or now.dtype.kind not in "iuf":
            sentence = f"Its weights are lost: {_written(path)} is no array of {_sizes(shape)} numbers any more."
            raise UnusableFile("weights-lost", sentence)
        return now.reshape(shape)


def _written(path: Path) -> str:
    """As a program has it: W[0], net.weights."""
    (_, name), *keys = path
    return name + "".join(f".{key}" if isinstance(key, str) else f"[{key}]" for key in keys)


def _sizes(shape: tuple[int, ...]) -> str:
    """Of which a bias may have one more or less that is 1."""
    return " × ".join(str(size) for size in shape if size > 1)
