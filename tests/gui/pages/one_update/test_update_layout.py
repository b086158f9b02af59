"""Every number has a place of its own, at any size and for any network."""

from itertools import combinations

import numpy as np
import pytest
from PySide6.QtCore import QRectF, Qt

from gui.pages.one_update.block import Block
from gui.pages.one_update.update_layout import MATRICES, PICTURES, TABLE, UpdateLayout, height_for, without_place
from model.analysis.derivation import ALL, Kind, Number, Numbers

SIZES = [(784, 32, 32, 10), (784, 10), (784, 1, 10), (784, 512, 512, 512, 512, 10), (784, 64, 3, 10)]
ROOMS = [(716, 372), (802, 440), (1350, 740), (440, height_for(440)), (1360, 1100)]
ARROWS = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Right)


def layout_of(sizes: tuple[int, ...], room: tuple[int, int], other: tuple[int, ...] = ()) -> UpdateLayout:
    return UpdateLayout(sizes, QRectF(0, 0, *room), 14, 2, Kind.WEIGHT, other)


def area(block: Block) -> QRectF:
    return block.cells if block.biases is None else block.cells.united(block.biases)


@pytest.mark.parametrize("other", [(), (784, 32, 32, 10), (784, 5, 10)], ids=str)
@pytest.mark.parametrize("room", ROOMS, ids=str)
@pytest.mark.parametrize("sizes", SIZES, ids=str)
def test_blocks_stand_inside_and_apart(sizes: tuple[int, ...], room: tuple[int, int], other: tuple[int, ...]) -> None:
    layout = layout_of(sizes, room, other)
    inside = QRectF(-0.5, -0.5, room[0] + 1, room[1] + 1)
    for block in layout.blocks:
        assert inside.contains(area(block)), block
        assert min(block.cells.width() / block.columns, block.cells.height() / block.rows) >= 1
    for one, another in combinations(layout.blocks, 2):
        assert not area(one).intersects(area(another)), (one, another)
    assert not any(layout.outcome.intersects(area(block)) for block in layout.blocks)
    assert layout.outcome.width() >= TABLE - 1
    assert layout.outcome.height() >= 120


@pytest.mark.parametrize("sizes", SIZES, ids=str)
def test_what_is_at_a_place_is_found_there(sizes: tuple[int, ...]) -> None:
    layout = layout_of(sizes, (802, 440), (784, 8, 10))
    seen, random = set(), np.random.default_rng(0)
    for block in layout.blocks:
        places = list(block.places)
        seen |= {(block.number_at(place), block.is_other) for place in (places[0], places[-1])}
        for place in {places[0], places[-1], *(places[k] for k in random.integers(len(places), size=20))}:
            number = block.number_at(place)
            assert number is not None
            assert layout.under(block.rectangle(place).center()) == (block, place)
            assert layout.find(number, block.is_other) == (block, place)
            assert block.rectangles(number) == [block.rectangle(place)]
    for layer in range(1, len(sizes)):
        assert (Number(Kind.DELTA, layer, (0,)), False) in seen


def test_a_block_that_is_too_small_for_all_says_how_many_it_shows() -> None:
    blocks = layout_of((784, 512, 300, 10), (716, 330)).blocks
    vectors = {block.layer: block for block in blocks if block.kind is Kind.ACTIVATION}
    for layer, size in ((1, 512), (2, 300)):
        (shown,) = vectors[layer].shown
        assert 100 < shown < size
        assert vectors[layer].number_at(divmod(shown - 1, vectors[layer].columns)) is not None
        assert len(list(vectors[layer].places)) == shown
    roomy = layout_of((784, 512, 300, 10), (1360, 740)).blocks
    assert all(block.shown == block.shape for block in roomy if block.kind is Kind.ACTIVATION)


