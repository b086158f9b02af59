"""The page by itself, with a run whose middle is shown and a digit on the pad."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from gui.controllers import Controllers
from gui.flow.scene import Scene
from gui.flow.subject import PAD
from gui.pages.one_update.update_page import UpdatePage
from gui.panels.prediction_view import PredictionView
from gui.widgets.probability_bars import ProbabilityBars
from model.backpropagation import gradients
from model.dataset import Dataset
from model.history import Frame, History
from model.network import Network
from model.training import Progress, TrainingConfig
from tests.gui.conftest import await_accuracy, click, settle, show_view


@pytest.fixture
def page(qtbot: QtBot, controllers: Controllers, digits: Dataset) -> UpdatePage:
    controllers.digits.use(digits)
    controllers.runs.add(a_run())
    controllers.playhead.go_to(1000)
    controllers.scheduler.change(
        config=replace(controllers.scheduler.scene.config, learning_rate=0.1), subject_source=PAD
    )
    draw_line(controllers, down=True)
    page = UpdatePage(controllers)
    show_view(qtbot, controllers, page, 746, 560)
    return page


def a_run() -> History:
    return History(TrainingConfig(epochs=1), 2000).with_frames([frame_at(moment) for moment in (0, 1000, 2000)])


def frame_at(moment: int) -> Frame:
    return Frame(Progress(moment), Network.initialize(seed=moment))


def draw_line(controllers: Controllers, down: bool) -> None:
    controllers.drawing.start_stroke(QPointF(140, 40))
    controllers.drawing.continue_stroke(QPointF(140, 240) if down else QPointF(240, 40))
    controllers.drawing.end_stroke()
    settle(controllers)


def press(page: UpdatePage, controllers: Controllers, *names: str) -> Scene:
    for name in names:
        click(page.findChild(QPushButton, f"{name}Button"))
        settle(controllers)
    return controllers.scheduler.scene


def is_enabled(page: UpdatePage, name: str) -> bool:
    return page.findChild(QPushButton, f"{name}Button").isEnabled()


def text_of(page: UpdatePage) -> str:
    return page.findChild(QLabel, "lessonLabel").text()


def updated(network: Network, image: np.ndarray, label: int, updates: int) -> Network:
    """After updates at a rate of 0.1."""
    pupil = network.copy()
    for _ in range(updates):
        found = gradients(pupil, image, label)
        pupil = Network(
            [weights - np.float32(0.1) * each for weights, each in zip(pupil.weights, found.weights, strict=True)],
            [bias - np.float32(0.1) * each for bias, each in zip(pupil.biases, found.biases, strict=True)],
        )
    return pupil


def accuracy(network: Network, digits: Dataset) -> float:
    return float((network.predict(digits.test_images).argmax(axis=1) == digits.test_labels).mean())


@pytest.mark.parametrize(("button", "updates"), [("applyUpdate", 1), ("teachOften", 10)])
def test_a_lesson_is_so_many_updates_at_the_learning_rate_of_the_window(
    qtbot: QtBot, page: UpdatePage, controllers: Controllers, digits: Dataset, button: str, updates: int
) -> None:
    before = controllers.scheduler.scene
    image = before.digit.reshape(784)
    scene = press(page, controllers, "lesson4", button)
    expected = updated(before.network, image, 4, updates)
    for weights, others in zip(scene.network.weights, expected.weights, strict=True):
        np.testing.assert_allclose(weights, others, atol=1e-6)
    shares = [100 * network.predict(image)[4] for network in (before.network, expected)]
    assert f"p[4] {shares[0]:.1f} % → {shares[1]:.1f} %" in text_of(page)
    await_accuracy(qtbot, controllers)
    tests = [100 * accuracy(network, digits) for network in (before.network, expected)]
    assert f"test digits: {tests[0]:.2f} % → {tests[1]:.2f} %" in text_of(page)
    assert scene.shown is None
    assert before.shown.key is scene.runs.all[0].key  # which is as it was


def test_undo_brings_back_the_exact_weights_and_the_place_in_the_run(
    page: UpdatePage, controllers: Controllers
) -> None:
    before = controllers.scheduler.scene
    weights = [each.copy() for each in before.network.weights]
    once = press(page, controllers, "lesson4", "applyUpdate")
    press(page, controllers, "lesson5", "applyUpdate")
    scene = press(page, controllers, "undoTeaching")
    assert (scene.shown, scene.network) == (None, once.network)
    assert "p[4]" in text_of(page)
    scene = press(page, controllers, "undoTeaching")
    assert (scene.shown_key, scene.network, scene.is_live) == (before.shown_key, before.network, False)
    assert all(np.array_equal(*pair) for pair in zip(scene.network.weights, weights, strict=True))
    assert not is_enabled(page, "undoTeaching")
    assert "p[" not in text_of(page)


def test_undo_brings_back_the_untrained_network_whatever_stands_in_the_fields_by_then(
    page: UpdatePage, controllers: Controllers
) -> None:
    controllers.runs.remove(controllers.scheduler.scene.shown)
    settle(controllers)
    before = controllers.scheduler.scene.network
    assert controllers.scheduler.scene.frame_name == ""
    press(page, controllers, "lesson4", "applyUpdate", "applyUpdate")
    settings = controllers.scheduler.scene.config
    for config in (replace(settings, seed=7), replace(settings, layer_sizes=(784, 8, 10))):
        controllers.scheduler.change(config=config)
    press(page, controllers, "undoTeaching")
    scene = press(page, controllers, "undoTeaching")
    assert (scene.shown, scene.network, scene.frame_name) == (None, before, "an untrained network")
    controllers.scheduler.change(config=replace(settings, seed=8))
    assert controllers.scheduler.scene.network is before


def test_undo_brings_back_the_network_that_start_would_train(page: UpdatePage, controllers: Controllers) -> None:
    controllers.runs.remove(controllers.scheduler.scene.shown)
    settle(controllers)
    before = controllers.scheduler.scene.network
    scene = press(page, controllers, "lesson4", "applyUpdate", "undoTeaching")
    assert (scene.network, scene.frame_name, scene.steps_here) == (before, "", True)
    controllers.scheduler.change(config=replace(scene.config, seed=8))  # and so it follows the fields
    assert controllers.scheduler.scene.network is not before


def test_who_moves_on_has_left_the_lesson(page: UpdatePage, controllers: Controllers) -> None:
    press(page, controllers, "lesson4", "applyUpdate")
    assert is_enabled(page, "undoTeaching")
    controllers.runs.select(controllers.scheduler.scene.runs.all[0])
    settle(controllers)
    assert not is_enabled(page, "undoTeaching")
    assert "p[" not in text_of(page)
    network = controllers.scheduler.scene.network
    scene = press(page, controllers, "applyUpdate", "undoTeaching")  # the earlier lesson is not undone, too
    assert scene.network is network


def test_without_a_label_or_a_digit_nothing_can_be_taught(page: UpdatePage, controllers: Controllers) -> None:
    assert not is_enabled(page, "applyUpdate")
    press(page, controllers, "lesson3")
    assert is_enabled(page, "applyUpdate")
    assert is_enabled(page, "teachOften")
    press(page, controllers, "lesson3")  # says the same once more
    assert page.findChild(QPushButton, "lesson3Button").isChecked()
    assert controllers.scheduler.scene.label == 3
    controllers.drawing.clear()
    settle(controllers)
    assert not is_enabled(page, "applyUpdate")
    assert not is_enabled(page, "teachOften")


def test_the_label_of_one_digit_is_not_that_of_the_next(page: UpdatePage, controllers: Controllers) -> None:
    press(page, controllers, "lesson3")
    draw_line(controllers, down=False)
    assert is_enabled(page, "applyUpdate")  # it is still the same digit
    controllers.drawing.clear()
    draw_line(controllers, down=True)
    assert not is_enabled(page, "applyUpdate")
    assert not page.findChild(QPushButton, "lesson3Button").isChecked()
    controllers.drawing.show_test_digit()  # whose label is known
    settle(controllers)
    label = controllers.scheduler.scene.label
    assert [page.findChild(QPushButton, f"lesson{k}Button").isChecked() for k in range(10)] == list(
        np.arange(10) == label
    )
    assert is_enabled(page, "applyUpdate")


def test_a_rate_that_is_too_large_is_reported(page: UpdatePage, controllers: Controllers) -> None:
    network = controllers.scheduler.scene.network
    controllers.scheduler.change(config=replace(controllers.scheduler.scene.config, learning_rate=1e38))
    scene = press(page, controllers, "lesson4", "teachOften")
    assert scene.notice.sentence.endswith("Choose a smaller learning rate.")
    assert scene.network is network
    assert not is_enabled(page, "undoTeaching")


def test_undo_finds_the_very_network_while_a_run_grows(page: UpdatePage, controllers: Controllers) -> None:
    controllers.runs.start(History(TrainingConfig(epochs=1), 5000))
    controllers.runs.grow([frame_at(0), frame_at(500)])
    before = controllers.scheduler.scene
    taught = press(page, controllers, "lesson4", "applyUpdate")
    controllers.runs.grow([frame_at(600), frame_at(3000)])
    assert controllers.scheduler.scene.network is taught.network
    scene = press(page, controllers, "undoTeaching")
    assert (scene.shown.key, scene.network, scene.is_live) == (before.shown.key, before.network, False)


def test_undo_brings_back_the_run_that_was_compared_and_shows_a_hidden_one(
    page: UpdatePage, controllers: Controllers
) -> None:
    controllers.runs.add(a_run())
    first, second = controllers.scheduler.scene.runs.all
    controllers.runs.compare(first)
    press(page, controllers, "lesson4", "applyUpdate")
    assert controllers.scheduler.scene.compared is None
    controllers.runs.set_hidden(second, True)
    runs = press(page, controllers, "undoTeaching").runs
    assert (runs.shown_key, runs.compared_key) == (second.key, first.key)
    assert second.key not in runs.hidden


def test_of_a_run_that_is_gone_undo_shows_the_network_alone(page: UpdatePage, controllers: Controllers) -> None:
    before = controllers.scheduler.scene
    press(page, controllers, "lesson4", "applyUpdate")
    controllers.runs.remove(before.shown)
    scene = press(page, controllers, "undoTeaching")
    assert (scene.shown, scene.network, scene.frame_name) == (None, before.network, "a network of a deleted run")


def test_the_bars_of_the_prediction_compare_with_before(
    qtbot: QtBot, page: UpdatePage, controllers: Controllers
) -> None:
    view = PredictionView()
    show_view(qtbot, controllers, view, 240, 300)
    bars, before = view.findChild(ProbabilityBars, "probabilityBars"), controllers.scheduler.scene
    scene = press(page, controllers, "lesson4", "teachOften")
    image = scene.digit.reshape(1, 784)
    assert np.array_equal(bars.compared, before.network.predict(image)[0])
    assert np.array_equal(bars.probabilities, scene.network.predict(image)[0])
    press(page, controllers, "undoTeaching")
    assert bars.compared is None
    press(page, controllers, "applyUpdate")
    controllers.runs.select(scene.runs.all[0])
    settle(controllers)
    assert bars.compared is None
