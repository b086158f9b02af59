"""Run ▸ With a Mistake …, from the menu to the run that makes it, and what is hidden until somebody asks."""

import re
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QComboBox, QDialog, QLabel, QListWidget, QMenu, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from gui.files.file_dialogs import FileDialogs
from gui.main_window import MainWindow
from gui.pages.page_tabs import PAGES
from gui.panels.run_line import RunLine
from gui.widgets.card import ElidedLabel
from model.dataset import Dataset
from model.homework.chosen_mistake import ChosenMistake, choices
from model.homework.mistaken_sgd import MistakenSGD
from model.network import Network
from model.storage.run_file import open_run
from tests.gui.conftest import Find, click, cut_off, settle, turn_to
from tests.model.textbook import same_bits

SLOPE = "The slope σ′(z) is missing"
GIVEAWAY = re.compile(r"slope σ′\(z\)|missing-slope|without the slope|several times too long")


class Chooser:
    """A hand in the dialog."""

    def __init__(self, qtbot: QtBot, window: MainWindow) -> None:
        self._qtbot, self._window = qtbot, window

    @property
    def dialog(self) -> QDialog:
        return self._window.findChild(QDialog, "mistakeDialog")

    @property
    def list(self) -> QListWidget:
        return self.dialog.findChild(QListWidget, "mistakeList")

    @property
    def layers(self) -> QComboBox:
        return self.dialog.findChild(QComboBox, "mistakeLayerComboBox")

    @property
    def guess(self) -> QCheckBox:
        return self.dialog.findChild(QCheckBox, "guessFirstCheckBox")

    def open(self) -> None:
        self._qtbot.waitUntil(lambda: self.dialog is None)  # the one before, on its way out
        (action,) = [action for action in self._window.actions() if action.text() == "With a &Mistake …"]
        assert action.isEnabled()
        action.trigger()
        self._qtbot.waitUntil(self.dialog.isVisible)

    def point_at(self, title: str) -> None:
        (item,) = self.list.findItems(title, Qt.MatchFlag.MatchExactly)
        self.list.scrollToItem(item)
        place = self.list.visualItemRect(item).center()
        QTest.mouseClick(self.list.viewport(), Qt.MouseButton.LeftButton, pos=place)

    def press(self, name: str) -> None:
        click(self.dialog.findChild(QWidget, name))
        settle(self._window)

    def choose(self, title: str, layer: str = "", is_hidden: bool = False) -> None:
        self.open()
        self.point_at(title)
        if layer:
            self.layers.setFocus()
            while self.layers.currentText() != layer:
                QTest.keyClick(self.layers, Qt.Key.Key_Down)
        if is_hidden:
            QTest.keyClick(self.guess, Qt.Key.Key_Space)
        self.press("chooseMistakeButton")


@pytest.fixture(scope="module")
def digits(mnist: Dataset) -> Dataset:
    """Fewer than elsewhere: what a run with a mistake is called does not depend on how long it is."""
    few = slice(300)
    return Dataset(mnist.train_images[few], mnist.train_labels[few], mnist.test_images[few], mnist.test_labels[few])


@pytest.fixture
def chooser(qtbot: QtBot, window: MainWindow) -> Chooser:
    return Chooser(qtbot, window)


def train(qtbot: QtBot, window: MainWindow, find: Find) -> None:
    find("speedSlider").setValue(100)
    find("epochsSpinBox").setValue(1)
    with qtbot.waitSignal(window.training_finished, timeout=30000):
        click(find("startButton"))
    settle(window)


def texts_of(window: MainWindow) -> set[str]:
    """Whatever can be read or heard anywhere, tooltips and menus too, on every page."""
    said: set[str] = set()
    for page in PAGES:
        turn_to(window, page.title)
        for widget in (window, *window.findChildren(QWidget)):
            said |= {widget.toolTip(), widget.accessibleName(), widget.accessibleDescription(), widget.windowTitle()}
            said.add(widget.text() if callable(getattr(widget, "text", None)) else "")
        said |= {action.text() for action in window.actions()}
    turn_to(window, "Training")
    return said


