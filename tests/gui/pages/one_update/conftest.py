"""The page by itself, with the untrained network and its first training digit, and a hand that points at numbers."""

from dataclasses import dataclass, replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from gui.controllers import Controllers
from gui.flow.scene import Scene
from gui.pages.one_update.update_page import UpdatePage
from model.analysis.derivation import Number
from model.dataset import Dataset
from model.training import layer_sizes_around
from tests.gui.conftest import click, settle, show_view


@dataclass
class Hand:
    page: UpdatePage
    controllers: Controllers

    @property
    def scene(self) -> Scene:
        return self.controllers.scheduler.scene

    @property
    def explanation(self) -> list[str]:
        return self.page.findChild(QLabel, "explanationLabel").text().splitlines()

    @property
    def header(self) -> str:
        """What stands beside the title."""
        return next(
            text for text in (label.text() for label in self.page.findChildren(QLabel)) if "digit" in text.lower()
        )

    @property
    def sentence(self) -> str:
        """What is said in the place of the picture."""
        return self.page.diagram.sentence

    def find(self, name: str) -> QWidget:
        widget = self.page.findChild(QWidget, name)
        assert widget is not None, name
        return widget

    def press(self, name: str) -> None:
        click(self.find(name))
        settle(self.controllers)

    def place(self, number: Number, is_other: bool = False) -> QPoint:
        place = self.page.diagram.place_of(number, is_other)
        assert not place.isEmpty(), number
        return place.center().toPoint()

    def point_at(self, number: Number, is_other: bool = False) -> list[str]:
        """What is explained then."""
        self.leave()  # a pointer that does not move says nothing
        QTest.mouseMove(self.page.diagram, self.place(number, is_other))
        return self.explanation

    def leave(self) -> None:
        QTest.mouseMove(self.page.diagram, QPoint(1, self.page.diagram.height() - 1))

    def click_on(self, number: Number) -> None:
        QTest.mouseClick(self.page.diagram, Qt.MouseButton.LeftButton, pos=self.place(number))
        settle(self.controllers)

    def use(self, rate: float, seed: int = 80085, hidden: tuple[int, ...] = (32, 32)) -> None:
        """Settings for the network that is shown, and its update."""
        config = replace(self.scene.config, learning_rate=rate, seed=seed, layer_sizes=layer_sizes_around(hidden))
        self.controllers.scheduler.change(config=config)
        settle(self.controllers)


@pytest.fixture
def hand(qtbot: QtBot, controllers: Controllers, digits: Dataset) -> Hand:
    controllers.digits.use(digits)
    page = UpdatePage(controllers)
    show_view(qtbot, controllers, page, 746, 578)
    settle(controllers)
    return Hand(page, controllers)


def number_in(text: str) -> float:
    """As it is written on the screen."""
    return float(text.replace("−", "-"))
