"""The page, pointed at, clicked and driven by keys; every number is compared with one computed elsewhere."""

import gc
import html
import re
import weakref
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QHelpEvent, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QSpinBox, QToolTip
from pytestqt.qtbot import QtBot

from gui.flow.scene import TrainingState
from gui.flow.subject import PAD, TEST, TRAINING
from gui.main_window import MainWindow
from gui.theme import LIGHT
from gui.widgets.card import ElidedLabel
from model.analysis.derivation import Kind, Number
from model.analysis.single_update import apply_updates
from model.analysis.source_lines import lines_of
from model.backpropagation import gradients
from model.dataset import Dataset
from model.history import Frame, History
from model.network import Network
from model.training import Progress, TrainingConfig, layer_sizes_around
from tests.gui.conftest import Find, assert_everything_has_its_room, await_accuracy, click, cut_off, settle, turn_to
from tests.gui.pages.one_update.conftest import Hand, number_in
from tests.model.textbook import same_bits

LAST, LEFT = 3, Qt.MouseButton.LeftButton


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


def test_of_a_run_on_other_digits_it_claims_no_next_one(hand: Hand) -> None:
    frames = [Frame(Progress(seen, 1), Network.initialize(seed=seen)) for seen in (0, 700)]
    hand.controllers.runs.add(History(TrainingConfig(epochs=3), 500).with_frames(frames).renamed("Small"))
    settle(hand.controllers)
    assert hand.sentence.startswith("Small was trained on 500 digits, and 2,000 others are loaded")
    assert not hand.find("applyUpdateButton").isEnabled()
    choose(hand, TRAINING, 5)  # what it would learn from that can be said
    assert hand.header.startswith("Training digit 5, ")
    assert hand.find("applyUpdateButton").isEnabled()


def test_a_run_is_called_by_the_name_that_it_has(in_a_run: Hand) -> None:
    hand, first = in_a_run, in_a_run.scene.shown
    hand.controllers.runs.rename(first, "Mine")
    settle(hand.controllers)
    assert "at sample 3 of Mine · " in hand.header


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


def test_a_click_keeps_a_number_and_escape_deselects_it(hand: Hand) -> None:
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


@pytest.mark.parametrize("kind", [Kind.LOSS, Kind.TARGET, Kind.OUTCOME])
def test_a_click_on_a_number_that_is_no_neurons_selects_none(hand: Hand, kind: Kind) -> None:
    hand.use(rate=0.1, hidden=())  # the last layer is the first
    hand.controllers.scheduler.change(neuron=(1, 6))
    settle(hand.controllers)
    hand.click_on(Number(kind, 1, (0,)))
    assert hand.scene.neuron == (1, 6)
    hand.click_on(Number(Kind.PROBABILITY, 1, (3,)))
    assert hand.scene.neuron == (1, 3)


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


def test_on_a_large_screen_a_change_has_its_gradient_and_its_result_beside_it(hand: Hand) -> None:
    hand.page.resize(1385, 985)  # what it has at 1920×1080
    settle(hand.controllers)
    change = Number(Kind.CHANGE, 2, (3, 5))
    lines = hand.point_at(change)
    for kind in (Kind.GRADIENT, Kind.WEIGHT, Kind.UPDATED):
        assert not hand.page.diagram.place_of(change.of(kind)).isEmpty()
    assert "choose" not in "".join(lines)
    assert not hand.find("changeButton").isVisible()
    hand.click_on(change)
    hand.leave()
    hand.page.resize(746, 578)
    settle(hand.controllers)
    assert hand.explanation[1].endswith("(W after: choose it above)")


