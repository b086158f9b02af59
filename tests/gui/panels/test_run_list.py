"""The list of the runs, operated by mouse and keys."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QMenu, QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from gui.controllers import Controllers
from gui.flow.scene import Scene, TrainingState
from gui.panels.run_line import RunLine
from gui.panels.run_list import RunList
from gui.theme import DARK, LIGHT
from model.history import Frame, History, Phase
from model.homework.chosen_mistake import ChosenMistake
from model.network import Network
from model.training import LARGEST_SEED, MOST_EPOCHS, Progress, TrainingConfig
from tests.gui.conftest import click, settle, show_view

NETWORK = Network.initialize((784, 2, 10))


def frame(samples: int, test_accuracy: float | None = None) -> Frame:
    return Frame(Progress(samples, -(-samples // 1000), 1.0, 0.5, None, test_accuracy), NETWORK)


def run_of(rate: float, accuracy: float, epochs: int = 3) -> History:
    config = TrainingConfig(epochs=epochs, learning_rate=rate, seed=5)
    return History(config, 1000).with_frames([frame(0), frame(1000, accuracy)])


class Runs:
    """A list with two runs, the first at a rate of 0.01, the second at 0.1 and on the screen."""

    def __init__(self, qtbot: QtBot, controllers: Controllers) -> None:
        self.controllers = controllers
        self._qtbot = qtbot
        self.wait_until = qtbot.waitUntil
        for run in (run_of(0.01, 0.875), run_of(0.1, 0.9277, epochs=1)):
            controllers.runs.add(run)
        self.view = RunList(controllers)
        show_view(qtbot, controllers, self.view, 200, 300)

    @property
    def scene(self) -> Scene:
        return self.controllers.scheduler.scene

    @property
    def lines(self) -> list[RunLine]:
        """As they stand below one another."""
        settle(self.controllers)
        QTest.qWait(0)  # lines that are gone are deleted
        return sorted(self.view.findChildren(RunLine), key=lambda line: line.mapTo(self.view, QPoint()).y())

    @property
    def second(self) -> RunLine:
        return self.lines[0]

    @property
    def first(self) -> RunLine:
        return self.lines[1]

    def run(self, number: int) -> History:
        return self.scene.runs.all[number]

    def choose(self, line: RunLine, text: str) -> None:
        """Open the menu of a run with the mouse and choose something in it."""
        self._qtbot.waitUntil(lambda: line.findChild(QMenu, "runMenu") is None)  # the one before, on its way out
        click(line.findChild(QToolButton))
        menu = line.findChild(QMenu, "runMenu")
        self._qtbot.waitUntil(menu.isVisible)
        (action,) = [action for action in menu.actions() if action.text() == text]
        QTest.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(action).center())
        menu.close()


@pytest.fixture
def runs(qtbot: QtBot, controllers: Controllers) -> Runs:
    return Runs(qtbot, controllers)


def texts(line: RunLine) -> list[str]:
    return [label.text() for label in line.findChildren(QLabel) if label.isVisibleTo(line)]


def is_painted_in(line: RunLine, color: str) -> bool:
    """Whether the dot before the name has this colour."""
    (dot,) = [label for label in line.findChildren(QLabel) if label.text() in ("●", "○")]
    picture = dot.grab().toImage()
    points = [(x, y) for x in range(picture.width()) for y in range(picture.height())]
    return any(picture.pixelColor(*point) == QColor(color) for point in points)


def test_each_run_says_what_it_is_and_how_good_the_newest_first(runs: Runs) -> None:
    assert [texts(line) for line in runs.lines] == [
        ["●", "rate 0.1", "92.8 %", "1 epoch · seed 5"],
        ["●", "rate 0.01", "87.5 %", "3 epochs · seed 5"],
    ]
    assert runs.first.accessibleName() == "Run rate 0.01, 87.5 %"
    assert "learning rate 0.01 · 3 epochs · seed 5 · 784 → 32 → 32 → 10" in runs.first.toolTip()


def test_what_differs_between_the_runs_comes_first(runs: Runs) -> None:
    for run in runs.scene.runs.all:
        runs.controllers.runs.remove(run)
    for seed in (7, 8):
        config = TrainingConfig(epochs=3, learning_rate=0.1, seed=seed)
        runs.controllers.runs.add(History(config, 1000).with_frames([frame(0, 0.1)]))
    assert [texts(line)[3] for line in runs.lines] == ["seed 8 · 3 epochs", "seed 7 · 3 epochs"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Most Accurate First", ["best", "rate 0.1", "rate 0.01"]),
        ("By Learning Rate", ["rate 0.01", "rate 0.1", "best"]),
        ("By Name", ["best", "rate 0.01", "rate 0.1"]),
        ("Newest First", ["best", "rate 0.1", "rate 0.01"]),
    ],
)
def test_runs_can_be_sorted(runs: Runs, text: str, expected: list[str]) -> None:
    runs.controllers.runs.add(run_of(0.5, 0.95).renamed("best"))
    menu = runs.view.findChild(QPushButton, "sortRunsButton").menu()
    next(action for action in menu.actions() if action.text() == text).trigger()
    assert [texts(line)[1] for line in runs.lines] == expected


def test_a_name_with_tags_is_shown_as_it_is_written(runs: Runs) -> None:
    runs.controllers.runs.rename(runs.run(0), "<b>bold</b> & <img src=x>")
    assert "&lt;b&gt;bold&lt;/b&gt; &amp; &lt;img" in runs.first.toolTip()
    assert "<b>" not in runs.first.toolTip()
    assert texts(runs.first)[1] == "<b>bold</b> & <img src=x>"


def test_the_active_run_grows_in_its_line(runs: Runs) -> None:
    untested = runs.run(0).fork(runs.run(0).frames[0], TrainingConfig(epochs=2, learning_rate=0.5))
    continued = runs.run(0).fork(runs.run(0).latest, TrainingConfig(epochs=2, learning_rate=0.5))
    runs.controllers.runs.start(untested)
    assert texts(runs.lines[0])[1:] == ["rate 0.5", "…", "2 epochs · seed 5"]
    runs.controllers.runs.start(continued)
    runs.controllers.runs.grow([frame(1500, 0.75)])
    assert texts(runs.lines[0])[1:] == ["rate 0.5", "75.0 %", "2 epochs · from 1,000"]
    runs.controllers.runs.grow([frame(1600)])
    assert texts(runs.lines[0])[2] == "…"  # the accuracy is that of an earlier moment
    assert "Test accuracy at sample 1,600: …" in runs.lines[0].toolTip()


def test_a_click_shows_a_run_in_the_colour_of_its_curve(runs: Runs) -> None:
    assert is_painted_in(runs.second, LIGHT.accent)
    assert is_painted_in(runs.first, LIGHT.other_runs)
    click(runs.first)
    assert (runs.scene.shown, runs.scene.frame) == (runs.run(0), runs.run(0).latest)
    assert is_painted_in(runs.first, LIGHT.accent)
    assert is_painted_in(runs.second, LIGHT.other_runs)
    runs.controllers.appearance.choose_theme("dark")
    assert is_painted_in(runs.first, DARK.accent)
    runs.controllers.appearance.choose_theme("light")


def test_enter_shows_a_run_and_delete_removes_it(runs: Runs) -> None:
    second = runs.run(1)
    runs.view.activateWindow()
    runs.first.setFocus()
    QTest.keyClick(runs.first, Qt.Key.Key_Return)
    assert runs.scene.shown is runs.run(0)
    QTest.keyClick(runs.first, Qt.Key.Key_Delete)
    assert runs.scene.runs.all == (second,)
    assert [texts(line)[1] for line in runs.lines] == ["rate 0.1"]


def test_the_run_under_the_pointer_is_pointed_at(runs: Runs) -> None:
    window = runs.view.windowHandle()
    beside = QPoint(runs.view.width() // 2, runs.view.height() - 2)
    QTest.mouseMove(window, beside)
    QTest.mouseMove(window, runs.first.mapTo(runs.view, runs.first.rect().center()))
    runs.wait_until(lambda: runs.scene.pointed_run is runs.run(0).key)
    QTest.mouseMove(window, beside)
    runs.wait_until(lambda: runs.scene.pointed_run is None)


def test_comparing_by_the_menu(runs: Runs) -> None:
    runs.choose(runs.first, "Compare")
    assert runs.scene.compared is runs.run(0)
    assert is_painted_in(runs.first, LIGHT.compared)
    runs.choose(runs.first, "Stop Comparing")
    assert runs.scene.compared is None
    runs.choose(runs.second, "Compare")  # with itself
    assert runs.scene.compared is None


def test_hiding_and_showing_a_curve(runs: Runs) -> None:
    runs.choose(runs.first, "Hide Curve")
    assert runs.scene.runs.hidden == {runs.run(0).key}
    assert texts(runs.first)[0] == "○"
    runs.choose(runs.first, "Show Curve")
    assert runs.scene.runs.hidden == frozenset()
    assert texts(runs.first)[0] == "●"


@pytest.mark.parametrize(("typed", "is_accepted", "name"), [("slow", True, "slow"), ("slow", False, "rate 0.01")])
def test_renaming_by_the_menu_or_by_a_key(
    runs: Runs, monkeypatch: pytest.MonkeyPatch, typed: str, is_accepted: bool, name: str
) -> None:
    asked = []

    def ask(*_: object, text: str) -> tuple[str, bool]:
        asked.append(text)
        return typed, is_accepted

    monkeypatch.setattr("gui.panels.run_line.QInputDialog.getText", ask)
    runs.choose(runs.first, "Rename …")
    assert (runs.run(0).name, texts(runs.first)[1]) == (name, name)
    QTest.keyClick(runs.first, Qt.Key.Key_F2)
    assert asked == ["rate 0.01", name]


@pytest.mark.parametrize(
    ("config", "used"),
    [
        (TrainingConfig(7, 0.25, 11, (784, 64, 10), 25), TrainingConfig(7, 0.25, 11, (784, 64, 10))),
        (TrainingConfig(7, 0.25, 11, (784, 600, 10)), TrainingConfig(7, 0.25, 11)),
        (TrainingConfig(1003, 2, 10**12), TrainingConfig(MOST_EPOCHS, 2, LARGEST_SEED)),
    ],
)
def test_of_the_settings_of_a_run_those_that_have_fields_are_used_for_another(
    runs: Runs, config: TrainingConfig, used: TrainingConfig
) -> None:
    runs.controllers.runs.add(History(config, 1000).with_frames([frame(0)]))
    runs.choose(runs.lines[0], "Use Its Settings")
    assert runs.scene.config == used


def test_the_settings_of_a_run_with_a_mistake_have_it_where_its_layers_have_fields(runs: Runs) -> None:
    slope = ChosenMistake("missing-slope", 1, is_hidden=True)
    for sizes, mistake in (((784, 64, 10), slope), ((784, 600, 10), None)):
        config = TrainingConfig(layer_sizes=sizes, mistake=slope)
        runs.controllers.runs.add(History(config, 1000).with_frames([frame(0)]))
        runs.choose(runs.lines[0], "Use Its Settings")
        assert runs.scene.config.mistake == mistake
    runs.choose(runs.lines[-1], "Use Its Settings")
    assert runs.scene.config.mistake is None


def test_a_run_with_a_mistake_says_which_one_and_when(runs: Runs) -> None:
    slope, sign = ChosenMistake("missing-slope", 1), ChosenMistake("sign")
    phases = (Phase(0, 0.1, slope), Phase(100, 0.2, slope), Phase(300, 0.2), Phase(500, 0.2, sign))
    run = History(TrainingConfig(learning_rate=0.2, mistake=sign), 1000, phases).with_frames([frame(600)])
    runs.controllers.runs.add(run)
    said = "The slope σ′(z) is missing, in layer 1, up to sample 300; then The update goes uphill, from sample 500"
    assert texts(runs.lines[0])[-1] == said
    assert said in runs.lines[0].toolTip()
    assert runs.lines[0].accessibleName().startswith("Run rate 0.2, with a mistake")


def test_the_active_run_cannot_be_deleted(runs: Runs) -> None:
    runs.controllers.runs.start(run_of(0.5, 0.1))
    runs.controllers.scheduler.change(training=TrainingState.RUNNING)
    runs.choose(runs.lines[0], "Delete")
    QTest.keyClick(runs.lines[0], Qt.Key.Key_Delete)
    assert len(runs.lines) == 3
    runs.controllers.runs.end()
    runs.choose(runs.lines[0], "Delete")
    assert len(runs.lines) == 2


def test_a_long_name_ends_where_there_is_room_for_no_more(runs: Runs) -> None:
    long = "a name that is far too long for such a narrow list of runs"
    runs.controllers.runs.rename(runs.run(0), long)
    name = runs.first.findChildren(QLabel)[1]
    assert name.text() == long
    assert QLabel.text(name).endswith("…")  # what is painted
    assert long in runs.first.toolTip()
