"""Tables, scripts, pictures and digits that are taken along."""

import csv
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer
from pytestqt.qtbot import QtBot

from gui.files.exports import Exports
from gui.files.file_dialogs import FileDialogs
from gui.files.pictures import curves_picture
from gui.flow.run_collection import RunCollection
from gui.flow.scene import Scene
from gui.flow.scheduler import Scheduler
from gui.main_window import MainWindow
from gui.theme import LIGHT
from model.history import Frame, History, run_from
from model.network import Network
from model.storage.own_digits import OwnDigit, open_digits
from model.training import Progress, TrainingConfig
from tests.gui.conftest import turn_to

NETWORK = Network.initialize((784, 2, 10))


@dataclass
class Dialogs:
    """Choose this path, whatever is asked."""

    path: Path
    proposals: list[str] = field(default_factory=list)

    def ask_save_path(self, title: str, proposal: str, filters: str) -> Path:
        self.proposals.append(proposal)
        return self.path


@pytest.fixture
def scheduler(qapp: object) -> Scheduler:
    scheduler = Scheduler(Scene())
    frames = [
        Frame(Progress(k, 1, 2.5 - k / 10, k / 10, None, k / 10 if k % 5 == 0 else None), NETWORK) for k in range(8)
    ]
    RunCollection(scheduler).add(History(TrainingConfig(seed=4711), 1000, name="a/b").with_frames(frames))
    scheduler.change(own_digits=(OwnDigit(bytes(range(256)) * 3 + bytes(16), 7),))
    return scheduler


@pytest.fixture
def dialogs(tmp_path: Path) -> Dialogs:
    return Dialogs(tmp_path / "export")


@pytest.fixture
def exports(scheduler: Scheduler, dialogs: Dialogs) -> Exports:
    return Exports(scheduler, dialogs)


def test_the_curves_are_a_table_of_all_that_was_measured(
    exports: Exports, dialogs: Dialogs, scheduler: Scheduler
) -> None:
    exports.ask_and_export_curves()
    with dialogs.path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [int(row["samples_seen"]) for row in rows] == list(range(8))
    assert [row["test_accuracy"] != "" for row in rows] == [k % 5 == 0 for k in range(8)]
    assert float(rows[3]["training_loss"]) == pytest.approx(2.2)
    assert scheduler.scene.status.sentence == "saved as export"
    assert dialogs.proposals == ["a b.csv"]


def test_the_script_has_the_settings_of_the_run(exports: Exports, dialogs: Dialogs) -> None:
    exports.ask_and_export_script()
    script = dialogs.path.read_text("utf-8")
    compile(script, "run.py", "exec")
    assert "4711" in script


def test_a_run_that_no_seed_leads_to_is_not_exported_as_a_script(
    exports: Exports, dialogs: Dialogs, scheduler: Scheduler
) -> None:
    config = TrainingConfig(layer_sizes=(784, 2, 10))
    RunCollection(scheduler).add(run_from(Frame(Progress(5, 1), NETWORK), config, 1000, "a taught network"))
    exports.ask_and_export_script()
    assert dialogs.proposals == []
    assert "started from a taught network, which no seed leads to" in scheduler.scene.notice.sentence
    exports.ask_and_export_curves()
    assert dialogs.path.exists()


def test_the_own_digits_are_arrays_that_can_be_opened_again(
    exports: Exports, dialogs: Dialogs, scheduler: Scheduler
) -> None:
    exports.ask_and_export_digits()
    assert tuple(open_digits(dialogs.path)) == scheduler.scene.own_digits


