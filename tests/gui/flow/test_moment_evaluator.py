"""What is measured on the test digits, when, and what of it is seen."""

import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from gui.controllers import Controllers
from gui.flow.limits import FASTEST
from gui.flow.scene import TrainingState
from gui.main_window import MainWindow
from model.dataset import Dataset
from model.history import Frame, History
from model.network import Network
from model.training import Progress, TrainingConfig
from tests.gui.conftest import Find, await_accuracy, click, settle

MEASURING = "measuring …"


def network_of(seed: int, classes: int = 10) -> Network:
    """Networks of which no two are equally good; the first ones are all but useless."""
    network = Network.initialize((784, 8, 10), seed)
    network.biases[-1][seed % classes] += 0.5
    return network


def run_of(moments: list[int], seed: int = 0) -> History:
    config = TrainingConfig(epochs=3, layer_sizes=(784, 8, 10))
    frames = [Frame(Progress(moment, 1, 1.0, 0.5), network_of(seed + moment)) for moment in moments]
    return History(config, 2000).with_frames(frames)


def accuracy_of(network: Network, digits: Dataset) -> float:
    """By the formulas of a textbook, in double precision."""
    activations = digits.test_images.astype(np.float64)
    for weights, bias in zip(network.weights[:-1], network.biases[:-1], strict=True):
        activations = 1 / (1 + np.exp(-(activations @ weights.astype(np.float64) + bias)))
    logits = activations @ network.weights[-1].astype(np.float64) + network.biases[-1]
    return float(np.mean(logits.argmax(axis=1) == digits.test_labels))


def label(window: MainWindow) -> str:
    return window.findChild(QLabel, "momentAccuracyLabel").text()


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    moments=st.lists(st.integers(0, 6000), min_size=1, max_size=12, unique=True).map(sorted),
    seed=st.integers(0, 10_000),
    visits=st.lists(st.integers(-100, 7000), min_size=1, max_size=4),
)
def test_the_accuracy_beside_a_moment_is_that_moments(
    qtbot: QtBot, window: MainWindow, digits: Dataset, moments: list[int], seed: int, visits: list[int]
) -> None:
    window.controllers.runs.add(run_of(moments, seed))
    for visit in visits:
        window.controllers.playhead.go_to(visit)
        settle(window)
        for _ in range(2):  # at once, and at rest
            expected = f"test {100 * accuracy_of(window.scene.network, digits):.2f} %"
            assert label(window) in ((MEASURING, expected) if not window.scene.frame.is_tested else (expected,))
            await_accuracy(qtbot, window)
        assert label(window) == expected


def test_it_is_there_from_the_start_and_for_a_network_that_is_of_no_run(
    qtbot: QtBot, window: MainWindow, digits: Dataset
) -> None:
    await_accuracy(qtbot, window)
    assert label(window) == f"test {100 * accuracy_of(Network.initialize(), digits):.2f} %"
    opened = network_of(5)
    window.controllers.runs.show_detached(Frame(Progress(), opened), "opened.npz")
    settle(window)
    assert label(window) == MEASURING
    await_accuracy(qtbot, window)
    assert label(window) == f"test {100 * accuracy_of(opened, digits):.2f} %"


def test_without_digits_there_is_none(controllers: Controllers) -> None:
    controllers.runs.add(run_of([0, 5]))
    settle(controllers)
    assert not controllers.background.is_busy("moment")
    assert controllers.scheduler.scene.test_accuracy is None


def test_each_live_moment_is_seen_with_its_accuracy(
    qtbot: QtBot, window: MainWindow, find: Find, digits: Dataset
) -> None:
    window.controllers.scheduler.change(speed=70, config=TrainingConfig(epochs=1000, learning_rate=0.1))
    await_accuracy(qtbot, window)
    click(find("startButton"))
    seen: dict[Network, str] = {}
    while len(seen) < 8:
        network = window.scene.network
        qtbot.waitUntil(lambda network=network: window.scene.network is not network)
        settle(window)
        seen[window.scene.network] = label(window)
    click(find("stopButton"))
    for network, text in list(seen.items())[1:]:  # the first of all was there before anything arrived
        assert text == f"test {100 * accuracy_of(network, digits):.2f} %"


