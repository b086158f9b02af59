"""What is kept, imported and reported, without a window."""

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QThread
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from gui.files.file_dialogs import FileDialogs
from gui.own_digits.collection_controller import CollectionController
from gui.scene import Message, Scene
from gui.scheduler import Scheduler
from gui.settings import Settings
from model.storage.own_digits import OwnDigit, open_digits

DIGITS = np.random.default_rng(0).integers(0, 256, (5, 28, 28), np.uint8)
DIGITS[:, [0, -1]] = DIGITS[:, :, [0, -1]] = 0  # paper around it


@pytest.fixture
def scheduler(qtbot: QtBot) -> Scheduler:
    return Scheduler(Scene())


@pytest.fixture
def controller(
    qtbot: QtBot, scheduler: Scheduler, settings: Settings, tmp_path: Path
) -> Iterator[CollectionController]:
    window = QWidget()
    qtbot.addWidget(window)
    controller = CollectionController(scheduler, FileDialogs(window, settings), tmp_path / "data")
    yield controller
    controller.close()


def image(path: Path, number: int = 0) -> Path:
    pixels = 255 - DIGITS[number]
    QImage(pixels.tobytes(), 28, 28, 28, QImage.Format.Format_Grayscale8).save(str(path))
    return path


def no_image(path: Path) -> Path:
    path.write_text("no image")
    return path


def problem(scheduler: Scheduler) -> str:
    return scheduler.scene.notice.sentence if scheduler.scene.notice else ""


def test_a_digit_is_kept_once(controller: CollectionController, scheduler: Scheduler, tmp_path: Path) -> None:
    digit = DIGITS[0] / np.float32(255)
    controller.keep(digit, 7)
    assert open_digits(tmp_path / "data" / "my-digits.npz") == (OwnDigit(DIGITS[0].tobytes(), 7),)
    assert scheduler.scene.own_digits_report == "Kept as a 7: 1 digit in your collection."
    controller.keep(digit, 7)
    assert scheduler.scene.own_digits_report == "This very digit is in your collection already."
    controller.keep(digit, 8)
    assert scheduler.scene.own_digits_report == "Kept as an 8: 2 digits in your collection."


def test_files_are_read_one_import_after_the_other(
    qtbot: QtBot, controller: CollectionController, scheduler: Scheduler, tmp_path: Path
) -> None:
    controller.import_files([no_image(tmp_path / "bad.png")])
    for k in (3, 1, 2):
        controller.import_files([image(tmp_path / f"{k}.png", k)])
    qtbot.waitUntil(lambda: scheduler.scene.own_digits_report == "3 digits added.")
    assert scheduler.scene.own_digits == tuple(OwnDigit(DIGITS[k].tobytes(), k) for k in (3, 1, 2))
    assert "bad.png" in problem(scheduler)


def test_a_summary_says_what_was_new_and_what_to_do(
    qtbot: QtBot, controller: CollectionController, scheduler: Scheduler, tmp_path: Path
) -> None:
    controller.import_files([image(tmp_path / "1.png")])
    qtbot.waitUntil(lambda: scheduler.scene.own_digits_report == "1 digit added.")
    controller.import_files([image(tmp_path / "1.png"), image(tmp_path / "scan.png", 1)])
    expected = "1 digit added, 1 was there already. Label those with a “?”."
    qtbot.waitUntil(lambda: scheduler.scene.own_digits_report == expected)


def test_all_that_went_wrong_is_reported_at_once(
    qtbot: QtBot, controller: CollectionController, scheduler: Scheduler, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("gui.own_digits.collection.save_digits", refuse)
    bad = [no_image(tmp_path / f"bad {k}.png") for k in range(4)]
    controller.import_files([*bad, image(tmp_path / "7.png")])
    qtbot.waitUntil(lambda: scheduler.scene.own_digits_report == "0 digits added.")
    sentences = problem(scheduler)
    assert "No space left on device" in sentences
    assert re.findall(r"bad \d.png is no PNG", sentences) == ["bad 0.png is no PNG", "bad 1.png is no PNG"]
    assert sentences.endswith("2 other files could not be used either.")


def test_a_problem_is_forgotten_once_something_else_is_done_and_what_others_report_is_not(
    qtbot: QtBot, controller: CollectionController, scheduler: Scheduler, tmp_path: Path
) -> None:
    controller.import_files([no_image(tmp_path / "bad.png")])
    qtbot.waitUntil(lambda: "bad.png" in problem(scheduler))
    controller.keep(DIGITS[0] / np.float32(255), 7)
    assert problem(scheduler) == ""
    scheduler.change(notice=Message("Training diverged."))
    for act in (
        lambda: controller.keep(DIGITS[1] / np.float32(255), 7),
        lambda: controller.relabel(scheduler.scene.own_digits, 3),
        lambda: controller.delete(scheduler.scene.own_digits),
        controller.undo,
    ):
        act()
        assert problem(scheduler) == "Training diverged."


def test_closing_ends_an_import_and_keeps_what_was_read(
    qtbot: QtBot, controller: CollectionController, scheduler: Scheduler, tmp_path: Path
) -> None:
    controller.import_files([image(tmp_path / "7.png")] * 100_000)
    qtbot.waitUntil(lambda: bool(re.match(r"Reading \d\d+ of 100,000 files …", scheduler.scene.own_digits_report)))
    controller.close()
    assert not any(thread.isRunning() for thread in controller.findChildren(QThread))
    assert open_digits(tmp_path / "data" / "my-digits.npz") == (OwnDigit(DIGITS[0].tobytes(), 7),)
    summary = re.fullmatch(r"1 digit added, ([\d,]+) were there already\.", scheduler.scene.own_digits_report)
    assert summary is not None
    assert int(summary[1].replace(",", "")) < 50_000
