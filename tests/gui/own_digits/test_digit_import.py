"""What is imported and reported, without a window."""

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from gui.controllers import Controllers
from gui.flow.scheduler import Scheduler
from gui.own_digits.digit_import import DigitImport
from gui.own_digits.image_file import digits_in
from model.storage.own_digits import OwnDigit, open_digits, save_digits

DIGITS = np.random.default_rng(0).integers(0, 256, (5, 28, 28), np.uint8)
DIGITS[:, [0, -1]] = DIGITS[:, :, [0, -1]] = 0  # paper around it


@pytest.fixture
def scheduler(controllers: Controllers) -> Scheduler:
    return controllers.scheduler


@pytest.fixture
def importing(controllers: Controllers) -> DigitImport:
    return controllers.digit_import


def image(path: Path, number: int = 0) -> Path:
    pixels = 255 - DIGITS[number]
    QImage(pixels.tobytes(), 28, 28, 28, QImage.Format.Format_Grayscale8).save(str(path))
    return path


def no_image(path: Path) -> Path:
    path.write_text("no image")
    return path


def problem(scheduler: Scheduler) -> str:
    return scheduler.scene.notice.sentence if scheduler.scene.notice else ""


def test_files_are_read_one_import_after_the_other(
    qtbot: QtBot, importing: DigitImport, scheduler: Scheduler, tmp_path: Path
) -> None:
    importing.import_files([no_image(tmp_path / "bad.png")])
    for k in (3, 1, 2):
        importing.import_files([image(tmp_path / f"{k}.png", k)])
    qtbot.waitUntil(lambda: scheduler.scene.own_digits_report == "3 digits added.")
    assert scheduler.scene.own_digits == tuple(OwnDigit(DIGITS[k].tobytes(), k) for k in (3, 1, 2))
    assert "bad.png" in problem(scheduler)


def test_a_summary_says_what_was_new_and_what_to_do(
    qtbot: QtBot, importing: DigitImport, scheduler: Scheduler, tmp_path: Path
) -> None:
    importing.import_files([image(tmp_path / "1.png")])
    qtbot.waitUntil(lambda: scheduler.scene.own_digits_report == "1 digit added.")
    importing.import_files([image(tmp_path / "1.png"), image(tmp_path / "scan.png", 1)])
    expected = "1 digit added, 1 was there already. Label those with a “?”."
    qtbot.waitUntil(lambda: scheduler.scene.own_digits_report == expected)


def test_all_that_went_wrong_is_reported_at_once(
    qtbot: QtBot, importing: DigitImport, scheduler: Scheduler, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("gui.own_digits.collection.save_digits", refuse)
    bad = [no_image(tmp_path / f"bad {k}.png") for k in range(4)]
    importing.import_files([*bad, image(tmp_path / "7.png")])
    qtbot.waitUntil(lambda: scheduler.scene.own_digits_report == "0 digits added.")
    sentences = problem(scheduler)
    assert "No space left on device" in sentences
    assert re.findall(r"bad \d.png is no PNG", sentences) == ["bad 0.png is no PNG", "bad 1.png is no PNG"]
    assert sentences.endswith("2 other files could not be used either.")


def test_what_can_be_read_is_not_lost_for_what_cannot(
    qtbot: QtBot, importing: DigitImport, scheduler: Scheduler, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = OwnDigit(DIGITS[1].tobytes(), 3)
    save_digits(tmp_path / "mine.npz", [kept])
    (tmp_path / "other.npz").write_text("no collection")
    names = ("text.png", "unlucky.png", "other.npz", "mine.npz")
    read = digits_in

    def fail_once(path: Path) -> Sequence[OwnDigit]:
        if path.stem == "unlucky":
            raise MemoryError("no room")
        return read(path)

    monkeypatch.setattr("gui.own_digits.digit_import.digits_in", fail_once)
    no_image(tmp_path / "text.png")
    importing.import_files([image(tmp_path / "7.png"), *(tmp_path / name for name in names)])
    qtbot.waitUntil(lambda: scheduler.scene.own_digits_report == "2 digits added.")
    assert scheduler.scene.own_digits == (OwnDigit(DIGITS[0].tobytes(), 7), kept)
    first, second, third = (problem(scheduler).index(name) for name in names[:3])
    assert first < second < third
    assert "unlucky.png cannot be read: no room." in problem(scheduler)


def test_a_problem_is_forgotten_once_something_else_is_done(
    qtbot: QtBot, importing: DigitImport, controllers: Controllers, scheduler: Scheduler, tmp_path: Path
) -> None:
    importing.import_files([no_image(tmp_path / "bad.png")])
    qtbot.waitUntil(lambda: "bad.png" in problem(scheduler))
    importing.import_files([image(tmp_path / "7.png")])
    assert problem(scheduler) == ""
    qtbot.waitUntil(lambda: len(scheduler.scene.own_digits) == 1)
    scheduler.report_problem("Training diverged.", "training")
    importing.import_files([image(tmp_path / "8.png", 1)])
    qtbot.waitUntil(lambda: len(scheduler.scene.own_digits) == 2)
    assert problem(scheduler) == "Training diverged."


def test_closing_ends_an_import_and_keeps_what_was_read(
    qtbot: QtBot, importing: DigitImport, scheduler: Scheduler, tmp_path: Path
) -> None:
    importing.import_files([image(tmp_path / "7.png")] * 100_000)
    qtbot.waitUntil(lambda: bool(re.match(r"Reading \d\d+ of 100,000 files …", scheduler.scene.own_digits_report)))
    importing.close()
    assert open_digits(tmp_path / "data" / "my-digits.npz") == (OwnDigit(DIGITS[0].tobytes(), 7),)
    summary = re.fullmatch(r"1 digit added, ([\d,]+) were there already\.", scheduler.scene.own_digits_report)
    assert summary is not None
    assert int(summary[1].replace(",", "")) < 50_000
