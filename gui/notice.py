"""A line across the top of the window for what the user has to know: a sentence, perhaps with a way out."""

import os
from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout

from gui.card import button, label

MAY_BREAK_HERE = "\u200b"  # a space without width: long paths are cut otherwise


class Notice(QFrame):
    """Hidden until there is something to say; stays until it is dismissed or no longer true."""

    def __init__(self, name: str = "notice") -> None:
        super().__init__()
        self.setProperty("role", "notice")
        self._action: Callable[[], None] | None = None
        self._sentence = label(wrap=True)
        self._sentence.setObjectName(f"{name}Label")
        self._sentence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._button = button("", f"{name}Button", "")
        self._button.clicked.connect(self._act)
        dismiss = button("Dismiss", f"{name}DismissButton", "Hide this message.")
        dismiss.clicked.connect(self.hide)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(14, 6, 8, 6)
        layout.addWidget(self._sentence, 1)
        layout.addWidget(self._button)
        layout.addWidget(dismiss)
        self.hide()

    def say(self, sentence: str, action: str = "", act: Callable[[], None] | None = None) -> None:
        """Show a sentence, with a button for what can be done about it if `action` names one."""
        self._sentence.setText(sentence.replace(os.sep, f"{os.sep}{MAY_BREAK_HERE}"))
        self._action = act
        self._button.setText(action)
        self._button.setVisible(act is not None)
        self.setAccessibleName(sentence)
        self.show()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
        else:
            super().keyPressEvent(event)

    def _act(self) -> None:
        self.hide()
        if self._action is not None:
            self._action()
