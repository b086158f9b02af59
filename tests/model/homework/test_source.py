"""Programs and notebooks as people save them, and what is neither."""

import json
import os

import pytest

from model.homework.source import LARGEST, UnusableFile, read_source


def notebook(*cells, **fields):
    """A notebook with code cells, and a text ahead of them."""
    cells = [{"cell_type": "code", "source": cell} for cell in cells]
    return json.dumps({"cells": [{"cell_type": "markdown", "source": "Hello"}, *cells], **fields})


def read(folder, content, name="homework.py"):
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_source(path)


def read_cells(folder, *cells):
    return read(folder, notebook(*cells), "homework.ipynb")


def assert_unusable(folder, content, mistake, pattern, line=None, name="homework.py"):
    with pytest.raises(UnusableFile, match=pattern) as caught:
        read(folder, content, name)
    assert (caught.value.name, caught.value.line) == (mistake, line)
    assert str(caught.value).endswith(".")


def test_a_program_is_one_cell(tmp_path):
    source = read(tmp_path, "x = 1\ny = 2\n")
    assert source.code == "x = 1\ny = 2\n"
    assert source.cells == ((1, source.code, 1),)
    assert source.left_out == ()
    assert source.place(2) == "line 2"


def test_the_code_cells_of_a_notebook_are_joined_and_lines_named_with_their_cell(tmp_path):
    source = read_cells(tmp_path, ["x = 1\n", "y = 2"], "", "z = 3")
    assert source.code == "x = 1\ny = 2\n\nz = 3"
    assert [(cell.number, cell.first_line) for cell in source.cells] == [(1, 1), (2, 3), (3, 4)]
    assert [source.place(line) for line in (1, 2, 4)] == ["line 1 (cell 1)", "line 2 (cell 1)", "line 4 (cell 3)"]


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("%matplotlib inline\nx = 1", "pass\nx = 1"),
        ("!echo it's here\nx = 1", "pass\nx = 1"),
        ("if x:\n    !ls \\\n  -l\n    y = 1", "if x:\n    pass\n\n    y = 1"),
        ("files = !ls\nhere = %pwd", "files = []\nhere = []"),
        ("print?\n?print\nprint??", "pass\npass\npass"),
        ("%%time\ntrain()", "\ntrain()"),
        ("%time train()\n%timeit -n 3 -r 2 train()", "train()\ntrain()"),
        ("pip install numpy\nx = 1", "pass\nx = 1"),
        ("%%bash\nls -l\necho", "\n\n"),
        ("%%writefile a.py\nx = 1", "\n"),
        ("%cd /\ntext = '''\n%a\n!b'''\ny = (5\n% 3)", "pass\ntext = '''\n%a\n!b'''\ny = (5\n% 3)"),
    ],
)
def test_magics_are_replaced_line_by_line(tmp_path, cell, code):
    source = read_cells(tmp_path, cell, "last = 1")
    assert source.cells[0].code == code
    assert source.cells[1].first_line == cell.count("\n") + 2
    assert source.left_out[0].text in cell
    assert all(cell.split("\n")[line - 1].strip() == text for line, text in source.left_out)


def test_what_looks_like_a_magic_and_is_python_stays(tmp_path):
    cell = "a = (7\n%4)\ntext = '''\n%matplotlib inline\n!ls\nwhat?\n'''\nb = 7 \\\n% 4"
    source = read_cells(tmp_path, cell)
    assert (source.code, source.left_out) == (cell, ())


def test_magics_of_a_program_that_colab_exported(tmp_path):
    source = read(tmp_path, "x = 1\n!pip install numpy\n")
    assert source.code == "x = 1\npass\n"
    assert source.left_out == ((2, "!pip install numpy"),)


def test_left_out_lines_count_in_the_joined_cells(tmp_path):
    assert read_cells(tmp_path, "a\nb", "c\n%magic").left_out == ((4, "%magic"),)


@pytest.mark.parametrize("content", [b"\xef\xbb\xbfx = '\xc3\xa4'", b"# coding: latin-1\r\nx = '\xe4'\r\n"])
def test_encodings_that_python_reads(tmp_path, content):
    assert "x = 'ä'" in read(tmp_path, content).code


def test_one_cell_that_is_not_python_is_left_for_later(tmp_path):
    assert read_cells(tmp_path, "x = 1", "y = = 2").code == "x = 1\ny = = 2"


def test_no_cell_that_is_python(tmp_path):
    cells = notebook("", "x = = 1", "y = = 2")
    assert_unusable(tmp_path, cells, "syntax-error", r"line 2 \(cell 2\): invalid syntax", 2, "a.ipynb")


@pytest.mark.parametrize(
    ("content", "mistake", "pattern", "line"),
    [
        ("", "empty", "is empty", None),
        (" \n\n", "empty", "is empty", None),
        ("x = 1\nprint 'hello'\n", "syntax-error", "line 2: Missing parentheses", 2),
        ("def f(:\n", "syntax-error", "line 1", 1),
        ("return 5", "syntax-error", "line 1: 'return' outside function", 1),
        ("Dear teacher, here is my work", "syntax-error", "line 1", 1),
        ("(" * 5000, "syntax-error", "line 1", 1),
        (b"\x89PNG\r\n\x1a\n\0\0", "not-python", "not even text", None),
        (b"x = 1\ny = 2\nz = '\xe4'", "not-python", "line 3 is not text in utf-8", 3),
        (b"# coding: klingon\n", "not-python", "unknown encoding", None),
    ],
)
def test_what_is_no_program(tmp_path, content, mistake, pattern, line):
    assert_unusable(tmp_path, content, mistake, pattern, line)


@pytest.mark.parametrize(
    ("content", "mistake", "pattern"),
    [
        ("x = 1", "not-a-notebook", "not a notebook"),
        ("[]", "not-a-notebook", "not a notebook"),
        ('{"cells": 5}', "not-a-notebook", "not a notebook"),
        ('{"cells": [{"cell_type": "code", "source": 5}]}', "not-a-notebook", "not a notebook"),
        ("[" * 100_000, "not-a-notebook", "not a notebook"),
        (notebook(), "no-code-cells", "no code cells"),
        (notebook("", "\n"), "empty", "is empty"),
    ],
)
def test_what_is_no_notebook(tmp_path, content, mistake, pattern):
    assert_unusable(tmp_path, content, mistake, pattern, name="homework.ipynb")


def test_a_file_that_is_too_large_is_not_read(tmp_path):
    path = tmp_path / "large.ipynb"
    with path.open("wb") as file:
        file.truncate(LARGEST + 1)
    with pytest.raises(UnusableFile, match=r"larger than 32 MB\."):
        read_source(path)


def test_what_is_no_file(tmp_path):
    with pytest.raises(UnusableFile, match="is a folder"):
        read_source(tmp_path)
    with pytest.raises(UnusableFile, match="no file"):
        read_source(tmp_path / "missing.py")
    with pytest.raises(UnusableFile, match=r"cannot be read|no file"):
        read_source(tmp_path / ("x" * 5000))


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read(tmp_path):
    path = tmp_path / "secret.py"
    path.write_text("x = 1")
    path.chmod(0)
    with pytest.raises(UnusableFile, match="cannot be read: Permission denied"):
        read_source(path)
