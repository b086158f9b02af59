"""How many samples may be trained now: the pace, pausing, stepping and stopping of a run, free of Qt."""

import math
import threading
import time

TICK = 0.008  # seconds: how long one batch may take, and so how soon a wish is heard
REST = 0.03  # seconds: a wait of this length leaves time to measure the test set
FULL_SPEED = math.inf
FASTEST = 100  # the slider's last position: as fast as the machine goes
DECADES = 5  # from 1 sample a second at the slider's first position to 100,000 just before the last


def samples_per_second(position: int) -> float:
    """The pace that a position of the speed slider stands for."""
    return FULL_SPEED if position >= FASTEST else float(f"{10 ** (DECADES * position / (FASTEST - 1)):.2g}")


class Pacer:
    """Tells a training thread how far to go. Wishes may come from any thread, and take effect within a tick."""

    def __init__(self, samples_per_second: float, paused: bool = False) -> None:
        self._changed = threading.Condition()
        self._pace = samples_per_second
        self._paused = paused
        self._steps = 0
        self._stopped = False
        self._due = time.monotonic()  # when the next batch may begin
        self._granted = 0  # samples of the last batch
        self._granted_at = self._due
        self._seconds_per_sample = TICK  # a careful guess until one was timed

    def set_pace(self, samples_per_second: float) -> None:
        """Train this many samples a second, or as many as the machine can."""
        self._change(_pace=samples_per_second, _due=time.monotonic())

    def pause(self) -> None:
        """Train nothing until resumed, but for single steps."""
        self._change(_paused=True)

    def resume(self) -> None:
        """Go on at the pace."""
        self._change(_paused=False, _due=time.monotonic())

    def step(self) -> None:
        """Train one sample, paused or not."""
        self._change(_steps=self._steps + 1)

    def stop(self) -> None:
        """End the run."""
        self._change(_stopped=True)

    @property
    def stopped(self) -> bool:
        """Whether the run is to end."""
        return self._stopped

    def is_resting(self) -> bool:
        """Whether nothing is to be trained for so long that the test set can be measured meanwhile."""
        with self._changed:
            return self._wait() > REST

    def next_batch(self, most: float = math.inf) -> int:
        """Wait until something may be trained and return how many samples, `most` at most; 0 if a wish came in."""
        with self._changed:
            self._time_last_batch()
            if (wait := self._wait()) > 0:
                self._changed.wait(None if wait == math.inf else wait)
            if self._stopped or self._wait() > 0:
                return 0
            return self._grant(most)

    def _change(self, **values: object) -> None:
        with self._changed:
            self.__dict__.update(values)
            self._changed.notify_all()

    def _wait(self) -> float:
        if self._stopped or self._steps:
            return 0
        return math.inf if self._paused else self._due - time.monotonic()

    def _time_last_batch(self) -> None:
        if self._granted:
            took = time.monotonic() - self._granted_at
            self._seconds_per_sample = max(took / self._granted, 1e-7)  # some clocks stand still for so long
            self._granted = 0

    def _grant(self, most: float) -> int:
        self._granted_at = time.monotonic()
        if self._steps:
            self._steps -= 1
            self._granted = 1
        else:
            self._granted = max(1, int(min(self._pace * TICK, TICK / self._seconds_per_sample, most)))
            # A run that fell behind its pace does not make up for it: it would burst.
            self._due = max(self._due, self._granted_at - TICK) + self._granted / self._pace
        return self._granted
