"""A sheet to draw a digit on, with mouse, pen or finger."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
    QTransform,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.flow.drawing import Drawing
from gui.flow.drawing_controller import DrawingController
from gui.flow.scene import Scene
from gui.flow.scheduler import Part, Urgency
from gui.flow.strokes import PEN_WIDTH, SHEET, Stroke, paint
from gui.theme import scaled, theme
from gui.widgets.card import named
from gui.widgets.digit_picture import ink_image

SHORTEST = 1.0  # between two points of a stroke, in units of the sheet
SMALLEST = 120  # pixels, at 100 percent
CORNER = 8


class DrawingPad(QWidget):
    """Shows the drawing of the scene, and changes it with every move of the pen."""

    def __init__(self, controller: DrawingController) -> None:
        super().__init__()
        self._controller = controller
        self._drawing = Drawing()
        self._pen_down = False
        self._seen = QPixmap()
        tip = "Draw a digit here with mouse, pen or finger; the answer follows. Delete empties it."
        named(self, "drawingPad", "Drawing pad", tip)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.parts = (
            Part(self._show, ("drawing",), Urgency.PEN),
            Part(self._repaint, ("theme",)),
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._controller.clear()
        else:
            super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        return QSize(SHEET, SHEET)

    def minimumSizeHint(self) -> QSize:
        return QSize(scaled(SMALLEST), scaled(SMALLEST))

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.setMaximumHeight(max(self.width(), scaled(SMALLEST)))
        self._paint_all()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._sheet().contains(event.position()):
            self._pen_down = True
            self._controller.start_stroke(self._on_sheet(event.position()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pen_down:
            point = self._on_sheet(event.position())
            if (point - self._drawing.strokes[-1][-1]).manhattanLength() >= SHORTEST:
                self._controller.continue_stroke(point)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._lift_pen()

    def hideEvent(self, event: QHideEvent) -> None:
        self._lift_pen()  # nobody would tell of its release

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._seen.devicePixelRatio() != self.devicePixelRatioF():  # the window is on another screen
            self._paint_all()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        sheet = self._sheet()
        painter.setPen(QPen(QColor(theme().hairline), 1))
        painter.setBrush(QColor(theme().paper))
        painter.drawRoundedRect(sheet.adjusted(0.5, 0.5, -0.5, -0.5), CORNER, CORNER)
        if self._drawing.is_empty:
            painter.setPen(QColor(theme().secondary_text))
            painter.drawText(sheet, Qt.AlignmentFlag.AlignCenter, "Draw a digit here")
        elif self._drawing.pixels is not None:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
            painter.drawImage(sheet.adjusted(6, 6, -6, -6), ink_image(self._drawing.pixels))
        else:
            painter.drawPixmap(sheet.topLeft(), self._seen)
        if self.hasFocus():
            painter.setPen(QPen(QColor(theme().accent), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(sheet.adjusted(0.5, 0.5, -0.5, -0.5), CORNER, CORNER)

    def _lift_pen(self) -> None:
        if self._pen_down:
            self._pen_down = False
            self._controller.end_stroke()
            self._paint_all()  # in one line, without the seams of its pieces
            self.update()

    def _show(self, scene: Scene) -> None:
        before, self._drawing = self._drawing, scene.drawing
        if self._pen_down and before.strokes and len(before.strokes) == len(self._drawing.strokes):
            # However long the stroke grows, its next piece costs the same.
            self._paint([self._drawing.strokes[-1][-2:]])
        else:
            self._paint_all()
        self.update()

    def _repaint(self, scene: Scene) -> None:
        self._paint_all()
        self.update()

    def _paint_all(self) -> None:
        ratio = self.devicePixelRatioF()
        self._seen = QPixmap(self._sheet().size().toSize() * ratio)
        self._seen.setDevicePixelRatio(ratio)
        self._seen.fill(Qt.GlobalColor.transparent)
        self._paint(self._drawing.strokes)

    def _paint(self, strokes: Sequence[Stroke]) -> None:
        """Add strokes, or pieces of one."""
        scale = self._sheet().width() / SHEET
        paint(self._seen, strokes, QColor(theme().text), PEN_WIDTH, QTransform.fromScale(scale, scale))

    def _sheet(self) -> QRectF:
        side = min(self.width(), self.height())
        return QRectF((self.width() - side) / 2, (self.height() - side) / 2, side, side)

    def _on_sheet(self, position: QPointF) -> QPointF:
        sheet = self._sheet()
        return (position - sheet.topLeft()) * (SHEET / sheet.width())
