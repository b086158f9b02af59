"""How good the judge of `main.py check` is.

Right files in many conventions (tests/model/homework/right) are made wrong by changing their syntax trees: every
mistake of the catalogue wherever it applies, alone and in pairs. Measured are the shares of mistakes that are named (at
the right layer), of those found in the right line, of pairs both named, of wrong files with a mistake that is not in
them ("beside"), false alarms on right files and on changes that alter nothing, and the seconds that a file takes.

    python -m tests.benchmarks.judging [--most N] [--convention NAME] [--mistake NAME] [--process]
"""

import argparse
import multiprocessing
import os
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from tests.benchmarks.mutants.cases import Draft, conventions, drafts_of, made, right_drafts, sampled
from tests.benchmarks.mutants.scores import Outcome, by_convention, by_mistake, described, false_alarms, keep
from tests.benchmarks.mutants.verification import Ending, complaint, run
from tests.benchmarks.report import OtherPrograms, table

SECONDS = 20  # for a file
FILES_PER_WORKER = 50  # then a new one, so that nothing that a file leaves behind reaches many others
Result = TypeVar("Result")


def main() -> None:
    options = read_options()
    drafts = chosen_drafts(options)
    if options.list:
        print_list(drafts)
    elif options.verify:
        verify(drafts, options.workers)
    else:
        measure(drafts, options)


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--most", type=int, metavar="N", help="a sample of N files instead of all")
    parser.add_argument("--convention", action="append", metavar="NAME", help="only this one; may be repeated")
    parser.add_argument("--mistake", action="append", metavar="NAME", help="only files with it; may be repeated")
    parser.add_argument("--pairs", type=int, default=100, metavar="N", help="pairs in each convention")
    parser.add_argument("--workers", type=int, default=2, metavar="N")
    parser.add_argument("--process", action="store_true", help="through the sandbox, as the command does")
    parser.add_argument("--failures", type=int, default=0, metavar="N", help="describe the first N failures")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="write failures and their files to a folder")
    parser.add_argument("--list", action="store_true", help="only print what would be judged")
    parser.add_argument("--verify", action="store_true", help="only run the files, to check what they do")
    return parser.parse_args()


def chosen_drafts(options: argparse.Namespace) -> list[Draft]:
    every = [
        *right_drafts(),
        *(draft for convention in conventions() for draft in drafts_of(convention, options.pairs)),
    ]
    if options.convention:
        every = [draft for draft in every if draft.convention in options.convention]
    if options.mistake:
        every = [draft for draft in every if _mistakes(draft) & set(options.mistake)]
    return sampled(every, options.most)


def _mistakes(draft: Draft) -> set[str]:
    return {name for mutation in draft.mutations for expected in mutation.expected for name in expected.names}


def print_list(drafts: list[Draft]) -> None:
    for draft in drafts:
        print(f"{draft.convention}  {draft.kind}  {' '.join(draft.name.split())}")
    kinds = Counter((draft.convention, draft.kind) for draft in drafts)
    names = dict.fromkeys(draft.convention for draft in drafts)
    head = ("right", "neutral", "single", "pair")
    rows = [[name, *(str(kinds[name, kind]) for kind in head)] for name in names]
    sums = Counter(draft.kind for draft in drafts)
    print(table([["", *head], *rows, ["all", *(str(sums[kind]) for kind in head)]], "<>>>>"))
    mistakes = Counter(name for draft in drafts for name in _mistakes(draft))
    print(table([["mistake", "files"], *([name, str(count)] for name, count in sorted(mistakes.items()))], "<>"))
    cells = {(draft.convention, name) for draft in drafts for name in _mistakes(draft)}
    print(f"{len(cells)} combinations of a convention and a mistake")


def measure(drafts: list[Draft], options: argparse.Namespace) -> None:
    others = OtherPrograms()
    judged = judged_by_sandbox if options.process else judged_here
    outcomes = list(in_pool(judged, drafts, options.workers))
    print(table(by_convention(outcomes), "<>>>>>>>>"), end="\n\n")
    print(table(by_mistake(outcomes), "<>>>>>>>>"), end="\n\n")
    print(table(false_alarms(outcomes), "<>>>"))
    print(f"\nOther programs took {others} of the processors' time.")
    failures = [outcome for outcome in outcomes if outcome.failed]
    for number, outcome in enumerate(failures[: options.failures]):
        print(described(outcome))
        if options.keep:
            keep(outcome, number, options.keep)


def in_pool(work: Callable[[Draft], Result], drafts: Iterable[Draft], workers: int) -> Iterator[Result]:
    context = multiprocessing.get_context("fork")
    with context.Pool(workers, initializer=_mute, maxtasksperchild=FILES_PER_WORKER) as pool:
        yield from pool.imap(work, drafts)


def _mute() -> None:
    """What the files print goes nowhere, and they get no arguments."""
    sys.argv = sys.argv[:1]
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)


def judged_here(draft: Draft) -> Outcome:
    """In this process. The time starts when the file has been written."""
    from model.homework.judge import judge
    from model.homework.source import read_source

    def judged(path: Path, folder: Path) -> Any:
        return judge(read_source(path), folder)

    return _judged(draft, judged)


def judged_by_sandbox(draft: Draft) -> Outcome:
    from model.homework.sandbox import judge_file

    return _judged(draft, lambda path, _: judge_file(path))


def _judged(draft: Draft, judged: Callable[[Path, Path], Any]) -> Outcome:
    case = made(draft)
    report = error = None
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as scratch:
        path = case.write(Path(folder))
        began = time.perf_counter()
        signal.signal(signal.SIGALRM, _time_over)
        signal.alarm(SECONDS)
        try:
            report = judged(path, Path(scratch))
        except (Exception, SystemExit, TimeOverError) as exception:
            error = f"{type(exception).__name__}: {exception}"
        finally:
            signal.alarm(0)
    return Outcome(case, report, error, time.perf_counter() - began)


class TimeOverError(BaseException):
    """Not an Exception: the file that is judged, and the judge, may catch those."""


def _time_over(*_: object) -> None:
    raise TimeOverError


def verify(drafts: list[Draft], workers: int) -> None:
    complaints = zip(drafts, in_pool(_complaint, drafts, workers), strict=True)
    found = [f"{draft.convention}, {draft.kind}: {draft.name}: {text}" for draft, text in complaints if text]
    print("\n".join(found))
    print(f"{len(drafts)} files, {len(found)} complaints")


def _complaint(draft: Draft) -> str | None:
    right = None if draft.kind == "right" else _ending_of_right_file(draft.convention, draft.file)
    return complaint(made(draft), right)


@cache
def _ending_of_right_file(convention: str, file: str) -> Ending:
    return run(made(Draft(convention, file, "right", file)))


if __name__ == "__main__":
    main()
