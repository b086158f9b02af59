"""Files that are dropped on the window."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDropEvent

from model.homework.source import ENDINGS


def files_among(urls: Sequence[QUrl]) -> list[Path]:
    """Those on this computer."""
    return [Path(url.toLocalFile()) for url in urls if url.isLocalFile()]


def code_among(urls: Sequence[QUrl]) -> Path | None:
    """The first program or notebook."""
    return next((path for path in files_among(urls) if path.suffix.lower() in ENDINGS), None)


def accept_copy(event: QDropEvent) -> None:
    """Whatever was proposed: who moves files would delete them afterwards."""
    event.setDropAction(Qt.DropAction.CopyAction)
    event.accept()
