"""The last resort: an exception that nobody expected becomes one dialog, and the program lives on."""

import sys
import threading
import traceback
from types import TracebackType

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QApplication, QMessageBox


class ErrorReporter(QObject):
    """Shows unexpected exceptions of any thread, one dialog at a time."""

    _happened = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._dialog: QMessageBox | None = None
        self._happened.connect(self._show, Qt.ConnectionType.QueuedConnection)

    def install(self) -> None:
        """Take over the hooks that Python calls with an exception that nothing caught."""
        sys.excepthook = self.report
        threading.excepthook = lambda arguments: self.report(
            arguments.exc_type, arguments.exc_value, arguments.exc_traceback
        )

    def report(
        self, kind: type[BaseException], error: BaseException | None, trace: TracebackType | None = None
    ) -> None:
        """Show an exception; may be called from any thread."""
        if issubclass(kind, KeyboardInterrupt):
            QApplication.quit()
            return
        text = "".join(traceback.format_exception(kind, error, trace))
        print(text, file=sys.stderr)
        self._happened.emit(text)

    def _show(self, text: str) -> None:
        if self._dialog is not None:
            return
        self._dialog = QMessageBox()
        self._dialog.setObjectName("errorDialog")
        self._dialog.setIcon(QMessageBox.Icon.Warning)
        self._dialog.setWindowTitle("Digitscope")
        self._dialog.setText("Something went wrong that should not have. You can continue to work.")
        self._dialog.setInformativeText("Please report it with the text under “Show Details”.")
        self._dialog.setDetailedText(text)
        self._dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._dialog.finished.connect(self._forget)
        self._dialog.open()

    def _forget(self) -> None:
        self._dialog = None
