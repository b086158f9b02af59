"""Between the user and the collection: keeps, imports and deletes digits, and reports what came of it."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject

from gui.files.file_dialogs import FileDialogs
from gui.own_digits.collection import Collection, DigitsProblem
from gui.own_digits.image_import import ENDINGS, ImageImport
from gui.scheduler import Scheduler
from gui.widgets.numbers import with_article
from model.storage.own_digits import OwnDigit

IMAGES = f"Images and exported digits ({' '.join(f'*{ending}' for ending in (*ENDINGS, '.npz'))})"
MOST_PROBLEMS = 3  # that are reported; of the others, how many


class CollectionController(QObject):
    """One import after the other."""

    def __init__(
        self, scheduler: Scheduler, dialogs: FileDialogs, data_folder: Path, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._scheduler = scheduler
        self._dialogs = dialogs
        self._collection = Collection(data_folder / "my-digits.npz", scheduler)
        self._waiting: list[Path] = []
        self._import: ImageImport | None = None

    def open(self) -> None:
        """Read the collection, unless that was done."""
        self._collection.open()

    def keep(self, digit: NDArray[np.float32], label: int) -> None:
        """Add a digit, (28, 28), that is a `label`."""
        self._forget_problem()
        added = self._collection.add([OwnDigit.of(digit, label)])
        if added:
            count = _count(len(self._collection.digits), "digit")
            self._report(f"Kept as {with_article(label)}: {count} in your collection.")
        elif added == 0:
            self._report("This very digit is in your collection already.")

    def relabel(self, digits: Sequence[OwnDigit], label: int) -> None:
        """Say what digits are."""
        self._forget_problem()
        self._collection.relabel(digits, label)

    def delete(self, digits: Sequence[OwnDigit]) -> None:
        """Take digits out."""
        self._forget_problem()
        self._collection.delete(digits)

    def undo(self) -> None:
        """Take the latest change back."""
        self._forget_problem()
        self._collection.undo()

    def ask_and_import(self) -> None:
        """Let the user choose files, and add their digits."""
        self.import_files(self._dialogs.ask_open_paths("Import Digits", IMAGES))

    def import_files(self, paths: Sequence[Path]) -> None:
        """Add the digits of image files, or of exported collections, after those that are being read."""
        self._forget_problem()
        self._waiting += paths
        self._import_next()

    def close(self) -> None:
        """End an import; what it has read is kept."""
        self._waiting = []
        if self._import is not None:
            self._import.requestInterruption()
            self._import.wait()
            self._end_import()

    def _import_next(self) -> None:
        if self._waiting and self._import is None:
            self._import = ImageImport(self._waiting, self)
            self._waiting = []
            self._import.progressed.connect(self._report_progress)
            self._import.finished.connect(self._end_import)
            self._import.start()

    def _end_import(self) -> None:
        job, self._import = self._import, None
        if job is None:  # close() was faster than the signal
            return
        before = self._scheduler.scene.notice
        added = self._collection.add(job.digits)
        self._report(_summary(job.digits, added or 0, was_kept=added is not None))
        notice = self._scheduler.scene.notice
        problems = [*([notice.sentence] if notice and notice is not before else []), *job.problems]
        if problems:
            self._scheduler.change(notice=DigitsProblem(_joined(problems)))
        job.deleteLater()
        self._import_next()

    def _report_progress(self, number: int, count: int) -> None:
        self._report(f"Reading {number:,} of {_count(count, 'file')} …")

    def _report(self, text: str) -> None:
        self._scheduler.change(own_digits_report=text)

    def _forget_problem(self) -> None:
        if isinstance(self._scheduler.scene.notice, DigitsProblem):
            self._scheduler.change(notice=None)


def _count(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def _summary(digits: Sequence[OwnDigit], added: int, was_kept: bool) -> str:
    summary = f"{_count(added, 'digit')} added"
    known = len(digits) - added
    if was_kept and known:
        summary += f", {known:,} {'was' if known == 1 else 'were'} there already"
    has_unknown = added and any(digit.label is None for digit in digits)
    return f"{summary}. Label those with a “?”." if has_unknown else f"{summary}."


def _joined(problems: Sequence[str]) -> str:
    others = len(problems) - MOST_PROBLEMS
    ending = [f"{_count(others, 'other file')} could not be used either."] if others > 0 else []
    return " ".join([*problems[:MOST_PROBLEMS], *ending])
