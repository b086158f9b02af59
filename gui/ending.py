"""What is not saved is kept, however the program ends: by closing, a signal, or with its session or its display."""

import ctypes
import os
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import NoReturn

from PySide6.QtCore import QObject, QSocketNotifier
from PySide6.QtWidgets import QApplication

SIGNALS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))


class Ending(QObject):
    """Ends the program, whoever wants its end.

    `keep` writes what is not saved; `end` does the same and leaves no thread, and nothing when it is called again.
    """

    def __init__(self, application: QApplication, keep: Callable[[], None], end: Callable[[], None]) -> None:
        super().__init__(application)
        self._end = end
        application.commitDataRequest.connect(lambda _: keep())  # the session may end, or not after all
        self._hear_signals(application)
        self._hear_exit()

    def leave(self, code: int) -> NoReturn:
        """End the process, which has no threads and nothing unsaved any more."""
        self._end()
        for stream in (sys.stdout, sys.stderr):
            with suppress(OSError, ValueError):
                stream.flush()
        os._exit(code)  # whatever Python and Qt would still take down has nothing to do

    def _hear_signals(self, application: QApplication) -> None:
        """Python notices a signal only where Python runs, an idle event loop does not: but its number is written."""
        hears, self._says = socket.socketpair()
        hears.setblocking(False)
        self._says.setblocking(False)
        self._hears = hears
        self._notifier = QSocketNotifier(hears.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(lambda: application.exit(128 + hears.recv(1)[0]))
        signal.set_wakeup_fd(self._says.fileno())
        for number in SIGNALS:
            signal.signal(number, lambda *_: None)

    def _hear_exit(self) -> None:
        """Qt calls the C library's exit() when its X server is gone, with all threads still at work."""
        if sys.platform == "linux":
            self._at_exit = ctypes.CFUNCTYPE(None, ctypes.c_void_p)(lambda _: self.leave(1))
            ctypes.CDLL(None)["__cxa_atexit"](self._at_exit, None, None)
