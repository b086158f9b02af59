"""Runs that nobody saved, in sessions that end cleanly and in others that do not."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication, QLabel, QSlider, QWidget
from pytestqt.qtbot import QtBot

from gui.files import unsaved_runs
from gui.files.unsaved_runs import UnsavedRuns
from gui.flow.run_collection import RunCollection
from gui.flow.runs import MOST_RUNS
from gui.flow.scene import Message, Scene
from gui.flow.scheduler import Scheduler
from gui.main_window import MainWindow
from gui.settings import Settings
from model.dataset import Dataset
from model.history import Frame, History
from model.network import Network
from model.storage.run_file import open_run, save_run
from model.training import Progress, TrainingConfig
from tests.gui.conftest import click, settle

PROJECT = Path(unsaved_runs.__file__).parents[2]
CRASHING = """
import os, sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from gui.files.unsaved_runs import UnsavedRuns
from gui.flow.runs import Runs
from gui.flow.scene import Scene
from gui.flow.scheduler import Scheduler
from model.storage.run_file import open_run
application = QCoreApplication([])
folder, run = Path(sys.argv[1]), open_run(sys.argv[2])
unsaved = UnsavedRuns(folder, Scheduler(Scene(runs=Runs((run,)))))
unsaved.write()
while not any(folder.glob("*.npz")):
    application.processEvents()
