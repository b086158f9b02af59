"""Reading files that anybody may have made: nothing is made of what they say before it is checked.

An .npz file is a zip archive whose members are arrays, each with a header that says of what kind and shape it is.
"""

import math
import os
import re
import stat
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

WHAT_TO_DO = "Choose another file."
NO_FILE = "is a directory or a device, and no file."
LARGEST_DIRECTORY = 10_000  # bytes: what names the members, twice as long as for the arrays of the deepest network

# A zip archive ends with where its directory is; archives beyond four gigabytes have something else before that.
END, END_SIZE = b"PK\x05\x06", 22
LARGE_END, LARGE_END_SIZE = b"PK\x06\x07", 20
DIRECTORY_SIZE = slice(12, 16)

# A member starts with these and the length of its header, in two bytes.
MAGIC = b"\x93NUMPY\x01\x00"
HEADER = re.compile(
    r"\{'descr': '([<|][a-zA-Z]\d{1,7})', 'fortran_order': (False|True), 'shape': \(([\d, ]{0,60})\), \} *\n"
)
FLOATS = ("<f4", "<f8")
WHOLE = ("|i1", "|u1", "<i2", "<u2", "<i4", "<u4", "<i8", "<u8")
BYTES = ("|u1",)

Shape = Sequence[int | range]  # what each dimension has to be, or may be


class FileError(Exception):
    """A file cannot be used; the message is a sentence for the user."""

    @property
    def is_damage(self) -> bool:
        """Whether nothing can be made of what it holds, rather than that it is out of reach or something else."""
        return self.__cause__ is not None and not isinstance(self.__cause__, OSError | MemoryError)


@dataclass(frozen=True)
class _Header:
    kind: str
    is_transposed: bool
    shape: tuple[int, ...]
    size: int  # bytes that the header itself takes

    @property
    def nbytes(self) -> int:
        return math.prod(self.shape) * np.dtype(self.kind).itemsize


