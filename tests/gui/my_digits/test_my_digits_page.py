"""The user's own digits, kept, corrected, imported and exported in the window."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from gui.closer_look.closer_look import CloserLook
from gui.main_window import MainWindow
from gui.theme import DARK, LIGHT
from model.dataset import Dataset
from model.evaluation import evaluate
from model.network import Network
from model.storage.own_digits import OwnDigit, open_digits
from tests.gui.conftest import click, draw_one, draw_seven, draw_zero, settle, turn_to

Find = Callable[[str], QWidget]


@pytest.fixture
def look(closer_look: CloserLook) -> CloserLook:
    turn_to(closer_look, "My digits")
    return closer_look


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "my-digits.npz"


def keep(find: Find, draw: Callable[[QWidget], None], label: int) -> None:
    click(find("clearDrawingButton"))
    draw(find("drawingPad"))
    click(find(f"lesson{label}Button"))
    click(find("keepDigitButton"))


def choose(find: Find, *rows: int) -> None:
    digits = find("myDigitsList")
    for k, row in enumerate(rows):
        keys = Qt.KeyboardModifier.ControlModifier if k else Qt.KeyboardModifier.NoModifier
        place = digits.visualRect(digits.model().index(row)).center()
        QTest.mouseClick(digits.viewport(), Qt.MouseButton.LeftButton, keys, place)


def shown(find: Find) -> list[str]:
    model = find("myDigitsList").model()
    return [model.index(row).data() for row in range(model.rowCount())]


def told(find: Find) -> str:
    return find("myDigitsLabel").text()


def lesson(find: Find) -> str:
    return find("lessonLabel").text()


def test_a_drawing_is_kept_with_its_label(look: CloserLook, find: Find, path: Path) -> None:
    keep(find, draw_seven, 7)
    assert open_digits(path) == (OwnDigit.of(find("drawingPad").digit, 7),)
    assert lesson(find) == "Kept as a 7: 1 digit in your collection."
    click(find("keepDigitButton"))
    assert "already" in lesson(find)
    keep(find, draw_one, 4)
    assert shown(find) == ["7", "4  →  1"]


def test_a_mistake_stands_out(look: CloserLook, find: Find) -> None:
    keep(find, draw_seven, 7)
    keep(find, draw_one, 4)
    model = find("myDigitsList").model()
    colors = [model.index(row).data(Qt.ItemDataRole.ForegroundRole).name() for row in range(2)]
    assert colors == [LIGHT.secondary_text, LIGHT.training]


def test_the_accuracy_on_own_digits_stands_beside_that_on_the_test_digits(
    look: CloserLook, window: MainWindow, find: Find, digits: Dataset, trained: Network
) -> None:
    for draw, label in ((draw_seven, 7), (draw_one, 4), (draw_zero, 0)):
        keep(find, draw, label)
    QApplication.processEvents()
    assert find("ownAccuracyLabel").text() == "66.7 %"
    assert find("ownCountLabel").text() == "2 of your 3 digits"
    on_test = evaluate(trained, digits.test_images, digits.test_labels)
    assert find("testAccuracyLabel").text() == f"{100 * on_test.accuracy:.1f} %"
    assert look.my_digits.handwriting._mistaken.text() == "Mistaken most: your 4 for a 1, once."


def test_keys_say_what_digits_are_delete_takes_them_out_and_undo_brings_them_back(
    look: CloserLook, find: Find, path: Path
) -> None:
    for draw in (draw_seven, draw_one, draw_zero):
        keep(find, draw, 5)
    choose(find, 0, 2)
    QTest.keyClick(find("myDigitsList"), Qt.Key.Key_7)
    assert [digit.label for digit in open_digits(path)] == [7, 5, 7]
    choose(find, 1, 2)
    before = open_digits(path)
    QTest.keyClick(find("myDigitsList"), Qt.Key.Key_Delete)
    assert open_digits(path) == before[:1]
    click(find("undoDigitsButton"))
    assert open_digits(path) == before


def test_the_buttons_do_the_same(look: CloserLook, find: Find, path: Path) -> None:
    keep(find, draw_seven, 5)
    keep(find, draw_one, 1)
    assert not find("deleteDigitsButton").isEnabled()
    choose(find, 0)
    find("relabelButton").menu().actions()[7].trigger()
    assert shown(find) == ["7", "1"]
    choose(find, 1)
    click(find("deleteDigitsButton"))
    assert shown(find) == ["7"]


def test_a_kept_digit_goes_back_to_the_pad(look: CloserLook, find: Find) -> None:
    keep(find, draw_seven, 7)
    kept = find("drawingPad").digit
    click(find("clearDrawingButton"))
    choose(find, 0)
    click(find("ownDigitToPadButton"))
    assert np.abs(find("drawingPad").digit - kept).max() <= 0.5 / 255 + 1e-6
    assert find("predictedDigitLabel").text() == "7"


def test_the_collection_is_there_again_in_the_next_window(
    qtbot: QtBot, look: CloserLook, window: MainWindow, find: Find, digits: Dataset
) -> None:
    keep(find, draw_seven, 7)
    another = MainWindow(window._settings, digits)
    qtbot.addWidget(another)
    another._closer_look.show()
    assert [digit.label for digit in another._looking.collection.digits] == [7]
    another.close()


def test_a_damaged_collection_is_told_where_it_is_seen(
    qtbot: QtBot, window: MainWindow, find: Find, path: Path
) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"damaged")
    with qtbot.waitExposed(find("closerLook")):
        click(find("lookCloserButton"))
    assert find("closerLookNoticeLabel").isVisible()
    assert "my-digits damaged 1.npz" in find("closerLookNoticeLabel").text()
    find("closerLook").close()


def write_image(path: Path, digit: np.ndarray) -> None:
    pixels = (255 - digit.reshape(28, 28) * 255).round().astype(np.uint8)
    QImage(pixels.tobytes(), 28, 28, 28, QImage.Format.Format_Grayscale8).save(str(path))


def test_images_are_imported_and_those_without_a_name_can_be_labelled(
    qtbot: QtBot, look: CloserLook, window: MainWindow, find: Find, digits: Dataset, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch, path: Path,
) -> None:  # fmt: skip
    write_image(tmp_path / f"{digits.test_labels[0]}.png", digits.test_images[0])
    write_image(tmp_path / "scan.png", digits.test_images[1])
    (tmp_path / "notes.png").write_text("no image")
    names = [str(tmp_path / name) for name in (f"{digits.test_labels[0]}.png", "scan.png", "notes.png")]
    monkeypatch.setattr("gui.files.saved_files.QFileDialog.getOpenFileNames", lambda *_: (names, ""))
    with qtbot.waitSignal(window._looking.collection.changed):
        click(find("importDigitsButton"))
    assert [digit.label for digit in open_digits(path)] == [digits.test_labels[0], None]
    qtbot.waitUntil(lambda: "2 digits added" in told(find))
    assert "notes.png is no PNG or JPEG image" in find("closerLookNoticeLabel").text()
    assert shown(find)[1].startswith("?")
    choose(find, 1)
    QTest.keyClick(find("myDigitsList"), Qt.Key.Key_0 + int(digits.test_labels[1]))
    assert open_digits(path)[1].label == digits.test_labels[1]


def test_files_can_be_dropped(
    qtbot: QtBot, look: CloserLook, window: MainWindow, digits: Dataset, tmp_path: Path
) -> None:
    write_image(tmp_path / "7.png", digits.test_images[0])
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "7.png"))])
    how = (Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(look.my_digits, QDragEnterEvent(QPoint(5, 5), *how))
    with qtbot.waitSignal(window._looking.collection.changed):
        QApplication.sendEvent(look.my_digits, QDropEvent(QPointF(5, 5), *how))
    assert len(window._looking.collection.digits) == 1


def test_what_is_exported_can_be_imported(
    qtbot: QtBot, look: CloserLook, window: MainWindow, find: Find, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(find, draw_seven, 7)
    kept = window._looking.collection.digits
    exported = str(tmp_path / "exported.npz")
    monkeypatch.setattr("gui.files.saved_files.QFileDialog.getSaveFileName", lambda *_: (exported, ""))
    click(find("exportDigitsButton"))
    assert open_digits(exported) == kept
    assert "exported.npz" in told(find)
    choose(find, 0)
    click(find("deleteDigitsButton"))
    with qtbot.waitSignal(window._looking.collection.changed):
        window._looking.keeper.import_files([Path(exported)])
    assert window._looking.collection.digits == kept


def test_files_are_read_one_import_after_the_other(
    qtbot: QtBot, look: CloserLook, window: MainWindow, digits: Dataset, tmp_path: Path
) -> None:
    keeper, collection = window._looking.keeper, window._looking.collection
    for k in range(3):
        write_image(tmp_path / f"{k}.png", digits.test_images[k])
        keeper.import_files([tmp_path / f"{k}.png"])
    qtbot.waitUntil(lambda: len(collection.digits) == 3)
    assert [digit.label for digit in collection.digits] == [0, 1, 2]


def test_closing_the_window_ends_an_import_and_keeps_what_was_read(
    qtbot: QtBot, look: CloserLook, window: MainWindow, digits: Dataset, tmp_path: Path, path: Path
) -> None:
    write_image(tmp_path / "7.png", digits.test_images[0])
    read = []
    window._looking.keeper.import_files([tmp_path / "7.png"] * 100_000)
    job = window._looking.keeper._import
    job.progressed.connect(read.append)
    qtbot.waitUntil(lambda: len(read) > 2)
    window.close()
    assert job.isFinished()
    assert 0 < len(job.digits) < 100_000
    assert len(open_digits(path)) == 1


def test_all_that_went_wrong_is_told_at_once(
    qtbot: QtBot, look: CloserLook, window: MainWindow, find: Find, digits: Dataset, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    write_image(tmp_path / "7.png", digits.test_images[0])
    (tmp_path / "bad.png").write_text("no image")

    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("gui.my_digits.collection.save_digits", refuse)
    window._looking.keeper.import_files([tmp_path / "bad.png", tmp_path / "7.png"])
    notice = find("closerLookNoticeLabel")
    qtbot.waitUntil(lambda: "No space left" in notice.text() and "bad.png is no PNG" in notice.text())
    assert told(find) == "0 digits added."


def test_what_goes_wrong_behind_a_closed_dialog_is_read_when_it_is_opened(
    qtbot: QtBot, look: CloserLook, window: MainWindow, find: Find, tmp_path: Path
) -> None:
    (tmp_path / "bad.png").write_text("no image")
    window._looking.keeper.import_files([tmp_path / "bad.png"])
    look.close()
    qtbot.waitUntil(lambda: window._looking.keeper._import is None)
    click(find("lookCloserButton"))
    assert find("closerLookNoticeLabel").isVisible()
    assert "bad.png" in find("closerLookNoticeLabel").text()


def test_the_keyboard_goes_from_one_unknown_digit_to_the_next(
    look: CloserLook, window: MainWindow, find: Find, digits: Dataset, path: Path
) -> None:
    unknown = [OwnDigit.of(image) for image in digits.test_images[:3]]
    window._looking.collection.add([*unknown, OwnDigit.of(digits.test_images[3], 5)])
    choose(find, 1)
    for key in (Qt.Key.Key_7, Qt.Key.Key_8, Qt.Key.Key_9):
        QTest.keyClick(find("myDigitsList"), key)
    assert [digit.label for digit in open_digits(path)] == [9, 7, 8, 5]
    assert len(find("myDigitsList").selected) == 1


def test_the_place_in_the_list_survives_a_deletion(
    look: CloserLook, window: MainWindow, find: Find, digits: Dataset
) -> None:
    window._looking.collection.add([OwnDigit.of(image, 1) for image in digits.test_images[:5]])
    choose(find, 2)
    QTest.keyClick(find("myDigitsList"), Qt.Key.Key_Delete)
    QTest.keyClick(find("myDigitsList"), Qt.Key.Key_Delete)
    kept = [digit.pixels for digit in window._looking.collection.digits]
    assert kept == [OwnDigit.of(digits.test_images[k]).pixels for k in (0, 1, 4)]


def test_pictures_take_on_the_theme(look: CloserLook, window: MainWindow, find: Find) -> None:
    keep(find, draw_one, 1)
    for theme in (LIGHT, DARK):
        window._apply_theme(theme)
        picture = find("myDigitsList").model().index(0).data(Qt.ItemDataRole.DecorationRole)
        assert picture.toImage().pixelColor(0, 0).name() == theme.paper


def test_a_page_that_is_not_seen_asks_nothing(look: CloserLook, find: Find) -> None:
    keep(find, draw_one, 1)
    survey = look.my_digits.handwriting._survey
    assert survey.question is not None
    turn_to(look, "Pen and pixels")
    assert survey.question is None


def test_a_click_into_the_curve_moves_the_playhead(
    qtbot: QtBot, look: CloserLook, window: MainWindow, find: Find
) -> None:
    find("speedSlider").setValue(100)
    find("epochsSpinBox").setValue(1)
    with qtbot.waitSignal(window.training_finished, timeout=30000):
        click(find("startButton"))
    plot = find("handwritingPlot")
    view = plot.getViewBox().sceneBoundingRect()
    QTest.mouseClick(plot.viewport(), Qt.MouseButton.LeftButton, pos=plot.mapFromScene(view.center()))
    assert 0 < window.playhead.frame.samples_seen < 2000


def test_the_curve_asks_every_frame_of_the_run(qtbot: QtBot, look: CloserLook, window: MainWindow, find: Find) -> None:
    keep(find, draw_seven, 7)
    keep(find, draw_one, 1)
    find("speedSlider").setValue(100)
    find("epochsSpinBox").setValue(1)
    find("learningRateSpinBox").setValue(0.1)
    survey = look.my_digits.handwriting._survey
    with qtbot.waitSignal(window.training_finished, timeout=30000):
        click(find("startButton"))
    run = window.playhead.run
    qtbot.waitUntil(lambda: len(survey.frames) == len(run.frames), timeout=5000)
    images = np.stack([digit.image.reshape(784) for digit in window._looking.collection.digits]) / np.float32(255)
    expected = [np.mean(frame.network.predict(images).argmax(axis=1) == [7, 1]) for frame in run.frames]
    samples, shares = look.my_digits.handwriting._own_curve.getData()
    assert np.array_equal(shares, expected)
    assert np.array_equal(samples, [frame.samples_seen for frame in run.frames])


def test_digits_of_a_page_that_was_never_seen_cause_no_trouble(
    qtbot: QtBot, closer_look: CloserLook, window: MainWindow, find: Find
) -> None:
    keep(find, draw_one, 1)
    keep(find, draw_seven, 7)
    find("speedSlider").setValue(100)
    find("epochsSpinBox").setValue(1)
    with qtbot.waitSignal(window.training_finished, timeout=30000):
        click(find("startButton"))
    assert find("ownAccuracyLabel").text() == "–"
    turn_to(closer_look, "My digits")
    assert find("ownCountLabel").text().endswith("of your 2 digits")


def test_a_warning_stays_until_something_else_is_done(look: CloserLook, find: Find, path: Path) -> None:
    keep(find, draw_one, 1)
    path.write_bytes(b"damaged")
    keep(find, draw_seven, 7)
    assert "damaged 1.npz" in find("closerLookNoticeLabel").text()
    assert find("closerLookNoticeLabel").isVisible()
    keep(find, draw_zero, 0)
    assert not find("closerLookNoticeLabel").isVisible()


def test_answers_wait_for_a_pen_that_moves(
    qtbot: QtBot, look: CloserLook, window: MainWindow, find: Find, open_network: Callable[[Network], None]
) -> None:
    keep(find, draw_one, 1)
    open_network(Network.initialize())  # which does not know a one
    draw_seven(find("drawingPad"))
    settle(look)
    model = find("myDigitsList").model()
    expected = Network.initialize().predict(
        window._looking.collection.digits[0].image.reshape(1, 784) / np.float32(255)
    )
    qtbot.waitUntil(lambda: np.array_equal(model._probabilities, expected))
