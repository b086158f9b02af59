"""The page of the closer look with the user's own digits."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSizePolicy, QStackedWidget

from gui.card import Card, button, label
from gui.my_digits.digits_list import DigitsList, DigitsModel
from gui.my_digits.handwriting_view import HandwritingView
from gui.page import Page, Part, Subject
from gui.plots.run_survey import REST
from gui.theme import Theme
from model.dataset import as_floats
from model.digit_image import SIDE
from model.network import Network
from model.storage.own_digits import OwnDigit

NOTHING_YET = (
    "Draw a digit in the window, say below what it is, and press “Keep”.\n\n"
    "Or import images, a digit each, dark on light or light on dark.\n"
    "A name such as 7.png says what the digit is."
)
HOW_TO_LABEL = "Choose digits and press 0 to 9 to say what they are, or Delete."
HOW_TO = "in orange, those that are mistaken"


class MyDigitsPage(Page):
    """A function of the collection and of the moment; emits what the user wants with the chosen digits."""

    shown_on_pad = Signal(object)  # (28, 28) float32
    relabelled = Signal(object, int)  # a list of OwnDigit, and what they are
    deleted = Signal(object)  # a list of OwnDigit
    undo_requested = Signal()
    import_requested = Signal()
    files_dropped = Signal(object)  # a list of Path
    export_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._subject: Subject | None = None
        self._network: Network | None = None  # whose answers are shown
        self._rest = QTimer(self, singleShot=True, interval=REST)
        self._rest.timeout.connect(self._follow)
        self._digits: tuple[OwnDigit, ...] = ()
        self._images: NDArray[np.floating] = np.zeros((0, SIDE**2), np.float32)
        self._model = DigitsModel()
        self._list = DigitsList(self._model)
        self.handwriting = HandwritingView()
        self.setAcceptDrops(True)
        self._build()
        self._list.chosen.connect(self._offer)
        self._list.relabelled.connect(self._relabel)
        self._list.deleted.connect(self._delete)
        self._list.activated.connect(self._show_on_pad)
        self._offer()

    def parts(self) -> Sequence[Part]:
        return (self._show_moment,)

    def show_digits(self, digits: tuple[OwnDigit, ...]) -> None:
        """Take in what the collection holds."""
        self._digits = digits
        self._images = as_floats(np.array([digit.image for digit in digits], np.uint8).reshape(-1, SIDE**2))
        self.handwriting.show_digits(digits)
        self._ask()
        self._offer()

    def show_told(self, text: str) -> None:
        """Say what was done with files."""
        self._told.setText(text)

    def show_undo(self, can_undo: bool) -> None:
        """Offer to take the last change back."""
        self._undo.setEnabled(can_undo)

    def apply_theme(self, theme: Theme) -> None:
        self._list.apply_theme(theme)
        self.handwriting.apply_theme(theme)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _files_in(event):
            _accept_copy(event)

    def dropEvent(self, event: QDropEvent) -> None:
        _accept_copy(event)
        self.files_dropped.emit(_files_in(event))

    def _build(self) -> None:
        card = Card("My digits", HOW_TO)
        self._import = button(
            "Import …",
            "importDigitsButton",
            "Add images, PNG or JPEG, a digit each; or digits exported here.",
        )
        self._export = button(
            "Export …",
            "exportDigitsButton",
            "Write all digits to an .npz file of NumPy: images and labels, a “?” as −1.",
        )
        for each in (self._import, self._export):
            card.header.addWidget(each)
        nothing_yet = label(NOTHING_YET, "secondary", wrap=True)
        nothing_yet.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._views = QStackedWidget()
        self._views.addWidget(nothing_yet)
        self._views.addWidget(self._list)
        card.body.addWidget(self._views, 1)
        self._told = label(HOW_TO_LABEL, "secondary")
        self._told.setObjectName("myDigitsLabel")
        self._told.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        card.body.addWidget(self._told)
        card.body.addLayout(self._build_buttons())
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        layout.addWidget(card, 3)
        layout.addWidget(self.handwriting, 2)
        self._import.clicked.connect(self.import_requested)
        self._export.clicked.connect(self.export_requested)

    def _build_buttons(self) -> QHBoxLayout:
        self._is_a = button("It is a …", "relabelButton", "Say what the chosen digits are; so do the keys 0 to 9.")
        menu = QMenu(self._is_a)
        for digit in range(10):
            menu.addAction(str(digit), partial(self._relabel, digit))
        self._is_a.setMenu(menu)
        self._to_pad = button(
            "Put on the pad", "ownDigitToPadButton", "Look at the chosen digit on all pages. Enter does the same."
        )
        self._delete_button = button("Delete", "deleteDigitsButton", "Take the chosen digits out of the collection.")
        self._undo = button("Undo change", "undoDigitsButton", "Take back the last change of the collection.")
        self._undo.setEnabled(False)
        self._count = label("", "secondary")
        row = QHBoxLayout()
        row.setSpacing(6)
        for each in (self._is_a, self._to_pad, self._delete_button, self._undo):
            row.addWidget(each)
        row.addStretch()
        row.addWidget(self._count)
        self._to_pad.clicked.connect(self._show_on_pad)
        self._delete_button.clicked.connect(self._delete)
        self._undo.clicked.connect(self.undo_requested)
        return row

    def _show_moment(self, subject: Subject) -> None:
        pen_has_moved = self._subject is not None and subject.digit is not self._subject.digit
        self._subject = subject
        if pen_has_moved:  # and goes first: nothing here depends on it
            self._rest.start()
            self.handwriting.postpone()
        elif not self._rest.isActive():
            self._follow()

    def _follow(self) -> None:
        if self._subject is not None and self._subject.network is not self._network:
            self._network = self._subject.network
            self.handwriting.show_frame(self._subject.frame)
            self._ask()

    def _ask(self) -> None:
        if self._network is not None:
            probabilities = self._network.predict(self._images.astype(self._network.dtype, copy=False))
            self._model.show_digits(self._digits, probabilities)
            is_labelled = [digit.label is not None for digit in self._digits]
            self.handwriting.show_answers(probabilities.argmax(axis=1)[is_labelled])

    def _offer(self) -> None:
        selected = self._list.selected
        self._views.setCurrentIndex(1 if self._digits else 0)
        self._export.setEnabled(bool(self._digits))
        self._to_pad.setEnabled(len(selected) == 1)
        for each in (self._is_a, self._delete_button):
            each.setEnabled(bool(selected))
        self._count.setText(f"{len(self._digits):,} digits" if len(self._digits) != 1 else "1 digit")

    def _relabel(self, label: int) -> None:
        self.relabelled.emit(self._list.selected, label)

    def _delete(self) -> None:
        self.deleted.emit(self._list.selected)

    def _show_on_pad(self) -> None:
        if len(self._list.selected) == 1:
            self.shown_on_pad.emit(as_floats(self._list.selected[0].image))


def _files_in(event: QDropEvent) -> list[Path]:
    return [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]


def _accept_copy(event: QDropEvent) -> None:
    """Whatever was proposed: who moves files would delete them afterwards."""
    event.setDropAction(Qt.DropAction.CopyAction)
    event.accept()
