"""The active run: from what the user asks for to the worker, and from its frames to the scene."""

import dataclasses
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from gui.flow.limits import FASTEST
from gui.flow.moment_evaluator import MomentEvaluator
from gui.flow.run_collection import RunCollection
from gui.flow.scene import Scene, TrainingState, untrained
from gui.flow.scheduler import Part, Scheduler, Urgency
from gui.training.pacer import LONG_TICK, TICK, Pacer, samples_per_second
from gui.training.step_opener import OpenStep, StepOpener
from gui.training.training_worker import TrainingWorker
from model.history import Frame, History, run_from
from model.homework.chosen_mistake import ChosenMistake
from model.homework.training.step_process import AboutStep, StepEnded
from model.network import Network
from model.training import Progress

TESTS_PER_EPOCH = 25  # points of the test curve, each a hundredth of a second; the samples between are whole blocks
TAUGHT_NETWORK = "a taught network"  # the origin of a run
OF_A_MISTAKE = " of a run with a mistake"  # where that was taught
NOT_FROM_HERE = (
    "The chosen mistake cannot be made by a run that continues from here: start a new run with it, or take it away."
)
OTHER_NETWORK = "{} cannot be continued: the network of its file has other layers or functions by now."
CHANGED = (
    "{} is not resumed: its file has changed since. “Continue from here” starts a run of its own with what it is now."
)
SPEED_STEP = 10  # of the slider, that Faster and Slower go


