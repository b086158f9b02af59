"""Notices that a file was saved, however an editor does that."""

from pathlib import Path

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, Signal

SETTLES = 150  # milliseconds after the last change in which an editor may still be writing

Signature = tuple[int, int, int]


class FileWatch(QObject):
    """Watches the file and its folder: many editors write another file and give it the name of the old one."""

    saved = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._path: Path | None = None
        self._signature: Signature | None = None
        self._watcher = QFileSystemWatcher(self)
        self._settles = QTimer(self, singleShot=True, interval=SETTLES)
        self._settles.timeout.connect(self._look)
        self._watcher.fileChanged.connect(self._settles.start)
        self._watcher.directoryChanged.connect(self._look_soon)

    def watch(self, path: Path | None) -> None:
        """Watch this file from here on, and no other; or none."""
        if watched := [*self._watcher.files(), *self._watcher.directories()]:
            self._watcher.removePaths(watched)
        self._settles.stop()
        self._path = path
        if path is not None:
            self._signature = _signature(path)
            self._watcher.addPaths([str(path), str(path.parent)])

    def _look_soon(self) -> None:
        """Whatever else comes and goes in the folder does not put the look off."""
        if not self._settles.isActive():
            self._settles.start()

    def _look(self) -> None:
        assert self._path is not None
        signature = _signature(self._path)
        if str(self._path) not in self._watcher.files():
            self._watcher.addPath(str(self._path))  # another file has its name now
        if signature is not None and signature != self._signature:
            self._signature = signature
            self.saved.emit()


def _signature(path: Path) -> Signature | None:
    """What tells one state of a file from the next; None while there is none."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino
