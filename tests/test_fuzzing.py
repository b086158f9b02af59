"""Some of the files with which `python -m tests.benchmarks.fuzzing` looks for what makes the program fail."""

import os
import signal
import sys
from collections.abc import Callable
from itertools import islice
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("a process cannot be forked there", allow_module_level=True)

from tests.benchmarks.fuzzing import (
    FAILURES,
    FOREIGN,
    HALF_DONE,
    OPENED,
    REFUSED,
    TOO_LARGE,
    all_kinds,
    altered_files,
    outcome_of,
)

INPUTS = 100


def test_no_altered_file_makes_the_program_fail() -> None:
    kinds = {name: kind for name, kind in all_kinds().items() if name != "mnist"}
    outcomes = [
        (outcome_of(kinds[name].use, file, content), f"{name} {number}")
        for name, file, content, number in islice(altered_files(kinds, seed=16), INPUTS)
    ]
    assert [each for each in outcomes if each[0][0] in FAILURES] == []
    assert {outcome for (outcome, _), _ in outcomes} == {OPENED, REFUSED}


def test_what_was_not_altered_opens() -> None:
    for kind in all_kinds().values():
        name, content = next(iter(kind.originals.items()))
        assert outcome_of(kind.use, name, content) == (OPENED, "")


def fail(path: Path) -> None:
    raise KeyError("foreign")


def take_memory(path: Path) -> None:
    bytearray(600_000_000)


def write_beside(path: Path) -> None:
    path.with_name("stump").touch()


def die(path: Path) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.parametrize(
    ("use", "expected"), [(fail, FOREIGN), (take_memory, TOO_LARGE), (write_beside, HALF_DONE), (die, FOREIGN)]
)
def test_failures_are_noticed(use: Callable[[Path], None], expected: str) -> None:
    outcome, _ = outcome_of(use, "some.npz", b"some")
    assert outcome == expected
