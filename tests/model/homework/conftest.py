"""Judging files and pieces of code in this process, as the child process of `check` does."""

import sys
import textwrap

import pytest

from model.homework.judge import judge
from model.homework.source import read_source


@pytest.fixture
def judged(tmp_path, monkeypatch):
    """A function that judges a file, or code, and returns the report."""

    def report(path, function=None):
        monkeypatch.setattr(sys, "argv", [str(path)])
        folder = tmp_path / "stand-ins"
        folder.mkdir(exist_ok=True)
        return judge(read_source(path), folder, function)

    return report


@pytest.fixture
def judged_code(judged, tmp_path):
    def report(code, function=None):
        path = tmp_path / "homework.py"
        path.write_text(textwrap.dedent(code), encoding="utf-8")
        return judged(path, function)

    return report


def mistakes(report):
    """The mistakes of a report: name, layer and line of each."""
    return [(f.mistake, f.layer, f.line) for f in report.findings if f.kind == "mistake"]


def remarks(report):
    return [f.mistake for f in report.findings if f.kind == "remark"]
