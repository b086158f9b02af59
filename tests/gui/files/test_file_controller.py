"""Opening and saving runs and networks through the File menu."""

import time
from collections.abc import Callable
from pathlib import Path
from threading import Event

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from gui.settings import Settings
from model.evaluation import evaluate
from model.history import Frame, History
from model.network import Network
from model.network_file import open_network, save_network
from model.storage.run_file import open_run, save_run
from model.training import Progress, TrainingConfig
from tests.gui.conftest import await_accuracy, click, draw_one, settle, train_run

Find = Callable[[str], QWidget]
NETWORK = Network.initialize((784, 2, 10))


@pytest.fixture
def answer(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[str], Path]:
    """Let the dialogs be answered with a file of this name."""

    def with_name(name: str) -> Path:
        for dialog in ("getSaveFileName", "getOpenFileName"):
            monkeypatch.setattr(f"gui.files.file_dialogs.QFileDialog.{dialog}", lambda *_: (str(tmp_path / name), ""))
        return tmp_path / name

    return with_name


def run_of(*samples: int) -> History:
    config = TrainingConfig(epochs=1, layer_sizes=(784, 2, 10))
    return History(config, 2000).with_frames([Frame(Progress(each, 1, 1.0, 0.5), NETWORK) for each in samples])


def press(window: MainWindow, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """A key of the menu, with Ctrl."""
    QTest.keyClick(window, key, Qt.KeyboardModifier.ControlModifier | modifiers)
    settle(window)


def status(find: Find) -> str:
    return find("statusLabel").text()


def notice(find: Find) -> str:
    return find("noticeLabel").text().replace("\u200b", "") if find("noticeLabel").isVisible() else ""


def test_a_run_is_saved_opened_again_and_continued_to_the_same_bits(
    qtbot: QtBot, window: MainWindow, find: Find, answer: Callable[[str], Path]
) -> None:
    train_run(qtbot, window, find, epochs=2)
    run = window.scene.shown
    path = answer("mine")
    press(window, Qt.Key.Key_S)
    qtbot.waitUntil(lambda: status(find) == "saved as mine.npz")
    answer("mine.npz")
    press(window, Qt.Key.Key_O)
    opened = window.scene.shown
    assert status(find) == f"opened mine.npz, a run of {len(run.frames):,} frames"
    assert opened.key is not run.key
    assert [frame.samples_seen for frame in opened.frames] == [frame.samples_seen for frame in run.frames]
    assert open_run(path.with_suffix(".npz")).config == run.config
    window.controllers.playhead.go_to(1000)
    with qtbot.waitSignal(window.training_finished, timeout=30000):
        click(find("continueButton"))
    continued = window.scene.shown.latest.network
    pairs = zip(continued.weights, run.latest.network.weights, strict=True)
    assert all(np.array_equal(*pair) for pair in pairs)


def test_a_run_that_was_opened_is_in_a_file_already_and_not_kept_in_case_of_a_crash(
    qtbot: QtBot,
    settings: Settings,
    make_window: Callable[..., MainWindow],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("gui.files.unsaved_runs.INTERVAL", 10)
    window, folder = make_window(), settings.data_folder / "unsaved"
    save_run(tmp_path / "mine.npz", run_of(0, 1))
    window.controllers.files.open(tmp_path / "mine.npz")
    window.controllers.runs.add(run_of(0, 1, 2))
    qtbot.waitUntil(lambda: any(folder.glob("*.npz")))
    (file,) = folder.glob("*.npz")
    assert len(open_run(file).frames) == 3


def test_the_network_of_the_moment_shown_is_saved_and_opened_with_its_accuracy(
    qtbot: QtBot, window: MainWindow, find: Find, answer: Callable[[str], Path], trained: Network
) -> None:
    window.controllers.runs.add(History(TrainingConfig(), 2000).with_frames([Frame(Progress(7), trained)]))
    path = answer("best.npz")
    press(window, Qt.Key.Key_S, Qt.KeyboardModifier.ShiftModifier)
    assert np.array_equal(open_network(path).weights[0], trained.weights[0])
    assert "saved as best.npz" in status(find)
    press(window, Qt.Key.Key_O)
    await_accuracy(qtbot, window)
    scene = window.scene
    assert (scene.shown, scene.frame_name) == (None, "best.npz")
    on_test = evaluate(trained, scene.dataset.test_images, scene.dataset.test_labels)
    assert find("momentAccuracyLabel").text() == f"test {100 * on_test.accuracy:.2f} %"
    assert status(find) == "best.npz"


def test_saving_while_a_run_is_active_says_that_it_worked(
    qtbot: QtBot, window: MainWindow, find: Find, answer: Callable[[str], Path]
) -> None:
    window.controllers.scheduler.change(speed=50)
    click(find("startButton"))
    path = answer("going on.npz")
    for key in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier):
        path.unlink(missing_ok=True)
        press(window, Qt.Key.Key_S, key)
        qtbot.waitUntil(lambda: status(find) == "saved as going on.npz")
        assert path.exists()
        window.controllers.scheduler.change(status=None)
        qtbot.waitUntil(lambda: "sample" in status(find))


@pytest.mark.parametrize("kind", ["run", "network", "text", "nothing"])
def test_what_cannot_be_opened_is_refused_and_everything_stays(
    qtbot: QtBot, window: MainWindow, find: Find, answer: Callable[[str], Path], kind: str
) -> None:
    path = answer("mine.npz")
    if kind in ("run", "network"):
        save_run(path, run_of(0, 1)) if kind == "run" else save_network(path, NETWORK)
        path.write_bytes(path.read_bytes()[:-1000])
    elif kind == "text":
        path.write_text("no run")
    await_accuracy(qtbot, window)
    before = window.scene
    press(window, Qt.Key.Key_O)
    assert "mine.npz" in notice(find)
    assert notice(find).endswith("Choose another file.")
    assert (window.scene.frame, window.scene.runs) == (before.frame, before.runs)


def test_nothing_is_opened_while_a_run_is_active(window: MainWindow, find: Find, tmp_path: Path) -> None:
    save_run(tmp_path / "mine.npz", run_of(0, 1))
    click(find("stepButton"))
    runs = window.scene.runs.all
    window.controllers.files.open(tmp_path / "mine.npz")
    assert notice(find) == "mine.npz was not opened: a run is active. Stop it first."
    assert [run.key for run in window.scene.runs.all] == [run.key for run in runs]


@pytest.mark.parametrize("modifier", [Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier])
def test_what_cannot_be_saved_is_reported(
    qtbot: QtBot, window: MainWindow, find: Find, answer: Callable[[str], Path], modifier: Qt.KeyboardModifier
) -> None:
    window.controllers.runs.add(run_of(0))
    settle(window)
    path = answer("no such folder/mine.npz")
    press(window, Qt.Key.Key_S, modifier)
    qtbot.waitUntil(lambda: notice(find) != "")
    assert f"could not be saved as {path}: No such file or directory." in notice(find)
    assert "saved as" not in status(find)


def test_the_window_stays_open_where_a_run_could_not_be_saved_and_closes_once_it_was(
    window: MainWindow, find: Find, answer: Callable[[str], Path]
) -> None:
    window.controllers.runs.add(run_of(0, 1, 2))
    settle(window)
    answer("no such folder/mine.npz")
    press(window, Qt.Key.Key_S)
    window.close()
    assert window.isVisible()
    assert "could not be saved" in notice(find)
    path = answer("mine.npz")
    press(window, Qt.Key.Key_S)
    window.close()  # in the middle of saving
    assert not window.isVisible()
    assert len(open_run(path).frames) == 3


def test_without_a_run_nothing_of_it_can_be_saved_or_exported(window: MainWindow) -> None:
    def enabled() -> set[str]:
        return {action.text() for action in window.actions() if action.isEnabled()}

    settle(window)
    before = enabled()
    window.controllers.runs.add(run_of(0))
    settle(window)
    assert enabled() - before >= {
        "&Save Run …",
        "&Curves as a Table …",
        "Run as a Python &Script …",
        "&Plot as a Picture …",
    }
    assert {"Save &Network of This Moment …", "&Open …"} <= before


@pytest.fixture
def may_be_read() -> Event:
    return Event()


@pytest.fixture
def slow_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, may_be_read: Event) -> Path:
    """A run that is read as soon as somebody has looked at how the window waits for it."""

    def open_slowly(path: Path, on_progress: Callable[[], None]) -> History:
        while not may_be_read.wait(0.001):
            on_progress()
        return open_run(path, on_progress)

    monkeypatch.setattr("gui.files.file_controller.open_run", open_slowly)
    save_run(tmp_path / "slow.npz", run_of(0, 1))
    return tmp_path / "slow.npz"


