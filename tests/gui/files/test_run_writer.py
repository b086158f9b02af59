import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gui.files.run_writer import RunWriter
from model.history import Frame, History
from model.network import Network
from model.storage.run_file import open_run
from model.training import Progress, TrainingConfig

NETWORK = Network.initialize((784, 2, 10))


def run_of(*samples: int) -> History:
    return History(TrainingConfig(1, layer_sizes=(784, 2, 10)), 1000).with_frames(
        [Frame(Progress(each, 1, 1.0, 0.5), NETWORK) for each in samples]
    )


class Written:
    """What a writer has reported, in order."""

    def __init__(self) -> None:
        self.writer = RunWriter()
        self.reports: list[tuple[str, object]] = []
        self.writer.written.connect(lambda path, run: self.reports.append((path.name, run)))
        self.writer.failed.connect(lambda path, why: self.reports.append((path.name, why)))


@pytest.fixture
def written(qapp: object) -> Iterator[Written]:
    written = Written()
    yield written
    written.writer.close()


def test_runs_are_written_one_after_the_other_in_a_thread_of_their_own(
    qtbot: QtBot, written: Written, tmp_path: Path
) -> None:
    runs = {f"{name}.npz": run_of(*range(length)) for length, name in enumerate("abc", start=1)}
    for name, run in runs.items():
        written.writer.write(tmp_path / name, run)
    assert written.reports == []  # nobody was kept waiting
    qtbot.waitUntil(lambda: len(written.reports) == 3)
    assert written.reports == list(runs.items())
    assert [len(open_run(tmp_path / name).frames) for name in runs] == [1, 2, 3]


def test_a_failure_is_reported_and_the_next_run_is_written(
    qtbot: QtBot, written: Written, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = run_of(0)
    written.writer.write(tmp_path / "no such folder" / "a.npz", run)
    written.writer.write(tmp_path / "b.npz", run)
    written.writer.finish()
    assert written.reports == [("a.npz", "No such file or directory"), ("b.npz", run)]

    def broken(path: Path, run: History) -> None:
        raise RuntimeError

    monkeypatch.setattr("gui.files.run_writer.save_run", broken)
    written.writer.write(tmp_path / "c.npz", run)
    written.writer.finish()
    assert written.reports[-1] == ("c.npz", "RuntimeError")


def test_the_end_of_one_run_is_not_taken_for_that_of_the_next(
    qtbot: QtBot, written: Written, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_end = threading.Event()

    def wait_for_b(path: Path, run: History) -> None:
        if path.name == "b.npz":
            may_end.wait()

    monkeypatch.setattr("gui.files.run_writer.save_run", wait_for_b)
    run = run_of(0)
    written.writer.write(tmp_path / "a.npz", run)
    written.writer.finish()  # faster than the signal, which comes later
    written.writer.write(tmp_path / "b.npz", run)
    QApplication.processEvents()
    assert written.reports == [("a.npz", run)]
    may_end.set()
    qtbot.waitUntil(lambda: written.reports == [("a.npz", run), ("b.npz", run)])


def test_a_file_is_deleted_when_what_was_to_be_written_is_written(
    written: Written, tmp_path: Path, may_write: threading.Event
) -> None:
    run = run_of(0)
    written.writer.write(tmp_path / "a.npz", run)
    written.writer.delete(tmp_path / "a.npz")
    written.writer.delete(tmp_path / "never there.npz")
    assert written.reports == []  # nobody was kept waiting
    may_write.set()
    written.writer.finish()
    assert written.reports == [("a.npz", run)]
    assert list(tmp_path.iterdir()) == []
