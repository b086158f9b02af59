"""The moments of a run: dense where the network changes most, regular later, and never more than the memory allows."""

from __future__ import annotations

import copy
import math
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from model.network import Network
from model.training import RECENT_SAMPLES, Progress, TrainingConfig, is_resume_point

MEMORY = 64_000_000  # bytes that the frames of a run may take
DENSITY = 16  # at the beginning, each frame comes a sixteenth later than the one before: 11 while the samples double
MOST_POINTS = 4000  # of a curve: more than a plot has pixels for


@dataclass(frozen=True)
class Frame:
    """One moment of a run: what was measured there, and the network as it was, a copy that nobody changes."""

    progress: Progress
    network: Network

    @property
    def samples_seen(self) -> int:
        """Where in the run the frame is."""
        return self.progress.samples_seen


@dataclass(frozen=True)
class Phase:
    """From one sample on a network was trained with one learning rate."""

    first_sample: int
    learning_rate: float


class History:
    """What a run measured, and the frames that are kept of it: the first, the latest, each end of an epoch, and others.

    The others are spaced geometrically at first, then regularly. When the memory is used up, the regular ones are
    thinned to half, as often as it takes. Only where the ends of epochs alone are too many, they are thinned, too.
    """

    def __init__(
        self,
        config: TrainingConfig,
        samples_per_epoch: int,
        phases: Sequence[Phase] = (),
        start: Frame | None = None,
        first_sample: int = 0,
    ) -> None:
        self.config = config
        self.samples_per_epoch = samples_per_epoch
        self.phases = tuple(phases) or (Phase(0, config.learning_rate),)  # the last of them is this run's
        self.start = start  # where all bits of the run follow from: its first frame, or an anchor before it
        self.first_sample = first_sample  # the samples seen at its first frame
        self.name = f"rate {config.learning_rate:g}"
        self.latest: Frame | None = None
        self._frames: list[Frame] = []
        self._memory = MEMORY
        self._stride = max(1, samples_per_epoch // config.tests_per_epoch)
        self._density = DENSITY
        self._trained = _Thinned()
        self._tested = _Thinned()  # where the test set was measured

    @property
    def samples_planned(self) -> int:
        """How many samples the network will have seen when the run is over."""
        return self.config.epochs * self.samples_per_epoch

    @property
    def frames(self) -> list[Frame]:
        """What is kept, in order; the latest frame is the last."""
        if self.latest is None or self._frames[-1] is self.latest:
            return list(self._frames)
        return [*self._frames, self.latest]

    @property
    def memory_used(self) -> int:
        """Bytes that the weights and biases of all frames take."""
        return sum(frame.network.nbytes for frame in self.frames)

    @property
    def latest_test(self) -> Progress | None:
        """The latest moment at which the test set was measured."""
        return self._tested.last

    def add(self, frame: Frame) -> None:
        """Take in a frame, which comes after all those before, or replaces the latest where more was measured."""
        self.latest = frame
        self.start = self.start or frame
        if self._frames and self._frames[-1].samples_seen == frame.samples_seen:
            self._frames[-1] = frame
        elif not self._frames or self._is_wanted(frame, self._frames[-1]):
            self._frames.append(frame)
        self._note(frame.progress)
        self._thin()

    def next_moment(self, samples_seen: int) -> int:
        """When, after a frame here, the next one is due."""
        gap = max(1, (samples_seen - self.first_sample) // self._density)
        return min(samples_seen + gap, (samples_seen // self._stride + 1) * self._stride)

    def limit_memory(self, size: int) -> None:
        """Keep no more than so many bytes of frames from here on."""
        self._memory = size
        self._thin()

    def nearest(self, samples_seen: float) -> Frame:
        """The frame that is nearest to a moment. Raises ValueError if there is none at all."""
        frames = self.frames
        if not frames:
            raise ValueError("A run that has not begun has no frames.")
        index = bisect_left(frames, samples_seen, key=lambda frame: frame.samples_seen)
        around = frames[max(0, index - 1) : index + 1]
        return min(around, key=lambda frame: abs(frame.samples_seen - samples_seen))

    def step_from(self, frame: Frame, steps: int) -> Frame:
        """The frame so many places later, or earlier if negative; at the ends, the first or the last."""
        frames = self.frames
        index = bisect_left(frames, frame.samples_seen, key=lambda each: each.samples_seen)
        return frames[min(max(0, index + steps), len(frames) - 1)]

    def curve(self, measure: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Samples seen and one measure of Progress, such as "test_accuracy", wherever it was measured."""
        measured = self._tested if measure.startswith("test_") else self._trained
        points = np.array(
            [(progress.samples_seen, getattr(progress, measure)) for progress in measured.all()], np.float64
        )
        samples, values = points.reshape(-1, 2).T
        known = np.isfinite(values)
        return samples[known], values[known]

    def measurements(self) -> list[Progress]:
        """All that was measured and kept for the curves, in order."""
        tested = {progress.samples_seen: progress for progress in self._tested.all()}
        trained = {progress.samples_seen: progress for progress in self._trained.all()}
        return [moment for _, moment in sorted((trained | tested).items())]

    def fork(self, frame: Frame, config: TrainingConfig) -> History:
        """A new run that begins at one of this run's frames, with other settings or the same.

        With the same learning rate it gets the bits that this run got, or would have got.
        """
        config = replace(config, seed=self.config.seed, layer_sizes=self.config.layer_sizes)
        moment, phases, start = frame.samples_seen, self.phases, frame
        if config.learning_rate == self.config.learning_rate:
            start = self._exact_start(moment)
        else:
            phases = (*phases, Phase(moment, config.learning_rate))
        run = History(config, self.samples_per_epoch, phases, start, moment)
        run.add(frame)
        return run

    def snapshot(self) -> History:
        """The same as it is now, whatever is added later; the frames themselves are shared."""
        taken = copy.copy(self)
        taken._frames = list(self._frames)
        taken._trained, taken._tested = self._trained.snapshot(), self._tested.snapshot()
        return taken

    def restore(self, frames: Sequence[Frame], measurements: Sequence[Progress]) -> None:
        """Take in, instead of what there is, frames and measurements that were kept of this very run, in order."""
        self._frames, self.latest = list(frames), frames[-1]
        self._trained, self._tested = _Thinned(), _Thinned()
        for progress in measurements:
            self._note(progress)
        self._thin()

    def _note(self, progress: Progress) -> None:
        self._trained.append(progress)
        if progress.test_accuracy is not None:
            self._tested.append(progress)

    def _exact_start(self, moment: int) -> Frame:
        """A frame whose weights determine all bits after it, and also the means over the samples before the moment."""
        assert self.start is not None
        exact = [
            frame
            for frame in self._frames
            if is_resume_point(frame.samples_seen, self.samples_per_epoch)
            and frame.samples_seen <= moment - RECENT_SAMPLES
        ]
        return exact[-1] if exact else self.start

    def _ends_epoch(self, frame: Frame) -> bool:
        epoch, rest = divmod(frame.samples_seen, self.samples_per_epoch)
        return rest == 0 and epoch % max(1, self._stride // (4 * self.samples_per_epoch)) == 0

    def _thin(self) -> None:
        size = self._frames[0].network.nbytes if self._frames else 0
        affordable = max(2, self._memory // size) - 1 if size else math.inf  # one is the latest
        while len(self._frames) > affordable and (self._stride < self._frames[-1].samples_seen or self._density > 1):
            early = [f for f in self._frames if f.samples_seen - self.first_sample < self._density * self._stride]
            if len(early) > affordable / 2:
                self._density = max(1, self._density // 2)
            self._stride *= 2
            self._frames = self._selected()

    def _selected(self) -> list[Frame]:
        selected = self._frames[:1]
        for frame in self._frames[1:]:
            if self._is_wanted(frame, selected[-1]):
                selected.append(frame)
        return selected

    def _is_wanted(self, frame: Frame, last: Frame) -> bool:
        return frame.samples_seen >= self.next_moment(last.samples_seen) or self._ends_epoch(frame)


class _Thinned:
    """Measurements at even distances: whenever there are too many, every second one goes, and twice as few come in.

    The first and the last are always there, so that a run may go on for hours and stays small.
    """

    def __init__(self) -> None:
        self.last: Progress | None = None
        self._kept: list[Progress] = []
        self._stride = 1
        self._count = 0

    def append(self, progress: Progress) -> None:
        if self.last is not None and self.last.samples_seen == progress.samples_seen:
            if self._kept[-1] is self.last:
                self._kept[-1] = progress
            self.last = progress
            return
        self.last = progress
        if self._count % self._stride == 0:
            self._kept.append(progress)
        self._count += 1
        if len(self._kept) > MOST_POINTS:
            del self._kept[1::2]
            self._stride *= 2

    def snapshot(self) -> _Thinned:
        taken = copy.copy(self)
        taken._kept = list(self._kept)
        return taken

    def all(self) -> list[Progress]:
        return self._kept if self.last is None or self._kept[-1] is self.last else [*self._kept, self.last]
