"""The picture of an update: point at a number to see where it comes from and where it goes."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QFontMetricsF,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from gui.flow.scene import KeptNumber
from gui.flow.scheduler import Scheduler
from gui.pages.one_update.block import Block
from gui.pages.one_update.update_layout import PICTURES, TABLE, UpdateLayout, height_for
from gui.pages.one_update.update_painter import UpdatePainter, counts_of, picture_font, titles_of
from gui.theme import scaled, theme
from gui.widgets.card import named
from gui.widgets.focus import paint_focus
from gui.widgets.plain_text import plain
from model.analysis.derivation import Kind, Number, exists, sources_of, targets_of
from model.analysis.single_update import Update

ARROWS = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Right)
# Pixels at 100 percent
NARROWEST, ROOMY = 320, (760, 420)
MARGIN, SENTENCE_MARGIN, BELOW_SENTENCE, DEEPEST_SENTENCE = 3, 40, 14, 300
WRAPPED = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
SELECTING = (Kind.PRE_ACTIVATION, Kind.ACTIVATION, Kind.PROBABILITY, Kind.DELTA)  # and matrices: they are of a neuron


class UpdateDiagram(QWidget):
    """A click or an arrow key keeps a number, Esc deselects it."""

    arranged = Signal()  # there is other room for the outcome

    def __init__(self, scheduler: Scheduler, examine: Callable[[], None]) -> None:
        """`examine` is called when another number is examined."""
        super().__init__()
        self._scheduler = scheduler
        self._examine = examine
        self._update: Update | None = None
        self._other: Update | None = None
        self._matrix = Kind.GRADIENT
        self._neuron = 0
        self._sentence = ""
        self._pointer: QPointF | None = None
        self._pointed: KeptNumber | None = None
        self._layout: UpdateLayout | None = None
        self._picture: QPixmap | None = None  # as long as it is still true
        self._arranged_for: object = None
        named(self, "updateDiagram", "The numbers of one update: arrow keys go from number to number")
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    @property
    def shows_all_matrices(self) -> bool:
        """Whether there is room for gradients, weights before, changes and weights after side by side."""
        return self._layout is not None and len(self._layout.matrices) > 1

    @property
    def examined(self) -> tuple[Update, Number, bool] | None:
        """The number under the pointer, else the one that was kept, its update, and whether that is the other."""
        kept = self._pointed or self._kept
        update = self._other if kept and kept[1] else self._update
        return (update, *kept) if kept and update is not None else None

    @property
    def sentence(self) -> str:
        """What to do to see an update, where none is shown."""
        return self._sentence if self._update is None else ""

    @property
    def outcome_place(self) -> QRect:
        """Where there is room for what the update changes: beside the weights, or in the middle below the sentence."""
        if self._layout is not None:
            return self._layout.outcome.toRect()
        side = max(0, self.width() - scaled(TABLE)) // 2
        return self.rect().adjusted(side, self._sentence_place.bottom() + scaled(BELOW_SENTENCE), -side, 0)

    def not_shown(self, update: Update, number: Number, is_other: bool) -> tuple[list[Kind], bool]:
        """What a number comes from or goes to without being on the screen.

        The kinds of matrices that another button shows, and whether a click shows those of its own neuron.
        """
        assert self._layout is not None
        shown, around = self._layout.matrices, (*sources_of(update, number), *targets_of(update, number))
        hidden = [each for each in around if each.kind.is_matrix and not self._layout.places_of(each, is_other)]
        kinds = dict.fromkeys(each.kind for each in hidden if each.kind not in shown)
        is_of_first = any(each.kind in shown and each.layer == 1 for each in hidden)
        return list(kinds), is_of_first and self._selects(number, is_other)

    def place_of(self, number: Number, is_other: bool = False) -> QRectF:
        """Where on the widget a number is; an empty rectangle if it is not shown."""
        found = self._layout.find(number, is_other) if self._layout else None
        return found[0].rectangle(found[1]) if found else QRectF()

    def show_update(
        self,
        update: Update,
        other: Update | None = None,
        matrix: Kind = Kind.GRADIENT,
        neuron: int = 0,
    ) -> None:
        """Show an update, and beside it δ and the matrices of another one."""
        self._update, self._other = update, other
        self._matrix, self._neuron, self._picture = matrix, neuron, None
        self._arrange()
        self._refresh()

    def show_nothing(self, sentence: str) -> None:
        """Say what to do to see an update."""
        self._update, self._layout, self._sentence = None, None, sentence
        self._pointed = None
        self._arrange()
        self._refresh()

    def _refresh(self) -> None:
        """Show what is examined."""
        self.update()
        self._examine()

    def sizeHint(self) -> QSize:
        return QSize(*map(scaled, ROOMY))

    def minimumSizeHint(self) -> QSize:
        return QSize(scaled(NARROWEST), scaled(PICTURES))  # at any width, at least

    def heightForWidth(self, width: int) -> int:
        return height_for(width)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._arrange()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        self._picture = None
        self._arrange()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._pointer = event.position()
        self._point(self._under_pointer())

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            found = self._layout.under(QPointF(event.pos())) if self._layout else None
            QToolTip.showText(event.globalPos(), self._describe(found[0]) if found else "", self)
            return True
        return super().event(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._pointer = None
        self._point(None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.mouseMoveEvent(event)
        if event.button() == Qt.MouseButton.LeftButton and self._update is not None:
            self._keep(self._pointed)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in ARROWS and self._layout is not None:
            self._pointer = self._pointed = None  # the number is examined wherever the pointer is
            self._keep(self._neighbour(key))
        elif key == Qt.Key.Key_Escape and self._kept is not None:
            self._keep(None)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._update is None or self._layout is None:
            painter = QPainter(self)
            painter.setPen(theme().secondary_text)
            painter.drawText(self._sentence_place, WRAPPED, self._sentence)
            return
        if self._picture is None:
            self._picture = self._painted(self._layout, self._update)
        painter = UpdatePainter(self, self.font(), self._layout, self._update, self._other)
        painter.drawPixmap(0, 0, self._picture)
        if self.examined is not None:
            update, number, is_other = self.examined
            painter.paint_rings(sources_of(update, number), is_other, theme().training, Qt.PenStyle.SolidLine)
            painter.paint_rings(targets_of(update, number), is_other, theme().compared, Qt.PenStyle.DashLine)
            painter.paint_rings([number], is_other, theme().text, Qt.PenStyle.SolidLine)
        paint_focus(painter, self)

    def _painted(self, layout: UpdateLayout, update: Update) -> QPixmap:
        """All but what is framed, which follows the pointer."""
        ratio = self.devicePixelRatio()
        picture = QPixmap((QSizeF(self.size()) * ratio).toSize())
        picture.setDevicePixelRatio(ratio)
        picture.fill(Qt.GlobalColor.transparent)
        painter = UpdatePainter(picture, picture_font(self), layout, update, self._other)
        painter.paint_all()
        painter.end()
        return picture

    @property
    def _kept(self) -> KeptNumber | None:
        """The number that the scene keeps, if there is such a one."""
        kept = self._scheduler.scene.kept_number
        if kept is None or self._update is None:
            return None
        update = self._other if kept[1] else self._update
        return kept if update is not None and exists(kept[0], update.network.layer_sizes) else None

    @property
    def _sentence_place(self) -> QRect:
        """Above the middle, or higher where that may be out of sight; there is room for what stands below."""
        margin, bottom = scaled(SENTENCE_MARGIN), min(self.height() // 2, scaled(DEEPEST_SENTENCE))
        room = QRect(margin, 0, self.width() - 2 * margin, bottom)
        needed = self.fontMetrics().boundingRect(room, WRAPPED, self._sentence).height()
        return QRect(margin, max(0, bottom - needed), room.width(), needed)

    def _arrange(self) -> None:
        """Place everything, if anything that matters for it has changed."""
        update, line = self._update, QFontMetricsF(picture_font(self)).height() + 1
        sizes = update.network.layer_sizes if update else ()
        other = self._other.network.layer_sizes if update and self._other else ()
        key = (sizes, other, self.size().toTuple(), line, self._neuron, self._matrix, self.sentence)
        if key == self._arranged_for:
            return
        self._arranged_for, self._picture = key, None
        if update is not None:
            room = QRectF(self.rect()).adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN)
            self._layout = UpdateLayout(sizes, room, line, self._neuron, self._matrix, other)
            self._pointed = self._under_pointer()
        self.arranged.emit()

    def _under_pointer(self) -> KeptNumber | None:
        found = self._layout.under(self._pointer) if self._layout and self._pointer else None
        number = found[0].number_at(found[1]) if found else None
        return (number, found[0].is_other) if found and number else None

    def _describe(self, block: Block) -> str:
        """What a block is, in full."""
        counts, title = counts_of(block), titles_of(block)[0]
        return plain(f"{title}\nThere is room for {counts} here." if counts else title)

    def _point(self, number: KeptNumber | None) -> None:
        if number != self._pointed:
            self._pointed = number
            self._refresh()

    def _keep(self, number: KeptNumber | None) -> None:
        """Keep a number; of the first layer its neuron is the one whose weights are shown."""
        fields: dict[str, object] = {"kept_number": number}
        if number is not None and self._selects(*number):
            fields["neuron"] = (1, number[0].neuron)
        self._scheduler.change(**fields)
        self._refresh()

    def _selects(self, number: Number, is_other: bool) -> bool:
        """Whether a number stands for a neuron of the first layer of the network that is shown."""
        return number.layer == 1 and not is_other and (number.kind.is_matrix or number.kind in SELECTING)

    def _neighbour(self, key: Qt.Key) -> KeptNumber | None:
        assert self._layout is not None
        found = self._layout.find(*self._kept) if self._kept else None
        if found is None:
            block, place = self._layout.blocks[0], (0, 0)
        else:
            block, place = self._layout.beside(*found, key)
        number = block.number_at(place)
        return None if number is None else (number, block.is_other)
