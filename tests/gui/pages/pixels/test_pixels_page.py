"""The page by itself with a seven on the pad, and in the window."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from gui.controllers import Controllers
from gui.flow.strokes import SHEET, as_drawn, redrawn
from gui.main_window import MainWindow
from gui.pages.pixels.evidence_map import EvidenceMap
from gui.pages.pixels.firing_neurons import FiringNeurons
from gui.pages.pixels.pixels_page import PixelsPage
from gui.theme import DARK, LIGHT
from gui.widgets.digit_picture import DigitPicture
from model.digit_image import PreprocessingOptions, center_digit
from model.history import Frame
from model.network import Network
from model.training import Progress
from tests.gui.conftest import Find, assert_everything_has_its_room, click, draw_seven, settle, show_view, turn_to

LEFT = Qt.MouseButton.LeftButton
SEVEN = [(0.28, 0.2), (0.5, 0.2), (0.72, 0.2), (0.65, 0.4), (0.56, 0.6), (0.45, 0.85)]


@pytest.fixture
def page(qtbot: QtBot, controllers: Controllers, trained: Network) -> PixelsPage:
    """With a network that knows a seven, and a seven on the pad."""
    show_network(controllers, trained)
    draw(controllers, SEVEN)
    page = PixelsPage(controllers)
    show_view(qtbot, controllers, page, 746, 555)
    return page


@pytest.fixture
def evidence_map(page: PixelsPage) -> EvidenceMap:
    return page.findChild(EvidenceMap)


@pytest.fixture
def neurons(page: PixelsPage) -> FiringNeurons:
    return page.findChild(FiringNeurons)


def show_network(controllers: Controllers, network: Network) -> None:
    controllers.runs.show_detached(Frame(Progress(), network), "another")
    settle(controllers)


def draw(controllers: Controllers, points: list[tuple[float, float]]) -> None:
    first, *others = [QPointF(x, y) * SHEET for x, y in points]
    controllers.drawing.start_stroke(first)
    for point in others:
        controllers.drawing.continue_stroke(point)
    controllers.drawing.end_stroke()
    settle(controllers)


def answer_to(network: Network, digit: np.ndarray) -> str:
    probabilities = network.predict(digit.reshape(1, 784))[0]
    rounded = f"{100 * probabilities.max():.0f}"
    return f"{probabilities.argmax()}  ·  {'> 99' if rounded == '100' else rounded} %"


def switch_off(page: PixelsPage, *names: str) -> None:
    for name in names:
        switch = page.findChild(QCheckBox, f"{name}Switch")
        QTest.mouseClick(switch, LEFT, pos=QPoint(8, switch.height() // 2))
        assert not switch.isChecked()


def text_of(page: PixelsPage, name: str) -> str:
    return page.findChild(QLabel, name).text()


def expected_evidence(network: Network, image: np.ndarray, digit: int) -> np.ndarray:
    """Each pixel times ∂logit/∂pixel, (28, 28), by central differences in double precision."""
    double = Network([w.astype(float) for w in network.weights], [b.astype(float) for b in network.biases])

    def logit(images: np.ndarray) -> np.ndarray:
        return double.forward(images)[-2] @ double.weights[-1][:, digit]

    steps = 1e-5 * np.eye(784)
    pixels = image.reshape(784).astype(float)
    return (pixels * (logit(pixels + steps) - logit(pixels - steps)) / 2e-5).reshape(28, 28)


def score_of(network: Network, image: np.ndarray, digit: int) -> float:
    """The logit of a digit, in double precision from the last hidden layer on."""
    hidden = network.forward(image.reshape(784))[-2].astype(float)
    return float(hidden @ network.weights[-1][:, digit].astype(float) + network.biases[-1][digit])


def assert_inked(picture: DigitPicture, digit: np.ndarray) -> None:
    """Each pixel's middle has the colour of its ink."""
    shown, side = picture.grab().toImage(), (picture.width() - 2) / 28
    paper, ink = (np.array(QColor(name).getRgb()[:3], float) for name in (LIGHT.paper, LIGHT.text))
    for row, column in np.ndindex(28, 28):
        color = shown.pixelColor(int(1 + (column + 0.5) * side), int(1 + (row + 0.5) * side)).getRgb()[:3]
        np.testing.assert_allclose(color, paper + digit[row, column] * (ink - paper), atol=1)


