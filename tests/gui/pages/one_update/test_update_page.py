"""The page, pointed at, clicked and driven by keys; every number is compared with one computed elsewhere."""

import re
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QSpinBox
from pytestqt.qtbot import QtBot

from gui.flow.scene import TrainingState
from gui.flow.subject import PAD, TEST, TRAINING
from gui.main_window import MainWindow
from gui.theme import LIGHT
from model.analysis.derivation import Kind, Number
from model.backpropagation import gradients
from model.dataset import Dataset
from model.history import Frame, History
from model.network import Network
from model.training import Progress, TrainingConfig
from tests.gui.conftest import Find, assert_everything_has_its_room, click, settle, turn_to
from tests.gui.pages.one_update.conftest import Hand, number_in
from tests.model.textbook import same_bits

LAST = 3


def by_hand(network: Network, image: np.ndarray, label: int) -> dict[Kind, list[np.ndarray]]:
    """All of a pass forward and back, in float64, as one writes it down; lists count from layer 1."""
    w, b = [each.astype(float) for each in network.weights], [each.astype(float) for each in network.biases]
    x = image.reshape(-1).astype(float)
    z1 = x @ w[0] + b[0]
    a1 = 1 / (1 + np.exp(-z1))
    z2 = a1 @ w[1] + b[1]
    a2 = 1 / (1 + np.exp(-z2))
    z3 = a2 @ w[2] + b[2]
    p = np.exp(z3) / np.exp(z3).sum()
    y = np.eye(10)[label]
    d3 = p - y
    d2 = (d3 @ w[2].T) * a2 * (1 - a2)
    d1 = (d2 @ w[1].T) * a1 * (1 - a1)
    return {
        Kind.IMAGE: [x],
        Kind.PRE_ACTIVATION: [z1, z2, z3],
        Kind.ACTIVATION: [a1, a2],
        Kind.PROBABILITY: [p],
        Kind.TARGET: [y],
        Kind.LOSS: [np.array([-np.log(p[label])])],
        Kind.DELTA: [d1, d2, d3],
        Kind.GRADIENT: [np.outer(x, d1), np.outer(a1, d2), np.outer(a2, d3)],
        Kind.WEIGHT: w,
    }


def value_written(lines: list[str]) -> float:
    number = r"−?\d+\.?\d*(?:e[+−]\d+)?"
    (last,) = re.findall(number, lines[-1].split("   (")[0])[-1:]
    return number_in(last)


def test_every_number_is_that_of_the_next_training_digit(hand: Hand, digits: Dataset) -> None:
    network = hand.scene.network
    right = by_hand(network, digits.train_images[0], int(digits.train_labels[0]))
    random = np.random.default_rng(5)
    for kind, arrays in right.items():
        for k, array in enumerate(arrays):
            layer = {Kind.IMAGE: 0, Kind.PROBABILITY: LAST, Kind.TARGET: LAST, Kind.LOSS: LAST}.get(kind, k + 1)
            if kind.is_matrix:
                hand.controllers.scheduler.change(matrix=kind)
                settle(hand.controllers)
            for _ in range(4):
                index = tuple(int(random.integers(n)) for n in array.shape)
                if kind.is_matrix and layer == 1:
                    index = (index[0], 0)
                lines = hand.point_at(Number(kind, layer, index))
                assert value_written(lines) == pytest.approx(array[index], rel=6e-4, abs=1e-9), (kind, layer, index)


def test_the_gradient_that_is_written_is_the_slope_of_the_loss(hand: Hand, digits: Dataset) -> None:
    """By finite differences of nothing but the forward pass."""
    network, image, label = hand.scene.network, digits.train_images[0], int(digits.train_labels[0])
    exact = Network(*([each.astype(float) for each in kind] for kind in (network.weights, network.biases)))

    def loss_with(layer: int, index: tuple[int, int], move: float) -> float:
        moved = exact.copy()
        moved.weights[layer - 1][index] += move
        return -float(np.log(moved.predict(image.astype(float))[label]))

    for layer, index in ((1, (154, 0)), (2, (3, 30)), (3, (31, label)), (3, (0, 9))):
        slope = (loss_with(layer, index, 1e-4) - loss_with(layer, index, -1e-4)) / 2e-4
        written = value_written(hand.point_at(Number(Kind.GRADIENT, layer, index)))
        assert written == pytest.approx(slope, rel=2e-3, abs=1e-9)


