"""Which moments of a run are kept: dense at first, regular later, fewer when the memory is used up."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from model.history import Frame

DENSITY = 16  # at first, each frame comes a sixteenth later than the one before: 11 while the samples double


@dataclass(frozen=True)
class Spacing:
    """Which moments of a run have a frame."""

    first_sample: int  # of the run
    samples_per_epoch: int
    stride: int  # samples from one to the next, once geometric spacing has come so far
    density: int = DENSITY

    def next_moment(self, samples_seen: int) -> int:
        """When, after a frame here, the next one is due."""
        gap = max(1, (samples_seen - self.first_sample) // self.density)
        return min(samples_seen + gap, (samples_seen // self.stride + 1) * self.stride)

    def includes(self, frame: Frame, last: Frame) -> bool:
        """Whether a frame is to be kept when the one kept before it is the last."""
        return frame.samples_seen >= self.next_moment(last.samples_seen) or self._ends_epoch(frame)

    def thinned(self, frames: list[Frame], memory: int) -> tuple[list[Frame], Spacing]:
        """As many of the frames as the memory has room for beside the latest, and the spacing that they have then."""
        size, spacing = frames[0].network.nbytes if frames else 0, self
        affordable = max(2, memory // size) - 1 if size else math.inf
        while len(frames) > affordable and (spacing.stride < frames[-1].samples_seen or spacing.density > 1):
            spacing = spacing._wider(frames, affordable)
            frames = spacing._selected(frames)
        return frames, spacing

    def _wider(self, frames: list[Frame], affordable: float) -> Spacing:
        early = [f for f in frames if f.samples_seen - self.first_sample < self.density * self.stride]
        density = max(1, self.density // 2) if len(early) > affordable / 2 else self.density
        return replace(self, stride=2 * self.stride, density=density)

    def _selected(self, frames: list[Frame]) -> list[Frame]:
        selected = frames[:1]
        for frame in frames[1:]:
            if self.includes(frame, selected[-1]):
                selected.append(frame)
        return selected

    def _ends_epoch(self, frame: Frame) -> bool:
        epoch, rest = divmod(frame.samples_seen, self.samples_per_epoch)
        return rest == 0 and epoch % max(1, self.stride // (4 * self.samples_per_epoch)) == 0
