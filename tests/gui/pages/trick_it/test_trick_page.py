from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from gui.pages.trick_it.trick_page import TrickPage
from gui.widgets.card import Card
from tests.gui.conftest import Find, settle

ZOOMS = {100: 0, 150: 3, 200: 5}  # steps


def page_of(window: MainWindow) -> TrickPage:
    page = window.findChild(TrickPage)
    assert page is not None
    return page


def resize(qtbot: QtBot, window: MainWindow, width: int, height: int, zoom: int = 100) -> QWidget:
    """What of the page can be seen at once."""
    window.resize(width, height - 1)
    window.controllers.appearance.zoom(ZOOMS[zoom])
    window.resize(width, height)
    qtbot.waitUntil(lambda: (window.width(), window.height()) == (width, height))
    settle(window)
    for _ in range(3):  # a layout asks for another one
        QApplication.processEvents()
    return page_of(window).parentWidget()


def places(window: MainWindow) -> list[QRect]:
    return [card.geometry() for card in page_of(window).findChildren(Card)]


def assert_nothing_is_cut(window: MainWindow) -> None:
    page = page_of(window)
    assert all(page.rect().contains(place) for place in places(window))
    for text in page.findChildren(QLabel):
        if text.isVisible() and text.text():
            least = text.heightForWidth(text.width()) if text.wordWrap() else text.sizeHint().height()
            assert text.height() >= least, text.text()
            assert text.wordWrap() or text.width() >= text.sizeHint().width(), text.text()
    for button in page.findChildren(QPushButton):
        assert button.width() >= button.sizeHint().width(), button.text()


def top_of(find: Find, name: str, window: MainWindow) -> int:
    return find(name).mapTo(page_of(window), QPoint(0, 0)).y()


def test_three_cards_side_by_side_fill_the_page(qtbot: QtBot, seven: MainWindow, find: Find) -> None:
    for width, height in ((1280, 720), (1920, 1080)):
        viewport = resize(qtbot, seven, width, height)
        assert page_of(seven).size() == viewport.size()
        first, second, third = places(seven)
        assert first.top() == second.top() == third.top() == 0
        widths = [card.width() for card in (first, second, third)]
        assert max(widths) - min(widths) <= 1  # a pixel that cannot be shared
        assert first.height() == second.height() == third.height() == viewport.height()
        assert first.right() < second.left() < second.right() < third.left()
        assert third.right() >= viewport.width() - 4
        assert abs(top_of(find, "distortedBars", seven) - top_of(find, "dreamBars", seven)) <= 1
        assert_nothing_is_cut(seven)


def test_where_three_do_not_fit_there_are_more_rows_and_the_page_scrolls(qtbot: QtBot, seven: MainWindow) -> None:
    for width, height, zoom, in_a_row in ((1024, 768, 100, 2), (1280, 720, 150, 2), (1280, 720, 200, 1)):
        viewport = resize(qtbot, seven, width, height, zoom)
        assert page_of(seven).width() == viewport.width()
        assert page_of(seven).height() > viewport.height()
        cards = places(seven)
        assert sum(card.top() == 0 for card in cards) == in_a_row
        assert cards[-1].width() == viewport.width()
        assert not any(one.intersects(other) for one in cards for other in cards if one is not other)
        assert_nothing_is_cut(seven)
    resize(qtbot, seven, 1280, 720, 100)
    assert {card.top() for card in places(seven)} == {0}
