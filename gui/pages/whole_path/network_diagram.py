"""The network at work on one image: its pixels, its neurons, and what they pass on to one another."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.pages.whole_path.diagram_layout import DiagramLayout
from gui.pages.whole_path.diagram_painter import (
    FAINT,
    GAP,
    STRONG,
    DiagramPainter,
    room_below_image,
    room_beside_answers,
)
from gui.scene import Neuron, Scene
from gui.scheduler import Part, Scheduler
from gui.theme import scaled
from gui.widgets.diverging_colors import limit_of
from model.analysis.contributions import ForwardPass, forward_pass, strongest
from model.network import LAYER_SIZES

DRAWN = 50  # connections between two layers, at most
RINGS = (2, 3)  # pixels at 100 percent: around the neuron under the pointer, around the selected one


@dataclass(frozen=True, eq=False)
class Connections:
    """Some of the connections into a layer, the weakest first."""

    into: int
    sources: NDArray[np.intp]
    targets: NDArray[np.intp]
    strength: float


class NetworkDiagram(QWidget):
    """Point at a neuron to see its connections alone; a click or the arrow keys select one, Esc deselects it."""

    examined_changed = Signal()  # which neuron is examined, or what there is to say of it

    def __init__(self, scheduler: Scheduler) -> None:
        super().__init__()
        self.forward: ForwardPass | None = None
        self._scheduler = scheduler
        self._sizes: tuple[int, ...] = LAYER_SIZES
        self._limit = 1.0
        self._strongest: list[Connections] = []
        self._selected: Neuron | None = None
        self._pointed: Neuron | None = None  # in layer 0, a pixel
        self.setObjectName("networkDiagram")
        self.setAccessibleName("The network at work on this digit: arrow keys go from neuron to neuron")
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._arrange()
        self.parts = (Part(self._show_pass, ("digit", "frame")), Part(self._show_selected, ("neuron",)))

    @property
    def selected(self) -> Neuron | None:
        """The selected neuron, if the network has it."""
        return self._if_there(self._selected)

    @property
    def examined(self) -> Neuron | None:
        """The neuron (or the pixel, in layer 0) under the pointer, else the selected one."""
        return self._pointed or self.selected

    @property
    def connections(self) -> list[Connections]:
        """Those that are drawn: the strongest of all, or those of the examined neuron."""
        if self.forward is None:
            return []
        return self._strongest if self.examined is None else self._connections_of(self.forward, *self.examined)

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
        under = self._layout.under(event.position())
        if under != self._pointed:
            self._examine(under)

    def leaveEvent(self, event: QEvent) -> None:
        self._examine(None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        under = self._layout.under(event.position())
        if event.button() == Qt.MouseButton.LeftButton:
            self._select(under if under is not None and under[0] > 0 else None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Right):
            self._select(self._neighbour(key))
        elif key == Qt.Key.Key_Escape and self.selected is not None:
            self._select(None)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = DiagramPainter(QPainter(self), self._layout)
        hidden = ("neuron" if size == 1 else "neurons" for size in self._sizes[1:-1])
        painter.paint_titles(self._sizes, ["pixels", *hidden, "answers"])
        activations = [None] * len(self._sizes) if self.forward is None else self.forward.activations
        painter.paint_image(activations[0])
        for each in self.connections:
            painter.paint_connections(each.into, each.sources, each.targets, self._shares(each), each.strength)
        for layer in range(1, len(self._sizes)):
            painter.paint_neurons(layer, activations[layer])
        for neuron, width in zip((self._pointed, self.selected), RINGS, strict=True):
            if neuron is not None and neuron[0] > 0:
                painter.paint_ring(*neuron, scaled(width))
        painter.paint_answers(activations[-1])
        painter.paint_legend(None if self.forward is None else self._limit)

    def _show_pass(self, scene: Scene) -> None:
        self.forward = None if scene.image is None else forward_pass(scene.network, scene.image)
        if scene.layer_sizes != self._sizes:
            self._sizes = scene.layer_sizes
            self._arrange()
        if self.forward is not None:
            self._limit = limit_of(*self.forward.contributions)
            self._strongest = [
                Connections(layer, *strongest(contributions, DRAWN), STRONG)
                for layer, contributions in enumerate(self.forward.contributions, start=1)
            ]
        self._refresh()

    def _show_selected(self, scene: Scene) -> None:
        self._selected = scene.neuron
        self._refresh()

    def _refresh(self) -> None:
        self.update()
        self.examined_changed.emit()

    def _arrange(self) -> None:
        self._pointed = None  # what was under the pointer is elsewhere
        metrics = self.fontMetrics()
        room = QRectF(self.rect()).adjusted(1, metrics.height() + scaled(GAP) / 2, -1, -1)
        self._layout = DiagramLayout(self._sizes, room, room_below_image(metrics), room_beside_answers(metrics))

    def _connections_of(self, forward: ForwardPass, layer: int, neuron: int) -> list[Connections]:
        found = []
        if layer > 0:
            sources, _ = strongest(forward.contributions[layer - 1][:, [neuron]], DRAWN)
            found.append(Connections(layer, sources, np.full_like(sources, neuron), STRONG))
        if layer < len(forward.contributions):
            _, targets = strongest(forward.contributions[layer][[neuron]], DRAWN)
            strength = FAINT if layer > 0 else STRONG
            found.append(Connections(layer + 1, np.full_like(targets, neuron), targets, strength))
        return found

    def _shares(self, connections: Connections) -> NDArray[np.floating]:
        assert self.forward is not None
        return self.forward.contributions[connections.into - 1][connections.sources, connections.targets] / self._limit

    def _if_there(self, neuron: Neuron | None) -> Neuron | None:
        if neuron is not None and neuron[0] < len(self._sizes) and 0 <= neuron[1] < self._sizes[neuron[0]]:
            return neuron
        return None

    def _examine(self, pointed: Neuron | None) -> None:
        self._pointed = pointed
        self._refresh()

    def _select(self, neuron: Neuron | None) -> None:
        self._pointed = None if neuron else self._pointed  # the neuron is examined wherever the pointer is
        self._scheduler.change(neuron=neuron)

    def _neighbour(self, key: Qt.Key) -> Neuron:
        if self.selected is None:
            return 1, 0
        layer, neuron = self.selected
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            return self._layout.beside(layer, neuron, 1 if key == Qt.Key.Key_Right else -1)
        step = 1 if key == Qt.Key.Key_Down else -1
        return layer, min(max(neuron + step, 0), self._sizes[layer] - 1)
