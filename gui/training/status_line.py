"""The line at the bottom: how far, how fast, how good, how long still."""

import math
import time
from collections import deque

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QSizePolicy, QWidget

from gui.card import label
from gui.numbers import percent
from gui.playhead import Runs
from gui.training.training_session import State
from model.history import Frame, History

RECENT = 2.0  # seconds over which the speed is measured
PARTS = 1000  # of the progress bar
MESSAGE_TIME = 5000  # milliseconds


class StatusLine(QWidget):
    """One progress bar and one sentence."""

    def __init__(self) -> None:
        super().__init__()
        self._run: History | None = None
        self._state = State.WAITING
        self._recent: deque[tuple[float, int]] = deque()  # seconds, samples seen
        self._bar = QProgressBar()
        self._bar.setObjectName("progressBar")
        self._bar.setAccessibleName("Progress")
        self._bar.setToolTip("How much of the run is done.")
        self._bar.setTextVisible(False)
        self._bar.setRange(0, PARTS)
        self._bar.setFixedWidth(180)
        self._text = label("", "secondary")
        self._text.setObjectName("statusLabel")
        self._text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._back_to_progress = QTimer(self, singleShot=True, interval=MESSAGE_TIME)
        self._back_to_progress.timeout.connect(self._describe)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        layout.addWidget(self._bar)
        layout.addWidget(self._text, 1)

    def show_loading(self, share: float) -> None:
        """Say how far loading the digits is, 0 to 1."""
        self._show("Loading the digits …", share)

    def show_message(self, text: str) -> None:
        """Say something that is no progress, for a while if there is progress to speak of."""
        self._text.setText(text)
        if self._run is not None:
            self._back_to_progress.start()
        else:
            self._bar.setValue(0)

    def show_opened(self, name: str, frame: Frame) -> None:
        """Say which file the network on the screen is from, and how good it is."""
        accuracy = frame.progress.test_accuracy
        self._show(name if accuracy is None else f"{name}  ·  test {percent(accuracy, 2)}", 0)

    def show_runs(self, runs: Runs) -> None:
        """Speak of another run from here on."""
        if runs.shown is not self._run:
            self._run = runs.shown
            self._recent.clear()
            self._describe()

    def show_state(self, state: State) -> None:
        """Say whether the run goes on."""
        self._state = state
        self._recent.clear()
        self._describe()

    def show_growth(self, run: History) -> None:
        """Say how far the run has come that is on, also where another one is on the screen."""
        self._run = run
        assert run.latest is not None
        now = time.monotonic()
        self._recent.append((now, run.latest.samples_seen))
        while now - self._recent[0][0] > RECENT:
            self._recent.popleft()
        self._describe()

    def _describe(self) -> None:
        if self._run is None or self._run.latest is None:
            return
        seen, planned = self._run.latest.progress.samples_seen, self._run.samples_planned
        parts = [f"epoch {max(1, self._run.latest.progress.epoch)} of {self._run.config.epochs}"]
        tested = self._run.latest_test
        test = [] if tested is None else [f"test {percent(tested.test_accuracy or 0, 2)}"]
        if self._state is State.RUNNING:
            speed = self._samples_per_second()
            parts += [f"sample {seen:,} of {planned:,}"]
            parts += [f"{speed:,.0f} samples/s"] if speed else []
            parts += test
            parts += [f"{_duration((planned - seen) / speed)} left"] if speed else []
        elif self._state is State.PAUSED:
            parts += [f"paused at sample {seen:,} of {planned:,}", *test]
        elif seen == planned:
            parts = [f"finished after {planned:,} samples", *test]
        else:
            parts += [f"stopped at sample {seen:,} of {planned:,}", *test]
        self._show("  ·  ".join(parts), seen / planned)

    def _samples_per_second(self) -> float:
        if not self._recent:
            return 0
        (begin, first), (end, last) = self._recent[0], self._recent[-1]
        return (last - first) / (end - begin) if end > begin else 0

    def _show(self, text: str, share: float) -> None:
        self._text.setText(text)
        # setValue() would paint at once, and with it whatever else of the window is waiting to be painted.
        self._bar.setUpdatesEnabled(False)
        self._bar.setValue(round(PARTS * share))
        self._bar.setUpdatesEnabled(True)


def _duration(seconds: float) -> str:
    whole = math.ceil(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02} s"
    return f"{whole // 3600:,} h {whole % 3600 // 60:02} min"
