"""A page of the closer look, and what it looks at."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtWidgets import QWidget

from gui.drawing.strokes import Stroke
from gui.theme import Theme
from model.history import Frame
from model.network import Network


@dataclass(frozen=True, eq=False)
class Subject:
    """What is looked at: a digit, and the moment whose network answers it."""

    frame: Frame
    digit: NDArray[np.float32] | None  # (28, 28), 0 to 1: what the network receives; None with an empty pad
    strokes: Sequence[Stroke] = ()  # that it was drawn with; none if it did not come from the pen

    @property
    def network(self) -> Network:
        """The one that answers."""
        return self.frame.network

    @property
    def image(self) -> NDArray[np.floating] | None:
        """The digit as the network takes it, (784,), or None with an empty pad."""
        return None if self.digit is None else self.digit.reshape(-1).astype(self.network.dtype, copy=False)


Part = Callable[[Subject], None]


class Page(QWidget):
    """A function of the subject. Only the page that is seen is told of it."""

    def parts(self) -> Sequence[Part]:
        """What shows a subject, part by part: before each of them the pen is heard."""
        raise NotImplementedError

    def apply_theme(self, theme: Theme) -> None:
        """Take on the colours of a theme."""
        raise NotImplementedError
