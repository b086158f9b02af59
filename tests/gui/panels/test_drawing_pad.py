"""The pad and what is drawn on it, by mouse, finger and test digit."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QPointingDevice
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from gui.controllers import Controllers
from gui.flow.drawing import Drawing
from gui.flow.scheduler import Part, Urgency
from gui.flow.strokes import INK_SHEET, as_drawn, redrawn
from gui.panels.drawing_pad import DrawingPad
from model.dataset import Dataset
from model.digit_image import center_digit
from tests.gui.conftest import draw, draw_one, draw_seven, settle, show_view


@pytest.fixture
def pad(qtbot: QtBot, controllers: Controllers) -> DrawingPad:
    pad = DrawingPad(controllers.drawing)
    show_view(qtbot, controllers, pad, 300, 300)
    return pad


def drawing(controllers: Controllers) -> Drawing:
    return controllers.scheduler.scene.drawing


def ink(controllers: Controllers) -> np.ndarray:
    return as_drawn(drawing(controllers).strokes)


def test_a_stroke_leaves_ink_where_the_mouse_went(controllers: Controllers, pad: DrawingPad) -> None:
    draw(pad, [(0.5, 0.2), (0.5, 0.8)])
    drawn = ink(controllers)
    assert (drawn.shape, drawn.dtype) == ((INK_SHEET, INK_SHEET), np.uint8)
    assert (drawn[35:105, 70] == 255).all()
    assert (drawn[:, :50] == 0).all()
    assert (drawn[:15] == 0).all()


def test_every_move_of_the_pen_changes_what_the_network_receives(controllers: Controllers, pad: DrawingPad) -> None:
    received: list[np.ndarray] = []
    controllers.scheduler.add(pad, [Part(lambda scene: received.append(scene.digit), ("digit",), Urgency.PEN)])
    received.clear()
    draw_one(pad)
    assert len(received) == 1 + 8  # press, moves
    assert np.array_equal(received[-1], center_digit(redrawn(drawing(controllers).strokes)))
    assert not received[-1].flags.writeable


def test_an_earlier_drawing_does_not_grow(controllers: Controllers, pad: DrawingPad) -> None:
    QTest.mousePress(pad, Qt.MouseButton.LeftButton, pos=QPoint(60, 60))
    before = drawing(controllers)
    QTest.mouseMove(pad, QPoint(60, 140))
    assert controllers.scheduler.scene.is_dragging
    QTest.mouseRelease(pad, Qt.MouseButton.LeftButton, pos=QPoint(60, 140))
    assert [len(stroke) for stroke in before.strokes] == [1]
    assert not controllers.scheduler.scene.is_dragging


def test_a_single_click_makes_a_dot(controllers: Controllers, pad: DrawingPad) -> None:
    QTest.mouseClick(pad, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, pad.rect().center())
    assert 50 < np.count_nonzero(ink(controllers)) < 175


def test_the_drawing_does_not_depend_on_the_size_of_the_pad(controllers: Controllers, pad: DrawingPad) -> None:
    draw_seven(pad)
    small = ink(controllers).astype(float)
    controllers.drawing.clear()
    pad.resize(600, 600)
    draw_seven(pad)
    assert np.abs(small - ink(controllers)).mean() < 2


def test_undo_takes_back_one_stroke_after_the_other(controllers: Controllers, pad: DrawingPad) -> None:
    draw_seven(pad)
    before = ink(controllers)
    draw(pad, [(0.3, 0.55), (0.7, 0.5)])
    assert not np.array_equal(ink(controllers), before)
    controllers.drawing.undo()
    assert np.array_equal(ink(controllers), before)
    controllers.drawing.undo()
    assert drawing(controllers).is_empty
    controllers.drawing.undo()
    assert drawing(controllers).is_empty


def test_clear_can_be_undone(controllers: Controllers, pad: DrawingPad) -> None:
    draw_one(pad)
    drawn = ink(controllers)
    QTest.keyClick(pad, Qt.Key.Key_Delete)
    assert controllers.scheduler.scene.digit is None
    controllers.drawing.undo()
    assert np.array_equal(ink(controllers), drawn)


def test_a_digit_from_elsewhere_goes_to_the_network_as_it_is(controllers: Controllers, digits: Dataset) -> None:
    controllers.drawing.show_digit(digits.test_images[3])
    assert np.array_equal(controllers.scheduler.scene.digit, digits.test_images[3].reshape(28, 28))


def test_a_test_digit_comes_with_its_label(controllers: Controllers, digits: Dataset) -> None:
    controllers.digits.use(digits)
    controllers.drawing.show_test_digit()
    scene = controllers.scheduler.scene
    index = int(scene.drawing.source.removeprefix("test digit ")) - 1  # counted from 1
    assert np.array_equal(scene.digit, digits.test_images[index].reshape(28, 28))
    assert scene.label == digits.test_labels[index]


def test_a_stroke_replaces_a_test_digit_and_undo_brings_it_back(
    controllers: Controllers, pad: DrawingPad, digits: Dataset
) -> None:
    controllers.drawing.show_digit(digits.test_images[3], "test digit 3", 5)
    shown = drawing(controllers)
    draw_one(pad)
    assert drawing(controllers).pixels is None
    assert controllers.scheduler.scene.label is None
    controllers.drawing.undo()
    assert drawing(controllers) is shown


def test_the_label_stays_as_long_as_it_is_the_same_digit(controllers: Controllers, pad: DrawingPad) -> None:
    draw_one(pad)
    controllers.drawing.choose_label(1)
    draw(pad, [(0.3, 0.5), (0.7, 0.5)])
    controllers.drawing.undo()
    controllers.drawing.show_edited(controllers.scheduler.scene.digit)
    assert controllers.scheduler.scene.label == 1
    controllers.drawing.clear()
    draw_one(pad)
    assert controllers.scheduler.scene.label is None


def test_what_is_no_stroke_of_the_left_button_draws_nothing(controllers: Controllers, pad: DrawingPad) -> None:
    QTest.mouseClick(pad, Qt.MouseButton.RightButton)
    assert drawing(controllers).is_empty
    pad.resize(400, 200)
    QTest.mouseClick(pad, Qt.MouseButton.LeftButton, pos=QPoint(2, 2))  # beside the sheet
    assert drawing(controllers).is_empty


def test_leaving_the_sheet_while_drawing_keeps_the_stroke(controllers: Controllers, pad: DrawingPad) -> None:
    draw(pad, [(0.5, 0.5), (1.4, 0.5), (0.5, 0.6)])
    assert len(drawing(controllers).strokes) == 1
    assert ink(controllers)[70, 75:].all()


def test_another_button_does_not_end_a_stroke(controllers: Controllers, pad: DrawingPad) -> None:
    QTest.mousePress(pad, Qt.MouseButton.LeftButton, pos=QPoint(60, 60))
    QTest.mouseClick(pad, Qt.MouseButton.RightButton, pos=QPoint(60, 60))
    QTest.mouseMove(pad, QPoint(60, 140))
    QTest.mouseRelease(pad, Qt.MouseButton.LeftButton, pos=QPoint(60, 140))
    (stroke,) = drawing(controllers).strokes
    assert len(stroke) > 1


def test_a_finger_draws_like_the_mouse(controllers: Controllers, pad: DrawingPad) -> None:
    device = QTest.createTouchDevice()
    assert device.type() == QPointingDevice.DeviceType.TouchScreen
    QTest.touchEvent(pad, device).press(0, QPointF(150, 60).toPoint(), pad).commit()
    for y in range(80, 250, 20):
        QTest.touchEvent(pad, device).move(0, QPointF(150, y).toPoint(), pad).commit()
    QTest.touchEvent(pad, device).release(0, QPointF(150, 240).toPoint(), pad).commit()
    assert (ink(controllers)[40:105, 70] == 255).all()


def test_the_sheet_shows_the_ink_in_the_colours_of_the_theme(controllers: Controllers, pad: DrawingPad) -> None:
    draw(pad, [(0.5, 0.2), (0.5, 0.8)])
    for choice, ink_color, paper in (("light", "#1c2127", "#fafafa"), ("dark", "#e8eaed", "#111317")):
        controllers.appearance.choose_theme(choice)
        settle(controllers)
        picture = pad.grab().toImage()
        ratio = picture.devicePixelRatio()
        assert picture.pixelColor(int(150 * ratio), int(150 * ratio)).name() == ink_color
        assert picture.pixelColor(int(60 * ratio), int(150 * ratio)).name() == paper


def test_a_stroke_in_pieces_looks_as_in_one_line(controllers: Controllers, pad: DrawingPad) -> None:
    """While the pen is down only the newest piece is painted; what is left on the screen is the same."""
    draw_seven(pad)
    at_once = pad.grab().toImage()
    shown = drawing(controllers)
    controllers.drawing.clear()
    controllers.drawing.undo()
    assert drawing(controllers) is shown
    assert pad.grab().toImage() == at_once
