"""Loading through TensorFlow, with a stand-in for TensorFlow in the child process."""

import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QProgressDialog, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from gui.dataset import dataset_fetch
from gui.dataset.dataset_fetch import DatasetFetch
from model.dataset import BUNDLED_MNIST, Dataset, as_floats
from tests.gui.conftest import click

REAL = f"""
import numpy
files = numpy.load({str(BUNDLED_MNIST)!r})
def load(path):
    print("11/11", flush=True)
    return (files["x_train"], files["y_train"]), (files["x_test"], files["y_test"])
"""
ALTERED = REAL.replace('files["y_test"])', 'files["y_test"] ^ 1)')
OFFLINE = """
def load(path):
    raise Exception("URL fetch failure on https://example.org/mnist.npz: None -- no route")
"""
HANGING = """
import time
def load(path):
    time.sleep(60)
"""


@pytest.fixture
def fetch(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[DatasetFetch]:
    window = QWidget()
    qtbot.addWidget(window)
    monkeypatch.setattr(dataset_fetch, "BUNDLED_MNIST", tmp_path / "bundled.npz")
    fetch = DatasetFetch(window)
    yield fetch
    fetch.close()


def stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, load: str) -> None:
    package = tmp_path / "tensorflow"
    package.mkdir()
    (package / "__init__.py").write_text(
        f"{load}\nfrom types import SimpleNamespace as N\nkeras = N(datasets=N(mnist=N(load_data=load)))\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))


def test_fetched_digits_are_those_of_the_bundled_file(
    qtbot: QtBot, fetch: DatasetFetch, mnist: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in(tmp_path, monkeypatch, REAL)
    with qtbot.waitSignal(fetch.fetched, timeout=30000) as fetched:
        fetch.start(needed=True)
    assert np.array_equal(as_floats(fetched.args[0].test_images), mnist.test_images)
    assert (tmp_path / "bundled.npz").exists()


def test_digits_that_are_there_already_are_only_compared(
    qtbot: QtBot, fetch: DatasetFetch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in(tmp_path, monkeypatch, REAL)
    with qtbot.waitSignal(fetch.confirmed, timeout=30000):
        fetch.start(needed=False)
    assert not (tmp_path / "bundled.npz").exists()


@pytest.mark.parametrize(
    ("load", "reason"),
    [
        (ALTERED, "not MNIST as it was published"),
        (OFFLINE, "URL fetch failure"),
        ("load = 1 / 0", "TensorFlow is not installed here or does not start"),
    ],
)
def test_a_fetch_that_fails_says_why(
    qtbot: QtBot, fetch: DatasetFetch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, load: str, reason: str
) -> None:
    stand_in(tmp_path, monkeypatch, load)
    with qtbot.waitSignal(fetch.failed, timeout=30000) as failed:
        fetch.start(needed=True)
    assert reason in failed.args[0]
    assert "Traceback" not in failed.args[0]
    assert not (tmp_path / "bundled.npz").exists()


def test_a_fetch_can_be_cancelled_and_started_again(
    qtbot: QtBot, fetch: DatasetFetch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in(tmp_path, monkeypatch, HANGING)
    for _ in range(2):
        fetch.start(needed=False)
        dialog = fetch._window.findChild(QProgressDialog, "fetchDialog")
        qtbot.waitUntil(lambda dialog=dialog: "Loading MNIST" in dialog.labelText(), timeout=10000)
        with qtbot.waitSignal(fetch.failed, timeout=5000) as failed:
            click(dialog.findChild(QPushButton))
        assert "cancelled" in failed.args[0]
        qtbot.waitUntil(lambda: fetch._window.findChild(QProgressDialog, "fetchDialog") is None)


def test_a_python_that_cannot_be_started_is_told(
    qtbot: QtBot, fetch: DatasetFetch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "/no/such/python")
    with qtbot.waitSignal(fetch.failed, timeout=5000) as failed:
        fetch.start(needed=False)
    assert "could not be started" in failed.args[0]
