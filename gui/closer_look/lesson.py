"""“Teach it”: the true label of the digit, and what an update for it does."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton

from gui.card import Card, button, choice, label

MANY = 10  # updates
UPDATE = "Apply one update for this digit and its label, at the learning rate of the window."
AFTER_LESSON = "in the window, green is before the lesson"
HINT = "what the digit is, or keep it among yours"


class Lesson(Card):
    """Emits what the user wants; what it did comes back through `show_told`."""

    requested = Signal(int, int)  # label, updates
    undo_requested = Signal()
    keep_requested = Signal(int)  # label

    def __init__(self) -> None:
        super().__init__("Teach it", HINT)
        self._explanation.setObjectName("lessonLabel")
        self._group = QButtonGroup(self)
        row = QHBoxLayout()
        row.setSpacing(2)
        row.addWidget(label("It is a ", "secondary"))
        for digit in range(10):
            made = choice(str(digit), f"lesson{digit}Button", f"This digit is a {digit}.")
            self._group.addButton(made, digit)
            row.addWidget(made)
        row.addSpacing(12)
        self._once = self._button("Update once", "teachOnceButton", UPDATE)
        self._often = self._button(f"{MANY} times", "teachOftenButton", f"Apply {MANY} updates, one after the other.")
        self._undo = self._button("Undo lesson", "undoTeachingButton", "Go back to the network before the last lesson.")
        self._keep = self._button("Keep", "keepDigitButton", "Add this digit with its label to your own digits.")
        for each in (self._once, self._often, self._undo, self._keep):
            each.setEnabled(False)
            row.addWidget(each)
        row.addStretch()
        self.body.addLayout(row)
        self._can_teach = False
        self._group.idClicked.connect(self._offer)
        self._once.clicked.connect(lambda: self.requested.emit(self._group.checkedId(), 1))
        self._often.clicked.connect(lambda: self.requested.emit(self._group.checkedId(), MANY))
        self._undo.clicked.connect(self.undo_requested)
        self._keep.clicked.connect(lambda: self.keep_requested.emit(self._group.checkedId()))

    def show_told(self, sentence: str) -> None:
        """Say what a lesson did, or nothing of any."""
        self.set_title("Teach it", sentence or HINT)

    def show_undo(self, can_undo: bool) -> None:
        """Offer to take the last lesson back."""
        self._undo.setEnabled(can_undo)

    def show_digit(self, is_there: bool) -> None:
        """Offer to teach only where there is a digit."""
        self._can_teach = is_there
        self._offer()

    def forget_label(self) -> None:
        """The label of one digit is not that of the next, nor is what was said about it."""
        self._group.setExclusive(False)
        for each in self._group.buttons():
            each.setChecked(False)
        self._group.setExclusive(True)
        self.show_told(AFTER_LESSON if self._undo.isEnabled() else HINT)
        self._offer()

    def _offer(self) -> None:
        for each in (self._once, self._often, self._keep):
            each.setEnabled(self._can_teach and self._group.checkedId() >= 0)

    def _button(self, text: str, name: str, tip: str) -> QPushButton:
        made = button(text, name, tip)
        made.setProperty("role", "choice")
        return made
