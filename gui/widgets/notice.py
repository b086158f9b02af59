"""A line over the page for what the user has to know: a sentence, perhaps with a way out."""

import os

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QWidget

from gui.flow.scene import Message, Scene
from gui.flow.scheduler import Part, Scheduler, Urgency
from gui.theme import scaled
from gui.widgets.card import button, label
from gui.widgets.layouts import row

MAY_BREAK_HERE = "\u200b"  # a space without width: long paths are cut otherwise
MARGIN = 8  # pixels, at 100 percent


class Notice(QFrame):
    """Hidden until there is something to say; stays until it is dismissed or no longer true.

    It lies over the lower edge of its parent, so that nothing moves away from under the pointer.
    """

    def __init__(self, parent: QWidget, scheduler: Scheduler) -> None:
        super().__init__(parent)
        self._parent = parent
        self._scheduler = scheduler
        self.setProperty("role", "notice")
        self._message: Message | None = None
        self._sentence = label(wrap=True, name="noticeLabel")
        self._sentence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._button = button("", "noticeButton", "", self._act)
        dismiss = button("Dismiss", "noticeDismissButton", "Hide this message.", self._dismiss)
        self.setLayout(row((self._sentence, 1), self._button, dismiss, margins=(14, 6, 8, 6)))
        self.hide()
        self.parts = (Part(self._show, ("notice",), Urgency.PEN),)

    def place(self) -> None:
        """Lie over the lower edge of the parent, as wide as it is and as high as the sentence needs."""
        room = self._parent.rect().adjusted(*(scaled(MARGIN) * sign for sign in (1, 1, -1, -1)))
        height = max(self.heightForWidth(room.width()), self.minimumSizeHint().height())
        self.setGeometry(room.left(), room.bottom() - height, room.width(), height)
        self.raise_()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._dismiss()
        else:
            super().keyPressEvent(event)

    def _show(self, scene: Scene) -> None:
        self._message = message = scene.notice
        self.setVisible(message is not None)
        if message is not None:
            self._sentence.setText(message.sentence.replace(os.sep, f"{os.sep}{MAY_BREAK_HERE}"))
            self._button.setText(message.action)
            self._button.setVisible(message.act is not None)
            self.setAccessibleName(message.sentence)
            self.place()

    def _act(self) -> None:
        act = self._message.act if self._message else None
        self._dismiss()
        if act is not None:
            act()

    def _dismiss(self) -> None:
        self._scheduler.change(notice=None)
