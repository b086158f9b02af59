"""Reading files that anybody may have made, and saying in a sentence what is wrong with one."""

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

WHAT_TO_DO = "Choose another file."


class FileError(Exception):
    """A file cannot be used; the message is a sentence for the user."""

    @property
    def is_damage(self) -> bool:
        """Whether nothing can be made of what it holds, rather than that it is out of reach or something else."""
        return self.__cause__ is not None and not isinstance(self.__cause__, OSError | MemoryError)


def arrays_in(path: Path, largest: int, too_large: Exception) -> dict[str, NDArray[Any]]:
    """All arrays of an .npz file, without pickles; raises `too_large` where they take more than `largest` bytes."""
    with zipfile.ZipFile(path) as archive:
        if sum(member.file_size for member in archive.infolist()) > largest:
            raise too_large
    with np.load(path, allow_pickle=False) as arrays:
        return dict(arrays)


@contextmanager
def reported_as(path: Path, kind: type[Exception]) -> Iterator[None]:
    """Raise whatever goes wrong while a file is read as the one kind, whose message is a sentence for the user.

    An exception of that kind says what the file is or holds, and is completed.
    """
    try:
        yield
    except kind as error:
        raise kind(f"{path.name} {error} {WHAT_TO_DO}") from None
    except FileNotFoundError:
        raise kind(f"There is no file {path}. {WHAT_TO_DO}") from None
    except OSError as error:
        raise kind(f"{path.name} cannot be read: {error.strerror or error}. {WHAT_TO_DO}") from error
    except MemoryError as error:
        raise kind(f"{path.name} cannot be read: there is too little memory for it. {WHAT_TO_DO}") from error
    except Exception as error:  # NumPy and zipfile raise a dozen kinds over a damaged file, down to SyntaxError
        raise kind(f"{path.name} is damaged or is no file that Digitscope saved. {WHAT_TO_DO}") from error
