"""What every moment that can be looked at does on the test set, measured beside the window."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import islice

from gui.flow.background import Background, Work
from gui.flow.limits import FASTEST
from gui.flow.run_collection import RunCollection
from gui.flow.scene import Scene, TrainingState
from gui.flow.scheduler import Part, Scheduler, Urgency
from model.analysis.symptoms import Earlier, symptoms
from model.dataset import Dataset
from model.evaluation import evaluate_in_chunks
from model.history import Frame, History

REST = 40  # milliseconds that a moment stays on the screen before it is measured
AT_A_TIME = 8  # frames that nobody waits for: a tenth of a second
MOMENT, ARRIVAL = "moment", "arrival"  # topics of the work

Request = tuple[Frame, History | None]  # with the run that it is of


class MomentEvaluator:
    """Measures the test set where the run itself did not: on the screen first, then at every frame of what is shown.

    What there is to say of a network's behaviour, its symptoms, comes with that.
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
        """Hand a frame of the active run, measured, to `deliver`, unless another one is to be evaluated before."""
        scene = self._scheduler.scene
        self._background.cancel(ARRIVAL)
        if scene.dataset is None or not frame.network.has_answers:
            deliver(frame)
        else:
            work = _measured([(frame, scene.active)], scene.dataset)
            self._background.do(ARRIVAL, work, lambda measured: deliver(*measured))

    def _follow(self, scene: Scene) -> None:
        if scene.dataset is None:
            return
        awaited = _on_screen(scene)
        if awaited is None:
            if not self._background.is_busy(MOMENT) and (requests := list(islice(_behind(scene), AT_A_TIME))):
                self._background.do(MOMENT, _measured(requests, scene.dataset), self._runs.add_tests)
        elif awaited[0] is not self._awaited or not self._background.is_busy(MOMENT):
            stays = scene.is_live and scene.training is TrainingState.PAUSED  # nobody is on the way past it
            work = _measured([awaited], scene.dataset)
            self._background.do(MOMENT, work, self._runs.add_tests, 0 if stays else REST)
        self._awaited = awaited[0] if awaited else None


def _on_screen(scene: Scene) -> Request | None:
    """What is shown, or spoken of, and was not looked into yet: first what has no accuracy."""
    shown = ((scene.frame, scene.shown), (scene.compared_frame, scene.compared))
    before = scene.lesson.before if scene.lesson else None
    new = [(frame, run) for frame, run in (*shown, (before, None)) if frame and _is_new(frame)]
    return min(new, key=lambda request: request[0].is_tested, default=None)


def _is_new(frame: Frame) -> bool:
    return frame.symptoms is None and frame.network.has_answers


def _behind(scene: Scene) -> Iterator[Request]:
    """The ends of all runs, and whatever else the timeline can be moved to."""
    if scene.training is TrainingState.RUNNING and scene.speed == FASTEST:
        return
    yield from ((run.latest, run) for run in scene.runs.all if run.latest and run.latest.waits_for_test)
    yield from ((frame, run) for run in (scene.shown, scene.compared) if run for frame in run.untested)


def _measured(requests: Sequence[Request], dataset: Dataset) -> Work:
    measured = []
    for frame, run in requests:
        if frame.progress.predicted is None:
            for on_test in evaluate_in_chunks(frame.network, dataset.test_images, dataset.test_labels):
                if on_test is not None:
                    frame = frame.tested(on_test)
                yield
        measured.append(_with_symptoms(frame, run.epoch_before(frame) if run else None, dataset))
        yield
    return measured


def _with_symptoms(frame: Frame, before: Frame | None, dataset: Dataset) -> Frame:
    earlier = Earlier(before.network, frame.samples_seen - before.samples_seen) if before else None
    assert frame.progress.predicted is not None
    return replace(frame, symptoms=symptoms(frame.network, frame.progress.predicted, dataset, earlier))