def test_every_mistake_that_fits_is_listed_with_what_is_computed_instead(chooser: Chooser, window: MainWindow) -> None:
    chooser.open()
    first, *titles = [chooser.list.item(k).text() for k in range(chooser.list.count())]
    assert first == "Any of them, by chance"
    assert titles == [ChosenMistake(name).entry.title for name in choices((784, 32, 32, 10))]
    chooser.point_at(SLOPE)
    said = " ".join(label.text() for label in chooser.dialog.findChildren(QLabel))
    assert "Right: δₖ = (δₖ₊₁ Wₖ₊₁ᵀ) ∘ σ′(zₖ)" in said
    assert "Instead: the error carried back without the slope σ′(z)." in said
    assert [chooser.layers.itemText(k) for k in range(chooser.layers.count())] == [
        "every layer that has it",
        "layer 1",
        "layer 2",
    ]
    chooser.point_at("W is not transposed on the way back")
    assert (chooser.layers.count(), chooser.layers.currentText()) == (1, "layer 1")
    chooser.point_at("The update goes uphill")
    assert not chooser.layers.isVisible()
    chooser.press("cancelMistakeButton")
    assert window.scene.config.mistake is None


@pytest.mark.parametrize("zoom", [100, 200])
def test_nothing_of_it_is_cut_off(qtbot: QtBot, chooser: Chooser, window: MainWindow, zoom: int) -> None:
    window.controllers.scheduler.change(zoom=zoom)
    chooser.open()
    for row in range(chooser.list.count()):
        chooser.list.setCurrentRow(row)
        qtbot.waitUntil(lambda: not cut_off(chooser.dialog))


def test_the_keyboard_is_enough(chooser: Chooser, window: MainWindow) -> None:
    chooser.open()
    chooser.list.setFocus()
    QTest.keyClick(chooser.list, Qt.Key.Key_W)
    QTest.keyClick(chooser.list, Qt.Key.Key_Return)
    assert window.scene.config.mistake == ChosenMistake("not-transposed", 1)


def test_what_is_chosen_stands_in_the_panel_and_can_be_taken_away(
    chooser: Chooser, window: MainWindow, find: Find
) -> None:
    assert not find("mistakeLabel").isVisible()
    chooser.choose(SLOPE, "layer 2")
    assert find("mistakeLabel").text() == f"{SLOPE}, in layer 2"
    assert "without the slope" in find("mistakeLabel").toolTip()
    click(find("noMistakeButton"))
    assert (window.scene.config.mistake, find("mistakeLabel").isVisible()) == (None, False)
    chooser.choose(SLOPE)
    chooser.open()
    assert chooser.list.currentItem().text() == SLOPE
    chooser.press("noMistakeChoiceButton")
    assert window.scene.config.mistake is None


def test_the_next_run_makes_it_and_the_one_after_that_none(
    qtbot: QtBot, chooser: Chooser, window: MainWindow, find: Find, digits: Dataset
) -> None:
    chooser.choose(SLOPE, "layer 1")
    train(qtbot, window, find)
    run = window.scene.shown
    expected = Network.initialize()
    sgd = MistakenSGD(expected, 0.003, ChosenMistake("missing-slope", 1))
    sgd.start(digits.train_images, digits.train_labels)
    sgd.learn(300)
    assert same_bits(run.latest.network, expected)
    assert run.title == "rate 0.003, with a mistake"
    assert find("statusLabel").text().startswith("rate 0.003, with a mistake")
    assert not find("mistakeLabel").isVisible()
    (line,) = window.findChildren(RunLine)
    assert line.findChild(QLabel, "runMistakeLabel").text() == f"{SLOPE}, in layer 1"
    assert "with a mistake" in line.accessibleName()
    assert f"trained with a mistake: {SLOPE}, in layer 1" in line.toolTip()
    train(qtbot, window, find)
    assert not window.scene.shown.has_mistake


def test_a_network_that_starts_wrong_is_seen_before_the_start(chooser: Chooser, window: MainWindow, find: Find) -> None:
    first = window.scene.network
    chooser.choose(SLOPE)
    assert window.scene.network is first
    chooser.choose("The weights start all alike")
    assert not window.scene.network.weights[0].any()
    click(find("noMistakeButton"))
    settle(window)
    assert same_bits(window.scene.network, first)


