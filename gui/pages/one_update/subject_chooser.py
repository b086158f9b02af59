"""Which digit the update is for."""

from functools import partial

from PySide6.QtWidgets import QMenu, QWidget

from gui.flow.scene import Scene
from gui.flow.scheduler import Part, Scheduler
from gui.flow.subject import NEXT, PAD, TEST, TRAINING
from gui.widgets.card import named, small_button
from gui.widgets.layouts import row
from gui.widgets.number_fields import WholeNumberField

SOURCES = {
    NEXT: "Next training digit",
    TRAINING: "Training digit by number",
    TEST: "Test digit by number",
    PAD: "Digit on the pad",
}
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
        self._field = named(
            WholeNumberField(1, 1), "subjectNumberSpinBox", "Number of the digit", "Its number, from 1."
        )
        self._field.hide()
        self._field.valueChanged.connect(lambda number: scheduler.change(subject_number=number))
        self.setLayout(row(self._field, self._button, spacing=6))
        self.parts = (Part(self._show, ("subject_source", "subject_number", "dataset")),)

    def _show(self, scene: Scene) -> None:
        self._button.setText(SOURCES[scene.subject_source])
        self._field.setVisible(scene.subject_source in (TRAINING, TEST))
        if scene.dataset is not None:
            images = scene.dataset.test_images if scene.subject_source == TEST else scene.dataset.train_images
            self._field.setMaximum(len(images))
        self._field.show_value(scene.subject_number)
