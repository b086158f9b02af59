"""Between the user and the collection: keeps, imports and exports digits, and says what came of it."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from gui.files.file_actions import FileActions
from gui.my_digits.collection import Collection
from gui.my_digits.image_import import ENDINGS, ImageImport
from model.own_digits import OwnDigit

IMAGES = f"Images and exported digits ({' '.join(f'*{ending}' for ending in (*ENDINGS, '.npz'))})"
MOST_PROBLEMS = 3  # that are told; of the others, how many


class Keeper(QObject):
    """One import at a time."""

    told = Signal(str)  # what was done
    failed = Signal(str)  # a sentence, or some

    def __init__(self, collection: Collection, files: FileActions, parent: QObject) -> None:
        super().__init__(parent)
        self._collection = collection
        self._files = files
        self._import: ImageImport | None = None
        collection.failed.connect(self.failed)

    def keep(self, digit: NDArray[np.float32], label: int) -> None:
        """Add a digit, (28, 28), that is a `label`."""
        if self._collection.add([OwnDigit.of(digit, label)]):
            count = len(self._collection.digits)
            self.told.emit(f"Kept as a {label}. Your collection has {count:,} digit{'s' if count > 1 else ''}.")
        elif OwnDigit.of(digit, label) in self._collection.digits:
            self.told.emit("This very digit is in your collection already.")

    def ask_and_import(self) -> None:
        """Let the user choose files, and add their digits."""
        self.import_files(self._files.ask_which("Import Digits", IMAGES))

    def import_files(self, paths: Sequence[Path]) -> None:
        """Add the digits of image files, or of exported collections, unless an import is on."""
        if paths and self._import is None:
            self._import = ImageImport(paths, self)
            self._import.finished.connect(self._end_import)
            self.told.emit(f"Reading {_so_many(len(paths), 'file')} …")
            self._import.start()

    def ask_and_export(self) -> None:
        """Let the user choose a file, and write all digits to it that have a label."""
        self._files.export_digits([digit for digit in self._collection.digits if digit.label is not None])

    def close(self) -> None:
        """Give up an import that is on, and wait until its thread is gone."""
        if self._import is not None:
            self._import.requestInterruption()
            self._import.wait()

    def _end_import(self) -> None:
        job, self._import = self._import, None
        assert job is not None
        added = self._collection.add(job.digits)
        self.told.emit(_summary(job.digits, added))
        if job.problems:
            self.failed.emit(_told_together(job.problems))
        job.deleteLater()


def _so_many(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def _summary(digits: Sequence[OwnDigit], added: int) -> str:
    summary = f"{_so_many(added, 'digit')} added"
    if len(digits) > added:
        summary += f", {len(digits) - added:,} not"
    unknown = sum(digit.label is None for digit in digits)
    return f"{summary}. Choose those with a “?” and press 0 to 9." if unknown else f"{summary}."


def _told_together(problems: Sequence[str]) -> str:
    others = len(problems) - MOST_PROBLEMS
    ending = [f"The same goes for {others:,} more."] if others > 0 else []
    return " ".join([*problems[:MOST_PROBLEMS], *ending])
