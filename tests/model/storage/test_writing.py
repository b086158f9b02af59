"""Whatever happens while a file is written, there is the earlier one, or the new one, and nothing else."""

import os
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from model.storage.writing import atomic_write

posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has other links and permissions")
KILLED = """
import sys
from pathlib import Path
from model.storage.writing import atomic_write
with atomic_write(Path(sys.argv[1])) as file:
    file.write(b"half of it")
    file.flush()
    print("writing", flush=True)
    sys.stdin.read()
"""


def write(path, content=b"new"):
    with atomic_write(path) as file:
        file.write(content)


def test_what_is_written_takes_the_place_of_what_was_there(tmp_path):
    path = tmp_path / "a.npz"
    for content in (b"old", b"new"):
        write(path, content)
        assert path.read_bytes() == content
    assert list(tmp_path.iterdir()) == [path]


def test_an_exception_leaves_the_earlier_file_and_nothing_else(tmp_path):
    path = tmp_path / "a.npz"
    write(path, b"old")

    def fail_halfway():
        with atomic_write(path) as file:
            file.write(b"half of it")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_halfway()
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


@posix
def test_a_link_stays_one_and_leads_to_the_new_file(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    target, link = tmp_path / "elsewhere" / "a.npz", tmp_path / "a.npz"
    write(target, b"old")
    link.symlink_to(target)
    write(link)
    assert link.is_symlink()
    assert target.read_bytes() == b"new"


@posix
def test_a_link_that_leads_nowhere_is_written_where_it_leads(tmp_path):
    target, link = tmp_path / "b.npz", tmp_path / "a.npz"
    link.symlink_to(target)
    write(link)
    assert (link.is_symlink(), target.read_bytes()) == (True, b"new")


@posix
@pytest.mark.parametrize("mode", [0o600, 0o640, 0o444])
def test_permissions_stay(tmp_path, mode):
    path = tmp_path / "a.npz"
    write(path, b"old")
    path.chmod(mode)
    write(path)
    assert (stat.S_IMODE(path.stat().st_mode), path.read_bytes()) == (mode, b"new")


@posix
def test_a_new_file_has_the_usual_permissions(tmp_path):
    path, other = tmp_path / "a.npz", tmp_path / "other"
    other.touch()
    write(path)
    assert path.stat().st_mode == other.stat().st_mode


def test_a_name_may_be_as_long_as_the_system_lets_it(tmp_path):
    path = tmp_path / (251 * "a" + ".npz")
    write(path)
    assert path.read_bytes() == b"new"


def test_two_saves_to_one_name_at_once_leave_one_of_them_whole(tmp_path):
    path, contents = tmp_path / "a.npz", [bytes([k]) * 300_000 for k in range(4)]
    for _ in range(10):
        threads = [threading.Thread(target=write, args=(path, content)) for content in contents]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert path.read_bytes() in contents
    assert list(tmp_path.iterdir()) == [path]


@posix
@pytest.mark.parametrize("kind", ["folder", "pipe"])
def test_what_is_no_file_is_not_replaced(tmp_path, kind):
    path = tmp_path / "a.npz"
    path.mkdir() if kind == "folder" else os.mkfifo(path)
    with pytest.raises(OSError, match=r"[Ii]s a directory|no file that can be replaced"):
        write(path)
    assert path.is_dir() or path.is_fifo()


@posix
def test_what_a_killed_save_has_left_is_cleared_once_it_is_old(tmp_path):
    path = tmp_path / "a.npz"
    write(path, b"old")
    killed = subprocess.Popen(
        [sys.executable, "-c", KILLED, path],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[3],
    )
    assert killed.stdout.readline() == b"writing\n"
    killed.kill()
    killed.communicate()
    (left,) = (each for each in tmp_path.iterdir() if each != path)
    earlier, foreign = tmp_path / ".a.npz.4321", tmp_path / ".a.npz.txt"
    for each in (earlier, foreign):
        each.touch()
    write(path)
    assert left.exists()  # by a program that may be at it still
    for each in (left, earlier, foreign):
        os.utime(each, (time.time() - 7200,) * 2)
    write(path)
    assert sorted(tmp_path.iterdir()) == [foreign, path]
