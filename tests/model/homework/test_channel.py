"""Messages over pipes: what was sent comes out, and what is no message is as good as silence."""

import json
import struct
import tracemalloc
from dataclasses import asdict, dataclass
from io import BytesIO
from typing import Literal

import numpy as np
import pytest

from model.homework.channel import LARGEST, LONGEST, MOST, decoded, receive, send


def written(body, numbers=b"", length=None):
    """A message as it lies in the pipe, its JSON given as such or as bytes."""
    body = body if isinstance(body, bytes) else json.dumps(body).encode()
    return struct.pack(">I", len(body) if length is None else length) + body + numbers


def shaped(*shapes):
    return {"shapes": list(shapes)}


def test_what_was_sent_comes_out_message_by_message():
    arrays = [np.arange(6.0).reshape(2, 3), np.array(7.0), np.empty((0, 4)), np.array([np.nan, -np.inf])]
    pipe = BytesIO()
    send(pipe, {"text": "η = 0.003", "parts": [1, {"none": None}]}, arrays)
    send(pipe, {})
    pipe.seek(0)
    message, received = receive(pipe)
    assert message == {"text": "η = 0.003", "parts": [1, {"none": None}]}
    for one, other in zip(received, arrays, strict=True):
        np.testing.assert_array_equal(one, other, strict=True)
    assert receive(pipe) == ({}, [])
    assert receive(pipe) is None


def test_numbers_of_any_type_are_float64_on_the_other_side():
    pipe = BytesIO()
    transposed = np.arange(6, dtype=np.int8).reshape(2, 3).T
    send(pipe, {}, [transposed, np.array([0.5], np.float32)])
    pipe.seek(0)
    _, (integers, floats) = receive(pipe)
    np.testing.assert_array_equal(integers, transposed.astype(np.float64), strict=True)
    np.testing.assert_array_equal(floats, np.array([0.5]), strict=True)
    assert integers.flags.writeable


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\0\0",
        b"print('hello')\n" * 100,  # its first four bytes are a length of two gigabytes
        struct.pack(">I", LONGEST + 1) + b"{}",
        b"\xff" * 1000,
        written(shaped(), length=1000),  # shorter than it says
        written(shaped(), length=5),
        written(b""),
        written(b"\xff\xfe"),
        written(b"{'shapes': []}"),
        written(b'{"shapes": []} {}'),
        written(b"[" * 200_000),  # deeper than Python goes
        written(b'{"shapes": [[' + b"9" * 5000 + b"]]}"),
        *(written(other) for other in (None, 7, "shapes", [], ["shapes"], [shaped()])),
        *(written({"shapes": shapes}) for shapes in (None, 7, "12", {}, {"1": 2}, [7], ["12"], [None], [{}], [[[]]])),
        *(written(shaped([length]), bytes(80)) for length in (-1, 1.0, 1e400, "1", None, True, 11, 2**70)),
        written(shaped([-2, -5]), bytes(80)),
        written(shaped([0, 2**62])),
        written(shaped([1] * 70), bytes(8)),
        written(shaped([LARGEST], [1]), bytes(80)),
        written(shaped(*[[1]] * (MOST + 1)), bytes(8 * (MOST + 1))),
        written(shaped([3], [2]), bytes(32)),
    ],
    ids=lambda content: repr(content[:40]),
)
def test_what_is_no_message_is_silence_and_takes_no_room(content):
    tracemalloc.start()
    try:
        assert receive(BytesIO(content)) is None
        assert tracemalloc.get_traced_memory()[1] < 64 * 1024**2
    finally:
        tracemalloc.stop()


def test_a_pipe_that_is_closed_is_silent():
    pipe = BytesIO(written(shaped()))
    pipe.close()
    assert receive(pipe) is None


@dataclass(frozen=True)
class Leaf:
    size: float
    colour: Literal["green", "red"]


@dataclass(frozen=True)
class Tree:
    leaves: tuple[Leaf, ...]
    rings: tuple[tuple[int, int], ...]
    name: str | None
    is_old: bool


TREE = Tree((Leaf(1, "green"), Leaf(0.5, "red")), ((1, 2), (3, 4)), "oak", True)


@pytest.mark.parametrize("tree", [TREE, Tree((), (), None, False)])
def test_a_dataclass_comes_out_of_its_json(tree):
    assert decoded(json.loads(json.dumps(asdict(tree))), Tree) == tree


@pytest.mark.parametrize(
    "parts",
    [
        {"leaves": None},
        {"leaves": "no leaves"},
        {"leaves": [{"size": 1}]},
        {"leaves": [{"size": 1, "colour": "blue"}]},
        {"leaves": [{"size": "1", "colour": "red"}]},
        {"leaves": [{"size": 1, "colour": ["red"]}]},
        {"leaves": [[1, "red"]]},
        {"rings": [[1]]},
        {"rings": [[1, 2, 3]]},
        {"rings": [[1, 2.5]]},
        {"rings": [1, 2]},
        {"name": 7},
        {"is_old": 1},
        {"height": 7},
    ],
    ids=str,
)
def test_json_with_other_parts_is_none_of_it(parts):
    with pytest.raises(ValueError, match=r"this is no|zip"):
        decoded(asdict(TREE) | parts, Tree)


@pytest.mark.parametrize("content", [None, 7, [], {}, {"name": None}])
def test_json_that_lacks_parts_is_none_of_it(content):
    with pytest.raises(ValueError, match="Tree"):
        decoded(content, Tree)
