"""The first page of the closer look, opened and driven from the window."""

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from gui.closer_look.closer_look import CloserLook
from gui.drawing.strokes import as_drawn, redrawn
from gui.main_window import MainWindow
from gui.theme import LIGHT
from model.analysis.evidence import evidence
from model.digit_image import PreprocessingOptions, center_digit
from model.network import Network
from tests.gui.conftest import click, draw, draw_seven, settle

Find = Callable[[str], QWidget]


@pytest.fixture
def look(closer_look: CloserLook, find: Find) -> CloserLook:
    """With a seven on the pad."""
    draw_seven(find("drawingPad"))
    settle(closer_look)
    return closer_look


def answer_to(network: Network, digit: np.ndarray) -> str:
    probabilities = network.predict(digit.reshape(1, 784))[0]
    return f"{probabilities.argmax()}  ·  {100 * probabilities.max():.0f} %"


def test_each_step_has_its_picture_and_its_answer(look: CloserLook, window: MainWindow, find: Find) -> None:
    ink, network = as_drawn(find("drawingPad").drawing.strokes), window.playhead.frame.network
    steps = (
        PreprocessingOptions(False, False, False),
        PreprocessingOptions(True, False, False),
        PreprocessingOptions(True, True, False),
        PreprocessingOptions(),
    )
    digits = [*(center_digit(ink, each) for each in steps), find("drawingPad").digit]
    assert look.pixels._steps.answers == [answer_to(network, digit) for digit in digits]
    for picture, digit in zip(look.pixels._steps._pictures, digits, strict=True):
        assert np.array_equal(picture._digit, digit)
    assert look.pixels._steps.answers[-1].startswith("7")


def test_a_step_can_be_switched_off(look: CloserLook, window: MainWindow, find: Find) -> None:
    before = look.pixels._steps.answers
    switch = look.findChild(QCheckBox, "scaleSwitch")
    QTest.mouseClick(switch, Qt.MouseButton.LeftButton, pos=switch.rect().center() - switch.rect().center() / 2)
    assert not switch.isChecked()
    digit = center_digit(redrawn(find("drawingPad").drawing.strokes), PreprocessingOptions(scale=False))
    assert look.pixels._steps.answers[:2] == before[:2]
    assert look.pixels._steps.answers[-1] == answer_to(window.playhead.frame.network, digit)
    assert find("predictedDigitLabel").text() == "7"


def test_strokes_are_followed(look: CloserLook, find: Find) -> None:
    before = look.pixels._steps.answers
    draw(find("drawingPad"), [(0.2, 0.9), (0.8, 0.9)])
    settle(look)
    assert look.pixels._steps.answers != before
    click(find("clearDrawingButton"))
    settle(look)
    assert look.pixels._steps.answers == [""] * 5
    assert "Draw" in look.pixels._sentence.text()


def test_the_evidence_is_that_of_the_answer_or_of_the_digit_that_was_chosen(
    look: CloserLook, window: MainWindow, find: Find
) -> None:
    network, image = window.playhead.frame.network, find("drawingPad").digit.reshape(784)
    assert np.array_equal(look.pixels._map._evidence, evidence(network, image, 7).reshape(28, 28))
    click(look.findChild(QPushButton, "evidence3Button"))
    assert np.array_equal(look.pixels._map._evidence, evidence(network, image, 3).reshape(28, 28))
    assert look.pixels._sentence.text().startswith("For a 3:")


def test_the_strongest_evidence_has_the_strongest_colour(look: CloserLook) -> None:
    shares = look.pixels._map._evidence
    row, column = np.unravel_index(np.abs(shares).argmax(), shares.shape)
    picture = look.pixels._map.grab().toImage()
    color = picture.pixelColor(look.pixels._map.place_of(int(row), int(column)).center().toPoint())
    assert color == QColor(LIGHT.positive[-1] if shares[row, column] > 0 else LIGHT.negative[0])


def test_a_click_turns_a_pixel_over_and_undo_turns_it_back(look: CloserLook, find: Find) -> None:
    before = find("drawingPad").digit
    place = look.pixels._map.place_of(3, 4).center().toPoint()
    QTest.mouseClick(look.pixels._map, Qt.MouseButton.LeftButton, pos=place)
    settle(look)
    after = find("drawingPad").digit
    assert [tuple(pixel) for pixel in np.argwhere(before != after).tolist()] == [(3, 4)]
    assert after[3, 4] == 1
    assert "just as they are" in look.pixels._steps_card._explanation.text()
    find("drawingPad").undo()
    assert np.array_equal(find("drawingPad").digit, before)


def test_neurons_are_sorted_by_how_strongly_they_fire(look: CloserLook, window: MainWindow, find: Find) -> None:
    first_layer = window.playhead.frame.network.forward(find("drawingPad").digit.reshape(784))[0]
    neurons = look.findChild(QWidget, "firingNeurons")
    assert (np.diff(neurons.activations) <= 0).all()
    assert np.array_equal(first_layer[neurons.neurons], neurons.activations)


def test_it_follows_the_playhead(qtbot: QtBot, look: CloserLook, window: MainWindow, find: Find) -> None:
    find("speedSlider").setValue(100)
    find("epochsSpinBox").setValue(1)
    with qtbot.waitSignal(window.training_finished, timeout=30000):
        click(find("startButton"))
    window.playhead.go_to(500)
    settle(look)
    network, image = window.playhead.frame.network, find("drawingPad").digit.reshape(784)
    assert np.array_equal(look.findChild(QWidget, "firingNeurons").activations, -np.sort(-network.forward(image)[0]))


def test_what_is_closed_costs_nothing(window: MainWindow, find: Find) -> None:
    draw_seven(find("drawingPad"))
    settle(find("closerLook"))
    look = find("closerLook")
    assert not look.isVisible()
    assert look.pixels._steps.answers == [""] * 5


def test_of_a_wide_layer_the_strongest_that_fit_are_shown(look: CloserLook, find: Find, open_network) -> None:
    open_network(Network.initialize((784, 300, 10)))
    settle(look)
    neurons = find("firingNeurons")
    assert neurons._count() < 300
    assert neurons._place(0).height() >= 28
    last = int(neurons.neurons[neurons._count() - 1])
    QTest.mouseClick(neurons, Qt.MouseButton.LeftButton, pos=neurons.picture_of(last).center().toPoint())
    assert neurons._marked == last
