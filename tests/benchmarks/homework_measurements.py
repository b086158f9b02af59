"""What tests.benchmarks.window_promises measures of the page Your code, and of runs with a mistake on purpose."""

import dataclasses
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject

from gui.flow.scheduler import Part, Urgency
from gui.main_window import MainWindow
from model.homework.chosen_mistake import ChosenMistake
from model.homework.training.step_process import StepProcess
from tests.benchmarks.window_measurements import (
    Figures,
    Lateness,
    click,
    milliseconds_since,
    pass_time,
    percentile,
    ready_window,
    start,
    wait_for,
)

STUCK = Path(__file__).parents[1] / "model" / "homework" / "exercise" / "stuck.ipynb"
SAVES = 5
SECONDS = 8.0  # that a run is watched, at full speed
WARMING_UP = 1000  # milliseconds


def measure_homework(folder: str, _launched: float) -> Figures:
    """From a save to the marks on the screen, from the click on Train it to the first sample, and the run itself."""
    path = Path(shutil.copy(STUCK, folder))
    alone = samples_a_second_alone(path)
    window = ready_window(folder)
    opened = time.perf_counter()
    window.controllers.homework.open(path)
    first = milliseconds_to(window, is_judged, opened)
    saves = [milliseconds_to_judged(window, path, k) for k in range(SAVES)]
    clicked = time.perf_counter()
    click(window, "trainCodeButton")
    ready = milliseconds_to(window, lambda window: window.scene.frame.samples_seen > 0, clicked)
    late, speed = watch_run(window)
    window.close()
    return {
        "judged": max(first, *saves),
        "trains": ready,
        "own_late_p99": percentile(late, 99),
        "own_late_max": max(late),
        "own_speed": 100 * speed / alone,
    }


def measure_mistake(folder: str, _launched: float) -> Figures:
    """The plain loop, which keeps the interpreter busier than the fast one."""
    window = ready_window(folder)
    config = dataclasses.replace(window.scene.config, mistake=ChosenMistake("missing-slope", 1))
    window.controllers.scheduler.change(config=config)
    start(window, epochs=1000)
    late, _ = watch_run(window)
    window.close()
    return {"mistake_late_p99": percentile(late, 99), "mistake_late_max": max(late)}


def watch_run(window: MainWindow) -> tuple[list[float], float]:
    """How late the event loop is at full speed, in milliseconds, and samples a second; the run is stopped then."""
    pass_time(WARMING_UP)
    began, before, lateness = time.perf_counter(), window.scene.frame.samples_seen, Lateness()
    pass_time(round(1000 * SECONDS))
    lateness.stop()
    speed = (window.scene.frame.samples_seen - before) / (time.perf_counter() - began)
    click(window, "stopButton")
    wait_for(window.training_finished)
    return lateness.milliseconds, speed


def samples_a_second_alone(path: Path) -> float:
    """Of the learner's step in its process, with nobody but this loop to ask it."""
    process = StepProcess(path, 0.003)
    process.open()
    process.learn(500)
    began, samples = time.perf_counter(), 0
    while (seconds := time.perf_counter() - began) < SECONDS / 2:
        samples += process.learn(500).samples
    process.end()
    return samples / seconds


def milliseconds_to_judged(window: MainWindow, path: Path, k: int) -> float:
    """Save the file with another comment at its end, as most editors do: under another name first."""
    written = path.with_suffix(".new")
    written.write_text(path.read_text("utf-8").replace('"cells"', " " * (k + 1) + '"cells"', 1), encoding="utf-8")
    before = window.scene.homework.report
    saved = time.perf_counter()
    os.replace(written, path)
    return milliseconds_to(
        window, lambda window: is_judged(window) and window.scene.homework.report is not before, saved
    )


def is_judged(window: MainWindow) -> bool:
    return window.scene.homework is not None and window.scene.homework.is_judged


def milliseconds_to(window: MainWindow, has_come: Callable[[MainWindow], bool], since: float) -> float:
    """Until something is so, and every view that is seen shows it."""
    moments: list[float] = []

    def look(_: object) -> None:
        if has_come(window):
            moments.append(milliseconds_since(since))

    watcher = QObject()
    window.controllers.scheduler.add(watcher, [Part(look, ("homework", "frame"), Urgency.BACKGROUND)])
    while not moments:
        pass_time(2)
    watcher.deleteLater()
    return moments[0]
