"""Judging files and pieces of code in this process, as the child process of `check` does."""

import sys
import textwrap
from functools import cache

import pytest

from model.homework.judge import judge
from model.homework.source import read_source


@pytest.fixture(scope="session")
def judged(tmp_path_factory):
    """A function that judges a file and returns the report; whoever asks again gets the same one."""

    @cache
    def report(path, content, function):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(sys, "argv", [str(path)])
            return judge(read_source(path), tmp_path_factory.mktemp("stand-ins"), function)

    return lambda path, function=None: report(path, path.read_bytes(), function)


@pytest.fixture(scope="session")
def judged_code(judged, tmp_path_factory):
    """The same for code."""

    @cache
    def written(code):
        path = tmp_path_factory.mktemp("code") / "homework.py"
        path.write_text(textwrap.dedent(code), encoding="utf-8")
        return path

    return lambda code, function=None: judged(written(code), function)


def mistakes(report):
    """The mistakes of a report: name, layer and line of each."""
    return [(f.mistake, f.layer, f.line) for f in report.findings if f.kind == "mistake"]


def remarks(report):
    return [f.mistake for f in report.findings if f.kind == "remark"]
