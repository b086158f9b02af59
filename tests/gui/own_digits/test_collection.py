import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QLockFile
from PySide6.QtWidgets import QApplication

from gui import app
from gui.flow.scene import Scene
from gui.flow.scheduler import Scheduler
from gui.own_digits.collection import Collection
from model.storage.own_digits import MOST_DIGITS, OwnDigit, open_digits, save_digits

PROJECT = Path(app.__file__).parent.parent


def digit(k: int, label: int | None = None) -> OwnDigit:
    return OwnDigit.of(np.full((28, 28), k / 255), label)


A, B, C, D = (digit(k, k) for k in range(1, 5))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "my-digits.npz"


@pytest.fixture
def scheduler(qapp: QApplication) -> Scheduler:
    return Scheduler(Scene())


@pytest.fixture
def collection(path: Path, scheduler: Scheduler) -> Collection:
    return Collection(path, scheduler)


def another(path: Path) -> Collection:
    """The same collection in another window."""
    return Collection(path, Scheduler(Scene()))


def problem(scheduler: Scheduler) -> str:
    return scheduler.scene.notice.sentence if scheduler.scene.notice else ""


def test_a_digit_is_kept_once(collection: Collection, scheduler: Scheduler, path: Path) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (28, 28), np.uint8)
    drawn = pixels / np.float32(255)
    collection.keep(drawn, 7)
    assert open_digits(path) == (OwnDigit(pixels.tobytes(), 7),)
    assert scheduler.scene.own_digits_report == "Kept as a 7: 1 digit in your collection."
    collection.keep(drawn, 7)
    assert scheduler.scene.own_digits_report == "This very digit is in your collection already."
    collection.keep(drawn, 8)
    assert scheduler.scene.own_digits_report == "Kept as an 8: 2 digits in your collection."


def test_every_change_is_on_the_disk_at_once(collection: Collection, path: Path) -> None:
    assert collection.add([A, B, C]) == 3
    assert open_digits(path) == (A, B, C)
    collection.delete([B])
    assert open_digits(path) == (A, C)
    collection.relabel([C], 7)
    assert open_digits(path) == (A, digit(3, 7))


def test_every_change_can_be_undone(collection: Collection, scheduler: Scheduler, path: Path) -> None:
    assert not scheduler.scene.can_undo_own_digits
    collection.add([A, B, C, D])
    collection.delete([B, D])
    collection.relabel([A, C], 7)
    collection.undo()
    assert open_digits(path) == (A, C)
    collection.undo()
    assert open_digits(path) == scheduler.scene.own_digits == (A, B, C, D)
    assert scheduler.scene.can_undo_own_digits
    collection.undo()
    assert not scheduler.scene.can_undo_own_digits
    collection.undo()
    assert open_digits(path) == ()


def test_whatever_was_done_undo_goes_all_the_way_back(collection: Collection, path: Path) -> None:
    random = np.random.default_rng(2)
    earlier = [()]
    while len(earlier) < 40:
        some = [digit(int(k), int(label)) for k, label in random.integers(0, 4, (3, 2))]
        act = random.choice(3)
        (collection.add, collection.delete, lambda digits: collection.relabel(digits, 2))[act](some)
        if collection.digits != earlier[-1]:
            earlier.append(collection.digits)
    for digits in earlier[-2::-1]:
        collection.undo()
        assert collection.digits == digits
    assert open_digits(path) == ()


@pytest.mark.parametrize(
    "change", [lambda other: other.delete([digit(2, 7)]), lambda other: other.relabel([digit(2, 7)], 5)]
)
def test_undo_leaves_what_another_window_did_to_the_same_digit(
    collection: Collection, path: Path, change: Callable[[Collection], None]
) -> None:
    collection.add([A, B, C])
    collection.relabel([B, C], 7)
    change(another(path))
    expected = [C if each == digit(3, 7) else each for each in open_digits(path)]
    collection.undo()
    assert sorted(open_digits(path), key=lambda each: each.pixels) == expected