@pytest.fixture
def in_a_run(qtbot: QtBot, hand: Hand) -> Hand:
    """A run of 2,000 digits that was stopped after three steps; its last moment is shown."""
    hand.use(rate=0.1)
    for seen in (1, 2, 3):
        hand.controllers.training.step()
        qtbot.waitUntil(lambda seen=seen: hand.scene.frame.samples_seen == seen)
    with qtbot.waitSignal(hand.controllers.training.finished):
        hand.controllers.training.stop()
    settle(hand.controllers)
    return hand


def test_the_weights_after_the_update_are_those_that_the_run_has_then(in_a_run: Hand) -> None:
    """All that the page writes of W after sample n is what the run's own network has at n + 1."""
    hand, run = in_a_run, in_a_run.scene.shown
    for moment in (0, 1, 2):
        hand.controllers.playhead.go_to(moment)
        hand.controllers.scheduler.change(matrix=Kind.UPDATED)
        settle(hand.controllers)
        following = run.frames[moment + 1].network
        for layer, rows in ((1, (210, 300, 410, 784)), (2, (0, 17, 31, 32)), (3, (5, 32))):
            for row in rows:
                weights, bias = following.weights[layer - 1], following.biases[layer - 1]
                right = bias[0] if row == len(weights) else weights[row, 0]
                written = value_written(hand.point_at(Number(Kind.UPDATED, layer, (row, 0))))
                assert written == pytest.approx(float(right), rel=1e-6, abs=2e-7)


def test_it_says_which_digit_at_which_moment_and_follows_the_timeline(in_a_run: Hand, digits: Dataset) -> None:
    hand = in_a_run
    for moment in (3, 0, 2):
        hand.controllers.playhead.go_to(moment)
        settle(hand.controllers)
        label = digits.train_labels[moment]
        article = "an" if label == 8 else "a"
        assert hand.header == (
            f"Training digit {moment + 1}, {article} {label}, at sample {moment} of rate 0.1 · η = 0.1"
        )


def test_after_the_last_digit_comes_the_first_of_the_next_epoch(hand: Hand) -> None:
    frames = [Frame(Progress(seen, 1), Network.initialize(seed=seen)) for seen in (0, 1999, 2000, 4001)]
    hand.controllers.runs.add(History(TrainingConfig(epochs=3), 2000).with_frames(frames))
    for moment, number in ((1999, "2,000"), (2000, "1"), (4001, "2")):
        hand.controllers.playhead.go_to(moment)
        settle(hand.controllers)
        assert f"Training digit {number}, " in hand.header


def test_step_trains_the_sample_that_is_shown_and_goes_to_the_next(qtbot: QtBot, hand: Hand) -> None:
    hand.use(rate=0.1, seed=3)
    before = hand.scene.network
    for seen in (1, 2, 3):
        assert f"Training digit {seen}, " in hand.header
        hand.press("applyUpdateButton")
        qtbot.waitUntil(lambda seen=seen: hand.scene.frame.samples_seen == seen)
        settle(hand.controllers)
    run = hand.scene.shown
    assert (len(hand.scene.runs.all), run.config.seed, hand.scene.training) == (1, 3, TrainingState.PAUSED)
    first = run.frames[0].network
    assert all(np.array_equal(*pair) for pair in zip(first.weights, before.weights, strict=True))


def test_applied_at_an_earlier_moment_it_starts_a_run_there(qtbot: QtBot, in_a_run: Hand) -> None:
    hand, run = in_a_run, in_a_run.scene.shown
    hand.controllers.playhead.go_to(1)
    hand.use(rate=0.5)
    assert hand.find("applyUpdateButton").text() == "Apply with η = 0.5: new run"
    with qtbot.waitSignal(hand.controllers.training.finished, timeout=100, raising=False):
        hand.press("applyUpdateButton")
    qtbot.waitUntil(lambda: hand.scene.frame.samples_seen == 2)
    fork = hand.scene.shown
    assert (len(hand.scene.runs.all), fork.first_sample, fork.config.learning_rate) == (2, 1, 0.5)
    assert hand.scene.training is TrainingState.PAUSED
    assert same_bits(fork.frames[0].network, run.frames[1].network)
    assert hand.scene.runs.all[0].samples_seen == 3  # as it was


def test_applied_where_a_run_was_stopped_it_continues_that_run(qtbot: QtBot, in_a_run: Hand) -> None:
    hand = in_a_run
    assert hand.find("applyUpdateButton").text() == "Apply it: one step"
    hand.press("applyUpdateButton")
    qtbot.waitUntil(lambda: hand.scene.frame.samples_seen == 4)
    assert len(hand.scene.runs.all) == 1


