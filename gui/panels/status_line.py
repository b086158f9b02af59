"""The line at the bottom: which run, how far, how fast, how much longer."""

import math
import time
from collections import deque

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QProgressBar, QWidget

from gui.flow.scene import Message, Scene, TrainingState
from gui.flow.scheduler import Part, Scheduler, Urgency
from gui.widgets.card import ElidedLabel, named
from gui.widgets.layouts import row
from gui.widgets.numbers import per_second
from model.history import History

RECENT = 2.0  # seconds over which the speed is measured
PARTS = 1000  # of the progress bar
MESSAGE_TIME = 5000  # milliseconds
OPENING = "{} is run up to its first step, with all digits, before it trains …"


class StatusLine(QWidget):
    """One progress bar and one sentence: of the active run, else of what is shown."""

    def __init__(self, scheduler: Scheduler) -> None:
        super().__init__()
        self._scheduler = scheduler
        self._recent: deque[tuple[float, int]] = deque()  # seconds, samples seen
        self._measured: tuple[object, TrainingState] | None = None  # of which run, in which state
        self._bar = named(QProgressBar(), "progressBar", "Progress", "How much of the run is done.")
        self._bar.setTextVisible(False)
        self._bar.setRange(0, PARTS)
        self._text = ElidedLabel("", "secondary", "statusLabel")
        self._message_time = QTimer(self, singleShot=True, interval=MESSAGE_TIME)
        self._message_time.timeout.connect(lambda: scheduler.change(status=None))
        self.setLayout(row(self._bar, (self._text, 1), spacing=10))
        self.parts = (
            Part(self._time_message, ("status",), Urgency.PEN),
            Part(
                self._describe,
                (
                    *("status", "training", "opening", "active", "shown", "config_problem"),
                    *("frame_name", "loaded_share", "dataset"),
                ),
                Urgency.CURVES,
            ),
        )

    def _time_message(self, scene: Scene) -> None:
        if scene.status is not None:
            self._message_time.start()

    def _describe(self, scene: Scene) -> None:
        run = scene.active or scene.shown
        if scene.opening is not None:
            sentence, share = OPENING.format(scene.opening.name), 0.0
        elif run is not None and run.latest is not None:
            sentence, share = self._describe_run(run, scene.training), run.samples_seen / run.samples_planned
        elif scene.dataset is None and scene.loaded_share is not None:
            sentence, share = "Loading the digits …", scene.loaded_share
        else:
            sentence, share = _describe_detached(scene), 0.0
        if scene.config_problem:
            sentence = f"✗ {scene.config_problem}"
        self._show(scene.status or Message(sentence), share)

    def _describe_run(self, run: History, training: TrainingState) -> str:
        assert run.latest is not None
        self._note_speed(run, training)
        seen, planned = run.samples_seen, run.samples_planned
        epoch = f"epoch {max(1, run.latest.progress.epoch)} of {run.config.epochs}"
        if training is TrainingState.RUNNING:
            speed = self._samples_per_second()
            parts = [epoch, f"sample {seen:,} of {planned:,}"]
            parts += [per_second(speed), f"{_duration((planned - seen) / speed)} left"] if speed else []
        elif training is TrainingState.PAUSED:
            parts = [epoch, f"paused at sample {seen:,} of {planned:,}"]
        elif seen == planned:
            parts = [f"finished after {planned:,} samples"]
        else:
            parts = [epoch, f"stopped at sample {seen:,} of {planned:,}"]
        return "  ·  ".join([run.title, *parts])

    def _note_speed(self, run: History, training: TrainingState) -> None:
        """What is measured belongs to one run that is not interrupted."""
        if self._measured != (run.key, training):
            self._measured = run.key, training
            self._recent.clear()
        now, seen = time.monotonic(), run.samples_seen
        if not self._recent or seen > self._recent[-1][1]:
            self._recent.append((now, seen))
        while len(self._recent) > 2 and now - self._recent[0][0] > RECENT:
            self._recent.popleft()

    def _samples_per_second(self) -> float:
        if not self._recent:
            return 0
        (start, first), (end, last) = self._recent[0], self._recent[-1]
        return (last - first) / (end - start) if end > start else 0

    def _show(self, message: Message, share: float) -> None:
        self._text.setText(message.sentence)
        # setValue() would paint at once, and with it whatever else of the window is waiting to be painted.
        self._bar.setUpdatesEnabled(False)
        self._bar.setValue(round(PARTS * share))
        self._bar.setUpdatesEnabled(True)


def _describe_detached(scene: Scene) -> str:
    if scene.frame_name:
        return scene.frame_name
    if scene.dataset is None:
        return "There are no digits to train on"
    train, test = len(scene.dataset.train_images), len(scene.dataset.test_images)
    return f"{train:,} training digits and {test:,} test digits are loaded"


def _duration(seconds: float) -> str:
    whole = math.ceil(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02} s"
    return f"{whole // 3600:,} h {whole % 3600 // 60:02} min"
