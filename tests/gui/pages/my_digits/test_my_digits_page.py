"""The user's own digits, kept, corrected, imported and exported in the window."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from gui.pages.my_digits.my_digits_page import MyDigitsPage
from gui.theme import DARK, LIGHT
from model.dataset import Dataset
from model.history import Frame
from model.network import Network
from model.storage.own_digits import OwnDigit, open_digits, save_digits
from model.training import Progress
from tests.gui.conftest import Find, click, draw_one, draw_seven, draw_zero, settle, turn_to

Draw = Callable[[QWidget], None]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "data").mkdir()
    return tmp_path / "data" / "my-digits.npz"


@pytest.fixture
def page(knowing_window: MainWindow) -> MyDigitsPage:
    turn_to(knowing_window, "My digits")
    page = knowing_window.findChild(MyDigitsPage)
    assert page is not None
    return page


def keep(window: MainWindow, find: Find, draw: Draw, label: int) -> None:
    click(find("clearDrawingButton"))
    draw(find("drawingPad"))
    settle(window)
    click(find(f"keep{label}Button"))
    settle(window)


def choose(find: Find, *rows: int) -> None:
    digits = find("myDigitsList")
    for k, row in enumerate(rows):
        keys = Qt.KeyboardModifier.ControlModifier if k else Qt.KeyboardModifier.NoModifier
        place = digits.visualRect(digits.model().index(row)).center()
        QTest.mouseClick(digits.viewport(), Qt.MouseButton.LeftButton, keys, place)


def press(find: Find, *keys: Qt.Key) -> None:
    for key in keys:
        QTest.keyClick(find("myDigitsList"), key)


def data(find: Find, role: Qt.ItemDataRole = Qt.ItemDataRole.DisplayRole) -> list:
    model = find("myDigitsList").model()
    return [model.index(row).data(role) for row in range(model.rowCount())]


def report(find: Find) -> str:
    return find("myDigitsLabel").text()


def checked(find: Find) -> list[int]:
    return [digit for digit in range(10) if find(f"keep{digit}Button").isChecked()]


def write_image(path: Path, digit: np.ndarray) -> Path:
    pixels = (255 - digit.reshape(28, 28) * 255).round().astype(np.uint8)
    QImage(pixels.tobytes(), 28, 28, 28, QImage.Format.Format_Grayscale8).save(str(path))
    return path


def add(window: MainWindow, path: Path, digits: Sequence[OwnDigit]) -> None:
    """As if they had been imported."""
    save_digits(path.with_name("imported.npz"), digits)
    window.controllers.digit_import.import_files([path.with_name("imported.npz")])
    while len(window.scene.own_digits) < len(digits):
        QApplication.processEvents()
    settle(window)


def test_one_click_keeps_the_drawing_with_its_label(
    page: MyDigitsPage, knowing_window: MainWindow, find: Find, path: Path
) -> None:
    assert not any(find(f"keep{digit}Button").isEnabled() for digit in range(10))
    keep(knowing_window, find, draw_seven, 7)
    assert open_digits(path) == (OwnDigit.of(knowing_window.scene.digit, 7),)
    assert report(find) == "Kept as a 7: 1 digit in your collection."
    assert knowing_window.scene.label == 7
    click(find("keep7Button"))
    settle(knowing_window)
    assert "already" in report(find)
    assert checked(find) == [7]
    keep(knowing_window, find, draw_one, 4)
    assert checked(find) == [4]
    assert data(find) == ["7", "4  →  1"]  # a mistake stands out
    assert [find("myDigitsList").describe(row).color for row in range(2)] == [LIGHT.secondary_text, LIGHT.training]
    assert "A 4; the network answers 1" in data(find, Qt.ItemDataRole.ToolTipRole)[1]


def test_the_button_of_a_label_that_is_known_stands_out(
    page: MyDigitsPage, knowing_window: MainWindow, find: Find
) -> None:
    assert checked(find) == []
    click(find("testDigitButton"))
    settle(knowing_window)
    assert checked(find) == [knowing_window.scene.label]
    draw_one(find("drawingPad"))
    settle(knowing_window)
    assert checked(find) == []


def test_keys_say_what_digits_are_delete_takes_them_out_and_undo_brings_them_back(
    page: MyDigitsPage, knowing_window: MainWindow, find: Find, path: Path
) -> None:
    for draw in (draw_seven, draw_one, draw_zero):
        keep(knowing_window, find, draw, 5)
    choose(find, 0, 2)
    press(find, Qt.Key.Key_7)
    assert [digit.label for digit in open_digits(path)] == [7, 5, 7]
    choose(find, 1, 2)
    before = open_digits(path)
    press(find, Qt.Key.Key_Delete)
    assert open_digits(path) == before[:1]
    settle(knowing_window)
    click(find("undoDigitsButton"))
    assert open_digits(path) == before


def test_buttons_do_the_same_and_put_a_digit_back_on_the_pad(
    page: MyDigitsPage, knowing_window: MainWindow, find: Find
) -> None:
    keep(knowing_window, find, draw_seven, 5)
    kept = knowing_window.scene.digit
    keep(knowing_window, find, draw_one, 1)
    buttons = [find(name) for name in ("relabelButton", "ownDigitToPadButton", "deleteDigitsButton")]
    assert not any(button.isEnabled() for button in buttons)
    choose(find, 0)
    assert all(button.isEnabled() for button in buttons)
    find("relabelButton").menu().actions()[7].trigger()
    settle(knowing_window)
    assert data(find) == ["7", "1"]
    choose(find, 0)
    click(find("ownDigitToPadButton"))
    settle(knowing_window)
    assert np.abs(knowing_window.scene.digit - kept).max() <= 0.5 / 255 + 1e-6
    assert find("predictedDigitLabel").text() == "7"
    assert checked(find) == [7]
    choose(find, 0, 1)
    assert [button.isEnabled() for button in buttons] == [True, False, True]
    click(find("deleteDigitsButton"))
    settle(knowing_window)
    assert data(find) == []
    assert not any(button.isEnabled() for button in buttons)


def test_the_keyboard_goes_from_one_unknown_digit_to_the_next(
    page: MyDigitsPage, knowing_window: MainWindow, find: Find, digits: Dataset, path: Path
) -> None:
    unknown = [OwnDigit.of(image) for image in digits.test_images[:3]]
    add(knowing_window, path, [*unknown, OwnDigit.of(digits.test_images[3], 5)])
    assert [text[0] for text in data(find)] == ["?", "?", "?", "5"]
    choose(find, 1)
    press(find, Qt.Key.Key_7, Qt.Key.Key_8, Qt.Key.Key_9)
    assert [digit.label for digit in open_digits(path)] == [9, 7, 8, 5]
    assert len(find("myDigitsList").selected) == 1


def test_the_place_in_the_list_survives_a_deletion(
    page: MyDigitsPage, knowing_window: MainWindow, find: Find, digits: Dataset, path: Path
) -> None:
    own = [OwnDigit.of(image, 1) for image in digits.test_images[:5]]
    add(knowing_window, path, own)
    choose(find, 2)
    press(find, Qt.Key.Key_Delete, Qt.Key.Key_Delete)
    assert open_digits(path) == (own[0], own[1], own[4])


def test_what_is_added_is_seen(
    page: MyDigitsPage, knowing_window: MainWindow, find: Find, digits: Dataset, path: Path
) -> None:
    add(knowing_window, path, [OwnDigit.of(image, 1) for image in digits.test_images[:100]])
    keep(knowing_window, find, draw_seven, 7)
    view = find("myDigitsList")
    assert view.viewport().rect().contains(view.visualRect(view.model().index(100)))
    assert not view.viewport().rect().intersects(view.visualRect(view.model().index(0)))


def test_images_are_imported_and_those_without_a_name_can_be_labelled(
    qtbot: QtBot, page: MyDigitsPage, knowing_window: MainWindow, find: Find, digits: Dataset, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch, path: Path,
) -> None:  # fmt: skip
    named = write_image(tmp_path / f"{digits.test_labels[0]}.png", digits.test_images[0])
    scan = write_image(tmp_path / "scan.png", digits.test_images[1])
    (tmp_path / "notes.png").write_text("no image")
    names = [str(named), str(scan), str(tmp_path / "notes.png")]
    monkeypatch.setattr("gui.files.file_dialogs.QFileDialog.getOpenFileNames", lambda *_: (names, ""))
    click(find("importDigitsButton"))
    qtbot.waitUntil(lambda: "2 digits added" in report(find))
    assert [digit.label for digit in open_digits(path)] == [digits.test_labels[0], None]
    assert "notes.png is no PNG or JPEG image" in find("noticeLabel").text()
    settle(knowing_window)
    assert data(find)[1].startswith("?")
    assert data(find, Qt.ItemDataRole.ToolTipRole)[1].startswith("Nobody has said what this is; the network answers")
    choose(find, 1)
    press(find, Qt.Key(Qt.Key.Key_0 + int(digits.test_labels[1])))
    assert open_digits(path)[1].label == digits.test_labels[1]


def test_files_can_be_dropped(
    qtbot: QtBot, page: MyDigitsPage, knowing_window: MainWindow, digits: Dataset, tmp_path: Path
) -> None:
    files = QMimeData()
    files.setUrls([QUrl.fromLocalFile(str(write_image(tmp_path / "7.png", digits.test_images[0])))])
    actions = Qt.DropAction.CopyAction | Qt.DropAction.MoveAction
    how = actions, files, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    entering = QDragEnterEvent(QPoint(5, 5), *how)
    QApplication.sendEvent(page, entering)
    assert entering.isAccepted()
    dropping = QDropEvent(QPointF(5, 5), *how)
    dropping.setDropAction(Qt.DropAction.MoveAction)
    QApplication.sendEvent(page, dropping)
    assert dropping.dropAction() is Qt.DropAction.CopyAction  # whoever moves a file deletes it
    qtbot.waitUntil(lambda: [digit.label for digit in knowing_window.scene.own_digits] == [7])


def test_what_is_exported_can_be_imported(
    qtbot: QtBot, page: MyDigitsPage, knowing_window: MainWindow, find: Find, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    assert not find("exportDigitsButton").isEnabled()
    keep(knowing_window, find, draw_seven, 7)
    kept = knowing_window.scene.own_digits
    exported = str(tmp_path / "exported.npz")
    monkeypatch.setattr("gui.files.file_dialogs.QFileDialog.getSaveFileName", lambda *_: (exported, ""))
    monkeypatch.setattr("gui.files.file_dialogs.QFileDialog.getOpenFileNames", lambda *_: ([exported], ""))
    click(find("exportDigitsButton"))
    assert open_digits(exported) == kept
    choose(find, 0)
    press(find, Qt.Key.Key_Backspace)
    assert knowing_window.scene.own_digits == ()
    click(find("importDigitsButton"))
    qtbot.waitUntil(lambda: knowing_window.scene.own_digits == kept)


def test_the_collection_is_there_again_in_the_next_window(
    page: MyDigitsPage, knowing_window: MainWindow, find: Find, make_window: Callable[..., MainWindow]
) -> None:
    keep(knowing_window, find, draw_seven, 7)
    another = make_window()
    turn_to(another, "My digits")
    assert another.scene.own_digits == knowing_window.scene.own_digits
    assert another.findChild(QWidget, "myDigitsList").model().rowCount() == 1


def test_a_damaged_collection_is_reported_when_the_page_is_first_shown(
    window: MainWindow, find: Find, path: Path
) -> None:
    path.write_bytes(b"damaged")
    assert not find("noticeLabel").isVisible()
    turn_to(window, "My digits")
    assert find("noticeLabel").isVisible()
    assert "my-digits damaged 1.npz" in find("noticeLabel").text()


def test_pictures_are_of_the_theme_and_as_large_as_the_zoom(
    page: MyDigitsPage, knowing_window: MainWindow, find: Find
) -> None:
    keep(knowing_window, find, draw_one, 1)
    view = find("myDigitsList")
    place = view.visualRect(view.model().index(0))
    for theme in (LIGHT, DARK):
        knowing_window.controllers.appearance.choose_theme(theme.name)
        picture = view.viewport().grab(place).toImage()
        corner = picture.pixelColor(picture.width() // 2 - 25, picture.height() // 3 - 20)
        assert corner.name() == theme.paper
    before = place.width()
    knowing_window.controllers.scheduler.change(zoom=200)
    settle(knowing_window)
    assert view.visualRect(view.model().index(0)).width() >= 1.9 * before


def noted_questions(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Network, int]]:
    """Which network was asked about how many images, from here on."""
    questions: list[tuple[Network, int]] = []
    predict = Network.predict

    def note(network: Network, images: np.ndarray) -> np.ndarray:
        questions.append((network, len(images)))
        return predict(network, images)

    monkeypatch.setattr(Network, "predict", note)
    return questions


def test_the_network_that_is_shown_is_asked_even_if_another_is_being_asked(
    page: MyDigitsPage, knowing_window: MainWindow, find: Find, digits: Dataset, path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    own = [OwnDigit.of(digits.test_images[k], int(digits.test_labels[k])) for k in range(9)]
    add(knowing_window, path, own)
    monkeypatch.setattr("gui.pages.my_digits.my_digits_page.WORK_AT_A_TIME", 1)  # a digit
    first, second = (Network.initialize((784, 20, 10), seed) for seed in (1, 2))
    questions = noted_questions(monkeypatch)
    knowing_window.controllers.runs.show_detached(Frame(Progress(), first), "first")
    while questions.count((first, 1)) < 3:
        QApplication.processEvents()
    knowing_window.controllers.runs.show_detached(Frame(Progress(), second), "second")
    settle(knowing_window)
    assert questions.count((first, 1)) == questions.count((second, 1)) == 9
    images = np.array([digit.image.reshape(784) for digit in own]) / np.float32(255)
    pairs = list(zip(digits.test_labels[:9].tolist(), second.predict(images).argmax(axis=1).tolist(), strict=True))
    assert data(find) == [str(true) if true == answer else f"{true}  →  {answer}" for true, answer in pairs]
    assert find("ownCountLabel").text() == f"{sum(true == answer for true, answer in pairs)} of your 9 digits"


def test_no_digit_is_asked_again_for_the_pen(
    page: MyDigitsPage, knowing_window: MainWindow, find: Find, digits: Dataset, path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    add(knowing_window, path, [OwnDigit.of(image, 1) for image in digits.test_images[:9]])
    questions = noted_questions(monkeypatch)
    draw_seven(find("drawingPad"))
    settle(knowing_window)
    assert {count for _, count in questions} == {1}


def test_the_cards_are_side_by_side_where_there_is_room_and_below_one_another_elsewhere(
    qtbot: QtBot, page: MyDigitsPage, knowing_window: MainWindow, find: Find
) -> None:
    def corner(name: str) -> QPoint:
        return find(name).mapTo(page, QPoint())

    keep(knowing_window, find, draw_one, 1)
    room = page.parentWidget()
    knowing_window.resize(1280, 720)
    qtbot.waitUntil(lambda: corner("handwritingPlot").x() > corner("myDigitsList").x() + 300)
    qtbot.waitUntil(lambda: page.size() == room.size())  # nothing scrolls
    knowing_window.resize(1024, 768)
    qtbot.waitUntil(lambda: corner("handwritingPlot").y() > corner("myDigitsList").y() + 150)
    qtbot.waitUntil(lambda: page.width() == room.width())
