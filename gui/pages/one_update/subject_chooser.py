"""Which digit the update is for."""

from functools import partial

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QMenu, QWidget

from gui.flow.scene import Scene
from gui.flow.scheduler import Part, Scheduler
from gui.flow.subject import NEXT, PAD, TEST, TRAINING
from gui.widgets.card import named, small_button
from gui.widgets.layouts import row
from gui.widgets.number_fields import WholeNumberField, mark

SOURCES = {
    NEXT: "Next training digit",
    TRAINING: "Training digit by number",
    TEST: "Test digit by number",
    PAD: "Digit on the pad",
}
NUMBERED = {TRAINING: "training_digit", TEST: "test_digit"}  # the fields of the scene that have the number
NUMBER = "Its number, from 1."
TIP = (
    "The digit that training takes next at the moment shown, any other of the dataset, or the one on the pad. "
    "What the network learns from a digit of your choice is no part of a run."
)


class SubjectChooser(QWidget):
    """A menu of where the digit is taken from, and its number where it needs one."""

    def __init__(self, scheduler: Scheduler) -> None:
        super().__init__()
        self._scheduler = scheduler
        self._button = small_button("", "subjectButton", TIP)
        menu = QMenu(self._button)
        for source, text in SOURCES.items():
            menu.addAction(text, partial(scheduler.change, subject_source=source))
        self._button.setMenu(menu)
        self._field = named(WholeNumberField(1, 1), "subjectNumberSpinBox", "The number of the digit", NUMBER)
        self._field.setWhatsThis(NUMBER)
        self._field.hide()
        self._field.when_edited(self._read)
        self.setLayout(row(self._field, self._button, spacing=6))
        self.parts = (
            Part(self._turn, ("subject_source", "dataset")),
            Part(self._show_number, ("training_digit", "test_digit")),
        )

    def _turn(self, scene: Scene) -> None:
        """Show where the digit is taken from, and its number there in the place of whatever was typed."""
        self._button.setText(SOURCES[scene.subject_source])
        self._field.setVisible(scene.subject_source in NUMBERED)
        if scene.dataset is not None:
            images = scene.dataset.test_images if scene.subject_source == TEST else scene.dataset.train_images
            with QSignalBlocker(self._field), QSignalBlocker(self._field.lineEdit()):
                self._field.setMaximum(len(images))
                self._field.setValue(min(scene.subject_number, len(images)))
            mark(self._field)

    def _show_number(self, scene: Scene) -> None:
        """A number that was chosen elsewhere; the one that was read last stays as it is being typed."""
        if scene.subject_number != self._field.value():
            self._field.show_value(scene.subject_number)
            mark(self._field)

    def _read(self) -> None:
        mark(self._field)
        scene = self._scheduler.scene
        if self._field.is_readable() and scene.subject_source in NUMBERED:
            self._scheduler.change(**{NUMBERED[scene.subject_source]: self._field.value()})
