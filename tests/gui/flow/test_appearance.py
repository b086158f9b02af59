"""Theme and zoom, which are the whole application's."""

import re
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QSlider, QWidget
from pytestqt.qtbot import QtBot

from gui.flow.appearance import Appearance
from gui.flow.scene import Scene
from gui.flow.scheduler import Scheduler
from gui.theme import DARK, LIGHT, ZOOMS, Theme, scaled, theme

Dressed = tuple[Scheduler, Appearance]


class System(QObject):
    """A stand-in for the style hints of a system that is light or dark."""

    colorSchemeChanged = Signal()  # noqa: N815  # Qt's own name

    def __init__(self) -> None:
        super().__init__()
        self.scheme = Qt.ColorScheme.Light

    def colorScheme(self) -> Qt.ColorScheme:
        return self.scheme

    def become(self, scheme: Qt.ColorScheme) -> None:
        self.scheme = scheme
        self.colorSchemeChanged.emit()


@pytest.fixture
def system(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> System:
    system = System()
    monkeypatch.setattr("gui.flow.appearance.QGuiApplication.styleHints", lambda: system)
    return system


@pytest.fixture
def dress(system: System) -> Iterator[Callable[..., Dressed]]:
    """Dress the application as a window does that is made with this in its settings; undressed in the end."""

    def make(**fields: object) -> Dressed:
        scheduler = Scheduler(Scene(**fields))
        return scheduler, Appearance(scheduler, scheduler)

    yield make
    make(theme_choice="light")


def sizes(style_sheet: str) -> list[int]:
    return [int(size) for size in re.findall(r"(\d+)px", re.sub(r"radius: \d+px", "", style_sheet))]


def assert_worn(expected: Theme, scheduler: Scheduler) -> None:
    style_sheet = QApplication.instance().styleSheet()
    assert scheduler.scene.theme is expected
    assert theme() is expected
    assert QApplication.palette().color(QPalette.ColorRole.Highlight).name() == expected.accent
    assert [each.name for each in (LIGHT, DARK) if each.accent in style_sheet] == [expected.name]
    assert "$" not in style_sheet


def test_the_theme_is_the_one_that_was_chosen_whatever_the_system_is(
    dress: Callable[..., Dressed], system: System
) -> None:
    scheduler, appearance = dress()
    for choice, expected in (("dark", DARK), ("light", LIGHT), ("dark", DARK)):
        appearance.choose_theme(choice)
        assert_worn(expected, scheduler)
        for scheme in (Qt.ColorScheme.Dark, Qt.ColorScheme.Light):
            system.become(scheme)
            assert_worn(expected, scheduler)


def test_the_theme_follows_the_system_if_that_was_chosen(dress: Callable[..., Dressed], system: System) -> None:
    system.scheme = Qt.ColorScheme.Dark
    scheduler, appearance = dress(theme_choice="system")
    assert_worn(DARK, scheduler)
    system.become(Qt.ColorScheme.Light)
    assert_worn(LIGHT, scheduler)
    appearance.choose_theme("light")
    system.become(Qt.ColorScheme.Dark)
    appearance.choose_theme("system")
    assert_worn(DARK, scheduler)


def test_everything_is_zoomed_in_steps_and_back(dress: Callable[..., Dressed]) -> None:
    scheduler, appearance = dress()
    usual = QApplication.font().pointSizeF()
    zooms = []
    for steps in (1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1, -1):
        appearance.zoom(steps)
        zoom = scheduler.scene.zoom
        zooms.append(zoom)
        assert scaled(1000) == 10 * zoom
        assert QApplication.font().pointSizeF() == pytest.approx(usual * zoom / 100)
    assert zooms == [110, 125, 150, 175, 200, 200, 175, 150, 125, 110, 100, 100]
    assert ZOOMS == (100, 110, 125, 150, 175, 200)
    appearance.zoom(3)
    appearance.zoom(0)
    assert scheduler.scene.zoom == 100
    assert QApplication.font().pointSizeF() == usual


def test_sizes_of_the_style_sheet_grow_and_hairlines_stay(dress: Callable[..., Dressed]) -> None:
    _, appearance = dress()
    usual = sizes(QApplication.instance().styleSheet())
    assert 1 in usual
    assert max(usual) > 200
    appearance.zoom(len(ZOOMS))
    assert sizes(QApplication.instance().styleSheet()) == [size if size < 2 else 2 * size for size in usual]


def test_round_handles_are_round_at_any_zoom(qtbot: QtBot, dress: Callable[..., Dressed]) -> None:
    _, appearance = dress()
    slider = QSlider(Qt.Orientation.Horizontal)
    qtbot.addWidget(slider)
    slider.resize(200, 60)
    with qtbot.waitExposed(slider):
        slider.show()
    for zoom in ZOOMS:
        picture = slider.grab().toImage()
        places = [(x, y) for x in range(picture.width()) for y in range(picture.height())]
        handle = [place for place in places if picture.pixelColor(*place) == QColor(LIGHT.accent)]
        columns, rows = ([place[k] for place in handle] for k in (0, 1))
        assert max(columns) - min(columns) + 1 == pytest.approx(16 * zoom / 100, abs=1)
        assert not {(x, y) for x in (min(columns), max(columns)) for y in (min(rows), max(rows))} & set(handle)
        appearance.zoom(1)


def test_text_that_is_on_the_screen_grows_with_the_zoom(qtbot: QtBot, dress: Callable[..., Dressed]) -> None:
    _, appearance = dress()
    widget = QWidget()
    qtbot.addWidget(widget)
    with qtbot.waitExposed(widget):
        widget.show()
    usual = widget.fontMetrics().horizontalAdvance("Digitscope")
    appearance.zoom(len(ZOOMS))
    assert widget.fontMetrics().horizontalAdvance("Digitscope") == pytest.approx(2 * usual, rel=0.05)


def test_a_second_window_is_as_large_as_the_first_and_costs_no_new_styling(
    qtbot: QtBot, dress: Callable[..., Dressed]
) -> None:
    class Watch(QWidget):
        restyled = 0

        def changeEvent(self, event: QEvent) -> None:
            self.restyled += event.type() == QEvent.Type.StyleChange

    dress()
    usual = QApplication.font().pointSizeF()
    dress(zoom=150)
    watch = Watch()
    qtbot.addWidget(watch)
    with qtbot.waitExposed(watch):
        watch.show()
    watch.restyled = 0
    dress(zoom=150)
    assert QApplication.font().pointSizeF() == pytest.approx(1.5 * usual)
    assert watch.restyled == 0
    dress(zoom=100)
    assert QApplication.font().pointSizeF() == usual
    assert watch.restyled > 0
