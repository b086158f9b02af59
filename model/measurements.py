"""A growing series of measurements that stays small: points for curves, at even distances."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from operator import attrgetter

import numpy as np
from numpy.typing import NDArray

from model.training import Progress

MOST_POINTS = 4000  # of a curve: more than a plot has pixels for

Curve = tuple[NDArray[np.float64], NDArray[np.float64]]  # samples seen, and the values there


@dataclass(frozen=True, eq=False)
class Measurements:
    """Whenever there are too many, every second one is dropped, and from then on half as many are taken in.

    The first and the last are always there, so that a run may take hours and its curves stay small.
    """

    last: Progress | None = None
    _kept: tuple[Progress, ...] = ()
    _stride: int = 1  # every n-th is kept
    _count: int = 0
    _curves: dict[str, Curve] = field(default_factory=dict, init=False, repr=False)  # those asked for so far

    def with_measured(self, measured: Sequence[Progress]) -> Measurements:
        """These and further ones, in order; one at the same sample as the last takes its place."""
        if not measured:
            return self
        last, kept, stride, count = self.last, list(self._kept), self._stride, self._count
        for progress in measured:
            if last is not None and last.samples_seen == progress.samples_seen:
                if kept[-1] is last:
                    kept[-1] = progress
            else:
                if count % stride == 0:
                    kept.append(progress)
                count += 1
            last = progress
            if len(kept) > MOST_POINTS:
                del kept[1::2]
                stride *= 2
        return Measurements(last, tuple(kept), stride, count)

    def merged(self, measured: Sequence[Progress]) -> Measurements:
        """These and further ones from anywhere in between; one at the same sample as another takes its place."""
        if not measured:
            return self
        at = {progress.samples_seen: progress for progress in (*self.points, *measured)}
        kept, stride = [at[samples_seen] for samples_seen in sorted(at)], self._stride
        last = kept[-1]
        while len(kept) > MOST_POINTS:
            del kept[1::2]
            stride *= 2
        return Measurements(last, tuple(kept), stride, self._count)

    @property
    def points(self) -> tuple[Progress, ...]:
        """What is kept, in order, and the last."""
        return self._kept if self.last is None or self._kept[-1] is self.last else (*self._kept, self.last)

    def curve(self, measure: str) -> Curve:
        """Samples seen and one measure of Progress wherever it is a number, as arrays that nobody can write to."""
        if measure not in self._curves:
            points = self.points
            samples, values = (
                np.fromiter(map(attrgetter(name), points), np.float64, len(points))
                for name in ("samples_seen", measure)
            )
            known = np.isfinite(values)
            curve = samples[known], values[known]
            for array in curve:
                array.setflags(write=False)
            self._curves[measure] = curve
        return self._curves[measure]
