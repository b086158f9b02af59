"""A learner's file in the window: opened, marked, mended in an editor, and trained."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox, QTableView
from pytestqt.qtbot import QtBot

from gui.flow.homework import Homework
from gui.main_window import MainWindow
from gui.settings import Settings
from model.analysis.derivation import Kind
from tests.gui.conftest import Find, assert_everything_has_its_room, click, settle, turn_to
from tests.gui.pages.your_code.conftest import EXERCISE, OpenFile, children_of

MENDED = {
    "dA3 = (guess * Z3 - guess).reshape(1, 10)": "dA3 = (Z3 - y).reshape(1, 10)",
    "dA2 = (dsigmoid(Z2) * np.dot(dA3, Z3)).reshape(1, 32)": "dA2 = dsigmoid(A2) * np.dot(dA3, weights[2].T)",
    "dW2 = np.dot(A1.reshape(1, 32).T, dA2)": "dW2 = np.dot(Z1.reshape(1, 32).T, dA2)",
    "dA1 = (dsigmoid(Z1) * np.dot(dA2, Z2)).reshape(1, 32)": "dA1 = dsigmoid(A1) * np.dot(dA2, weights[1].T)",
}


def rows(find: Find) -> list[tuple[str, str]]:
    """The lines on the screen: code, and what stands beside it."""
    model = find("sourceView").model()
    return [(model.index(k, 1).data().strip(), model.index(k, 2).data()) for k in range(model.rowCount())]


def beside(find: Find, code: str) -> str:
    return next(mark for line, mark in rows(find) if line.startswith(code))


def choose(find: Find, code: str) -> None:
    """Click on a line."""
    view = find("sourceView")
    assert isinstance(view, QTableView)
    number = next(k for k, (line, _) in enumerate(rows(find)) if line.startswith(code))
    index = view.model().index(number, 1)
    view.scrollTo(index)
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=view.visualRect(index).center())


def save_as_editors_do(path: Path, content: str) -> None:
    """Write another file, and give it the name of the old one."""
    aside = path.with_suffix(".new")
    aside.write_text(content, encoding="utf-8")
    os.replace(aside, path)


def test_its_lines_say_what_they_compute(window: MainWindow, find: Find, open_file: OpenFile, stuck: Path) -> None:
    open_file(stuck)
    assert window.scene.page == "Your code"
    assert beside(find, "A1 = ") == "✓ z₁"
    assert beside(find, "Z2 = ") == "✓ a₂"
    assert beside(find, "guess = ") == "one-hot of the answer"
    assert beside(find, "dA3 = ") == "✗ δ₃ is g ∘ p − g"
    assert beside(find, "dW2 = ") == "✗ ∂L/∂W₂ is z₁ᵀ δ₂"
    assert beside(find, "dW1 = ") == "✓ ∂L/∂W₁"
    texts = [find(f"stage{number}Label").text() for number in (1, 2, 3, 4)]
    assert [("✓" in text, "✗" in text) for text in texts] == [
        (True, False),
        (True, False),
        (False, True),
        (True, False),
    ]
    assert "Epoch 0" in find("outputView").toPlainText()
    assert "%matplotlib inline" in find("notesView").toPlainText()


def test_a_formula_comes_only_when_it_is_asked_for(find: Find, open_file: OpenFile, stuck: Path) -> None:
    open_file(stuck)
    choose(find, "dA3 = ")
    settle_by_events()
    assert "never leaves the answer it started with" in find("lineLabel").text()
    assert not find("formulaLabel").isVisible()
    assert "p − y" not in find("lineLabel").text()
    click(find("showFormulaButton"))
    settle_by_events()
    assert find("formulaLabel").isVisible()
    assert "p − y" in find("formulaLabel").text()
    assert not find("showFormulaButton").isVisible()
    QTest.keyClick(find("sourceView"), Qt.Key.Key_Down)
    settle_by_events()
    assert not find("formulaLabel").isVisible()
    assert "∂L/∂W₃" in find("lineLabel").text()


def settle_by_events() -> None:
    for _ in range(5):
        QApplication.processEvents()


def test_a_line_leads_to_its_number(window: MainWindow, find: Find, open_file: OpenFile, stuck: Path) -> None:
    open_file(stuck)
    choose(find, "A2 = ")
    settle(window)
    click(find("showNumberButton"))
    settle(window)
    assert window.scene.page == "One update"
    number, is_other = window.scene.kept_number
    assert (number.kind, number.layer, is_other) == (Kind.PRE_ACTIVATION, 2, False)
    assert "z₂" in find("explanationLabel").text() or "Pre-activation" in find("explanationLabel").text()
    turn_to(window, "Your code")
    choose(find, "A3 = ")
    for layers, is_there in (("32", False), ("32, 32", True)):  # of the network on the screen
        find("hiddenLayersField").setText(layers)
        find("hiddenLayersField").editingFinished.emit()
        settle(window)
        assert find("showNumberButton").isVisible() == is_there


def test_it_is_read_again_whenever_it_is_saved(
    qtbot: QtBot, window: MainWindow, find: Find, open_file: OpenFile, stuck: Path
) -> None:
    open_file(stuck)
    for wrong, right in MENDED.items():
        notebook = stuck.read_text("utf-8")
        assert json.dumps(wrong)[1:-1] in notebook
        save_as_editors_do(stuck, notebook.replace(json.dumps(wrong)[1:-1], json.dumps(right)[1:-1]))
        qtbot.waitUntil(
            lambda right=right: any(line == right and "✓" in mark for line, mark in rows(find)), timeout=9000
        )
    assert not [mark for _, mark in rows(find) if "✗" in mark]
    assert window.scene.homework.report.verdict == "right"


def test_a_file_that_is_broken_while_it_is_edited_says_so(
    qtbot: QtBot, window: MainWindow, find: Find, open_file: OpenFile, tmp_path: Path
) -> None:
    path = tmp_path / "mine.py"
    path.write_text((EXERCISE / "columns.py").read_text())
    open_file(path)
    path.write_text("def half(:\n    pass\n")
    qtbot.waitUntil(lambda: "not Python" in find("verdictLabel").text(), timeout=9000)
    assert [line for line, _ in rows(find)] == ["def half(:", "pass"] or not rows(find)
    path.unlink()
    path.write_text((EXERCISE / "columns.py").read_text())
    qtbot.waitUntil(lambda: "✓" in find("stage3Label").text(), timeout=9000)


def test_everything_has_its_room(
    qtbot: QtBot, window: MainWindow, find: Find, open_file: OpenFile, stuck: Path
) -> None:
    turn_to(window, "Your code")
    assert_everything_has_its_room(qtbot, window)
    open_file(stuck)
    choose(find, "dA3 = ")
    assert_everything_has_its_room(qtbot, window)


def test_it_can_be_dropped(window: MainWindow, stuck: Path, judged: Callable[[], Homework]) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(stuck))])
    actions = Qt.DropAction.CopyAction | Qt.DropAction.MoveAction
    how = actions, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    entering = QDragEnterEvent(QPoint(20, 20), *how)
    QApplication.sendEvent(window, entering)
    assert entering.isAccepted()
    dropping = QDropEvent(QPointF(20, 20), *how)
    QApplication.sendEvent(window, dropping)
    assert judged().path == stuck
    assert dropping.dropAction() == Qt.DropAction.CopyAction


@pytest.mark.parametrize("agrees", [True, False])
def test_that_code_runs_is_told_once_and_before(
    make_window: Callable[..., MainWindow],
    settings: Settings,
    stuck: Path,
    monkeypatch: pytest.MonkeyPatch,
    agrees: bool,
) -> None:
    settings.knows_that_code_runs = False
    asked = []

    def answer(*arguments: object) -> QMessageBox.StandardButton:
        asked.append(arguments[2])
        return QMessageBox.StandardButton.Ok if agrees else QMessageBox.StandardButton.Cancel

    monkeypatch.setattr(QMessageBox, "information", answer)
    window = make_window()
    window.controllers.homework.open(stuck)
    window.controllers.homework.open(stuck)
    assert len(asked) == (1 if agrees else 2)
    assert "with your rights" in asked[0]
    assert (window.scene.homework is not None) == agrees


def test_nothing_is_left_when_the_window_closes_meanwhile(window: MainWindow, stuck: Path) -> None:
    window.controllers.homework.open(stuck)
    window.close()
    assert not children_of(stuck.parent)
