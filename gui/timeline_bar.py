"""The playhead as a slider over the run."""

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSlider, QStyle

from gui.card import button, label
from gui.playhead import Runs
from gui.theme import LIGHT, Theme
from gui.training.training_session import State
from model.history import Frame, History

HANDLE = 12  # pixels wide, as in the style sheet
MARK = 6  # pixels high


class TimelineBar(QFrame):
    """Where in the run the views are: drag, play, go on from there, or back to the latest frame."""

    moment_chosen = Signal(float)  # samples seen
    stepped = Signal(int)  # frames
    epoch_stepped = Signal(int)  # epochs
    start_chosen = Signal()
    live_chosen = Signal()
    play_toggled = Signal()
    continue_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self._run: History | None = None
        self._state = State.WAITING
        self._play = button("▶", "playButton", "Play the run frame by frame, from its first frame if it is at the end.")
        self._play.setAccessibleName("Play the run")
        self._slider = TimelineSlider()
        self._moment = label("", "secondary")
        self._moment.setObjectName("momentLabel")
        self._continue = button(
            "Continue from here",
            "continueButton",
            "Begin a new run with the network of this moment and the learning rate at the left, "
            "to the end of so many epochs in all, or if they are over, for as many more.",
        )
        self._live = button("● Live", "liveButton", "Go to the latest frame, and follow the run while it is on.")
        self._live.setCheckable(True)
        self._live.setChecked(True)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 6, 14, 6)
        row.setSpacing(10)
        row.addWidget(label("Timeline", "title"))
        row.addWidget(self._play)
        row.addWidget(self._slider, 1)
        row.addWidget(self._moment)
        row.addWidget(self._continue)
        row.addWidget(self._live)
        self._connect_signals()
        self._offer()

    def show_runs(self, runs: Runs) -> None:
        """Take in which run the playhead is in."""
        self._run = runs.shown
        self._fit()
        self._offer()

    def show_growth(self, run: History) -> None:
        """Reach as far as the run has come."""
        if run is self._run:
            self._fit()
            self._offer()

    def show_frame(self, frame: Frame) -> None:
        """Put the slider at a frame."""
        self._slider.show_moment(frame.samples_seen)
        self._offer()
        if self._run is None:
            self._moment.setText("no run yet" if not frame.samples_seen else "")
        else:
            self._moment.setText(self._describe(frame.samples_seen))

    def show_live(self, live: bool) -> None:
        """Say whether the latest frame is shown."""
        self._live.setChecked(live)

    def show_playing(self, playing: bool) -> None:
        """Say whether the playhead moves by itself."""
        self._play.setText("❚❚" if playing else "▶")

    def take_focus(self) -> None:
        """Let the keys move the playhead."""
        self._slider.setFocus()

    def press_key(self, event: QKeyEvent) -> None:
        """What the keys do on the slider, they also do where nothing else wants them."""
        if self._slider.isEnabled():
            self._slider.keyPressEvent(event)
        else:
            event.ignore()

    def show_state(self, state: State) -> None:
        """Offer what can be done now."""
        self._state = state
        self._offer()

    def apply_theme(self, theme: Theme) -> None:
        """Take on the colours of a theme."""
        self._slider.apply_theme(theme)

    def _connect_signals(self) -> None:
        slider = self._slider
        slider.moment_chosen.connect(self.moment_chosen)
        slider.stepped.connect(self.stepped)
        slider.epoch_stepped.connect(self.epoch_stepped)
        slider.start_chosen.connect(self.start_chosen)
        slider.live_chosen.connect(self.live_chosen)
        slider.play_toggled.connect(self.play_toggled)
        self._play.clicked.connect(self.play_toggled)
        self._live.clicked.connect(self._go_live)
        self._continue.clicked.connect(self.continue_requested)

    def _go_live(self) -> None:
        self._live.setChecked(True)  # a click on a checked button would uncheck it
        self.live_chosen.emit()

    def _fit(self) -> None:
        if self._run is None:
            return
        last = max(self._run.samples_planned, self._run.latest.samples_seen if self._run.latest else 0)
        self._slider.show_run(self._run.first_sample, last, self._run.samples_per_epoch)
        # As wide as it gets: a label that changed its width would have the whole window laid out at every frame.
        self._moment.setFixedWidth(self.fontMetrics().horizontalAdvance(self._describe(last)))

    def _describe(self, samples_seen: int) -> str:
        assert self._run is not None
        return f"sample {samples_seen:,} of {self._run.samples_planned:,}"

    def _offer(self) -> None:
        has_frames = self._run is not None and self._run.latest is not None
        self._slider.setEnabled(has_frames)
        self._play.setEnabled(has_frames)
        self._live.setEnabled(has_frames)
        self._continue.setEnabled(has_frames and self._state is not State.WAITING)


class TimelineSlider(QSlider):
    """A slider in samples, with a mark at the end of each epoch. A click goes to where it was."""

    moment_chosen = Signal(float)
    stepped = Signal(int)
    epoch_stepped = Signal(int)
    start_chosen = Signal()
    live_chosen = Signal()
    play_toggled = Signal()

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._theme = LIGHT
        self._samples_per_epoch = 0
        self.setObjectName("timelineSlider")
        self.setAccessibleName("Moment of the run")
        self.setToolTip(
            "Which moment of the run all views show. Arrow keys go frame by frame, with Shift by epochs, "
            "Home and End to the first and the latest frame; Space plays."
        )
        self.setMinimumWidth(120)

    def show_run(self, first: int, last: int, samples_per_epoch: int) -> None:
        """Reach over these samples."""
        if (first, last, samples_per_epoch) != (self.minimum(), self.maximum(), self._samples_per_epoch):
            self._samples_per_epoch = samples_per_epoch
            self.setRange(first, last)
            self.update()

    def show_moment(self, samples_seen: int) -> None:
        """Put the handle at a moment."""
        self.setValue(samples_seen)

    def apply_theme(self, theme: Theme) -> None:
        """Take on the colours of a theme."""
        self._theme = theme
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.setFocus(Qt.FocusReason.MouseFocusReason)
            self._choose(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._choose(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.stepped.emit(1 if event.angleDelta().y() < 0 else -1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        key = event.key()
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            (self.epoch_stepped if shift else self.stepped).emit(1 if key == Qt.Key.Key_Right else -1)
        elif key == Qt.Key.Key_Home:
            self.start_chosen.emit()
        elif key == Qt.Key.Key_End:
            self.live_chosen.emit()
        elif key == Qt.Key.Key_Space:
            self.play_toggled.emit()
        else:
            event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        color = QColor(self._theme.other_runs if self.isEnabled() else self._theme.hairline)
        step = self._samples_per_epoch
        for samples in range(step, self.maximum() + 1, step) if self._are_marks_apart() else ():
            if samples >= self.minimum():
                painter.fillRect(QRectF(self._place_of(samples) - 0.5, self.height() / 2 - MARK, 1, 2 * MARK), color)
        painter.end()
        super().paintEvent(event)

    def _are_marks_apart(self) -> bool:
        return (self.maximum() - self.minimum()) * 4 < self.width() * self._samples_per_epoch

    def _place_of(self, samples: int) -> float:
        room = self.width() - HANDLE
        return HANDLE / 2 + QStyle.sliderPositionFromValue(self.minimum(), self.maximum(), samples, room)

    def _choose(self, event: QMouseEvent) -> None:
        place = round(event.position().x() - HANDLE / 2)
        self.moment_chosen.emit(
            float(QStyle.sliderValueFromPosition(self.minimum(), self.maximum(), place, self.width() - HANDLE))
        )