def test_the_window_works_while_a_file_is_read(
    qtbot: QtBot, window: MainWindow, find: Find, slow_file: Path, may_be_read: Event
) -> None:
    before = window.scene.frame.network
    window.controllers.files.open(slow_file)
    qtbot.waitUntil(lambda: status(find) == "Opening slow.npz …")
    draw_one(find("drawingPad"))
    assert find("predictedDigitLabel").text()
    assert window.scene.frame.network is before
    qtbot.waitUntil(lambda: notice(find) == "Opening slow.npz …")
    may_be_read.set()
    qtbot.waitUntil(lambda: window.scene.shown is not None)
    settle(window)
    assert notice(find) == ""
    assert status(find) == "opened slow.npz, a run of 2 frames"


def test_opening_can_be_cancelled(qtbot: QtBot, window: MainWindow, find: Find, slow_file: Path) -> None:
    window.controllers.files.open(slow_file)
    qtbot.waitUntil(lambda: find("noticeButton").isVisible())
    assert find("noticeButton").text() == "Cancel"
    click(find("noticeButton"))
    settle(window)
    assert "Opening" not in status(find)
    save_network(slow_file.with_name("other.npz"), NETWORK)
    window.controllers.files.open(slow_file.with_name("other.npz"))  # after it, in the same thread
    settle(window)
    assert (window.scene.runs.all, window.scene.frame_name) == ((), "other.npz")


def test_closing_does_not_wait_for_a_file(window: MainWindow, slow_file: Path) -> None:
    window.controllers.files.open(slow_file)
    began = time.monotonic()
    window.close()
    assert time.monotonic() - began < 5  # it would be read for ever


def test_a_run_that_is_started_meanwhile_is_not_disturbed(
    window: MainWindow, find: Find, slow_file: Path, may_be_read: Event
) -> None:
    window.controllers.files.open(slow_file)
    click(find("stepButton"))
    may_be_read.set()
    settle(window)
    assert notice(find) == "slow.npz was not opened: a run is active. Stop it first."
    assert len(window.scene.runs.all) == 1
