"""What a lesson did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from model.history import Frame


@dataclass(frozen=True, eq=False)
class Lesson:
    """Some updates for one digit, and the frames before and after them."""

    digit: NDArray[np.float32]  # (28, 28)
    label: int
    before: Frame
    after: Frame
    # What was shown before: a frame of a run, beside another one, or a network that is of no run.
    run_key: object = None
    compared_key: object = None
    frame_name: str = ""

    @property
    def probabilities(self) -> tuple[float, float]:
        """Of the label, before and after."""
        before, after = (frame.network.predict_digit(self.digit)[self.label] for frame in (self.before, self.after))
        return float(before), float(after)

    def with_tests(self, tested: Sequence[Frame]) -> Lesson:
        """With what was measured at its frames."""
        return replace(self, before=self.before.among(tested), after=self.after.among(tested))
