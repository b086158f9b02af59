"""The quiet white panel that every part of the window stands on."""

import re
from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QSizePolicy, QWidget

from gui.widgets.layouts import Item, add, column, row
from gui.widgets.plain_text import plain

CUT_NUMBER = re.compile(r"[+−]?\d[\d.,]*…$")


class Card(QFrame):
    """A titled panel: what stands in the line of the title, at its right, and below."""

    def __init__(self, title: str, explanation: str = "", *items: Item) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self._title = label(title, "title")
        self._explanation = ElidedLabel(explanation, "secondary")
        self.header = row(self._title, (self._explanation, 1), spacing=8)
        self.body = column(self.header, *items, margins=(14, 10, 14, 12))
        self.setLayout(self.body)

    def add(self, *items: Item) -> None:
        """Put something at the end of the card."""
        add(self.body, items)

    def set_title(self, title: str, explanation: str) -> None:
        """Say what the card shows and how to read it."""
        self._title.setText(title)
        self.explain(explanation)

    def explain(self, explanation: str) -> None:
        """Say how to read what the card shows."""
        self._explanation.setText(explanation)


Named = TypeVar("Named", bound=QWidget)


def named(widget: Named, name: str, accessible_name: str = "", tip: str = "") -> Named:
    """A widget with its object name, and what screen readers and its tooltip say of it."""
    widget.setObjectName(name)
    widget.setAccessibleName(accessible_name)
    widget.setToolTip(tip)
    return widget


def set_style_property(widget: QWidget, name: str, value: object) -> None:
    """Set a property that the style sheet asks for, and let the widget look like it."""
    if widget.property(name) != value:
        widget.setProperty(name, value)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def button(text: str, name: str, tip: str, act: Callable[[], object] | None = None) -> QPushButton:
    """A button with its object name, its tooltip, and what a click does."""
    made = named(QPushButton(text), name, tip=tip)
    if act is not None:
        made.clicked.connect(lambda: act())
    return made


def small_button(text: str, name: str, tip: str, act: Callable[[], object] | None = None) -> QPushButton:
    """A button that takes little room."""
    made = button(text, name, tip, act)
    made.setProperty("role", "small")
    return made


def toggle_button(text: str, name: str, tip: str, act: Callable[[], object] | None = None) -> QPushButton:
    """A small button of a row in which one is chosen."""
    made = small_button(text, name, tip, act)
    made.setCheckable(True)
    return made


class FixedLabel(QLabel):
    """A label as large as its widest text needs: a new text then costs no new layout of the whole window.

    A text that turns out to be wider is not cut: the label grows, and stays so.
    """

    def __init__(self, widest: str = "", role: str = "", name: str = "") -> None:
        super().__init__()
        self._widest = widest
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setObjectName(name)
        self.setProperty("role", role)
        self._fit()

    def reserve(self, widest: str) -> None:
        """Have room for another text from here on."""
        if widest != self._widest:
            self._widest = widest
            self._fit()

    def setText(self, text: str) -> None:
        super().setText(text)
        if self.fontMetrics().horizontalAdvance(text) >= self.width():
            self.reserve(text)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit()

    def _fit(self) -> None:
        metrics = self.fontMetrics()
        self.setFixedSize(metrics.horizontalAdvance(self._widest) + 1, metrics.height())


class ElidedLabel(QLabel):
    """A line of text that ends with an ellipsis where there is no room for all of it; its tooltip has the whole.

    A number is there as a whole or not at all: a piece of it would read as another.
    """

    def __init__(self, text: str = "", role: str = "", name: str = "") -> None:
        super().__init__()
        self._text = text
        self.setObjectName(name)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.setProperty("role", role)

    def text(self) -> str:
        """All of it."""
        return self._text

    def setText(self, text: str) -> None:
        if text != self._text:
            self._text = text
            self._elide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._elide()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._elide()

    def _elide(self) -> None:
        elided = self.fontMetrics().elidedText(self._text, Qt.TextElideMode.ElideRight, self.width())
        if elided != self._text:
            elided = CUT_NUMBER.sub("…", elided)
        self.setToolTip("" if elided == self._text else plain(self._text))
        self.setAccessibleName(self._text)
        super().setText(elided)


def label(text: str = "", role: str = "", wrap: bool = False, name: str = "") -> QLabel:
    """A label in one of the roles of the style sheet: "title", "secondary" or none."""
    made = named(QLabel(text), name)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(wrap)
    if role:
        made.setProperty("role", role)
    return made
