from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF

from gui.pages.whole_path.diagram_layout import DiagramLayout

ROOM = QRectF(1, 20, 924, 470)
BESIDE_ANSWERS = 160
NETWORKS = [(784, 32, 32, 10), (784, 10), (784, 1, 10), (784, 512, 10), (784, 16, 16, 16, 10), (784, 300, 100, 50, 10)]


def lay_out(sizes: tuple[int, ...], room: QRectF = ROOM) -> DiagramLayout:
    return DiagramLayout(sizes, room, 60, BESIDE_ANSWERS)


@pytest.mark.parametrize("sizes", NETWORKS)
def test_circles_touch_neither_one_another_nor_the_edges(sizes: tuple[int, ...]) -> None:
    layout = lay_out(sizes)
    assert [len(layer.places) for layer in layout.layers] == list(sizes)
    for layer in layout.layers[1:]:
        offsets = np.linalg.norm(layer.places[:, None] - layer.places[None], axis=2)
        assert (offsets[~np.eye(len(offsets), dtype=bool)] > 2 * layer.radius).all()
        assert layer.places[:, 1].min() - layer.radius >= ROOM.top()
        assert layer.places[:, 1].max() + layer.radius <= ROOM.bottom()
    for before, after in pairwise(layout.layers):
        assert before.places[:, 0].max() + before.radius < after.places[:, 0].min() - after.radius
    assert layout.layers[-1].places[:, 0].max() + BESIDE_ANSWERS <= ROOM.right()


@pytest.mark.parametrize(("neurons", "columns"), [(32, 1), (43, 2), (512, 13)])
def test_a_layer_takes_as_few_columns_as_can_be_seen(neurons: int, columns: int) -> None:
    layer = lay_out((784, neurons, 10)).layers[1]
    assert len(set(layer.places[:, 0].round(3))) == columns
    assert layer.pitch >= 11


@pytest.mark.parametrize("sizes", NETWORKS)
def test_every_pixel_and_every_neuron_is_found_where_it_is(sizes: tuple[int, ...]) -> None:
    layout = lay_out(sizes)
    for layer, size in enumerate(sizes):
        assert [layout.under(layout.place_of(layer, k)) for k in range(size)] == [(layer, k) for k in range(size)]


def test_pixels_lie_as_in_the_image_and_what_stands_beside_an_answer_belongs_to_it() -> None:
    layout = lay_out((784, 32, 32, 10))
    share = QPointF(20.5 / 28 * layout.layers[0].box.width(), 9.5 / 28 * layout.layers[0].box.height())
    assert layout.under(layout.layers[0].box.topLeft() + share) == (0, 9 * 28 + 20)
    assert layout.under(layout.place_of(3, 4) + QPointF(BESIDE_ANSWERS - 40, 0)) == (3, 4)
    assert layout.under(QPointF(ROOM.left(), ROOM.bottom())) is None


def test_beside_a_neuron_is_the_one_at_its_height_in_the_next_column() -> None:
    layout = lay_out((784, 60, 32, 10))  # 60 are two columns of 30
    assert layout.beside(1, 5, 1) == (1, 35)
    assert layout.beside(1, 35, -1) == (1, 5)
    layer, neuron = layout.beside(1, 35, 1)
    heights = np.abs(layout.layers[2].places[:, 1] - layout.place_of(1, 35).y())
    assert (layer, neuron) == (2, heights.argmin())
    assert layout.beside(1, 5, -1) == (1, 5)
    assert layout.beside(3, 9, 1) == (3, 9)


def test_where_a_layer_is_too_wide_for_circles_that_are_easily_seen_it_gets_the_largest_that_fit() -> None:
    layer = lay_out((784, 20_000, 10)).layers[1]
    assert np.ptp(layer.places[:, 0]) < ROOM.width() / 2
    assert layer.pitch > 1.5