def test_a_problem_is_over_once_something_else_is_done(
    collection: Collection, scheduler: Scheduler, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    collection.add([A])
    acts = (
        lambda: collection.add([B]),
        lambda: collection.relabel([A], 3),
        lambda: collection.delete([B]),
        collection.undo,
    )
    for act in acts:
        with monkeypatch.context() as full:
            full.setattr("gui.own_digits.collection.save_digits", refuse)
            collection.add([D])
        assert "No space left" in problem(scheduler)
        act()
        assert problem(scheduler) == ""
    scheduler.report_problem("Training diverged.", "training")
    for act in acts:
        act()
        assert problem(scheduler) == "Training diverged."


def test_what_is_there_already_is_not_added_again(collection: Collection) -> None:
    collection.add([A, B])
    assert collection.add([B, C, C]) == 1
    assert collection.digits == (A, B, C)


def test_two_windows_do_not_undo_each_other_s_changes(collection: Collection, path: Path) -> None:
    other = another(path)
    collection.add([A])
    other.add([B])
    collection.add([C])
    other.delete([A])
    collection.relabel([C], 0)
    assert open_digits(path) == (B, digit(3, 0))
    collection.relabel([A], 5)  # which the other window has deleted
    assert open_digits(path) == (B, digit(3, 0))


def test_a_damaged_file_is_set_aside_and_what_is_in_the_window_stays(
    collection: Collection, scheduler: Scheduler, path: Path
) -> None:
    collection.add([A])
    path.write_bytes(b"damaged")
    collection.add([B])
    assert open_digits(path) == (A, B)
    aside = path.with_name("my-digits damaged 1.npz")
    assert aside.read_bytes() == b"damaged"
    assert str(aside) in problem(scheduler)
    assert problem(scheduler).endswith("What is shown here is kept in its place.")


def test_each_damaged_file_is_kept(qapp: QApplication, path: Path) -> None:
    path.parent.mkdir()
    for content in (b"first", b"second"):
        path.write_bytes(content)
        scheduler = Scheduler(Scene())
        Collection(path, scheduler).open()
        assert problem(scheduler).endswith("A new collection starts.")
    assert path.with_name("my-digits damaged 1.npz").read_bytes() == b"first"
    assert path.with_name("my-digits damaged 2.npz").read_bytes() == b"second"


def test_what_can_be_neither_read_nor_set_aside_is_not_written_over(
    collection: Collection, scheduler: Scheduler, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path.parent.mkdir()
    path.write_bytes(b"damaged")

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "rename", refuse)
    assert collection.add([A]) is None
    assert path.read_bytes() == b"damaged"
    assert "cannot be read" in problem(scheduler)


def test_what_cannot_be_written_is_reported_and_nothing_changes(
    collection: Collection, scheduler: Scheduler, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    collection.add([A])

    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("gui.own_digits.collection.save_digits", refuse)
    assert collection.add([B]) is None
    assert collection.digits == open_digits(path) == (A,)
    assert "No space left on device" in problem(scheduler)


def test_it_has_a_limit(collection: Collection, scheduler: Scheduler, path: Path) -> None:
    path.parent.mkdir()
    random = np.random.default_rng(1)
    save_digits(path, [OwnDigit.of(random.random((28, 28)), 1) for _ in range(MOST_DIGITS)])
    assert collection.add([A]) is None
    assert "2,000" in problem(scheduler)
    assert len(collection.digits) == MOST_DIGITS


def test_a_digit_is_not_kept_twice_with_one_label(collection: Collection, path: Path) -> None:
    collection.add([digit(1, 7), B, digit(1, 1)])
    collection.relabel([digit(1, 1)], 7)
    assert open_digits(path) == (digit(1, 7), B)
    collection.undo()
    assert open_digits(path) == (digit(1, 7), B, digit(1, 1))


def test_what_another_window_has_added_is_not_added_again(collection: Collection, path: Path) -> None:
    other = another(path)
    collection.open()
    other.add([A, B])
    assert collection.add([A, B, C]) == 1
    assert open_digits(path) == (A, B, C)


KEEPING = """
import sys
from pathlib import Path
import numpy as np
from PySide6.QtCore import QCoreApplication
from gui.flow.scene import Scene
from gui.flow.scheduler import Scheduler
from gui.own_digits.collection import Collection
application = QCoreApplication([])
collection, first = Collection(Path(sys.argv[1]), Scheduler(Scene())), int(sys.argv[2])
for k in range(first, first + 60):
    collection.keep(np.full((28, 28), k / 255, np.float32), k % 10)
"""


def test_two_windows_that_keep_digits_at_once_lose_none(path: Path) -> None:
    command = [sys.executable, "-c", KEEPING, str(path)]
    windows = [subprocess.Popen([*command, first], cwd=PROJECT) for first in ("0", "100")]
    assert [window.wait(60) for window in windows] == [0, 0]
    assert len(open_digits(path)) == 120
    assert list(path.parent.iterdir()) == [path]


def test_while_another_window_changes_it_nothing_is_changed(
    collection: Collection, scheduler: Scheduler, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    collection.add([A])
    monkeypatch.setattr("gui.own_digits.collection.PATIENCE", 10)
    lock = QLockFile(f"{path}.lock")
    assert lock.tryLock(0)
    assert collection.add([B]) is None
    assert "another window is changing them" in problem(scheduler)
    lock.unlock()
    assert collection.add([B]) == 1
    assert open_digits(path) == (A, B)


def test_too_little_memory_is_no_damage(
    collection: Collection, scheduler: Scheduler, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    another(path).add([A])

    def refuse(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr("model.storage.reading.np.frombuffer", refuse)
    assert collection.add([B]) is None
    assert "too little memory" in problem(scheduler)
    assert list(path.parent.iterdir()) == [path]


def test_a_collection_of_a_later_version_is_left_alone(
    collection: Collection, scheduler: Scheduler, path: Path
) -> None:
    path.parent.mkdir()
    np.savez(path, format=2, images=np.zeros((1, 28, 28), np.uint8), labels=np.array([1]))
    before = path.read_bytes()
    assert collection.add([A]) is None
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]
    assert "later version" in problem(scheduler)


def test_a_file_that_may_not_be_read_is_left_alone(
    collection: Collection, scheduler: Scheduler, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    another(path).add([A])

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("model.storage.reading.zipfile.ZipFile", refuse)
    assert collection.add([B]) is None
    assert list(path.parent.iterdir()) == [path]
    assert "Permission denied" in problem(scheduler)


def test_a_folder_that_may_not_be_entered_is_reported(
    collection: Collection, scheduler: Scheduler, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "exists", refuse)
    collection.open()
    assert "Permission denied" in problem(scheduler)


def test_what_two_windows_do_at_once_is_kept_once(collection: Collection, path: Path) -> None:
    other = another(path)
    collection.add([A, digit(2)])
    collection.delete([A])
    other.add([A, digit(2, 3)])
    collection.undo()
    collection.relabel([digit(2)], 3)
    assert sorted(open_digits(path), key=lambda each: each.pixels) == [A, digit(2, 3)]


def test_what_another_window_did_is_shown(collection: Collection, scheduler: Scheduler, path: Path) -> None:
    collection.add([A])
    another(path).add([B])
    assert collection.add([A]) == 0
    assert scheduler.scene.own_digits == (A, B)


def test_a_file_that_was_out_of_reach_is_read_later(
    collection: Collection, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    another(path).add([A])

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as out_of_reach:
        out_of_reach.setattr(Path, "exists", refuse)
        collection.open()
    assert collection.digits == ()
    collection.open()
    assert collection.digits == (A,)
