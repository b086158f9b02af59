"""Reports on their way from the child process, and what `check --json` prints of them."""

import json
from pathlib import Path

import pytest

from model.homework.report import Finding, Mark, Stage, from_message, to_json, to_message, unusable
from model.homework.sandbox import judge_file

EXERCISE = Path(__file__).parent / "exercise"


@pytest.fixture(scope="module")
def stuck():
    return judge_file(EXERCISE / "stuck.ipynb")


def test_a_report_comes_back_as_it_was_sent(stuck):
    again = from_message(json.loads(json.dumps(to_message(stuck))))
    assert again == stuck
    kinds = {type(each) for part in (again.findings, again.stages, again.marks) for each in part}
    assert kinds == {Finding, Stage, Mark}
    assert from_message(to_message(unusable("x.py", "empty", "x.py is empty."))).stages == ()


def test_the_printed_json_has_verdict_and_findings_alone(stuck):
    assert list(to_json(stuck)) == ["file", "verdict", "findings"]
    assert list(to_json(stuck)["findings"][0]) == ["kind", "mistake", "layer", "line", "sentence", "formula"]


def test_lines_are_those_of_the_code(stuck):
    lines = stuck.code.splitlines()
    assert {mark.line for mark in stuck.marks if mark.state == "wrong"} == {f.line for f in stuck.findings if f.line}
    assert lines[54].strip() == "dA3 = (guess * Z3 - guess).reshape(1, 10)"
    assert [number for number, _ in stuck.cells] == list(range(1, 8))
    assert stuck.cells[0] == (1, 1)
    assert all(lines[first - 1].strip() for _, first in stuck.cells)
    assert "Epoch 0" in stuck.prints


def test_a_program_has_no_cells():
    report = judge_file(EXERCISE / "columns.py")
    assert (report.cells, report.code) == ((), (EXERCISE / "columns.py").read_text("utf-8"))


@pytest.mark.parametrize(
    "parts",
    [
        {"more": 1},
        {"findings": [{}]},
        {"findings": None},
        {"verdict": "good"},
        {"cells": [[1]]},
        {"notes": [1]},
        {"code": 1},
    ],
    ids=str,
)
def test_a_message_with_other_parts_is_no_report(stuck, parts):
    with pytest.raises(ValueError, match=r"this is no|zip"):
        from_message(to_message(stuck) | parts)


def test_a_message_that_lacks_a_part_is_no_report(stuck):
    message = to_message(stuck)
    del message["prints"]
    with pytest.raises(ValueError, match="Report"):
        from_message(message)
