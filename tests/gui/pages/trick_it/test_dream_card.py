from itertools import islice

import numpy as np
import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from gui.pages.trick_it.dream_card import MOST_STEPS, STEPS, SURE, DreamCard
from gui.widgets.numbers import probability
from model.analysis.dreaming import dream
from model.history import Frame
from model.network import Network
from model.training import Progress
from tests.gui.conftest import Find, click, settle, turn_to


@pytest.fixture
def card(trick: MainWindow) -> DreamCard:
    card = trick.findChild(DreamCard)
    assert card is not None
    return card


def image_of(find: Find) -> np.ndarray:
    return find("dreamedDigit").digit.reshape(784)


def wait_for_a_tick(qtbot: QtBot, find: Find) -> None:
    before = find("dreamedDigit").digit
    qtbot.waitUntil(lambda: find("dreamedDigit").digit is not before)


def run_to_the_end(qtbot: QtBot, card: DreamCard) -> None:
    card.findChild(QTimer).setInterval(0)  # nobody watches
    qtbot.waitUntil(lambda: not card.is_running)


def show(window: MainWindow, network: Network) -> None:
    window.controllers.runs.show_detached(Frame(Progress(), network), "another")
    settle(window)


def test_from_the_drawing_until_the_network_is_sure(
    qtbot: QtBot, seven: MainWindow, card: DreamCard, find: Find, network: Network
) -> None:
    *earlier, last = network.weights
    surer = Network([*earlier, 4 * last], network.biases)
    show(seven, surer)
    click(find("dream1Button"))
    click(find("dreamFromDrawingButton"))
    assert card.is_running
    assert find("stopDreamButton").isEnabled()
    run_to_the_end(qtbot, card)
    ticks = list(islice(dream(surer, seven.scene.image, 1), STEPS - 1, MOST_STEPS, STEPS))
    sure = [surer.predict_digit(image)[1] >= SURE for image in ticks]
    assert True in sure[1:-1]
    np.testing.assert_allclose(image_of(find), ticks[sure.index(True)], atol=1e-5)
    probabilities = surer.predict_digit(image_of(find))
    assert find("dreamedDigit").caption == f"To the network this is a 1: {probability(probabilities[1], 2)}. To you?"
    assert np.array_equal(find("dreamBars").probabilities, probabilities)
    assert not find("stopDreamButton").isEnabled()


def test_a_network_that_is_never_sure_is_asked_no_longer(
    qtbot: QtBot, trick: MainWindow, card: DreamCard, find: Find
) -> None:
    untrained = Network.initialize()
    show(trick, untrained)
    click(find("dreamFromNoiseButton"))
    *_, last = islice(dream(untrained, image_of(find), 3), MOST_STEPS)
    run_to_the_end(qtbot, card)
    np.testing.assert_allclose(image_of(find), last, atol=1e-4)
    share = untrained.predict_digit(image_of(find))[3]
    assert share < 0.5
    assert (
        find("dreamedDigit").caption
        == f"After 420 steps the network gives a 3 a probability of only {100 * share:.2f} %."
    )


def test_from_noise_the_first_ticks_are_the_first_steps(
    qtbot: QtBot, trick: MainWindow, card: DreamCard, find: Find, network: Network
) -> None:
    assert find("dreamedDigit").caption.startswith("Choose")
    for name in ("dreamFromDrawingButton", "stopDreamButton", "useDreamButton"):
        assert not find(name).isEnabled()
    click(find("dream8Button"))
    assert find("dreamTitle").text() == "A perfect 8"
    click(find("dreamFromNoiseButton"))
    noise = image_of(find)
    assert "an 8 a probability of only" in find("dreamedDigit").caption
    wait_for_a_tick(qtbot, find)
    click(find("stopDreamButton"))
    assert not card.is_running
    steps = list(islice(dream(network, noise, 8), 20 * STEPS))
    distances = [np.abs(image_of(find) - image).max() for image in steps[STEPS - 1 :: STEPS]]
    assert min(distances) < 1e-5
    click(find("useDreamButton"))
    assert np.array_equal(trick.scene.image, image_of(find))
    assert trick.scene.label is None
    settle(trick)
    assert find("dreamFromDrawingButton").isEnabled()
    click(find("dreamFromNoiseButton"))
    assert not np.array_equal(image_of(find), noise)
    click(find("useDreamButton"))
    assert not card.is_running


def test_it_stops_when_it_is_not_seen(trick: MainWindow, card: DreamCard, find: Find) -> None:
    click(find("dreamFromNoiseButton"))
    assert card.is_running
    turn_to(trick, "Training")
    assert not card.is_running
    turn_to(trick, "Trick it")
    assert not card.is_running
    assert not find("stopDreamButton").isEnabled()
    click(find("dreamFromNoiseButton"))
    assert card.is_running
    trick.close()
    assert not card.is_running


def test_network_digit_and_smoothness_may_change_while_it_runs(
    qtbot: QtBot, trick: MainWindow, card: DreamCard, find: Find
) -> None:
    card.findChild(QTimer).setInterval(5)
    click(find("dreamFromNoiseButton"))
    wait_for_a_tick(qtbot, find)
    click(find("dream5Button"))
    click(find("smoothDreamSwitch"))
    roughness = np.abs(np.diff(image_of(find))).mean()
    qtbot.waitUntil(lambda: find("dreamedDigit").caption.startswith("To the network this is a 5"))
    assert np.abs(np.diff(image_of(find))).mean() < roughness
    other = Network.initialize(seed=1)
    show(trick, other)
    wait_for_a_tick(qtbot, find)
    assert card.is_running
    assert np.array_equal(find("dreamBars").probabilities, other.predict_digit(image_of(find)))
    click(find("stopDreamButton"))


def test_an_image_that_is_held_is_asked_again_when_the_network_changes(
    qtbot: QtBot, trick: MainWindow, find: Find
) -> None:
    click(find("dreamFromNoiseButton"))
    wait_for_a_tick(qtbot, find)
    click(find("stopDreamButton"))
    image, other = image_of(find), Network.initialize(seed=2)
    show(trick, other)
    assert np.array_equal(image_of(find), image)
    assert np.array_equal(find("dreamBars").probabilities, other.predict_digit(image))
    assert f"{100 * other.predict_digit(image)[3]:.2f} %" in find("dreamedDigit").caption
