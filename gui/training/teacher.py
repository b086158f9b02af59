"""Teaching the network on the screen a single digit, and taking it back."""

from gui.flow.lesson import TAUGHT, Lesson
from gui.flow.run_collection import RunCollection
from gui.flow.scene import untrained
from gui.flow.scheduler import Scheduler
from model.analysis.single_update import apply_updates
from model.history import Frame
from model.training import Progress

OF_A_DELETED_RUN = "a network of a deleted run"
UNTRAINED = "an untrained network"  # of other settings than those in the fields


class Teacher:
    """What was taught is shown detached from all runs, which stay as they are; undo goes back to the frame before.

    Whoever looks at another network has left the lesson: it counts only as long as what it taught is shown.
    """

    def __init__(self, scheduler: Scheduler, runs: RunCollection) -> None:
        self._scheduler = scheduler
        self._runs = runs

    def teach(self, updates: int) -> None:
        """Apply updates for the digit that is shown and its label, at the learning rate of the window."""
        scene = self._scheduler.scene
        subject, before = scene.subject, scene.frame
        if subject is None or subject.label is None:
            return
        rate = scene.config.learning_rate
        try:
            network = apply_updates(scene.network, subject.image, subject.label, rate, updates)
        except ArithmeticError as error:
            self._scheduler.report_problem(str(error), "training")
            return
        # Training would continue from it where it would have from the network before.
        after = Frame(Progress(before.samples_seen, before.progress.epoch), network)
        runs = scene.runs
        lesson = Lesson(subject, before, after, runs.shown_key, runs.compared_key, scene.frame_name)
        lessons = (*(scene.lessons if scene.lesson else ()), lesson)
        self._runs.show_detached(after, TAUGHT)
        self._scheduler.change(lessons=lessons)

    def undo(self) -> None:
        """Go back to the network before the latest lesson."""
        scene = self._scheduler.scene
        if scene.lesson is None:
            return
        *earlier, lesson = scene.lessons
        if self._runs.return_to(lesson.run_key, lesson.before):
            self._runs.compare(self._scheduler.scene.runs[lesson.compared_key])
        else:
            name = lesson.frame_name if lesson.run_key is None else OF_A_DELETED_RUN
            is_that_of_start = lesson.before.network is untrained(scene.config).network
            self._runs.show_detached(lesson.before, name or ("" if is_that_of_start else UNTRAINED))
        self._scheduler.change(lessons=tuple(earlier))
