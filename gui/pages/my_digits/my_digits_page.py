"""The page My digits: the user's own digits, and how well the network reads them."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QMenu, QSizePolicy, QStackedWidget, QVBoxLayout

from gui.controllers import Controllers
from gui.pages.my_digits.digits_list import DigitsList
from gui.pages.my_digits.handwriting_view import HandwritingView
from gui.pages.my_digits.keep_card import KeepCard
from gui.pages.page import Page
from gui.scene import Scene
from gui.scheduler import Outcome, Part
from gui.theme import scaled
from gui.widgets.card import Card, label, small_button
from model.dataset import as_floats
from model.digit_image import SIDE
from model.network import Network
from model.storage.own_digits import OwnDigit

WORK_AT_A_TIME = 2**24  # multiply-adds, about a millisecond: 600 digits for the network of 784 → 32 → 32 → 10

# Pixels of width, at 100 percent
SMALLEST = 440
SIDE_BY_SIDE = 660  # from where on the cards have room beside one another

NOTHING_YET = (
    "Draw a digit on the pad, and say above what it is.\n\n"
    "Or import images, a digit each, dark on light or light on dark.\n"
    "A name such as 7.png says what the digit is."
)
HOW_TO_LABEL = "Choose digits and press 0 to 9 to say what they are, or Delete."


class MyDigitsPage(Page):
    """Keep digits, import, correct and export them, and see how a network does on them."""

    title = "My digits"

    def __init__(self, controllers: Controllers) -> None:
        super().__init__(controllers)
        self._asking: Iterator[Outcome] | None = None
        self._asked: tuple[object, object] = None, None
        self._keep = KeepCard(controllers)
        self._list = DigitsList(controllers)
        self.handwriting = HandwritingView(controllers)
        self.setAcceptDrops(True)
        self._build()
        self._list.chosen.connect(self._update_enabled)
        self._update_enabled()
        self.parts = (
            Part(self._open, ("page",)),
            *self._keep.parts,
            *self._list.parts,
            Part(self._predict, ("own_digits", "frame")),
            Part(self._describe, ("own_digits", "own_digits_report", "can_undo_own_digits")),
            *self.handwriting.parts,
        )

    def minimumSizeHint(self) -> QSize:
        return QSize(scaled(SMALLEST), super().minimumSizeHint().height())

    def heightForWidth(self, width: int) -> int:
        """The least that it needs, not what it would like: no page scrolls that has room enough."""
        layout = self.layout()
        assert layout is not None
        return layout.minimumHeightForWidth(width)

    def resizeEvent(self, event: QResizeEvent) -> None:
        is_wide = self.width() >= scaled(SIDE_BY_SIDE)
        self._cards.setDirection(QBoxLayout.Direction.LeftToRight if is_wide else QBoxLayout.Direction.TopToBottom)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _files_in(event):
            _accept_copy(event)

    def dropEvent(self, event: QDropEvent) -> None:
        _accept_copy(event)
        self.controllers.own_digits.import_files(_files_in(event))

    def _build(self) -> None:
        self._card = Card("", " ")
        nothing_yet = label(NOTHING_YET, "secondary", wrap=True)
        nothing_yet.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._views = QStackedWidget()
        self._views.addWidget(nothing_yet)
        self._views.addWidget(self._list)
        self._report = label(HOW_TO_LABEL, "secondary")
        self._report.setObjectName("myDigitsLabel")
        self._report.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._card.body.addWidget(self._views, 1)
        self._card.body.addWidget(self._report)
        self._card.body.addLayout(self._build_buttons())
        self._cards = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._cards.setSpacing(10)
        self._cards.addWidget(self._card, 3)
        self._cards.addWidget(self.handwriting, 2)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        layout.addWidget(self._keep)
        layout.addLayout(self._cards, 1)

    def _build_buttons(self) -> QHBoxLayout:
        self._is_a = small_button(
            "It is a …", "relabelButton", "Say what the chosen digits are, as do the keys 0 to 9."
        )
        menu = QMenu(self._is_a)
        for digit in range(10):
            menu.addAction(str(digit), partial(self._list.relabel, digit))
        self._is_a.setMenu(menu)
        self._to_pad = small_button(
            "Put on the pad", "ownDigitToPadButton", "Look at the chosen digit on all pages. Enter does the same."
        )
        self._delete = small_button("Delete", "deleteDigitsButton", "Take the chosen digits out of the collection.")
        self._undo = small_button("Undo change", "undoDigitsButton", "Take back the last change of the collection.")
        row = QHBoxLayout()
        row.setSpacing(6)
        for each in (self._is_a, self._to_pad, self._delete, self._undo):
            row.addWidget(each)
        row.addStretch()
        self._to_pad.clicked.connect(self._list.show_on_pad)
        self._delete.clicked.connect(self._list.delete)
        self._undo.clicked.connect(self.controllers.own_digits.undo)
        return row

    def _open(self, scene: Scene) -> None:
        self.controllers.own_digits.open()

    def _predict(self, scene: Scene) -> Outcome | None:
        """Whatever changes meanwhile, a network is asked to the end: else, of many in a row, none would be shown."""
        network, digits = scene.network, scene.own_digits
        if self._asking is None:
            self._asking, self._asked = self._ask_all(network, digits), (network, digits)
        if next(self._asking, None) is not None:
            return Outcome.UNFINISHED
        self._asking = None
        is_current = self._asked[0] is network and self._asked[1] is digits
        return None if is_current else Outcome.UNFINISHED

    def _ask_all(self, network: Network, digits: tuple[OwnDigit, ...]) -> Iterator[Outcome]:
        """Steps of about a millisecond, until all digits are asked and the answers shown."""
        images = np.frombuffer(b"".join(digit.pixels for digit in digits), np.uint8).reshape(-1, SIDE**2)
        probabilities = np.empty((len(digits), network.layer_sizes[-1]), network.dtype)
        at_a_time = max(1, WORK_AT_A_TIME // network.weight_count)
        for start in range(0, len(digits), at_a_time):
            if start:
                yield Outcome.UNFINISHED
            some = slice(start, start + at_a_time)
            probabilities[some] = network.predict(as_floats(images[some], network.dtype))
        self._list.show_predictions(digits, probabilities)
        self.handwriting.show_predictions(digits, probabilities.argmax(axis=1))

    def _describe(self, scene: Scene) -> None:
        count = len(scene.own_digits)
        self._views.setCurrentIndex(1 if count else 0)
        title = f"{count:,} digit{'' if count == 1 else 's'}" if count else "Your digits"
        self._card.set_title(title, "mistakes in orange" if count else "")
        self._report.setText(scene.own_digits_report or HOW_TO_LABEL)
        self._undo.setEnabled(scene.can_undo_own_digits)

    def _update_enabled(self) -> None:
        count = len(self._list.selected)
        self._to_pad.setEnabled(count == 1)
        for each in (self._is_a, self._delete):
            each.setEnabled(count > 0)


def _files_in(event: QDropEvent) -> list[Path]:
    return [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]


def _accept_copy(event: QDropEvent) -> None:
    """Whatever was proposed: who moves files would delete them afterwards."""
    event.setDropAction(Qt.DropAction.CopyAction)
    event.accept()