@pytest.mark.parametrize(
    ("shown", "number", "hint"),
    [
        (Kind.CHANGE, Number(Kind.CHANGE, 2, (3, 5)), "(∂L/∂W, W after: choose them above)"),
        (Kind.UPDATED, Number(Kind.UPDATED, 2, (3, 5)), "(W before, −η ∂L/∂W: choose them above)"),
        (Kind.GRADIENT, Number(Kind.PRE_ACTIVATION, 2, (4,)), "(W before: choose it above)"),
        (Kind.GRADIENT, Number(Kind.DELTA, 2, (4,)), "(W before: choose it above)"),
        (Kind.WEIGHT, Number(Kind.PRE_ACTIVATION, 2, (4,)), ""),
        (Kind.WEIGHT, Number(Kind.PRE_ACTIVATION, 1, (4,)), "(a click shows the weights of this neuron)"),
        (Kind.WEIGHT, Number(Kind.PRE_ACTIVATION, 1, (0,)), ""),
        (Kind.GRADIENT, Number(Kind.PROBABILITY, 3, (4,)), ""),
    ],
)
def test_what_it_comes_from_and_is_not_on_the_screen_is_named(
    hand: Hand, shown: Kind, number: Number, hint: str
) -> None:
    hand.controllers.scheduler.change(matrix=shown)
    settle(hand.controllers)
    formula = hand.point_at(number)[1]
    assert formula.endswith(f"   {hint}") if hint else "choose" not in formula and "click" not in formula


ONE_OF_EACH = [
    Number(Kind.IMAGE, 0, (300,)),
    *(Number(kind, 2, (4,)) for kind in (Kind.PRE_ACTIVATION, Kind.ACTIVATION, Kind.DELTA)),
    *(Number(kind, LAST, (0,)) for kind in (Kind.PROBABILITY, Kind.TARGET, Kind.LOSS, Kind.DELTA, Kind.OUTCOME)),
    *(Number(kind, 2, (3, 5)) for kind in (Kind.GRADIENT, Kind.CHANGE, Kind.UPDATED)),
]


@pytest.mark.parametrize("number", ONE_OF_EACH, ids=str)
def test_every_result_has_all_lines_that_computed_it_and_their_shapes(hand: Hand, number: Number) -> None:
    if number.kind.is_matrix:
        hand.controllers.scheduler.change(matrix=number.kind)
        settle(hand.controllers)
    label = hand.page.findChild(QLabel, "sourceLinesLabel")
    before = label.geometry()
    hand.point_at(number)
    *source, shapes = label.text().splitlines()
    written = [line.partition("  ")[2].rstrip("…") for line in source]  # cut where there is no room
    right = [line.text for line in lines_of(number, LAST)]
    for line, whole in zip(written, right, strict=True):
        assert line == whole or (whole.startswith(line) and len(line) > 40)
    assert "(" in shapes
    assert not shapes.startswith("model/")
    assert label.geometry() == before
    for width in (746, 700, 458):
        hand.page.resize(width, 900)
        settle(hand.controllers)
        hand.point_at(number)
        assert not cut_off(hand.page)


def test_of_a_probability_the_softmax_is_shown(hand: Hand) -> None:
    hand.point_at(Number(Kind.PROBABILITY, LAST, (3,)))
    text = hand.find("sourceLinesLabel").text()
    assert "return exponentials / exponentials.sum(axis=-1, keepdims=True)\nk = 2: z[k] (10,)" in text


def test_of_the_pad_the_line_is_shown_that_made_its_image(hand: Hand) -> None:
    choose(hand, PAD)
    hand.controllers.drawing.start_stroke(QPointF(140, 40))
    hand.controllers.drawing.continue_stroke(QPointF(140, 240))
    hand.controllers.drawing.end_stroke()
    drawn = hand.scene.digit
    for act, file in (
        (lambda: None, "model/digit_image.py"),
        (lambda: hand.controllers.drawing.toggle_pixel(2, 2), None),
        (lambda: hand.controllers.drawing.show_digit(drawn), None),  # from anywhere
        (hand.controllers.drawing.show_test_digit, "model/dataset.py"),
    ):
        act()
        hand.controllers.drawing.choose_label(1)
        settle(hand.controllers)
        hand.point_at(Number(Kind.IMAGE, 0, (300,)))
        text = hand.find("sourceLinesLabel").text()
        assert text.startswith(f"{file}:") if file else text == ""


