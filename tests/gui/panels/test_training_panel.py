import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractSpinBox, QLabel, QLineEdit, QPushButton, QSlider, QWidget
from pytestqt.qtbot import QtBot

from gui.controllers import Controllers
from gui.flow.limits import FASTEST
from gui.flow.scene import TrainingState
from gui.panels.training_panel import TrainingPanel
from gui.theme import LIGHT
from model.dataset import Dataset
from model.history import History
from model.network import Network
from model.training import TrainingConfig
from tests.gui.conftest import click, show_view

BUTTONS = ("startButton", "pauseButton", "stepButton", "stopButton")
NUMBERS = ("epochsSpinBox", "learningRateSpinBox", "seedSpinBox")
FIELDS = (*NUMBERS, "hiddenLayersField")


@pytest.fixture
def panel(qtbot: QtBot, controllers: Controllers) -> TrainingPanel:
    panel = TrainingPanel(controllers)
    show_view(qtbot, controllers, panel, 226, 500)
    return panel


def button(panel: TrainingPanel, name: str) -> QPushButton:
    return panel.findChild(QPushButton, name)


def field(panel: TrainingPanel, name: str) -> QAbstractSpinBox | QLineEdit:
    return panel.findChild(QLineEdit if name == "hiddenLayersField" else QAbstractSpinBox, name)


def values(panel: TrainingPanel) -> list[float]:
    return [field(panel, name).value() for name in NUMBERS]


def type_into(panel: TrainingPanel, name: str, text: str) -> None:
    field(panel, name).selectAll()
    QTest.keyClicks(field(panel, name), text)


def test_the_fields_start_with_the_exercise_and_follow_the_scene(
    controllers: Controllers, panel: TrainingPanel
) -> None:
    assert values(panel) == [3, 0.003, 80085]
    assert field(panel, "hiddenLayersField").text() == "32, 32"
    controllers.scheduler.change(
        config=TrainingConfig(epochs=9, learning_rate=0.1 + 0.2, seed=7, layer_sizes=(784, 64, 16, 10))
    )
    assert values(panel) == [9, 0.1 + 0.2, 7]
    assert field(panel, "hiddenLayersField").text() == "64, 16"


def test_what_stands_in_the_fields_is_what_start_trains_with(
    controllers: Controllers, panel: TrainingPanel, digits: Dataset
) -> None:
    controllers.digits.use(digits)
    for name, text in zip(FIELDS, ("700", "0.25", "12", "20,8"), strict=True):
        type_into(panel, name, text)  # and the last one is not even left
    click(button(panel, "startButton"))
    run = controllers.scheduler.scene.active
    assert (run.config.epochs, run.config.learning_rate, run.config.seed) == (700, 0.25, 12)
    assert run.start.network.layer_sizes == (784, 20, 8, 10)


@pytest.mark.parametrize(
    ("name", "typed", "problem"),
    [
        ("epochsSpinBox", "3.7", "Epochs must be a whole number from 1 to 1,000, not “3.7”."),
        ("epochsSpinBox", "", "Epochs must be a whole number from 1 to 1,000."),
        (
            "learningRateSpinBox",
            "0.1.003",
            "Learning rate must be a number from 1e-9 to 1e38, such as 0.003, not “0.1.003”.",
        ),
        ("seedSpinBox", "-1", "Seed must be a whole number from 0 to 999,999,999, not “-1”."),
        *(
            (
                "hiddenLayersField",
                typed,
                f"Hidden layers must be none, or up to 4 whole numbers from 1 to 512, such as 32, 32, not “{typed}”.",
            )
            for typed in ("32, ", "0", "513", "4, 4, 4, 4, 4", "-3", "3.5", "x")
        ),
    ],
)
def test_start_waits_for_a_field_that_cannot_be_read_which_is_red_and_says_why(
    controllers: Controllers, panel: TrainingPanel, digits: Dataset, name: str, typed: str, problem: str
) -> None:
    controllers.digits.use(digits)
    before = controllers.scheduler.scene.config
    edited = field(panel, name)
    good, tip = edited.text(), edited.toolTip()
    edited.selectAll()
    QTest.keyClick(edited, Qt.Key.Key_Delete)
    QTest.keyClicks(edited, typed)
    QTest.keyClick(edited, Qt.Key.Key_Return)
    edited.clearFocus()
    assert edited.text() == typed
    assert edited.toolTip() == controllers.scheduler.scene.config_problem == problem
    picture = edited.grab().toImage()
    colors = {picture.pixelColor(x, y).name() for x in range(picture.width()) for y in range(picture.height())}
    assert LIGHT.wrong in colors
    assert not button(panel, "startButton").isEnabled()
    assert not button(panel, "stepButton").isEnabled()
    for request in (controllers.training.start, controllers.training.step, controllers.training.continue_from_here):
        request()
    assert controllers.scheduler.scene.active is None
    type_into(panel, name, good)
    assert (controllers.scheduler.scene.config_problem, edited.toolTip()) == ("", tip)
    assert controllers.scheduler.scene.config == before
    assert button(panel, "startButton").isEnabled()