class Arrays:
    """The arrays of an .npz file. Whatever is not as it is asked for raises an exception."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive

    def __contains__(self, name: str) -> bool:
        return f"{name}.npy" in self._archive.NameToInfo

    def number(self, name: str) -> int:
        """A single whole number."""
        return int(self.read(name, WHOLE, (), "a number"))

    def text(self, name: str, longest: int) -> str:
        """A single text."""
        with self._member(name) as (file, header):
            characters = header.nbytes // 4
            if header.shape != () or header.kind != f"<U{characters}" or characters > longest:
                raise FileError("holds something else than a text, or one that is too long.")
            return str(np.frombuffer(_content(file, header.nbytes), header.kind)[0])

    def read(self, name: str, kinds: Sequence[str], shape: Shape, what: str) -> NDArray[Any]:
        """A whole array, of a kind and a shape that are allowed; `what` it has to be is said where it is not."""
        with self._member(name) as (file, header):
            _verify(header, kinds, shape, what)
            array = np.frombuffer(bytearray(_content(file, header.nbytes)), header.kind)
        return array.reshape(header.shape, order="F" if header.is_transposed else "C")

    def parts(
        self, name: str, kinds: Sequence[str], shape: Shape, what: str, samples: int = 1
    ) -> Iterator[NDArray[Any]]:
        """The same array, some of its samples at a time, so that it is never in memory twice."""
        with self._member(name) as (file, header):
            _verify(header, kinds, shape, what)
            if header.is_transposed:
                raise FileError(f"holds something else than {what}.")
            count, *of_each = header.shape
            size = math.prod(of_each) * np.dtype(header.kind).itemsize
            for first in range(0, count, samples):
                content = _content(file, min(samples, count - first) * size)
                yield np.frombuffer(content, header.kind).reshape(-1, *of_each)

    @contextmanager
    def _member(self, name: str) -> Iterator[tuple[IO[bytes], _Header]]:
        """What is read of it to the end is as long as the header says, and has the checksum that it should have."""
        member = self._archive.getinfo(f"{name}.npy")
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise ValueError(f"{name} is compressed in a way that NumPy does not use")
        with self._archive.open(member) as file:
            header = _header(file)
            if header.size + header.nbytes != member.file_size:
                raise ValueError(f"{name} is {member.file_size} bytes long, not {header.size + header.nbytes}")
            yield file, header


@contextmanager
def opened_arrays(path: Path, largest: int, too_large: str) -> Iterator[Arrays]:
    """The arrays of an .npz file; raises FileError(too_large) where it or they take more than `largest` bytes."""
    with opened_file(path, largest, too_large) as file:
        _verify_directory(file)
        with zipfile.ZipFile(file) as archive:
            if sum(member.file_size for member in archive.infolist()) > largest:
                raise FileError(too_large)
            yield Arrays(archive)


@contextmanager
def opened_file(path: Path, largest: int, too_large: str, no_file: str = NO_FILE) -> Iterator[IO[bytes]]:
    """A file to read from: an ordinary one, as others may have no end, or keep whoever opens them waiting for ever.

    What `too_large` says may have a place for the megabytes that the file takes.
    """
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):
        raise FileError(no_file)
    if status.st_size > largest:
        raise FileError(too_large.format(status.st_size / 1e6))
    with path.open("rb") as file:
        yield file


@contextmanager
def reported_as(path: Path, kind: type[Exception]) -> Iterator[None]:
    """Raise whatever goes wrong while a file is read as the one kind, whose message is a sentence for the user.

    An exception of that kind, or a FileError, says what the file is or holds, and is completed.
    """
    try:
        yield
    except (kind, FileError) as error:
        raise kind(f"{path.name} {error} {WHAT_TO_DO}") from None
    except FileNotFoundError:
        raise kind(f"There is no file {path}. {WHAT_TO_DO}") from None
    except OSError as error:
        raise kind(f"{path.name} cannot be read: {error.strerror or error}. {WHAT_TO_DO}") from error
    except MemoryError as error:
        raise kind(f"{path.name} cannot be read: there is too little memory for it. {WHAT_TO_DO}") from error
    except Exception as error:  # NumPy and zipfile raise a dozen kinds over a damaged file, down to SyntaxError
        raise kind(f"{path.name} is damaged or is no file that Digitscope saved. {WHAT_TO_DO}") from error


def _verify_directory(file: IO[bytes]) -> None:
    """Before all that it names is read, as a million members would take a minute."""
    length = file.seek(0, os.SEEK_END)
    file.seek(max(0, length - END_SIZE - LARGE_END_SIZE))
    end = file.read()
    if not end[-END_SIZE:].startswith(END) or end[:-END_SIZE].startswith(LARGE_END):
        raise zipfile.BadZipFile("no archive, or one that is not as NumPy writes it")
    if int.from_bytes(end[-END_SIZE:][DIRECTORY_SIZE], "little") > LARGEST_DIRECTORY:
        raise FileError("holds more arrays than any file that Digitscope saves.")
    file.seek(0)


def _header(file: IO[bytes]) -> _Header:
    """As NumPy writes it, and only so: its own reader has Python make an object of whatever there is."""
    start = file.read(len(MAGIC) + 2)
    text = file.read(int.from_bytes(start[len(MAGIC) :], "little")).decode("latin-1")
    found = HEADER.fullmatch(text)
    if not start.startswith(MAGIC) or found is None:
        raise ValueError(f"no header of an array: {text[:80]}")
    kind, is_transposed, shape = found.groups()
    return _Header(kind, is_transposed == "True", tuple(map(int, re.findall(r"\d+", shape))), len(start) + len(text))


def _verify(header: _Header, kinds: Sequence[str], shape: Shape, what: str) -> None:
    fits = len(header.shape) == len(shape) and all(
        size in allowed if isinstance(allowed, range) else size == allowed
        for size, allowed in zip(header.shape, shape, strict=True)
    )
    if header.kind not in kinds or not fits:
        raise FileError(f"holds something else than {what}.")


def _content(file: IO[bytes], size: int) -> bytes:
    content = file.read(size)
    if len(content) != size:
        raise EOFError("ends too early")
    return content
