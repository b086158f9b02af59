"""What a parent and its child process say to one another: JSON with arrays behind it, over pipes.

A message is its length in four bytes, JSON, and the bytes of the arrays, float64; the JSON has their shapes.
"""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Sequence
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

LONGEST = 64 * 1024 * 1024  # bytes of JSON
LARGEST = 2**28  # numbers of all arrays of a message

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
        if length > LONGEST:
            return None
        message = json.loads(pipe.read(length))
        shapes = [tuple(map(int, shape)) for shape in message.pop("shapes")]
        if sum(map(math.prod, shapes)) > LARGEST:
            return None
        return message, [_array(pipe, shape) for shape in shapes]
    except (ValueError, TypeError, LookupError, struct.error, OSError):
        return None


def _array(pipe: IO[bytes], shape: tuple[int, ...]) -> Array:
    return np.frombuffer(bytearray(pipe.read(8 * math.prod(shape))), np.float64).reshape(shape)
