"""The command `check`, run as a user runs it, and what it prints of reports."""

import json
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import pytest

from model.homework import check as command
from model.homework.check import WARNING, check
from model.homework.report import Finding, Report, from_message, to_message, unusable

MAIN = Path(__file__).parents[3] / "main.py"
SLOPE = Finding("mistake", "missing-slope", 2, 7, "Line 7 computes δ without σ′(z).", "δ₂ = δ₃ W₃ᵀ ∘ σ′(z₂)")
SIGN = Finding("mistake", "sign", 3, 9, "Line 9 adds.", "W ← W − η ∂L/∂W")
PIXELS = Finding("remark", "pixels-not-scaled", None, None, "Pixels are left at 0…255.", None)
RIGHT = Report("a.py", "right", (), "The backward pass is right.")
WITH_REMARK = Report("b.py", "right", (PIXELS,), "The backward pass is right.", ("tensorflow was replaced.",))
WRONG = Report("c.py", "wrong", (SLOPE, SIGN), "2 mistakes.")
ALSO_WRONG = Report("d.ipynb", "wrong", (SLOPE, SLOPE), "1 mistake.")
UNUSABLE = unusable("e.py", "empty", "e.py is empty.")


@pytest.fixture
def printed(monkeypatch, capsys):
    """What is printed of some reports: exit code, standard output, standard error."""

    def printed(*reports, **options):
        monkeypatch.setattr(command, "judge_files", lambda files, function: iter(reports))
        code = check([Path(report.file) for report in reports], **options)
        return code, *capsys.readouterr()

    return printed


@pytest.mark.parametrize(
    ("reports", "code"),
    [
        ([RIGHT], 0),
        ([RIGHT, WITH_REMARK], 0),
        ([WRONG], 1),
        ([WRONG, RIGHT], 1),
        ([UNUSABLE], 2),
        ([UNUSABLE, WRONG, RIGHT], 2),
    ],
)
def test_the_exit_code_is_that_of_the_worst(printed, reports, code):
    assert printed(*reports)[0] == code
    assert printed(*reports, as_json=True)[0] == code


def test_a_report_in_words(printed):
    _, output, errors = printed(WRONG)
    assert output.splitlines() == [
        "c.py: wrong. 2 mistakes.",
        "  Line 7 computes δ without σ′(z).",
        "      It should be: δ₂ = δ₃ W₃ᵀ ∘ σ′(z₂)",
        "  Line 9 adds.",
        "      It should be: W ← W − η ∂L/∂W",
    ]
    assert errors == f"{WARNING}\n"


def test_remarks_and_notes(printed):
    _, output, _ = printed(WITH_REMARK)
    assert output.splitlines()[1:] == ["  Remark: Pixels are left at 0…255.", "  Note: tensorflow was replaced."]


def test_a_file_that_cannot_be_judged_gets_one_line(printed):
    assert printed(UNUSABLE)[1] == "e.py: unusable. e.py is empty.\n"


def test_several_files_are_summed_up(printed):
    _, output, _ = printed(WRONG, RIGHT, ALSO_WRONG, UNUSABLE, WITH_REMARK)
    assert output.splitlines()[-3:] == [
        "5 files: 2 right, 2 wrong, 1 unusable.",
        "  2 files have missing-slope",
        "  1 file has sign",
    ]


def test_json_is_a_list_of_exactly_what_was_promised(printed):
    _, output, errors = printed(WRONG, WITH_REMARK, as_json=True)
    wrong, with_remark = json.loads(output)
    assert list(wrong) == ["file", "verdict", "findings"]
    assert list(wrong["findings"][0]) == ["kind", "mistake", "layer", "line", "sentence", "formula"]
    assert wrong["findings"] == [asdict(SLOPE), asdict(SIGN)]
    assert with_remark["findings"][0]["line"] is None
    assert errors == f"{WARNING}\n"


@pytest.mark.parametrize("report", [WRONG, WITH_REMARK, UNUSABLE])
def test_a_whole_report_goes_through_json(report):
    assert from_message(json.loads(json.dumps(to_message(report)))) == report


def run(*arguments, folder):
    command = [sys.executable, MAIN, "check", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, timeout=60)


def test_the_command_as_a_whole(tmp_path):
    (tmp_path / "ünïcode.py").write_text("print 'x'\n", encoding="utf-8")
    process = run("ünïcode.py", "missing.py", "--json", folder=tmp_path)
    first, second = json.loads(process.stdout.decode("utf-8"))
    assert process.returncode == 2
    assert process.stderr.decode().splitlines() == [WARNING]
    assert (first["file"], first["verdict"]) == ("ünïcode.py", "unusable")
    assert first["findings"][0]["line"] == 1
    assert second["findings"][0]["mistake"] == "missing-file"


def test_without_a_file_it_shows_the_usage(tmp_path):
    process = run(folder=tmp_path)
    assert process.returncode == 2
    assert process.stderr.decode().startswith("usage: main.py check")


def test_the_files_name_may_be_no_text(tmp_path):
    process = run(b"caf\xe9.py" if sys.platform != "win32" else "café.py", "--json", folder=tmp_path)
    assert json.loads(process.stdout.decode("utf-8"))[0]["findings"][0]["mistake"] == "missing-file"


def test_whoever_reads_may_have_had_enough(tmp_path):
    command = [sys.executable, MAIN, "check", "missing.py"]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdout.close()
        errors = process.stderr.read().decode()
    assert (process.returncode, errors) == (1, f"{WARNING}\n")