os._exit(1)
"""
NETWORK = Network.initialize((784, 2, 10))


def frame(samples: int) -> Frame:
    return Frame(Progress(samples, 1 if samples else 0, 1.0, 0.5), NETWORK)


def run_of(samples: int = 10) -> History:
    config = TrainingConfig(epochs=1, layer_sizes=(784, 2, 10))
    return History(config, 2000).with_frames([frame(k) for k in range(samples)])


def version_of(file: Path) -> tuple[int, int]:
    """Another one, once it was written again."""
    return file.stat().st_ino, file.stat().st_mtime_ns


class Session:
    """The runs of a program, and what it writes aside."""

    def __init__(self, qtbot: QtBot, folder: Path) -> None:
        self._qtbot = qtbot
        self._folder = folder
        self.scheduler = Scheduler(Scene())
        self.runs = RunCollection(self.scheduler)
        self.unsaved = UnsavedRuns(folder, self.scheduler)

    @property
    def files(self) -> list[Path]:
        return sorted(self._folder.glob("*.npz"))

    @property
    def notice(self) -> Message | None:
        return self.scheduler.scene.notice

    def add(self, *runs: History) -> None:
        for run in runs:
            self.runs.start(run)
        self.follow()

    def write(self, expected: int) -> list[Path]:
        """Write what is to be written, until there are so many files."""
        self.unsaved.write()
        self.wait_for_files(expected)
        return self.files

    def wait_for_files(self, expected: int) -> None:
        self._qtbot.waitUntil(lambda: len(self.files) == expected)

    def follow(self) -> None:
        while not self.scheduler.is_at_rest:
            QApplication.processEvents()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data" / "unsaved"


@pytest.fixture
def make_session(qtbot: QtBot) -> Iterator[Callable[[Path], Session]]:
    sessions: list[Session] = []

    def make(folder: Path) -> Session:
        sessions.append(Session(qtbot, folder))
        return sessions[-1]

    yield make
    for session in sessions:
        session.unsaved.close()


@pytest.fixture
def session(make_session: Callable[[Path], Session], folder: Path) -> Session:
    return make_session(folder)


def test_a_run_is_written_aside_as_it_is_and_again_when_it_has_changed(qtbot: QtBot, session: Session) -> None:
    session.add(run_of())
    (file,) = session.write(expected=1)
    written = version_of(file)
    assert open_run(file).latest.samples_seen == 9
    session.add(run_of())
    session.write(expected=2)  # one after the other: the first one's turn would have been before
    assert version_of(file) == written
    session.runs.grow([frame(50)])
    session.follow()
    session.unsaved.write()
    qtbot.waitUntil(lambda: sorted(open_run(each).latest.samples_seen for each in session.files) == [9, 50])


def test_what_the_user_saved_or_deleted_is_not_kept(session: Session) -> None:
    saved, deleted = run_of(), run_of()
    session.add(saved, deleted)
    session.runs.end()
    session.write(expected=2)
    session.unsaved.mark_saved(saved)
    session.wait_for_files(1)
    session.runs.remove(deleted)
    session.follow()
    session.wait_for_files(0)
    session.add(run_of(3))
    (file,) = session.write(expected=1)
    assert open_run(file).latest.samples_seen == 2
    session.runs.rename(saved, "changed since it was saved")
    session.follow()
    assert {open_run(each).name for each in session.write(expected=2)} == {
        "rate 0.003 · 2",
        "changed since it was saved",
    }


def test_what_is_saved_in_the_middle_of_writing_it_aside_is_not_kept_either(
    session: Session, may_write: threading.Event
) -> None:
    saved = run_of()
    session.add(saved)
    session.unsaved.write()
    late = threading.Timer(0.05, may_write.set)
    late.start()
    session.unsaved.mark_saved(saved)
    late.join()
    session.add(run_of(3))
    (file,) = session.write(expected=1)
    assert open_run(file).latest.samples_seen == 2


def test_runs_are_written_by_themselves_now_and_then(
    qtbot: QtBot, make_session: Callable[[Path], Session], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unsaved_runs, "INTERVAL", 10)
    session = make_session(folder)
    session.add(run_of())
    qtbot.waitUntil(lambda: len(session.files) == 1)


def test_a_clean_exit_keeps_what_is_not_saved_and_nothing_else(
    session: Session, make_session: Callable[[Path], Session], folder: Path
) -> None:
    saved = run_of(3)
    session.add(run_of(5), saved)
    session.unsaved.write()
    session.unsaved.mark_saved(saved)
    session.runs.grow([frame(50)])  # the active run goes on
    session.add(run_of(7))
    session.runs.remove(session.scheduler.scene.runs.all[0])
    session.unsaved.close()  # in the middle of writing
    seen = sorted(open_run(file).latest.samples_seen for file in make_session(folder).unsaved.orphans())
    assert seen == [6, 50]
    assert len(list(folder.iterdir())) == 2


def test_deleting_a_run_is_for_good_unless_it_is_undone(
    session: Session, make_session: Callable[[Path], Session], folder: Path
) -> None:
    first, second = run_of(5), run_of(7)
    session.add(first, second)
    session.runs.end()
    for run in (first, second):
        session.runs.remove(run)
    session.follow()
    session.notice.act()
    session.unsaved.close()
    (file,) = make_session(folder).unsaved.orphans()
    assert open_run(file).latest.samples_seen == 6


def test_runs_that_make_room_for_others_are_kept_and_the_active_one_stays(
    session: Session, make_session: Callable[[Path], Session], folder: Path
) -> None:
    session.add(run_of(99))
    active = session.scheduler.scene.runs.active_key
    for count in range(MOST_RUNS + 1):
        session.runs.add(run_of(count + 2))
    session.follow()
    assert session.scheduler.scene.runs.active is not None
    assert session.scheduler.scene.runs.active_key is active
    assert len(session.scheduler.scene.runs.all) == MOST_RUNS
    session.unsaved.close()
    seen = sorted(open_run(file).latest.samples_seen for file in make_session(folder).unsaved.orphans())
    assert seen == [*range(3, MOST_RUNS + 2), 98]  # of the 22, the latest 20


def test_what_was_offered_is_not_offered_again_but_stays(
    session: Session, make_session: Callable[[Path], Session], folder: Path
) -> None:
    session.add(run_of())
    session.unsaved.close()
    second = make_session(folder)
    (file,) = second.unsaved.new_orphans()
    assert second.unsaved.new_orphans() == []
    assert second.unsaved.orphans() == [file]
    run = open_run(file)
    second.unsaved.adopt(run, file)
    second.add(run)
    second.unsaved.close()  # recovered, and still not saved
    assert len(make_session(folder).unsaved.new_orphans()) == 1


def test_a_file_that_vanishes_meanwhile_stops_nothing(session: Session, folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / "4711-run-1.npz").symlink_to(folder / "gone")
    assert session.unsaved.new_orphans() == []


def test_runs_of_a_program_that_is_open_are_not_orphans(
    session: Session, make_session: Callable[[Path], Session], folder: Path
) -> None:
    session.add(run_of())
    session.write(expected=1)
    assert make_session(folder).unsaved.orphans() == []
    assert session.unsaved.orphans() == []


def test_runs_of_a_program_that_died_are_orphans_until_they_are_adopted(
    session: Session, make_session: Callable[[Path], Session], folder: Path, tmp_path: Path
) -> None:
    save_run(tmp_path / "given.npz", run_of())
    command = [sys.executable, "-c", CRASHING, str(folder), str(tmp_path / "given.npz")]
    assert subprocess.run(command, cwd=PROJECT, timeout=60).returncode == 1
    (file,) = session.unsaved.orphans()
    assert session.unsaved.orphans() == [file]
    run = open_run(file)
    session.add(run)
    session.unsaved.adopt(run, file)
    assert session.unsaved.orphans() == make_session(folder).unsaved.orphans() == []
    (adopted,) = session.files
    written = version_of(adopted)
    session.add(run_of())
    session.write(expected=2)
    assert version_of(adopted) == written  # it is what it was


def test_a_folder_that_cannot_be_written_to_is_reported_once_and_tried_again(
    make_session: Callable[[Path], Session], tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("in the way")
    session = make_session(tmp_path / "file" / "unsaved")
    session.add(run_of())
    session.unsaved.write()
    assert session.notice.sentence.startswith("Runs that are not saved would be lost at the end:")
    session.scheduler.change(notice=None)
    session.unsaved.write()
    assert session.notice is None
    (tmp_path / "file").unlink()
    session.write(expected=1)


def test_a_file_that_cannot_be_written_is_reported_and_tried_again(
    qtbot: QtBot, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_room(path: Path, run: History) -> None:
        raise OSError(28, "No space left on device")

    session.add(run_of())
    with monkeypatch.context() as full:
        full.setattr("gui.files.run_writer.save_run", no_room)
        session.unsaved.write()
        qtbot.waitUntil(lambda: session.notice is not None)
    assert "No space left on device" in session.notice.sentence
    session.write(expected=1)


@pytest.mark.parametrize("loads_by_itself", [False, True])
def test_the_window_offers_what_a_crash_left_and_opens_it(
    qtbot: QtBot,
    settings: Settings,
    digits: Dataset,
    make_window: Callable[..., MainWindow],
    loads_by_itself: bool,
) -> None:
    folder = settings.data_folder / "unsaved"
    folder.mkdir(parents=True)
    for name in ("4711-a-run-1.npz", "4711-a-run-2.npz"):
        save_run(folder / name, run_of())
    window = make_window(None if loads_by_itself else digits)
    qtbot.waitUntil(lambda: window.scene.dataset is not None, timeout=10000)
    sentence = window.findChild(QLabel, "noticeLabel")
    assert sentence.isVisible()
    assert sentence.text() == "2 runs of earlier sessions were not saved, and are kept."
    click(window.findChild(QWidget, "noticeButton"))
    settle(window)
    assert not sentence.isVisible()
    assert len(window.scene.runs.all) == 2
    assert window.findChild(QSlider, "timelineSlider").value() == 9
    assert len(list(folder.glob("*.npz"))) == 2  # they are as unsaved as they were
    window.close()
    again = make_window()
    assert "2 runs of earlier sessions" in again.findChild(QLabel, "noticeLabel").text()
    click(again.findChild(QWidget, "noticeDismissButton"))
    again.close()
    third = make_window()
    assert not third.findChild(QLabel, "noticeLabel").isVisible()  # asked for once
    next(action for action in third.actions() if action.text() == "Open &Unsaved Runs").trigger()
    settle(third)
    assert len(third.scene.runs.all) == 2


def test_a_run_of_a_later_version_or_one_that_cannot_be_read_now_stays_what_it_is(
    settings: Settings, make_window: Callable[..., MainWindow]
) -> None:
    folder = settings.data_folder / "unsaved"
    folder.mkdir(parents=True)
    later, unreadable = folder / "4711-run-1.npz", folder / "4711-run-2.npz"
    save_run(later, run_of())
    with np.load(later) as arrays:
        np.savez(later, **{**arrays, "run_format": np.array(999)})
    unreadable.mkdir()  # which cannot be opened as a file
    window = make_window()
    click(window.findChild(QWidget, "noticeButton"))
    assert window.scene.runs.all == ()
    assert later.exists()
    assert unreadable.exists()
    window.close()


def test_a_damaged_orphan_is_reported_and_not_offered_again(
    settings: Settings, make_window: Callable[..., MainWindow], make_session: Callable[[Path], Session]
) -> None:
    folder = settings.data_folder / "unsaved"
    folder.mkdir(parents=True)
    save_run(folder / "4711-a-run-1.npz", run_of())
    damaged = folder / "4711-a-run-2.npz"
    damaged.write_bytes((folder / "4711-a-run-1.npz").read_bytes()[:-500])
    window = make_window()
    click(window.findChild(QWidget, "noticeButton"))
    settle(window)
    assert "4711-a-run-2.npz is damaged" in window.findChild(QLabel, "noticeLabel").text()
    assert len(window.scene.runs.all) == 1
    assert make_session(folder).unsaved.orphans() == []
    assert damaged.with_suffix(".damaged").exists()


def test_what_is_not_saved_is_written_at_once_where_somebody_asks(session: Session) -> None:
    session.add(run_of())
    session.unsaved.write_all()
    assert len(session.files) == 1


@pytest.mark.parametrize("content", [b"", b"garbage"])
def test_a_lock_that_names_nobody_holds_for_a_minute(
    session: Session, make_session: Callable[[Path], Session], folder: Path, content: bytes
) -> None:
    session.add(run_of())
    (file,) = session.write(1)
    lock = folder / f"{file.name.partition('-run-')[0]}.lock"
    lock.write_bytes(content)
    other = make_session(folder)
    assert other.unsaved.orphans() == []  # it may be about to say who holds it
    os.utime(lock, (time.time() - 120,) * 2)
    assert other.unsaved.orphans() == [file]
