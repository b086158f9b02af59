"""Runs whose networks are not those of the exercise: shown only where what is shown is right."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from model.activations import RELU, Activation
from model.history import Frame, History
from model.homework.training.own_code import OwnCode
from model.network import Network
from model.storage.run_file import save_run
from model.training import Progress, TrainingConfig
from tests.gui.conftest import Find, click, settle

WHY = "its output is sigmoid with squared error"

OpenRun = Callable[..., Network]


@pytest.fixture
def open_run(window: MainWindow, tmp_path: Path) -> OpenRun:
    """Opens a run of own code that has two frames; the network of the last."""

    def open_it(hidden: Sequence[Activation] | None = None, no_answers: str = "") -> Network:
        networks = [Network.initialize(seed=seed) for seed in (1, 2)]
        networks = [Network(each.weights, each.biases, hidden, not no_answers) for each in networks]
        frames = [Frame(Progress(500 * k, min(k, 1), 2.0, 0.1), network) for k, network in enumerate(networks)]
        own_code = OwnCode(str(tmp_path / "relu.py"), no_answers=no_answers)
        run = History(TrainingConfig(), 2000, start=frames[0], own_code=own_code).with_frames(frames)
        save_run(tmp_path / "run.npz", run.renamed("relu.py"))
        window.controllers.files.open(tmp_path / "run.npz")
        settle(window)
        return networks[-1]

    return open_it


def go_to(window: MainWindow, page: str) -> None:
    window.controllers.scheduler.change(page=page)
    settle(window)


def said_instead(window: MainWindow) -> str:
    """What the page says in place of what it shows."""
    settle(window)
    sentences = window.findChildren(QLabel, "whyNotShownLabel")
    return "".join(each.text() for each in sentences if each.isVisible())


def draw(window: MainWindow) -> np.ndarray:
    digit = np.linspace(0, 1, 784).astype(np.float32)
    window.controllers.drawing.show_digit(digit)
    settle(window)
    return digit


def test_the_pad_has_the_answers_of_its_functions(window: MainWindow, find: Find, open_run: OpenRun) -> None:
    network = open_run([RELU, RELU])
    layer = draw(window)
    for weights, bias in zip(network.weights[:-1], network.biases[:-1], strict=True):
        layer = np.maximum(layer @ weights + bias, 0)
    answer = (layer @ network.weights[-1] + network.biases[-1]).argmax()
    assert find("predictedDigitLabel").text() == str(answer)


def test_its_moments_are_measured(qtbot: QtBot, window: MainWindow, find: Find, open_run: OpenRun) -> None:
    open_run([RELU, RELU])
    qtbot.waitUntil(lambda: find("momentAccuracyLabel").text().startswith("test "))


@pytest.mark.parametrize("page", ["One update", "Pixels", "Whole path"])
def test_pages_that_explain_sigmoids_say_that_it_has_none(window: MainWindow, open_run: OpenRun, page: str) -> None:
    open_run([RELU, RELU])
    go_to(window, page)
    assert "relu.py has ReLU in its hidden layers" in said_instead(window)
    go_to(window, "Trick it")
    assert not said_instead(window)


def test_a_page_comes_back_with_a_network_that_it_explains(window: MainWindow, open_run: OpenRun) -> None:
    go_to(window, "Whole path")
    open_run([RELU, RELU])
    assert said_instead(window)
    window.controllers.runs.remove(window.scene.shown)
    assert not said_instead(window)


def test_without_answers_nothing_is_said_of_what_it_answers(
    qtbot: QtBot, window: MainWindow, find: Find, open_run: OpenRun
) -> None:
    open_run(no_answers=WHY)
    draw(window)
    for page in ("Trick it", "My digits", "Whole path"):
        go_to(window, page)
        assert f"as {WHY}" in said_instead(window)
    assert find("predictedDigitLabel").text() == ""
    assert "Only its own code" in find("predictionOverRunLabel").text()
    qtbot.waitUntil(lambda: not window.controllers.background.is_busy("moment"))
    assert find("momentAccuracyLabel").text() == ""
    go_to(window, "Training")
    assert not said_instead(window)


def test_it_is_not_saved_as_a_network_of_sigmoids(window: MainWindow, open_run: OpenRun) -> None:
    open_run([RELU, RELU])
    window.controllers.files.ask_and_save_network()
    assert "has other functions. Save the run instead" in window.scene.notice.sentence


def test_beside_one_of_ours_its_update_is_not_explained(window: MainWindow, find: Find, open_run: OpenRun) -> None:
    open_run([RELU, RELU])
    other = window.scene.shown
    click(find("startButton"))
    window.controllers.training.toggle_pause()
    window.controllers.runs.compare(other)
    go_to(window, "One update")
    assert not said_instead(window)
    assert not find("otherNetworkButton").isVisible()
