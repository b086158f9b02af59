"""The page by itself with a seven on the pad, and in the window."""

import re
from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gui.controllers import Controllers
from gui.main_window import MainWindow
from gui.pages.whole_path.network_diagram import NetworkDiagram
from gui.pages.whole_path.neuron_sum import NeuronSum
from gui.pages.whole_path.path_page import PathPage
from gui.theme import DARK, LIGHT, Theme
from gui.widgets.numbers import probability
from gui.widgets.probability_bars import ProbabilityBars
from model.history import Frame
from model.network import Network
from model.training import Progress
from tests.gui.conftest import Find, assert_everything_has_its_room, draw_seven, settle, show_view, turn_to

LEFT = Qt.MouseButton.LeftButton
TERM = re.compile(r"\+ ([\d.]+) × ([+−][\d.]+) \((.*?)\)")


@pytest.fixture
def page(qtbot: QtBot, controllers: Controllers, trained: Network, mnist) -> PathPage:
    """With a network that knows a seven, and a seven on the pad."""
    show_network(controllers, trained)
    seven = next(image for image, label in zip(mnist.test_images, mnist.test_labels, strict=True) if label == 7)
    controllers.drawing.show_digit(seven)
    page = PathPage(controllers)
    show_view(qtbot, controllers, page, 746, 555)
    return page


@pytest.fixture
def diagram(page: PathPage) -> NetworkDiagram:
    return page.diagram


@pytest.fixture
def sum_label(page: PathPage) -> NeuronSum:
    return page.findChild(NeuronSum, "neuronSumLabel")


def show_network(controllers: Controllers, network: Network) -> None:
    controllers.runs.show_detached(Frame(Progress(), network), "another")
    settle(controllers)


def select(controllers: Controllers, neuron: tuple[int, int] | None) -> None:
    controllers.scheduler.change(neuron=neuron)
    settle(controllers)


def move_to(diagram: NetworkDiagram, place: QPoint) -> None:
    """Move the mouse in the window of the diagram, whichever window is in front."""
    QTest.mouseMove(diagram.window().windowHandle(), diagram.mapTo(diagram.window(), place))


def point_at(diagram: NetworkDiagram, layer: int, neuron: int) -> None:
    move_to(diagram, diagram.place_of(layer, neuron).toPoint())


def click_on(controllers: Controllers, diagram: NetworkDiagram, place: QPointF | QPoint) -> None:
    QTest.mouseClick(diagram, LEFT, pos=place if isinstance(place, QPoint) else place.toPoint())
    settle(controllers)


def text_of(label: NeuronSum) -> str:
    return label.text().replace("\N{NO-BREAK SPACE}", " ")


def number(text: str) -> float:
    return float(text.replace("−", "-"))


def image_of(controllers: Controllers) -> np.ndarray:
    return controllers.scheduler.scene.digit


def activations_of(network: Network, image: np.ndarray) -> list[np.ndarray]:
    """Of the image and of each layer, in double precision."""
    found = [image.reshape(784).astype(float)]
    for weights, bias in zip(network.weights, network.biases, strict=True):
        found.append(1 / (1 + np.exp(-(found[-1] @ weights.astype(float) + bias))))
    logits = found[-2] @ network.weights[-1].astype(float) + network.biases[-1]
    return [*found[:-1], np.exp(logits) / np.exp(logits).sum()]


def mixed(start: str, end: str, share: float) -> np.ndarray:
    colors = [np.array(QColor(name).getRgb()[:3]) for name in (start, end)]
    return colors[0] + share * (colors[1] - colors[0])


def color_at(picture: QImage, place: QPointF) -> tuple[int, ...]:
    return picture.pixelColor(place.toPoint()).getRgb()[:3]


def has_ring(diagram: NetworkDiagram, layer: int, neuron: int) -> bool:
    """Somewhere between its middle and the next neuron."""
    picture, place = diagram.grab().toImage(), diagram.place_of(layer, neuron)
    reach = round(abs(diagram.place_of(layer, neuron + 1).y() - place.y()))
    return QColor(LIGHT.accent) in [picture.pixelColor(place.toPoint() + QPoint(0, k)) for k in range(reach)]


