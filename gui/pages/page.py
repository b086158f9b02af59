"""What every page is."""

from collections.abc import Sequence
from typing import ClassVar

from PySide6.QtWidgets import QWidget

from gui.controllers import Controllers
from gui.flow.scene import Scene
from gui.flow.scheduler import Part
from model.words import listed

ONLY_ITS_CODE = (
    "Only its own code knows what the network of {} answers, as {}. "
    "Its weights, and its own answers to the training digits, are on the page Training."
)
OTHER_FUNCTIONS = (
    "This page explains networks of sigmoids, and that of {} has {} in its hidden layers. "
    "The pad, and the pages Training, Trick it and My digits, show what it answers."
)


class Page(QWidget):
    """A view in the middle of the window, made when it is first shown: a function of the scene, in parts."""

    title: ClassVar[str]  # of its tab
    asks_network: ClassVar[bool] = False  # shows what the network answers
    explains_sigmoids: ClassVar[bool] = False  # shows how it comes to that, with the functions of our own networks
    parts: Sequence[Part] = ()

    def __init__(self, controllers: Controllers) -> None:
        super().__init__()
        self.controllers = controllers

    def heightForWidth(self, width: int) -> int:
        """The least that it needs, not what it would like: no page scrolls that has room enough."""
        layout = self.layout()
        return layout.totalMinimumHeightForWidth(width) if layout else -1


def why_not_shown(page: type[Page], scene: Scene) -> str:
    """Why a page has nothing to show of the network on the screen; empty if it has."""
    if (page.asks_network or page.explains_sigmoids) and not scene.has_answers:
        own_code = scene.shown.own_code if scene.shown else None
        return ONLY_ITS_CODE.format(scene.shown_name, own_code.no_answers if own_code else "")
    if page.explains_sigmoids and not scene.network.has_sigmoids:
        return OTHER_FUNCTIONS.format(scene.shown_name, listed(tuple(dict.fromkeys(scene.functions[:-1]))))
    return ""
