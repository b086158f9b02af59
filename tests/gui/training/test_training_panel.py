import math
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDoubleSpinBox, QPushButton, QSlider, QSpinBox
from pytestqt.qtbot import QtBot

from gui.training.pacer import FASTEST, samples_per_second
from gui.training.training_panel import TrainingPanel
from gui.training.training_session import State
from model.training import TrainingConfig


@pytest.fixture
def panel(qtbot: QtBot) -> Iterator[TrainingPanel]:
    panel = TrainingPanel()
    qtbot.addWidget(panel)
    panel.show_state(State.IDLE)
    panel.show()
    return panel


def button(panel: TrainingPanel, name: str) -> QPushButton:
    return panel.findChild(QPushButton, name)


def type_into(panel: TrainingPanel, name: str, text: str) -> None:
    field = panel.findChild(QSpinBox, name) or panel.findChild(QDoubleSpinBox, name)
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, text)
    QTest.keyClick(field, Qt.Key.Key_Return)


def test_it_begins_with_the_exercise(panel: TrainingPanel) -> None:
    assert panel.config == TrainingConfig(epochs=3, learning_rate=0.003, seed=80085)


def test_what_is_typed_is_what_start_asks_for(qtbot: QtBot, panel: TrainingPanel) -> None:
    type_into(panel, "epochsSpinBox", "7")
    type_into(panel, "learningRateSpinBox", "0.25")
    type_into(panel, "seedSpinBox", "12")
    with qtbot.waitSignal(panel.start_requested) as asked:
        QTest.mouseClick(button(panel, "startButton"), Qt.MouseButton.LeftButton)
    assert asked.args == [TrainingConfig(epochs=7, learning_rate=0.25, seed=12)]


@pytest.mark.parametrize(("typed", "rate"), [("1e-5", 1e-5), ("0,01", 0.01), ("2", 2.0), ("1e30", 1e30)])
def test_learning_rates_of_any_magnitude_can_be_typed(panel: TrainingPanel, typed: str, rate: float) -> None:
    type_into(panel, "learningRateSpinBox", typed)
    assert panel.config.learning_rate == rate


@pytest.mark.parametrize("typed", ["0", "-1", "nan", "fast", "1e99", "", "e"])
def test_a_learning_rate_that_makes_no_sense_leaves_the_last_one(panel: TrainingPanel, typed: str) -> None:
    field = panel.findChild(QDoubleSpinBox, "learningRateSpinBox")
    field.selectAll()
    QTest.keyClick(field, Qt.Key.Key_Delete)
    QTest.keyClicks(field, typed)
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert panel.config.learning_rate > 0
    assert math.isfinite(panel.config.learning_rate)


def test_arrow_keys_climb_the_usual_learning_rates(panel: TrainingPanel) -> None:
    field = panel.findChild(QDoubleSpinBox, "learningRateSpinBox")
    climbed = []
    for _ in range(4):
        QTest.keyClick(field, Qt.Key.Key_Up)
        climbed.append(field.value())
    assert climbed == [0.01, 0.03, 0.1, 0.3]
    QTest.keyClick(field, Qt.Key.Key_Down)
    assert field.value() == 0.1


@pytest.mark.parametrize(("rate", "up", "down"), [(0.005, 0.01, 0.003), (0.002, 0.003, 0.001), (0.07, 0.1, 0.03)])
def test_between_two_usual_learning_rates_the_arrows_go_to_the_nearest(
    panel: TrainingPanel, rate: float, up: float, down: float
) -> None:
    field = panel.findChild(QDoubleSpinBox, "learningRateSpinBox")
    for key, expected in ((Qt.Key.Key_Up, up), (Qt.Key.Key_Down, down)):
        field.setValue(rate)
        QTest.keyClick(field, key)
        assert field.value() == expected


@pytest.mark.parametrize(
    ("state", "offered"),
    [
        (State.WAITING, set()),
        (State.IDLE, {"startButton", "stepButton"}),
        (State.RUNNING, {"pauseButton", "stepButton", "stopButton"}),
        (State.PAUSED, {"pauseButton", "stepButton", "stopButton"}),
    ],
)
def test_only_what_can_be_done_is_offered(panel: TrainingPanel, state: State, offered: set[str]) -> None:
    panel.show_state(state)
    names = ("startButton", "pauseButton", "stepButton", "stopButton")
    assert {name for name in names if button(panel, name).isEnabled() and button(panel, name).isVisible()} == offered


def test_the_focus_stays_on_the_primary_button(panel: TrainingPanel) -> None:
    panel.activateWindow()
    button(panel, "startButton").setFocus()
    panel.show_state(State.RUNNING)
    assert panel.focusWidget() is button(panel, "pauseButton")


def test_the_slider_goes_from_one_sample_a_second_to_full_speed(qtbot: QtBot, panel: TrainingPanel) -> None:
    slider = panel.findChild(QSlider, "speedSlider")
    assert (slider.minimum(), slider.maximum()) == (0, FASTEST)
    with qtbot.waitSignal(panel.pace_changed) as changed:
        QTest.keyClick(slider, Qt.Key.Key_End)
    assert changed.args == [math.inf]
    with qtbot.waitSignal(panel.pace_changed) as changed:
        QTest.keyClick(slider, Qt.Key.Key_Home)
    assert changed.args == [1.0]
    paces = [samples_per_second(position) for position in range(FASTEST + 1)]
    assert paces == sorted(paces)
