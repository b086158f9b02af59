"""The moment of the run that every view shows, and how it moves."""

import math

from PySide6.QtCore import QObject, QTimer

from gui.flow.run_collection import RunCollection
from gui.flow.scene import Scene
from gui.flow.scheduler import Part, Scheduler
from model.history import Frame, History

PLAYING = 33  # milliseconds a frame


class Playhead(QObject):
    """Moves the frame of the scene over the run that is shown.

    It follows the active run until it is moved; then it stays where it was put, whatever the training does in the
    meantime, until it is moved to the latest frame again.
    """

    def __init__(self, scheduler: Scheduler, runs: RunCollection, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._scheduler = scheduler
        self._runs = runs
        self._playing = QTimer(self, interval=PLAYING)
        self._playing.timeout.connect(self._play_next)
        scheduler.add(self, [Part(self._follow_playing, ("is_playing",))])

    def go_to(self, samples_seen: float) -> None:
        """Move to the frame that is nearest to a moment of the run."""
        if run := self._run:
            self._go(run, run.nearest(samples_seen))

    def step(self, frames: int) -> None:
        """Move by this many frames, back if negative."""
        if run := self._run:
            self._go(run, run.step_from(self._scheduler.scene.frame, frames))

    def step_epoch(self, epochs: int) -> None:
        """Move by this many epochs, back if negative, always to the end of one."""
        if run := self._run:
            size, seen = run.samples_per_epoch, self._scheduler.scene.frame.samples_seen
            self.go_to((seen // size + epochs if epochs > 0 else -(-seen // size) + epochs) * size)

    def go_to_start(self) -> None:
        """Move to the first frame."""
        self.go_to(0)

    def go_live(self) -> None:
        """Move to the latest frame, and follow the run if it is active."""
        self.go_to(math.inf)

    def hold(self) -> None:
        """It is dragged from here on: what follows it goes first."""
        self._scheduler.change(is_dragging=True)

    def release(self) -> None:
        """It is dragged no longer."""
        self._scheduler.change(is_dragging=False)

    def toggle_playing(self) -> None:
        """Play frame by frame, from the end once more from the start; or stay where it is."""
        scene = self._scheduler.scene
        if scene.is_playing:
            self._scheduler.change(is_playing=False)
        elif self._run is not None and len(self._run.frames) > 1:
            if scene.is_live:
                self.go_to_start()
            self._scheduler.change(is_playing=True)

    @property
    def _run(self) -> History | None:
        """The one that is shown, or from a network of no run the latest, if there is anything of it to move over."""
        run = self._scheduler.scene.latest_run
        return run if run and run.latest else None

    def _follow_playing(self, scene: Scene) -> None:
        if scene.is_playing:
            self._playing.start()
        else:
            self._playing.stop()

    def _play_next(self) -> None:
        if run := self._run:
            self._go(run, run.step_from(self._scheduler.scene.frame, 1), is_playing=True)
        if self._scheduler.scene.is_live:
            self._scheduler.change(is_playing=False)

    def _go(self, run: History, frame: Frame, is_playing: bool = False) -> None:
        if run.key is not self._scheduler.scene.shown_key:
            self._runs.return_to(run.key, frame)
        is_live = frame.samples_seen >= run.samples_seen
        self._scheduler.change(frame=frame, is_live=is_live, is_playing=is_playing)