def test_below_stand_the_lines_that_computed_it(hand: Hand) -> None:
    hand.point_at(Number(Kind.DELTA, 2, (4,)))
    text = hand.find("sourceLinesLabel").text()
    assert re.search(r"^model/backpropagation\.py:\d+  delta = \(delta @ network\.weights\[k\]\.T\)", text)
    assert text.endswith("k = 2: delta (10,), network.weights[k] (32, 10), a[k] (32,)")


def turn_subject(hand: Hand, source: str) -> None:
    menu = hand.page.findChild(QPushButton, "subjectButton").menu()
    texts = {TRAINING: "Training digit by number", TEST: "Test digit by number", PAD: "Digit on the pad"}
    next(action for action in menu.actions() if action.text() == texts[source]).trigger()
    settle(hand.controllers)


def choose(hand: Hand, source: str, number: int = 1) -> None:
    turn_subject(hand, source)
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


def type_number(hand: Hand, text: str, slowly: bool = False) -> None:
    field = hand.find("subjectNumberSpinBox")
    field.selectAll()
    for key in text:
        QTest.keyClicks(field, key)
        if slowly:
            settle(hand.controllers)
    settle(hand.controllers)


@pytest.mark.parametrize("slowly", [False, True])
def test_a_number_that_there_is_not_is_marked_and_stays_as_it_was_typed(hand: Hand, slowly: bool) -> None:
    choose(hand, TEST, 3)
    field = hand.find("subjectNumberSpinBox")
    tip = field.toolTip()
    for typed in ("70000", "700", "0", "seven"):
        type_number(hand, typed, slowly)
        assert field.text() == typed
        assert field.property("wrong")
        assert field.toolTip() == f"The number of the digit must be a whole number from 1 to 500, not “{typed}”."
        assert hand.header.startswith("Test digit ")
    type_number(hand, "41", slowly)
    assert (field.text(), field.property("wrong"), field.toolTip()) == ("41", False, tip)
    assert hand.header.startswith("Test digit 41, ")


def test_each_half_of_the_dataset_keeps_its_number(hand: Hand) -> None:
    field = hand.find("subjectNumberSpinBox")
    choose(hand, TRAINING, 1800)
    choose(hand, TEST, 7)
    type_number(hand, "900")  # there are 500: the 90 on the way is the last that there is
    for source, number in ((TRAINING, "1800"), (TEST, "90"), (TRAINING, "1800")):
        turn_subject(hand, source)
        assert (field.text(), field.property("wrong")) == (number, False)
        assert hand.header.startswith(f"{source.capitalize()} digit {int(number):,}, ")


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


def has_ink(picture: QImage, columns: range, rows: range) -> bool:
    return any(picture.pixelColor(x, y).lightness() < 200 for y in rows for x in columns)


@pytest.mark.parametrize("has_drawing", [True, False])
def test_the_question_which_digit_it_is_stays_below_its_sentence(qtbot: QtBot, hand: Hand, has_drawing: bool) -> None:
    choose(hand, PAD)
    if has_drawing:
        hand.controllers.drawing.show_digit(np.full(784, 0.5))
        settle(hand.controllers)
    outcome, diagram = hand.find("lessonDigits").parentWidget().parentWidget(), hand.page.diagram
    for width, height, zoom in ((746, 578, 100), (458, 900, 100), (1385, 985, 100), (1385, 985, 200), (746, 578, 100)):
        hand.controllers.scheduler.change(zoom=zoom)
        hand.page.resize(width, height)
        settle(hand.controllers)
        assert diagram.rect().contains(outcome.geometry()), (width, height, zoom)
        picture = diagram.grab().toImage()
        top, right = (round(picture.devicePixelRatio() * n) for n in (outcome.y(), diagram.width()))
        assert has_ink(picture, range(0, right, 2), range(top)), "the sentence is above"
        qtbot.waitUntil(lambda: not cut_off(outcome))
        for digit in range(10):
            button = hand.find(f"lesson{digit}Button")
            assert diagram.rect().contains(button.rect().translated(button.mapTo(diagram, QPoint())))
    assert hand.sentence.startswith(
        "Say below which digit" if has_drawing else "Draw a digit at the right, and say below"
    )


