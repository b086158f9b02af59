"""Judging a file in the process that it runs in."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Literal

import numpy as np

from model.homework.digits import Digits, first_digits
from model.homework.investigating.calling import Caller
from model.homework.investigating.calls import Training
from model.homework.investigating.investigation import Investigation
from model.homework.investigating.labels import KnownDigits
from model.homework.investigating.trials import Evidence
from model.homework.judging.case import Case
from model.homework.judging.explanation import likeliest_explanations, wrongness
from model.homework.judging.findings import Findings
from model.homework.judging.marks import marks_of
from model.homework.judging.stages import judge_stages
from model.homework.report import Finding, Report
from model.homework.running.console import Prints
from model.homework.running.instrument import Place
from model.homework.running.program import Failure, Program, Run
from model.homework.source import Source, UnusableFile
from model.homework.stand_ins import stand_in

BeginTraining = Callable[[Program, KnownDigits], Training]

# Training and test digits: few are fast, and no layer is likely to have as many neurons.
NUMBERS = (307, 71), (2003, 503), (60_000, 10_000)
NOTHING = (
    "No step was found in it that changes the weights of a network, or returns gradients. What is looked for are "
    "weights in NumPy's matrices, of a network with several outputs, and digits or labels to learn from."
)
SHAPES = re.compile(r"shape|broadcast|dimension|aligned|matmul", re.I)


def judge(source: Source, folder: Path, function: str | None = None, prints: Prints | None = None) -> Report:
    """Run a learner's file and judge its step; `prints` gets what the file prints. May raise UnusableFile."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        program, run, replaced = _run(source, folder, function, NUMBERS, prints=prints)
        if run.found is None:
            return _without_step(source, run)
        return _report(source, program, run, replaced)


def train(source: Source, folder: Path, function: str | None, begin: BeginTraining) -> Failure | None:
    """Run a learner's file up to its step and train with that; what ended it, if it was an exception of the file's.

    What the step does is found out with few digits, where that goes: a batch of all of them would take minutes. May
    raise UnusableFile.
    """
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        _, quick, _ = _run(source, folder, function, NUMBERS[:-1])
        _, run, _ = _run(source, folder, function, NUMBERS[-1:], quick.found, begin)
        if run.found is None:
            raise UnusableFile("nothing-to-train", _without_step(source, run).summary)
        return run.failures[-1] if run.failures else None


def _run(
    source: Source,
    folder: Path,
    function: str | None,
    tried_numbers: Sequence[tuple[int, int]],
    step: Evidence | None = None,
    begin_training: BeginTraining | None = None,
    prints: Prints | None = None,
) -> tuple[Program, Run, list[str]]:
    """With few digits first, and with more where it fails, as a program may count on their number.

    Shapes that do not fit, twice the same ones, have another reason. A `step` is what was found in the file before.
    """
    before: list[str] | None = None
    for numbers in tried_numbers:
        digits, part = first_digits(*numbers), folder / str(numbers[0])
        part.mkdir(exist_ok=True)
        known = _known(digits)
        with stand_in(digits, part) as replaced:
            program, run = _run_to_step(source, known, step, begin_training, prints)
            failures = [f"{failure.line} {failure}" for failure in run.failures]
            same_misfit = failures == before and _misfit(run) is not None
            is_last = not failures or same_misfit or numbers == tried_numbers[-1]
            before = failures
            if function is not None or (run.found is None and is_last and _misfit(run) is None):
                with program.callable():
                    caller = Caller(program, known, wrongness, function)
                    if function is not None and not caller.candidates():
                        raise UnusableFile("no-such-function", f"There is no function {function} in it.")
                    run.found = step if step is not None and step.function is not None else caller.evidence()
                    if run.found is not None and begin_training is not None:
                        training = begin_training(program, known)
                        run.failures = caller.train(run.found, training, len(digits.train_images)).failures
        if run.found is not None or is_last:
            break
    return program, run, replaced


