"""Loading through TensorFlow, with a stand-in for TensorFlow in the child process."""

import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QProgressDialog, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from gui.dataset import dataset_fetch
from gui.dataset.dataset_fetch import DatasetFetch
from model.dataset import BUNDLED_MNIST, Dataset, as_floats, load_mnist
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
def host(qtbot: QtBot) -> QWidget:
    host = QWidget()
    qtbot.addWidget(host)
    return host


@pytest.fixture
def fetch(host: QWidget, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[DatasetFetch]:
    monkeypatch.setattr(dataset_fetch, "BUNDLED_MNIST", tmp_path / "bundled.npz")
    fetch = DatasetFetch(host)
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
    assert np.array_equal(load_mnist(tmp_path / "bundled.npz").test_labels, mnist.test_labels)


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
    qtbot: QtBot, host: QWidget, fetch: DatasetFetch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in(tmp_path, monkeypatch, HANGING)
    for _ in range(2):
        fetch.start(needed=False)
        dialog = host.findChild(QProgressDialog, "fetchDialog")
        qtbot.waitUntil(lambda dialog=dialog: "Loading MNIST" in dialog.labelText(), timeout=10000)
        with qtbot.waitSignal(fetch.failed, timeout=5000) as failed:
            click(dialog.findChild(QPushButton))
        assert "cancelled" in failed.args[0]
        qtbot.waitUntil(lambda: host.findChild(QProgressDialog, "fetchDialog") is None)


def test_only_one_fetch_is_active_at_a_time_and_closing_ends_it(
    host: QWidget, fetch: DatasetFetch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in(tmp_path, monkeypatch, HANGING)
    ended = []
    fetch.failed.connect(ended.append)
    for _ in range(2):
        fetch.start(needed=False)
    assert len(host.findChildren(QProgressDialog, "fetchDialog")) == 1
    fetch.close()
    assert len(ended) == 1
    assert "cancelled" in ended[0]


def test_a_python_that_cannot_be_started_is_reported(
    qtbot: QtBot, fetch: DatasetFetch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "/no/such/python")
    with qtbot.waitSignal(fetch.failed, timeout=10000) as failed:
        fetch.start(needed=False)
    assert "could not be started" in failed.args[0]


def test_cancelling_while_the_fetched_digits_are_read(
    qtbot: QtBot, host: QWidget, fetch: DatasetFetch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_reading, ended = threading.Event(), []

    def read_for_ever(path: Path, on_progress: Callable[[float], None], dtype: object) -> Dataset:
        is_reading.set()
        while True:
            on_progress(0.5)
            threading.Event().wait(0.001)

    stand_in(tmp_path, monkeypatch, REAL)
    monkeypatch.setattr("gui.dataset.dataset_loader.load_mnist", read_for_ever)
    fetch.failed.connect(ended.append)
    fetch.start(needed=True)
    qtbot.waitUntil(is_reading.is_set, timeout=30000)
    click(host.findChild(QProgressDialog, "fetchDialog").findChild(QPushButton))
    qtbot.waitUntil(lambda: host.findChild(QProgressDialog, "fetchDialog") is None)
    assert ended == ["Loading through TensorFlow was cancelled."]
    assert not (tmp_path / "bundled.npz").exists()
