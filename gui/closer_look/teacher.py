"""Teaching the network on the screen the digit on the pad, and taking it back."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from gui.numbers import percent
from gui.playhead import Playhead
from gui.training.training_session import TrainingSession
from model.analysis.teaching import apply_updates
from model.history import Frame, History


class Teacher(QObject):
    """What was taught is shown apart from all runs, which stay as they are; undo goes back to the very frame before."""

    told = Signal(str)  # what it did, or why it could not be done
    undo_changed = Signal(bool)  # whether there is anything to take back
    before_changed = Signal(object)  # the Frame before the last lesson, to compare with, or None

    def __init__(self, playhead: Playhead, session: TrainingSession, parent: QObject) -> None:
        super().__init__(parent)
        self._playhead = playhead
        self._session = session
        self._before: list[tuple[History | None, Frame, History | None]] = []  # run, frame, compared run
        self._pupil: Frame | None = None
        playhead.frame_changed.connect(self._forget_if_left)

    def teach(self, digit: NDArray[np.float32], label: int, learning_rate: float, updates: int) -> None:
        """Apply updates for a digit, (28, 28), that is a `label`."""
        frame = self._playhead.frame
        if frame is None:
            return
        image = digit.reshape(-1)
        try:
            network = apply_updates(frame.network, image, label, learning_rate, updates)
        except ArithmeticError as error:
            self.told.emit(str(error))
            return
        before, after = (float(each.predict_digit(image)[label]) for each in (frame.network, network))
        test_before = self._session.measure(frame.network).progress.test_accuracy
        self._before.append((self._playhead.run, frame, self._playhead.runs.compared))
        self._pupil = self._session.measure(network)
        self._playhead.show_apart(self._pupil)
        self.undo_changed.emit(True)
        self.before_changed.emit(frame)
        told = [f"Probability of {label}: {percent(before)} → {percent(after)}"]
        test_after = self._pupil.progress.test_accuracy
        if test_before is not None and test_after is not None:
            told.append(f"test digits: {percent(test_before, 2)} → {percent(test_after, 2)}")
        self.told.emit("   ·   ".join([*told, "all ten in the window, green is before"]))

    def undo(self) -> None:
        """Go back to the network before the last lesson."""
        if not self._before:
            return
        run, frame, compared = self._before.pop()
        earlier, self._before = self._before, []
        self.before_changed.emit(earlier[-1][1] if earlier else None)
        if run is not None and run in self._playhead.runs.all:
            self._pupil = None
            self._playhead.return_to(run, frame)
            if compared in self._playhead.runs.all:
                self._playhead.compare(compared)
        else:
            self._pupil = frame
            self._playhead.show_apart(frame)
        self._before = earlier
        self.told.emit("The network is what it was before.")
        self.undo_changed.emit(bool(earlier))

    def _forget_if_left(self, frame: Frame) -> None:
        """Whoever looks at another network has left the lesson."""
        if frame is not self._pupil and self._before:
            self._before = []
            self.undo_changed.emit(False)
            self.before_changed.emit(None)
            self.told.emit("")