def is_framed(neurons: FiringNeurons, neuron: int) -> bool:
    picture, corner = neurons.grab().toImage(), neurons.picture_of(neuron).topLeft().toPoint()
    return QColor(LIGHT.accent) in [picture.pixelColor(corner + QPoint(6, k)) for k in (-2, -1, 0)]


def test_each_step_has_its_picture_and_its_answer(page: PixelsPage, controllers: Controllers, trained: Network) -> None:
    scene = controllers.scheduler.scene
    ink = as_drawn(scene.drawing.strokes)
    steps = ((False, False, False), (True, False, False), (True, True, False), (True, True, True))
    digits = [*(center_digit(ink, PreprocessingOptions(*each)) for each in steps), scene.digit]
    assert page.steps.answers == [answer_to(trained, digit) for digit in digits]
    assert page.steps.answers[-1].startswith("7")
    pictures = page.steps.findChildren(DigitPicture)
    for shown, picture, digit in zip(page.steps.digits, pictures, digits, strict=True):
        assert np.array_equal(shown, digit)
        assert_inked(picture, digit)


@pytest.mark.parametrize(
    ("off", "is_redrawn", "options"),
    [
        (["scale"], True, PreprocessingOptions(scale=False)),
        (["crop"], False, PreprocessingOptions(crop=False)),
        (["pen"], False, PreprocessingOptions()),
        (["center", "scale"], True, PreprocessingOptions(scale=False, center=False)),
    ],
)
def test_steps_can_be_switched_off(
    page: PixelsPage,
    controllers: Controllers,
    trained: Network,
    off: list[str],
    is_redrawn: bool,
    options: PreprocessingOptions,
) -> None:
    scene, first = controllers.scheduler.scene, page.steps.answers[0]
    switch_off(page, *off)
    strokes = scene.drawing.strokes
    digit = center_digit(redrawn(strokes) if is_redrawn else as_drawn(strokes), options)
    assert np.array_equal(page.steps.digits[-1], digit)
    assert page.steps.answers[-1] == answer_to(trained, digit)
    assert page.steps.answers[0] == first
    assert controllers.scheduler.scene is scene  # what the network receives is as it was


def test_strokes_and_the_network_are_followed(page: PixelsPage, controllers: Controllers, trained: Network) -> None:
    before = page.steps.answers
    draw(controllers, [(0.2, 0.9), (0.8, 0.9)])
    assert page.steps.answers != before
    assert np.array_equal(page.steps.digits[-1], controllers.scheduler.scene.digit)
    other = Network.initialize(seed=3)
    show_network(controllers, other)
    assert page.steps.answers == [answer_to(other, digit) for digit in page.steps.digits]


def test_a_digit_that_was_not_drawn_has_no_steps(page: PixelsPage, controllers: Controllers) -> None:
    controllers.drawing.show_digit(np.eye(28))
    settle(controllers)
    assert page.steps.answers == [""] * 5
    assert any("not drawn" in label.text() for label in page.steps.findChildren(QLabel))
    controllers.drawing.undo()
    settle(controllers)
    assert page.steps.answers[-1].startswith("7")
    assert not any("not drawn" in label.text() for label in page.steps.findChildren(QLabel))


def test_an_empty_pad_says_what_to_do(page: PixelsPage, controllers: Controllers, neurons: FiringNeurons) -> None:
    controllers.drawing.clear()
    settle(controllers)
    assert page.steps.answers == [""] * 5
    assert text_of(page, "evidenceReadingLabel").startswith("Draw a digit")
    assert text_of(page, "evidenceScoreLabel") == ""
    assert len(neurons.neurons) == 0
    picture = neurons.grab().toImage()
    colors = {picture.pixelColor(x, y).name() for x in range(picture.width()) for y in range(picture.height())}
    assert LIGHT.secondary_text in colors  # a sentence


