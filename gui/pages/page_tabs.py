"""The middle of the window: one page, and the tabs to choose it with."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QStackedWidget, QTabWidget, QWidget

from gui.controllers import Controllers
from gui.flow.scene import Scene
from gui.flow.scheduler import Part, Urgency
from gui.pages.my_digits.my_digits_page import MyDigitsPage
from gui.pages.one_update.update_page import UpdatePage
from gui.pages.page import Page, why_not_shown
from gui.pages.pixels.pixels_page import PixelsPage
from gui.pages.training.training_page import TrainingPage
from gui.pages.trick_it.trick_page import TrickPage
from gui.pages.whole_path.path_page import PathPage
from gui.pages.your_code.code_page import CodePage
from gui.widgets.card import Card, label

PAGES: tuple[type[Page], ...] = (TrainingPage, UpdatePage, PixelsPage, PathPage, TrickPage, MyDigitsPage, CodePage)


class PageTabs(QTabWidget):
    """Where a page has too little room, it scrolls."""

    def __init__(self, controllers: Controllers) -> None:
        super().__init__()
        self._controllers = controllers
        self._pages: dict[int, Page] = {}  # those that were shown
        self.setObjectName("pageTabs")
        self.tabBar().setAccessibleName("Pages")
        self.setDocumentMode(True)
        for page in PAGES:
            self.addTab(_Tab(page.title), page.title)
        self.currentChanged.connect(lambda index: controllers.scheduler.change(page=PAGES[index].title))
        self.parts = (Part(self._show, ("page", "functions", "shown_name"), Urgency.PEN),)

    @property
    def page(self) -> Page:
        """The one that is shown."""
        return self._pages[self.currentIndex()]

    def _show(self, scene: Scene) -> None:
        titles = [page.title for page in PAGES]
        index = titles.index(scene.page) if scene.page in titles else 0
        if index not in self._pages:
            page = self._pages[index] = PAGES[index](self._controllers)
            self._tab(index).place(page, self.currentWidget().size())
            self._controllers.scheduler.add(page, page.parts)
            self._order(page)
        self._tab(index).say_why_not(why_not_shown(PAGES[index], scene))
        self.setCurrentIndex(index)

    def _tab(self, index: int) -> _Tab:
        tab = self.widget(index)
        assert isinstance(tab, _Tab)
        return tab

    def _order(self, page: Page) -> None:
        """Let Tab go through a page before it goes on to what stands to its right."""
        before: QWidget = self.tabBar()
        for widget in page.findChildren(QWidget):
            if widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
                QWidget.setTabOrder(before, widget)
                before = widget


class _Tab(QStackedWidget):
    """A page, or why the network on the screen cannot be shown there."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self._area = _ScrollArea()
        self._why = label("", "secondary", wrap=True, name="whyNotShownLabel")
        self._why.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.addWidget(self._area)
        self.addWidget(Card(title, "", (self._why, 1)))

    def place(self, page: Page, size: QSize) -> None:
        """Take a page in, at the size that it will have: no scroll bar comes and goes."""
        self._area.resize(size)
        self._area.setWidget(page)

    def say_why_not(self, sentence: str) -> None:
        """Show the page, or the sentence if there is one."""
        self._why.setText(sentence)
        self.setCurrentIndex(1 if sentence else 0)


class _ScrollArea(QScrollArea):
    def __init__(self) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.ignore()  # the arrow keys move the playhead
