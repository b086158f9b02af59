"""From the command line to the window."""

import ctypes
import gc
import sys
from contextlib import suppress

from gui.system_libraries import why_no_window

DESKTOP_ID = "digitscope"  # by which Wayland and Windows know the program and its icon
SWITCH_INTERVAL = 2e-4  # seconds: neither the window nor the training waits long for the other; Python's own is 5e-3


def run() -> int:
    """Open the window, stay until it is closed, and end the process; the exit code, 2, if no window can open here."""
    if problem := why_no_window():
        print(problem, file=sys.stderr)
        return 2
    from PySide6.QtGui import QIcon
    from PySide6.QtWidgets import QApplication

    from gui.ending import Ending
    from gui.errors import ErrorReporter
    from gui.main_window import ICON, MainWindow

    sys.setswitchinterval(SWITCH_INTERVAL)
    application = QApplication(sys.argv[:1])
    application.setApplicationName("Digitscope")
    application.setApplicationDisplayName("Digitscope")
    application.setWindowIcon(QIcon(str(ICON)))
    application.setDesktopFileName(DESKTOP_ID)
    _name_for_taskbar()
    reporter = ErrorReporter(application)
    reporter.install()
    window = MainWindow()
    ending = Ending(application, window.keep_unsaved, window.end)
    window.show()
    spare_long_collections()
    return ending.leave(application.exec())


def _name_for_taskbar() -> None:
    """On Windows, show the program's own icon in the taskbar instead of Python's."""
    if sys.platform == "win32":
        with suppress(OSError):
            ctypes.windll.shell32.SetCurrentProcessExplicitAppUserModelID(DESKTOP_ID)


def spare_long_collections() -> None:
    """Keep what lives as long as the program out of garbage collection, which would stop the window for 20 ms."""
    gc.collect()
    gc.freeze()
