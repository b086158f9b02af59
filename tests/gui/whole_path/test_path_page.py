"""The whole path, opened and driven from the window."""

import re
from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QWidget

from gui.closer_look.closer_look import CloserLook
from gui.main_window import MainWindow
from gui.theme import DARK, LIGHT, Theme
from gui.whole_path.network_diagram import NetworkDiagram
from model.network import Network
from tests.gui.conftest import click, draw_seven, turn_to

Find = Callable[[str], QWidget]
LEFT = Qt.MouseButton.LeftButton
TERM = re.compile(r"\+ ([\d.]+) × ([+−][\d.]+) \((.*?)\)")


@pytest.fixture
def look(closer_look: CloserLook, find: Find) -> CloserLook:
    """With a seven, at the page of the path."""
    draw_seven(find("drawingPad"))
    turn_to(closer_look, "The whole path")
    return closer_look


@pytest.fixture
def diagram(look: CloserLook, find: Find) -> NetworkDiagram:
    return find("networkDiagram")


def point_at(diagram: NetworkDiagram, layer: int, neuron: int) -> None:
    move_to(diagram, diagram.place_of(layer, neuron).toPoint())


def move_to(diagram: NetworkDiagram, place: QPoint) -> None:
    """Move the mouse in the window of the diagram, whichever window is in front."""
    QTest.mouseMove(diagram.window().windowHandle(), diagram.mapTo(diagram.window(), place))


def click_on(diagram: NetworkDiagram, layer: int, neuron: int) -> None:
    QTest.mouseClick(diagram, LEFT, pos=diagram.place_of(layer, neuron).toPoint())


def text_of(find: Find) -> str:
    return find("neuronSumLabel").text().replace("\N{NO-BREAK SPACE}", " ")


def number(text: str) -> float:
    return float(text.replace("−", "-"))


def activations_of(network: Network, image: np.ndarray) -> list[np.ndarray]:
    """Of the image and of each layer, in double precision."""
    found = [image.reshape(784).astype(float)]
    for weights, bias in zip(network.weights, network.biases, strict=True):
        found.append(1 / (1 + np.exp(-(found[-1] @ weights.astype(float) + bias))))
    logits = found[-2] @ network.weights[-1].astype(float) + network.biases[-1]
    return [*found[:-1], np.exp(logits) / np.exp(logits).sum()]


def mixed(begin: str, end: str, share: float) -> np.ndarray:
    colors = [np.array(QColor(name).getRgb()[:3]) for name in (begin, end)]
    return colors[0] + share * (colors[1] - colors[0])


@pytest.mark.parametrize(("layer", "neuron"), [(1, 12), (1, 31), (2, 5), (3, 7), (3, 0)])
def test_the_sum_of_the_neuron_under_the_pointer_is_written_out(
    diagram: NetworkDiagram, find: Find, trained: Network, layer: int, neuron: int
) -> None:
    point_at(diagram, layer, neuron)
    text, activations = text_of(find), activations_of(trained, find("drawingPad").digit)
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
        assert text.endswith(f"→ softmax → {100 * result:.1f} %")
    else:
        assert text.startswith(f"Layer {layer}, neuron {neuron + 1}:")
        assert text.endswith(f"→ sigmoid → {result:.3f}")


@pytest.mark.parametrize("width", [980, 1500])
def test_every_sum_fits_into_its_lines(look: CloserLook, diagram: NetworkDiagram, find: Find, width: int) -> None:
    look.resize(width, 700)
    QApplication.processEvents()
    shown = find("neuronSumLabel")
    for layer, size in enumerate((32, 32, 10), start=1):
        for neuron in range(size):
            point_at(diagram, layer, neuron)
            assert shown.heightForWidth(shown.width()) <= shown.height()
            assert shown.geometry().bottom() < shown.parentWidget().height()


