"""The runs and the moment of them that every view shows."""

from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, QTimer, Signal

from model.history import Frame, History

MOST_RUNS = 20  # more curves than anybody can tell apart
MEMORY_OF_OTHERS = 40_000_000  # bytes for the frames of all runs but the newest, which may take more
PLAYING = 33  # milliseconds a frame


@dataclass(frozen=True)
class Runs:
    """The runs as the views show them."""

    all: tuple[History, ...] = ()  # the newest last
    shown: History | None = None  # whose frames are on the screen
    compared: History | None = None  # whose frames of the same moment are beside them
    hidden: frozenset[History] = frozenset()  # whose curves are left out
    trained: History | None = None  # the one that is on

    @property
    def others(self) -> list[History]:
        """The runs whose curves are shown in the background."""
        return [run for run in self.all if run not in self.hidden and run not in (self.shown, self.compared)]


class Playhead(QObject):
    """The only source of frames for the views.

    It follows the run that is being trained until it is moved; then it stays where it was put, whatever the training
    does in the meantime, until it is moved to the latest frame again.
    """

    frame_changed = Signal(object)  # Frame
    compared_changed = Signal(object)  # Frame of the compared run at the same moment, or None
    run_grew = Signal(object)  # History: the run that is being trained has new frames
    runs_changed = Signal(object)  # Runs
    live_changed = Signal(bool)  # whether the frame is the latest of its run
    playing_changed = Signal(bool)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.runs = Runs()
        self.frame: Frame | None = None
        self.is_live = True
        self._compared_frame: Frame | None = None
        self._timer = QTimer(self, interval=PLAYING)
        self._timer.timeout.connect(self._play_on)
        # The curves are painted first, and a pen that waits is heard before the other views follow.
        self._following = QTimer(self, singleShot=True, interval=0)
        self._following.timeout.connect(self._follow)

    @property
    def run(self) -> History | None:
        """Whose frames are shown; None for a network that is of no run."""
        return self.runs.shown

    @property
    def is_playing(self) -> bool:
        """Whether the playhead moves by itself."""
        return self._timer.isActive()

    def begin(self, run: History) -> None:
        """Follow a run that is trained from here on; the others remain."""
        self.runs = replace(self.runs, trained=run)
        self.add_run(run)

    def end(self) -> None:
        """The run that is on gets no more frames."""
        self._follow()
        self._change(replace(self.runs, trained=None))

    def add_run(self, run: History) -> None:
        """Show a run. Of the others the latest remain, and of their frames what there is room for."""
        self.pause()
        others = self.runs.all[-(MOST_RUNS - 1) :]
        for other in others:
            other.limit_memory(MEMORY_OF_OTHERS // len(others))
        compared = self.runs.compared if self.runs.compared in others else None
        hidden = self.runs.hidden & {*others}  # those that are gone must not stay in memory
        self._change(replace(self.runs, all=(*others, run), shown=run, compared=compared, hidden=hidden))
        self._set_live(True)
        if run.latest is not None:
            self._show(run.latest)

    def add_frames(self, frames: list[Frame]) -> None:
        """Keep new frames of the run that is on, and go to the last of them unless the playhead was moved away."""
        assert self.runs.trained is not None
        for frame in frames:
            self.runs.trained.add(frame)
        self.run_grew.emit(self.runs.trained)
        self._following.start()

    def show_apart(self, frame: Frame) -> None:
        """Show a frame that is of no run: a network that was never trained here, or one from a file."""
        self.pause()
        self._change(replace(self.runs, shown=None, compared=None))
        self._set_live(True)
        self._show(frame)

    def select(self, run: History) -> None:
        """Show another run, at its latest frame."""
        if run is self.run or run.latest is None:
            return
        self.pause()
        compared = None if run is self.runs.compared else self.runs.compared
        self._change(replace(self.runs, shown=run, compared=compared, hidden=self.runs.hidden - {run}))
        self._set_live(True)
        self._show(run.latest)

    def return_to(self, run: History, frame: Frame) -> None:
        """Show a frame of a run again, even if the run keeps it no longer."""
        self.pause()
        self._change(replace(self.runs, shown=run, hidden=self.runs.hidden - {run}))
        self._go(frame)

    def compare(self, run: History | None) -> None:
        """Show the frames of another run, too, or of none."""
        if run is not self.run:
            self._change(replace(self.runs, compared=run, hidden=self.runs.hidden - {run}))
            self._show_compared()

    def set_hidden(self, run: History, hidden: bool) -> None:
        """Leave a run's curve out, or show it again."""
        others = self.runs.hidden - {run}
        compared = None if hidden and run is self.runs.compared else self.runs.compared
        self._change(replace(self.runs, compared=compared, hidden=others | {run} if hidden else others))
        self._show_compared()

    def rename(self, run: History, name: str) -> None:
        """Give a run another name, unless it is empty."""
        run.name = name.strip() or run.name
        self._change(self.runs)

    def remove(self, run: History) -> None:
        """Forget a run, unless it is the one that is on; the newest of the others takes its place on the screen."""
        if run is self.runs.trained:
            return
        if run is self.run:
            self.pause()
        was_shown = self.run
        others = tuple(other for other in self.runs.all if other is not run)
        shown = self.run if self.run is not run else (others[-1] if others else None)
        compared = self.runs.compared if self.runs.compared not in (run, shown) else None
        self._change(
            replace(self.runs, all=others, shown=shown, compared=compared, hidden=self.runs.hidden - {run, shown})
        )
        if shown is not None and shown is not was_shown and self.frame is not None and shown.latest is not None:
            self._go(shown.nearest(self.frame.samples_seen))
        self._show_compared()

    def go_to(self, samples_seen: float) -> None:
        """Move to the frame that is nearest to a moment of the run."""
        if self.run is not None and self.run.latest is not None:
            self.pause()
            self._go(self.run.nearest(samples_seen))

    def step(self, frames: int) -> None:
        """Move by so many frames, back if negative."""
        if self.run is not None and self.frame is not None and self.run.latest is not None:
            self.pause()
            self._go(self.run.step_from(self.frame, frames))

    def step_epoch(self, epochs: int) -> None:
        """Move by so many epochs, back if negative, always to the end of one."""
        if self.run is not None and self.frame is not None:
            size = self.run.samples_per_epoch
            seen = self.frame.samples_seen
            self.go_to((seen // size + epochs if epochs > 0 else -(-seen // size) + epochs) * size)

    def go_to_start(self) -> None:
        """Move to the first frame."""
        self.go_to(0)

    def go_live(self) -> None:
        """Move to the latest frame, and follow the run if it is on."""
        if self.run is not None and self.run.latest is not None:
            self.pause()
            self._go(self.run.latest)

    def play(self) -> None:
        """Move on frame by frame; from the end, begin anew."""
        if self.run is None or self.run.latest is None or len(self.run.frames) < 2:
            return
        if self.is_live:
            self._go(self.run.frames[0])
        self._timer.start()
        self.playing_changed.emit(True)

    def pause(self) -> None:
        """Stay where it is."""
        if self.is_playing:
            self._timer.stop()
            self.playing_changed.emit(False)

    def toggle_playing(self) -> None:
        """Play, or pause."""
        if self.is_playing:
            self.pause()
        else:
            self.play()

    def _follow(self) -> None:
        self._following.stop()
        run = self.runs.trained
        if self.is_live and run is not None and run is self.run and run.latest is not None:
            self._show(run.latest)
        self._show_compared()

    def _play_on(self) -> None:
        assert self.run is not None
        assert self.frame is not None
        self._go(self.run.step_from(self.frame, 1))
        if self.is_live:
            self.pause()

    def _go(self, frame: Frame) -> None:
        assert self.run is not None
        assert self.run.latest is not None
        self._set_live(frame.samples_seen >= self.run.latest.samples_seen)
        self._show(frame)

    def _show(self, frame: Frame) -> None:
        if frame is not self.frame or self._following.isActive():
            self.frame = frame
            self.frame_changed.emit(frame)
            self._show_compared()

    def _show_compared(self) -> None:
        run, frame = self.runs.compared, None
        if run is not None and run.latest is not None and self.frame is not None:
            frame = run.nearest(self.frame.samples_seen)
        if frame is not self._compared_frame:
            self._compared_frame = frame
            self.compared_changed.emit(frame)

    def _change(self, runs: Runs) -> None:
        self.runs = runs
        self.runs_changed.emit(runs)

    def _set_live(self, live: bool) -> None:
        if live is not self.is_live:
            self.is_live = live
            self.live_changed.emit(live)
