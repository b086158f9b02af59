"""What has to be true of the installed PySide6 itself."""

import sys

from PySide6.QtCore import QObject, Signal


class Emitter(QObject):
    happened = Signal(bool)


def test_emitting_a_signal_keeps_the_reference_counts_of_constants() -> None:
    # PySide6 6.12.0 on Python 3.11 dropped one reference an emit, and the process died of it.
    emitter = Emitter()
    before = sys.getrefcount(True), sys.getrefcount(None)
    for _ in range(1000):
        emitter.happened.emit(True)
    after = sys.getrefcount(True), sys.getrefcount(None)
    assert all(abs(now - then) < 100 for now, then in zip(after, before, strict=True))
