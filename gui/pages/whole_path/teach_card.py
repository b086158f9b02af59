"""“Teach it”: the true label of the digit, and what an update for it does."""

from functools import partial

from gui.controllers import Controllers
from gui.flow.lesson import Lesson
from gui.flow.scene import Scene
from gui.flow.scheduler import Part
from gui.widgets.card import Card, label, small_button
from gui.widgets.digit_buttons import DigitButtons
from gui.widgets.layouts import STRETCH, FoldingRow, row
from gui.widgets.numbers import accuracy_in_words, probability

MANY = 10  # updates
UPDATE = (
    "Apply one update for this digit and its label, at the learning rate of the window. "
    "A test digit that was taught still counts among the test digits."
)
MANY_UPDATES = f"Apply {MANY} updates, one after the other."
UNDO = "Go back to the network before the last lesson."
HINT = "say what the digit on the pad is, and update the weights for it"


class TeachCard(Card):
    """A row of labels and buttons; what an update did stands above it."""

    def __init__(self, controllers: Controllers) -> None:
        super().__init__("Teach it", HINT)
        teacher, choose = controllers.teacher, controllers.drawing.choose_label
        self._explanation.setObjectName("lessonLabel")
        self._digits = DigitButtons("lesson", "This digit is {}.", choose)
        self._once = small_button("Update once", "teachOnceButton", UPDATE, partial(teacher.teach, 1))
        self._often = small_button(f"{MANY} times", "teachOftenButton", MANY_UPDATES, partial(teacher.teach, MANY))
        self._undo = small_button("Undo lesson", "undoTeachingButton", UNDO, teacher.undo)
        it_is = row(label("It is", "secondary"), self._digits, STRETCH, spacing=2)
        update = row(self._once, self._often, self._undo, STRETCH, spacing=2)
        self.add(FoldingRow(it_is, (update, 1)))
        self.parts = (Part(self._show, ("digit", "label", "lesson")),)

    def _show(self, scene: Scene) -> None:
        self._digits.check(scene.label)
        for each in (self._once, self._often):
            each.setEnabled(scene.digit is not None and scene.label is not None)
        self._undo.setEnabled(scene.lesson is not None)
        self.explain(_in_words(scene.lesson) if scene.lesson else HINT)


def _in_words(lesson: Lesson) -> str:
    before, after = lesson.probabilities
    test = [accuracy_in_words(frame.progress.test_accuracy) for frame in (lesson.before, lesson.after)]
    return (
        f"Probability of {lesson.label}: {probability(before)} → {probability(after)}  ·  "
        f"test digits: {' → '.join(test)}  ·  green bars: before"
    )
