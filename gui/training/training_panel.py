"""What a run is to be, and the buttons that start it, hold it and end it."""

import math

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QSizePolicy, QSlider, QStackedWidget, QWidget

from gui.card import Card, button, label
from gui.training.number_fields import LARGEST_SEED, MOST_EPOCHS, LearningRateField, WholeNumberField
from gui.training.pacer import FASTEST, samples_per_second
from gui.training.training_session import State
from model.training import TrainingConfig

BUTTON_HEIGHT = 30  # pixels
WIDTH = 228  # pixels: the list of runs below needs so many


class TrainingPanel(Card):
    """Takes values and says what the user wants; what happens then comes back through `show_state`."""

    start_requested = Signal(object)  # TrainingConfig
    step_requested = Signal(object)  # TrainingConfig, in case the step begins a run
    pause_toggled = Signal()
    stop_requested = Signal()
    pace_changed = Signal(float)  # samples a second, infinity for full speed

    def __init__(self) -> None:
        super().__init__("Training")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self.setMinimumWidth(WIDTH)
        self._build_fields()
        self._build_buttons()
        self._build_speed()
        self.show_state(State.WAITING)

    @property
    def config(self) -> TrainingConfig:
        """The settings as they stand in the fields, even if the last one was not left yet."""
        for field in (self._epochs, self._learning_rate, self._seed):
            field.interpretText()
        return TrainingConfig(
            epochs=self._epochs.value(), learning_rate=self._learning_rate.value(), seed=self._seed.value()
        )

    def set_config(self, config: TrainingConfig) -> None:
        """Put settings into the fields."""
        self._epochs.setValue(config.epochs)
        self._learning_rate.setValue(config.learning_rate)
        self._seed.setValue(config.seed)

    @property
    def speed(self) -> int:
        """Where the speed slider stands."""
        return self._speed.value()

    def set_speed(self, position: int) -> None:
        """Move the speed slider."""
        self._speed.setValue(position)

    def go_faster(self) -> None:
        """Move the speed slider up by a tenth."""
        self._speed.triggerAction(QSlider.SliderAction.SliderPageStepAdd)

    def go_slower(self) -> None:
        """Move the speed slider down by a tenth."""
        self._speed.triggerAction(QSlider.SliderAction.SliderPageStepSub)

    def show_state(self, state: State) -> None:
        """Offer what can be done now."""
        active = state in (State.RUNNING, State.PAUSED)
        before, primary = (self._start, self._pause) if active else (self._pause, self._start)
        had_focus = before.hasFocus()
        self._primary.setCurrentWidget(primary)
        self._start.setEnabled(state is State.IDLE)
        self._pause.setEnabled(active)
        self._pause.setText("Resume" if state is State.PAUSED else "Pause")
        self._step.setEnabled(state is not State.WAITING)
        self._stop.setEnabled(active)
        for field in (self._epochs, self._learning_rate, self._seed):
            field.setEnabled(not active)
        if had_focus:
            primary.setFocus()

    def request_start(self) -> None:
        """As if Start had been pressed."""
        self.start_requested.emit(self.config)

    def request_step(self) -> None:
        """As if Step had been pressed."""
        self.step_requested.emit(self.config)

    def _build_fields(self) -> None:
        self._epochs = WholeNumberField(1, MOST_EPOCHS)
        self._learning_rate = LearningRateField()
        self._seed = WholeNumberField(0, LARGEST_SEED)
        grid = QGridLayout()
        grid.setHorizontalSpacing(6)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(0, 1)
        rows = (
            ("Epochs", self._epochs, "epochsSpinBox", "How many times the network goes through all training digits."),
            (
                "Learning rate",
                self._learning_rate,
                "learningRateSpinBox",
                "How far each update moves the weights along the negative gradient. "
                "Small is slow and steady, large is fast and may end in chaos. Arrow keys go to the next usual value.",
            ),
            (
                "Seed",
                self._seed,
                "seedSpinBox",
                "Where the random initial weights come from. The same seed and settings give the same run.",
            ),
        )
        for row, (text, field, name, tip) in enumerate(rows):
            caption = label(text, "secondary")
            caption.setBuddy(field)
            caption.setToolTip(tip)
            field.setObjectName(name)
            field.setAccessibleName(text)
            field.setToolTip(tip)
            field.setFixedWidth(self._seed.minimumSizeHint().width())
            grid.addWidget(caption, row, 0)
            grid.addWidget(field, row, 1)
        self.body.addLayout(grid)
        self.set_config(TrainingConfig())

    def _build_buttons(self) -> None:
        self._start = self._button("Start", "startButton", "Train a fresh network with these settings.")
        self._pause = self._button("Pause", "pauseButton", "Hold the run where it is, or let it go on.")
        self._step = self._button(
            "Step", "stepButton", "Train on a single sample, one update of all weights, and hold there."
        )
        self._stop = self._button("Stop", "stopButton", "End the run. The network stays as it is then.")
        for primary in (self._start, self._pause):
            primary.setProperty("role", "primary")
        self._primary = QStackedWidget()
        self._primary.addWidget(self._start)
        self._primary.addWidget(self._pause)
        self._primary.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        pair = QHBoxLayout()
        pair.setSpacing(6)
        pair.addWidget(self._step)
        pair.addWidget(self._stop)
        self.body.addSpacing(2)
        self.body.addWidget(self._primary)
        self.body.addLayout(pair)
        self._start.clicked.connect(self.request_start)
        self._step.clicked.connect(self.request_step)
        self._pause.clicked.connect(self.pause_toggled)
        self._stop.clicked.connect(self.stop_requested)

    def _button(self, text: str, name: str, tip: str) -> QPushButton:
        made = button(text, name, tip)
        made.setFixedHeight(BUTTON_HEIGHT)
        return made

    def _build_speed(self) -> None:
        tip = "How many samples a second the network trains on, from one to as many as the machine can."
        self._speed = QSlider(Qt.Orientation.Horizontal)
        self._speed.setObjectName("speedSlider")
        self._speed.setAccessibleName("Speed")
        self._speed.setToolTip(tip)
        self._speed.setRange(0, FASTEST)
        self._speed.setPageStep(10)
        self._pace_label = label("", "secondary")
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 4, 0, 0)
        row.addWidget(label("Speed", "secondary"))
        row.addStretch()
        row.addWidget(self._pace_label)
        line.setToolTip(tip)
        self.body.addWidget(line)
        self.body.addWidget(self._speed)
        self._speed.valueChanged.connect(self._show_pace)
        self._show_pace(self._speed.value())

    def _show_pace(self, position: int) -> None:
        pace = samples_per_second(position)
        if math.isinf(pace):
            self._pace_label.setText("full speed")
        else:
            self._pace_label.setText(f"{pace:,.0f} sample{'s' if pace > 1 else ''}/s")
        self.pace_changed.emit(pace)
