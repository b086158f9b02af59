"""The digits that the user keeps, in the window and on the disk."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from gui.scene import Message
from gui.scheduler import Scheduler
from model.storage.own_digits import MOST_DIGITS, DigitsFileError, OwnDigit, open_digits, save_digits
from model.storage.safe_file import WHAT_TO_DO

END = MOST_DIGITS  # a place behind all others

Digits = tuple[OwnDigit, ...]


@dataclass(frozen=True)
class Edit:
    """One digit in place of another: without an old one it is added, without a new one the old one is deleted."""

    place: int
    old: OwnDigit | None
    new: OwnDigit | None

    def inverse(self) -> "Edit":
        """What takes it back."""
        return Edit(self.place, self.new, self.old)


class DigitsProblem(Message):
    """What went wrong with the collection; no longer true once something else is done with it."""


class Collection:
    """Every change is written at once, on top of what the file holds then: another window may have changed it, too."""

    def __init__(self, path: Path, scheduler: Scheduler) -> None:
        self._path = path
        self._scheduler = scheduler
        self._was_read = False
        self._done: list[list[Edit]] = []

    @property
    def digits(self) -> Digits:
        """Those of the scene."""
        return self._scheduler.scene.own_digits

    def open(self) -> None:
        """Read the file, unless that was done."""
        if not self._was_read:
            self._read()

    def add(self, digits: Sequence[OwnDigit]) -> int | None:
        """Add those that are not there yet, and say how many these were; None where that failed."""
        if not self._read():
            return None
        there = set(self.digits)
        new = [digit for digit in dict.fromkeys(digits) if digit not in there]
        if len(self.digits) + len(new) > MOST_DIGITS:
            self._report(f"Your collection has room for {MOST_DIGITS:,} digits. Delete some of them first.")
            return None
        if new and not self._write_new([Edit(END, None, digit) for digit in new]):
            return None
        return len(new)

    def delete(self, digits: Sequence[OwnDigit]) -> None:
        """Take digits out."""
        chosen = set(digits)
        self._do([Edit(place, each, None) for place, each in enumerate(self.digits) if each in chosen])

    def relabel(self, digits: Sequence[OwnDigit], label: int) -> None:
        """Say what digits are; one that is there with that label already is not kept twice."""
        chosen, there = set(digits), set(self.digits)
        edits = []
        for place, each in enumerate(self.digits):
            named = OwnDigit(each.pixels, label)
            if each in chosen and named != each:
                edits.append(Edit(place, each, None if named in there else named))
                there.add(named)
        self._do(edits)

    def undo(self) -> None:
        """Take the last change back."""
        if self._done and self._read() and self._write([edit.inverse() for edit in self._done[-1]]):
            self._done.pop()
            self._show_undo()

    def _do(self, edits: list[Edit]) -> None:
        if edits and self._read():
            self._write_new(edits)

    def _write_new(self, edits: list[Edit]) -> bool:
        if not self._write(edits):
            return False
        self._done.append(edits)
        self._show_undo()
        return True

    def _show_undo(self) -> None:
        self._scheduler.change(can_undo_own_digits=bool(self._done))

    def _report(self, sentence: str) -> None:
        self._scheduler.change(notice=DigitsProblem(sentence))

    def _write(self, edits: list[Edit]) -> bool:
        """Change what was just read, on the disk and then here."""
        digits = _edited(self.digits, edits)
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
        try:
            if self._path.exists():
                self._take(open_digits(self._path))
        except DigitsFileError as error:
            if error.is_damage:
                return self._set_aside()
            why = str(error).removesuffix(WHAT_TO_DO)
            self._report(f"Your digits cannot be shown, and none can be kept: {why}Move it elsewhere to start again.")
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
        aside = next(
            path
            for k in range(1, 10_000)
            if not (path := self._path.with_name(f"{self._path.stem} damaged {k}{self._path.suffix}")).exists()
        )
        try:
            self._path.rename(aside)
        except OSError as error:
            why = error.strerror or str(error)
            self._report(f"Your digits in {self._path} cannot be read, and none can be kept: {why}.")
            return False
        next_one = "What is shown here is kept in its place." if self.digits else "A new collection starts."
        self._report(f"The file of your digits was damaged, and is now {aside}. {next_one}")
        return True


def _edited(digits: Digits, edits: Sequence[Edit]) -> Digits:
    """What another window has deleted meanwhile stays deleted."""
    edited: list[OwnDigit | None] = list(digits)
    places = {digit: place for place, digit in enumerate(digits)}
    for edit in edits:
        if edit.old is not None and edit.old in places:
            edited[places[edit.old]] = edit.new
    left = [digit for digit in edited if digit is not None]
    for edit in edits:
        if edit.old is None and edit.new is not None:
            left.insert(edit.place, edit.new)
    return tuple(dict.fromkeys(left))  # another window may have added the same
