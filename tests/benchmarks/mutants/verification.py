"""Whether a mutant is what it is said to be: the files are run briefly, and what became of their arrays is compared."""

import ast
import contextlib
import io
import random
import signal
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.homework.digits import first_digits
from model.homework.stand_ins import stand_in
from tests.benchmarks.mutants.cases import MAGIC, Case

SECONDS = 3.0
WEIGHTS = (784 * 32, 32 * 32, 32 * 10)
BIASES = (32, 10)
OTHER_NUMBERS = ("reordered", "all at once", "pixels")  # weights drawn in another order, another input
STEPS = (" = 500000", " = 200"), ("0.5, 2000)", "0.5, 5)")
ADDED = ("kept", "unused", "updated", "history")  # variables of the changes themselves
CALLS_OF_DEFINITIONS = """
params = initialize(np.random.default_rng(1))
images = np.random.default_rng(2).random((12, 784))
for image, digit in zip(images, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1]):
    p, cache = forward(params, image)
    grads = backward(params, cache, np.eye(10)[digit])
    update(params, grads)
"""


class TimeOverError(Exception):
    """The file was still running, as a training does."""


@dataclass(frozen=True)
class Ending:
    """The arrays that look like weights or biases when a file has come to its end, and the error if it came to one."""

    arrays: list[NDArray[Any]]
    error: str | None = None

    @property
    def weights(self) -> list[NDArray[Any]]:
        return [array for array in self.arrays if array.size in WEIGHTS]


def complaint(case: Case, right: Ending | None) -> str | None:
    """What is wrong with a case, given how the right file ends. None if nothing is."""
    ending = run(case)
    if case.kind in ("single", "pair") and not case.targets:
        return "nothing is expected"
    if ending.error is not None:
        expected = any("wrong-shape" in target.names for target in case.targets)
        return None if expected else f"raises {ending.error}"
    if right is None or case.name.startswith(OTHER_NUMBERS):
        return None
    if case.kind == "neutral" and not _same(ending.weights, right.weights):
        return "computes something else than the right file"
    if case.kind != "neutral" and _same(ending.arrays, right.arrays):
        return "computes the same as the right file"
    return None


def _same(ones: list[NDArray[Any]], others: list[NDArray[Any]]) -> bool:
    ones, others = sorted(ones, key=_order), sorted(others, key=_order)
    if [array.shape for array in ones] != [array.shape for array in others]:
        return False
    return all(np.allclose(one, other, rtol=1e-4, atol=1e-9) for one, other in zip(ones, others, strict=True))


def _order(array: NDArray[Any]) -> tuple[Any, ...]:
    return (array.shape, float(np.round(np.abs(array).sum(), 3)))


def run(case: Case) -> Ending:
    """Run a file on a dozen digits."""
    code = case.text.replace(MAGIC, "pass")
    for long, short in STEPS:
        code = code.replace(long, short)
    if case.convention == "defined_only":
        code += CALLS_OF_DEFINITIONS
    arrays: list[NDArray[Any]] = []
    random.seed(0)
    np.random.seed(0)
    with tempfile.TemporaryDirectory() as folder, _silence(), stand_in(first_digits(12, 9), Path(folder)):
        try:
            _execute(code, arrays)
        except TimeOverError:
            pass
        except Exception as error:
            return Ending(arrays, f"{type(error).__name__}: {error}")
    return Ending(arrays)


def _execute(code: str, arrays: list[NDArray[Any]]) -> None:
    namespace: dict[str, Any] = {"__name__": "__main__"}
    last: dict[str, Any] = {}

    def keep_locals(frame: FrameType, event: str, _: Any) -> None:
        if event == "return" and frame.f_code.co_filename == "mutant.py" and frame.f_code.co_name == "main":
            last.update(frame.f_locals)

    unseeded = np.random.default_rng
    np.random.default_rng = lambda seed=0: unseeded(seed)  # type: ignore[assignment]
    previous = signal.signal(signal.SIGALRM, _time_over)
    signal.setitimer(signal.ITIMER_REAL, SECONDS)
    sys.setprofile(keep_locals)
    try:
        with np.errstate(all="ignore"):
            exec(compile(ast.parse(code), "mutant.py", "exec"), namespace)
    finally:
        sys.setprofile(None)
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)
        np.random.default_rng = unseeded
        arrays += _parameters({**namespace, **last})


def _time_over(*_: object) -> None:
    raise TimeOverError


@contextlib.contextmanager
def _silence() -> Iterator[None]:
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        yield


def _parameters(namespace: dict[str, Any]) -> list[NDArray[Any]]:
    """Arrays of the sizes of weights and biases, among variables, in containers and objects, each once."""
    found: dict[int, NDArray[Any]] = {}
    waiting: list[tuple[Any, int]] = [(thing, 0) for name, thing in namespace.items() if name not in ADDED]
    while waiting:
        thing, depth = waiting.pop()
        if isinstance(thing, np.ndarray) and thing.size in (*WEIGHTS, *BIASES):
            found[id(thing)] = thing
        elif depth < 3 and isinstance(thing, list | tuple):
            waiting += [(item, depth + 1) for item in thing[:20]]
        elif depth < 3 and isinstance(thing, dict):
            waiting += [(item, depth + 1) for item in thing.values()]
        elif depth < 3 and hasattr(thing, "__dict__") and not isinstance(thing, type):
            waiting += [(item, depth + 1) for item in vars(thing).values()]
    return list(found.values())
