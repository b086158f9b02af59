"""The card with the drawing pad, its buttons and the network's answer."""

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy

from gui.controllers import Controllers
from gui.flow.scene import Scene
from gui.flow.scheduler import Part, Urgency
from gui.panels.drawing_pad import DrawingPad
from gui.panels.prediction_over_run import PredictionOverRun
from gui.panels.prediction_view import PredictionView
from gui.theme import scaled
from gui.widgets.card import Card, button
from gui.widgets.layouts import row
from gui.widgets.numbers import with_article

# From so many pixels of height on, there is room for a plot of so many, both at 100 percent.
PLOT_HEIGHTS = ((700, 150), (560, 88))


class DrawingPanel(Card):
    """Draw a digit, or take one out of the test set, and see what the network on the screen makes of it."""

    def __init__(self, controllers: Controllers) -> None:
        super().__init__("Draw a digit")
        self.setObjectName("drawingPanel")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        drawing = controllers.drawing
        self.over_run = PredictionOverRun(controllers)
        self._pad = DrawingPad(drawing)
        self._prediction = PredictionView()
        clear_tip = "Empty the sheet. Undo brings the drawing back."
        test_tip = "Take one of the 10,000 test digits at random. No run is trained on them."
        self._clear = button("Clear", "clearDrawingButton", clear_tip, drawing.clear)
        self._undo = button("Undo", "undoDrawingButton", "Take back the last stroke.", drawing.undo)
        self._test_digit = button("A test digit", "testDigitButton", test_tip, drawing.show_test_digit)
        buttons = row(self._clear, self._undo, self._test_digit)
        self.add((self._pad, 1), buttons, self._prediction, self.over_run)
        self.parts = (
            *self._pad.parts,
            *self._prediction.parts,
            Part(self._describe, ("drawing", "label", "dataset"), Urgency.PEN),
        )
        controllers.scheduler.add(self.over_run, self.over_run.parts)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        plot_height = next((height for room, height in PLOT_HEIGHTS if self.height() >= scaled(room)), 0)
        self.over_run.setVisible(plot_height > 0)
        self.over_run.setFixedHeight(scaled(plot_height))

    def _describe(self, scene: Scene) -> None:
        self._clear.setEnabled(not scene.drawing.is_empty)
        self._undo.setEnabled(bool(scene.earlier_drawings))
        self._test_digit.setEnabled(scene.dataset is not None)
        source, label = scene.drawing.source, scene.label
        self.explain(source if label is None or not source else f"{source}: {with_article(label)}")
