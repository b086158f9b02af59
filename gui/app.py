"""From the command line to the window."""

import sys

from gui.system_libraries import why_no_window

SWITCH_INTERVAL = 5e-4  # seconds: the window waits a tenth as long for the training thread as with Python's default


def run() -> int:
    """Open the window and stay until it is closed; the exit code, 2 if no window can open here."""
    if problem := why_no_window():
        print(problem, file=sys.stderr)
        return 2
    sys.setswitchinterval(SWITCH_INTERVAL)

    from PySide6.QtGui import QIcon
    from PySide6.QtWidgets import QApplication

    from gui.errors import ErrorReporter
    from gui.main_window import ICON, MainWindow

    application = QApplication(sys.argv[:1])
    application.setApplicationName("Digitscope")
    application.setApplicationDisplayName("Digitscope")
    application.setWindowIcon(QIcon(str(ICON)))
    reporter = ErrorReporter(application)
    reporter.install()
    window = MainWindow()
    window.show()
    return application.exec()
