"""Taking out of a notebook's cell what IPython understands and Python does not.

Whether a line that starts with `%` is such a magic or continues an expression, only the parser knows. So a cell that
is Python is left alone; in any other, the line that Python stumbles over is replaced if it looks like a magic.
"""

from __future__ import annotations

import re
from typing import NamedTuple

KEPT = {"time", "timeit", "capture", "prun", "memit"}  # these run the code they are put before
CELL_MAGIC = re.compile(r"\s*%%(\w+)")
CODE_AFTER_MAGIC = re.compile(r"(\s*)%(?:time|timeit|prun|memit)\s+(?:-\w+(?:\s+\d+)?\s+)*(\S.*)")
ASSIGNED = re.compile(r"(\s*[\w.,\s]+=\s*)[!%]")
MAGIC = re.compile(r"(\s*)(?:[%!?]|(?:pip|conda|cd|ls)\s|[^#'\"]*\?\s*;?\s*$)")


class LeftOut(NamedTuple):
    """What was not run: a line, or the first of a cell."""

    line: int
    text: str


def without_magics(code: str) -> tuple[str, list[LeftOut]]:
    """The Python of a cell, as many lines as before, and the magics that were in it."""
    lines = code.split("\n")
    left_out: list[LeftOut] = []
    first = next((number for number, line in enumerate(lines) if line.strip()), 0)
    if magic := CELL_MAGIC.match(lines[first]):
        left_out.append(LeftOut(first + 1, lines[first].strip()))
        if magic[1] not in KEPT:
            return "\n" * (len(lines) - 1), left_out
        lines[first] = ""
    while (number := _line_of_syntax_error(lines)) is not None and _replace_magic(lines, number, left_out):
        pass
    return "\n".join(lines), sorted(left_out)


def _line_of_syntax_error(lines: list[str]) -> int | None:
    try:
        compile("\n".join(lines), "<cell>", "exec", dont_inherit=True)
    except SyntaxError as error:
        return min(max((error.lineno or 1) - 1, 0), len(lines) - 1)
    except (ValueError, RecursionError, MemoryError, OverflowError):
        pass
    return None


def _replace_magic(lines: list[str], number: int, left_out: list[LeftOut]) -> bool:
    """Put Python in the place of a magic; whether there was one."""
    line = lines[number]
    if timed := CODE_AFTER_MAGIC.match(line):
        lines[number] = timed[1] + timed[2]
    elif assigned := ASSIGNED.match(line):
        lines[number] = assigned[1] + "[]"
    elif magic := MAGIC.match(line):
        lines[number] = magic[1] + "pass"
    else:
        return False
    left_out.append(LeftOut(number + 1, line.strip()))
    while line.endswith("\\") and not timed and number + 1 < len(lines):  # it continues in the next line
        number += 1
        line, lines[number] = lines[number], ""
    return True
