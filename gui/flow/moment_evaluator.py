"""The accuracy of every moment that can be looked at, measured beside the window."""

from collections.abc import Callable, Sequence

from gui.flow.background import Background, Work
from gui.flow.limits import FASTEST
from gui.flow.run_collection import RunCollection
from gui.flow.scene import Scene, TrainingState
from gui.flow.scheduler import Part, Scheduler, Urgency
from model.dataset import Dataset
from model.evaluation import evaluate_in_chunks
from model.history import Frame

REST = 40  # milliseconds that a moment stays on the screen before it is measured
AT_A_TIME = 8  # frames that nobody waits for: a tenth of a second
MOMENT, ARRIVAL = "moment", "arrival"  # topics of the work


class MomentEvaluator:
    """Measures the test set where the run itself did not: on the screen first, then at every frame of what is shown.

    A run at full speed comes first: meanwhile only what stays on the screen is measured.
    """

    def __init__(self, scheduler: Scheduler, background: Background, runs: RunCollection) -> None:
        self._scheduler = scheduler
        self._background = background
        self._runs = runs
        self._awaited: Frame | None = None  # on the screen, while it is measured
        reads = ("frame", "compared_frame", "lesson", "runs", "training", "speed", "dataset")
        scheduler.add(background, [Part(self._follow, reads, Urgency.BACKGROUND)])

    def evaluate(self, frame: Frame, deliver: Callable[[Frame], None]) -> None:
        """Hand a frame with the test set measured to `deliver`, unless another one is to be evaluated before."""
        dataset = self._scheduler.scene.dataset
        self._background.cancel(ARRIVAL)
        if frame.is_tested or dataset is None:
            deliver(frame)
        else:
            self._background.do(ARRIVAL, _tested([frame], dataset), lambda tested: deliver(*tested))

    def _follow(self, scene: Scene) -> None:
        if scene.dataset is None:
            return
        awaited = _on_screen(scene)
        if awaited is None:
            if not self._background.is_busy(MOMENT) and (frames := _behind(scene)):
                self._background.do(MOMENT, _tested(frames[:AT_A_TIME], scene.dataset), self._runs.add_tests)
        elif awaited is not self._awaited or not self._background.is_busy(MOMENT):
            stays = scene.is_live and scene.training is TrainingState.PAUSED  # nobody is on the way past it
            work = _tested([awaited], scene.dataset)
            self._background.do(MOMENT, work, self._runs.add_tests, 0 if stays else REST)
        self._awaited = awaited


def _on_screen(scene: Scene) -> Frame | None:
    """What is shown, or spoken of, and was not measured yet."""
    shown = scene.frame, scene.compared_frame, scene.lesson and scene.lesson.before
    return next((frame for frame in shown if frame and not frame.is_tested), None)


def _behind(scene: Scene) -> Sequence[Frame]:
    """The ends of all runs, and whatever else the timeline can be moved to."""
    if scene.training is TrainingState.RUNNING and scene.speed == FASTEST:
        return ()
    ends = [run.latest for run in scene.runs.all if run.latest and not run.latest.is_tested]
    return (*ends, *(frame for run in (scene.shown, scene.compared) if run for frame in run.untested))


def _tested(frames: Sequence[Frame], dataset: Dataset) -> Work:
    tested = []
    for frame in frames:
        for on_test in evaluate_in_chunks(frame.network, dataset.test_images, dataset.test_labels):
            if on_test is not None:
                tested.append(frame.tested(on_test))
            yield
    return tested
