"""“Teach it”: the true label of the digit, and what an update for it does."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QButtonGroup, QHBoxLayout

from gui.controllers import Controllers
from gui.scene import Scene
from gui.scheduler import Part
from gui.widgets.card import Card, label, small_button, toggle_button
from gui.widgets.numbers import percent

MANY = 10  # updates
GAP = 14  # pixels, as at the edge of a card
UPDATE = "Apply one update for this digit and its label, at the learning rate of the window."
HINT = "say what the digit on the pad is, and update the weights for it"


class TeachCard(Card):
    """A row of labels and buttons; what an update did stands above it."""

    def __init__(self, controllers: Controllers) -> None:
        super().__init__("Teach it", HINT)
        teacher = controllers.teacher
        self._drawing = controllers.drawing
        self._explanation.setObjectName("lessonLabel")
        self._labels = QButtonGroup(self)
        self._labels.setExclusive(False)  # none is chosen before somebody has said what the digit is
        self._label_row = QHBoxLayout()
        self._label_row.addWidget(label("It is a ", "secondary"))
        for digit in range(10):
            made = toggle_button(str(digit), f"lesson{digit}Button", f"This digit is a {digit}.")
            self._labels.addButton(made, digit)
            self._label_row.addWidget(made)
        self._update_row = QHBoxLayout()
        self._once = small_button("Update once", "teachOnceButton", UPDATE)
        self._often = small_button(f"{MANY} times", "teachOftenButton", f"Apply {MANY} updates, one after the other.")
        self._undo = small_button("Undo lesson", "undoTeachingButton", "Go back to the network before the last lesson.")
        for each in (self._once, self._often, self._undo):
            self._update_row.addWidget(each)
        self._rows = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        for row in (self._label_row, self._update_row):
            row.setSpacing(2)
            row.setAlignment(Qt.AlignmentFlag.AlignLeft)
            self._rows.addLayout(row)
        self._rows.addStretch()
        self.body.addLayout(self._rows)
        self._labels.idClicked.connect(self._choose)
        self._once.clicked.connect(lambda: teacher.teach(1))
        self._often.clicked.connect(lambda: teacher.teach(MANY))
        self._undo.clicked.connect(teacher.undo)
        self.parts = (
            Part(self._show_label, ("digit", "label")),
            Part(self._show_lesson, ("lesson",)),
        )

    def minimumSizeHint(self) -> QSize:
        """Where there is no room beside one another, what is to be done stands below what the digit is."""
        widest = max(self._label_row.minimumSize().width(), self._update_row.minimumSize().width())
        return QSize(widest + 2 * GAP + 2, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        needed = self._label_row.minimumSize().width() + self._update_row.minimumSize().width() + 3 * GAP + 2
        fits = self.width() >= needed
        self._rows.setDirection(QBoxLayout.Direction.LeftToRight if fits else QBoxLayout.Direction.TopToBottom)
        self._rows.setSpacing(GAP if fits else self.body.spacing())

    def _choose(self, digit: int) -> None:
        self._drawing.choose_label(digit)
        self._labels.button(digit).setChecked(True)  # also where it was already

    def _show_label(self, scene: Scene) -> None:
        for digit, button in enumerate(self._labels.buttons()):
            button.setChecked(digit == scene.label)
        for each in (self._once, self._often):
            each.setEnabled(scene.digit is not None and scene.label is not None)

    def _show_lesson(self, scene: Scene) -> None:
        lesson = scene.lesson
        self._undo.setEnabled(lesson is not None)
        if lesson is None:
            self.explain(HINT)
            return
        before, after = lesson.probabilities
        parts = [f"Probability of {lesson.label}: {percent(before)} → {percent(after)}"]
        test_before, test_after = lesson.test_accuracy_before, lesson.after.progress.test_accuracy
        if test_before is not None and test_after is not None:
            parts.append(f"test digits: {percent(test_before, 2)} → {percent(test_after, 2)}")
        self.explain("  ·  ".join([*parts, "green bars: before"]))