def test_the_evidence_is_that_of_the_answer_or_of_the_digit_that_was_chosen(
    page: PixelsPage, controllers: Controllers, evidence_map: EvidenceMap, trained: Network
) -> None:
    for name, digit, neuron in (("7", 7, (3, 7)), ("3", 3, (3, 3)), ("Answer", 7, None)):
        click(page.findChild(QPushButton, f"evidence{name}Button"))
        settle(controllers)
        assert controllers.scheduler.scene.neuron == neuron
        expected = expected_evidence(trained, controllers.scheduler.scene.digit, digit)
        np.testing.assert_allclose(evidence_map.evidence, expected, atol=2e-4)
        score = score_of(trained, controllers.scheduler.scene.digit, digit)
        assert text_of(page, "evidenceScoreLabel").replace("−", "-") == f"Score of a {digit}: {score:+.2f}"
    assert "does not add up" in text_of(page, "evidenceMethodLabel")


def test_the_selected_neuron_of_the_last_layer_is_the_digit_that_is_chosen(
    page: PixelsPage, controllers: Controllers
) -> None:
    controllers.scheduler.change(neuron=(3, 4))
    settle(controllers)
    assert page.findChild(QPushButton, "evidence4Button").isChecked()
    assert text_of(page, "evidenceScoreLabel").startswith("Score of a 4:")
    controllers.scheduler.change(neuron=(1, 4))
    settle(controllers)
    assert page.findChild(QPushButton, "evidenceAnswerButton").isChecked()
    assert text_of(page, "evidenceScoreLabel").startswith("Score of a 7:")
    click(page.findChild(QPushButton, "evidenceAnswerButton"))
    assert controllers.scheduler.scene.neuron == (1, 4)  # which is none of the answers


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_the_strongest_evidence_has_the_strongest_colour(
    controllers: Controllers, evidence_map: EvidenceMap, theme: object
) -> None:
    controllers.appearance.choose_theme(theme.name)
    settle(controllers)
    shares = evidence_map.evidence
    row, column = np.unravel_index(np.abs(shares).argmax(), shares.shape)
    color = evidence_map.grab().toImage().pixelColor(evidence_map.place_of(int(row), int(column)).center().toPoint())
    assert color == QColor(theme.positive[-1] if shares[row, column] > 0 else theme.negative[0])


def test_ink_is_outlined(controllers: Controllers, evidence_map: EvidenceMap) -> None:
    digit = np.zeros((28, 28))
    digit[10, 12] = 1
    controllers.drawing.show_digit(digit)
    settle(controllers)
    picture, inked, paper = evidence_map.grab().toImage(), evidence_map.place_of(10, 12), evidence_map.place_of(20, 12)
    for place, outlined in ((inked, True), (paper, False)):
        for edge in (QPointF(0, place.height() / 2), QPointF(place.width() / 2, 0)):
            for side in (-edge, edge):
                around = (place.center() + side).toPoint()
                near = [picture.pixelColor(around + QPoint(x, y)) for x in (-1, 0, 1) for y in (-1, 0, 1)]
                assert (QColor(LIGHT.secondary_text) in near) == outlined


def test_a_click_inks_or_erases_a_pixel_and_a_second_one_brings_it_back(
    page: PixelsPage, controllers: Controllers, evidence_map: EvidenceMap
) -> None:
    before, place = controllers.scheduler.scene.digit, evidence_map.place_of(3, 4).center().toPoint()
    controllers.drawing.choose_label(7)
    QTest.mouseClick(evidence_map, LEFT, pos=place)
    settle(controllers)
    scene = controllers.scheduler.scene
    assert [tuple(pixel) for pixel in np.argwhere(before != scene.digit).tolist()] == [(3, 4)]
    assert (scene.digit[3, 4], scene.label) == (1, 7)
    push = expected_evidence(scene.network, scene.digit, 7)[3, 4]
    reading = text_of(page, "evidenceReadingLabel").replace("−", "-")
    assert reading.startswith("row 4, column 5: ink 1.00, push ")
    assert float(reading.rsplit(" ", 1)[1]) == pytest.approx(push, abs=1e-3)
    QTest.mouseClick(evidence_map, LEFT, pos=place)
    assert controllers.scheduler.scene.digit[3, 4] == 0
    controllers.drawing.undo()
    controllers.drawing.undo()
    assert controllers.scheduler.scene.digit is before


