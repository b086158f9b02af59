"""Tables, scripts, pictures and digits that are taken along."""

import csv
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from gui.files.exports import Exports
from gui.flow.run_collection import RunCollection
from gui.flow.scene import Scene
from gui.flow.scheduler import Scheduler
from gui.main_window import MainWindow
from model.history import Frame, History
from model.network import Network
from model.storage.own_digits import OwnDigit, open_digits
from model.training import Progress, TrainingConfig

NETWORK = Network.initialize((784, 2, 10))


@dataclass
class Dialogs:
    """Choose this path, whatever is asked."""

    path: Path
    proposals: list[str] = field(default_factory=list)

    def ask_save_path(self, title: str, proposal: str, filters: str) -> Path:
        self.proposals.append(proposal)
        return self.path


class Square(QWidget):
    """A blue square in the middle of white paper."""

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor("white"))
        painter.fillRect(20, 20, 20, 20, QColor("blue"))


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


@pytest.fixture
def square(qtbot: QtBot) -> Square:
    square = Square()
    qtbot.addWidget(square)
    square.resize(60, 60)
    with qtbot.waitExposed(square):
        square.show()
    return square


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


def test_the_own_digits_are_arrays_that_can_be_opened_again(
    exports: Exports, dialogs: Dialogs, scheduler: Scheduler
) -> None:
    exports.ask_and_export_digits()
    assert tuple(open_digits(dialogs.path)) == scheduler.scene.own_digits


def test_a_picture_has_the_pixels_of_the_view_twice_as_sharp(
    exports: Exports, dialogs: Dialogs, square: Square
) -> None:
    dialogs.path = dialogs.path.with_suffix(".png")
    exports.ask_and_export_picture(square, "plot")
    image = QImage(str(dialogs.path))
    assert (image.width(), image.height()) == (120, 120)
    assert [image.pixelColor(x, 60).name() for x in (10, 60, 110)] == ["#ffffff", "#0000ff", "#ffffff"]


def test_a_picture_may_be_drawn_in_lines_instead(exports: Exports, dialogs: Dialogs, square: Square) -> None:
    dialogs.path = dialogs.path.with_suffix(".SVG")
    exports.ask_and_export_picture(square, "plot")
    renderer, image = QSvgRenderer(str(dialogs.path)), QImage(60, 60, QImage.Format.Format_RGB32)
    assert renderer.viewBox().width() == renderer.viewBox().height() == 60
    image.fill(QColor("red"))
    painter = QPainter(image)
    renderer.render(painter)
    painter.end()
    assert [image.pixelColor(x, 30).name() for x in (5, 30, 55)] == ["#ffffff", "#0000ff", "#ffffff"]


def test_of_a_view_that_is_hidden_there_is_no_picture(
    exports: Exports, dialogs: Dialogs, scheduler: Scheduler, square: Square
) -> None:
    square.hide()
    exports.ask_and_export_picture(square, "plot")
    assert scheduler.scene.notice.sentence.startswith("This view is hidden")
    assert not dialogs.path.exists()


@pytest.mark.parametrize(
    ("export", "ending"),
    [
        (lambda exports, _: exports.ask_and_export_curves(), ".csv"),
        (lambda exports, _: exports.ask_and_export_script(), ".py"),
        (lambda exports, _: exports.ask_and_export_digits(), ".npz"),
        (lambda exports, view: exports.ask_and_export_picture(view, "plot"), ".png"),
        (lambda exports, view: exports.ask_and_export_picture(view, "plot"), ".svg"),
    ],
)
def test_where_there_is_no_room_an_earlier_file_stays_as_it_was(
    exports: Exports,
    dialogs: Dialogs,
    scheduler: Scheduler,
    square: Square,
    monkeypatch: pytest.MonkeyPatch,
    export: Callable[[Exports, QWidget], None],
    ending: str,
) -> None:
    def no_room(_: int) -> None:
        raise OSError(28, "No space left on device")

    dialogs.path = dialogs.path.with_suffix(ending)
    dialogs.path.write_text("precious")
    monkeypatch.setattr("model.storage.safe_file.os.fsync", no_room)
    export(exports, square)
    assert f"could not be saved as {dialogs.path}: No space left on device." in scheduler.scene.notice.sentence
    assert scheduler.scene.status is None
    assert dialogs.path.read_text() == "precious"
    assert list(dialogs.path.parent.iterdir()) == [dialogs.path]


def test_the_menu_exports_the_views_of_the_window(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trained: Network
) -> None:
    path = str(tmp_path / "view.png")
    monkeypatch.setattr("gui.files.file_dialogs.QFileDialog.getSaveFileName", lambda *_: (path, ""))
    frames = [Frame(Progress(k, 1, 1.0, 0.5), each) for k, each in enumerate((Network.initialize(), trained))]
    window.controllers.runs.add(History(TrainingConfig(), 2000).with_frames(frames))
    window.controllers.drawing.show_test_digit()
    qtbot.waitUntil(lambda: window.scene.digit_over_run is not None)
    for text, name in (
        ("&Plot as a Picture …", "accuracyPlot"),
        ("&Weights as a Picture …", "weightHeatmaps"),
        ("&Answer over the Run as a Picture …", "predictionOverRun"),
    ):
        (action,) = [action for action in window.actions() if action.text() == text]
        action.trigger()
        view, image = window.findChild(QWidget, name), QImage(path)
        assert image.width() >= 2 * view.width() > 200
        colors = {image.pixel(x, y) for x in range(0, image.width(), 5) for y in range(0, image.height(), 5)}
        assert len(colors) > 5
