"""Dresses the application: theme and zoom."""

import re
from dataclasses import fields
from functools import cache
from pathlib import Path
from string import Template

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QColor, QFont, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from gui.flow.scene import Scene
from gui.flow.scheduler import Part, Scheduler, Urgency
from gui.theme import DARK, LIGHT, ZOOM, ZOOMS, Theme, scaled

STYLE_SHEET = Path(__file__).parents[2] / "resources" / "themes" / "window.qss"
BASE_FONT = "baseFont"  # the application's property: its font at 100 percent


class Appearance(QObject):
    """Follows the choice of a theme, or the system, and how large everything is to be."""

    def __init__(self, scheduler: Scheduler, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._scheduler = scheduler
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._follow_system)
        scheduler.add(self, [Part(self._dress, ("theme_choice", "zoom"), Urgency.LOOK)])

    def choose_theme(self, choice: str) -> None:
        """Switch to "light" or "dark", or follow the "system"."""
        self._scheduler.change(theme_choice=choice)

    def zoom(self, steps: int) -> None:
        """Make text and controls larger by this many steps, smaller if negative; 0 is the usual size again."""
        place = ZOOMS.index(self._scheduler.scene.zoom)
        self._scheduler.change(zoom=ZOOMS[min(max(0, place + steps), len(ZOOMS) - 1)] if steps else ZOOMS[0])

    def _follow_system(self) -> None:
        self._dress(self._scheduler.scene)

    def _dress(self, scene: Scene) -> None:
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        theme = _theme(scene.theme_choice)
        font = QFont(application.property(BASE_FONT) or application.font())
        application.setProperty(BASE_FONT, font)
        application.setProperty(ZOOM, scene.zoom)
        style_sheet = _style_sheet(theme, scene.zoom)
        if style_sheet != application.styleSheet():  # restyling every widget that there is takes its time
            font.setPointSizeF(font.pointSizeF() * scene.zoom / 100)
            if not application.styleSheet():
                application.setStyle("Fusion")
            application.setFont(font)
            application.setPalette(_palette(theme))
            application.setStyleSheet(style_sheet)
        self._scheduler.change(theme=theme)


def _theme(choice: str) -> Theme:
    follows_dark = choice == "system" and QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
    return DARK if choice == "dark" or follows_dark else LIGHT


@cache
def _style_sheet(theme: Theme, zoom: int) -> str:
    """The style sheet in a theme's colours, with every size that is more than a hairline zoomed."""
    colors = {field.name: getattr(theme, field.name) for field in fields(theme)}
    text = Template(STYLE_SHEET.read_text("utf-8")).substitute(colors)
    return re.sub(r"(radius: )?\b([2-9]|\d\d+)px", _zoomed, text)


def _zoomed(size: re.Match[str]) -> str:
    """A size of the style sheet; a radius is rounded down, since one of more than half a side makes no round corner."""
    before, pixels = size.groups("")
    return f"{before}{scaled(int(pixels) - (0.45 if before else 0))}px"


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
