import sys
import threading
from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from gui.errors import ErrorReporter


@pytest.fixture
def reporter(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[ErrorReporter]:
    monkeypatch.setattr("sys.excepthook", None)
    monkeypatch.setattr("threading.excepthook", None)
    reporter = ErrorReporter()
    reporter.install()
    yield reporter
    for dialog in dialogs():
        dialog.close()


def dialogs() -> list[QMessageBox]:
    return [
        widget
        for widget in QApplication.topLevelWidgets()
        if isinstance(widget, QMessageBox) and widget.objectName() == "errorDialog" and widget.isVisible()
    ]


def fail(text: str) -> None:
    """What Python does with an exception that nothing catches."""
    try:
        raise ValueError(text)
    except ValueError as error:
        sys.excepthook(type(error), error, error.__traceback__)


@pytest.mark.usefixtures("reporter")
def test_exceptions_become_one_dialog_at_a_time_with_the_text_to_report(
    qtbot: QtBot, capsys: pytest.CaptureFixture[str]
) -> None:
    fail("first")
    fail("second")
    qtbot.waitUntil(lambda: bool(dialogs()))
    QApplication.processEvents()
    (dialog,) = dialogs()
    assert "ValueError: first" in dialog.detailedText()
    assert "test_errors.py" in dialog.detailedText()
    assert "ValueError: second" in capsys.readouterr().err  # that is not lost either
    dialog.close()
    qtbot.waitUntil(lambda: not dialogs())
    fail("third")
    qtbot.waitUntil(lambda: bool(dialogs()))
    assert "ValueError: third" in dialogs()[0].detailedText()


@pytest.mark.usefixtures("reporter")
def test_an_exception_in_any_thread_reaches_the_dialog(qtbot: QtBot) -> None:
    thread = threading.Thread(target=lambda: 1 / 0)
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: bool(dialogs()))
    assert "ZeroDivisionError" in dialogs()[0].detailedText()


@pytest.mark.usefixtures("reporter")
def test_ctrl_c_quits_without_a_dialog(monkeypatch: pytest.MonkeyPatch) -> None:
    quits = []
    monkeypatch.setattr("gui.errors.QApplication.quit", lambda: quits.append(True))
    sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
    QApplication.processEvents()
    assert quits == [True]
    assert dialogs() == []
