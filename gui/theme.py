"""Light and dark: the colours. They are the application's, as its palette is, and so is how large everything is."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QGuiApplication, QPalette

COLORS = 255  # of a diverging scale: odd, so that zero is in the middle of one


@dataclass(frozen=True)
class Theme:
    """Every colour of the window, each named for what it says."""

    name: str
    ground: str
    card: str
    hairline: str
    paper: str  # of the drawing pad
    hover: str
    text: str
    secondary_text: str
    accent: str  # the test curve, the chosen answer, the primary button
    on_accent: str
    training: str  # the training curve
    compared: str  # the run beside the one on the screen
    other_runs: str
    wrong: str  # what was typed and cannot be read
    negative: tuple[str, ...]  # of a weight, from strongest to weak; zero is the card itself
    positive: tuple[str, ...]  # from weak to strongest
    positive_name: str  # what people call that colour; the negative one is blue

    @cached_property
    def diverging_colors(self) -> NDArray[np.uint8]:
        """255 colours, (255, 4) RGBA, from the most negative value over zero to the most positive."""
        stops = [QColor(color) for color in (*self.negative, self.card, *self.positive)]
        channels = np.array([(stop.red(), stop.green(), stop.blue(), 255) for stop in stops], np.float64)
        positions = np.linspace(0, 1, len(stops))
        shades = [np.interp(np.linspace(0, 1, COLORS), positions, channel) for channel in channels.T]
        return np.array(shades).T.round().astype(np.uint8)


LIGHT = Theme(
    name="light",
    ground="#f4f5f6",
    card="#ffffff",
    hairline="#dfe2e6",
    paper="#fafafa",
    hover="#eef1f4",
    text="#1c2127",
    secondary_text="#5c6670",
    accent="#1668b8",
    on_accent="#ffffff",
    training="#c96a00",
    compared="#00856a",
    other_runs="#b7bec6",
    wrong="#c62828",
    negative=("#053e8c", "#1e6cc4", "#7fb2e6"),
    positive=("#f4a582", "#d6543a", "#9c1f12"),
    positive_name="red",
)
DARK = Theme(
    name="dark",
    ground="#16181c",
    card="#1e2126",
    hairline="#31353c",
    paper="#111317",
    hover="#2a2e35",
    text="#e8eaed",
    secondary_text="#9aa3ad",
    accent="#5aa9f0",
    on_accent="#10151b",
    training="#f0a23c",
    compared="#3cc7a3",
    other_runs="#59616b",
    wrong="#ff7b72",
    negative=("#6cb8ff", "#2f7fd6", "#214d80"),
    positive=("#8a4326", "#dc6a3c", "#ff9d70"),
    positive_name="orange",
)
DARK_GROUND = QColor(DARK.ground)
CHOICES = ("system", "light", "dark")
ZOOMS = (100, 110, 125, 150, 175, 200)  # percent
ZOOM = "zoom"  # the application's property


def theme() -> Theme:
    """The theme that the application wears."""
    return DARK if QGuiApplication.palette().color(QPalette.ColorRole.Window) == DARK_GROUND else LIGHT


def scaled(pixels: float) -> int:
    """A length in pixels at 100 percent, as the application's zoom makes it."""
    application = QGuiApplication.instance()
    zoom = application.property(ZOOM) if application else None
    return round(pixels * (zoom or 100) / 100)