@pytest.mark.parametrize(("grey", "other"), [(0.0, 1), (0.3, 1), (0.7, 0), (1.0, 0)])
def test_whatever_shade_a_pixel_had_comes_back(
    controllers: Controllers, evidence_map: EvidenceMap, grey: float, other: int
) -> None:
    digit = np.full((28, 28), grey, np.float32)
    controllers.drawing.show_digit(digit)
    settle(controllers)
    for expected in (other, np.float32(grey), other):
        QTest.mouseClick(evidence_map, LEFT, pos=evidence_map.place_of(3, 4).center().toPoint())
        QTest.mouseClick(evidence_map, LEFT, pos=evidence_map.place_of(20, 4).center().toPoint())
        edited = controllers.scheduler.scene.digit
        assert (edited[3, 4], edited[20, 4]) == (expected, expected)
        assert np.count_nonzero(edited != digit) == (0 if expected == np.float32(grey) else 2)


def test_without_the_crop_the_pen_has_nothing_to_say(page: PixelsPage) -> None:
    pen = page.findChild(QCheckBox, "penSwitch")
    assert pen.isEnabled()
    assert "needs Crop" in pen.toolTip()
    switch_off(page, "crop")
    assert not pen.isEnabled()


def test_the_keys_do_what_the_mouse_does(page: PixelsPage, controllers: Controllers, evidence_map: EvidenceMap) -> None:
    evidence_map.setFocus()
    for key in (Qt.Key.Key_Up, Qt.Key.Key_Left, Qt.Key.Key_Left, Qt.Key.Key_Down, Qt.Key.Key_Right):
        QTest.keyClick(evidence_map, key)
    assert evidence_map.pixel == (14, 13)
    before = controllers.scheduler.scene.digit
    assert text_of(page, "evidenceReadingLabel").startswith(f"row 15, column 14: ink {before[14, 13]:.2f}, push ")
    QTest.keyClick(evidence_map, Qt.Key.Key_Space)
    assert controllers.scheduler.scene.digit[14, 13] == (0 if before[14, 13] >= 0.5 else 1)
    for _ in range(30):
        QTest.keyClick(evidence_map, Qt.Key.Key_Up)
    assert evidence_map.pixel == (0, 13)
    evidence_map.clearFocus()
    assert text_of(page, "evidenceReadingLabel").startswith("Point at a pixel")


def test_neurons_are_sorted_by_how_strongly_they_fire(
    controllers: Controllers, neurons: FiringNeurons, trained: Network
) -> None:
    for network in (trained, Network.initialize(seed=3)):
        show_network(controllers, network)
        first_layer = network.forward(controllers.scheduler.scene.digit.reshape(784))[0]
        assert (np.diff(neurons.activations) <= 0).all()
        assert np.array_equal(first_layer[neurons.neurons], neurons.activations)


def test_neurons_are_shown_with_their_weights(
    page: PixelsPage, controllers: Controllers, neurons: FiringNeurons
) -> None:
    """The strongest weight has the strongest colour, whatever was shown before."""
    page.resize(1800, 1200)
    for seed in (3, 4):
        network = Network.initialize((784, 4, 10), seed=seed)
        show_network(controllers, network)
        pixel, neuron = np.unravel_index(np.abs(network.weights[0]).argmax(), (784, 4))
        row, column = divmod(int(pixel), 28)
        for theme in (LIGHT, DARK):
            controllers.appearance.choose_theme(theme.name)
            settle(controllers)
            place = neurons.picture_of(int(neuron))
            at = place.topLeft() + QPointF(column + 0.5, row + 0.5) * place.width() / 28
            color = neurons.grab().toImage().pixelColor(at.toPoint())
            assert color == QColor(theme.positive[-1] if network.weights[0][pixel, neuron] > 0 else theme.negative[0])