def test_a_click_keeps_a_number_and_escape_lets_it_go(hand: Hand) -> None:
    hint = hand.explanation
    number, other = Number(Kind.DELTA, 2, (4,)), Number(Kind.ACTIVATION, 1, (7,))
    shown = hand.point_at(number)
    assert shown[0].startswith("Error of layer 2, neuron 5")
    hand.leave()
    assert hand.explanation == hint
    hand.click_on(number)
    hand.leave()
    assert hand.explanation == shown
    assert hand.point_at(other)[0] == "Activation of layer 1, neuron 8"
    hand.leave()
    assert hand.explanation == shown
    QTest.keyClick(hand.page.diagram, Qt.Key.Key_Escape)
    settle(hand.controllers)
    assert hand.explanation == hint


def test_what_is_kept_is_explained_with_the_numbers_of_each_moment(in_a_run: Hand) -> None:
    hand = in_a_run
    hand.click_on(Number(Kind.PRE_ACTIVATION, 1, (2,)))
    hand.leave()
    before = hand.explanation
    hand.controllers.playhead.go_to(0)
    settle(hand.controllers)
    assert hand.explanation[0] == before[0]
    assert hand.explanation[1:] != before[1:]


def test_arrow_keys_go_from_number_to_number(hand: Hand) -> None:
    diagram = hand.page.diagram

    def press(*keys: Qt.Key) -> str:
        for key in keys:
            QTest.keyClick(diagram, key)
        settle(hand.controllers)
        return hand.explanation[0]

    assert press(Qt.Key.Key_Right) == "Ink of the pixel in row 1, column 1"
    assert press(Qt.Key.Key_Right, Qt.Key.Key_Down) == "Ink of the pixel in row 2, column 2"
    hand.click_on(Number(Kind.PROBABILITY, LAST, (3,)))
    hand.leave()
    assert press(Qt.Key.Key_Down) == "Probability of answer 4"
    assert press(Qt.Key.Key_Left) == "Logit of answer 4"
    assert press(Qt.Key.Key_Right, Qt.Key.Key_Right) == "Probability of answer 4 after the update"
    assert press(Qt.Key.Key_Right, Qt.Key.Key_Right).startswith("Error of answer 4")


def test_a_click_on_a_neuron_of_the_first_layer_shows_its_weights(hand: Hand) -> None:
    hand.click_on(Number(Kind.DELTA, 1, (9,)))
    assert hand.scene.neuron == (1, 9)
    assert hand.point_at(Number(Kind.GRADIENT, 1, (0, 9)))[0].endswith("to layer 1, neuron 10")
    hand.controllers.scheduler.change(neuron=(1, 4))  # chosen elsewhere
    settle(hand.controllers)
    assert hand.point_at(Number(Kind.GRADIENT, 1, (0, 4)))[0].endswith("to layer 1, neuron 5")


def test_what_a_number_comes_from_and_goes_to_lights_up(hand: Hand) -> None:
    number = Number(Kind.DELTA, 2, (4,))
    source, target = Number(Kind.ACTIVATION, 2, (4,)), Number(Kind.GRADIENT, 2, (0, 4))

    def colors_around(number: Number) -> set[str]:
        image = hand.page.diagram.grab().toImage()
        place = hand.page.diagram.place_of(number).toRect().adjusted(-2, -2, 2, 2)
        pixels = [(x, y) for x in range(place.left(), place.right()) for y in range(place.top(), place.bottom())]
        return {QColor(image.pixel(x, y)).name() for x, y in pixels}

    assert LIGHT.training not in colors_around(source)
    hand.point_at(number)
    assert LIGHT.training in colors_around(source)
    assert LIGHT.compared in colors_around(target)
    assert LIGHT.text in colors_around(number)


def test_below_stand_the_lines_that_computed_it(hand: Hand) -> None:
    hand.point_at(Number(Kind.DELTA, 2, (4,)))
    text = hand.find("sourceLinesLabel").text()
    assert re.search(r"^model/backpropagation\.py:\d+  delta = \(delta @ network\.weights\[k\]\.T\)", text)
    assert text.endswith("k = 2: delta (10,), network.weights[k] (32, 10), a[k] (32,)")


