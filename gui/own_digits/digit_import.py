"""Files of digits, read beside the window, one after the other."""

from collections import deque
from collections.abc import Sequence
from pathlib import Path

from gui.files.file_dialogs import FileDialogs
from gui.flow.background import Background, Work
from gui.flow.scheduler import Scheduler
from gui.own_digits.collection import TOPIC, Collection
from gui.own_digits.decoding import ImageError
from gui.own_digits.image_file import ENDINGS, digits_in
from gui.widgets.numbers import counted
from model.storage.own_digits import DigitsFileError, OwnDigit
from model.storage.reading import WHAT_TO_DO

IMAGES = f"Images and exported digits ({' '.join(f'*{ending}' for ending in (*ENDINGS, '.npz'))})"
MOST_PROBLEMS = 3  # that are reported; of the others, how many


class DigitImport:
    """Adds what files hold to the collection once all of them are read, and reports what came of it."""

    def __init__(
        self, scheduler: Scheduler, background: Background, dialogs: FileDialogs, collection: Collection
    ) -> None:
        self._scheduler = scheduler
        self._background = background
        self._dialogs = dialogs
        self._collection = collection
        self._waiting: deque[Path] = deque()
        self._begin()

    def ask_and_import(self) -> None:
        """Let the user choose files, and add their digits."""
        self.import_files(self._dialogs.ask_open_paths("Import Digits", IMAGES))

    def import_files(self, paths: Sequence[Path]) -> None:
        """Add the digits of image files, or of exported collections; those that are being read come first."""
        self._scheduler.forget_problem(TOPIC)
        self._waiting += paths
        if self._waiting and not self._background.is_busy(TOPIC):
            self._read_next()

    def close(self) -> None:
        """End an import; what it has read is kept."""
        self._waiting.clear()
        if self._background.is_busy(TOPIC):
            self._background.cancel(TOPIC)
            self._end()

    def _begin(self) -> None:
        self._number = 0  # of the file that is read
        self._digits: list[OwnDigit] = []
        self._problems: list[str] = []

    def _read_next(self) -> None:
        path = self._waiting.popleft()
        self._number += 1
        self._report(f"Reading {self._number:,} of {counted(self._number + len(self._waiting), 'file')} …")
        self._background.do(TOPIC, _read(path), self._take)

    def _take(self, found: Sequence[OwnDigit] | str) -> None:
        if isinstance(found, str):
            self._problems.append(found)
        else:
            self._digits += found
        if self._waiting:
            self._read_next()
        else:
            self._end()

    def _end(self) -> None:
        digits, problems = self._digits, self._problems
        self._begin()
        added = self._collection.add(digits)
        self._report(_summary(digits, added or 0, was_kept=added is not None))
        notice = self._scheduler.scene.notice
        if notice and notice.topic == TOPIC:  # what it says of adding them
            problems.insert(0, notice.sentence)
        if problems:
            self._scheduler.report_problem(_joined(problems), TOPIC)

    def _report(self, text: str) -> None:
        self._scheduler.change(own_digits_report=text)


def _read(path: Path) -> Work:
    """The digits of a file, or a sentence that says why there are none."""
    yield
    try:
        return digits_in(path)
    except (ImageError, DigitsFileError) as error:
        return str(error)
    except Exception as error:  # the other files are read all the same
        return f"{path.name} cannot be read: {error}. {WHAT_TO_DO}"


def _summary(digits: Sequence[OwnDigit], added: int, was_kept: bool) -> str:
    summary = f"{counted(added, 'digit')} added"
    known = len(digits) - added
    if was_kept and known:
        summary += f", {known:,} {'was' if known == 1 else 'were'} there already"
    has_unknown = added and any(digit.label is None for digit in digits)
    return f"{summary}. Label those with a “?”." if has_unknown else f"{summary}."


def _joined(problems: Sequence[str]) -> str:
    others = len(problems) - MOST_PROBLEMS
    ending = [f"{counted(others, 'other file')} could not be used either."] if others > 0 else []
    return " ".join([*problems[:MOST_PROBLEMS], *ending])
