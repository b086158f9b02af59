"""Between the user and the collection: keeps, imports and exports digits, and says what came of it."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from gui.files.file_actions import FileActions
from gui.my_digits.collection import Collection
from gui.my_digits.image_import import ENDINGS, ImageImport
from model.storage.own_digits import OwnDigit

IMAGES = f"Images and exported digits ({' '.join(f'*{ending}' for ending in (*ENDINGS, '.npz'))})"
MOST_PROBLEMS = 3  # that are told; of the others, how many


class Keeper(QObject):
    """One import after the other."""

    kept = Signal(str)  # what became of the digit on the pad
    told = Signal(str)  # what became of files
    failed = Signal(str)  # a sentence, or some

    def __init__(self, collection: Collection, files: FileActions, parent: QObject) -> None:
        super().__init__(parent)
        self._collection = collection
        self._files = files
        self._waiting: list[Path] = []
        self._import: ImageImport | None = None
        collection.failed.connect(self.failed)

    def keep(self, digit: NDArray[np.float32], label: int) -> None:
        """Add a digit, (28, 28), that is a `label`."""
        added = self._collection.add([OwnDigit.of(digit, label)])
        if added:
            self.kept.emit(f"Kept as a {label}: {_so_many(len(self._collection.digits), 'digit')} in your collection.")
        elif added == 0:
            self.kept.emit("This very digit is in your collection already.")

    def ask_and_import(self) -> None:
        """Let the user choose files, and add their digits."""
        self.import_files(self._files.ask_which("Import Digits", IMAGES))

    def import_files(self, paths: Sequence[Path]) -> None:
        """Add the digits of image files, or of exported collections, after those that are being read."""
        self._waiting += paths
        if self._waiting and self._import is None:
            paths, self._waiting = self._waiting, []
            self._import = ImageImport(paths, self)
            self._import.progressed.connect(
                lambda count: self.told.emit(f"Reading {count + 1:,} of {_so_many(len(paths), 'file')} …")
            )
            self._import.finished.connect(self._end_import)
            self._import.start()

    def ask_and_export(self) -> None:
        """Let the user choose a file, and write all digits to it."""
        if name := self._files.export_digits(self._collection.digits):
            self.told.emit(f"Exported {_so_many(len(self._collection.digits), 'digit')} to {name}.")

    def close(self) -> None:
        """End an import that is on; what it has read is kept."""
        self._waiting = []
        if self._import is not None:
            self._import.requestInterruption()
            self._import.wait()
            self._end_import()

    def _end_import(self) -> None:
        job, self._import = self._import, None
        if job is None:  # close() was faster than the signal
            return
        problems: list[str] = []
        connection = self._collection.failed.connect(problems.append)
        added = self._collection.add(job.digits) or 0
        self._collection.failed.disconnect(connection)
        self.told.emit(_summary(job.digits, added, was_kept=not problems))
        problems += job.problems
        if problems:
            self.failed.emit(_told_together(problems))
        job.deleteLater()
        self.import_files([])


def _so_many(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def _summary(digits: Sequence[OwnDigit], added: int, was_kept: bool) -> str:
    summary = f"{_so_many(added, 'digit')} added"
    if was_kept and len(digits) > added:
        summary += f", {len(digits) - added:,} were there already"
    has_unknown = added and any(digit.label is None for digit in digits)
    return f"{summary}. Say what those with a “?” are." if has_unknown else f"{summary}."


def _told_together(problems: Sequence[str]) -> str:
    others = len(problems) - MOST_PROBLEMS
    ending = [f"{_so_many(others, 'other file')} could not be used either."] if others > 0 else []
    return " ".join([*problems[:MOST_PROBLEMS], *ending])
