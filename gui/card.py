"""The quiet white panel that every part of the window stands on."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget


class Card(QFrame):
    """A titled panel; `body` is the layout to fill, `header` the line of the title."""

    def __init__(self, title: str, explanation: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(14, 10, 14, 12)
        self.body.setSpacing(6)
        self.header = QHBoxLayout()
        self.header.setSpacing(8)
        self._title = label(title, "title")
        self._explanation = label(explanation, "secondary")
        self._explanation.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.header.addWidget(self._title)
        self.header.addWidget(self._explanation, 1)
        self.body.addLayout(self.header)

    def set_title(self, title: str, explanation: str) -> None:
        """Say what the card shows and how to read it."""
        self._title.setText(title)
        self._explanation.setText(explanation)


def button(text: str, name: str, tip: str) -> QPushButton:
    """A button with its object name and its tooltip; in a dialog, Enter clicks the focused one and no other."""
    made = QPushButton(text)
    made.setObjectName(name)
    made.setToolTip(tip)
    made.setAutoDefault(False)
    return made


def choice(text: str, name: str, tip: str) -> QPushButton:
    """A small button of a row in which one is chosen."""
    made = button(text, name, tip)
    made.setProperty("role", "choice")
    made.setCheckable(True)
    return made


def steady(made: QLabel, widest: str) -> QLabel:
    """A label as large as its widest text needs, for good: a new text then costs no new layout of the whole window."""
    made.setText(widest)
    made.setFixedSize(made.sizeHint())
    made.setText("")
    return made


def label(text: str = "", role: str = "", wrap: bool = False) -> QLabel:
    """A label in one of the roles of the style sheet: "title", "secondary" or none."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(wrap)
    if role:
        made.setProperty("role", role)
    return made