def test_a_wider_window_has_room_for_more_terms(look: CloserLook, diagram: NetworkDiagram, find: Find) -> None:
    click_on(diagram, 1, 3)
    narrow = text_of(find)
    look.resize(1500, 900)
    QApplication.processEvents()
    assert len(TERM.findall(text_of(find))) > len(TERM.findall(narrow))


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_neurons_are_as_bright_as_they_are_active(
    look: CloserLook, diagram: NetworkDiagram, find: Find, trained: Network, theme: Theme
) -> None:
    look.apply_theme(theme)
    picture = diagram.grab().toImage()
    for layer, activations in enumerate(activations_of(trained, find("drawingPad").digit)[1:], start=1):
        for neuron, activation in enumerate(activations):
            color = picture.pixelColor(diagram.place_of(layer, neuron).toPoint()).getRgb()[:3]
            np.testing.assert_allclose(color, mixed(theme.card, theme.text, activation), atol=1)


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_the_strongest_connections_lie_on_top_in_the_colour_of_their_sign(
    look: CloserLook, diagram: NetworkDiagram, find: Find, trained: Network, theme: Theme
) -> None:
    look.apply_theme(theme)
    picture, activations = diagram.grab().toImage(), activations_of(trained, find("drawingPad").digit)
    for layer in (2, 3):
        products = activations[layer - 1][:, None] * trained.weights[layer - 1]
        source, target = np.unravel_index(np.abs(products).argmax(), products.shape)
        middle = (diagram.place_of(layer - 1, int(source)) + diagram.place_of(layer, int(target))) / 2
        expected = mixed(theme.card, theme.positive[-1] if products[source, target] > 0 else theme.negative[0], 0.75)
        np.testing.assert_allclose(picture.pixelColor(middle.toPoint()).getRgb()[:3], expected, atol=1)


def test_all_that_a_neuron_adds_up_is_drawn_as_wide_as_it_counts(
    diagram: NetworkDiagram, find: Find, trained: Network
) -> None:
    point_at(diagram, 3, 7)
    (incoming,) = diagram.connections
    products = activations_of(trained, find("drawingPad").digit)[2] * trained.weights[2][:, 7]
    assert (incoming.into, incoming.sources.tolist()) == (3, np.argsort(np.abs(products), kind="stable").tolist())
    assert set(incoming.targets.tolist()) == {7}
    picture, end = diagram.grab().toImage(), diagram.place_of(3, 7)
    inks = []
    for source in (int(products.argmax()), int(products.argmin())):
        place = diagram.place_of(2, source) * 0.8 + end * 0.2
        column = [picture.pixelColor(round(place.x()), round(place.y()) + k) for k in range(-5, 6)]
        inks.append([sum(255 - getattr(color, name)() for color in column) for name in ("red", "blue")])
    (red_of_adding, blue_of_adding), (red_of_taking, blue_of_taking) = inks  # missing from white
    assert blue_of_adding > red_of_adding
    assert red_of_taking > blue_of_taking
    assert products.max() > -products.min()
    assert blue_of_adding > red_of_taking  # the wider line


def test_a_neuron_in_the_middle_is_drawn_with_where_it_leads_and_a_pixel_too(
    diagram: NetworkDiagram, find: Find
) -> None:
    point_at(diagram, 2, 5)
    incoming, outgoing = diagram.connections
    assert (incoming.into, set(incoming.targets.tolist())) == (2, {5})
    assert (outgoing.into, set(outgoing.sources.tolist()), len(outgoing.targets)) == (3, {5}, 10)
    assert outgoing.strength < incoming.strength
    pixel = int(find("drawingPad").digit.argmax())
    point_at(diagram, 0, pixel)
    assert [each.into for each in diagram.connections] == [1]
    assert text_of(find) == f"Row {pixel // 28 + 1}, column {pixel % 28 + 1}: ink 1.000"


def test_the_pointer_leaves_and_the_whole_path_is_back(diagram: NetworkDiagram, find: Find) -> None:
    everything = [len(each.sources) for each in diagram.connections]
    assert everything == [50, 50, 50]
    point_at(diagram, 1, 3)
    move_to(diagram, QPoint(3, 3))
    assert [len(each.sources) for each in diagram.connections] == everything
    assert text_of(find).startswith("Point at a neuron")