@pytest.mark.parametrize(("layer", "neuron"), [(1, 12), (1, 31), (2, 5), (3, 7), (3, 0)])
def test_the_sum_of_the_neuron_under_the_pointer_is_written_out(
    page: PathPage,
    controllers: Controllers,
    diagram: NetworkDiagram,
    sum_label: NeuronSum,
    trained: Network,
    layer: int,
    neuron: int,
) -> None:
    page.resize(1100, 555)
    point_at(diagram, layer, neuron)
    text, activations = text_of(sum_label), activations_of(trained, image_of(controllers))
    weights, bias = trained.weights[layer - 1][:, neuron].astype(float), float(trained.biases[layer - 1][neuron])
    products = activations[layer - 1] * weights
    strongest = np.argsort(-np.abs(products), kind="stable")
    terms = TERM.findall(text)
    assert len(terms) >= 3
    for (activation, weight, origin), source in zip(terms, strongest, strict=False):
        assert number(activation) == pytest.approx(activations[layer - 1][source], abs=6e-4)
        assert number(weight) == pytest.approx(weights[source], abs=6e-4)
        assert origin == (f"row {source // 28 + 1}, column {source % 28 + 1}" if layer == 1 else f"neuron {source + 1}")
    count, more = re.search(r"\+ (\d+) more: ([+−][\d.]+)", text).groups()
    assert int(count) == len(weights) - len(terms)
    assert number(more) == pytest.approx(products[strongest[len(terms) :]].sum(), abs=6e-4)
    beginnings = ("bias", "= logit" if layer == 3 else "=")
    written_bias, total = (number(re.search(rf"{each} ([+−][\d.]+)", text)[1]) for each in beginnings)
    assert (written_bias, total) == (pytest.approx(bias, abs=6e-4), pytest.approx(bias + products.sum(), abs=6e-4))
    added_up = written_bias + sum(number(a) * number(w) for a, w, _ in terms) + number(more)
    assert added_up == pytest.approx(total, abs=2e-3 * (2 + len(terms)))
    result = activations[layer][neuron]
    if layer == 3:
        assert text.startswith(f"Answer {neuron}:")
        assert text.endswith(f"→ softmax → {probability(result)}")
    else:
        assert text.startswith(f"Layer {layer}, neuron {neuron + 1}:")
        assert text.endswith(f"→ sigmoid → {result:.3f}")


def test_every_sum_fits_into_its_lines_and_a_wider_page_has_room_for_more_terms(
    page: PathPage, controllers: Controllers, sum_label: NeuronSum
) -> None:
    terms = []
    for width in (490, 746, 1400):
        page.resize(width, 555)
        QApplication.processEvents()
        terms.append(0)
        for layer, size in enumerate((32, 32, 10), start=1):
            for neuron in range(size):
                select(controllers, (layer, neuron))
                room, metrics = sum_label.rect(), sum_label.fontMetrics()
                assert room.contains(metrics.boundingRect(room, Qt.TextFlag.TextWordWrap, sum_label.text()))
                assert "→" in sum_label.text()
                terms[-1] += len(TERM.findall(text_of(sum_label)))
    assert all(fewer < more for fewer, more in pairwise(terms))


def test_neurons_are_as_dark_as_they_are_active_and_the_strongest_connections_lie_on_top(
    controllers: Controllers, diagram: NetworkDiagram, trained: Network
) -> None:
    activations = activations_of(trained, image_of(controllers))
    for theme in (LIGHT, DARK):
        controllers.appearance.choose_theme(theme.name)
        settle(controllers)
        assert_painted(diagram.grab().toImage(), diagram, activations, trained, theme)


def assert_painted(
    picture: QImage, diagram: NetworkDiagram, activations: list[np.ndarray], network: Network, theme: Theme
) -> None:
    for layer in (1, 2, 3):
        for neuron, activation in enumerate(activations[layer]):
            expected = mixed(theme.card, theme.text, activation)
            np.testing.assert_allclose(color_at(picture, diagram.place_of(layer, neuron)), expected, atol=1)
    for layer in (2, 3):
        products = activations[layer - 1][:, None] * network.weights[layer - 1]
        source, target = np.unravel_index(np.abs(products).argmax(), products.shape)
        middle = (diagram.place_of(layer - 1, int(source)) + diagram.place_of(layer, int(target))) / 2
        expected = mixed(theme.card, theme.positive[-1] if products[source, target] > 0 else theme.negative[0], 0.75)
        np.testing.assert_allclose(color_at(picture, middle), expected, atol=1)


def test_all_that_a_neuron_adds_up_is_drawn(
    controllers: Controllers, diagram: NetworkDiagram, trained: Network
) -> None:
    point_at(diagram, 3, 7)
    (incoming,) = diagram.connections
    products = activations_of(trained, image_of(controllers))[2] * trained.weights[2][:, 7]
    assert (incoming.into, incoming.sources.tolist()) == (3, np.argsort(np.abs(products), kind="stable").tolist())
    assert set(incoming.targets.tolist()) == {7}


