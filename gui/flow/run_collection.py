"""The runs: which are kept, which is shown, which compared, and how the active one grows."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from gui.flow.runs import Runs
from gui.flow.scene import untrained
from gui.flow.scheduler import Scheduler
from model.history import Frame, History
from model.training import LARGEST_LAYER, LARGEST_SEED, MOST_EPOCHS, MOST_HIDDEN_LAYERS

DELETED = "deleted run"  # the topic of the notice with its undo


class RunCollection:
    """Changes the runs of the scene, and the moment where it has to follow."""

    def __init__(self, scheduler: Scheduler) -> None:
        self._scheduler = scheduler

    def start(self, run: History) -> None:
        """Follow a run that is trained from here on, or again; the others remain."""
        runs = self._runs.grown(run) if self._runs[run.key] else self._runs.added(run)
        self._show(replace(runs.showing(run), active_key=run.key), run.latest)

    def end(self) -> None:
        """The active run gets no more frames."""
        self._scheduler.change(runs=replace(self._runs, active_key=None))

    def grow(self, frames: Sequence[Frame], tested: Sequence[Frame] = ()) -> None:
        """Keep new frames of the active run, some of them tested meanwhile.

        Go to the last of them unless the playhead was moved away.
        """
        scene, active = self._scheduler.scene, self._runs.active
        assert active is not None
        run = active.with_frames(frames).with_tests(tested)
        follows = scene.is_live and run.key is scene.runs.shown_key
        self._scheduler.change(runs=scene.runs.grown(run), frame=run.latest if follows else scene.frame)

    def add_tests(self, tested: Sequence[Frame]) -> None:
        """Take in frames as they are now that the test set was measured there."""
        scene = self._scheduler.scene
        lessons = tuple(lesson.with_tests(tested) for lesson in scene.lessons)
        self._scheduler.change(runs=self._runs.with_tests(tested), frame=scene.frame.among(tested), lessons=lessons)

    def add(self, run: History) -> None:
        """Show a run that is new here; its settings are those with which it would be continued."""
        self._show(self._runs.added(run).showing(run), run.latest)
        self.use_settings(run)

    def use_settings(self, run: History) -> None:
        """Take over a run's settings for the next one, as far as there are fields for them."""
        hidden, current = run.config.hidden_layers, self._scheduler.scene.config
        has_field = len(hidden) <= MOST_HIDDEN_LAYERS and max(hidden, default=0) <= LARGEST_LAYER
        config = replace(
            current,
            epochs=min(run.config.epochs, MOST_EPOCHS),
            learning_rate=run.config.learning_rate,
            seed=min(run.config.seed, LARGEST_SEED),
            layer_sizes=run.config.layer_sizes if has_field else current.layer_sizes,
            mistake=run.config.mistake if has_field else None,
        )
        self._scheduler.change(config=config, config_problem="")

    def show_detached(self, frame: Frame, name: str) -> None:
        """Show a frame that is of no run, under the name of where it comes from."""
        self._show(self._runs.showing(None), frame, name)

    def select(self, run: History) -> None:
        """Show another run, at its latest frame."""
        current = self._runs[run.key]
        if current is not None and run.key is not self._runs.shown_key:
            self._show(self._runs.showing(current), current.latest)

    def return_to(self, key: object, frame: Frame) -> bool:
        """Show a frame of a run again, even if the run keeps it no longer; whether the run is still there."""
        run = self._runs[key]
        if run is None:
            return False
        self._show(self._runs.showing(run), frame)
        return True

    def compare(self, run: History | None) -> None:
        """Show the frames of another run, too, or of none."""
        self._scheduler.change(runs=self._runs.comparing(run))

    def set_hidden(self, run: History, hidden: bool) -> None:
        """Leave a run's curve out, or show it again."""
        self._scheduler.change(runs=self._runs.hiding(run, hidden))

    def rename(self, run: History, name: str) -> None:
        """Give a run another name, unless it is empty."""
        current = self._runs[run.key]
        if name.strip() and current is not None:
            self._scheduler.change(runs=self._runs.grown(current.renamed(name.strip())))

    def reveal(self, run: History) -> None:
        """Say which mistake a run makes that was to be guessed."""
        if current := self._runs[run.key]:
            revealed = current.revealed()
            made = "; ".join(dict.fromkeys(str(phase.mistake) for phase in revealed.phases if phase.mistake))
            self._scheduler.change(runs=self._runs.grown(revealed))
            self._scheduler.report(f"The mistake: {made}", "mistake")

    def remove(self, run: History) -> None:
        """Take a run out, unless it is active; the moment stays, as far as the one in its place has it."""
        scene, current, runs = self._scheduler.scene, self._runs[run.key], self._runs.without(run)
        if current is None or runs is scene.runs:
            return
        place, shown = scene.runs.all.index(current), runs.shown
        if runs.shown_key is scene.runs.shown_key:
            self._scheduler.change(runs=runs)
        elif shown is None or shown.latest is None:
            self._show(runs, untrained(scene.config))
        else:
            self._show(runs, shown.nearest(scene.frame.samples_seen))
        back_on_screen = scene.frame if scene.shown is current else None
        restore = partial(self._restore, current, place, back_on_screen)
        self._scheduler.report_problem(f"{current.title} was deleted.", DELETED, "Undo", restore)

    def point_at(self, run: History | None) -> None:
        """The pointer is over a run's line, or over none."""
        self._scheduler.change(pointed_run=run.key if run else None)

    def _restore(self, run: History, place: int, frame: Frame | None) -> None:
        """Bring a run back that was taken out, and the frame of it that was shown then."""
        runs = self._runs.restored(run, place)
        if frame is None:
            self._scheduler.change(runs=runs)
        else:
            self._show(runs.showing(run), frame)

    @property
    def _runs(self) -> Runs:
        return self._scheduler.scene.runs

    def _show(self, runs: Runs, frame: Frame | None, name: str = "") -> None:
        frame = frame or self._scheduler.scene.frame
        is_live = runs.shown is None or frame.samples_seen >= runs.shown.samples_seen
        self._scheduler.change(runs=runs, frame=frame, frame_name=name, is_live=is_live, is_playing=False)