def test_a_click_keeps_a_neuron_and_marks_it_everywhere(
    window: MainWindow, diagram: NetworkDiagram, find: Find
) -> None:
    told = [QSignalSpy(each) for each in (diagram.neuron_selected, window._weight_heatmaps.neuron_selected)]
    click_on(diagram, 1, 13)
    move_to(diagram, QPoint(3, 3))
    assert text_of(find).startswith("Layer 1, neuron 14:")
    assert window._weight_heatmaps._caption.text().startswith("Neuron 14 of 32")
    assert [spy.count() for spy in told] == [1, 0]
    turn_to(find("closerLook"), "Pen and pixels")
    assert frame_is_around(find, 13)
    assert not frame_is_around(find, 12)


def frame_is_around(find: Find, neuron: int) -> bool:
    neurons = find("firingNeurons")
    picture, corner = neurons.grab().toImage(), neurons.picture_of(neuron).topLeft().toPoint()
    return QColor(LIGHT.accent) in [picture.pixelColor(corner + QPoint(6, k)) for k in (-2, -1, 0)]


def test_the_selected_neuron_has_a_ring(diagram: NetworkDiagram) -> None:
    click_on(diagram, 1, 13)
    radius = diagram._layout.layers[1].radius
    picture = diagram.grab().toImage()
    ring = [picture.pixelColor((diagram.place_of(1, k) + QPointF(0, radius + 1.5)).toPoint()) for k in (13, 20)]
    assert ring[0] == QColor(LIGHT.accent)
    assert ring[1] != QColor(LIGHT.accent)


def test_a_neuron_chosen_among_the_weights_is_selected_in_the_diagram(
    window: MainWindow, diagram: NetworkDiagram, find: Find
) -> None:
    told, mosaic = QSignalSpy(diagram.neuron_selected), find("weightHeatmaps")
    QTest.mouseClick(mosaic, LEFT, pos=mosaic.picture_of(5).center().toPoint())
    assert diagram.selected == (1, 5)
    assert text_of(find).startswith("Layer 1, neuron 6:")
    QTest.keyClick(mosaic, Qt.Key.Key_Right)
    assert diagram.selected == (1, 6)
    turn_to(find("closerLook"), "Pen and pixels")
    assert frame_is_around(find, 6)
    assert told.count() == 0


def test_a_neuron_chosen_among_those_that_fire_is_selected_everywhere(
    window: MainWindow, diagram: NetworkDiagram, find: Find
) -> None:
    turn_to(find("closerLook"), "Pen and pixels")
    neurons = find("firingNeurons")
    first, second = neurons.neurons[:2].tolist()
    QTest.mouseClick(neurons, LEFT, pos=neurons.picture_of(second).center().toPoint())
    assert diagram.selected == (1, second)
    assert window._weight_heatmaps._caption.text().startswith(f"Neuron {second + 1} of 32")
    QTest.keyClick(neurons, Qt.Key.Key_Up)
    assert diagram.selected == (1, first)
    assert frame_is_around(find, first)
    QTest.keyClick(neurons, Qt.Key.Key_Up)
    assert diagram.selected == (1, first)
    QTest.keyClick(neurons, Qt.Key.Key_Right)
    assert diagram.selected == (1, neurons.neurons[8])


def test_an_answer_that_is_clicked_is_the_one_whose_evidence_is_shown(
    look: CloserLook, diagram: NetworkDiagram, find: Find
) -> None:
    QTest.mouseClick(diagram, LEFT, pos=(diagram.place_of(3, 4) + QPointF(60, 0)).toPoint())
    assert diagram.selected == (3, 4)
    turn_to(find("closerLook"), "Pen and pixels")
    assert find("evidence4Button").isChecked()
    assert look.pixels._sentence.text().startswith("For a 4:")


def test_arrow_keys_go_from_neuron_to_neuron(window: MainWindow, diagram: NetworkDiagram, find: Find) -> None:
    visited = []
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Right):
        QTest.keyClick(diagram, key)
        visited.append(diagram.selected)
    assert visited == [(1, 0), (1, 0), (1, 1), (1, 1), (2, 1), (3, 0)]
    assert window._weight_heatmaps._caption.text().startswith("Neuron 2 of 32")
    assert text_of(find).startswith("Answer 0:")


