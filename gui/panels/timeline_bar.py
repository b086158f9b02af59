"""The playhead as a slider over the run."""

from PySide6.QtCore import QRectF, QSignalBlocker, Qt
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QFrame, QSlider, QStyle

from gui.controllers import Controllers
from gui.flow.lesson import TAUGHT
from gui.flow.playhead import Playhead
from gui.flow.scene import Scene
from gui.flow.scheduler import Part, Urgency
from gui.theme import scaled, theme
from gui.widgets.card import FixedLabel, button, label, named
from gui.widgets.layouts import row
from gui.widgets.numbers import MEASURING, percent
from model.history import History

# Pixels at 100 percent
HANDLE = 12  # wide, as in the style sheet
MARK = 6  # high
NO_RUN, DETACHED = "no run yet", "not part of a run"


class TimelineBar(QFrame):
    """Where in the run the views are: drag, play, continue from there, or back to the latest frame."""

    def __init__(self, controllers: Controllers) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self._playhead = playhead = controllers.playhead
        play_tip = "Play the run frame by frame, from its first frame if it is at the end."
        self._play = button("▶", "playButton", play_tip, playhead.toggle_playing)
        self._play.setAccessibleName("Play the run")
        self._slider = TimelineSlider(playhead)
        self._moment = FixedLabel(DETACHED, "secondary", "momentLabel")
        self._accuracy = FixedLabel(f"test {percent(1, 2)}", "secondary", "momentAccuracyLabel")
        self._accuracy.setToolTip("The accuracy on all test digits of the network of this very moment.")
        self._continue = button(
            "Continue from here",
            "continueButton",
            "Start a new run with the network of this moment and the learning rate at the left, "
            "to the end of that many epochs in all, or if they are over, for as many more.",
            controllers.training.continue_from_here,
        )
        live_tip = "Go to the latest frame, and follow the run while it is active."
        self._live = button("● Live", "liveButton", live_tip, self._go_live)
        self._live.setCheckable(True)
        moment = (self._play, (self._slider, 1), self._moment, self._accuracy)
        items = (label("Timeline", "title"), *moment, self._continue, self._live)
        self.setLayout(row(*items, spacing=10, margins=(14, 6, 14, 6)))
        self.parts = (
            Part(self._show_moment, ("frame", "latest_run", "shown", "is_live", "frame_name", "lesson"), Urgency.PEN),
            Part(self._show_accuracy, ("test_accuracy", "waits_for_test"), Urgency.PEN),
            Part(self._show_playing, ("is_playing",), Urgency.PEN),
            Part(self._update_enabled, ("latest_run", "can_continue"), Urgency.PEN),
        )

    def press_key(self, event: QKeyEvent) -> None:
        """What the keys do on the slider, they also do where nothing else uses them."""
        if self._slider.isEnabled():
            self._slider.keyPressEvent(event)
        else:
            event.ignore()

    def _go_live(self) -> None:
        self._live.setChecked(True)  # a click on a checked button would uncheck it
        self._playhead.go_live()

    def _show_moment(self, scene: Scene) -> None:
        run, seen = scene.latest_run, scene.frame.samples_seen
        if run is not None:
            self._slider.show_run(run.first_sample, run.last_sample, run.samples_per_epoch)
        self._slider.show_moment(seen if run is not None else self._slider.minimum())
        if scene.shown is None:
            detached = TAUGHT if scene.lesson else DETACHED
            self._moment.reserve(TAUGHT)
            self._moment.setText(detached if scene.frame_name else NO_RUN)
        elif run is not None:
            self._moment.setText(_describe(run, seen))
            self._moment.reserve(_describe(run, run.last_sample))
        self._live.setChecked(scene.is_live and scene.shown is not None)

    def _show_accuracy(self, scene: Scene) -> None:
        if scene.test_accuracy is None:
            self._accuracy.setText(MEASURING if scene.waits_for_test else "")
        else:
            self._accuracy.setText(f"test {percent(scene.test_accuracy, 2)}")

    def _show_playing(self, scene: Scene) -> None:
        self._play.setText("❚❚" if scene.is_playing else "▶")

    def _update_enabled(self, scene: Scene) -> None:
        has_frames = scene.latest_run is not None and scene.latest_run.latest is not None
        self._slider.setEnabled(has_frames)
        self._play.setEnabled(has_frames)
        self._live.setEnabled(scene.latest_run is not None)
        self._continue.setEnabled(scene.can_continue)


def _describe(run: History, samples_seen: int) -> str:
    return f"sample {samples_seen:,} of {run.samples_planned:,}"


class TimelineSlider(QSlider):
    """A slider in samples, with a mark at the end of each epoch. A click goes to where it was."""

    def __init__(self, playhead: Playhead) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._playhead = playhead
        self._samples_per_epoch = 0
        tip = (
            "Which moment of the run all views show. Arrow keys go frame by frame, with Shift by epochs, "
            "Home and End to the first and the latest frame; Space plays."
        )
        named(self, "timelineSlider", "Moment of the run", tip)
        self.setMinimumWidth(120)
        self.valueChanged.connect(playhead.go_to)  # by a screen reader, which sets the value

    def show_run(self, first: int, last: int, samples_per_epoch: int) -> None:
        """Reach over these samples."""
        if (first, last, samples_per_epoch) != (self.minimum(), self.maximum(), self._samples_per_epoch):
            self._samples_per_epoch = samples_per_epoch
            with QSignalBlocker(self):
                self.setRange(first, last)
            self.update()

    def show_moment(self, samples_seen: int) -> None:
        """Put the handle where the playhead is."""
        with QSignalBlocker(self):
            self.setValue(samples_seen)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.setFocus(Qt.FocusReason.MouseFocusReason)
            self._playhead.hold()
            self._choose(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._choose(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._playhead.release()

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._playhead.step(1 if event.angleDelta().y() < 0 else -1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        key = event.key()
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            (self._playhead.step_epoch if shift else self._playhead.step)(1 if key == Qt.Key.Key_Right else -1)
        elif key == Qt.Key.Key_Home:
            self._playhead.go_to_start()
        elif key == Qt.Key.Key_End:
            self._playhead.go_live()
        elif key == Qt.Key.Key_Space:
            self._playhead.toggle_playing()
        else:
            event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        color = QColor(theme().other_runs if self.isEnabled() else theme().hairline)
        step = self._samples_per_epoch
        for samples in range(step, self.maximum() + 1, step) if self._are_marks_apart() else ():
            if samples >= self.minimum():
                top = self.height() / 2 - scaled(MARK)
                painter.fillRect(QRectF(self._place_of(samples) - 0.5, top, 1, 2 * scaled(MARK)), color)
        painter.end()
        super().paintEvent(event)

    def _are_marks_apart(self) -> bool:
        return (self.maximum() - self.minimum()) * 4 < self.width() * self._samples_per_epoch

    def _place_of(self, samples: int) -> float:
        room = self.width() - scaled(HANDLE)
        return scaled(HANDLE) / 2 + QStyle.sliderPositionFromValue(self.minimum(), self.maximum(), samples, room)

    def _choose(self, event: QMouseEvent) -> None:
        place = round(event.position().x() - scaled(HANDLE) / 2)
        room = self.width() - scaled(HANDLE)
        self._playhead.go_to(QStyle.sliderValueFromPosition(self.minimum(), self.maximum(), place, room))
