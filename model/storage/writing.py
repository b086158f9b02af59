"""Writing with care: a file is replaced only once the new one is complete, so that one of them is always there."""

import errno
import os
import re
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO
from uuid import uuid4

UNFINISHED = r"\.digitscope-[0-9a-f]{32}\.unfinished"  # names of files: short, whatever those of the complete ones are
LONGEST_SAVE = 3600  # seconds: what is older belongs to a program that was killed


@contextmanager
def atomic_write(path: Path) -> Iterator[IO[bytes]]:
    """A file to write to, which takes the place of `path` once it is complete and on the disk.

    It gets the permissions of the file that was there, and where `path` is a link, it is written where that leads.
    Raises OSError if it fails; an earlier file is untouched then.
    """
    if not path.name or path.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    target = Path(os.path.realpath(path))
    if target.exists() and not target.is_file():
        raise OSError(errno.EINVAL, "it is no file that can be replaced", str(path))
    unfinished = target.with_name(f".digitscope-{uuid4().hex}.unfinished")
    _clear_left_over(target)
    try:
        with unfinished.open("xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileNotFoundError):
            unfinished.chmod(stat.S_IMODE(target.stat().st_mode))
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)


def _clear_left_over(target: Path) -> None:
    """Delete what saves have left in its folder that were killed: any of this version, and those of this very file."""
    left_over = re.compile(rf"{UNFINISHED}|\.{re.escape(target.name)}\.\d+")  # the second, by earlier versions
    with suppress(OSError):
        for file in target.parent.iterdir():
            if left_over.fullmatch(file.name) and time.time() - file.lstat().st_mtime > LONGEST_SAVE:
                file.unlink()
