"""The network at work on one image: its pixels, its neurons, and what they pass on to one another."""

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.flow.scene import Neuron, Scene
from gui.flow.scheduler import Part, Scheduler
from gui.pages.whole_path.diagram_layout import ROOMIEST_PITCH, DiagramLayout
from gui.pages.whole_path.diagram_painter import FAINT, GAP, LEGEND_LINES, STRONG, Connections, DiagramPainter
from gui.theme import scaled
from gui.widgets.card import named
from gui.widgets.diverging_colors import limit_of
from gui.widgets.focus import paint_focus
from gui.widgets.probability_bars import ProbabilityBars
from model.analysis.contributions import ForwardPass, forward_pass, strongest
from model.network import LAYER_SIZES

DRAWN = 50  # connections between two layers, at most
EVERY = slice(0, None)
# Pixels at 100 percent
BARS = 150  # wide: the probabilities beside the last layer
RINGS = (2, 3)  # around the neuron under the pointer, around the selected one


class NetworkDiagram(QWidget):
    """Point at a neuron to see its connections alone; a click or the arrow keys select one, Esc deselects it."""

    def __init__(self, scheduler: Scheduler, examine: Callable[[ForwardPass | None, Neuron | None], None]) -> None:
        """`examine` is called when another neuron is examined, or when there is something else to say of it."""
        super().__init__()
        self.forward: ForwardPass | None = None
        self._scheduler = scheduler
        self._examine = examine
        self._sizes: tuple[int, ...] = LAYER_SIZES
        self._pointed: Neuron | None = None  # in layer 0, a pixel
        self._bars = ProbabilityBars("pathBars", ROOMIEST_PITCH)
        self._bars.setParent(self)
        self._bars.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        named(self, "networkDiagram", "The network at work on this digit: arrow keys go from neuron to neuron")
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._arrange()
        self.parts = (Part(self._show, ("digit", "network", "neuron")),)

    @property
    def selected(self) -> Neuron | None:
        """The selected neuron, if the network has it."""
        layer, neuron = self._scheduler.scene.neuron or (0, 0)
        return (layer, neuron) if 0 < layer < len(self._sizes) and neuron < self._sizes[layer] else None

    @property
    def examined(self) -> Neuron | None:
        """The neuron (or the pixel, in layer 0) under the pointer, else the selected one."""
        return self._pointed or self.selected

    @property
    def connections(self) -> list[Connections]:
        """Those that are drawn: the strongest of all, or those of the examined neuron."""
        if self.forward is None:
            return []
        if self.examined is None:
            return [self._strongest(self.forward, into) for into in range(1, len(self._sizes))]
        layer, neuron = self.examined
        only, found = slice(neuron, neuron + 1), []
        if layer > 0:
            found.append(self._strongest(self.forward, layer, targets=only))
        if layer < len(self._sizes) - 1:
            found.append(self._strongest(self.forward, layer + 1, only, strength=FAINT if layer > 0 else STRONG))
        return found

    def place_of(self, layer: int, neuron: int) -> QPointF:
        """Where on the widget a neuron is, or, in layer 0, a pixel."""
        return self._layout.place_of(layer, neuron)

    def sizeHint(self) -> QSize:
        return QSize(scaled(900), scaled(420))

    def minimumSizeHint(self) -> QSize:
        return QSize(scaled(420), scaled(260))

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._arrange()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._point(self._layout.under(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        self._point(None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        under = self._layout.under(event.position())
        if event.button() == Qt.MouseButton.LeftButton:
            self._scheduler.change(neuron=under if under is not None and under[0] > 0 else None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Right):
            self._point(None)  # the neuron is examined wherever the pointer is
            self._scheduler.change(neuron=self._neighbour(key))
        elif key == Qt.Key.Key_Escape and self.selected is not None:
            self._scheduler.change(neuron=None)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, forward = DiagramPainter(self, self._layout), self.forward
        largest = None if forward is None else limit_of(*forward.contributions)
        painter.paint_titles()
        painter.paint_image(None if forward is None else forward.activations[0])
        for each in self.connections:
            painter.paint_connections(each, largest or 1)
        for layer, size in enumerate(self._sizes[1:], start=1):
            painter.paint_neurons(layer, np.zeros(size) if forward is None else forward.activations[layer])
        for neuron, width in zip((self._pointed, self.selected), RINGS, strict=True):
            if neuron is not None and neuron[0] > 0:
                painter.paint_ring(*neuron, scaled(width))
        painter.paint_legend(largest)
        paint_focus(painter, self)

    def _show(self, scene: Scene) -> None:
        self.forward = None if scene.image is None else forward_pass(scene.network, scene.image)
        if scene.layer_sizes != self._sizes:
            self._sizes = scene.layer_sizes
            self._arrange()
        self._bars.show_probabilities(None if self.forward is None else self.forward.activations[-1])
        self._refresh()

    def _refresh(self) -> None:
        self.update()
        self._examine(self.forward, self.examined)

    def _arrange(self) -> None:
        self._pointed = None  # what was under the pointer is elsewhere
        line, gap, bars = self.fontMetrics().height(), scaled(GAP), scaled(BARS)
        room = QRectF(self.rect()).adjusted(1, line + gap / 2, -1, -1)
        self._layout = DiagramLayout(self._sizes, room, LEGEND_LINES * line + 2 * gap, bars)
        answers = self._layout.layers[-1]
        left = answers.box.center().x() + answers.radius + gap
        self._bars.setGeometry(QRectF(answers.box).adjusted(left - answers.box.left(), 0, bars, 0).toRect())

    def _strongest(
        self, forward: ForwardPass, into: int, sources: slice = EVERY, targets: slice = EVERY, strength: float = STRONG
    ) -> Connections:
        contributions = forward.contributions[into - 1][sources, targets]
        rows, columns = strongest(contributions, DRAWN)
        values = contributions[rows, columns]
        return Connections(into, rows + sources.start, columns + targets.start, values, strength)

    def _point(self, neuron: Neuron | None) -> None:
        if neuron != self._pointed:
            self._pointed = neuron
            self._refresh()

    def _neighbour(self, key: Qt.Key) -> Neuron:
        if self.selected is None:
            return 1, 0
        layer, neuron = self.selected
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            return self._layout.beside(layer, neuron, 1 if key == Qt.Key.Key_Right else -1)
        step = 1 if key == Qt.Key.Key_Down else -1
        return layer, min(max(neuron + step, 0), self._sizes[layer] - 1)
