"""Calling a function of a learner's once for each sample, and who does that."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, Protocol

from numpy.typing import NDArray

from model.homework.investigating.forms import Form
from model.homework.investigating.trials import Evidence
from model.homework.running.state import State
from model.homework.running.turns import Turns

Array = NDArray[Any]
Pool = dict[str, Any]  # values by role or by name


class Items(Protocol):
    """What the turns of an epoch get."""

    def __len__(self) -> int: ...

    def __getitem__(self, number: int, /) -> Any: ...


class Training(Protocol):
    """What has a step once it was found; see model.homework.training.step_training."""

    def in_loop(self, evidence: Evidence, turns: Turns) -> Generator[Any, None, None]:
        """Go through a loop."""

    def of_function(self, evidence: Evidence, state: State, items: Items) -> Generator[Pool, Any, None]:
        """Have a function called."""


class Calls:
    """What a function is called with for each sample: always the same pool, with another image and label in it."""

    def __init__(self, form: Form, pool: Pool, images: Array, labels: Array) -> None:
        self.pool = pool
        self._form = form
        self._names = tuple(pool)
        self._images, self._labels = images, labels

    def __len__(self) -> int:
        return len(self._images)

    def __getitem__(self, number: int) -> Pool:
        kept = {name: self.pool[name] for name in self._names}  # and not what a forward pass has left there
        self.pool.clear()
        self.pool.update(kept, **self._form.sample(self._images[number] / 255, int(self._labels[number])))
        return self.pool
