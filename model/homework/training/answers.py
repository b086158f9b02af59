"""What a learner's network answered to each sample, before it learned from it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.homework.investigating.trials import Evidence
from model.homework.investigating.values import as_rows
from model.homework.running.instrument import Place

Array = NDArray[Any]


class Answers:
    """Listens at the expression that computes the probabilities; `place` is its number, None if there is none."""

    def __init__(self, evidence: Evidence, places: Sequence[Place]) -> None:
        probe = evidence.probes[0]
        p = probe.right.activations[-1]
        events = probe.values.equal(p[:1] if evidence.network.one_by_one else p)
        # What was written into an array is heard where that is read next.
        self.place = next((event.place for event in events if places[event.place].kind != "Store"), None)
        self._classes = p.shape[1]
        self._heard: list[Array] = []  # in this turn
        self._rows: list[Array] = []

    def hear(self, value: Any) -> None:
        """The expression was computed."""
        if self.place is not None and isinstance(value, np.ndarray):
            self._heard.append(np.array(value, np.float64))

    def stop(self) -> None:
        """From now on, nobody knows whose answers they are."""
        self.place = None

    def end_turn(self, samples: int) -> None:
        """A step is over: what was heard first belongs to its samples, before any update.

        It may have measured a test set before, and all of its samples at once; then there are other numbers of them.
        """
        rows = [rows for value in self._heard if (rows := next(as_rows(value, self._classes), None)) is not None]
        self._heard.clear()
        rows = [each for each in rows if len(each) == samples][:1] or rows
        heard = np.concatenate(rows)[:samples] if rows else np.empty((0, self._classes))
        self._rows.append(heard if len(heard) == samples else np.full((samples, self._classes), np.nan))

    def take(self) -> Array:
        """The probabilities since the last time, (samples, classes), NaN where none were heard."""
        rows = np.concatenate(self._rows) if self._rows else np.empty((0, self._classes))
        self._rows.clear()
        return rows
