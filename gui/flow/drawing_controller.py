"""What is put on the pad, and taken back."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF

from gui.flow.drawing import Drawing
from gui.flow.scheduler import Scheduler
from gui.flow.subject import subject_in


class DrawingController:
    """Changes the drawing of the scene; every drawing that makes way for another can be brought back."""

    def __init__(self, scheduler: Scheduler) -> None:
        self._scheduler = scheduler
        self._random = np.random.default_rng()

    def start_stroke(self, point: QPointF) -> None:
        """The pen touches the sheet; the label stays where the digit already has a stroke."""
        drawing = self._scheduler.scene.drawing
        label = self._scheduler.scene.label if drawing.strokes else None
        self._replace(drawing.with_stroke(point), label, is_dragging=True)

    def continue_stroke(self, point: QPointF) -> None:
        """The pen moves on."""
        self._scheduler.change(drawing=self._scheduler.scene.drawing.with_point(point))

    def end_stroke(self) -> None:
        """The pen leaves the sheet."""
        self._scheduler.change(is_dragging=False)

    def clear(self) -> None:
        """Empty the sheet."""
        if not self._scheduler.scene.drawing.is_empty:
            self._replace(Drawing(), None)

    def undo(self) -> None:
        """Take back the latest stroke, or whatever was done last."""
        scene = self._scheduler.scene
        if scene.earlier_drawings and not scene.is_dragging:
            *earlier, drawing = scene.earlier_drawings
            keeps_label = bool(drawing.strokes and scene.drawing.strokes)
            label = scene.label if keeps_label else None
            self._scheduler.change(drawing=drawing, earlier_drawings=tuple(earlier), label=label)

    def show_digit(self, digit: NDArray[np.floating], source: str = "", label: int | None = None) -> None:
        """Put a digit on the sheet, (784,) or (28, 28) from 0 to 1; the network gets it just as it is."""
        self._replace(Drawing.of(digit, source), label)

    def show_edited(self, digit: NDArray[np.floating]) -> None:
        """The same digit with other pixels, (28, 28): its label stays."""
        self.show_digit(digit, label=self._scheduler.scene.label)

    def toggle_pixel(self, row: int, column: int) -> None:
        """Ink a pixel of the digit, or erase it; the second time it is as it was. The label stays."""
        scene = self._scheduler.scene
        if scene.digit is not None:
            self._replace(scene.drawing.with_toggled(row, column), scene.label)

    def show_test_digit(self) -> None:
        """Put a random test digit on the sheet."""
        dataset = self._scheduler.scene.dataset
        if dataset is not None:
            index = int(self._random.integers(len(dataset.test_images)))
            subject = subject_in(dataset, True, index)
            self.show_digit(subject.image, subject.name, subject.label)

    def choose_label(self, label: int) -> None:
        """Say what the digit is."""
        self._scheduler.change(label=label)

    def _replace(self, drawing: Drawing, label: int | None, is_dragging: bool = False) -> None:
        earlier = (*self._scheduler.scene.earlier_drawings, self._scheduler.scene.drawing)
        self._scheduler.change(drawing=drawing, earlier_drawings=earlier, label=label, is_dragging=is_dragging)