def test_a_hidden_mistake_is_nowhere_until_somebody_asks(
    qtbot: QtBot, chooser: Chooser, window: MainWindow, find: Find, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def exported() -> list[str]:
        proposed: list[str] = []

        def choose_path(_: object, title: str, proposal: str, filters: str) -> Path:
            proposed.append(proposal)
            return tmp_path / f"{len(proposed)}.{'svg' if 'svg' in filters else 'csv'}"

        monkeypatch.setattr(FileDialogs, "ask_save_path", choose_path)
        for text in ("&Curves as a Table …", "&Plot as a Picture …", "&Weights as a Picture …"):
            (action,) = [action for action in window.actions() if action.text() == text]
            action.trigger()
        return [*(path.read_text("utf-8") for path in sorted(tmp_path.glob("[0-9].*"))), *proposed]

    chooser.choose(SLOPE, "layer 2", is_hidden=True)
    assert find("mistakeLabel").text() == "A hidden mistake"
    chooser.open()
    assert chooser.list.currentItem().text() != SLOPE
    chooser.press("cancelMistakeButton")
    qtbot.waitUntil(lambda: chooser.dialog is None)
    assert not [text for text in texts_of(window) if GIVEAWAY.search(text)]
    train(qtbot, window, find)
    assert not [text for text in texts_of(window) if GIVEAWAY.search(text)]
    table, curves, weights, *proposed = exported()
    assert not [text for text in (table, curves, weights, *proposed) if GIVEAWAY.search(text)]
    assert table.splitlines()[-1].endswith(",a mistake")
    assert all("trained with a mistake" in picture for picture in (curves, weights))
    assert proposed[0] == "rate 0.003, with a mistake.csv"

    (line,) = window.findChildren(RunLine)
    assert line.findChild(QLabel, "runMistakeLabel").text() == "a mistake: guess"
    click(line.findChild(QWidget, "revealMistakeButton"))
    settle(window)
    assert line.findChild(QLabel, "runMistakeLabel").text() == f"{SLOPE}, in layer 2"
    assert not line.findChild(QWidget, "revealMistakeButton").isVisible()
    table, curves, weights, *_ = exported()
    assert table.splitlines()[-1].endswith(f',"{SLOPE}, in layer 2"')
    assert all("trained with a mistake: " in picture for picture in (curves, weights))


def test_the_menu_of_the_run_tells_too_and_a_file_keeps_what_is_hidden(
    qtbot: QtBot, chooser: Chooser, window: MainWindow, find: Find, tmp_path: Path
) -> None:
    chooser.choose(SLOPE, "layer 2", is_hidden=True)
    train(qtbot, window, find)
    window.controllers.files.save_run(tmp_path / "run.npz", window.scene.shown)
    window.controllers.files.finish_saving()
    assert open_run(tmp_path / "run.npz").hides_mistake
    window.controllers.files.open(tmp_path / "run.npz")
    settle(window)
    assert find("mistakeLabel").text() == "A hidden mistake"  # with which it would be continued
    line = next(line for line in window.findChildren(RunLine) if line.property("shown"))
    click(line.findChild(QToolButton))
    menu = line.findChild(QMenu, "runMenu")
    (action,) = [action for action in menu.actions() if action.text() == "Tell Me the Mistake"]
    qtbot.waitUntil(menu.isVisible)
    QTest.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(action).center())
    settle(window)
    assert not window.scene.shown.hides_mistake
    assert find("statusLabel").text() == f"The mistake: {SLOPE}, in layer 2"


def test_chance_may_choose_and_tells_nobody(qtbot: QtBot, chooser: Chooser, window: MainWindow, find: Find) -> None:
    chosen = set()
    for _ in range(6):
        chooser.choose("Any of them, by chance")
        mistake = window.scene.config.mistake
        assert mistake.is_hidden
        assert mistake.fits((784, 32, 32, 10))
        chosen.add(mistake)
    assert len(chosen) > 1
    assert find("mistakeLabel").text() == "A hidden mistake"


def test_a_mistake_that_is_chosen_by_name_is_hidden_only_where_that_is_asked_for(
    chooser: Chooser, window: MainWindow
) -> None:
    chooser.open()
    QTest.keyClick(chooser.list, Qt.Key.Key_Up)  # by chance
    assert chooser.guess.isChecked()
    QTest.keyClick(chooser.list, Qt.Key.Key_Down)
    chooser.press("chooseMistakeButton")
    assert not window.scene.config.mistake.is_hidden


