import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractSpinBox
from pytestqt.qtbot import QtBot

from gui.flow.limits import LARGEST_SEED
from gui.panels.number_fields import LearningRateField, WholeNumberField


@pytest.fixture
def rate(qtbot: QtBot) -> LearningRateField:
    field = LearningRateField()
    qtbot.addWidget(field)
    field.show_value(0.003)
    return field


def type_into(field: QAbstractSpinBox, text: str) -> None:
    field.selectAll()
    QTest.keyClick(field, Qt.Key.Key_Delete)
    QTest.keyClicks(field, text)
    QTest.keyClick(field, Qt.Key.Key_Return)


@pytest.mark.parametrize(("typed", "value"), [("1e-5", 1e-5), ("0,01", 0.01), ("2", 2.0), ("1e30", 1e30)])
def test_learning_rates_of_any_magnitude_can_be_typed(rate: LearningRateField, typed: str, value: float) -> None:
    type_into(rate, typed)
    assert rate.value() == value


@pytest.mark.parametrize("typed", ["0", "-1", "nan", "fast", "e", "", "+"])
def test_a_learning_rate_that_makes_no_sense_leaves_the_last_one(rate: LearningRateField, typed: str) -> None:
    type_into(rate, typed)
    assert (rate.value(), rate.text()) == (0.003, "0.003")


def test_a_learning_rate_that_is_too_large_leaves_what_was_typed_so_far(rate: LearningRateField) -> None:
    type_into(rate, "1e99")
    assert (rate.value(), rate.text()) == (1e9, "1e+09")


def test_what_is_being_typed_stays_as_it_was_written(qtbot: QtBot, rate: LearningRateField) -> None:
    rate.valueChanged.connect(rate.show_value)
    rate.selectAll()
    QTest.keyClicks(rate, "0.050")
    assert (rate.value(), rate.text()) == (0.05, "0.050")


def test_arrow_keys_climb_the_usual_learning_rates(rate: LearningRateField) -> None:
    climbed = []
    for _ in range(4):
        QTest.keyClick(rate, Qt.Key.Key_Up)
        climbed.append(rate.value())
    assert climbed == [0.01, 0.03, 0.1, 0.3]
    QTest.keyClick(rate, Qt.Key.Key_Down)
    assert rate.value() == 0.1


@pytest.mark.parametrize(("value", "up", "down"), [(0.005, 0.01, 0.003), (0.002, 0.003, 0.001), (0.07, 0.1, 0.03)])
def test_between_two_usual_learning_rates_the_arrows_go_to_the_nearest(
    rate: LearningRateField, value: float, up: float, down: float
) -> None:
    for key, expected in ((Qt.Key.Key_Up, up), (Qt.Key.Key_Down, down)):
        rate.show_value(value)
        QTest.keyClick(rate, key)
        assert rate.value() == expected


@pytest.mark.parametrize(("value", "shown"), [(7, 7), (10**12, LARGEST_SEED)])
def test_whole_numbers_stay_within_their_range(qtbot: QtBot, value: int, shown: int) -> None:
    field = WholeNumberField(0, LARGEST_SEED)
    qtbot.addWidget(field)
    field.show_value(value)
    assert field.value() == shown
    type_into(field, "9999999999")
    assert field.value() == LARGEST_SEED