def choose(hand: Hand, source: str, number: int = 1) -> None:
    menu = hand.page.findChild(QPushButton, "subjectButton").menu()
    texts = {TRAINING: "Training digit by number", TEST: "Test digit by number", PAD: "Digit on the pad"}
    next(action for action in menu.actions() if action.text() == texts[source]).trigger()
    settle(hand.controllers)
    if source != PAD:
        hand.page.findChild(QSpinBox, "subjectNumberSpinBox").setValue(number)
        settle(hand.controllers)


@pytest.mark.parametrize("source", [TRAINING, TEST])
def test_any_digit_of_the_dataset_can_be_chosen_by_its_number(hand: Hand, digits: Dataset, source: str) -> None:
    choose(hand, source, 123)
    images, labels = (
        (digits.train_images, digits.train_labels) if source == TRAINING else (digits.test_images, digits.test_labels)
    )
    assert f"{source} digit 123, a".capitalize() in hand.header
    right = by_hand(hand.scene.network, images[122], int(labels[122]))
    for layer in (1, 2, 3):
        written = value_written(hand.point_at(Number(Kind.DELTA, layer, (6,))))
        assert written == pytest.approx(right[Kind.DELTA][layer - 1][6], rel=6e-4)
    field = hand.page.findChild(QSpinBox, "subjectNumberSpinBox")
    assert (field.minimum(), field.maximum()) == (1, len(images))


def test_a_taught_network_has_its_place_in_the_data_and_can_be_trained_on(
    qtbot: QtBot, in_a_run: Hand, digits: Dataset
) -> None:
    hand, run = in_a_run, in_a_run.scene.shown
    choose(hand, TEST, 7)
    hand.press("applyUpdateButton")
    taught = hand.scene.network
    assert hand.scene.shown is None
    assert "taught, not part of a run" in hand.header
    assert hand.scene.latest_run.key is run.key  # the timeline's
    hand.controllers.training.step()
    qtbot.waitUntil(lambda: hand.scene.frame.samples_seen == 4)
    assert len(hand.scene.runs.all) == 2
    new = hand.scene.shown
    assert (new.origin, new.first_sample) == ("a taught network", 3)
    assert same_bits(new.frames[0].network, taught)
    assert "from a taught network" in new.name
    found = gradients(taught, digits.train_images[3], int(digits.train_labels[3]))
    for weights, before, gradient in zip(hand.scene.network.weights, taught.weights, found.weights, strict=True):
        np.testing.assert_allclose(weights, before - np.float32(0.1) * gradient, atol=1e-6)


def test_with_nothing_to_learn_from_it_says_what_to_do(hand: Hand) -> None:
    choose(hand, PAD)
    empty = hand.page.diagram.grab().toImage()
    assert not hand.find("applyUpdateButton").isEnabled()
    assert hand.explanation[0] == "Point at a number to see where it comes from."
    hand.controllers.drawing.show_digit(np.full(784, 0.5))
    settle(hand.controllers)
    assert hand.page.diagram.grab().toImage() != empty
    assert not hand.find("applyUpdateButton").isEnabled()
    hand.press("lesson7Button")
    assert hand.find("applyUpdateButton").isEnabled()
    assert hand.header.startswith("The digit on the pad, a 7, before training")


def test_before_and_after_are_those_of_the_same_digit(hand: Hand, digits: Dataset) -> None:
    hand.use(rate=0.5)
    network, label = hand.scene.network, int(digits.train_labels[0])
    found = gradients(network, digits.train_images[0], label)
    after = Network(
        [w - np.float32(0.5) * g for w, g in zip(network.weights, found.weights, strict=True)],
        [b - np.float32(0.5) * g for b, g in zip(network.biases, found.biases, strict=True)],
    )
    for each, name in ((network, "outcomeBefore"), (after, "outcomeAfter")):
        p = each.predict(digits.train_images[0])
        text = hand.find(name).text()
        assert f"answers {p.argmax()} ({100 * p.max():.1f} %)" in text
        assert number_in(text.rpartition("= ")[2]) == pytest.approx(p[label], rel=5e-4)
    losses = re.fullmatch(r"loss (\S+) → (\S+)", hand.find("outcomeLoss").text()).groups()
    expected = [-np.log(each.predict(digits.train_images[0])[label]) for each in (network, after)]
    assert [number_in(each) for each in losses] == pytest.approx(expected, rel=5e-4)


