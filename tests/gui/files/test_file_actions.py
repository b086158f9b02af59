"""Runs and pictures through the File menu."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QImage
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from model.storage.run_file import open_run
from tests.gui.conftest import click

Find = Callable[[str], QWidget]


@pytest.fixture
def after_a_run(qtbot: QtBot, window: MainWindow, find: Find) -> MainWindow:
    find("speedSlider").setValue(100)
    find("epochsSpinBox").setValue(2)
    find("learningRateSpinBox").setValue(0.1)
    with qtbot.waitSignal(window.training_finished, timeout=30000):
        click(find("startButton"))
    return window


@pytest.fixture
def answer(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[str], Path]:
    """Let the dialogs be answered with a file of this name."""

    def with_name(name: str) -> Path:
        for dialog in ("getSaveFileName", "getOpenFileName"):
            monkeypatch.setattr(f"gui.files.saved_files.QFileDialog.{dialog}", lambda *_: (str(tmp_path / name), ""))
        return tmp_path / name

    return with_name


def status(find: Find) -> str:
    return find("statusLabel").text()


def notice(find: Find) -> str:
    return find("noticeLabel").text() if find("noticeLabel").isVisible() else ""


def test_a_run_is_saved_opened_again_and_continued(
    qtbot: QtBot, after_a_run: MainWindow, find: Find, answer: Callable[[str], Path]
) -> None:
    run = after_a_run.playhead.run
    path = answer("mine")
    with qtbot.waitSignal(after_a_run._files._files.run_saved, timeout=5000):
        after_a_run._menus.save_run.trigger()
    assert "mine.npz" in status(find)
    answer("mine.npz")
    after_a_run._menus.open.trigger()
    opened = after_a_run.playhead.run
    assert opened is not run
    assert [frame.samples_seen for frame in opened.frames] == [frame.samples_seen for frame in run.frames]
    assert open_run(path.with_suffix(".npz")).config == run.config
    after_a_run.playhead.go_to(1000)
    with qtbot.waitSignal(after_a_run.training_finished, timeout=30000):
        click(find("continueButton"))
    continued = after_a_run.playhead.run.latest.network
    assert all(np.array_equal(*pair) for pair in zip(continued.weights, run.latest.network.weights, strict=True))


def test_a_damaged_run_is_refused_and_everything_stays(
    qtbot: QtBot, after_a_run: MainWindow, find: Find, answer: Callable[[str], Path]
) -> None:
    path = answer("mine.npz")
    with qtbot.waitSignal(after_a_run._files._files.run_saved, timeout=5000):
        after_a_run._menus.save_run.trigger()
    path.write_bytes(path.read_bytes()[:-1000])
    before = after_a_run.playhead.frame
    after_a_run._menus.open.trigger()
    assert "Choose another file" in notice(find)
    assert after_a_run.playhead.frame is before


def test_saving_a_run_where_nothing_can_be_saved_is_told(
    qtbot: QtBot, after_a_run: MainWindow, find: Find, answer: Callable[[str], Path]
) -> None:
    answer("no such folder/mine.npz")
    with qtbot.waitSignal(after_a_run._files.failed, timeout=5000):
        after_a_run._menus.save_run.trigger()
    assert "could not be saved" in notice(find)


def test_the_window_stays_open_where_a_run_could_not_be_saved(
    after_a_run: MainWindow, find: Find, answer: Callable[[str], Path]
) -> None:
    answer("no such folder/mine.npz")
    after_a_run._menus.save_run.trigger()
    after_a_run.close()
    assert after_a_run.isVisible()
    assert "could not be saved" in notice(find)


def test_an_ending_is_added_and_a_file_of_that_name_is_not_lost(
    qtbot: QtBot,
    after_a_run: MainWindow,
    answer: Callable[[str], Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "rate 0.003.npz").write_text("precious")
    answer("rate 0.003")
    asked = []

    def say_no(*arguments: object) -> QMessageBox.StandardButton:
        asked.append(arguments[-1])
        return QMessageBox.StandardButton.No

    monkeypatch.setattr("gui.files.saved_files.QMessageBox.question", say_no)
    after_a_run._menus.save_network.trigger()
    assert asked == ["rate 0.003.npz already exists. Do you want to replace it?"]
    assert (tmp_path / "rate 0.003.npz").read_text() == "precious"


@pytest.mark.parametrize(
    ("action", "name", "start"),
    [("export_curves", "curves.csv", "samples_seen,epoch"), ("export_script", "run.py", '"""A run of Digitscope')],
)
def test_texts_are_exported(
    after_a_run: MainWindow, find: Find, answer: Callable[[str], Path], action: str, name: str, start: str
) -> None:
    path = answer(name)
    getattr(after_a_run._menus, action).trigger()
    assert path.read_text("utf-8").startswith(start)
    assert name in status(find)


@pytest.mark.parametrize("action", ["export_plot", "export_heatmaps", "export_answers"])
def test_views_are_exported_as_pictures(
    after_a_run: MainWindow, find: Find, answer: Callable[[str], Path], action: str
) -> None:
    pixels = answer("view.png")
    getattr(after_a_run._menus, action).trigger()
    image = QImage(str(pixels))
    assert image.width() > 300
    assert len({image.pixel(x, y) for x in range(0, image.width(), 7) for y in range(0, image.height(), 7)}) > 5
    lines = answer("view.svg")
    getattr(after_a_run._menus, action).trigger()
    assert QSvgRenderer(str(lines)).isValid()
    assert lines.stat().st_size > 2000


def test_a_picture_that_cannot_be_written_is_told(
    after_a_run: MainWindow, find: Find, answer: Callable[[str], Path]
) -> None:
    for name in ("no such folder/view.png", "no such folder/view.svg"):
        answer(name)
        after_a_run._menus.export_plot.trigger()
        assert "could not be saved" in notice(find)


def test_without_a_run_nothing_of_it_can_be_saved(window: MainWindow) -> None:
    for name in ("save_run", "export_curves", "export_script", "export_plot", "go_on", "play"):
        assert not getattr(window._menus, name).isEnabled()
