"""The programs that tests.benchmarks.faults starts, to let something break in them."""

import gc
import os
import resource
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NoReturn

import numpy as np
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

import model  # noqa: F401  # keeps BLAS to one thread, and so stands before whatever uses NumPy
from gui.ending import Ending
from gui.flow.limits import FASTEST
from gui.flow.scene import Scene, TrainingState
from gui.flow.scheduler import Scheduler
from gui.main_window import MainWindow
from gui.own_digits.collection import Collection
from gui.settings import Settings
from model.history import Frame, History
from model.network import Network
from model.network_file import open_network, save_network
from model.storage.own_digits import OwnDigit, open_digits, save_digits
from model.storage.run_file import open_run, save_run
from model.training import Progress, TrainingConfig

PROJECT = Path(__file__).parents[2]
SETTINGS = "file of settings"
VERSIONS = 4  # that a file is saved in, in turns
SLACK = {"MB": 30.0, "threads": 0.0, "files": 2.0, "objects": 20_000.0}  # that a window may have more of afterwards


@dataclass(frozen=True)
class Kind:
    """What the program saves, in one of some versions, and what tells which version a file has."""

    file_name: str
    save: Callable[[Path, int], None]
    version_of: Callable[[Path], int]


def _network(version: int) -> Network:
    return Network.initialize(seed=version)


def _run(version: int) -> History:
    config = TrainingConfig(seed=version)
    frames = [Frame(Progress(k, min(k, 1), 1.0, 0.5), _network(version)) for k in range(30)]
    return History(config, 60_000).with_frames(frames)


def _version_of_network(network: Network) -> int:
    return next(k for k in range(VERSIONS) if np.array_equal(network.weights[0], _network(k).weights[0]))


def _settings(path: Path, version: int) -> None:
    settings = Settings(path)
    scene = settings.scene()
    settings.remember(replace(scene, config=replace(scene.config, seed=version)), settings.geometry)


KINDS = {
    "network": Kind(
        "network.npz",
        lambda path, version: save_network(path, _network(version)),
        lambda path: _version_of_network(open_network(path)),
    ),
    "run": Kind(
        "run.npz",
        lambda path, version: save_run(path, _run(version)),
        lambda path: _version_of_network(open_run(path).frames[-1].network),
    ),
    "collection": Kind(
        "digits.npz",
        lambda path, version: save_digits(path, [OwnDigit(bytes([k]) * 784, version) for k in range(200)]),
        lambda path: open_digits(path)[-1].label or 0,
    ),
    SETTINGS: Kind("settings.json", _settings, lambda path: Settings(path).scene().config.seed),
}


def is_complete(kind: str, path: Path) -> bool:
    """Whether a file has one of the versions that were saved."""
    return KINDS[kind].version_of(path) in range(VERSIONS)


def save(kind: str, path: str) -> NoReturn:
    """One version after the other, without end."""
    KINDS[kind].save(Path(path), 0)
    _say_ready()
    version = 0
    while True:
        version = (version + 1) % VERSIONS
        KINDS[kind].save(Path(path), version)


def save_once(kind: str, path: str) -> None:
    """Say what came of it."""
    try:
        KINDS[kind].save(Path(path), 2)
    except OSError as error:
        print(f"OSError: {error}", flush=True)


def keep(path: str, first: str) -> None:
    """A hundred digits in a collection."""
    application = QApplication([])
    collection = Collection(Path(path), Scheduler(Scene()))
    _say_ready()
    for k in range(int(first), int(first) + 100):
        collection.keep(np.full((28, 28), k / 255, np.float32), k % 10)
    del application


def train(folder: str) -> None:
    """A window at full speed."""
    window, application = _window(folder), QApplication.instance()
    assert isinstance(application, QApplication)
    ending = Ending(application, window.keep_unsaved, window.end)
    _start(window)
    _wait_until(lambda: window.scene.frame.samples_seen > 0)
    _say_ready()
    ending.leave(application.exec())


def cycles(folder: str, times: str) -> None:
    """Start, stop, fork and delete runs, and print what there is more of afterwards."""
    window = _window(folder)
    for k in range(int(times) + 10):
        if k == 10:  # whatever is made once is there now
            before = _counts()
        _start(window)
        _wait_until(lambda: window.scene.frame.samples_seen > 500)
        _stop(window)
        window.controllers.playhead.step(-1)
        window.controllers.training.continue_from_here()
        _wait_until(lambda: window.scene.training is TrainingState.RUNNING)
        _stop(window)
        for run in window.scene.runs.all:
            window.controllers.runs.remove(run)
    _print_growth(before)
    window.end()
    os._exit(0)


def minutes(folder: str, number: str) -> None:
    """A run at full speed for so long."""
    window = _window(folder)
    window.controllers.scheduler.change(config=TrainingConfig(epochs=1000))
    _start(window)
    _pass(60_000)  # the frames of a run have their memory then
    before = _counts()
    _pass(60_000 * max(1, int(number) - 1))
    _print_growth(before)
    window.end()
    os._exit(0)


def _window(folder: str) -> MainWindow:
    QApplication([])
    window = MainWindow(Settings(Path(folder) / "settings.json"))
    window.show()
    window.controllers.scheduler.change(speed=FASTEST)
    _wait_until(lambda: window.scene.can_start)
    return window


def _start(window: MainWindow) -> None:
    window.controllers.training.start()


def _stop(window: MainWindow) -> None:
    window.controllers.training.stop()
    _wait_until(lambda: window.scene.training is TrainingState.IDLE)


def _wait_until(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + 60
    while not condition():
        if time.monotonic() > until:
            sys.exit("Waited in vain.")
        _pass(5)


def _pass(milliseconds: int) -> None:
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def _counts() -> dict[str, float]:
    _pass(500)
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return {
        "MB": pages * resource.getpagesize() / 2**20,
        "threads": threading.active_count(),
        "files": len(os.listdir("/proc/self/fd")),
        "objects": len(gc.get_objects()),
    }


def _print_growth(before: dict[str, float]) -> None:
    for name, after in _counts().items():
        print(name, f"{before[name]:.0f}", f"{after:.0f}", SLACK[name], flush=True)


def _say_ready() -> None:
    print("ready", flush=True)


PROGRAMS: dict[str, Callable[..., None]] = {
    "save": save,
    "save-once": save_once,
    "keep": keep,
    "train": train,
    "cycles": cycles,
    "minutes": minutes,
}

if __name__ == "__main__":
    PROGRAMS[sys.argv[1]](*sys.argv[2:])