@pytest.mark.parametrize("speed", [70, FASTEST])
def test_a_run_that_is_stopped_is_measured_at_its_end(
    qtbot: QtBot, window: MainWindow, find: Find, digits: Dataset, speed: int
) -> None:
    window.controllers.scheduler.change(speed=speed, config=TrainingConfig(epochs=1000, learning_rate=0.1))
    click(find("startButton"))
    qtbot.waitUntil(lambda: window.scene.frame.samples_seen > 200)
    with qtbot.waitSignal(window.training_finished):
        click(find("stopButton"))
    await_accuracy(qtbot, window)
    run = window.scene.shown
    samples, accuracies = run.curve("test_accuracy")
    assert samples[-1] == run.latest.samples_seen
    assert accuracies[-1] == accuracy_of(run.latest.network, digits)
    assert not any(frame.progress.is_measuring for frame in run.frames)


def test_at_rest_every_frame_of_what_is_shown_is_measured_and_the_end_of_every_run(
    qtbot: QtBot, controllers: Controllers, digits: Dataset
) -> None:
    controllers.runs.add(run_of([0, 10, 20]))
    controllers.runs.add(run_of([0, 7, 14], seed=100))
    controllers.digits.use(digits)
    qtbot.waitUntil(lambda: not controllers.scheduler.scene.shown.untested)
    other, shown = controllers.scheduler.scene.runs.all
    assert [frame.samples_seen for frame in other.untested] == [0, 10]
    for frame in (*shown.frames, other.latest):
        assert frame.progress.test_accuracy == accuracy_of(frame.network, digits)
    controllers.runs.compare(other)
    qtbot.waitUntil(lambda: not controllers.scheduler.scene.compared.untested)


def test_a_run_at_full_speed_comes_first(qtbot: QtBot, controllers: Controllers, digits: Dataset) -> None:
    scheduler = controllers.scheduler
    scheduler.change(training=TrainingState.RUNNING, speed=FASTEST)
    controllers.runs.add(run_of([0, 10, 20]))
    controllers.digits.use(digits)
    await_accuracy(qtbot, controllers)  # of what is on the screen
    assert not controllers.background.is_busy("moment")
    assert len(scheduler.scene.shown.untested) == 2
    scheduler.change(training=TrainingState.IDLE)
    qtbot.waitUntil(lambda: not scheduler.scene.shown.untested)


def test_what_is_measured_changes_nothing_but_the_numbers(
    qtbot: QtBot, controllers: Controllers, digits: Dataset
) -> None:
    run = run_of([0, 10, 20])
    controllers.runs.add(run)
    controllers.runs.set_hidden(run, False)
    controllers.playhead.go_to(10)
    before = controllers.scheduler.scene
    controllers.digits.use(digits)
    await_accuracy(qtbot, controllers)
    scene = controllers.scheduler.scene
    assert (scene.network, scene.is_live, scene.shown_key) == (before.network, before.is_live, before.shown_key)
    assert replace(scene.frame.progress, test_loss=None, test_accuracy=None) == before.frame.progress
    assert scene.frame in scene.shown.frames


# What there is to say of a moment's network


def symptoms_label(window: MainWindow) -> str:
    return window.findChild(QLabel, "symptomsLabel").text()


def expected_answers(network: Network, digits: Dataset) -> set[int]:
    return set(network.predict(digits.test_images).argmax(axis=1).tolist())


def answered_in(sentence: str) -> set[int]:
    """The digits that a network answers, from what is said of it."""
    if one := re.match(r"Answers (\d) to 500 of 500", sentence):
        return {int(one.group(1))}
    never = re.match(r"Never answers ([\d, or]+)", sentence)
    return set(range(10)) - {int(digit) for digit in re.findall(r"\d", never.group(1))} if never else set(range(10))


def await_symptoms(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: window.scene.frame.symptoms is not None)
    settle(window)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10_000), visits=st.lists(st.integers(0, 3), min_size=1, max_size=4))
def test_what_is_said_of_a_moment_is_said_of_its_own_network(
    qtbot: QtBot, window: MainWindow, digits: Dataset, seed: int, visits: list[int]
) -> None:
    window.controllers.runs.add(run_of([0, 10, 20, 30], seed))
    for visit in visits:
        window.controllers.playhead.go_to(10 * visit)
        settle(window)
        said = symptoms_label(window)
        assert said == "" or answered_in(said) == expected_answers(window.scene.network, digits)
        await_symptoms(qtbot, window)
        assert answered_in(symptoms_label(window)) == expected_answers(window.scene.network, digits)


def test_weights_that_hardly_moved_are_compared_with_those_an_epoch_before(qtbot: QtBot, window: MainWindow) -> None:
    networks = [network_of(3).copy() for _ in range(4)]
    for k, network in enumerate(networks):
        network.weights[0] *= 1.0001 ** min(k, 2)
        network.weights[1] *= 1.0001 ** min(k, 2)
    moments = (0, 1000, 2000, 3000)
    frames = [Frame(Progress(at, 1, 1.0, 0.5), each) for at, each in zip(moments, networks, strict=True)]
    config = TrainingConfig(epochs=3, layer_sizes=(784, 8, 10))
    window.controllers.runs.add(History(config, 2000).with_frames(frames))
    for at, part in ((1000, ""), (2000, "by at most 0.03 % of"), (3000, "by at most 0.02 % of")):
        window.controllers.playhead.go_to(at)
        await_symptoms(qtbot, window)
        said = symptoms_label(window)
        assert ("hardly moved in the last 2,000 samples" in said, part in said) == (bool(part), True)


def test_a_run_at_full_speed_says_what_its_last_network_shows_without_a_second_test(
    qtbot: QtBot, window: MainWindow, find: Find
) -> None:
    window.controllers.scheduler.change(speed=FASTEST, config=TrainingConfig(epochs=3, learning_rate=1e-9))
    with qtbot.waitSignal(window.training_finished, timeout=30000):
        click(find("startButton"))
    await_symptoms(qtbot, window)
    one_answer, moved = symptoms_label(window).split("  ·  ")
    assert re.fullmatch(r"Answers 7 to 500 of 500: its accuracy is the share of 7s, \S+ %", one_answer)
    assert "hardly moved in the last" in moved or "did not move at all" in moved


def test_a_run_from_a_file_is_looked_into_and_keeps_its_own_numbers(
    qtbot: QtBot, controllers: Controllers, digits: Dataset
) -> None:
    frames = [Frame(Progress(at, 1, 1.0, 0.5, 1.25, 0.125), network_of(at)) for at in (0, 10)]
    controllers.runs.add(History(TrainingConfig(layer_sizes=(784, 8, 10)), 2000).with_frames(frames))
    controllers.digits.use(digits)
    scheduler = controllers.scheduler
    qtbot.waitUntil(lambda: scheduler.scene.frame.symptoms is not None)
    progress = scheduler.scene.frame.progress
    assert (progress.test_loss, progress.test_accuracy) == (1.25, 0.125)
    assert scheduler.scene.shown.curve("test_accuracy")[1].tolist() == [0.125, 0.125]


def test_the_line_takes_its_room_before_there_is_anything_to_say(
    qtbot: QtBot, window: MainWindow, find: Find, digits: Dataset
) -> None:
    await_symptoms(qtbot, window)
    assert symptoms_label(window).startswith("Answers 7 to 500 of 500")
    place, plot = find("symptomsLabel").geometry(), find("accuracyPlot").geometry()
    window.controllers.runs.show_detached(Frame(Progress(), network_of(5)), "opened.npz")
    settle(window)
    assert symptoms_label(window) == ""
    assert (find("symptomsLabel").geometry(), find("accuracyPlot").geometry()) == (place, plot)
