from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from gui.files.file_dialogs import FileDialogs, as_file_name
from gui.settings import Settings

FILTER = "Pictures (*.png *.svg)"


@pytest.fixture
def dialogs(qtbot: QtBot, settings: Settings, tmp_path: Path) -> FileDialogs:
    host = QWidget()
    qtbot.addWidget(host)
    settings.folder = str(tmp_path)
    return FileDialogs(host, settings)


@pytest.fixture
def choose(monkeypatch: pytest.MonkeyPatch) -> Callable[[object], list[str]]:
    """Let the user answer the next dialogs; where each of them starts."""

    def with_answer(chosen: object) -> list[str]:
        places: list[str] = []

        def dialog(parent: QWidget, title: str, place: str, filters: str) -> tuple[object, str]:
            places.append(place)
            return chosen, ""

        for name in ("getSaveFileName", "getOpenFileName", "getOpenFileNames"):
            monkeypatch.setattr(f"gui.files.file_dialogs.QFileDialog.{name}", dialog)
        return places

    return with_answer


@pytest.mark.parametrize(
    ("typed", "becomes"),
    [
        ("view", "view.png"),
        ("view.svg", "view.svg"),
        ("view.PNG", "view.PNG"),
        ("view.jpg", "view.jpg.png"),
        ("rate 0.003", "rate 0.003.png"),
    ],
)
def test_a_file_to_write_has_an_ending_that_fits(
    dialogs: FileDialogs, choose: Callable[[object], list[str]], tmp_path: Path, typed: str, becomes: str
) -> None:
    places = choose(str(tmp_path / typed))
    assert dialogs.ask_save_path("Export", "plot.png", FILTER) == tmp_path / becomes
    assert places == [str(tmp_path / "plot.png")]


@pytest.mark.parametrize("answer", [QMessageBox.StandardButton.Yes, QMessageBox.StandardButton.No])
def test_a_file_that_gets_its_name_by_the_ending_is_not_replaced_unasked(
    dialogs: FileDialogs,
    choose: Callable[[object], list[str]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    answer: QMessageBox.StandardButton,
) -> None:
    asked = []

    def ask(_: QWidget, title: str, question: str) -> QMessageBox.StandardButton:
        asked.append(question)
        return answer

    monkeypatch.setattr("gui.files.file_dialogs.QMessageBox.question", ask)
    (tmp_path / "rate 0.003.png").write_text("precious")
    choose(str(tmp_path / "rate 0.003"))
    path = dialogs.ask_save_path("Export", "plot.png", FILTER)
    assert path == (tmp_path / "rate 0.003.png" if answer == QMessageBox.StandardButton.Yes else None)
    assert asked == ["rate 0.003.png already exists. Do you want to replace it?"]


def test_the_next_dialog_starts_where_the_last_file_was(
    dialogs: FileDialogs, choose: Callable[[object], list[str]], tmp_path: Path
) -> None:
    asks = (
        (lambda: dialogs.ask_open_path("Open", FILTER), lambda folder: str(folder / "a.png"), ""),
        (lambda: dialogs.ask_open_paths("Open", FILTER), lambda folder: [str(folder / "a.png")], ""),
        (lambda: dialogs.ask_save_path("Save", "b.png", FILTER), lambda folder: str(folder / "a.png"), "b.png"),
    )
    folder = tmp_path
    for number, (ask, answer, proposal) in enumerate(asks):
        places = choose(answer(tmp_path / str(number)))
        assert ask()
        assert places == [str(folder / proposal) if proposal else str(folder)]
        folder = tmp_path / str(number)


def test_whoever_chooses_nothing_changes_nothing(
    dialogs: FileDialogs, choose: Callable[[object], list[str]], settings: Settings, tmp_path: Path
) -> None:
    choose("")
    assert dialogs.ask_open_path("Open", FILTER) is None
    assert dialogs.ask_save_path("Save", "a.png", FILTER) is None
    choose([])
    assert dialogs.ask_open_paths("Open", FILTER) == []
    assert settings.folder == str(tmp_path)


@pytest.mark.parametrize(
    ("name", "file_name"),
    [("rate 0.003", "rate 0.003"), ("a/b:c*?", "a b c"), ("größer (2)", "größer (2)"), ("../..", "run"), ("", "run")],
)
def test_the_name_of_a_run_becomes_one_that_file_systems_like(name: str, file_name: str) -> None:
    assert as_file_name(name) == file_name