def test_with_nothing_to_learn_from_it_says_what_to_do(hand: Hand) -> None:
    choose(hand, PAD)
    empty = hand.page.diagram.grab().toImage()
    assert not hand.find("applyUpdateButton").isEnabled()
    assert not hand.find("gradientCheckButton").isEnabled()
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


def test_without_an_update_there_is_no_curve(qtbot: QtBot, hand: Hand) -> None:
    hand.press("gradientCheckButton")
    plot = hand.find("differencePlot")
    qtbot.waitUntil(lambda: len(plot.errors) > 0)
    choose(hand, PAD)
    assert len(plot.errors) == 0
    assert not plot.getPlotItem().titleLabel.isVisible()
    for name in ("gradientCheckButton", "checkAllButton"):
        assert not hand.find(name).isEnabled()


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


def test_an_update_that_is_no_longer_shown_is_forgotten(hand: Hand) -> None:
    frames = [Frame(Progress(seen, 1), Network.initialize(seed=seen)) for seen in range(4)]
    hand.controllers.runs.add(History(TrainingConfig(), 2000).with_frames(frames))
    hand.click_on(Number(Kind.DELTA, 2, (4,)))
    hand.press("gradientCheckButton")
    hand.press("explainButton")
    seen = []
    for moment in range(4):
        hand.controllers.playhead.go_to(moment)
        settle(hand.controllers)
        update, *_ = hand.page.diagram.examined
        seen.append(weakref.ref(update))
    del update
    gc.collect()
    assert [each() is not None for each in seen] == [False, False, False, True]


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
    assert hand.page.findChild(QLabel, "otherNetworkLabel").text() == "Beside it another: same digit, other network."
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
    assert hand.scene.neuron is None
    QTest.mouseClick(hand.page.diagram, LEFT, pos=hand.place(Number(Kind.DELTA, 1, (3,)), is_other=True))
    settle(hand.controllers)
    assert hand.scene.neuron is None  # it is none of the network that is shown
    hand.leave()
    assert hand.explanation[0].startswith("Other network: Error of layer 1, neuron 4")
    hand.controllers.playhead.go_to(2)
    settle(hand.controllers)  # it has no such moment: the nearest is another
    assert hand.page.findChild(QLabel, "otherNetworkLabel").text().endswith("other network. It is at sample 3.")
    hand.press("otherNetworkButton")
    assert hand.page.diagram.place_of(Number(Kind.DELTA, 1, (3,)), is_other=True).isEmpty()


@pytest.mark.parametrize(
    ("own", "other", "missing"),
    [
        ((32,), (64, 16, 8), "δ₂, δ₃, ∂L/∂W₃, ∂L/∂W₄"),
        ((), (32, 32), "δ₁, δ₂, ∂L/∂W₂, ∂L/∂W₃"),
        ((32, 32), (), ""),
        ((32, 32), (8,), ""),
    ],
)
def test_a_compared_network_of_another_depth_is_called_by_its_own_layers(
    hand: Hand, own: tuple[int, ...], other: tuple[int, ...], missing: str
) -> None:
    for hidden in (other, own):
        sizes = layer_sizes_around(hidden)
        run = History(TrainingConfig(layer_sizes=sizes), 2000).with_frames(
            [Frame(Progress(), Network.initialize(sizes))]
        )
        hand.controllers.runs.add(run.renamed(str(hidden)))
    hand.controllers.runs.compare(hand.scene.runs.all[0])
    hand.controllers.scheduler.change(shows_other_network=True, neuron=(1, 5))
    settle(hand.controllers)
    text = hand.page.findChild(QLabel, "otherNetworkLabel").text()
    assert text.startswith(f"Beside it {other}: same digit, other network.")
    assert text.partition("Not shown, for want of such a layer here: ")[2] == (f"{missing}." if missing else "")
    last = len(other) + 1
    name = hand.point_at(Number(Kind.GRADIENT, 1, (300, 5)), is_other=True)[0]
    assert name.endswith("to answer 5" if last == 1 else "to layer 1, neuron 6")
    error = hand.point_at(Number(Kind.DELTA, last, (3,)), is_other=True)
    assert error[0].startswith("Other network: Error of answer 3, ")
    titles = [title for title in tooltips(hand) if title.startswith("other ")]
    whose = "answer 5" if last == 1 else "neuron 6"
    assert f"other ∂L/∂W₁ = xᵀ·δ₁, {whose}" in titles
    assert f"other δ{'₀₁₂₃₄'[last]} = p − y" in titles


