"""The two ways to start the program, in folders with any name."""

import re
from pathlib import Path

import pytest

BATCH = Path(__file__).parents[1] / "run.bat"


def lines_with_paths() -> list[str]:
    return [line for line in BATCH.read_text("utf-8").splitlines() if re.search(r"%(home|python|stamp|~dp0)", line)]


@pytest.mark.parametrize("line", lines_with_paths())
def test_a_folder_named_r_and_d_is_no_problem_on_windows(line: str) -> None:
    """Outside of quotes, & ends a command; within them it is a letter like any other."""
    outside_of_quotes = re.sub(r'"[^"]*"', "", line)
    assert "%home%" not in outside_of_quotes
    assert "%python%" not in outside_of_quotes
    assert "%stamp%" not in outside_of_quotes
    assert "%~dp0" not in outside_of_quotes
