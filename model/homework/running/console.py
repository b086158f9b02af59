"""What a learner's program prints: kept up to a limit, and left out while it is only tried out."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from typing import Any

MOST = 20_000  # bytes
MORE = "\n… and more"


class Console(io.TextIOWrapper):
    """Stands in for standard output; whoever asks for its number gets that of a file that takes everything."""

    def __init__(self, is_muted: Callable[[], bool] = lambda: False) -> None:
        self._kept = _Kept(is_muted)
        super().__init__(self._kept, "utf-8", "replace", write_through=True)

    @property
    def content(self) -> str:
        """All that was printed, or its beginning."""
        text = bytes(self._kept.content[:MOST]).decode("utf-8", "ignore")  # a letter may be cut at the end
        return text + MORE if len(self._kept.content) > MOST else text


class Prints:
    """What a file printed when it ran last, up to its first step. It can be read while the file still runs."""

    def __init__(self) -> None:
        self._console: Console | None = None

    def start(self, is_muted: Callable[[], bool]) -> Console:
        """Forget what was printed before; a console for the file, which starts again."""
        self._console = Console(is_muted)
        return self._console

    @property
    def text(self) -> str:
        """What was printed until now, both outputs in one."""
        return self._console.content if self._console is not None else ""


class _Kept(io.RawIOBase):
    name = "<stdout>"

    def __init__(self, is_muted: Callable[[], bool]) -> None:
        self.content = bytearray()
        self._is_muted = is_muted
        self._nowhere = os.open(os.devnull, os.O_WRONLY)

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        if len(self.content) <= MOST and not self._is_muted():
            self.content += bytes(data[: MOST + 1])
        return len(data)

    def fileno(self) -> int:
        return self._nowhere

    def close(self) -> None:
        if not self.closed:
            os.close(self._nowhere)
        super().close()
