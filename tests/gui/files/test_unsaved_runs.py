import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from gui.files import unsaved_runs
from gui.files.unsaved_runs import UnsavedRuns
from gui.main_window import MainWindow
from gui.playhead import Runs
from gui.settings import Settings
from model.dataset import Dataset
from model.history import Frame, History
from model.network import Network
from model.storage.run_file import open_run, save_run
from model.training import Progress, TrainingConfig

PROJECT = Path(unsaved_runs.__file__).parents[2]
CRASHING = """
import os, sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from gui.files.unsaved_runs import UnsavedRuns
from gui.playhead import Runs
from model.storage.run_file import open_run
application = QCoreApplication([])
run = open_run(sys.argv[2])
unsaved = UnsavedRuns(Path(sys.argv[1]))
unsaved.show_runs(Runs((run,), run))
unsaved.write()
unsaved._writer.finish()
os._exit(1)
"""


def a_run(samples: int = 10) -> History:
    run = History(TrainingConfig(epochs=1), 2000)
    for k in range(samples):
        run.add(Frame(Progress(k, 1 if k else 0, 1.0, 0.5), Network.initialize(seed=k)))
    return run


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data" / "unsaved"


@pytest.fixture
def unsaved(qtbot: QtBot, folder: Path) -> Iterator[UnsavedRuns]:
    unsaved = UnsavedRuns(folder)
    yield unsaved
    unsaved.close()


def write(unsaved: UnsavedRuns, *runs: History) -> None:
    unsaved.show_runs(Runs(runs, runs[-1]))
    unsaved.write()
    unsaved._writer.finish()


def files_in(folder: Path) -> list[Path]:
    return list(folder.glob("*.npz"))


def crash(folder: Path, run: History, tmp_path: Path) -> None:
    """Another program has this run and dies."""
    save_run(tmp_path / "given.npz", run)
    subprocess.run([sys.executable, "-c", CRASHING, str(folder), str(tmp_path / "given.npz")], cwd=PROJECT, timeout=60)


def test_a_run_is_written_aside_as_it_is(unsaved: UnsavedRuns, folder: Path) -> None:
    run = a_run()
    write(unsaved, run)
    (file,) = files_in(folder)
    assert open_run(file).latest.samples_seen == 9


def test_it_is_written_again_only_when_it_has_changed(unsaved: UnsavedRuns, folder: Path) -> None:
    run = a_run()
    write(unsaved, run)
    (file,) = files_in(folder)
    before = file.stat().st_mtime_ns
    write(unsaved, run)
    assert file.stat().st_mtime_ns == before
    run.add(Frame(Progress(50, 1, 1.0, 0.5), Network.initialize()))
    write(unsaved, run)
    assert open_run(file).latest.samples_seen == 50


def test_what_the_user_saved_or_deleted_is_not_kept(unsaved: UnsavedRuns, folder: Path) -> None:
    saved, deleted = a_run(), a_run()
    write(unsaved, saved, deleted)
    assert len(files_in(folder)) == 2
    unsaved.mark_saved(saved)
    unsaved.show_runs(Runs((saved,), saved))
    assert files_in(folder) == []
    write(unsaved, saved)
    assert files_in(folder) == []


def test_ending_in_order_leaves_nothing(qtbot: QtBot, folder: Path) -> None:
    unsaved = UnsavedRuns(folder)
    write(unsaved, a_run())
    unsaved.close()
    assert list(folder.iterdir()) == []


def test_runs_of_a_program_that_is_open_are_not_offered(unsaved: UnsavedRuns, qtbot: QtBot, folder: Path) -> None:
    write(unsaved, a_run())
    other = UnsavedRuns(folder)
    assert other.left_behind() == []
    other.close()


def test_runs_of_a_program_that_died_are_offered_until_they_are_opened(
    unsaved: UnsavedRuns, folder: Path, tmp_path: Path
) -> None:
    crash(folder, a_run(), tmp_path)
    (file,) = unsaved.left_behind()
    assert unsaved.left_behind() == [file]
    run = open_run(file)
    unsaved.adopt(run, file)
    assert unsaved.left_behind() == []
    assert len(files_in(folder)) == 1


def test_a_place_that_cannot_be_written_to_is_told_once(qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    unsaved, told = UnsavedRuns(tmp_path / "file" / "unsaved"), []
    unsaved.failed.connect(told.append)
    for _ in range(2):
        write(unsaved, a_run())
    assert len(told) == 1
    assert told[0].endswith(".")
    unsaved.close()


@pytest.mark.parametrize("loads_by_itself", [False, True])
def test_the_window_offers_what_a_crash_left_and_opens_it(
    qtbot: QtBot, settings: Settings, digits: Dataset, tmp_path: Path, loads_by_itself: bool
) -> None:
    crash(settings.data_folder / "unsaved", a_run(), tmp_path)
    window = MainWindow(settings) if loads_by_itself else MainWindow(settings, digits)
    qtbot.addWidget(window)
    window.show()
    if loads_by_itself:
        qtbot.waitSignal(window.dataset_loaded, timeout=10000).wait()
    assert "did not end in order" in window.findChild(QLabel, "noticeLabel").text()
    window.findChild(QWidget, "noticeButton").click()
    assert window.playhead.run.latest.samples_seen == 9
    assert window.findChild(QWidget, "timelineSlider").value() == 9
    window.close()
    assert files_in(settings.data_folder / "unsaved") == []


def test_a_damaged_file_is_told_once(qtbot: QtBot, settings: Settings, digits: Dataset, tmp_path: Path) -> None:
    folder = settings.data_folder / "unsaved"
    crash(folder, a_run(), tmp_path)
    (file,) = files_in(folder)
    file.write_bytes(file.read_bytes()[:-500])
    window = MainWindow(settings, digits)
    qtbot.addWidget(window)
    window.show()
    window.findChild(QWidget, "noticeButton").click()
    assert "Choose another file" in window.findChild(QLabel, "noticeLabel").text()
    assert window._files.left_behind == []
    window.close()
