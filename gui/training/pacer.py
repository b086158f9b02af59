"""How many samples may be trained now: the pace, pausing, stepping and stopping of a run, free of Qt."""

import math
import threading
import time

from gui.flow.limits import FASTEST

TICK = 0.008  # seconds: how long one batch may take, and so how soon a request is heard
LONG_TICK = 0.03  # where a request and its answer take a millisecond or more by themselves
REST = 0.03  # seconds: a wait of this length leaves time to measure the test set
YIELD = 0.012  # seconds between two batches while the pen is down: the window then has the interpreter to itself
FULL_SPEED = math.inf
DECADES = 5  # from 1 sample a second at the slider's first position to 100,000 just before the last


def samples_per_second(position: int) -> float:
    """The pace that a position of the speed slider stands for."""
    return FULL_SPEED if position >= FASTEST else float(f"{10 ** (DECADES * position / (FASTEST - 1)):.2g}")


class Clock:
    """The time, and how it passes."""

    def now(self) -> float:
        """Seconds since some moment."""
        return time.monotonic()

    def wait(self, changed: threading.Condition, seconds: float) -> None:
        """Wait until something has changed, at most so long."""
        changed.wait(None if seconds == math.inf else seconds)


class Pacer:
    """Tells a training thread how far to go. Requests may come from any thread, and take effect within a tick."""

    def __init__(
        self, samples_per_second: float, paused: bool = False, clock: Clock | None = None, tick: float = TICK
    ) -> None:
        self._clock = clock or Clock()
        self._changed = threading.Condition()
        self._tick = tick
        self._pace = samples_per_second
        self._paused = paused
        self._yields = False
        self._steps = 0
        self._stopped = False
        self._due = self._clock.now()  # when the next batch may start
        self._granted = 0  # samples of the last batch
        self._granted_at = self._due
        self._seconds_per_sample = tick  # a careful guess until one was timed

    def set_pace(self, samples_per_second: float) -> None:
        """Train this many samples a second, or as many as the machine can."""
        self._change(_pace=samples_per_second, _due=self._clock.now())

    def set_yielding(self, yields: bool) -> None:
        """Leave time between two batches, or none that the pace does not ask for."""
        self._change(_yields=yields)

    def pause(self) -> None:
        """Train nothing until resumed, but for single steps."""
        self._change(_paused=True)

    def resume(self) -> None:
        """Train at the pace again."""
        self._change(_paused=False, _due=self._clock.now())

    def step(self) -> None:
        """Train one sample, paused or not."""
        with self._changed:
            self._steps += 1
            self._changed.notify_all()

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
        """Wait until something may be trained and return how many samples, `most` at most; 0 if a request came in."""
        with self._changed:
            self._time_last_batch()
            if (wait := max(self._wait(), YIELD if self._yields else 0)) > 0 and not self._is_urgent():
                self._clock.wait(self._changed, wait)
            if self._stopped or self._wait() > 0:
                return 0
            return self._grant(most)

    def _change(self, **values: object) -> None:
        with self._changed:
            self.__dict__.update(values)
            self._changed.notify_all()

    def _is_urgent(self) -> bool:
        return self._stopped or self._steps > 0

    def _wait(self) -> float:
        if self._is_urgent():
            return 0
        return math.inf if self._paused else self._due - self._clock.now()

    def _time_last_batch(self) -> None:
        if self._granted:
            took = self._clock.now() - self._granted_at
            self._seconds_per_sample = max(took / self._granted, 1e-7)  # some clocks stand still for so long
            self._granted = 0

    def _grant(self, most: float) -> int:
        self._granted_at = self._clock.now()
        if self._steps:
            self._steps -= 1
            self._granted = 1
        else:
            self._granted = max(1, int(min(self._pace * self._tick, self._tick / self._seconds_per_sample, most)))
            # A run that fell behind its pace does not make up for it: it would burst.
            self._due = max(self._due, self._granted_at - self._tick) + self._granted / self._pace
        return self._granted
