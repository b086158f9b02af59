"""What the benchmarks print beside their figures: a table, and how far the figures can be trusted."""

import math
import os
import time
from collections.abc import Sequence
from pathlib import Path


def table(rows: Sequence[Sequence[str]], sides: str) -> str:
    """Aligned columns, `sides` being < or > for each; the first row is the head."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    ruled = [rows[0], ["─" * width for width in widths], *rows[1:]]
    return "\n".join(
        "  ".join(f"{cell:{side}{width}}" for cell, side, width in zip(row, sides, widths, strict=True)).rstrip()
        for row in ruled
    )


class OtherPrograms:
    """How much of the processors' time goes to programs that this one did not start: the noise in every figure."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._busy_before = self._busy()

    def __str__(self) -> str:
        if math.isnan(self._busy_before):
            return "an unknown share"
        available = (time.monotonic() - self._began) * (os.cpu_count() or 1)
        return f"{max(0.0, self._busy() - self._busy_before) / available:.0%}".replace("%", " %")

    @staticmethod
    def _busy() -> float:
        """Seconds so far of all programs, without those of this one and its children."""
        statistics_of_system = Path("/proc/stat")
        if not statistics_of_system.exists():
            return math.nan
        user, nice, system, _idle, _waiting, *interrupts = map(int, statistics_of_system.read_text().split()[1:9])
        own = os.times()
        return (user + nice + system + sum(interrupts)) / os.sysconf("SC_CLK_TCK") - sum(own[:4])
