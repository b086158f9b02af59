"""The runs and the moment of them that every view shows."""

from PySide6.QtCore import QObject, Signal

from model.history import Frame, History

MOST_EARLIER = 20  # runs: more curves than anybody can tell apart


class Playhead(QObject):
    """The only source of frames for the views. It stands at the latest frame of the current run."""

    frame_changed = Signal(object)  # Frame
    runs_changed = Signal(list, object)  # earlier runs, list of History, and the current one, History or None

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.earlier: list[History] = []
        self.current: History | None = None
        self.frame: Frame | None = None

    def begin(self, run: History) -> None:
        """Show a run from here on; earlier ones remain as curves."""
        self._change_run(run)

    def add_frames(self, frames: list[Frame]) -> None:
        """Keep new frames of the current run, and go to the last of them."""
        assert self.current is not None
        for frame in frames:
            self.current.add(frame)
        self._show(frames[-1])

    def show_apart(self, frame: Frame) -> None:
        """Show a frame that is of no run: a network that was never trained here, or one from a file."""
        self._change_run(None)
        self._show(frame)

    def _change_run(self, run: History | None) -> None:
        if self.current is not None:
            self.earlier = [*self.earlier, self.current][-MOST_EARLIER:]
        self.current = run
        self.runs_changed.emit(self.earlier, run)

    def _show(self, frame: Frame) -> None:
        self.frame = frame
        self.frame_changed.emit(frame)