def test_rows_columns_and_all_of_a_matrix_are_found_with_their_biases() -> None:
    layout = layout_of((784, 32, 16, 10), (802, 440))
    block = next(block for block in layout.blocks if block.kind is Kind.WEIGHT and block.layer == 2)
    column, bias = block.rectangles(Numbers(Kind.WEIGHT, 2, (ALL, 3)))
    assert column == block.rectangle((0, 3)).united(block.rectangle((31, 3)))
    assert bias == block.rectangle((32, 3))
    assert block.rectangles(Numbers(Kind.WEIGHT, 2, (5, ALL))) == [
        block.rectangle((5, 0)).united(block.rectangle((5, 15)))
    ]
    assert block.rectangles(Number(Kind.WEIGHT, 2, (32, 3))) == [bias]
    assert block.rectangles(Number(Kind.GRADIENT, 2, (0, 0))) == []
    picture = next(block for block in layout.blocks if block.kind is Kind.WEIGHT and block.layer == 1)
    assert picture.neuron == 2
    assert picture.rectangles(Numbers(Kind.WEIGHT, 1, (ALL, 2))) == [picture.cells, picture.biases]
    assert picture.rectangles(Numbers(Kind.WEIGHT, 1, (ALL, 1))) == []
    assert picture.rectangles(Number(Kind.WEIGHT, 1, (29, 2))) == [picture.rectangle((1, 1))]


@pytest.mark.parametrize("sizes", SIZES, ids=str)
@pytest.mark.parametrize("room", [(716, 330), (440, height_for(440))], ids=str)
def test_arrow_keys_lead_to_every_block(sizes: tuple[int, ...], room: tuple[int, int]) -> None:
    layout = layout_of(sizes, room)
    waiting, reached = [layout.blocks[0]], {layout.blocks[0]}
    while waiting:
        block = waiting.pop()
        for place, key in _ways_out(block):
            found, at = layout.beside(block, place, key)
            assert found.number_at(at) is not None
            if found not in reached:
                reached.add(found)
                waiting.append(found)
    assert reached == {*layout.blocks}


def _ways_out(block: Block) -> list[tuple[tuple[int, int], Qt.Key]]:
    """From the middle and the ends of each edge, over it."""
    *_, (bottom, _) = block.places
    rows, columns = (0, bottom // 2, bottom), (0, block.columns // 2, block.columns - 1)
    ways = [
        *(((row, column), key) for row, key in ((0, ARROWS[0]), (bottom, ARROWS[1])) for column in columns),
        *(((row, column), key) for column, key in ((0, ARROWS[2]), (columns[-1], ARROWS[3])) for row in rows),
    ]
    return [(place, key) for place, key in ways if block.number_at(place) is not None]


def test_the_table_comes_below_where_it_is_narrow() -> None:
    wide, narrow = layout_of(SIZES[0], (716, 330)), layout_of(SIZES[0], (440, height_for(440)))
    tops = [
        min(block.cells.top() for block in layout.blocks if block.in_table)
        - max(block.cells.bottom() for block in layout.blocks if not block.in_table)
        for layout in (wide, narrow)
    ]
    assert tops[0] < 0 < tops[1]
    assert height_for(716) + PICTURES < height_for(440)


@pytest.mark.parametrize("sizes", [(784, 10), (784, 1, 10), (784, 32, 32, 10), (784, 512, 256, 128, 10)], ids=str)
def test_on_a_large_screen_all_four_kinds_stand_side_by_side(sizes: tuple[int, ...]) -> None:
    layout = layout_of(sizes, (1350, 740))  # 1920×1080
    for layer in range(1, len(sizes)):
        places = {block.kind: block.cells for block in layout.blocks if block.layer == layer and block.kind in MATRICES}
        assert len(places) == 4
        for kind, other in (MATRICES[:2], MATRICES[2:]):
            assert places[kind].right() < places[other].left()
            assert places[kind].top() == places[other].top()
    for room in ((716, 372), (440, height_for(440))):
        assert {block.kind for block in layout_of(sizes, room).blocks} & {*MATRICES} == {Kind.WEIGHT}
    assert layout_of(sizes, (1350, 740), other=(784, 10)).matrices == (Kind.WEIGHT,)


@pytest.mark.parametrize("other", [(784, 10), (784, 8, 10), (784, 32, 32, 10), (784, 64, 16, 8, 10)], ids=str)
@pytest.mark.parametrize("sizes", [(784, 10), (784, 32, 10), (784, 32, 32, 10)], ids=str)
def test_what_has_no_place_beside_another_depth_is_known(sizes: tuple[int, ...], other: tuple[int, ...]) -> None:
    last, other_last = len(sizes) - 1, len(other) - 1
    shown = {(block.kind, block.layer) for block in layout_of(sizes, (802, 440), other).blocks if block.is_other}
    layers = range(1, other_last + 1)
    deltas, matrices = without_place(last, other_last)
    assert [layer for layer in layers if (Kind.DELTA, layer) not in shown] == [*deltas]
    assert [layer for layer in layers if (Kind.WEIGHT, layer) not in shown] == [*matrices]
