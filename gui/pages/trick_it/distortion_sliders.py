"""Five sliders, one for each way to change a digit."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QGridLayout, QSlider, QWidget

from gui.theme import scaled
from gui.widgets.card import FixedLabel, label, named
from model.analysis.distortion import Distortion

MOST_PIXELS = 8  # that a digit is shifted
SHORTEST = 48  # pixels of a slider, at 100 percent


@dataclass(frozen=True)
class Change:
    """One way to change a digit, and the words for how much of it there is."""

    field: str  # of Distortion
    name: str
    lowest: float
    highest: float
    steps: int  # of the slider, to a unit
    tip: str
    zero: str
    more: str
    less: str = ""

    def in_words(self, value: float) -> str:
        """A value as it stands beside the slider."""
        return (self.more if value > 0 else self.less if value < 0 else self.zero).format(abs(value))


CHANGES = (
    Change(
        "noise", "Noise", 0, 100, 1, "Add normal noise to every pixel; 100 % is a standard deviation of full ink.",
        "0 %", "{:g} %",
    ),
    Change(
        "right", "Sideways", -MOST_PIXELS, MOST_PIXELS, 4,
        "Shift the digit to the right or left, out of the middle, where the makers of MNIST put every digit.",
        "0 px", "{:g} px →", "{:g} px ←",
    ),
    Change(
        "down", "Up, down", -MOST_PIXELS, MOST_PIXELS, 4, "Shift the digit down or up.",
        "0 px", "{:g} px ↓", "{:g} px ↑",
    ),
    Change(
        "degrees", "Turn", -180, 180, 1,
        "Rotate the digit, clockwise or counterclockwise, about the point where MNIST's digits have their middle.",
        "0°", "{:g}° ↻", "{:g}° ↺",
    ),
    Change(
        "thickness", "Stroke", -2, 3, 4,
        "Make the strokes thicker (dilation) or thinner (erosion), half of it at each of their edges.",
        "0 px", "+{:g} px", "−{:g} px",
    ),
)  # fmt: skip
WIDEST_WORDS = "1.75 px →"


class DistortionSliders(QWidget):
    """Says how the digit is to be changed, and calls `act` whenever that is another way."""

    def __init__(self, act: Callable[[], object]) -> None:
        super().__init__()
        self._sliders = {change.field: ZeroSlider(change) for change in CHANGES}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(1, 1)
        for row, (change, slider) in enumerate(zip(CHANGES, self._sliders.values(), strict=True)):
            caption, words = label(change.name, "secondary"), FixedLabel(WIDEST_WORDS, name=f"{change.field}Words")
            caption.setBuddy(slider)
            caption.setToolTip(slider.toolTip())
            words.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            words.setText(change.in_words(0))
            slider.valueChanged.connect(lambda _, show=words.setText, of=slider: show(of.change.in_words(of.amount)))
            slider.valueChanged.connect(lambda _: act())
            for column, widget in enumerate((caption, slider, words)):
                grid.addWidget(widget, row, column)

    @property
    def distortion(self) -> Distortion:
        """What the sliders say."""
        amounts = {field: slider.amount for field, slider in self._sliders.items()}
        return Distortion(**amounts | {"noise": amounts["noise"] / 100})

    def reset(self) -> None:
        """All back to zero."""
        for slider in self._sliders.values():
            slider.setValue(0)


class ZeroSlider(QSlider):
    """A slider for one change; a double click brings it back to zero."""

    def __init__(self, change: Change) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.change = change
        named(self, f"{change.field}Slider", change.name, f"{change.tip} A double click goes back to zero.")
        self.setRange(round(change.lowest * change.steps), round(change.highest * change.steps))
        self.setPageStep((self.maximum() - self.minimum()) // 10)
        if change.lowest < 0:
            self.setProperty("role", "signed")

    @property
    def amount(self) -> float:
        """The value in the units of the change."""
        return self.value() / self.change.steps

    def minimumSizeHint(self) -> QSize:
        return QSize(scaled(SHORTEST), super().minimumSizeHint().height())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.setValue(0)
