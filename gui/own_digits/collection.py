"""The digits that the user keeps, in the window and on the disk."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLockFile

from gui.flow.scheduler import Scheduler
from gui.widgets.numbers import counted, with_article
from model.storage.own_digits import MOST_DIGITS, DigitsFileError, OwnDigit, open_digits, save_digits
from model.storage.reading import WHAT_TO_DO

PATIENCE = 1000  # milliseconds that another window may take to change the file; it needs some
STALE = 10_000  # milliseconds after which a lock that names nobody was left by a program that died
TOPIC = "own digits"  # of what goes wrong with them

Digits = tuple[OwnDigit, ...]


class Collection:
    """Every change is written at once, on top of what the file holds then: another window may have changed it, too."""

    def __init__(self, path: Path, scheduler: Scheduler) -> None:
        self._path = path
        self._scheduler = scheduler
        self._was_read = False
        self._changes: list[tuple[Digits, Digits]] = []  # before and after each

    @property
    def digits(self) -> Digits:
        """Those of the scene."""
        return self._scheduler.scene.own_digits

    def open(self) -> None:
        """Read the file, unless that was done."""
        if not self._was_read:
            self._read()

    def keep(self, digit: NDArray[np.float32], label: int) -> None:
        """Add a digit, (28, 28), that is a `label`, and report it."""
        added = self.add([OwnDigit.of(digit, label)])
        if added is not None:
            kept = f"Kept as {with_article(label)}: {counted(len(self.digits), 'digit')} in your collection."
            report = kept if added else "This very digit is in your collection already."
            self._scheduler.change(own_digits_report=report)

    def add(self, digits: Sequence[OwnDigit]) -> int | None:
        """Add those that are not there yet, and say how many these were; None where that failed."""
        with self._read_to_change() as can_change:
            if not can_change:
                return None
            there = set(self.digits)
            new = [digit for digit in dict.fromkeys(digits) if digit not in there]
            if len(self.digits) + len(new) > MOST_DIGITS:
                self._report(f"Your collection has room for {MOST_DIGITS:,} digits. Delete some of them first.")
                return None
            return len(new) if self._change((*self.digits, *new)) else None

    def delete(self, digits: Sequence[OwnDigit]) -> None:
        """Take digits out."""
        chosen = set(digits)
        with self._read_to_change() as can_change:
            if can_change:
                self._change(tuple(each for each in self.digits if each not in chosen))

    def relabel(self, digits: Sequence[OwnDigit], label: int) -> None:
        """Say what digits are; one that is there with that label already is not kept twice."""
        chosen = set(digits)
        with self._read_to_change() as can_change:
            if can_change:
                relabelled = (OwnDigit(each.pixels, label) if each in chosen else each for each in self.digits)
                self._change(tuple(dict.fromkeys(relabelled)))

    def undo(self) -> None:
        """Take the last change back."""
        with self._read_to_change() as can_change:
            if can_change and self._changes and self._write(_undone(self.digits, *self._changes[-1])):
                self._changes.pop()
                self._show_undo()

    @contextmanager
    def _read_to_change(self) -> Iterator[bool]:
        """Read the file, and let no other window write it until what is made of it is written; whether that goes."""
        with suppress(OSError):  # writing says why
            self._path.parent.mkdir(parents=True, exist_ok=True)
        lock = QLockFile(f"{self._path}.lock")
        lock.setStaleLockTime(STALE)
        if not lock.tryLock(PATIENCE) and lock.error() is QLockFile.LockError.LockFailedError:
            self._report("Your digits are as they were: another window is changing them. Try it again.")
            yield False
            return
        try:
            yield self._read()
        finally:
            lock.unlock()

    def _change(self, digits: Digits) -> bool:
        """Hold these digits instead of what was just read; whether that could be written."""
        before = self.digits
        if digits != before:
            if not self._write(digits):
                return False
            self._changes.append((before, digits))
            self._show_undo()
        return True

    def _show_undo(self) -> None:
        self._scheduler.change(can_undo_own_digits=bool(self._changes))

    def _report(self, sentence: str) -> None:
        self._scheduler.report_problem(sentence, TOPIC)

    def _write(self, digits: Digits) -> bool:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            save_digits(self._path, digits)
        except OSError as error:
            why = error.strerror or str(error)
            self._report(f"Your digits could not be saved as {self._path}: {why}. They are as they were.")
            return False
        self._take(digits)
        return True

    def _read(self) -> bool:
        """Take in what the file holds; whether it can be written to. A damaged one is set aside first."""
        self._scheduler.forget_problem(TOPIC)
        try:
            if self._path.exists():
                self._take(open_digits(self._path))
        except DigitsFileError as error:
            if error.is_damage:
                return self._set_aside()
            why = f"{str(error).removesuffix(WHAT_TO_DO)}Move it elsewhere to start again."
            self._report(f"Your digits cannot be shown, and none can be kept: {why}")
            return False
        except OSError as error:
            self._report(f"Your digits cannot be read, and none can be kept: {error.strerror or error}.")
            return False
        self._was_read = True
        return True

    def _take(self, digits: Digits) -> None:
        if digits != self.digits:
            self._scheduler.change(own_digits=digits)

    def _set_aside(self) -> bool:
        names = (f"{self._path.stem} damaged {k}{self._path.suffix}" for k in count(1))
        aside = next(path for path in map(self._path.with_name, names) if not path.exists())
        try:
            self._path.rename(aside)
        except OSError as error:
            why = error.strerror or str(error)
            self._report(f"Your digits in {self._path} cannot be read, and none can be kept: {why}.")
            return False
        next_one = "What is shown here is kept in its place." if self.digits else "A new collection starts."
        self._report(f"The file of your digits was damaged, and is now {aside}. {next_one}")
        return True


def _undone(digits: Digits, before: Digits, after: Digits) -> Digits:
    """Take back what led from `before` to `after`; what another window has changed since stays as it is."""
    if digits == after:
        return before
    added, removed = set(after) - set(before), set(before) - set(after)
    others_changed = {digit.pixels for digit in added - set(digits)}
    left = [digit for digit in digits if digit not in added]
    for place, digit in enumerate(before):
        if digit in removed and digit.pixels not in others_changed:
            left.insert(place, digit)
    return tuple(dict.fromkeys(left))
