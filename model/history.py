"""The moments of a run: dense where the network changes most, regular later, and never more than the memory allows."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from model.evaluation import Evaluation
from model.frame_spacing import Spacing
from model.homework.chosen_mistake import ChosenMistake
from model.homework.training.own_code import OwnCode
from model.measurements import Curve, Measurements
from model.network import LAYER_SIZES, Network, weights_between
from model.training import RECENT_SAMPLES, Progress, TrainingConfig, is_resume_point, short_hidden_layers
from model.words import printable

MEMORY = 64_000_000  # bytes that the frames of a run may take
FEWEST_FRAMES = 60  # which are never thinned further, so that there may be as many whatever memory they take
SMALLEST_WEIGHT = 4  # bytes


@dataclass(frozen=True)
class Frame:
    """One moment of a run: what was measured there, and the network as it was, a copy that nobody can write to."""

    progress: Progress
    network: Network
    symptoms: tuple[str, ...] | None = None  # what the network's behaviour shows, in words; None: nobody looked yet

    def __post_init__(self) -> None:
        for array in (*self.network.weights, *self.network.biases):
            array.setflags(write=False)

    @property
    def samples_seen(self) -> int:
        """Where in the run the frame is."""
        return self.progress.samples_seen

    @property
    def is_tested(self) -> bool:
        """Whether the test set was measured here."""
        return self.progress.test_accuracy is not None

    @property
    def waits_for_test(self) -> bool:
        """Whether the test set can be measured here, and was not."""
        return not self.is_tested and self.network.has_answers

    def tested(self, on_test: Evaluation) -> Frame:
        """The same moment, with what the network does on the test set; numbers that are known already stay."""
        known = replace(self.progress, predicted=on_test.predicted)
        return replace(self, progress=known if self.is_tested else known.tested(on_test))

    def among(self, tested: Sequence[Frame]) -> Frame:
        """This very network as one of these frames has it, or this frame."""
        return next((frame for frame in tested if frame.network is self.network), self)


@dataclass(frozen=True)
class Phase:
    """From one sample on a network was trained with one learning rate, and perhaps a mistake."""

    first_sample: int
    learning_rate: float
    mistake: ChosenMistake | None = None


@dataclass(frozen=True, eq=False)
class History:
    """What a run measured, and the frames that are kept of it: the first, the latest, each end of an epoch, and others.

    The others are spaced geometrically at first, then regularly. When the memory is used up, the regular ones are
    thinned to half, as often as it takes. Only where the ends of epochs alone are too many, they are thinned, too.

    A history never changes. A run that grows is one history after the other, all with the same `key`.
    """

    config: TrainingConfig
    samples_per_epoch: int
    phases: tuple[Phase, ...] = ()  # the last of them is this run's; by default there is no other
    start: Frame | None = None  # where all bits of the run follow from: its first frame, or a resume point before it
    first_sample: int = 0  # the samples seen at its first frame
    name: str = ""  # by default, the learning rate, and the hidden layers if they are not the exercise's
    origin: str = ""  # where its first network comes from, if not from the seed: "a taught network"
    own_code: OwnCode | None = None  # whose step it is, if not our own
    resumed: tuple[int, ...] = ()  # samples after which that was resumed, with means that start again
    key: object = field(default_factory=object, repr=False)  # the same for all states of one run
    latest: Frame | None = field(default=None, repr=False)
    _kept: tuple[Frame, ...] = field(default=(), repr=False)
    _memory: int = field(default=MEMORY, repr=False)
    _spacing_now: Spacing | None = field(default=None, repr=False)  # None: as the settings have it
    _trained: Measurements = field(default=Measurements(), repr=False)
    _tested: Measurements = field(default=Measurements(), repr=False)  # where the test set was measured

    def __post_init__(self) -> None:
        object.__setattr__(self, "phases", tuple(self.phases) or (_phase(0, self.config),))
        default = self.own_code.name if self.own_code else _name_of(self.config)
        object.__setattr__(self, "name", printable(self.name or default))

    @property
    def has_mistake(self) -> bool:
        """Whether a mistake was made on purpose, at any time before or in the run."""
        return any(phase.mistake for phase in self.phases)

    @property
    def hides_mistake(self) -> bool:
        """Whether it is to be guessed which one."""
        return any(phase.mistake and phase.mistake.is_hidden for phase in self.phases)

    @property
    def title(self) -> str:
        """The name, and that there was a mistake: wherever a run is named, a reader has to know that."""
        return f"{self.name}, with a mistake" if self.has_mistake else self.name

    @property
    def samples_planned(self) -> int:
        """How many samples the network will have seen when the run is over."""
        return self.config.epochs * self.samples_per_epoch

    @property
    def samples_seen(self) -> int:
        """How many samples the network has seen by now; 0 before the first frame."""
        return self.latest.samples_seen if self.latest else 0

    @property
    def last_sample(self) -> int:
        """Where the run ends: with the samples planned, or where it is already if that is further."""
        return max(self.samples_planned, self.samples_seen)

    @cached_property
    def frames(self) -> tuple[Frame, ...]:
        """What is kept, in order; the latest frame is the last."""
        if self.latest is None or self._kept[-1] is self.latest:
            return self._kept
        return (*self._kept, self.latest)

    @property
    def memory_used(self) -> int:
        """Bytes that the weights and biases of all frames take."""
        return sum(frame.network.nbytes for frame in self.frames)

    @property
    def latest_test(self) -> Progress | None:
        """The latest moment at which the test set was measured."""
        return self._tests.last

    @property
    def untested(self) -> tuple[Frame, ...]:
        """The frames at which the test set was not measured yet."""
        return tuple(frame for frame in self.frames if frame.waits_for_test)

    def recent_samples(self, samples_seen: int) -> int:
        """Over how many samples the training loss and accuracy of a moment are means: fewer where training started."""
        start = self.start.samples_seen if self.start else 0
        return min(RECENT_SAMPLES, samples_seen - max((m for m in self.resumed if m < samples_seen), default=start))

    def with_frames(self, frames: Sequence[Frame]) -> History:
        """The run grown by new frames, in order; where more was measured at the latest's sample, they replace it."""
        if not frames:
            return self
        kept, spacing = list(self._kept), self._spacing
        for frame in frames:
            if kept and kept[-1].samples_seen == frame.samples_seen:
                kept[-1] = frame
            elif not kept or spacing.includes(frame, kept[-1]):
                kept.append(frame)
            kept, spacing = spacing.thinned(kept, self._memory)
        measured = [frame.progress for frame in frames]
        return replace(
            self,
            start=self.start or frames[0],
            latest=frames[-1],
            _kept=tuple(kept),
            _spacing_now=spacing,
            _trained=self._trained.with_measured(measured),
            _tested=self._tested.with_measured(_tests_among(measured)),
        )

    def with_tests(self, tested: Sequence[Frame]) -> History:
        """The run with some of its frames replaced by what they are with the test set measured; others do not count.

        The test curve goes through those that are kept, whenever they were measured, and ends at the latest frame: it
        is the same for runs that are the same, however fast they were.
        """
        by_network = {frame.network: frame for frame in tested}
        kept = tuple(by_network.get(frame.network, frame) for frame in self._kept)
        latest = self.latest and self.latest.among(tested)
        new = [after for after, before in zip(kept, self._kept, strict=True) if after is not before]
        if latest is self.latest and not new:
            return self
        known = {before.samples_seen for before in self._kept if before.is_tested}
        measured = [frame.progress for frame in new if frame.samples_seen not in known]
        return replace(self, latest=latest, _kept=kept, _tested=self._tested.merged(measured))

    def restored(self, frames: Sequence[Frame], measurements: Sequence[Progress]) -> History:
        """The run with frames and measurements that were kept of it before, in order, in place of its own."""
        kept, spacing = self._spacing.thinned(list(frames), self._memory)
        return replace(
            self,
            latest=frames[-1],
            _kept=tuple(kept),
            _spacing_now=spacing,
            _trained=Measurements().with_measured(measurements),
            _tested=Measurements().with_measured(_tests_among(measurements)),
        )

    def limited_to(self, memory_bytes: int) -> History:
        """The run with at most this many bytes of frames, from here on."""
        if memory_bytes == self._memory:
            return self
        kept, spacing = self._spacing.thinned(list(self._kept), memory_bytes)
        return replace(self, _kept=tuple(kept), _memory=memory_bytes, _spacing_now=spacing)

    def resumed_here(self) -> History:
        """The run as own code resumes it, without the samples before, but for what was measured."""
        return replace(self, resumed=(*self.resumed, self.samples_seen))

    def at_own_rate(self, learning_rate: float) -> History:
        """The run as own code continues it from here, which takes no other learning rate than its own."""
        config = replace(self.config, learning_rate=learning_rate)
        before = tuple(phase for phase in self.phases if phase.first_sample < self.samples_seen)
        is_new = not before or before[-1].learning_rate != learning_rate
        phases = (*before, _phase(self.samples_seen, config)) if is_new else before
        return replace(self, config=config, phases=phases)

    def renamed(self, name: str) -> History:
        """The run under another name; an empty one stands for the one that it has by default."""
        return replace(self, name=name)

    def revealed(self) -> History:
        """The run with nothing to be guessed any more."""
        phases = tuple(replace(phase, mistake=_revealed(phase.mistake)) for phase in self.phases)
        return replace(self, config=replace(self.config, mistake=_revealed(self.config.mistake)), phases=phases)

    def fork(self, frame: Frame, config: TrainingConfig) -> History:
        """A new run that starts at one of this run's frames, with other settings or the same.

        With the same learning rate and mistake it gets the bits that this run got, or would have got.
        """
        config = replace(config, seed=self.config.seed, layer_sizes=self.config.layer_sizes)
        moment, phases, start = frame.samples_seen, self.phases, frame
        if (config.learning_rate, config.mistake) == (self.config.learning_rate, self.config.mistake):
            start = self._exact_start(moment)
        else:
            phases = (*phases, _phase(moment, config))
        run = History(config, self.samples_per_epoch, phases, start, moment, origin=self.origin, own_code=self.own_code)
        return run.with_frames([frame])

    @property
    def resume_point(self) -> Frame:
        """The frame from which on training gets the very bits, and means, with which the run continues."""
        return self._exact_start(self.samples_seen)

    def next_moment(self, samples_seen: int) -> int:
        """When, after a frame here, the next one is due."""
        return self._spacing.next_moment(samples_seen)

    def nearest(self, samples_seen: float) -> Frame:
        """The frame that is nearest to a moment. Raises ValueError if there is none at all."""
        if not self.frames:
            raise ValueError("A run that has not started has no frames.")
        index = bisect_left(self.frames, samples_seen, key=lambda frame: frame.samples_seen)
        around = self.frames[max(0, index - 1) : index + 1]
        return min(around, key=lambda frame: abs(frame.samples_seen - samples_seen))

    def epoch_before(self, frame: Frame) -> Frame | None:
        """The latest frame that is an epoch or more before another one; None where the run had no epoch until then."""
        moment = frame.samples_seen - self.samples_per_epoch
        index = bisect_right(self.frames, moment, key=lambda each: each.samples_seen)
        return self.frames[index - 1] if index else None

    def step_from(self, frame: Frame, steps: int) -> Frame:
        """The frame n places later, or earlier if negative; at the ends, the first or the last."""
        index = bisect_left(self.frames, frame.samples_seen, key=lambda each: each.samples_seen)
        return self.frames[min(max(0, index + steps), len(self.frames) - 1)]

    def curve(self, measure: str) -> Curve:
        """Samples seen and one measure of Progress, such as "test_accuracy", wherever it was measured, read-only."""
        return (self._tests if measure.startswith("test_") else self._trained).curve(measure)

    def measurements(self) -> list[Progress]:
        """All that was measured and kept for the curves, in order."""
        points = {progress.samples_seen: progress for each in (self._trained, self._tests) for progress in each.points}
        return [points[samples_seen] for samples_seen in sorted(points)]

    @cached_property
    def _tests(self) -> Measurements:
        """All that was measured on the test set: the latest frame, too, even if it is not kept."""
        latest = self.latest.progress if self.latest and self.latest.is_tested else None
        return self._tested.with_measured([latest]) if latest and latest is not self._tested.last else self._tested

    @property
    def _spacing(self) -> Spacing:
        stride = max(1, self.samples_per_epoch // self.config.tests_per_epoch)
        return self._spacing_now or Spacing(self.first_sample, self.samples_per_epoch, stride)

    def _exact_start(self, moment: int) -> Frame:
        """A frame whose weights determine all bits after it, and also the means over the samples before the moment."""
        assert self.start is not None
        if self.own_code:
            return self.nearest(moment)  # what else a learner's step remembers is not to be had
        exact = [
            frame
            for frame in self._kept
            if is_resume_point(frame.samples_seen, self.samples_per_epoch, self.config.mistake)
            and frame.samples_seen <= moment - RECENT_SAMPLES
        ]
        return exact[-1] if exact else self.start


def run_from(frame: Frame, config: TrainingConfig, samples_per_epoch: int, origin: str) -> History:
    """A run that starts at a network of no run, which comes from somewhere: "a taught network"."""
    config = replace(config, layer_sizes=frame.network.layer_sizes)
    phases, name = (_phase(frame.samples_seen, config),), f"{_name_of(config)}, from {origin}"
    run = History(config, samples_per_epoch, phases, frame, frame.samples_seen, name, origin)
    return run.with_frames([frame])


def _phase(first_sample: int, config: TrainingConfig) -> Phase:
    return Phase(first_sample, config.learning_rate, config.mistake)


def _revealed(mistake: ChosenMistake | None) -> ChosenMistake | None:
    return replace(mistake, is_hidden=False) if mistake else None


def _name_of(config: TrainingConfig) -> str:
    layers = short_hidden_layers(config.hidden_layers)
    return f"rate {config.learning_rate:.12g}" + ("" if config.layer_sizes == LAYER_SIZES else f" · {layers}")


def _tests_among(measured: Sequence[Progress]) -> list[Progress]:
    return [progress for progress in measured if progress.test_accuracy is not None]


def most_frames(layer_sizes: Sequence[int]) -> int:
    """How many frames a run may have: what its memory has room for, and where that is little, a few that stay."""
    return MEMORY // (weights_between(layer_sizes) * SMALLEST_WEIGHT) + FEWEST_FRAMES