def test_a_click_or_a_key_selects_a_neuron(controllers: Controllers, neurons: FiringNeurons) -> None:
    first, second, third = neurons.neurons[:3].tolist()
    QTest.mouseClick(neurons, LEFT, pos=neurons.picture_of(second).center().toPoint())
    settle(controllers)
    assert controllers.scheduler.scene.neuron == (1, second)
    assert [is_framed(neurons, neuron) for neuron in (first, second, third)] == [False, True, False]
    for key, neuron in ((Qt.Key.Key_Up, first), (Qt.Key.Key_Up, first), (Qt.Key.Key_Down, second)):
        QTest.keyClick(neurons, key)
        settle(controllers)
        assert controllers.scheduler.scene.neuron == (1, neuron)
    QTest.keyClick(neurons, Qt.Key.Key_Right)
    right = controllers.scheduler.scene.neuron[1]
    assert neurons.picture_of(right).left() > neurons.picture_of(second).right()
    assert neurons.picture_of(right).top() == pytest.approx(neurons.picture_of(second).top())
    controllers.scheduler.change(neuron=(2, first))  # of another layer
    settle(controllers)
    assert not any(is_framed(neurons, neuron) for neuron in neurons.neurons.tolist())


def test_of_a_wide_layer_the_strongest_that_fit_are_shown(controllers: Controllers, neurons: FiringNeurons) -> None:
    assert len(neurons.shown) == 32
    show_network(controllers, Network.initialize((784, 300, 10)))
    assert neurons.shown == neurons.neurons[: len(neurons.shown)].tolist()
    assert 20 < len(neurons.shown) < 300
    assert neurons.picture_of(neurons.shown[0]).height() >= 20
    last = neurons.shown[-1]
    assert neurons.rect().contains(neurons.picture_of(last).toAlignedRect())
    QTest.mouseClick(neurons, LEFT, pos=neurons.picture_of(last).center().toPoint())
    settle(controllers)
    assert is_framed(neurons, last)


def test_a_selected_neuron_that_the_network_lacks_is_nowhere(
    page: PixelsPage, controllers: Controllers, neurons: FiringNeurons
) -> None:
    controllers.scheduler.change(neuron=(1, 31))
    show_network(controllers, Network.initialize((784, 16, 10)))
    assert not any(is_framed(neurons, neuron) for neuron in range(16))
    QTest.keyClick(neurons, Qt.Key.Key_Down)
    assert controllers.scheduler.scene.neuron == (1, neurons.neurons[0])
    controllers.scheduler.change(neuron=(2, 12))
    settle(controllers)
    assert page.findChild(QPushButton, "evidenceAnswerButton").isChecked()


def test_of_a_network_with_one_layer_its_neurons_are_the_answers(
    page: PixelsPage, controllers: Controllers, neurons: FiringNeurons
) -> None:
    show_network(controllers, Network.initialize((784, 10)))
    click(page.findChild(QPushButton, "evidence6Button"))
    settle(controllers)
    assert controllers.scheduler.scene.neuron == (1, 6)
    assert is_framed(neurons, 6)


def test_a_hidden_page_costs_nothing_and_is_shown_whole(window: MainWindow, find: Find) -> None:
    draw_seven(find("drawingPad"))
    assert window.findChild(QWidget, "evidenceMap") is None
    turn_to(window, "Pixels")
    before = find("evidenceMap").evidence
    turn_to(window, "Training")
    window.controllers.drawing.show_digit(np.eye(28))
    settle(window)
    assert find("evidenceMap").evidence is before
    turn_to(window, "Pixels")
    assert np.count_nonzero(find("evidenceMap").evidence) <= 28


def test_everything_has_its_room(qtbot: QtBot, window: MainWindow, find: Find) -> None:
    draw_seven(find("drawingPad"))
    turn_to(window, "Pixels")
    assert_everything_has_its_room(qtbot, window)
