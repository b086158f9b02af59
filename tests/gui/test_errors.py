import threading

import pytest
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from gui.errors import ErrorReporter


@pytest.fixture
def reporter(qtbot: QtBot) -> ErrorReporter:
    return ErrorReporter()


def report(reporter: ErrorReporter, text: str) -> None:
    try:
        raise ValueError(text)
    except ValueError as error:
        reporter.report(type(error), error, error.__traceback__)


def test_an_exception_becomes_one_dialog_with_the_text_to_report(qtbot: QtBot, reporter: ErrorReporter) -> None:
    report(reporter, "first")
    report(reporter, "second")
    qtbot.waitUntil(lambda: reporter._dialog is not None)
    dialog = reporter._dialog
    assert "ValueError: first" in dialog.detailedText()
    assert "test_errors.py" in dialog.detailedText()
    dialog.close()
    qtbot.waitUntil(lambda: reporter._dialog is None)


def test_an_exception_in_any_thread_reaches_the_dialog(
    qtbot: QtBot, reporter: ErrorReporter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.excepthook", None)
    monkeypatch.setattr("threading.excepthook", None)
    reporter.install()
    thread = threading.Thread(target=lambda: 1 / 0)
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: isinstance(reporter._dialog, QMessageBox))
    assert "ZeroDivisionError" in reporter._dialog.detailedText()
    reporter._dialog.close()