@pytest.mark.parametrize(
    ("typed", "sizes"),
    [("none", (784, 10)), ("", (784, 10)), ("512", (784, 512, 10)), (" 1 ,2,3,4", (784, 1, 2, 3, 4, 10))],
)
def test_before_any_run_the_network_that_start_would_train_is_shown(
    controllers: Controllers, panel: TrainingPanel, typed: str, sizes: tuple[int, ...]
) -> None:
    type_into(panel, "seedSpinBox", "7")
    field(panel, "hiddenLayersField").clear()
    type_into(panel, "hiddenLayersField", typed)
    scene = controllers.scheduler.scene
    assert scene.config.layer_sizes == scene.layer_sizes == sizes
    same = Network.initialize(sizes, 7)
    assert all(np.array_equal(*pair) for pair in zip(scene.network.weights, same.weights, strict=True))
    assert field(panel, "hiddenLayersField").text() == typed


def test_the_settings_of_a_run_take_the_place_of_what_cannot_be_read(
    controllers: Controllers, panel: TrainingPanel
) -> None:
    type_into(panel, "seedSpinBox", "x")
    type_into(panel, "epochsSpinBox", "0")
    run = History(TrainingConfig(epochs=7, learning_rate=0.123456789), 1000)
    controllers.runs.use_settings(run)
    assert [field(panel, name).text() for name in FIELDS] == ["7", "0.123456789", "80085", "32, 32"]
    assert controllers.scheduler.scene.config_problem == ""


@pytest.mark.parametrize(
    ("state", "enabled"),
    [
        (TrainingState.WAITING, {*FIELDS}),
        (TrainingState.IDLE, {"startButton", "stepButton", *FIELDS}),
        (TrainingState.RUNNING, {"pauseButton", "stepButton", "stopButton"}),
        (TrainingState.PAUSED, {"pauseButton", "stepButton", "stopButton"}),
    ],
)
def test_only_what_can_be_done_is_enabled(
    controllers: Controllers, panel: TrainingPanel, state: TrainingState, enabled: set[str]
) -> None:
    controllers.scheduler.change(training=state)
    widgets = {name: panel.findChild(QWidget, name) for name in (*BUTTONS, *FIELDS)}
    assert {name for name, widget in widgets.items() if widget.isEnabled()} == enabled
    assert button(panel, "pauseButton").isVisible() is state.is_active
    assert button(panel, "startButton").isVisible() is not state.is_active
    assert button(panel, "pauseButton").text() == ("Resume" if state is TrainingState.PAUSED else "Pause")


def test_after_stop_resume_stands_beside_start(
    qtbot: QtBot, controllers: Controllers, panel: TrainingPanel, digits: Dataset
) -> None:
    controllers.digits.use(digits)
    controllers.scheduler.change(speed=50)
    resume, start = button(panel, "resumeButton"), button(panel, "startButton")
    assert not resume.isVisible()
    click(start)
    assert not resume.isVisible()
    with qtbot.waitSignal(controllers.training.finished):
        click(button(panel, "stopButton"))
    qtbot.waitUntil(resume.isVisible)
    assert start.isVisible()
    assert start.y() == resume.y()
    click(resume)
    assert (controllers.scheduler.scene.training, len(controllers.scheduler.scene.runs.all)) == (
        TrainingState.RUNNING,
        1,
    )
    assert not resume.isVisible()


def test_the_focus_stays_on_the_primary_button(controllers: Controllers, panel: TrainingPanel) -> None:
    controllers.scheduler.change(training=TrainingState.IDLE)
    panel.activateWindow()
    button(panel, "startButton").setFocus()
    controllers.scheduler.change(training=TrainingState.RUNNING)
    assert panel.focusWidget() is button(panel, "pauseButton")
    controllers.scheduler.change(training=TrainingState.IDLE)
    assert panel.focusWidget() is button(panel, "startButton")


@pytest.mark.parametrize(
    ("key", "speed", "text"),
    [(Qt.Key.Key_Home, 0, "1 sample/s"), (Qt.Key.Key_End, FASTEST, "full speed"), (None, 81, "12,000 samples/s")],
)
def test_the_slider_chooses_the_speed_and_says_what_it_is(
    controllers: Controllers, panel: TrainingPanel, key: Qt.Key | None, speed: int, text: str
) -> None:
    slider = panel.findChild(QSlider, "speedSlider")
    if key is not None:
        QTest.keyClick(slider, key)
    assert controllers.scheduler.scene.speed == slider.value() == speed
    assert text in [label.text() for label in panel.findChildren(QLabel)]
