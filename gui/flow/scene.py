"""All that there is to look at, at one moment: what every view is a function of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum, auto
from functools import lru_cache, partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gui.flow.drawing import Drawing
from gui.flow.homework import Homework
from gui.flow.lesson import Lesson
from gui.flow.limits import DEFAULT_SPEED
from gui.flow.runs import Runs
from gui.flow.subject import NEXT, PAD, TEST, Subject, subject_in, subject_on_pad
from gui.theme import LIGHT, Theme
from model.analysis.derivation import Kind, Number
from model.dataset import Dataset
from model.history import Frame, History
from model.network import Network
from model.storage.own_digits import OwnDigit
from model.training import Progress, TrainingConfig, initial_network

Neuron = tuple[int, int]  # its layer, from 1 on (0 is the image); its number, from 0 on
KeptNumber = tuple[Number, bool]  # of an update; whether it is one of the compared network


class TrainingState(Enum):
    """What can be done now."""

    WAITING = auto()  # for the digits
    IDLE = auto()
    RUNNING = auto()
    PAUSED = auto()

    @property
    def is_active(self) -> bool:
        """Whether there is a run that has not ended."""
        return self in (TrainingState.RUNNING, TrainingState.PAUSED)


@dataclass(frozen=True, eq=False)
class Message:
    """A sentence for the user, with a button for what can be done about it if `action` names one."""

    sentence: str
    topic: str = ""  # what it is about: it goes where that is no longer true
    action: str = ""
    act: Callable[[], None] | None = None


@dataclass(frozen=True, eq=False)
class Series:
    """What every network of a run predicted for one subject."""

    run: History
    subject: object  # the digit, or the digits, that the networks were asked about
    frames: tuple[Frame, ...]
    values: tuple[NDArray[np.floating] | float, ...]  # a frame each

    @property
    def samples(self) -> NDArray[np.float64]:
        """When in the run each value belongs, in samples seen, (frames,)."""
        return np.array([frame.samples_seen for frame in self.frames], np.float64)

    def is_of(self, run: History | None, subject: object) -> bool:
        """Whether it was asked of this run, however far that has come since, and about this very subject."""
        return run is not None and self.run.key is run.key and self.subject is subject


def untrained(config: TrainingConfig) -> Frame:
    """What there is to look at before any run: the network that Start would train."""
    mistake = config.mistake if config.mistake and config.mistake.is_of_start else None
    return _initialized(TrainingConfig(seed=config.seed, layer_sizes=config.layer_sizes, mistake=mistake))


@lru_cache(maxsize=1)  # the same object as long as it is the same network
def _initialized(config: TrainingConfig) -> Frame:
    return Frame(Progress(), initial_network(config))


@dataclass(frozen=True, eq=False)
class Scene:
    """Never changed, but replaced; what is not replaced stays the same object, so that comparing tells what is new."""

    # The runs, and the moment that is shown of one of them, or of a network that is of no run.
    runs: Runs = field(default_factory=Runs)
    frame: Frame = field(default_factory=partial(untrained, TrainingConfig()))
    frame_name: str = ""  # of a network that is of no run: where it comes from
    is_live: bool = True  # the latest frame of its run, and the next one when it comes
    is_playing: bool = False
    lessons: tuple[Lesson, ...] = ()  # given one after the other, up to the frame
    # The digit on the pad, and what is selected.
    drawing: Drawing = field(default_factory=Drawing)
    earlier_drawings: tuple[Drawing, ...] = ()  # that undo brings back
    label: int | None = None  # what the digit is, if somebody has said so
    neuron: Neuron | None = None
    pointed_run: object = None  # the key of the one under the pointer
    run_order: str = "newest"  # of the list
    subject_source: str = NEXT  # where the digit is taken from that an update is shown for
    training_digit: int = 1  # which one that is of each half of the dataset, from 1
    test_digit: int = 1
    kept_number: KeptNumber | None = None  # that is explained, wherever the pointer is
    matrix: Kind = Kind.GRADIENT  # of an update, that is shown where there is room for one
    shows_other_network: bool = False  # beside it, for the same digit
    is_dragging: bool = False  # the pen is down, or the timeline held: what follows it goes first
    # The training, and what its panel says.
    training: TrainingState = TrainingState.WAITING
    opening: Path | None = None  # a learner's file that is run up to its first step, before a run starts with that
    config: TrainingConfig = field(default_factory=TrainingConfig)
    config_problem: str = ""  # what is wrong with the fields, as long as they cannot be read
    speed: int = DEFAULT_SPEED  # the place of its slider
    # The digits.
    dataset: Dataset | None = None
    loaded_share: float | None = None  # while they are loaded, 0 to 1
    own_digits: tuple[OwnDigit, ...] = ()
    can_undo_own_digits: bool = False
    homework: Homework | None = None  # a learner's file that is open
    # What was measured beside the window.
    drawing_series: Series | None = None  # of a digit: ten probabilities a frame
    own_digits_over_run: Series | None = None  # the accuracy at each frame
    scribbles: tuple[NDArray[np.float32], ...] = ()
    # How the window looks, and what it has to say.
    theme: Theme = LIGHT
    theme_choice: str = "system"
    zoom: int = 100  # percent
    page: str = "Training"
    measure: str = "accuracy"
    has_own_scales: bool = False  # the weights of compared runs: each its own colours, or the same for both
    shows_left: bool = True
    shows_right: bool = True
    notice: Message | None = None
    status: Message | None = None  # for a moment, instead of the progress
    own_digits_report: str = ""

    @property
    def network(self) -> Network:
        """The one that is shown."""
        return self.frame.network

    @property
    def has_answers(self) -> bool:
        """Whether what it answers is known here; else only the learner's code that trains it knows."""
        return self.network.has_answers

    @property
    def functions(self) -> tuple[str, ...]:
        """What its layers compute of their sums, by name; none where that is not known."""
        return (*(each.name for each in self.network.hidden), "softmax") if self.has_answers else ()

    @property
    def waits_for_test(self) -> bool:
        """Whether its accuracy on the test digits is being measured."""
        return self.frame.waits_for_test and self.dataset is not None

    @property
    def test_accuracy(self) -> float | None:
        """Of the network that is shown, 0 to 1; None while it is measured, or without digits to measure it on."""
        return self.frame.progress.test_accuracy

    @property
    def layer_sizes(self) -> tuple[int, ...]:
        """Of the network that is shown: (784, 32, 32, 10)."""
        return self.network.layer_sizes

    @property
    def digit(self) -> NDArray[np.float32] | None:
        """What the network receives of the drawing, (28, 28) from 0 to 1, or None with an empty pad."""
        return self.drawing.digit

    @property
    def digit_over_run(self) -> Series | None:
        """What the frames of the run that is shown predict for this very digit, once they were asked."""
        series = self.drawing_series
        return series if series and series.is_of(self.shown, self.digit) else None

    @property
    def image(self) -> NDArray[np.floating] | None:
        """The digit as the shown network takes it, (784,), or None with an empty pad."""
        return None if self.digit is None else self.digit.reshape(-1).astype(self.network.dtype, copy=False)

    @property
    def subject(self) -> Subject | None:
        """The digit that an update is shown for: by default the one that training takes next at this moment."""
        if self.subject_source == PAD:
            return subject_on_pad(self.drawing, self.label)
        if self.dataset is None or (self.subject_source == NEXT and self.has_other_digits):
            return None
        if self.subject_source == NEXT:
            size = self.shown.samples_per_epoch if self.shown else len(self.dataset.train_images)
            return subject_in(self.dataset, False, self.frame.samples_seen % size)
        is_test = self.subject_source == TEST
        available = len(self.dataset.test_images if is_test else self.dataset.train_images)
        return subject_in(self.dataset, is_test, min(self.subject_number, available) - 1)

    @property
    def subject_number(self) -> int:
        """Which digit is chosen of those that it is taken from."""
        return self.test_digit if self.subject_source == TEST else self.training_digit

    @property
    def has_other_digits(self) -> bool:
        """Whether the run that is shown was trained on other digits than those that are loaded, or in another order."""
        run, dataset = self.shown, self.dataset
        if run is not None and run.own_code:
            return not run.own_code.is_in_order
        return run is not None and dataset is not None and run.samples_per_epoch != len(dataset.train_images)

    @property
    def subject_rate(self) -> float:
        """The learning rate of that update: of the run that is shown, or for any other digit, that of the field."""
        is_of_run = self.subject_source == NEXT and self.shown is not None
        return self.shown.config.learning_rate if is_of_run and self.shown else self.config.learning_rate

    @property
    def updates_by_own_code(self) -> bool:
        """Whether what the run itself does next is up to a learner's code."""
        return self.subject_source == NEXT and self.shown is not None and self.shown.own_code is not None

    @property
    def makes_mistake_next(self) -> bool:
        """Whether that update is another one in the run, which makes a mistake there."""
        is_of_run = self.subject_source == NEXT and not (self.shown is None and self.frame_name)
        return is_of_run and not (self.shown.config if self.shown else self.config).has_right_updates

    @property
    def shown(self) -> History | None:
        """The run whose frame is shown; None for a network that is of no run."""
        return self.runs.shown

    @property
    def shown_key(self) -> object:
        """Which run that is, however far it has come."""
        return self.shown.key if self.shown else None

    @property
    def shown_name(self) -> str:
        """What that run is called, or the network that is of no run."""
        return self.shown.title if self.shown else self.frame_name

    @property
    def compared(self) -> History | None:
        """The run whose frame of the same moment is shown beside it."""
        return self.runs.compared

    @property
    def compared_name(self) -> str:
        """What that run is called."""
        return self.compared.title if self.compared else ""

    @property
    def comes_of_mistake(self) -> bool:
        """Whether the network that is shown is of a run with a mistake, or was taught there."""
        taught = [self.runs[lesson.run_key] for lesson in self.lessons] if self.lesson else []
        return any(run.has_mistake for run in (self.shown, *taught) if run)

    @property
    def active(self) -> History | None:
        """The run that is being trained."""
        return self.runs.active

    @property
    def latest_run(self) -> History | None:
        """The one that is shown, else the active one, else that of the lesson, else the newest: the timeline's."""
        of_lesson = self.runs[self.lessons[0].run_key] if self.lesson else None
        return self.shown or self.active or of_lesson or (self.runs.all[-1] if self.runs.all else None)

    @property
    def can_start(self) -> bool:
        """Whether a run can be started with what stands in the fields."""
        return self.is_free and not self.config_problem

    @property
    def is_free(self) -> bool:
        """Whether no run is active, nor about to start."""
        return self.training is TrainingState.IDLE and self.opening is None

    @property
    def can_stop(self) -> bool:
        """Whether a run is active, or about to start."""
        return self.training.is_active or self.opening is not None

    @property
    def can_continue(self) -> bool:
        """Whether a run can be started at the network that is shown, with what stands in the fields."""
        has_network = bool(self.shown.latest if self.shown else self.frame_name)
        is_ready = self.training.is_active or self.is_free
        return has_network and is_ready and not self.config_problem

    @property
    def can_step(self) -> bool:
        """Whether there is a run to train another sample of, or one can be started."""
        return self.training.is_active or self.can_start

    @property
    def steps_here(self) -> bool:
        """Whether what Step trains is what comes next at the moment shown."""
        if self.training.is_active:
            return self.is_live and self.shown is self.active
        is_untrained = self.shown is None and not self.frame_name
        return is_untrained or (self.is_live and self.can_resume)

    @property
    def can_resume(self) -> bool:
        """Whether the run that is shown was stopped before its end, and no other is active."""
        run = self.shown
        return bool(self.is_free and run and run.latest and run.samples_seen < run.samples_planned)

    @property
    def compared_frame(self) -> Frame | None:
        """The frame of the compared run that is nearest to the moment shown."""
        return self.compared.nearest(self.frame.samples_seen) if self.compared and self.compared.latest else None

    @property
    def compared_network(self) -> Network | None:
        """That of the compared frame."""
        return self.compared_frame.network if self.compared_frame else None

    @property
    def other_answers(self) -> Network | None:
        """The network whose answers stand beside those of the one that is shown: before a lesson, or the compared."""
        other = self.lesson.before.network if self.lesson else self.compared_network
        return other if other is not None and other.has_answers else None

    @property
    def lesson(self) -> Lesson | None:
        """The latest lesson, as long as what it taught is shown."""
        return self.lessons[-1] if self.lessons and self.lessons[-1].after.network is self.network else None
