"""The page My digits: the user's own digits, and how well the network reads them."""

from collections.abc import Iterator
from functools import partial

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSizePolicy, QStackedWidget

from gui.controllers import Controllers
from gui.flow.scene import Scene
from gui.flow.scheduler import Outcome, Part
from gui.pages.my_digits.digits_list import DigitsList
from gui.pages.my_digits.handwriting_view import HandwritingView
from gui.pages.my_digits.keep_card import KeepCard
from gui.pages.page import Page
from gui.widgets.card import Card, label, small_button
from gui.widgets.dropped_files import accept_copy, code_among, files_among
from gui.widgets.layouts import STRETCH, FoldingRow, column, row
from gui.widgets.numbers import counted
from model.dataset import as_floats
from model.digit_image import SIDE
from model.network import Network
from model.storage.own_digits import OwnDigit

WORK_AT_A_TIME = 2**24  # multiply-adds, about a millisecond: 600 digits for the network of 784 → 32 → 32 → 10

NOTHING_YET = (
    "Draw a digit on the pad, and say above what it is.\n\n"
    "Or import images, a digit each, dark on light or light on dark.\n"
    "A name such as 7.png says what the digit is."
)
HOW_TO_LABEL = "Choose digits and press 0 to 9 to say what they are, or Delete."


class MyDigitsPage(Page):
    """Keep digits, import, correct and export them, and see how a network does on them."""

    title = "My digits"
    asks_network = True

    def __init__(self, controllers: Controllers) -> None:
        super().__init__(controllers)
        self._asking: Iterator[Outcome] | None = None
        self._asked: object = None
        keep = KeepCard(controllers)
        self._list = DigitsList(controllers)
        self.handwriting = HandwritingView(controllers)
        self._nothing_yet = label(NOTHING_YET, "secondary", wrap=True)
        self._nothing_yet.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._views = QStackedWidget()
        self._views.addWidget(self._nothing_yet)
        self._views.addWidget(self._list)
        self._report = label("", "secondary", name="myDigitsLabel")
        self._report.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._card = Card("", "", (self._views, 1), self._report, self._build_buttons())
        self.setLayout(column(keep, (FoldingRow((self._card, 3), (self.handwriting, 2)), 1), spacing=10))
        self.setAcceptDrops(True)
        self._list.selectionModel().selectionChanged.connect(self._update_enabled)
        self._update_enabled()
        self.parts = (
            Part(lambda _: controllers.own_digits.open(), ("page",)),
            *keep.parts,
            *self._list.parts,
            Part(self._predict, ("own_digits", "network")),
            Part(self._describe, ("own_digits", "own_digits_report", "can_undo_own_digits")),
            *self.handwriting.parts,
        )

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        urls = event.mimeData().urls()
        if files_among(urls) and not code_among(urls):
            accept_copy(event)
        else:
            event.ignore()

    def dropEvent(self, event: QDropEvent) -> None:
        accept_copy(event)
        self.controllers.digit_import.import_files(files_among(event.mimeData().urls()))

    def _build_buttons(self) -> QHBoxLayout:
        tip = "Say what the chosen digits are, as do the keys 0 to 9."
        self._is_a = small_button("Label as …", "relabelButton", tip)
        menu = QMenu(self._is_a)
        for digit in range(10):
            menu.addAction(str(digit), partial(self._list.relabel, digit))
        self._is_a.setMenu(menu)
        tip = "Look at the chosen digit on all pages. Enter does the same."
        self._to_pad = small_button("Put on the pad", "ownDigitToPadButton", tip, self._list.show_on_pad)
        tip = "Take the chosen digits out of the collection."
        self._delete = small_button("Delete", "deleteDigitsButton", tip, self._list.delete)
        tip = "Take back the last change of the collection."
        self._undo = small_button("Undo change", "undoDigitsButton", tip, self.controllers.own_digits.undo)
        return row(self._is_a, self._to_pad, self._delete, self._undo, STRETCH)

    def _predict(self, scene: Scene) -> Outcome | None:
        """Whatever changes meanwhile, a network is asked to the end: else, of many in a row, none would be shown."""
        current = scene.network, scene.own_digits
        if self._asking is None:
            self._asking, self._asked = self._ask_all(*current), current
        if next(self._asking, None) is None:
            self._asking = None
        return None if self._asking is None and self._asked == current else Outcome.UNFINISHED

    def _ask_all(self, network: Network, digits: tuple[OwnDigit, ...]) -> Iterator[Outcome]:
        """Steps of about a millisecond, until all digits are asked and the answers shown."""
        images = np.frombuffer(b"".join(digit.pixels for digit in digits), np.uint8).reshape(-1, SIDE**2)
        probabilities = np.empty((len(digits), network.layer_sizes[-1]), network.dtype)
        at_a_time = max(1, WORK_AT_A_TIME // network.weight_count)
        for start in range(0, len(digits), at_a_time):
            some = slice(start, start + at_a_time)
            probabilities[some] = network.predict(as_floats(images[some], network.dtype))
            yield Outcome.UNFINISHED
        self._list.show_predictions(digits, probabilities)
        self.handwriting.show_predictions(digits, probabilities.argmax(axis=1))

    def _describe(self, scene: Scene) -> None:
        count = len(scene.own_digits)
        self._views.setCurrentWidget(self._list if count else self._nothing_yet)
        self._card.set_title(counted(count, "digit") if count else "Your digits", "mistakes in orange" if count else "")
        self._report.setText(scene.own_digits_report or HOW_TO_LABEL)
        self._undo.setEnabled(scene.can_undo_own_digits)

    def _update_enabled(self) -> None:
        count = len(self._list.selected)
        self._to_pad.setEnabled(count == 1)
        self._is_a.setEnabled(count > 0)
        self._delete.setEnabled(count > 0)
