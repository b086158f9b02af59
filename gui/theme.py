"""Light and dark: the colours, and who tells the program which of the two it is."""

from dataclasses import dataclass, fields
from pathlib import Path
from string import Template

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

COLORS = 255  # of a diverging scale: odd, so that zero is in the middle of one
STYLE_SHEET = Path(__file__).parent.parent / "resources" / "themes" / "window.qss"


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
    negative: tuple[str, ...]  # of a weight, from strongest to weak; zero is the card itself
    positive: tuple[str, ...]  # from weak to strongest

    def diverging_colors(self) -> NDArray[np.uint8]:
        """255 colours, (255, 4) RGBA, from the most negative value over zero to the most positive."""
        stops = [QColor(color) for color in (*self.negative, self.card, *self.positive)]
        channels = np.array([(stop.red(), stop.green(), stop.blue(), 255) for stop in stops], np.float64)
        positions = np.linspace(0, 1, len(stops))
        return (
            np.array([np.interp(np.linspace(0, 1, COLORS), positions, channel) for channel in channels.T])
            .T.round()
            .astype(np.uint8)
        )


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
    negative=("#053e8c", "#1e6cc4", "#7fb2e6"),
    positive=("#f4a582", "#d6543a", "#9c1f12"),
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
    negative=("#6cb8ff", "#2f7fd6", "#214d80"),
    positive=("#8a4326", "#dc6a3c", "#ff9d70"),
)
CHOICES = ("system", "light", "dark")


class ThemeSwitch(QObject):
    """Knows which theme is on, follows the system if it may, and dresses the application in it."""

    changed = Signal(object)  # Theme

    def __init__(self, choice: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.choice = choice if choice in CHOICES else "system"
        self.theme = LIGHT
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._apply)
        self._apply()

    def choose(self, choice: str) -> None:
        """Switch to "light" or "dark", or follow the "system"."""
        self.choice = choice
        self._apply()

    def _apply(self) -> None:
        dark = self.choice == "dark" or (
            self.choice == "system" and QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
        )
        self.theme = DARK if dark else LIGHT
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        colors = {field.name: getattr(self.theme, field.name) for field in fields(self.theme)}
        style_sheet = Template(STYLE_SHEET.read_text("utf-8")).substitute(colors)
        if style_sheet != application.styleSheet():  # restyling every widget that there is takes its time
            application.setStyle("Fusion")
            application.setPalette(_palette(self.theme))
            application.setStyleSheet(style_sheet)
        self.changed.emit(self.theme)


def _palette(theme: Theme) -> QPalette:
    role = QPalette.ColorRole
    colors = {
        role.Window: theme.ground,
        role.Base: theme.card,
        role.AlternateBase: theme.ground,
        role.Button: theme.card,
        role.ToolTipBase: theme.card,
        role.WindowText: theme.text,
        role.Text: theme.text,
        role.ButtonText: theme.text,
        role.ToolTipText: theme.text,
        role.BrightText: theme.on_accent,
        role.PlaceholderText: theme.secondary_text,
        role.Highlight: theme.accent,
        role.HighlightedText: theme.on_accent,
        role.Link: theme.accent,
        role.Mid: theme.hairline,
        role.Light: theme.hover,
    }
    palette = QPalette()
    for each, color in colors.items():
        palette.setColor(each, QColor(color))
    for each in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, each, QColor(theme.other_runs))
    return palette
