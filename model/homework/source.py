"""Reading a learner's file, a program or a notebook, without running it."""

from __future__ import annotations

import io
import json
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from model.homework.magics import LeftOut, without_magics

ENDINGS = (".py", ".ipynb")
LARGEST = 32 * 1024 * 1024  # bytes; a notebook may well hold pictures


class UnusableFile(Exception):
    """The file cannot be judged; the message is a sentence for the user."""

    def __init__(self, name: str, sentence: str, line: int | None = None, source: Source | None = None) -> None:
        super().__init__(sentence)
        self.name = name
        self.line = line
        self.source = source  # where it can be read all the same


class Cell(NamedTuple):
    """A code cell of a notebook, or a whole program."""

    number: int  # among the code cells, from 1
    code: str
    first_line: int  # in the code of all cells


@dataclass(frozen=True)
class Source:
    """The Python that a file holds; each line has the number that it has in the file, or in its cells joined."""

    path: Path
    code: str
    cells: tuple[Cell, ...]
    left_out: tuple[LeftOut, ...]

    @property
    def numbered_cells(self) -> tuple[tuple[int, int], ...]:
        """The number and the first line of each cell of a notebook."""
        return tuple((cell.number, cell.first_line) for cell in self.cells) if _is_notebook(self.path) else ()

    def place(self, line: int) -> str:
        """Where a line is: "line 12", and in a notebook "line 63 (cell 5)"."""
        if not _is_notebook(self.path):
            return f"line {line}"
        cell = next((cell for cell in reversed(self.cells) if cell.first_line <= line), self.cells[0])
        return f"line {line} (cell {cell.number})"


def read_source(path: Path) -> Source:
    """The code of a program or a notebook. Raises UnusableFile."""
    content = _content(path)
    texts = _texts_of_cells(path, content) if _is_notebook(path) else [_text(path, content)]
    if not any(text.strip() for text in texts):
        raise UnusableFile("empty", f"{path.name} is empty.")
    cells, left_out = _cells(texts)
    source = Source(path, "\n".join(cell.code for cell in cells), cells, left_out)
    _check_syntax(source)
    return source


def _is_notebook(path: Path) -> bool:
    return path.suffix.lower() == ".ipynb"


def _content(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise UnusableFile("not-a-file", f"{path} is a folder, not a file.")
        if not path.exists():
            raise UnusableFile("missing-file", f"There is no file {path}.")
        if not path.is_file():
            raise UnusableFile("not-a-file", f"{path} is not a file.")
        if path.stat().st_size > LARGEST:
            raise UnusableFile("too-large", f"{path.name} is larger than {LARGEST // 2**20} MB.")
        return path.read_bytes()
    except (OSError, ValueError) as error:
        raise UnusableFile("unreadable", f"{path} cannot be read: {getattr(error, 'strerror', error)}.") from error


def _text(path: Path, content: bytes) -> str:
    """The text of a program, in the encoding that it names."""
    if b"\0" in content:
        raise UnusableFile("not-python", f"{path.name} is not Python: it is not even text.")
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(content).readline)
        return _with_plain_ends(content.decode(encoding))
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        sentence = f"{path.name} is not Python: line {line} is not text in {error.encoding}."
        raise UnusableFile("not-python", sentence, line) from error
    except SyntaxError as error:  # the encoding is unknown, or the first lines are not in it
        raise UnusableFile("not-python", f"{path.name} is not Python: {error.msg}.") from error


def _with_plain_ends(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _texts_of_cells(path: Path, content: bytes) -> list[str]:
    try:
        cells = json.loads(content)["cells"]
        texts = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    except (ValueError, TypeError, LookupError, RecursionError) as error:
        raise UnusableFile("not-a-notebook", f"{path.name} is not a notebook that Jupyter saved.") from error
    if not texts:
        raise UnusableFile("no-code-cells", f"{path.name} has no code cells.")
    return [_with_plain_ends(text) for text in texts]


def _cells(texts: list[str]) -> tuple[tuple[Cell, ...], tuple[LeftOut, ...]]:
    cells: list[Cell] = []
    left_out: list[LeftOut] = []
    line = 1
    for number, text in enumerate(texts, 1):
        code, magics = without_magics(text)
        cells.append(Cell(number, code, line))
        left_out += [LeftOut(line + magic.line - 1, magic.text) for magic in magics]
        line += text.count("\n") + 1
    return tuple(cells), tuple(left_out)


def _check_syntax(source: Source) -> None:
    """A cell that is not Python fails later, when its turn comes; but there must be one that is."""
    with_code = [cell for cell in source.cells if cell.code.strip()]
    errors = list(_syntax_errors(source.path, with_code))
    if errors and len(errors) == len(with_code):
        cell, error = errors[0]
        line = cell.first_line + (error.lineno or 1) - 1
        message = error.msg.rstrip("?.")
        sentence = f"{source.path.name} is not Python as it stands: {source.place(line)}: {message}."
        raise UnusableFile("syntax-error", sentence, line, source) from error


def _syntax_errors(path: Path, cells: list[Cell]) -> Iterator[tuple[Cell, SyntaxError]]:
    for cell in cells:
        try:
            compile(cell.code, path, "exec", dont_inherit=True)
        except SyntaxError as error:
            yield cell, error
        except (ValueError, RecursionError, MemoryError, OverflowError) as error:
            yield cell, SyntaxError(f"it cannot be compiled ({error})")