@pytest.mark.parametrize(
    ("export", "ending"),
    [
        (Exports.ask_and_export_curves, ".csv"),
        (Exports.ask_and_export_script, ".py"),
        (Exports.ask_and_export_digits, ".npz"),
        (Exports.ask_and_export_curves_picture, ".png"),
        (Exports.ask_and_export_weights_picture, ".svg"),
    ],
)
def test_where_there_is_no_room_an_earlier_file_stays_as_it_was(
    exports: Exports,
    dialogs: Dialogs,
    scheduler: Scheduler,
    monkeypatch: pytest.MonkeyPatch,
    export: Callable[[Exports], None],
    ending: str,
) -> None:
    def no_room(_: int) -> None:
        raise OSError(28, "No space left on device")

    dialogs.path = dialogs.path.with_suffix(ending)
    dialogs.path.write_text("precious")
    monkeypatch.setattr("model.storage.writing.os.fsync", no_room)
    export(exports)
    assert f"could not be saved as {dialogs.path}: No space left on device." in scheduler.scene.notice.sentence
    assert scheduler.scene.status is None
    assert dialogs.path.read_text() == "precious"
    assert list(dialogs.path.parent.iterdir()) == [dialogs.path]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_menu_exports_pictures_from_any_page_in_any_theme(
    qtbot: QtBot,
    window: MainWindow,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    trained: Network,
    theme: str,
) -> None:
    frames = [Frame(Progress(k, 1, 1.0, 0.5), each) for k, each in enumerate((Network.initialize(), trained))]
    window.controllers.runs.add(History(TrainingConfig(), 2000).with_frames(frames))
    window.controllers.drawing.show_test_digit()
    qtbot.waitUntil(lambda: window.scene.digit_over_run is not None)
    window.controllers.appearance.choose_theme(theme)
    turn_to(window, "Trick it")
    for text, words in (
        ("&Plot as a Picture …", {"rate 0.003", "samples seen", "accuracy", "test digits"}),
        ("&Weights as a Picture …", {"First-layer weights", "32"}),
        ("&Answer over the Run as a Picture …", {"rate 0.003", "samples seen"}),
    ):
        (action,) = [action for action in window.actions() if action.text() == text]
        for ending in (".png", ".svg"):
            path = tmp_path / f"picture{ending}"
            monkeypatch.setattr(FileDialogs, "ask_save_path", lambda *_, path=path: path)
            action.trigger()
        image, drawn = QImage(str(tmp_path / "picture.png")), QImage(960, 600, QImage.Format.Format_RGB32)
        assert image.width() == 2880
        drawn.fill(QColor("white"))
        painter = QPainter(drawn)
        renderer = QSvgRenderer(str(tmp_path / "picture.svg"))
        renderer.render(painter, QRectF(0, 0, 960, renderer.viewBox().height()))
        painter.end()
        for picture, scale in ((image, 3), (drawn, 1)):
            assert picture.pixelColor(2, 2).name() == "#ffffff"
            inked = [y for y in range(20 * scale, 60 * scale) if row_is_inked(picture, y, 200 * scale)]
            assert inked  # the title and the settings, at the same place in both
        written = set(re.findall(r">([^<]+)</text>", (tmp_path / "picture.svg").read_text("utf-8")))
        assert words <= {text.strip() for text in written}
        assert any("seed 80085" in text for text in written)


def row_is_inked(picture: QImage, y: int, width: int) -> bool:
    return any(picture.pixelColor(x, y).lightness() < 160 for x in range(width))


def test_curves_are_where_the_numbers_are(scheduler: Scheduler) -> None:
    """Of a curve that is a straight line from 0 at the left to 1, the middle is in the middle."""
    frames = [Frame(Progress(10 * k, 1, 1.0, 0.0, 1.0, k / 10), Network.initialize((784, 2, 10), k)) for k in range(11)]
    RunCollection(scheduler).add(History(TrainingConfig(), 1000).with_frames(frames))
    image = QImage.fromData(curves_picture(scheduler.scene).as_png())
    blue = QColor(LIGHT.accent)
    upper = [
        (x, y)
        for x in range(0, image.width(), 3)
        for y in range(0, image.height() * 4 // 5, 3)
        if image.pixelColor(x, y) == blue
    ]
    (left, bottom), (right, top) = min(upper), max(upper)
    for x, y in upper:
        assert y == pytest.approx(bottom + (top - bottom) * (x - left) / (right - left), abs=12)
    assert right - left > 1500
    assert bottom - top > 900


def test_without_an_answer_there_is_no_picture_of_it(exports: Exports, dialogs: Dialogs, scheduler: Scheduler) -> None:
    exports.ask_and_export_answers_picture()
    assert scheduler.scene.notice.sentence.startswith("There is no answer over a run to export")
    assert dialogs.proposals == []
