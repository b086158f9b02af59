from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from gui.widgets.layouts import FoldingRow, column, row


class Block(QWidget):
    def minimumSizeHint(self) -> QSize:
        return QSize(100, 40)


def test_a_folding_row_folds_where_not_all_fit_beside_one_another(qtbot: QtBot) -> None:
    first, second, host = Block(), Block(), QWidget()
    qtbot.addWidget(host)
    host.setLayout(column(FoldingRow((first, 2), (second, 1), spacing=10)))
    with qtbot.waitExposed(host):
        host.show()
    for width, is_folded in ((300, False), (209, True), (100, True), (210, False)):
        host.resize(width, 90)
        QApplication.processEvents()
        assert host.width() == width
        assert (second.y() >= first.y() + 40) == is_folded
        assert (second.x() >= first.x() + 100) != is_folded


def test_a_folding_row_folds_when_an_item_comes_that_has_no_room(qtbot: QtBot) -> None:
    first, second, host = Block(), Block(), QWidget()
    qtbot.addWidget(host)
    second.hide()
    host.setLayout(column(FoldingRow(first, row(second), spacing=10)))
    host.resize(180, 90)
    with qtbot.waitExposed(host):
        host.show()
    for is_shown in (False, True):
        second.setVisible(is_shown)
        qtbot.waitUntil(lambda is_shown=is_shown: (second.y() >= first.y() + 40) == is_shown)
