import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QLocale, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractSpinBox, QLineEdit
from pytestqt.qtbot import QtBot

from gui.widgets.number_fields import LearningRateField, WholeNumberField
from model.training import LARGEST_SEED


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


@pytest.mark.parametrize("typed", ["0", "-1", "nan", "fast", "e", "", "+", "1e99", "0.1.003", "1e-99"])
def test_a_learning_rate_that_makes_no_sense_stays_as_it_was_typed_and_counts_for_nothing(
    rate: LearningRateField, typed: str
) -> None:
    type_into(rate, typed)
    rate.clearFocus()
    assert (rate.text(), rate.is_readable(), rate.value()) == (typed, False, rate.value())
    assert 1e-9 <= rate.value() <= 1e38
    rate.show_value(0.25)
    assert (rate.text(), rate.is_readable(), rate.value()) == ("0.25", True, 0.25)


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.floats(1e-9, 1e38))
def test_any_learning_rate_reads_back_as_itself(rate: LearningRateField, value: float) -> None:
    rate.show_value(value)
    assert rate.value() == value
    type_into(rate, rate.text())
    assert rate.value() == value


@pytest.mark.parametrize("typed", ["3.7", "-5", "1001", "", "3x", "1e2"])
def test_a_whole_number_that_makes_no_sense_stays_as_it_was_typed(qtbot: QtBot, typed: str) -> None:
    field = WholeNumberField(1, 1000)
    qtbot.addWidget(field)
    type_into(field, typed)
    field.clearFocus()
    assert (field.text(), field.is_readable()) == (typed, False)
    QTest.keyClick(field, Qt.Key.Key_Up)
    assert (field.text(), field.is_readable()) == (str(field.value()), True)


@pytest.mark.parametrize("language", ["ar_EG", "fa_IR", "de_DE", "en_US"])
def test_digits_and_the_decimal_point_are_the_same_everywhere(qtbot: QtBot, language: str) -> None:
    seed, rate = WholeNumberField(0, LARGEST_SEED), LearningRateField()
    for field, value, text in ((seed, 80085, "80085"), (rate, 0.003, "0.003")):
        qtbot.addWidget(field)
        field.setLocale(QLocale(language))
        field.show_value(value)
        assert field.text() == text
        type_into(field, text)
        assert (field.value(), field.text()) == (value, text)


def test_a_double_click_and_tab_select_all_of_it(qtbot: QtBot, rate: LearningRateField) -> None:
    with qtbot.waitExposed(rate):
        rate.show()
    edit = rate.findChild(QLineEdit)
    QTest.mouseDClick(edit, Qt.MouseButton.LeftButton, pos=QPoint(edit.width() - 20, edit.height() // 2))
    assert edit.selectedText() == "0.003"
    edit.deselect()
    rate.clearFocus()
    rate.setFocus(Qt.FocusReason.TabFocusReason)
    assert edit.selectedText() == "0.003"


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
    assert (field.text(), field.is_readable()) == ("9999999999", False)
