"""The ten probabilities of the digit on the pad, over the run."""

import numpy as np
import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from gui.controllers import Controllers
from gui.panels.prediction_over_run import PredictionOverRun
from gui.theme import DARK
from gui.widgets.run_plot import RunPlot
from model.dataset import Dataset
from model.history import Frame, History
from model.network import Network
from model.training import TrainingConfig, train
from tests.gui.conftest import named_curves, settle, show_view, visible_texts

CONFIG = TrainingConfig(epochs=1, learning_rate=0.1, tests_per_epoch=10)


@pytest.fixture(scope="module")
def run(digits: Dataset) -> History:
    network = Network.initialize()
    reports = train(network, digits, CONFIG)
    return History(CONFIG, 2000).with_frames(
        [Frame(progress, network.copy()) for progress in reports if not progress.is_measuring]
    )


@pytest.fixture
def view(qtbot: QtBot, controllers: Controllers) -> PredictionOverRun:
    view = PredictionOverRun(controllers)
    show_view(qtbot, controllers, view, 240, 90)
    return view


@pytest.fixture
def plot(view: PredictionOverRun) -> RunPlot:
    return view.findChild(RunPlot, "predictionOverRun")


def title(view: PredictionOverRun) -> str:
    return view.findChild(QLabel, "predictionOverRunLabel").text()


def wait_for_curves(qtbot: QtBot, controllers: Controllers) -> None:
    qtbot.waitUntil(lambda: controllers.scheduler.scene.digit_over_run is not None)
    settle(controllers)


def test_every_frame_is_asked_and_the_last_answer_stands_out(
    qtbot: QtBot, controllers: Controllers, view: PredictionOverRun, plot: RunPlot, run: History, digits: Dataset
) -> None:
    controllers.appearance.choose_theme("dark")
    controllers.runs.add(run)
    controllers.drawing.show_digit(digits.test_images[0])
    settle(controllers)
    assert title(view) == "Asking every moment of the run …"
    assert plot.moment is None
    wait_for_curves(qtbot, controllers)
    expected = np.array([frame.network.predict(digits.test_images[:1])[0] for frame in run.frames])
    curves = named_curves(plot)
    for digit in range(10):
        samples, probabilities = curves[str(digit)].getData()
        assert np.array_equal(samples, [frame.samples_seen for frame in run.frames])
        assert np.array_equal(probabilities, expected[:, digit])
    answer = int(expected[-1].argmax())
    accented = [name for name, curve in curves.items() if curve.opts["pen"].color().name() == DARK.accent]
    assert accented == [str(answer)]
    assert str(answer) in visible_texts(plot)
    assert plot.moment == run.latest.samples_seen


def test_only_the_latest_digit_is_asked_about_and_an_empty_pad_shows_nothing(
    qtbot: QtBot, controllers: Controllers, view: PredictionOverRun, plot: RunPlot, run: History, digits: Dataset
) -> None:
    controllers.runs.add(run)
    for k in range(5):
        controllers.drawing.show_digit(digits.test_images[k])
        settle(controllers)
    wait_for_curves(qtbot, controllers)
    expected = run.latest.network.predict(digits.test_images[4:5])[0]
    assert [curve.getData()[1][-1] for curve in named_curves(plot).values()] == pytest.approx(list(expected))
    controllers.drawing.clear()
    settle(controllers)
    assert {np.size(curve.getData()[0]) for curve in named_curves(plot).values()} == {0}
    assert "appears here" in title(view)


def test_a_growing_run_is_asked_on(
    qtbot: QtBot, controllers: Controllers, plot: RunPlot, run: History, digits: Dataset
) -> None:
    controllers.runs.start(History(CONFIG, 2000).with_frames(run.frames[:4]))
    controllers.drawing.show_digit(digits.test_images[0])
    wait_for_curves(qtbot, controllers)
    known = controllers.scheduler.scene.digit_over_run.values
    controllers.runs.grow(run.frames[4:5])
    qtbot.waitUntil(lambda: len(controllers.scheduler.scene.digit_over_run.values) == 5)
    settle(controllers)
    assert all(new is old for new, old in zip(controllers.scheduler.scene.digit_over_run.values, known, strict=False))
    assert len(named_curves(plot)["0"].getData()[0]) == 5