def _run_to_step(
    source: Source,
    known: KnownDigits,
    step: Evidence | None,
    begin_training: BeginTraining | None,
    prints: Prints | None,
) -> tuple[Program, Run]:
    """Run the file; if it comes to no step, again for one that changes nothing."""
    for demand_change in (True, False):
        program = Program(source, prints)
        training = begin_training(program, known) if begin_training is not None else None
        investigation = Investigation(program.recorder, known, wrongness, demand_change, training is None, step)
        run = program.run(investigation, demand_change, training.in_loop if training is not None else None)
        if run.found is not None or _misfit(run) is not None:
            break
    return program, run


def _known(digits: Digits) -> KnownDigits:
    images = np.concatenate([digits.train_images, digits.test_images])
    labels = np.concatenate([digits.train_labels, digits.test_labels])
    return KnownDigits(images.reshape(len(images), -1), labels.astype(int))


def _misfit(run: Run) -> Failure | None:
    """The failure that came about because arrays of different shapes met."""
    failures = (f for f in run.failures if isinstance(f.error, ValueError) and f.line and SHAPES.search(f.text))
    return next(failures, None)


def _without_step(source: Source, run: Run) -> Report:
    """A file whose shapes do not fit is wrong; of any other there is only to say why it could not be judged."""
    failure: Failure | None = run.failures[0] if run.failures else None
    if failure is None:
        raise UnusableFile("nothing-to-judge", NOTHING)
    if isinstance(failure.error, SystemExit | EOFError):
        raise failure.error
    misfit = _misfit(run)
    if misfit is not None:
        findings = Findings(source)
        place = Place(str(source.path), misfit.line or 0, "", "")
        findings.add("mistake", "wrong-shape", f"The shapes do not fit ({misfit.text}).", None, place)
        return Report(str(source.path), "wrong", findings.sorted(), "It stops where shapes do not fit.")
    where = f" in {source.place(failure.line)}" if failure.line else ""
    raise UnusableFile("exception", f"It stops{where}: {failure}.", failure.line)


def _report(source: Source, program: Program, run: Run, replaced: list[str]) -> Report:
    evidence: Evidence = run.found
    findings = Findings(source)
    case = Case(evidence, likeliest_explanations(evidence), program.recorder, findings)
    stages = judge_stages(case)
    found = findings.sorted()
    mistakes = [finding for finding in found if finding.kind == "mistake"]
    verdict: Literal["right", "wrong"] = "wrong" if mistakes else "right"
    summary = _what_is_wrong(mistakes) if mistakes else _what_is_right(evidence)
    return Report(
        str(source.path),
        verdict,
        found,
        summary,
        tuple(_notes(source, run, replaced)),
        stages,
        marks_of(case, str(source.path)),
    )


def _what_is_wrong(mistakes: Sequence[Finding]) -> str:
    lines = len({mistake.line for mistake in mistakes if mistake.line})
    where = f" in {lines} line{'s' if lines > 1 else ''}" if lines else ""
    return f"{len(mistakes)} mistake{'s' if len(mistakes) > 1 else ''}{where}."


def _what_is_right(evidence: Evidence) -> str:
    """The stages that are right; those that the file does not have are said to be missing."""
    has = {
        "initial weights": not evidence.chosen_weights,
        "forward pass": True,
        "backward pass": True,
        "update": not evidence.returned,
    }
    right = [stage for stage, is_there in has.items() if is_there]
    missing = [f"no {stage}" for stage, is_there in has.items() if not is_there]
    lacking = f" The file has {' and '.join(missing)}." if missing else ""
    return f"Nothing is wrong with {', '.join(right)}.{lacking}"


def _notes(source: Source, run: Run, replaced: list[str]) -> Iterator[str]:
    if run.found.function is not None:
        yield f"No loop in it comes to a step, so {run.found.function} was called; use --function to choose another."
    for left_out in source.left_out:
        yield f"Left out, {source.place(left_out.line)}: {left_out.text}"
    for failure in run.failures:
        where = source.place(failure.line) if failure.line else "a cell"
        yield f"{where} stops: {failure}"
    if replaced:
        yield f"Replaced: {', '.join(dict.fromkeys(replaced))}"
