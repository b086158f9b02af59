"""What the program promises of its speed and memory, measured in the real window. Run by hand, on an idle machine:

    python -m tests.benchmarks.window_promises [--runs 3] [--only launch training ...]

Takes some minutes. Every measurement opens a window of its own, in a process of its own, on whatever platform Qt finds
(QT_QPA_PLATFORM=offscreen works too). Within a run, the worst of all repetitions counts, or what the promise names. A
promise is met if the worst run meets it; "median only" says that the median of the runs does, but not the worst.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks import measurements
from tests.benchmarks.measurements import MEASUREMENTS
from tests.benchmarks.report import OtherPrograms, table
from tests.benchmarks.window_measurements import Figures

MODULE = "tests.benchmarks.window_promises"
PROJECT = Path(__file__).parent.parent.parent
FLAT = 10  # MB


@dataclass(frozen=True)
class Promise:
    """A line of the report."""

    figure: str  # what a measurement calls it
    text: str
    wanted: float
    unit: str
    at_least: bool = False

    def is_met(self, value: float) -> bool:
        return value >= self.wanted if self.at_least else value <= self.wanted

    def worst(self, values: list[float]) -> float:
        return min(values) if self.at_least else max(values)


PROMISES = (
    Promise("visible", "from launch to a visible window", 1000, "ms"),
    Promise("start_works", "from launch to the moment that Start works", 1500, "ms"),
    Promise("late_p99", "full speed: event loop late, 99th percentile", 20, "ms"),
    Promise("late_max", "full speed: event loop late, ever", 50, "ms"),
    Promise("speed", "training speed in the window, of that without", 80, "%", at_least=True),
    Promise("refreshes", "views refreshed while training", 10, "/s", at_least=True),
    Promise("pause", "from Pause to views at rest", 100, "ms"),
    Promise("stop", "from Stop to the end of the run", 100, "ms"),
    Promise("close", "from closing the window to the end of its threads", 100, "ms"),
    Promise("pen_idle_median", "pen to bars on any page, idle, median", 8, "ms"),
    Promise("pen_idle_p99", "pen to bars on any page, idle, 99th percentile", 16, "ms"),
    Promise("pen_training_median", "pen to bars on any page, full speed, median", 8, "ms"),
    Promise("pen_training_p99", "pen to bars on any page, full speed, 99th percentile", 16, "ms"),
    Promise("page_idle_p99", "pen to all of a page, idle, 99th percentile", 50, "ms"),
    Promise("page_training_p99", "pen to all of a page, full speed, 99th percentile", 50, "ms"),
    Promise("step_median", "from Step to the next update on the screen, median", 50, "ms"),
    Promise("step_worst", "from Step to the next update on the screen, ever", 50, "ms"),
    Promise("judged", "from a save to the marks of the page Your code, ever", 2000, "ms"),
    Promise("trains", "from Train it to its first sample", 5000, "ms"),
    Promise("own_late_p99", "own code at full speed: event loop late, 99th percentile", 20, "ms"),
    Promise("own_late_max", "own code at full speed: event loop late, ever", 50, "ms"),
    Promise("own_speed", "own code's speed in the window, of that without", 80, "%", at_least=True),
    Promise("mistake_late_p99", "a mistake at full speed: event loop late, 99th percentile", 20, "ms"),
    Promise("mistake_late_max", "a mistake at full speed: event loop late, ever", 50, "ms"),
    Promise("memory_peak", "memory, peak over 3 epochs", 350, "MB"),
    Promise("memory", "memory after 3 epochs", 350, "MB"),
    Promise("growth", "memory gained from epoch 1 to 10, beside the frames", FLAT, "MB"),
    Promise("drags_a_second", "timeline: moves drawn in all views", 30, "/s", at_least=True),
    Promise("drag_p99", "timeline: a move until it is drawn, 99th percentile", 33, "ms"),
    Promise("accuracy", "timeline: from a rest to the test accuracy of that moment", 150, "ms"),
    Promise("answers", "a drawing's answers over 300 frames", 50, "ms"),
    Promise("keeping", "keeping frames, of the training time", 3, "%"),
    Promise("long_frames", "frames of a run of 100 epochs", 64, "MB"),
    Promise("long_memory", "memory, peak over 100 epochs", 350, "MB"),
)


def measure_in_child(name: str, bytecode: str) -> tuple[str, Figures]:
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": bytecode}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    command = [sys.executable, "-m", measurements.__name__, name, repr(time.monotonic())]
    child = subprocess.run(command, cwd=PROJECT, env=environment, stdout=subprocess.PIPE, check=True)
    answer = json.loads(child.stdout.splitlines()[-1])
    return answer["platform"], answer["figures"]


def measure_all(names: list[str], runs: int) -> tuple[str, dict[str, list[float]]]:
    """The platform, and what each figure was in each run."""
    measured: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as bytecode:
        platform, _ = measure_in_child("launch", bytecode)  # compiles every module; the next launch need not
        for run in range(runs):
            for name in names:
                print(f"run {run + 1} of {runs}: {name} …", file=sys.stderr, flush=True)
                _, figures = measure_in_child(name, bytecode)
                for figure, value in figures.items():
                    measured.setdefault(figure, []).append(value)
    return platform, measured


def verdict(promise: Promise, values: list[float]) -> str:
    if promise.is_met(promise.worst(values)):
        return "yes"
    return "median only" if promise.is_met(statistics.median(values)) else "no"


def report(measured: dict[str, list[float]]) -> str:
    rows = [("promise", "wanted", "median", "worst", "met")]
    for promise in PROMISES:
        if values := measured.get(promise.figure):
            sign = "≥" if promise.at_least else "≤"
            numbers = (statistics.median(values), promise.worst(values))
            rows.append(
                (
                    promise.text,
                    f"{sign} {promise.wanted:,.0f} {promise.unit}",
                    *(f"{number:,.1f}" for number in numbers),
                    verdict(promise, values),
                )
            )
    return table(rows, "<>>><")


def main() -> None:
    parser = argparse.ArgumentParser(prog=f"python -m {MODULE}", description="Measures what the window promises.")
    parser.add_argument("--runs", type=int, default=3, metavar="N", help="default: %(default)s")
    parser.add_argument("--only", nargs="+", choices=MEASUREMENTS, default=list(MEASUREMENTS), metavar="NAME")
    options = parser.parse_args()
    others = OtherPrograms()
    platform, measured = measure_all(options.only, max(1, options.runs))
    version = ".".join(map(str, sys.version_info[:3]))
    print(f"Qt platform {platform}, Python {version}, {options.runs} runs, {os.cpu_count()} processors,")
    print(f"of which other programs used {others} meanwhile\n")
    print(report(measured))


if __name__ == "__main__":
    main()