def test_lines_are_as_wide_as_they_count(controllers: Controllers, diagram: NetworkDiagram) -> None:
    """Two connections: 4 comes over the one and −4 σ(4) over the other, of five pixels for the most that comes."""
    network = Network([np.zeros(shape, np.float32) for shape in ((784, 32), (32, 32), (32, 10))], [])
    network.biases = [np.zeros(size, np.float32) for size in (32, 32, 10)]
    network.weights[1][5, 9], network.weights[2][9, 7] = 8, -2
    show_network(controllers, network)
    picture = diagram.grab().toImage()
    strongest, weaker = (
        ((2, 5, 9), LIGHT.positive[-1], 5.0),
        ((3, 9, 7), LIGHT.negative[0], 5 * 2 / (1 + np.exp(-4)) / 4),
    )
    for (into, source, target), color, width in (strongest, weaker):
        start, end = diagram.place_of(into - 1, source), diagram.place_of(into, target)
        middle, along = (start + end) / 2, (end - start) / np.hypot(*(end - start).toTuple())
        ink = np.array([color_at(picture, middle + QPointF(0, k)) for k in range(-12, 13)], float)
        full = mixed(LIGHT.card, color, 0.75) - ink[0]
        shares = (ink - ink[0]) @ full / (full @ full)
        assert shares.sum() * along.x() == pytest.approx(width, abs=0.4)


def test_a_neuron_in_the_middle_is_drawn_with_where_it_leads_and_a_pixel_too(
    controllers: Controllers, diagram: NetworkDiagram, sum_label: NeuronSum
) -> None:
    point_at(diagram, 2, 5)
    incoming, outgoing = diagram.connections
    assert (incoming.into, set(incoming.targets.tolist())) == (2, {5})
    assert (outgoing.into, set(outgoing.sources.tolist()), len(outgoing.targets)) == (3, {5}, 10)
    assert outgoing.strength < incoming.strength
    pixel = int(image_of(controllers).argmax())
    point_at(diagram, 0, pixel)
    assert [each.into for each in diagram.connections] == [1]
    ink = image_of(controllers).max()
    assert text_of(sum_label) == f"Row {pixel // 28 + 1}, column {pixel % 28 + 1}: ink {ink:.3f}"


def test_the_pointer_leaves_and_the_whole_path_is_back(
    controllers: Controllers, diagram: NetworkDiagram, sum_label: NeuronSum
) -> None:
    assert [len(each.sources) for each in diagram.connections] == [50, 50, 50]
    point_at(diagram, 1, 3)
    move_to(diagram, QPoint(3, 3))
    assert [len(each.sources) for each in diagram.connections] == [50, 50, 50]
    assert text_of(sum_label).startswith("Point at a neuron")
    assert controllers.scheduler.scene.neuron is None  # pointing selects nothing


def test_a_click_selects_a_neuron_and_another_beside_it_deselects_it(
    controllers: Controllers, diagram: NetworkDiagram, sum_label: NeuronSum
) -> None:
    click_on(controllers, diagram, diagram.place_of(1, 13))
    move_to(diagram, QPoint(3, 3))
    assert controllers.scheduler.scene.neuron == diagram.selected == (1, 13)
    assert text_of(sum_label).startswith("Layer 1, neuron 14:")
    assert [has_ring(diagram, 1, neuron) for neuron in (13, 20)] == [True, False]
    click_on(controllers, diagram, diagram.place_of(3, 4) + QPointF(60, 0))  # what stands beside an answer
    assert controllers.scheduler.scene.neuron == (3, 4)
    for beside in (QPoint(3, 3), diagram.place_of(0, 400)):  # a pixel is no neuron
        select(controllers, (1, 13))
        click_on(controllers, diagram, beside)
        assert (controllers.scheduler.scene.neuron, diagram.selected) == (None, None)


def test_a_neuron_that_is_selected_elsewhere_is_selected_here(
    controllers: Controllers, diagram: NetworkDiagram, sum_label: NeuronSum
) -> None:
    select(controllers, (2, 5))
    assert text_of(sum_label).startswith("Layer 2, neuron 6:")
    assert has_ring(diagram, 2, 5)
    point_at(diagram, 1, 3)
    assert text_of(sum_label).startswith("Layer 1, neuron 4:")
    move_to(diagram, QPoint(3, 3))
    assert text_of(sum_label).startswith("Layer 2, neuron 6:")