class TrainingSession(QObject):
    """At most one run at a time."""

    finished = Signal()  # a run has ended, whatever the reason

    def __init__(
        self,
        scheduler: Scheduler,
        runs: RunCollection,
        moments: MomentEvaluator,
        may_run_code: Callable[[], bool],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._scheduler = scheduler
        self._runs = runs
        self._moments = moments
        self._may_run_code = may_run_code
        self._arrived: list[Frame] = []  # not in the scene yet: the last of them is measured first
        self._worker: TrainingWorker | None = None
        self._next: Callable[[], None] | None = None  # starts a run when the active one has ended
        self._opener = StepOpener(self)
        self._has_step_due = False  # as soon as the run has begun that is being opened
        parts = (
            (self._become_ready, ("dataset",)),
            (self._set_pace, ("speed",)),
            (self._yield_to_hand, ("is_dragging",)),
            (self._show_untrained, ("config", "shown_key", "frame_name")),
        )
        scheduler.add(self, [Part(show, reads, Urgency.PEN) for show, reads in parts])

    def start(self, paused: bool = False) -> None:
        """Start a run with a fresh network, if none is active."""
        scene = self._scheduler.scene
        if not scene.can_start or scene.dataset is None:
            return
        config = dataclasses.replace(scene.config, tests_per_epoch=TESTS_PER_EPOCH)
        first = untrained(config).among([scene.frame])
        run = History(config, len(scene.dataset.train_images), start=first).with_frames([first])
        self._scheduler.forget_problem("training")
        self._start_run(run, paused)
        self._use_up_mistake()

    def continue_from_here(self) -> None:
        """Start a run at the network that is shown; the active run, if any, is stopped first.

        It ends when its epochs are over, which count from the very first sample, or if they are over at that moment,
        after as many more.
        """
        self._continue(lambda run: self._start_run(run))

    def step_from_here(self) -> None:
        """Train the sample that comes next at the moment shown, and pause: of the same run if it ends there so far.

        Anywhere else that starts a run, as `continue_from_here` does.
        """
        scene = self._scheduler.scene
        if not scene.steps_here:
            self._continue(self._start_and_step)
            return
        if self._worker is None:
            (self._resume if scene.can_resume else self.start)(paused=True)
        self._step_active()

    def train_with(self, path: Path, report: Callable[[AboutStep], None]) -> None:
        """Start a run with the step of a learner's file, from the file's own weights, if no other is active.

        What was found out about the step is reported before it trains.
        """
        scene = self._scheduler.scene
        if scene.can_start and scene.dataset is not None:
            self._open(path, scene.config.learning_rate, partial(self._start_with, path, report))

    def start_beside(self, own: History) -> None:
        """Start a right run with the initial weights, and the settings, of one of own code, and compare the two."""
        scene = self._scheduler.scene
        if scene.can_start and scene.dataset is not None and own.first_sample == 0:
            assert own.own_code is not None
            first = Frame(Progress(), own.own_code.own_weights(own.frames[0].network))
            config = dataclasses.replace(own.config, tests_per_epoch=TESTS_PER_EPOCH)
            right = run_from(first, config, len(scene.dataset.train_images), f"the weights of {own.name}")
            self._begin(right.renamed("right run"))
            self._runs.compare(own)

    def toggle_pause(self) -> None:
        """Pause the active run, or resume it; without one, resume the run that is shown where it was stopped."""
        if self._worker is None:
            self._resume()
        elif self._scheduler.scene.training is TrainingState.RUNNING:
            self._worker.pacer.pause()
            self._scheduler.change(training=TrainingState.PAUSED)
        else:
            self._worker.pacer.resume()
            self._scheduler.change(training=TrainingState.RUNNING)

    def step(self) -> None:
        """Train a single sample of the active run and pause; without one, the sample that comes next on the screen."""
        if self._worker is None:
            self.step_from_here()
        else:
            self._step_active()

    def stop(self) -> None:
        """Ask the run to end, which it does within some hundredths of a second; or start none that is about to."""
        if self._worker is not None:
            self._worker.stop()
        elif self._scheduler.scene.opening is not None:
            self._opener.cancel()
            self._scheduler.change(opening=None)

    def change_speed(self, steps: int) -> None:
        """Move the speed slider by this many tenths."""
        speed = self._scheduler.scene.speed + steps * SPEED_STEP
        self._scheduler.change(speed=min(max(0, speed), FASTEST))

    def is_waiting(self) -> bool:
        """Whether the training thread waits, and everything that it measured has arrived."""
        return self._worker is not None and self._worker.is_waiting and not self._arrived

    def close(self) -> None:
        """End the run and wait until its thread is gone."""
        self._next = None
        self._opener.cancel()
        if self._worker is not None:
            self._worker.ended.disconnect(self._end)
            self._worker.stop()
            self._worker.wait()
            self._worker.deliver()
            self._show_arrived()

    def _resume(self, paused: bool = False) -> None:
        scene = self._scheduler.scene
        if scene.shown is not None and scene.can_resume and self._fits_digits(scene.shown):
            self._start_run(scene.shown, paused)

    def _continue(self, start: Callable[[History], None]) -> None:
        """Let a run start at the network that is shown, as soon as no other is active."""
        scene, shown = self._scheduler.scene, self._scheduler.scene.shown
        if scene.dataset is None or not scene.can_continue or (shown and not self._fits_digits(shown)):
            return
        size = shown.samples_per_epoch if shown else len(scene.dataset.train_images)
        config, seen = scene.config, scene.frame.samples_seen
        epochs = config.epochs if config.epochs * size > seen else seen // size + config.epochs
        config = dataclasses.replace(
            config, epochs=epochs, tests_per_epoch=TESTS_PER_EPOCH, layer_sizes=scene.layer_sizes, mistake=None
        )
        if scene.config.mistake is not None:
            if not _can_be_made_from_here(scene.config.mistake, scene):
                self._scheduler.report_problem(NOT_FROM_HERE, "training")
                return
            config = dataclasses.replace(config, mistake=scene.config.mistake)
        run = shown.fork(scene.frame, config) if shown else run_from(scene.frame, config, size, _origin(scene))
        self._use_up_mistake()
        self._next = partial(start, run)
        if scene.training is TrainingState.IDLE:
            self._start_next()
        else:
            self.stop()

    def _use_up_mistake(self) -> None:
        """One run makes it; the next is right unless it is chosen again."""
        config = self._scheduler.scene.config
        if config.mistake is not None:
            self._scheduler.change(config=dataclasses.replace(config, mistake=None))

    def _start_and_step(self, run: History) -> None:
        self._start_run(run, paused=True)
        self._step_active()

    def _step_active(self) -> None:
        if self._worker is not None:
            self._worker.pacer.pause()
            self._worker.pacer.step()
            self._scheduler.change(training=TrainingState.PAUSED)
        self._has_step_due = self._scheduler.scene.opening is not None

    def _fits_digits(self, run: History) -> bool:
        """Whether the digits are there that the run was trained on; if not, that is said. Own code brings its own."""
        if run.own_code:
            return True
        dataset, size = self._scheduler.scene.dataset, run.samples_per_epoch
        self._scheduler.forget_problem("training")
        if dataset is not None and len(dataset.train_images) != size:
            self._scheduler.report_problem(
                f"This run cannot be continued: it was trained on {size:,} digits, and "
                f"{len(dataset.train_images):,} others are loaded.",
                "training",
            )
        return dataset is not None and len(dataset.train_images) == size

    def _open(
        self,
        path: Path,
        learning_rate: float,
        begin: Callable[[OpenStep | StepEnded], None],
        network: Network | None = None,
        position: int = 0,
    ) -> None:
        """Run a learner's file up to its step, if that may be, and let something begin with that."""
        if not self._may_run_code():  # a run from elsewhere may name any file
            return
        self._scheduler.forget_problem("training")
        self._has_step_due = False
        self._scheduler.change(opening=path)
        self._opener.open(path, learning_rate, partial(self._end_opening, begin), network, position)

    def _end_opening(self, begin: Callable[[OpenStep | StepEnded], None], step: OpenStep | StepEnded) -> None:
        self._scheduler.change(opening=None)
        begin(step)

    def _start_with(self, path: Path, report: Callable[[AboutStep], None], step: OpenStep | StepEnded) -> None:
        """Start the run of a step that is open."""
        if isinstance(step, StepEnded):
            self._scheduler.report_problem(f"{path.name} cannot be trained. {step}", "training")
            return
        report(step.about)
        if step.about.not_trained:
            step.end()
        else:
            config = self._scheduler.scene.config
            config = dataclasses.replace(config, tests_per_epoch=TESTS_PER_EPOCH, mistake=None)
            self._begin(step.run(path, config), step=step)

    def _start_run(self, run: History, paused: bool = False) -> None:
        """At once, or as soon as the learner's step is found that trains it."""
        if run.own_code is None:
            self._begin(run, paused)
            return
        network, path = run.resume_point.network, Path(run.own_code.path)
        position = run.samples_seen % run.samples_per_epoch
        self._open(path, run.config.learning_rate, partial(self._continue_with, run, paused), network, position)

    def _continue_with(self, asked: History, paused: bool, step: OpenStep | StepEnded) -> None:
        """Continue a run with its own code, unless it was deleted meanwhile, or its file has changed."""
        runs = self._scheduler.scene.runs
        run = runs[asked.key] or asked  # a fork is new there; any other may have another name by now
        if isinstance(step, StepEnded):
            self._scheduler.report_problem(f"{run.name} cannot be continued. {step}", "training")
        elif run.key in runs.deleted:
            step.end()
        elif not step.can_continue(run):
            step.end()
            self._scheduler.report_problem(OTHER_NETWORK.format(run.name), "training")
        elif step.is_changed(run):
            step.end()
            self._scheduler.report_problem(CHANGED.format(run.name), "training")
        else:
            self._begin(step.continued(run), paused, step)

    def _begin(self, run: History, paused: bool = False, step: OpenStep | None = None) -> None:
        scene = self._scheduler.scene
        assert scene.dataset is not None
        pacer = Pacer(samples_per_second(scene.speed), paused, tick=LONG_TICK if step is not None else TICK)
        pacer.set_yielding(scene.is_dragging)
        dataset = scene.dataset.first(run.samples_per_epoch) if step is not None else scene.dataset
        self._worker = TrainingWorker(run, dataset, pacer, step, self)
        self._worker.frames_arrived.connect(self._take)
        self._worker.ended.connect(self._end)
        self._runs.start(run)
        self._scheduler.change(training=TrainingState.PAUSED if paused else TrainingState.RUNNING)
        self._worker.start()
        if self._has_step_due:
            self._step_active()

    def _start_next(self) -> None:
        start, self._next = self._next, None
        if start is not None:
            start()

    def _take(self, frames: list[Frame]) -> None:
        """Show the last of them with its accuracy; a step, what is dragged and the next frames do not wait for it."""
        self._show_arrived()
        self._arrived = frames
        scene = self._scheduler.scene
        if scene.is_dragging or scene.training is TrainingState.PAUSED:  # a step is seen at once
            self._show_arrived()
        else:
            self._moments.evaluate(frames[-1], self._show_arrived)

    def _show_arrived(self, tested: Frame | None = None) -> None:
        frames, self._arrived = self._arrived, []
        if frames:
            self._runs.grow(frames, [tested] if tested else [])
            active = self._scheduler.scene.active
            if active is not None and self._worker is not None:
                self._worker.run_so_far = active

    def _end(self, problem: str) -> None:
        assert self._worker is not None
        self._show_arrived()
        self._worker.deleteLater()
        self._worker = None
        self._runs.end()
        self._scheduler.change(training=TrainingState.IDLE)
        if problem:
            self._scheduler.report_problem(problem, "training")
        self.finished.emit()
        self._start_next()

    def _show_untrained(self, scene: Scene) -> None:
        """Before any run, show the network that Start would train."""
        frame = untrained(scene.config)
        if scene.shown is None and not scene.frame_name and scene.network is not frame.network:
            self._scheduler.change(frame=frame)

    def _become_ready(self, scene: Scene) -> None:
        if scene.dataset is not None and scene.training is TrainingState.WAITING:
            self._scheduler.change(training=TrainingState.IDLE)

    def _set_pace(self, scene: Scene) -> None:
        if self._worker is not None:
            self._worker.pacer.set_pace(samples_per_second(scene.speed))

    def _yield_to_hand(self, scene: Scene) -> None:
        if self._worker is not None:
            self._worker.pacer.set_yielding(scene.is_dragging)


def _can_be_made_from_here(mistake: ChosenMistake, scene: Scene) -> bool:
    """Whether a run that starts at the network on the screen can make it."""
    if scene.shown is not None and scene.shown.own_code:
        return False  # it makes those of its own code
    is_made_already = scene.shown is not None and scene.shown.config.mistake == mistake
    return mistake.fits(scene.layer_sizes) and (is_made_already or not mistake.is_of_start)


def _origin(scene: Scene) -> str:
    """Where a network comes from that is of no run."""
    if scene.lesson is None:
        return scene.frame_name
    return TAUGHT_NETWORK + (OF_A_MISTAKE if scene.comes_of_mistake else "")
