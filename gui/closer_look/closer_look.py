"""The window behind “Look closer”."""

from collections.abc import Callable
from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QTabWidget, QVBoxLayout, QWidget

from gui.closer_look.lesson import Lesson
from gui.drawing.drawing_pad import Drawing
from gui.my_digits.my_digits_page import MyDigitsPage
from gui.notice import Notice
from gui.page import Page, Subject
from gui.pixels.pixels_page import PixelsPage
from gui.theme import Theme
from gui.trick.trick_page import TrickPage
from gui.whole_path.path_page import PathPage
from model.history import Frame

SIZE = (980, 700)


class CloserLook(QDialog):
    """A function of the frame and of the digit on the pad, like the views of the window; it may stay open."""

    opened = Signal()
    digit_edited = Signal(object)  # (28, 28) float32: the digit with a pixel changed
    lesson_requested = Signal(object, int, int)  # the digit, (28, 28); its label; how many updates
    keep_requested = Signal(object, int)  # the digit, and its label
    neuron_selected = Signal(int)  # of the first layer, by the user

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._frame: Frame | None = None
        self._drawing = Drawing()
        self._digit: NDArray[np.float32] | None = None
        self.pixels = PixelsPage()
        self.path = PathPage()
        self.trick = TrickPage()
        self.lesson = Lesson()
        self.my_digits = MyDigitsPage()
        self.notice = Notice("closerLookNotice")
        self._pages: dict[str, Page] = {
            "Pen and pixels": self.pixels,
            "The whole path": self.path,
            "Trick it": self.trick,
            "My digits": self.my_digits,
        }
        self.setWindowTitle("A Closer Look")
        self.setObjectName("closerLook")
        self._build()
        self.pixels.digit_edited.connect(self._edit)
        self.path.diagram.neuron_let_go.connect(self._let_go)
        self.lesson.requested.connect(self._request_lesson)
        self.lesson.keep_requested.connect(self._request_keep)
        self.path.diagram.neuron_selected.connect(self._select)
        self.pixels.neurons.neuron_selected.connect(lambda neuron: self._select(1, neuron))
        # The bars in the window are painted first: they follow the pen.
        self._is_editing = False
        self._is_stale = False
        self._parts: list[Callable[[], None]] = []  # that are still to be shown
        self._working = QTimer(self, interval=0)
        self._working.timeout.connect(self._go_on)
        self._tabs.currentChanged.connect(self._refresh)
        self.resize(*SIZE)

    @property
    def is_at_rest(self) -> bool:
        """Whether everything is shown."""
        return not self._working.isActive()

    def show_frame(self, frame: Frame) -> None:
        """Ask the network of a frame."""
        self._frame = frame
        self._refresh_later()

    def show_drawing(self, drawing: Drawing) -> None:
        """Take in how the digit that follows was drawn."""
        if not (self._is_editing or drawing.continues(self._drawing)):
            self.lesson.forget_label()
        self._drawing = drawing

    def show_digit(self, digit: NDArray[np.float32] | None) -> None:
        """Look at a digit, (28, 28), or at none."""
        self._digit = digit
        self.lesson.show_digit(digit is not None)
        self._refresh_later()

    def apply_theme(self, theme: Theme) -> None:
        """Take on the colours of a theme."""
        for page in self._pages.values():
            page.apply_theme(theme)

    def select_neuron(self, neuron: int) -> None:
        """Mark a neuron of the first layer, counted from 0, wherever it is seen."""
        self.path.diagram.select(1, neuron)
        self.pixels.neurons.mark(neuron)

    def look(self) -> None:
        """Open, or come to the front."""
        self.show()
        self.raise_()
        self.activateWindow()

    def warn(self, sentence: str) -> None:
        """Say what went wrong, if somebody is here to read it."""
        if self.isVisible():
            self.notice.say(sentence)

    def showEvent(self, event: QShowEvent) -> None:
        self._refresh_later()
        self.opened.emit()

    def _build(self) -> None:
        self._tabs = QTabWidget()
        self._tabs.setObjectName("closerLookTabs")
        self._tabs.tabBar().setAccessibleName("Pages of the closer look")
        self._tabs.setDocumentMode(True)
        for title, page in self._pages.items():
            self._tabs.addTab(page, title)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 12, 12)
        layout.setSpacing(10)
        layout.addWidget(self.notice)
        layout.addWidget(self._tabs, 1)
        layout.addWidget(self.lesson)

    def _refresh_later(self) -> None:
        if self.isVisible():
            self._is_stale = True
            self._working.start()

    def _go_on(self) -> None:
        """Show the next part; what is begun is finished before a newer subject is shown."""
        if not self._parts and self._is_stale:
            self._parts = self._all_parts()
        if self._parts:
            self._parts.pop(0)()
        else:
            self._working.stop()

    def _refresh(self) -> None:
        """Show all parts of the page at once."""
        for part in self._all_parts():
            part()
        self._parts = []

    def _all_parts(self) -> list[Callable[[], None]]:
        self._is_stale = False
        if self._frame is None:
            return []
        page = list(self._pages.values())[self._tabs.currentIndex()]
        subject = Subject(self._frame, self._digit, self._drawing.strokes)
        return [partial(part, subject) for part in page.parts()]

    def _select(self, layer: int, neuron: int) -> None:
        if layer == 1:
            self.select_neuron(neuron)
            self.neuron_selected.emit(neuron)
        if self._frame is not None and layer == len(self._frame.network.weights):
            self.pixels.choose(neuron)

    def _let_go(self) -> None:
        self.pixels.neurons.mark(None)
        self.pixels.choose(None)

    def _edit(self, digit: NDArray[np.float32]) -> None:
        """It is still the same digit, of the same label."""
        self._is_editing = True
        self.digit_edited.emit(digit)
        self._is_editing = False

    def _request_lesson(self, label: int, updates: int) -> None:
        if self._digit is not None:
            self.lesson_requested.emit(self._digit, label, updates)

    def _request_keep(self, label: int) -> None:
        if self._digit is not None:
            self.keep_requested.emit(self._digit, label)
