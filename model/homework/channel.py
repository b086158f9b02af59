"""What a parent and its child process say to one another: JSON with arrays behind it, over pipes.

A message is its length in four bytes, JSON, and the bytes of the arrays, float64; the JSON has their shapes.
"""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import is_dataclass
from types import UnionType
from typing import IO, Any, get_args, get_origin, get_type_hints

import numpy as np
from numpy.typing import NDArray

LONGEST = 64 * 1024 * 1024  # bytes of JSON
MOST = 1000  # arrays of a message
LARGEST = 2**25  # numbers of all arrays of a message, 256 MB

Array = NDArray[np.float64]


def send(pipe: IO[bytes], message: dict[str, Any], arrays: Sequence[NDArray[Any]] = ()) -> None:
    """Write a message. Raises OSError if nobody reads it."""
    body = json.dumps({**message, "shapes": [array.shape for array in arrays]}).encode()
    numbers = [np.ascontiguousarray(array, np.float64).tobytes() for array in arrays]
    pipe.write(b"".join([struct.pack(">I", len(body)), body, *numbers]))
    pipe.flush()


def receive(pipe: IO[bytes]) -> tuple[dict[str, Any], list[Array]] | None:
    """The next message and its arrays; None if there is none any more, or what comes is no message."""
    try:
        (length,) = struct.unpack(">I", pipe.read(4))
        body = pipe.read(length) if length <= LONGEST else b""
        message = json.loads(body)
        shapes = _taken_shapes(message)
        if len(body) < length or shapes is None:
            return None
        arrays = [np.empty(shape) for shape in shapes]
        return (message, arrays) if all(_fill(pipe, array) for array in arrays) else None
    except (ValueError, RecursionError, struct.error, OSError):  # RecursionError: JSON that is nested very deeply
        return None


def decoded(content: Any, kind: Any) -> Any:
    """A dataclass, or what its fields hold, of the JSON that it became. Raises ValueError if it became no such JSON."""
    parts, has_fields = get_args(kind), is_dataclass(kind)
    if has_fields:
        types = get_type_hints(kind)
        if isinstance(content, dict) and content.keys() == types.keys():
            return kind(**{name: decoded(content[name], each) for name, each in types.items()})
    elif get_origin(kind) is tuple:
        if isinstance(content, list | tuple):
            parts = parts[:1] * len(content) if parts[-1] is ... else parts
            return tuple(decoded(each, part) for each, part in zip(content, parts, strict=True))
    elif get_origin(kind) is UnionType:
        for part in parts:
            with suppress(ValueError):
                return decoded(content, part)
    elif content in parts if parts else isinstance(content, int | float if kind is float else kind):
        return content
    raise ValueError(f"this is no {kind}")


def _taken_shapes(message: Any) -> list[list[int]] | None:
    """The shapes, taken out of a message; None if there are none, or they promise more than a message may hold."""
    shapes = message.pop("shapes", None) if isinstance(message, dict) else None
    if not isinstance(shapes, list) or len(shapes) > MOST or not all(map(_is_shape, shapes)):
        return None
    return shapes if sum(map(math.prod, shapes)) <= LARGEST else None


def _is_shape(shape: Any) -> bool:
    return isinstance(shape, list) and all(type(n) is int and 0 <= n <= LARGEST for n in shape)


def _fill(pipe: Any, array: Array) -> bool:
    """Read the numbers of an array; whether there are as many."""
    return pipe.readinto(array) == array.nbytes