def test_the_gradients_are_checked_at_the_press_of_a_button(qtbot: QtBot, hand: Hand) -> None:
    label = hand.page.findChild(QLabel, "gradientCheckLabel")
    hand.press("gradientCheckButton")
    qtbot.waitUntil(lambda: "Largest difference" in label.text(), timeout=10000)
    largest = re.search(r"Largest difference: (\d\.\de-\d\d)\.", label.text())[1]
    layers = re.findall(r"layer \d (\d\.\de-\d\d)", label.text())
    assert float(largest) == max(map(float, layers)) < 1e-6
    assert len(layers) == 3
    assert label.text().startswith("Training digit 1, a 5, before training: they agree")
    assert "(500 of 25,120)" in label.text()
    assert "(all 330)" in label.text()
    plot = hand.find("differencePlot")
    qtbot.waitUntil(lambda: len(plot.errors) > 0)
    assert plot.errors.min() < 1e-6 < plot.errors[0] < plot.errors.max() <= 1
    hand.press("explainButton")
    assert not label.isVisible()


def test_a_result_stays_that_of_its_moment(qtbot: QtBot, in_a_run: Hand) -> None:
    hand = in_a_run
    hand.press("gradientCheckButton")
    label = hand.page.findChild(QLabel, "gradientCheckLabel")
    hand.controllers.playhead.go_to(0)
    settle(hand.controllers)
    qtbot.waitUntil(lambda: "Largest difference" in label.text(), timeout=10000)
    assert "at sample 3 of rate 0.1" in label.text()


def test_all_weights_are_checked_on_request_and_that_can_be_stopped(qtbot: QtBot, hand: Hand) -> None:
    hand.use(rate=0.1, hidden=(2,))
    label, bar = hand.page.findChild(QLabel, "gradientCheckLabel"), hand.find("gradientCheckBar")
    hand.press("gradientCheckButton")
    qtbot.waitUntil(lambda: "Largest difference" in label.text(), timeout=10000)
    earlier = label.text()
    hand.press("checkAllButton")
    qtbot.waitUntil(lambda: 0 < bar.value() < bar.maximum(), timeout=10000)
    assert bar.isVisible()
    assert label.text() == "Checking Training digit 1, a 5, before training …"
    hand.press("stopCheckButton")
    assert not bar.isVisible()
    assert label.text() == earlier
    hand.press("checkAllButton")
    qtbot.waitUntil(lambda: "(all 1,570)" in label.text(), timeout=20000)


def test_the_curve_is_that_of_the_weight_that_is_kept_at_the_moment_shown(qtbot: QtBot, in_a_run: Hand) -> None:
    hand = in_a_run
    hand.press("gradientCheckButton")
    plot = hand.find("differencePlot")

    def title() -> list[str]:
        return plot.getPlotItem().titleLabel.text.split("<br>")

    bias, weight = "∂L/∂b₃[1]: relative error over ε", "∂L/∂W₂[5→2]: relative error over ε"
    qtbot.waitUntil(lambda: title() == [bias, "Training digit 4, a 1, at sample 3 of rate 0.1"])
    hand.click_on(Number(Kind.GRADIENT, 2, (4, 1)))
    qtbot.waitUntil(lambda: title() == [weight, "Training digit 4, a 1, at sample 3 of rate 0.1"])
    hand.controllers.playhead.go_to(0)
    settle(hand.controllers)
    qtbot.waitUntil(lambda: title() == [weight, "Training digit 1, a 5, at sample 0 of rate 0.1"])
    assert plot.accessibleDescription().startswith(f"{weight}, Training digit 1, a 5, at sample 0 of rate 0.1.")


def test_a_gradient_that_is_zero_is_called_so(qtbot: QtBot, hand: Hand) -> None:
    hand.press("gradientCheckButton")
    plot, reason = hand.find("differencePlot"), hand.page.findChild(QLabel, "differenceReasonLabel")
    usual = reason.text()
    hand.click_on(Number(Kind.GRADIENT, 1, (0, 0)))  # from a pixel that is blank
    title = plot.getPlotItem().titleLabel
    qtbot.waitUntil(lambda: title.text.startswith("∂L/∂W₁[1,1→1] is exactly 0<br>"))
    assert reason.text() == "∂L/∂W₁[1,1→1] is exactly 0, and so is every finite difference: there is no error to draw."
    assert all(len(each.xData) == 0 for each in plot.getPlotItem().curves if each.xData is not None)
    hand.click_on(Number(Kind.GRADIENT, 2, (4, 1)))
    qtbot.waitUntil(lambda: title.text.startswith("∂L/∂W₂[5→2]: "))
    assert reason.text() == usual


