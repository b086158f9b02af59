"""What the update changes for its digit, and the buttons that apply it."""

from functools import partial

from PySide6.QtWidgets import QWidget

from gui.controllers import Controllers
from gui.flow.lesson import Lesson
from gui.flow.scene import Scene
from gui.flow.subject import NEXT, PAD
from gui.pages.one_update.number_text import sub
from gui.pages.one_update.update_layout import without_place
from gui.widgets.card import ElidedLabel, label, named, small_button
from gui.widgets.digit_buttons import DigitButtons
from gui.widgets.layouts import STRETCH, column, row
from gui.widgets.numbers import accuracy_in_words, figure, probability
from gui.widgets.plain_text import plain
from model.analysis.single_update import Update

MANY = 10  # updates
STEP = "Train the network on this one sample, as Step does, and go to the next."
FORK = "Start a new run at this moment with this one update, as “Continue from here” does, and hold there."
TEACH = (
    "Apply this update to the network. What it leads to is part of no run; training can continue from it as a new one. "
    "A test digit that was taught still counts among the test digits."
)
MANY_UPDATES = f"Apply {MANY} updates for this digit, one after the other."
TAUGHT = "The probabilities that the network gave this digit, before the lesson → after it:"
UNDO = "Go back to the network before the last lesson."


class OutcomeView(QWidget):
    """Answer, probability of the label and loss, before and after; for a digit of one's choice, a lesson."""

    def __init__(self, controllers: Controllers) -> None:
        super().__init__()
        self._controllers = controllers
        teacher = controllers.teacher
        self._digits = DigitButtons("lesson", "This digit is {}.", controllers.drawing.choose_label)
        self._it_is = label("It is", "secondary")
        self._label_row = QWidget()
        self._label_row.setLayout(row(self._it_is, self._digits, STRETCH, spacing=2))
        self._before, self._after, self._loss = (
            named(ElidedLabel(), name) for name in ("outcomeBefore", "outcomeAfter", "outcomeLoss")
        )
        self._apply = small_button("", "applyUpdateButton", STEP, self._apply_update)
        self._often = small_button(f"{MANY} times", "teachOftenButton", MANY_UPDATES, partial(teacher.teach, MANY))
        self._undo = small_button("Undo", "undoTeachingButton", UNDO, teacher.undo)
        self._lesson = label("", "secondary", wrap=True, name="lessonLabel")
        self._other = label("", "secondary", wrap=True, name="otherNetworkLabel")
        buttons = row(self._apply, self._often, self._undo, STRETCH, spacing=4)
        texts = (self._before, self._after, self._loss)
        self.setLayout(column(self._label_row, *texts, 2, buttons, self._lesson, self._other, STRETCH, spacing=3))

    def show_update(self, scene: Scene, update: Update | None, other: Update | None) -> None:
        """Say what an update changes, or nothing without one, and whose update is beside it."""
        is_chosen = scene.subject_source != NEXT
        self._label_row.setVisible(scene.subject_source == PAD)
        self._digits.check(scene.label)
        before, after, loss = _in_words(update) if update else ("", "", "")
        for each, text in ((self._before, before), (self._after, after), (self._loss, loss)):
            each.setText(text)
        self._show_buttons(scene, update, is_chosen)
        self._lesson.setVisible(scene.lesson is not None)
        self._lesson.setText(_of_lesson(scene.lesson) if scene.lesson else "")
        self._lesson.setToolTip(plain(_all_probabilities(scene.lesson)) if scene.lesson else "")
        self._other.setVisible(other is not None)
        self._other.setText(_beside(scene, update, other) if update and other else "")

    def _show_buttons(self, scene: Scene, update: Update | None, is_chosen: bool) -> None:
        steps = scene.steps_here
        is_possible = is_chosen or (scene.can_step if steps else scene.can_continue)
        self._apply.setEnabled(update is not None and is_possible)
        self._apply.setText("Apply it" if is_chosen else "Apply it: one step" if steps else _fork(scene))
        self._apply.setToolTip(TEACH if is_chosen else STEP if steps else FORK)
        self._often.setVisible(is_chosen)
        self._often.setEnabled(update is not None)
        self._undo.setVisible(is_chosen or scene.lesson is not None)
        self._undo.setEnabled(scene.lesson is not None)

    def _apply_update(self) -> None:
        if self._controllers.scheduler.scene.subject_source == NEXT:
            self._controllers.training.step_from_here()
        else:
            self._controllers.teacher.teach(1)


def _fork(scene: Scene) -> str:
    """A fork has the learning rate of the field, which may be another than that of the run."""
    is_same = scene.config.learning_rate == scene.subject_rate
    return "Apply it: new run" if is_same else f"Apply with η = {scene.config.learning_rate:.12g}: new run"


def _in_words(update: Update) -> tuple[str, str, str]:
    lines = []
    for when, probabilities in (("before", update.probabilities), ("after", update.probabilities_after)):
        answer, of_label = int(probabilities.argmax()), figure(probabilities[update.label])
        share = probability(probabilities[answer])
        lines.append(f"{when}: answers {answer} ({share}) · p[{update.label}] = {of_label}")
    before, after = update.losses
    return lines[0], lines[1], f"loss {figure(before)} → {figure(after)}"


def _of_lesson(lesson: Lesson) -> str:
    before, after = lesson.probabilities
    test = [accuracy_in_words(frame.progress.test_accuracy) for frame in (lesson.before, lesson.after)]
    label = lesson.subject.label
    return f"taught: p[{label}] {probability(before)} → {probability(after)}\ntest digits: {' → '.join(test)}"


def _all_probabilities(lesson: Lesson) -> str:
    """Before and after, a line for each class."""
    image = lesson.subject.image
    before, after = (frame.network.predict_digit(image).tolist() for frame in (lesson.before, lesson.after))
    pairs = enumerate(zip(before, after, strict=True))
    return "\n".join([TAUGHT, *(f"p[{k}] {probability(one)} → {probability(other)}" for k, (one, other) in pairs)])


def _beside(scene: Scene, update: Update, other: Update) -> str:
    """Whose numbers are beside those of the update, of which moment, and which of them have no place there."""
    layers = (len(each.network.weights) for each in (update, other))
    deltas, matrices = without_place(*layers)
    missing = [*(sub("δ", layer) for layer in deltas), *(f"∂L/∂{sub('W', layer)}" for layer in matrices)]
    without = f" Not shown, for want of such a layer here: {', '.join(missing)}." if missing else ""
    frame = scene.compared_frame
    is_elsewhere = frame is not None and frame.samples_seen != scene.frame.samples_seen
    moment = f" It is at sample {frame.samples_seen:,}." if frame and is_elsewhere else ""
    return f"Beside it {scene.compared_name}: same digit, other network.{moment}{without}"
