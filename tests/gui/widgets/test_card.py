"""Labels that have too little room."""

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from gui.widgets.card import ElidedLabel, FixedLabel


@pytest.mark.parametrize("text", ["3 epochs · seed 80085", "sample 180,000", "−12.345 = −0.5 − +11.845"])
def test_a_number_is_there_as_a_whole_or_not_at_all(qtbot: QtBot, text: str) -> None:
    label = ElidedLabel(text)
    qtbot.addWidget(label)
    label.show()
    for width in range(20, 200):
        label.resize(width, 20)
        painted = QLabel.text(label)
        assert label.fontMetrics().horizontalAdvance(painted) <= max(width, label.fontMetrics().horizontalAdvance("…"))
        if painted != text:
            kept = painted.removesuffix("…")
            assert painted.endswith("…")
            assert text.startswith(kept)
            assert not (kept[-1:].isdigit() and text[len(kept)].isdigit())
            assert label.toolTip() == text


def test_a_label_has_its_ellipsis_also_where_the_font_grows(qtbot: QtBot) -> None:
    label = ElidedLabel("3 epochs · seed 80085")
    qtbot.addWidget(label)
    label.resize(label.fontMetrics().horizontalAdvance(label.text()) + 2, 20)
    label.show()
    assert QLabel.text(label) == label.text()
    font = label.font()
    font.setPointSizeF(2 * font.pointSizeF())
    label.setFont(font)
    assert QLabel.text(label).endswith("…")


def test_a_label_of_a_fixed_size_grows_with_a_text_that_is_wider_than_expected(qtbot: QtBot) -> None:
    label = FixedLabel("9.9 %")
    qtbot.addWidget(label)
    before = label.width()
    label.setText("> 99.9 %")
    assert label.width() > label.fontMetrics().horizontalAdvance("> 99.9 %") >= before
