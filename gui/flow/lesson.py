"""What a lesson did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from gui.flow.subject import Subject
from model.history import Frame

TAUGHT = "taught, not part of a run"  # the name of what a lesson leads to


@dataclass(frozen=True, eq=False)
class Lesson:
    """Some updates for one digit, and the frames before and after them."""

    subject: Subject
    before: Frame
    after: Frame
    # What was shown before: a frame of a run, beside another one, or a network that is of no run.
    run_key: object = None
    compared_key: object = None
    frame_name: str = ""

    @property
    def probabilities(self) -> tuple[float, float]:
        """Of the label, before and after."""
        image, label = self.subject.image, self.subject.label
        before, after = (frame.network.predict_digit(image)[label] for frame in (self.before, self.after))
        return float(before), float(after)

    def with_tests(self, tested: Sequence[Frame]) -> Lesson:
        """With what was measured at its frames."""
        return replace(self, before=self.before.among(tested), after=self.after.among(tested))
