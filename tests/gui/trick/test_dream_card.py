from collections.abc import Callable
from itertools import islice

import numpy as np
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from gui.trick.dream_card import MOST_STEPS, STEPS, SURE
from gui.trick.trick_page import TrickPage
from model.analysis.dreaming import dream
from model.history import Frame
from model.network import Network
from model.training import Progress
from tests.gui.conftest import click, turn_to

Find = Callable[[str], QWidget]


def image_of(page: TrickPage) -> np.ndarray:
    return page.dream._picture._picture._digit.reshape(784)


def test_from_noise_to_what_the_network_calls_a_three(
    qtbot: QtBot, empty_page: TrickPage, find: Find, network: Network
) -> None:
    with qtbot.waitSignal(empty_page.dream.finished, timeout=30000):
        click(find("dreamFromNoiseButton"))
        assert find("stopDreamButton").isEnabled()
    probability = network.predict_digit(image_of(empty_page))[3]
    assert probability > 0.99
    assert probability >= SURE or empty_page.dream._steps == MOST_STEPS
    assert find("dreamLabel").text() == f"To the network this is a 3: {100 * probability:.2f} %. To you?"
    assert np.array_equal(find("dreamBars").probabilities, network.predict_digit(image_of(empty_page)))
    assert not empty_page.dream.is_running
    assert not find("stopDreamButton").isEnabled()


def test_from_the_drawing_the_first_ticks_are_the_first_steps(
    qtbot: QtBot, page: TrickPage, find: Find, network: Network
) -> None:
    digit = find("drawingPad").digit.reshape(784)
    click(find("dream1Button"))
    click(find("dreamFromDrawingButton"))
    assert np.array_equal(image_of(page), digit)
    assert "a 1 only" in find("dreamLabel").text()
    qtbot.waitUntil(lambda: page.dream._steps > 0)
    click(find("stopDreamButton"))
    assert page.dream._steps % STEPS == 0
    *_, expected = islice(dream(network, digit, 1), page.dream._steps)
    np.testing.assert_allclose(image_of(page), expected, atol=1e-5)


def test_stop_holds_it_and_the_image_can_be_put_on_the_pad(qtbot: QtBot, empty_page: TrickPage, find: Find) -> None:
    click(find("dream8Button"))
    click(find("dreamFromNoiseButton"))
    qtbot.waitUntil(lambda: empty_page.dream._steps > 0)
    click(find("stopDreamButton"))
    assert not empty_page.dream.is_running
    click(find("useDreamButton"))
    assert np.array_equal(find("drawingPad").digit.reshape(784), image_of(empty_page))


def test_it_stops_when_it_is_not_seen(empty_page: TrickPage, find: Find) -> None:
    click(find("dreamFromNoiseButton"))
    assert empty_page.dream.is_running
    turn_to(find("closerLook"), "Pen and pixels")
    assert not empty_page.dream.is_running
    turn_to(find("closerLook"), "Trick it")
    click(find("dreamFromNoiseButton"))
    find("closerLook").close()
    assert not empty_page.dream.is_running


def test_it_goes_on_with_a_new_network(qtbot: QtBot, window: MainWindow, empty_page: TrickPage, find: Find) -> None:
    click(find("dreamFromNoiseButton"))
    qtbot.waitUntil(lambda: empty_page.dream._steps > 0)
    other = Network.initialize(seed=1)
    window.playhead.show_apart(Frame(Progress(), other))
    steps = empty_page.dream._steps
    qtbot.waitUntil(lambda: empty_page.dream._subject.network is other and empty_page.dream._steps > steps)
    assert np.array_equal(find("dreamBars").probabilities, other.predict_digit(image_of(empty_page)))
    click(find("stopDreamButton"))


def test_another_digit_or_smoothness_counts_from_the_next_tick(
    qtbot: QtBot, empty_page: TrickPage, find: Find, network: Network
) -> None:
    click(find("dreamFromNoiseButton"))
    qtbot.waitUntil(lambda: empty_page.dream._steps > 0)
    click(find("dream5Button"))
    assert empty_page.dream._title.text() == "A perfect 5"
    find("smoothDreamSwitch").setChecked(True)
    before = np.abs(np.diff(image_of(empty_page))).mean()
    qtbot.waitUntil(lambda: find("dreamLabel").text().startswith("To the network this is a 5"))
    assert np.abs(np.diff(image_of(empty_page))).mean() < before
    click(find("stopDreamButton"))


def test_each_noise_is_another(qtbot: QtBot, empty_page: TrickPage, find: Find) -> None:
    click(find("dreamFromNoiseButton"))
    first = image_of(empty_page)
    click(find("dreamFromNoiseButton"))
    assert not np.array_equal(first, image_of(empty_page))
    click(find("stopDreamButton"))


def test_what_cannot_be_begun_with_is_not_offered(empty_page: TrickPage, find: Find) -> None:
    assert find("dreamLabel").text().startswith("Choose")
    assert find("dreamFromNoiseButton").isEnabled()
    for name in ("dreamFromDrawingButton", "stopDreamButton", "useDreamButton"):
        assert not find(name).isEnabled()
