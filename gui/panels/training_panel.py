"""What a run is to be, and the buttons that start it, hold it and end it."""

import dataclasses
import math
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QSlider, QWidget

from gui.controllers import Controllers
from gui.flow.limits import FASTEST
from gui.flow.scene import Scene, TrainingState
from gui.flow.scheduler import Part, Urgency
from gui.training.pacer import samples_per_second
from gui.widgets.card import Card, button, label, named, small_button
from gui.widgets.layouts import STRETCH, row
from gui.widgets.number_fields import Field, HiddenLayersField, LearningRateField, WholeNumberField, mark, problem_of
from gui.widgets.numbers import per_second
from model.homework.chosen_mistake import ChosenMistake
from model.training import LARGEST_SEED, MOST_EPOCHS, layer_sizes_around

NEXT_RUN = "The next run that is started makes this mistake on purpose"
NO_SUCH_LAYERS = "The chosen mistake cannot be made with these hidden layers: choose others, or take it away."


class TrainingPanel(Card):
    """Fields for the next run, and what can be done with the active one."""

    def __init__(self, controllers: Controllers) -> None:
        super().__init__("Training")
        self._scheduler = controllers.scheduler
        self.setObjectName("trainingPanel")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self._build_fields()
        self._build_mistake()
        self._build_buttons(controllers)
        self._build_speed()
        self.parts = (
            Part(self._show_config, ("config", "config_problem"), Urgency.PEN),
            Part(self._show_speed, ("speed",), Urgency.PEN),
            Part(self._update_enabled, ("training", "can_start", "can_step", "can_resume", "can_stop"), Urgency.PEN),
        )

    def _build_fields(self) -> None:
        self._epochs = WholeNumberField(1, MOST_EPOCHS)
        self._learning_rate = LearningRateField()
        self._seed = WholeNumberField(0, LARGEST_SEED)
        self._hidden_layers = HiddenLayersField()
        self._fields: tuple[Field, ...] = (self._epochs, self._learning_rate, self._seed, self._hidden_layers)
        texts = (
            ("Epochs", "epochsSpinBox", "How often the network sees all training digits."),
            (
                "Learning rate",
                "learningRateSpinBox",
                "How far each update moves the weights along the negative gradient. "
                "Small is slow and steady, large is fast and may diverge. Arrow keys go to the next usual value.",
            ),
            (
                "Seed",
                "seedSpinBox",
                "Where the random initial weights come from. The same seed and settings give the same run, "
                "on one machine: another processor may round differently.",
            ),
            (
                "Hidden layers",
                "hiddenLayersField",
                "How many neurons each hidden layer has, from the image to the answer: 32, 32 in the exercise. "
                "The next run that is started has them.",
            ),
        )
        grid = QGridLayout()
        grid.setSpacing(6)
        grid.setColumnStretch(0, 1)
        for place, (text, name, tip) in enumerate(texts):
            field = self._fields[place]
            caption = named(label(text, "secondary"), "", tip=tip)
            caption.setBuddy(field)
            grid.addWidget(caption, place, 0)
            grid.addWidget(named(field, name, text, tip), place, 1)
            field.setWhatsThis(tip)
            field.when_edited(self._read_fields)
        self.add(grid)

    def _build_mistake(self) -> None:
        """What the next run does wrong on purpose: hidden where that is nothing."""
        self._mistake = label("", wrap=True, name="mistakeLabel")
        self._take_away = small_button(
            "✕", "noMistakeButton", "Let the next run make no mistake.", self._remove_mistake
        )
        self._take_away.setAccessibleName("No mistake")
        self._mistake_row = QWidget()
        self._mistake_row.setLayout(row((self._mistake, 1), self._take_away))
        self.add(self._mistake_row)

    def _build_buttons(self, controllers: Controllers) -> None:
        training = controllers.training
        self._start = button("Start", "startButton", "Train a fresh network with these settings.", training.start)
        resume_tip = "Continue the run on the screen from where it was stopped."
        self._resume = button("Resume", "resumeButton", resume_tip, training.toggle_pause)
        self._pause = button("Pause", "pauseButton", "Hold the run where it is, or resume it.", training.toggle_pause)
        self._step = button(
            "Step", "stepButton", "Train on a single sample, one update of all weights, and hold there.", training.step
        )
        self._stop = button("Stop", "stopButton", "End the run. The network stays as it is then.", training.stop)
        for primary in (self._start, self._pause):
            primary.setProperty("role", "primary")
        self.add(2, row((self._start, 1), (self._resume, 1)), self._pause, row(self._step, self._stop))

    def _build_speed(self) -> None:
        tip = "How many samples a second the network trains on, from one to as many as the machine can."
        self._speed = named(QSlider(Qt.Orientation.Horizontal), "speedSlider", "Speed", tip)
        self._speed.setRange(0, FASTEST)
        self._speed.setPageStep(10)
        self._speed.valueChanged.connect(lambda position: self._scheduler.change(speed=position))
        self._pace = label("", "secondary")
        self.add(4, row(label("Speed", "secondary"), STRETCH, self._pace), self._speed)

    def _show_config(self, scene: Scene) -> None:
        """Fields that cannot be read stay as they are, as long as that is a problem."""
        config = scene.config
        values: tuple[Any, ...] = (config.epochs, config.learning_rate, config.seed, config.hidden_layers)
        for field, value in zip(self._fields, values, strict=True):
            if not _problem_of(field, config.mistake) or not scene.config_problem:
                field.show_value(value)
            mark(field, _problem_of(field, config.mistake))
        self._show_mistake(config.mistake)

    def _show_mistake(self, mistake: ChosenMistake | None) -> None:
        self._mistake_row.setVisible(mistake is not None)
        if mistake is not None:
            self._mistake.setText("A hidden mistake" if mistake.is_hidden else str(mistake))
            computed = "" if mistake.is_hidden else f": {mistake.instead}"
            self._mistake.setToolTip(f"{NEXT_RUN}{computed}.")

    def _remove_mistake(self) -> None:
        self._use_fields(None)
        self._start.setFocus()

    def _read_fields(self) -> None:
        self._use_fields(self._scheduler.scene.config.mistake)

    def _use_fields(self, mistake: ChosenMistake | None) -> None:
        """Let the next run be what stands in the fields, with a mistake or without."""
        problem = next(filter(None, (_problem_of(field, mistake) for field in self._fields)), "")
        current = self._scheduler.scene.config
        layer_sizes = layer_sizes_around(self._hidden_layers.value())
        config = dataclasses.replace(
            current,
            epochs=self._epochs.value(),
            learning_rate=self._learning_rate.value(),
            seed=self._seed.value(),
            layer_sizes=layer_sizes if _fits(mistake, layer_sizes) else current.layer_sizes,
            mistake=mistake,
        )
        self._scheduler.change(config=config, config_problem=problem)

    def _show_speed(self, scene: Scene) -> None:
        self._speed.setValue(scene.speed)
        pace = samples_per_second(scene.speed)
        self._pace.setText("full speed" if math.isinf(pace) else per_second(pace))

    def _update_enabled(self, scene: Scene) -> None:
        state, is_active = scene.training, scene.training.is_active
        before, primary = (self._start, self._pause) if is_active else (self._pause, self._start)
        had_focus = before.hasFocus()
        before.hide()
        primary.show()
        self._start.setEnabled(scene.can_start)
        self._resume.setVisible(scene.can_resume)
        self._pause.setEnabled(is_active)
        self._pause.setText("Resume" if state is TrainingState.PAUSED else "Pause")
        self._step.setEnabled(scene.can_step)
        self._stop.setEnabled(scene.can_stop)
        for field in self._fields:
            field.setEnabled(not is_active)
        if had_focus:
            primary.setFocus()


def _fits(mistake: ChosenMistake | None, layer_sizes: Sequence[int]) -> bool:
    return mistake is None or mistake.fits(layer_sizes)


def _problem_of(field: Field, mistake: ChosenMistake | None) -> str:
    """What is wrong with what stands in a field, in a sentence; empty if nothing is."""
    if problem := problem_of(field):
        return problem
    is_possible = not isinstance(field, HiddenLayersField) or _fits(mistake, layer_sizes_around(field.value()))
    return "" if is_possible else NO_SUCH_LAYERS