def test_the_compared_network_stands_beside_with_the_same_digit(in_a_run: Hand, digits: Dataset) -> None:
    hand = in_a_run
    other = History(TrainingConfig(epochs=1, seed=9), 2000).with_frames(
        [Frame(Progress(0), Network.initialize(seed=9)), Frame(Progress(3), Network.initialize(seed=10))]
    )
    assert not hand.find("otherNetworkButton").isVisible()
    first = hand.scene.shown
    hand.controllers.runs.add(other.renamed("another"))
    hand.controllers.runs.select(first)
    hand.controllers.runs.compare(other)
    settle(hand.controllers)
    hand.press("otherNetworkButton")
    assert hand.header.endswith("beside it another: same digit, other network")
    right = by_hand(Network.initialize(seed=10), digits.train_images[3], int(digits.train_labels[3]))
    for kind, layer, index in (
        (Kind.DELTA, 1, (3,)),
        (Kind.DELTA, 3, (8,)),
        (Kind.GRADIENT, 1, (300, 0)),
        (Kind.GRADIENT, 2, (9, 9)),
        (Kind.GRADIENT, 3, (31, 9)),
    ):
        lines = hand.point_at(Number(kind, layer, index), is_other=True)
        assert lines[0].startswith("Other network: ")
        assert value_written(lines) == pytest.approx(right[kind][layer - 1][index], rel=6e-4, abs=1e-12)
    hand.press("otherNetworkButton")
    assert hand.page.diagram.place_of(Number(Kind.DELTA, 1, (3,)), is_other=True).isEmpty()


@pytest.mark.parametrize("hidden", [(), (1,), (512, 300), (64, 16, 8, 4)], ids=str)
def test_any_layer_sizes_have_their_picture(hand: Hand, digits: Dataset, hidden: tuple[int, ...]) -> None:
    hand.use(rate=0.1, hidden=hidden)
    network = hand.scene.network
    found = gradients(network, digits.train_images[0], int(digits.train_labels[0]))
    for layer in range(1, len(hidden) + 2):
        written = value_written(hand.point_at(Number(Kind.DELTA, layer, (0,))))
        assert written == pytest.approx(found.biases[layer - 1][0], rel=1e-3)
        written = value_written(hand.point_at(Number(Kind.GRADIENT, layer, (0, 0))))
        assert written == pytest.approx(found.weights[layer - 1][0, 0], rel=1e-3, abs=1e-12)


def test_an_enormous_learning_rate_is_shown_and_refused(hand: Hand) -> None:
    hand.use(rate=1e38)
    choose(hand, TRAINING, 5)
    for kind in (Kind.CHANGE, Kind.UPDATED):
        hand.controllers.scheduler.change(matrix=kind)
        settle(hand.controllers)
        assert hand.point_at(Number(kind, 3, (0, 0)))
    network = hand.scene.network
    hand.press("teachOftenButton")
    assert hand.scene.notice.sentence.endswith("Choose a smaller learning rate.")
    assert hand.scene.network is network


def test_nothing_is_cut_off(qtbot: QtBot, window: MainWindow) -> None:
    turn_to(window, "One update")
    assert_everything_has_its_room(qtbot, window)


def test_it_follows_a_run_sample_by_sample_at_a_slow_pace(qtbot: QtBot, window: MainWindow, find: Find) -> None:
    turn_to(window, "One update")
    find("speedSlider").setValue(14)  # 5 samples a second
    seen: list[int] = []

    def note() -> bool:
        texts = [each.text() for each in window.findChildren(QLabel)]
        number = next(int(found[1]) for text in texts if (found := re.match(r"Training digit (\d+),", text)))
        if number not in seen:
            seen.append(number)
        return len(seen) >= 8

    click(find("startButton"))
    qtbot.waitUntil(note, timeout=10000)
    steady = seen[3:]  # the run and its first frames have started by then
    assert steady == list(range(steady[0], steady[0] + len(steady)))


def test_the_learning_rate_is_the_runs_own_and_for_a_chosen_digit_that_of_the_field(in_a_run: Hand) -> None:
    hand = in_a_run
    config = replace(hand.scene.config, learning_rate=0.02)
    hand.controllers.scheduler.change(config=config)
    settle(hand.controllers)
    assert hand.header.endswith("η = 0.1")
    choose(hand, TRAINING, 1)
    assert hand.header.endswith("η = 0.02")
