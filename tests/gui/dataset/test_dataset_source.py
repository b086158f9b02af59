"""How the digits get into the scene, and what is said where they do not."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import DTypeLike
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from gui.dataset.dataset_source import DatasetSource
from gui.flow.scene import Message, Scene
from gui.flow.scheduler import Part, Scheduler, Urgency
from model.dataset import Dataset, as_floats


class Fetch(QObject):
    """A stand-in for TensorFlow in its process."""

    fetched, confirmed, failed = Signal(object), Signal(str), Signal(str)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.requests: list[bool] = []  # whether the digits were needed

    def start(self, needed: bool) -> None:
        self.requests.append(needed)

    def close(self) -> None:
        pass


@pytest.fixture
def scheduler(qapp: object) -> Scheduler:
    return Scheduler(Scene())


@pytest.fixture
def source(qtbot: QtBot, scheduler: Scheduler, monkeypatch: pytest.MonkeyPatch) -> Iterator[DatasetSource]:
    monkeypatch.setattr("gui.dataset.dataset_source.DatasetFetch", Fetch)
    host = QWidget()
    qtbot.addWidget(host)
    source = DatasetSource(scheduler, host)
    yield source
    source.close()


@pytest.fixture
def fetch(source: DatasetSource) -> Fetch:
    return source.parent().findChild(Fetch)


@pytest.fixture
def _no_digits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gui.dataset.dataset_source.BUNDLED_MNIST", tmp_path / "no such file.npz")


def test_the_bundled_digits_are_read_beside_the_window(
    qtbot: QtBot, scheduler: Scheduler, source: DatasetSource, mnist: Dataset
) -> None:
    owner, shares = QObject(), []
    scheduler.add(owner, [Part(lambda scene: shares.append(scene.loaded_share), ("loaded_share",), Urgency.PEN)])
    with qtbot.waitSignal(source.loaded, timeout=10000):
        source.load()
        assert scheduler.scene.loaded_share == 0
    before, *rising, after = shares
    assert (before, after) == (None, None)
    assert len(rising) > 10
    assert rising == sorted(rising)
    assert rising[-1] == 1
    loaded = scheduler.scene.dataset
    assert loaded.train_images.dtype == np.uint8
    assert np.array_equal(as_floats(loaded.test_images), mnist.test_images)


@pytest.mark.usefixtures("_no_digits")
def test_missing_digits_can_be_fetched(
    qtbot: QtBot, scheduler: Scheduler, source: DatasetSource, fetch: Fetch, digits: Dataset
) -> None:
    source.load()
    qtbot.waitUntil(lambda: scheduler.scene.notice is not None, timeout=10000)
    notice = scheduler.scene.notice
    assert "no such file.npz" in notice.sentence
    assert notice.action == "Load through TensorFlow"
    assert (scheduler.scene.dataset, scheduler.scene.loaded_share) == (None, None)
    notice.act()
    assert fetch.requests == [True]
    fetch.failed.emit("There is no network.")
    assert scheduler.scene.notice.sentence == "There is no network. TensorFlow can fetch the digits."
    with qtbot.waitSignal(source.loaded):
        fetch.fetched.emit(digits)
    assert (scheduler.scene.dataset, scheduler.scene.notice) == (digits, None)


def test_where_there_are_digits_they_stay(scheduler: Scheduler, source: DatasetSource, fetch: Fetch, digits: Dataset):
    source.use(digits)
    source.fetch()
    assert fetch.requests == [False]
    fetch.confirmed.emit("They are the same.")
    assert scheduler.scene.status.sentence == "They are the same."
    fetch.failed.emit("There is no network.")
    assert (scheduler.scene.notice.sentence, scheduler.scene.notice.act) == ("There is no network.", None)
    assert scheduler.scene.dataset is digits


def test_what_else_there_is_to_say_is_not_taken_away_by_the_digits(
    scheduler: Scheduler, source: DatasetSource, digits: Dataset
) -> None:
    notice = Message("One run was kept.", "Open", lambda: None)
    scheduler.change(notice=notice)
    source.use(digits)
    assert scheduler.scene.notice is notice


def test_closing_in_the_middle_of_loading_ends_the_thread_and_nothing_arrives(
    qtbot: QtBot, scheduler: Scheduler, source: DatasetSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    def load_for_ever(path: Path, on_progress: Callable[[float], None], dtype: DTypeLike) -> Dataset:
        while True:
            on_progress(0.5)
            threading.Event().wait(0.001)

    monkeypatch.setattr("gui.dataset.dataset_loader.load_mnist", load_for_ever)
    source.load()
    qtbot.waitUntil(lambda: scheduler.scene.loaded_share == 0.5, timeout=10000)
    source.close()
    with qtbot.assertNotEmitted(source.loaded):
        QApplication.processEvents()
    assert (scheduler.scene.dataset, scheduler.scene.notice) == (None, None)


def test_an_unexpected_exception_while_loading_is_a_sentence_and_reaches_the_hook(
    qtbot: QtBot, scheduler: Scheduler, source: DatasetSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> Dataset:
        raise RuntimeError("a bug")

    monkeypatch.setattr("gui.dataset.dataset_loader.load_mnist", broken)
    with qtbot.capture_exceptions() as exceptions:
        source.load()
        qtbot.waitUntil(lambda: bool(exceptions), timeout=10000)
    assert [str(error) for _, error, _ in exceptions] == ["a bug"]
    assert "The digits could not be loaded (a bug)." in scheduler.scene.notice.sentence
