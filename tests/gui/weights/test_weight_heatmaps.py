import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from gui.numbers import signed
from gui.theme import DARK, LIGHT
from gui.weights.mosaic import Mosaic
from gui.weights.weight_heatmaps import WeightHeatmaps
from model.history import Frame
from model.network import Network
from model.training import Progress


@pytest.fixture
def heatmaps(qtbot: QtBot) -> WeightHeatmaps:
    heatmaps = WeightHeatmaps()
    qtbot.addWidget(heatmaps)
    heatmaps.resize(900, 400)
    heatmaps.apply_theme(LIGHT)
    heatmaps.show_frame(Frame(Progress(), Network.initialize()))
    with qtbot.waitExposed(heatmaps):
        heatmaps.show()
    return heatmaps


def place(mosaic: Mosaic, neuron: int, row: int, column: int) -> QPoint:
    """Where on the widget the middle of a pixel of a neuron is."""
    picture = mosaic.picture_of(neuron)
    share = picture.width() / 28
    return (picture.topLeft() + QPointF((column + 0.5) * share, (row + 0.5) * share)).toPoint()


def test_pointing_at_a_pixel_tells_its_weight(heatmaps: WeightHeatmaps) -> None:
    QTest.mouseMove(heatmaps._mosaic, place(heatmaps._mosaic, 13, 9, 20))
    weight = heatmaps._frame.network.weights[0][9 * 28 + 20, 13]
    assert heatmaps._caption.text().startswith("Neuron 14 of 32")
    assert heatmaps._reading.text() == f"row 10, column 21: {signed(weight)}"
    assert np.array_equal(heatmaps._enlarged.pixels, heatmaps._frame.network.weights[0][:, 13].reshape(28, 28))


def test_a_click_keeps_a_neuron_enlarged(heatmaps: WeightHeatmaps) -> None:
    viewport = heatmaps._mosaic
    button, modifiers = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QTest.mouseClick(viewport, button, modifiers, place(heatmaps._mosaic, 5, 14, 14))
    heatmaps._mosaic.pointed.emit(-1, -1, -1)
    assert heatmaps._caption.text().startswith("Neuron 6 of 32")
    assert np.array_equal(heatmaps._enlarged.pixels, heatmaps._frame.network.weights[0][:, 5].reshape(28, 28))


def test_arrow_keys_go_from_neuron_to_neuron(heatmaps: WeightHeatmaps) -> None:
    QTest.keyClick(heatmaps._mosaic, Qt.Key.Key_Right)
    QTest.keyClick(heatmaps._mosaic, Qt.Key.Key_Down)
    assert heatmaps._caption.text().startswith(f"Neuron {2 + heatmaps._mosaic.columns} of")
    QTest.keyClick(heatmaps._mosaic, Qt.Key.Key_Up)
    QTest.keyClick(heatmaps._mosaic, Qt.Key.Key_Up)
    assert heatmaps._caption.text().startswith("Neuron 2 of 32")


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_colours_on_the_screen_are_those_of_the_scale(heatmaps: WeightHeatmaps, theme) -> None:
    weights = np.zeros((784, 32), np.float32)
    weights[:, 0], weights[:, 1] = 0.5, -0.5
    heatmaps.apply_theme(theme)
    heatmaps.show_frame(Frame(Progress(), Network([weights], [np.zeros(32, np.float32)])))
    picture = heatmaps._mosaic.grab().toImage()
    ends = [QColor(theme.positive[-1]), QColor(theme.negative[0]), QColor(theme.card)]
    assert [picture.pixelColor(place(heatmaps._mosaic, neuron, 14, 14)) for neuron in range(3)] == ends
    assert heatmaps._scale.limit == 0.5


@pytest.mark.parametrize(("width", "height", "columns"), [(800, 400, 8), (300, 600, 4), (1600, 200, 16)])
def test_the_tiles_are_arranged_so_that_they_are_large(qtbot: QtBot, width: int, height: int, columns: int) -> None:
    mosaic = Mosaic()
    qtbot.addWidget(mosaic)
    mosaic.resize(width, height)
    mosaic.show_weights(Network.initialize().weights[0], 1.0)
    assert mosaic.columns == columns


def test_another_number_of_neurons_fits_too(heatmaps: WeightHeatmaps) -> None:
    heatmaps.select(31)
    heatmaps.show_frame(Frame(Progress(), Network.initialize((784, 7, 10))))
    assert heatmaps._caption.text().startswith("Neuron 7 of 7")


def test_the_arrow_keys_go_on_where_a_smaller_network_ends(heatmaps: WeightHeatmaps) -> None:
    heatmaps.select(31)
    heatmaps.show_frame(Frame(Progress(), Network.initialize((784, 16, 10))))
    QTest.keyClick(heatmaps._mosaic, Qt.Key.Key_Left)
    assert heatmaps._caption.text().startswith("Neuron 15 of 16")
