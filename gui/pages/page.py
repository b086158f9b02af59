"""What every page is."""

from collections.abc import Sequence
from typing import ClassVar

from PySide6.QtWidgets import QWidget

from gui.controllers import Controllers
from gui.flow.scheduler import Part


class Page(QWidget):
    """A view in the middle of the window, made when it is first shown: a function of the scene, in parts."""

    title: ClassVar[str]  # of its tab
    parts: Sequence[Part] = ()

    def __init__(self, controllers: Controllers) -> None:
        super().__init__()
        self.controllers = controllers

    def heightForWidth(self, width: int) -> int:
        """The least that it needs, not what it would like: no page scrolls that has room enough."""
        layout = self.layout()
        return layout.totalMinimumHeightForWidth(width) if layout else -1
