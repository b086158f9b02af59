import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QPointingDevice
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from gui.drawing.drawing_pad import DrawingPad
from gui.drawing.strokes import INK_SHEET, as_drawn, redrawn
from model.dataset import Dataset
from model.digit_image import center_digit
from tests.gui.conftest import draw, draw_one, draw_seven


@pytest.fixture
def pad(qtbot: QtBot) -> DrawingPad:
    pad = DrawingPad()
    qtbot.addWidget(pad)
    pad.resize(300, 300)
    with qtbot.waitExposed(pad):
        pad.show()
    return pad


def test_a_stroke_leaves_ink_where_the_mouse_went(pad: DrawingPad) -> None:
    draw(pad, [(0.5, 0.2), (0.5, 0.8)])
    ink = as_drawn(pad.drawing.strokes)
    assert ink.shape == (INK_SHEET, INK_SHEET)
    assert ink.dtype == np.uint8
    assert (ink[35:105, 70] == 255).all()
    assert (ink[:, :50] == 0).all()
    assert (ink[:15] == 0).all()


def test_every_move_of_the_pen_tells_what_the_network_receives(qtbot: QtBot, pad: DrawingPad) -> None:
    received: list[np.ndarray] = []
    pad.digit_changed.connect(received.append)
    draw_one(pad)
    assert len(received) == 1 + 8 + 1  # press, moves, release
    assert np.array_equal(received[-1], center_digit(redrawn(pad.drawing.strokes)))


def test_a_single_click_makes_a_dot(pad: DrawingPad) -> None:
    QTest.mouseClick(pad, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, pad.rect().center())
    assert 50 < np.count_nonzero(as_drawn(pad.drawing.strokes)) < 175


def test_the_drawing_does_not_depend_on_the_size_of_the_pad(pad: DrawingPad) -> None:
    draw_seven(pad)
    small = as_drawn(pad.drawing.strokes)
    pad.clear()
    pad.resize(600, 600)
    draw_seven(pad)
    assert np.abs(small.astype(float) - as_drawn(pad.drawing.strokes)).mean() < 2


def test_undo_takes_back_one_stroke_after_the_other(pad: DrawingPad) -> None:
    draw_one(pad)
    one = as_drawn(pad.drawing.strokes)
    draw(pad, [(0.2, 0.5), (0.8, 0.5)])
    pad.undo()
    assert np.array_equal(as_drawn(pad.drawing.strokes), one)
    pad.undo()
    assert pad.drawing.is_empty
    pad.undo()
    assert pad.drawing.is_empty


def test_clear_can_be_undone(qtbot: QtBot, pad: DrawingPad) -> None:
    draw_one(pad)
    drawn = as_drawn(pad.drawing.strokes)
    with qtbot.waitSignal(pad.digit_changed) as changed:
        pad.clear()
    assert changed.args == [None]
    pad.undo()
    assert np.array_equal(as_drawn(pad.drawing.strokes), drawn)


def test_a_test_digit_goes_to_the_network_as_it_is(qtbot: QtBot, pad: DrawingPad, digits: Dataset) -> None:
    with qtbot.waitSignal(pad.digit_changed) as changed:
        pad.show_digit(digits.test_images[3])
    assert np.array_equal(changed.args[0], digits.test_images[3].reshape(28, 28))


def test_a_stroke_replaces_a_test_digit_and_undo_brings_it_back(pad: DrawingPad, digits: Dataset) -> None:
    pad.show_digit(digits.test_images[3])
    draw_one(pad)
    assert pad.drawing.digit is None
    pad.undo()
    assert pad.drawing.digit is not None


def test_the_right_button_does_not_draw(pad: DrawingPad) -> None:
    QTest.mouseClick(pad, Qt.MouseButton.RightButton)
    assert pad.drawing.is_empty


def test_a_press_beside_the_sheet_draws_nothing(pad: DrawingPad) -> None:
    pad.resize(400, 200)
    QTest.mouseClick(pad, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(2, 2))
    assert pad.drawing.is_empty


def test_undo_leaves_exactly_the_ink_of_before(pad: DrawingPad) -> None:
    draw_seven(pad)
    before = as_drawn(pad.drawing.strokes)
    draw(pad, [(0.3, 0.55), (0.7, 0.5)])
    assert not np.array_equal(as_drawn(pad.drawing.strokes), before)
    pad.undo()
    assert np.array_equal(as_drawn(pad.drawing.strokes), before)


def test_leaving_the_sheet_while_drawing_keeps_the_stroke(pad: DrawingPad) -> None:
    draw(pad, [(0.5, 0.5), (1.4, 0.5), (0.5, 0.6)])
    assert len(pad.drawing.strokes) == 1
    assert as_drawn(pad.drawing.strokes)[70, 75:].all()


def test_a_finger_draws_like_the_mouse(pad: DrawingPad) -> None:
    device = QTest.createTouchDevice()
    assert device.type() == QPointingDevice.DeviceType.TouchScreen
    QTest.touchEvent(pad, device).press(0, QPointF(150, 60).toPoint(), pad).commit()
    for y in range(80, 250, 20):
        QTest.touchEvent(pad, device).move(0, QPointF(150, y).toPoint(), pad).commit()
    QTest.touchEvent(pad, device).release(0, QPointF(150, 240).toPoint(), pad).commit()
    assert (as_drawn(pad.drawing.strokes)[40:105, 70] == 255).all()


def test_the_sheet_shows_the_ink_in_the_colours_of_the_theme(pad: DrawingPad) -> None:
    draw(pad, [(0.5, 0.2), (0.5, 0.8)])
    picture = pad.grab().toImage()
    ratio = picture.devicePixelRatio()
    assert picture.pixelColor(int(150 * ratio), int(150 * ratio)).name() == "#1c2127"
    assert picture.pixelColor(int(60 * ratio), int(150 * ratio)).name() == "#fafafa"


def test_another_button_does_not_end_a_stroke(pad: DrawingPad) -> None:
    QTest.mousePress(pad, Qt.MouseButton.LeftButton, pos=QPoint(60, 60))
    QTest.mouseClick(pad, Qt.MouseButton.RightButton, pos=QPoint(60, 60))
    QTest.mouseMove(pad, QPoint(60, 140))
    QTest.mouseRelease(pad, Qt.MouseButton.LeftButton, pos=QPoint(60, 140))
    (stroke,) = pad.drawing.strokes
    assert len(stroke) > 1
