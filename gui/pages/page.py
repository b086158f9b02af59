"""What every page is."""

from collections.abc import Sequence
from typing import ClassVar

from PySide6.QtWidgets import QWidget

from gui.controllers import Controllers
from gui.scheduler import Part


class Page(QWidget):
    """A view in the middle of the window, made when it is first shown: a function of the scene, in parts."""

    title: ClassVar[str]  # of its tab
    parts: Sequence[Part] = ()

    def __init__(self, controllers: Controllers) -> None:
        super().__init__()
        self.controllers = controllers