def test_layers_that_the_mistake_does_not_fit_are_wrong_until_it_is_gone(
    chooser: Chooser, window: MainWindow, find: Find
) -> None:
    chooser.choose("W is not transposed on the way back")
    field = find("hiddenLayersField")
    field.selectAll()
    QTest.keyClicks(field, "64,16")
    assert "cannot be made with these hidden layers" in window.scene.config_problem
    assert "cannot be made" in field.toolTip()
    assert (field.text(), find("startButton").isEnabled()) == ("64,16", False)
    click(find("noMistakeButton"))
    settle(window)
    assert (window.scene.config_problem, window.scene.layer_sizes) == ("", (784, 64, 16, 10))
    assert (field.text(), find("startButton").isEnabled()) == ("64,16", True)


def test_a_run_that_continues_can_make_it_from_there_but_not_start_with_it(
    qtbot: QtBot, chooser: Chooser, window: MainWindow, find: Find
) -> None:
    train(qtbot, window, find)
    chooser.choose("The pixels stay at 0 to 255")
    click(find("continueButton"))
    assert "cannot be made by a run that continues from here" in window.scene.notice.sentence
    assert len(window.scene.runs.all) == 1
    chooser.choose("The bias is never updated", "layer 3")
    with qtbot.waitSignal(window.training_finished, timeout=30000):
        click(find("continueButton"))
    settle(window)
    before, after = window.scene.runs.all
    assert [phase.mistake for phase in after.phases] == [None, ChosenMistake("bias-frozen", 3)]
    assert (before.latest.network.biases[2] == after.latest.network.biases[2]).all()
    assert (before.latest.network.biases[1] != after.latest.network.biases[1]).any()
    (line,) = [line for line in window.findChildren(RunLine) if "with a mistake" in line.accessibleName()]
    assert "The bias is never updated, in layer 3, from sample 300" in line.toolTip()


def test_the_page_one_update_says_that_the_run_does_something_else(
    qtbot: QtBot, chooser: Chooser, window: MainWindow, find: Find
) -> None:
    turn_to(window, "One update")
    assert not find("updateMistakeLabel").isVisible()
    chooser.choose(SLOPE)
    assert find("updateMistakeLabel").isVisible()
    assert "The right update: the run makes a mistake here" in find("updateMistakeLabel").text()
    train(qtbot, window, find)
    assert find("updateMistakeLabel").isVisible()
    window.controllers.scheduler.change(subject_source="test")
    settle(window)
    assert not find("updateMistakeLabel").isVisible()
    assert [each for each in window.findChildren(ElidedLabel) if "of rate 0.003, with a mistake · η" in each.text()]
    window.controllers.scheduler.change(subject_source="next")
    chooser.choose("The weights start all alike")
    train(qtbot, window, find)
    assert not find("updateMistakeLabel").isVisible()  # its updates are right


def test_such_a_run_is_no_script(
    qtbot: QtBot, chooser: Chooser, window: MainWindow, find: Find, monkeypatch: pytest.MonkeyPatch
) -> None:
    chooser.choose(SLOPE)
    train(qtbot, window, find)
    proposals = []
    monkeypatch.setattr(FileDialogs, "ask_save_path", lambda _, title, proposal, filters: proposals.append(proposal))
    for text in ("Run as a Python &Script …", "Save &Network of This Moment …", "&Save Run …"):
        (action,) = [action for action in window.actions() if action.text() == text]
        action.trigger()
    assert "it was trained with a mistake" in window.scene.notice.sentence
    assert proposals == ["network, with a mistake.npz", "rate 0.003, with a mistake.npz"]


def test_what_is_taught_to_a_run_with_a_mistake_is_marked_as_well(
    qtbot: QtBot, chooser: Chooser, window: MainWindow, find: Find, monkeypatch: pytest.MonkeyPatch
) -> None:
    chooser.choose(SLOPE)
    train(qtbot, window, find)
    window.controllers.scheduler.change(subject_source="test")
    window.controllers.teacher.teach(1)
    window.controllers.teacher.teach(1)
    proposals = []
    monkeypatch.setattr(FileDialogs, "ask_save_path", lambda _, title, proposal, filters: proposals.append(proposal))
    window.controllers.files.ask_and_save_network()
    assert proposals == ["network, with a mistake.npz"]
    with qtbot.waitSignal(window.training_finished, timeout=30000):
        click(find("continueButton"))
    assert window.scene.shown.origin == "a taught network of a run with a mistake"