def tooltips(hand: Hand) -> set[str]:
    """What the blocks of the picture are called."""
    found, diagram = set(), hand.page.diagram
    for x in range(0, diagram.width(), 12):
        for y in range(0, diagram.height(), 6):
            QApplication.sendEvent(diagram, QHelpEvent(QEvent.Type.ToolTip, QPoint(x, y), QPoint(x, y)))
            found.add(html.unescape(re.sub(r"<[^>]+>", "", QToolTip.text())).split("\n")[0])
    return found


def test_after_a_lesson_every_number_on_the_page_is_of_the_moment_after_it(in_a_run: Hand) -> None:
    hand, run = in_a_run, in_a_run.scene.shown
    choose(hand, TEST, 7)
    hand.press("applyUpdateButton")
    network, subject = hand.scene.network, hand.scene.subject
    expected = apply_updates(network, subject.image, subject.label, 0.1).predict(subject.image)
    written = value_written([hand.point_at(Number(Kind.OUTCOME, LAST, (4,)))[-1].split("   (")[0]])
    assert written == pytest.approx(expected[4], rel=5e-4)
    hand.leave()
    diagram = hand.page.diagram
    numbers = diagram.rect().adjusted(
        0, 0, 0, diagram.outcome_place.top() - diagram.height()
    )  # and what is beside them
    picture = diagram.grab(numbers).toImage()
    tip = hand.find("lessonLabel").toolTip()
    before = run.latest.network.predict(subject.image)
    for digit, (one, other) in enumerate(zip(before, network.predict(subject.image), strict=True)):
        assert f"p[{digit}] {100 * one:.1f} % → {100 * other:.1f} %" in tip
    hand.controllers.scheduler.change(lessons=())
    settle(hand.controllers)
    assert diagram.grab(numbers).toImage() == picture
    hand.press("teachOftenButton")
    hand.controllers.runs.compare(run)  # and so beside another network
    hand.press("otherNetworkButton")
    assert hand.scene.lesson is not None
    diagram.grab()


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


def test_nothing_is_cut_off_after_a_lesson_for_the_digit_on_the_pad(
    qtbot: QtBot, after_a_run: MainWindow, find: Find
) -> None:
    window = after_a_run
    turn_to(window, "One update")
    window.controllers.scheduler.change(subject_source=PAD)
    window.controllers.drawing.choose_label(1)
    settle(window)
    click(find("teachOftenButton"))
    window.controllers.runs.compare(window.controllers.scheduler.scene.runs.all[0])
    window.controllers.scheduler.change(shows_other_network=True)
    await_accuracy(qtbot, window)
    assert_everything_has_its_room(qtbot, window)
    page = find("oneUpdatePage")
    outcome = find("lessonLabel").parentWidget()
    for width, height, zoom in ((1024, 768, 100), (1366, 768, 125), (1280, 720, 100), (1920, 1080, 100)):
        window.controllers.scheduler.change(zoom=zoom)
        window.resize(width, height)
        settle(window)
        qtbot.waitUntil(lambda: outcome.height() >= outcome.layout().heightForWidth(outcome.width()))
        (moment,) = (each for each in page.findChildren(ElidedLabel) if "η = " in each.text() and each.isVisible())
        qtbot.waitUntil(lambda moment=moment: moment.toolTip() == "")  # all of it is there
        assert moment.text().endswith("η = 0.1")


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
