"""The command `check`: judges files in the terminal."""

from __future__ import annotations

import io
import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from model.homework.report import Finding, Report, to_json
from model.homework.sandbox import judge_files

EXIT_CODES = {"right": 0, "wrong": 1, "unusable": 2}
WARNING = "check runs the code of these files on this computer, with your rights."


def check(files: Sequence[Path], function: str | None = None, as_json: bool = False) -> int:
    """Judge files and print the reports; the exit code says what the worst of them is."""
    print(WARNING, file=sys.stderr, flush=True)
    if isinstance(sys.stdout, io.TextIOWrapper):  # whatever the system's encoding is, and the names of the files are
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
    reports = []
    for report in judge_files(files, function):
        reports.append(report)
        if not as_json:
            print("\n".join(_lines(report)), flush=True)
    if as_json:
        print(json.dumps([to_json(report) for report in reports], indent=2), flush=True)
    elif len(reports) > 1:
        print("\n".join(["", *_summary(reports)]), flush=True)
    return max(EXIT_CODES[report.verdict] for report in reports)


def _lines(report: Report) -> Iterator[str]:
    """The verdict, and under it what was found, line by line of the file."""
    yield f"{report.file}: {report.verdict}. {report.summary}"
    for finding in report.findings:
        if finding.sentence != report.summary:
            yield from _lines_of_finding(finding)
    for note in report.notes:
        yield f"  Note: {note}"


def _lines_of_finding(finding: Finding) -> Iterator[str]:
    yield f"  {'Remark: ' if finding.kind == 'remark' else ''}{finding.sentence}"
    if finding.formula is not None:
        yield f"      It should be: {finding.formula}"


def _summary(reports: Sequence[Report]) -> Iterator[str]:
    """What a teacher asks: how many are right, and how many have which mistake."""
    verdicts = Counter[str](report.verdict for report in reports)
    yield f"{len(reports)} files: " + ", ".join(f"{verdicts[verdict]} {verdict}" for verdict in EXIT_CODES) + "."
    files_with = Counter(mistake for report in reports for mistake in _mistakes(report))
    for mistake, files in sorted(files_with.items(), key=lambda item: (-item[1], item[0])):
        yield f"  {files} {'file has' if files == 1 else 'files have'} {mistake}"


def _mistakes(report: Report) -> Iterable[str]:
    return {finding.mistake for finding in report.findings if finding.kind == "mistake"}
