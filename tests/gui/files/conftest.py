"""What the tests of writing files share."""

import threading
from pathlib import Path

import pytest

from model.history import History
from model.storage.run_file import save_run


@pytest.fixture
def may_write(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """No run is written before this is set."""
    event = threading.Event()

    def write_late(path: Path, run: History) -> None:
        event.wait()
        save_run(path, run)

    monkeypatch.setattr("gui.files.run_writer.save_run", write_late)
    return event