def test_the_keys_go_from_neuron_to_neuron_and_deselect(
    controllers: Controllers, diagram: NetworkDiagram, sum_label: NeuronSum
) -> None:
    visited = []
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Right):
        QTest.keyClick(diagram, key)
        settle(controllers)
        visited.append(controllers.scheduler.scene.neuron)
    assert visited == [(1, 0), (1, 0), (1, 1), (1, 1), (2, 1), (3, 0)]
    point_at(diagram, 2, 7)
    QTest.keyClick(diagram, Qt.Key.Key_Down)
    settle(controllers)
    assert text_of(sum_label).startswith("Answer 1:")  # wherever the pointer is
    QTest.keyClick(diagram, Qt.Key.Key_Escape)
    settle(controllers)
    assert (controllers.scheduler.scene.neuron, diagram.selected) == (None, None)


def test_an_empty_pad_says_what_to_do(controllers: Controllers, diagram: NetworkDiagram, sum_label: NeuronSum) -> None:
    controllers.drawing.clear()
    settle(controllers)
    point_at(diagram, 1, 3)
    assert diagram.connections == []
    assert text_of(sum_label) == ""
    corners = diagram.place_of(0, 0).toPoint(), diagram.place_of(0, 783).toPoint()
    sheet = diagram.grab().toImage().copy(*corners[0].toTuple(), *(corners[1] - corners[0]).toTuple())
    colors = {sheet.pixelColor(x, y).name() for x in range(sheet.width()) for y in range(sheet.height())}
    assert {LIGHT.paper, LIGHT.secondary_text} <= colors  # the sentence, on paper


@pytest.mark.parametrize("sizes", [(784, 512, 10), (784, 16, 16, 16, 10), (784, 10), (784, 1, 10)])
def test_networks_of_other_sizes_are_drawn_too(
    controllers: Controllers, diagram: NetworkDiagram, sum_label: NeuronSum, sizes: tuple[int, ...]
) -> None:
    network = Network.initialize(sizes)
    show_network(controllers, network)
    assert_bars_beside_answers(diagram, activations_of(network, image_of(controllers))[-1])
    for layer, activations in enumerate(activations_of(network, image_of(controllers))[1:], start=1):
        last = layer, len(activations) - 1
        picture = diagram.grab().toImage()
        color = color_at(picture, diagram.place_of(*last))
        np.testing.assert_allclose(color, mixed(LIGHT.card, LIGHT.text, activations[-1]), atol=1)
        click_on(controllers, diagram, diagram.place_of(*last))
        assert diagram.selected == last
        total = number(re.search(r"= (?:logit )?([+−][\d.]+)", text_of(sum_label))[1])
        if layer < len(sizes) - 1:
            assert 1 / (1 + np.exp(-total)) == pytest.approx(activations[-1], abs=1e-3)


def assert_bars_beside_answers(diagram: NetworkDiagram, probabilities: np.ndarray) -> None:
    bars = diagram.findChild(ProbabilityBars)
    np.testing.assert_allclose(bars.probabilities, probabilities, atol=1e-5)
    for digit, height in enumerate((np.arange(10) + 0.5) * bars.height() / 10):
        place = diagram.place_of(len(diagram.forward.activations) - 1, digit)
        assert bars.y() + height == pytest.approx(place.y(), abs=1)
        assert place.x() < bars.x() < bars.geometry().right() < diagram.width()


def test_a_selected_neuron_that_the_network_lacks_is_not_examined(
    controllers: Controllers, diagram: NetworkDiagram, sum_label: NeuronSum
) -> None:
    select(controllers, (1, 31))
    show_network(controllers, Network.initialize((784, 16, 10)))
    assert (diagram.selected, diagram.examined) == (None, None)
    assert text_of(sum_label).startswith("Point at a neuron")
    QTest.keyClick(diagram, Qt.Key.Key_Down)
    assert controllers.scheduler.scene.neuron == (1, 0)


def test_the_pen_and_the_network_are_followed(
    controllers: Controllers, diagram: NetworkDiagram, sum_label: NeuronSum
) -> None:
    select(controllers, (3, 2))
    digit = np.eye(28, dtype=np.float32)
    controllers.drawing.show_digit(digit)
    settle(controllers)
    for network in (controllers.scheduler.scene.network, Network.initialize(seed=4)):
        show_network(controllers, network)
        expected = activations_of(network, digit)[-1][2]
        assert text_of(sum_label).endswith(f"→ softmax → {100 * expected:.1f} %")
        color = color_at(diagram.grab().toImage(), diagram.place_of(3, 2))
        np.testing.assert_allclose(color, mixed(LIGHT.card, LIGHT.text, expected), atol=1)


def test_everything_has_its_room(qtbot: QtBot, window: MainWindow, find: Find) -> None:
    draw_seven(find("drawingPad"))
    turn_to(window, "Whole path")
    assert_everything_has_its_room(qtbot, window)
