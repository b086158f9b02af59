"""What a file prints: kept up to its first step and up to a limit, whatever becomes of the file."""

import textwrap
from pathlib import Path

import pytest

from model.homework.running.console import MORE, MOST, Console, Prints
from model.homework.sandbox import Limits, judge_file
from tests.model.homework.mistaken_programs import LOOP, PREPARATION, STEP

EXERCISE = Path(__file__).parents[1] / "exercise"


@pytest.fixture
def printed(tmp_path):
    """A function that has a program judged in a process of its own; what the report says that it printed."""

    def printed(program, limits=Limits(), name="homework.py"):  # noqa: B008
        path = tmp_path / name
        path.write_text(textwrap.dedent(program), encoding="utf-8")
        return judge_file(path, limits=limits)

    return printed


def test_all_that_is_short_is_kept():
    console = Console()
    print("η = 0.003", file=console)
    console.write("no end of line")
    assert console.content == "η = 0.003\nno end of line"


@pytest.mark.parametrize("letter", ["x", "σ", "💡"])
def test_what_is_long_is_kept_up_to_a_limit_and_ends_in_a_whole_letter(letter):
    console = Console()
    console.write("!" + letter * MOST)
    kept, more = console.content[: -len(MORE)], console.content[-len(MORE) :]
    assert more == MORE
    assert set(kept) == {"!", letter}
    assert MOST - 4 < len(kept.encode()) <= MOST


def test_what_fits_exactly_is_all_there_is():
    console = Console()
    console.write("x" * MOST)
    assert console.content == "x" * MOST
    console.write("x")
    assert console.content.endswith(MORE)


def test_nothing_is_kept_while_it_is_muted():
    is_muted = False
    console = Console(lambda: is_muted)
    console.write("before ")
    is_muted = True
    console.write("meanwhile ")
    is_muted = False
    console.write("after")
    assert console.content == "before after"


def test_of_several_runs_the_last_one_counts():
    prints = Prints()
    assert prints.text == ""
    prints.start(lambda: False).write("first")
    console = prints.start(lambda: False)
    assert prints.text == ""
    console.write("second")
    console.close()
    assert prints.text == "second"


def test_both_outputs_are_kept_and_no_step_of_the_investigation(printed):
    loop = "    print('a turn of the loop')\n"
    program = f"import sys\nprint('to one')\nprint('to the other', file=sys.stderr)\n{PREPARATION}{STEP}{LOOP}{loop}"
    report = printed(program)
    assert report.verdict == "right"
    before, *turns = report.prints.removeprefix("to one\nto the other\n").splitlines()
    assert report.prints.startswith("to one\nto the other\n")
    assert {before, *turns} == {"a turn of the loop"}
    assert len(turns) < 3


def test_a_function_that_is_called_prints_nothing_into_it(printed):
    right = (EXERCISE / "right.py").read_text("utf-8")
    noisy = right.replace("    hidden = [image]", "    print('called')\n    hidden = [image]")
    report = printed(f"{noisy}\nprint('end')")
    assert report.verdict == "right"
    assert report.prints == "end\n"


def test_prints_without_end_are_cut_and_say_so(printed):
    program = "while True:\n    print('x' * 99)"
    report = printed(program, Limits(seconds=1.0))
    (finding,) = report.findings
    assert (finding.mistake, report.code, report.cells) == ("endless-loop", program, ())
    assert report.prints.endswith(MORE)
    assert len(report.prints) == MOST + len(MORE)


@pytest.mark.parametrize(
    ("end", "mistake"),
    [
        ("1 / 0", "exception"),
        ("exit()", "ended-itself"),
        ("input()", "asks-for-input"),
        ("np.ones((2, 3)) @ np.ones((2, 3))", "wrong-shape"),
        ("", "nothing-to-judge"),
    ],
)
def test_a_file_without_a_step_shows_its_code_and_what_it_printed(printed, end, mistake):
    program = f"import numpy as np\nprint('Epoch 0')\n{end}"
    report = printed(program)
    assert [finding.mistake for finding in report.findings] == [mistake]
    assert (report.code, report.cells, report.stages, report.marks) == (program, (), (), ())
    assert report.prints == "Epoch 0\n"


def test_a_file_that_is_not_python_shows_the_line_that_is_none(printed):
    report = printed("print('never')\nx = = 1")
    (finding,) = report.findings
    assert (finding.mistake, finding.line) == ("syntax-error", 2)
    assert report.code.splitlines()[finding.line - 1] == "x = = 1"
    assert report.prints == ""


def test_a_file_that_cannot_be_read_has_no_code(tmp_path):
    (tmp_path / "binary.py").write_bytes(b"\0\1")
    report = judge_file(tmp_path / "binary.py")
    assert (report.verdict, report.code, report.prints) == ("unusable", "", "")