def test_escape_lets_go_of_a_neuron_before_it_closes_the_window(look: CloserLook, diagram: NetworkDiagram) -> None:
    click_on(diagram, 2, 3)
    QTest.keyClick(diagram, Qt.Key.Key_Escape)
    assert diagram.selected is None
    assert look.isVisible()
    QTest.keyClick(diagram, Qt.Key.Key_Escape)
    assert not look.isVisible()


def test_a_click_beside_the_neurons_lets_go_too(diagram: NetworkDiagram) -> None:
    click_on(diagram, 2, 3)
    QTest.mouseClick(diagram, LEFT, pos=QPoint(3, 3))
    assert (diagram.selected, len(diagram.connections)) == (None, 3)


def test_an_empty_pad_says_what_to_do(diagram: NetworkDiagram, find: Find) -> None:
    click(find("clearDrawingButton"))
    QApplication.processEvents()
    point_at(diagram, 1, 3)
    assert diagram.connections == []
    assert text_of(find) == ""
    picture = diagram._layout.picture.toRect().adjusted(4, 4, -4, -4)
    sheet = diagram.grab(picture).toImage()
    colors = {sheet.pixelColor(x, y).name() for x in range(sheet.width()) for y in range(sheet.height())}
    assert {LIGHT.paper, LIGHT.secondary_text} <= colors  # the sentence, on paper


@pytest.mark.parametrize("sizes", [(784, 512, 10), (784, 16, 16, 16, 10), (784, 10), (784, 1, 10)])
def test_networks_of_other_sizes_are_drawn_too(
    window: MainWindow, diagram: NetworkDiagram, find: Find, open_network, sizes: tuple[int, ...]
) -> None:
    network = Network.initialize(sizes)
    open_network(network)
    for layer, activations in enumerate(activations_of(network, find("drawingPad").digit)[1:], start=1):
        picture = diagram.grab().toImage()
        color = picture.pixelColor(diagram.place_of(layer, len(activations) - 1).toPoint()).getRgb()[:3]
        np.testing.assert_allclose(color, mixed(LIGHT.card, LIGHT.text, activations[-1]), atol=1)
        click_on(diagram, layer, len(activations) - 1)
        total = float(re.search(r"= (?:logit )?([+−][\d.]+)", text_of(find))[1].replace("−", "-"))
        if layer < len(sizes) - 1:
            assert 1 / (1 + np.exp(-total)) == pytest.approx(activations[-1], abs=1e-3)
        assert diagram.selected == (layer, len(activations) - 1)
    if len(sizes) == 2:
        assert window._weight_heatmaps._caption.text().startswith("Neuron 10 of 10")


def test_a_selected_neuron_that_another_network_lacks_is_dropped(diagram: NetworkDiagram, open_network) -> None:
    click_on(diagram, 1, 31)
    open_network(Network.initialize((784, 16, 10)))
    assert (diagram.selected, diagram.examined) == (None, None)
    open_network(Network.initialize())
    assert diagram.selected is None


def test_a_neuron_is_selected_also_while_another_page_is_seen(
    diagram: NetworkDiagram, find: Find, open_network
) -> None:
    turn_to(find("closerLook"), "Pen and pixels")
    open_network(Network.initialize((784, 100, 10)))
    mosaic = find("weightHeatmaps")
    QTest.mouseClick(mosaic, LEFT, pos=mosaic.picture_of(77).center().toPoint())
    turn_to(find("closerLook"), "The whole path")
    assert diagram.selected == (1, 77)


def test_letting_go_lets_go_everywhere(diagram: NetworkDiagram, look: CloserLook, find: Find) -> None:
    click_on(diagram, 3, 4)
    assert look.pixels._chosen == 4
    click_on(diagram, 1, 5)
    QTest.keyClick(diagram, Qt.Key.Key_Escape)
    assert look.pixels._chosen is None
    assert find("firingNeurons")._marked is None
