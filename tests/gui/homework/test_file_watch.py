"""A file that editors save, each in its own way."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from gui.homework.file_watch import SETTLES, FileWatch


@pytest.fixture
def watch(qtbot: QtBot) -> Iterator[FileWatch]:
    watch = FileWatch()
    yield watch
    watch.watch(None)


def test_it_is_noticed_in_a_folder_where_files_come_and_go(qtbot: QtBot, watch: FileWatch, tmp_path: Path) -> None:
    path = tmp_path / "mine.py"
    path.write_text("1")
    watch.watch(path)
    busy = QTimer(interval=SETTLES // 5)
    busy.timeout.connect(lambda: (tmp_path / str(time.monotonic_ns())).touch())
    busy.start()
    with qtbot.waitSignal(watch.saved, timeout=2000):
        path.write_text("22")
    busy.stop()
