"""The first layer's weights as pictures."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from gui.controllers import Controllers
from gui.pages.training.weight_heatmaps import WeightHeatmaps
from gui.theme import DARK, LIGHT
from gui.widgets.color_scale import ColorScale
from gui.widgets.mosaic import Mosaic
from gui.widgets.numbers import signed
from model.dataset import Dataset
from model.history import Frame, History
from model.network import Network
from model.training import Progress, TrainingConfig
from tests.gui.conftest import click, settle, show_view

NETWORK = Network.initialize()
LEFT, NO_MODIFIER = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


@pytest.fixture
def heatmaps(qtbot: QtBot, controllers: Controllers) -> WeightHeatmaps:
    heatmaps = WeightHeatmaps(controllers)
    show_view(qtbot, controllers, heatmaps, 900, 400)
    show(controllers, NETWORK)
    return heatmaps


@pytest.fixture
def mosaic(heatmaps: WeightHeatmaps) -> Mosaic:
    return heatmaps.findChild(Mosaic, "weightHeatmaps")


def show(controllers: Controllers, network: Network) -> None:
    controllers.runs.show_detached(Frame(Progress(), network), "")
    settle(controllers)


def place(mosaic: Mosaic, neuron: int, row: int, column: int) -> QPoint:
    """Where on the widget the middle of a pixel of a neuron is."""
    picture = mosaic.picture_of(neuron)
    share = picture.width() / 28
    return (picture.topLeft() + QPointF((column + 0.5) * share, (row + 0.5) * share)).toPoint()


def text(heatmaps: QWidget, name: str) -> str:
    return heatmaps.findChild(QLabel, name).text()


def enlarged(heatmaps: QWidget) -> np.ndarray:
    return heatmaps.findChild(Mosaic, "enlargedNeuron").pixels


def test_pointing_at_a_pixel_tells_its_weight(heatmaps: WeightHeatmaps, mosaic: Mosaic) -> None:
    QTest.mouseMove(mosaic, place(mosaic, 13, 9, 20))
    assert text(heatmaps, "neuronLabel").startswith("Neuron 14 of 32")
    assert text(heatmaps, "weightLabel") == f"row 10, column 21: {signed(NETWORK.weights[0][9 * 28 + 20, 13])}"
    assert np.array_equal(enlarged(heatmaps), NETWORK.weights[0][:, 13].reshape(28, 28))


def test_a_click_selects_a_neuron_and_keeps_it_enlarged(
    controllers: Controllers, heatmaps: WeightHeatmaps, mosaic: Mosaic
) -> None:
    QTest.mouseClick(mosaic, LEFT, NO_MODIFIER, place(mosaic, 5, 14, 14))
    mosaic.pointed.emit(-1, -1, -1)
    settle(controllers)
    assert controllers.scheduler.scene.neuron == (1, 5)
    assert text(heatmaps, "neuronLabel").startswith("Neuron 6 of 32")
    assert np.array_equal(enlarged(heatmaps), NETWORK.weights[0][:, 5].reshape(28, 28))


def test_arrow_keys_go_from_neuron_to_neuron(
    controllers: Controllers, heatmaps: WeightHeatmaps, mosaic: Mosaic
) -> None:
    for keys, expected in (
        ([Qt.Key.Key_Right, Qt.Key.Key_Down], 2 + mosaic.columns),
        ([Qt.Key.Key_Up, Qt.Key.Key_Up], 2),  # no row above the first
    ):
        for key in keys:
            QTest.keyClick(mosaic, key)
            settle(controllers)
        assert text(heatmaps, "neuronLabel").startswith(f"Neuron {expected} of 32")


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_colours_on_the_screen_are_those_of_the_scale(
    controllers: Controllers, heatmaps: WeightHeatmaps, mosaic: Mosaic, theme
) -> None:
    weights = np.zeros((784, 32), np.float32)
    weights[:, 0], weights[:, 1] = 0.5, -0.5
    controllers.appearance.choose_theme(theme.name)
    show(controllers, Network([weights], [np.zeros(32, np.float32)]))
    picture = mosaic.grab().toImage()
    ends = [QColor(theme.positive[-1]), QColor(theme.negative[0]), QColor(theme.card)]
    assert [picture.pixelColor(place(mosaic, neuron, 14, 14)) for neuron in range(3)] == ends
    names = [each.accessibleName() for each in heatmaps.findChildren(QWidget)]
    assert "Colour scale from −0.50 to +0.50" in names


@pytest.mark.parametrize(("width", "height", "columns"), [(800, 400, 8), (300, 600, 4), (1600, 200, 16)])
def test_the_tiles_are_arranged_so_that_they_are_large(qtbot: QtBot, width: int, height: int, columns: int) -> None:
    mosaic = Mosaic()
    qtbot.addWidget(mosaic)
    mosaic.resize(width, height)
    mosaic.show_weights(NETWORK.weights[0], 1.0)
    assert mosaic.columns == columns


def test_a_smaller_network_has_its_last_neuron_where_the_selected_one_is_missing(
    controllers: Controllers, heatmaps: WeightHeatmaps, mosaic: Mosaic
) -> None:
    controllers.scheduler.change(neuron=(1, 31))
    show(controllers, Network.initialize((784, 16, 10)))
    assert text(heatmaps, "neuronLabel").startswith("Neuron 16 of 16")
    QTest.keyClick(mosaic, Qt.Key.Key_Left)
    settle(controllers)
    assert text(heatmaps, "neuronLabel").startswith("Neuron 15 of 16")


def test_how_many_weights_never_change_is_true_of_the_digits(mosaic: Mosaic, mnist: Dataset) -> None:
    is_paper = ~mnist.train_images.any(axis=0)
    assert f"{is_paper.sum()} pixels at the edge are paper in all training digits" in mosaic.toolTip()


def test_small_weights_have_a_scale_with_the_digits_that_it_needs(
    controllers: Controllers, heatmaps: WeightHeatmaps
) -> None:
    for scale, ends in ((3e-4, "−0.00030 to +0.00030"), (0.0, "0 to 0")):
        weights = np.zeros((784, 4), np.float32)
        weights[5, 2] = scale
        controllers.runs.show_detached(Frame(Progress(), Network([weights], [np.zeros(4, np.float32)])), "small")
        settle(controllers)
        names = [each.accessibleName() for each in heatmaps.findChildren(QWidget)]
        assert f"Colour scale from {ends}" in names


def test_nothing_moves_when_the_captions_change(
    qtbot: QtBot, controllers: Controllers, heatmaps: WeightHeatmaps, mosaic: Mosaic
) -> None:
    for width in (740, 490, 420):
        heatmaps.resize(width, 300)
        for _ in range(3):
            QApplication.processEvents()
        before = mosaic.geometry(), mosaic.picture_of(5)
        for neuron in (0, 31, 9):
            QTest.mouseMove(mosaic, mosaic.picture_of(neuron).center().toPoint())
            controllers.scheduler.change(neuron=(1, neuron))
            settle(controllers)
            assert (mosaic.geometry(), mosaic.picture_of(5)) == before


def compare(controllers: Controllers, *samples: int) -> None:
    """Two runs, the first with weights a tenth as large."""
    for place, seen in enumerate(samples):
        network = Network.initialize(seed=place)
        network.weights[0][:] = 0
        network.weights[0][40, place] = (0.05, 0.5)[place]
        run = History(TrainingConfig(), 60000).with_frames([Frame(Progress(seen), network)])
        controllers.runs.add(run.renamed(f"run {place}"))
    controllers.runs.compare(controllers.scheduler.scene.runs.all[0])
    settle(controllers)


def texts(heatmaps: WeightHeatmaps) -> list[str]:
    return [each.text() for each in heatmaps.findChildren(QLabel) if each.isVisible()]


def test_compared_runs_are_called_by_the_names_that_they_have(
    controllers: Controllers, heatmaps: WeightHeatmaps
) -> None:
    compare(controllers, 60000, 60000)
    assert "run 1  ·  sample 60,000" in texts(heatmaps)
    for run in controllers.scheduler.scene.runs.all:
        controllers.runs.rename(run, run.name.upper())
    settle(controllers)
    for name in ("RUN 0", "RUN 1"):
        assert f"{name}  ·  sample 60,000" in texts(heatmaps)


def test_a_neuron_beside_an_answer_is_called_so(controllers: Controllers, heatmaps: WeightHeatmaps) -> None:
    for sizes in ((784, 10, 10), (784, 10)):
        network = Network.initialize(sizes)
        run = History(TrainingConfig(layer_sizes=sizes), 60000).with_frames([Frame(Progress(), network)])
        controllers.runs.add(run)
    controllers.runs.compare(controllers.scheduler.scene.runs.all[0])
    settle(controllers)
    mosaic = heatmaps.findChild(Mosaic, "weightDifference")
    QTest.mouseMove(mosaic, place(mosaic, 3, 14, 14))
    assert any(each.startswith("neuron 4 and answer 3: ") for each in texts(heatmaps))


def test_compared_runs_have_one_scale_or_each_its_own(controllers: Controllers, heatmaps: WeightHeatmaps) -> None:
    compare(controllers, 60000, 60000)

    def scales() -> list[str]:
        return [each.accessibleName() for each in heatmaps.findChildren(ColorScale) if each.isVisible()]

    one = "Colour scale from −0.50 to +0.50"
    assert scales() == [one, one, one]
    click(heatmaps.findChild(QPushButton, "ownScalesButton"))
    settle(controllers)
    assert scales() == [one, "Colour scale from −0.050 to +0.050", one]
    controllers.runs.compare(None)
    settle(controllers)
    assert not heatmaps.findChild(QPushButton, "ownScalesButton").isVisible()


@pytest.mark.parametrize(
    ("samples", "words"), [((500, 500), "at the same moment"), ((1546, 60000), "each at the sample")]
)
def test_the_card_says_whether_compared_runs_are_at_the_same_moment(
    controllers: Controllers, heatmaps: WeightHeatmaps, samples: tuple[int, int], words: str
) -> None:
    compare(controllers, *samples)
    texts = [label.text() for label in heatmaps.findChildren(QLabel)]
    assert any(words in text for text in texts)
    assert {f"run 1  ·  sample {samples[1]:,}", f"run 0  ·  sample {samples[0]:,}"} <= set(texts)
