"""What becomes of one's work when something breaks, tried out. Run by hand:

    python -m tests.benchmarks.faults [--kills 100] [--signals 20] [--cycles 200] [--minutes 10] [--seed 1]

Prints a table: how often each fault was tried, and how often it lost something, left something behind, or ended in
anything but order. The display that dies needs Xvfb.
"""

import argparse
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from model.storage.own_digits import open_digits
from model.storage.reading import FileError
from model.storage.run_file import open_run
from tests.benchmarks.fault_programs import KINDS, PROJECT, SETTINGS, is_complete
from tests.benchmarks.report import table

PROGRAM = [sys.executable, "-m", "tests.benchmarks.fault_programs"]
SOON = 60.0  # seconds in which whatever is waited for has to come


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.faults", description=__doc__.partition("\n")[0])
    for name, default in (("kills", 100), ("signals", 20), ("cycles", 200), ("minutes", 10), ("seed", 1)):
        parser.add_argument(f"--{name}", type=int, default=default, metavar="N", help="default: %(default)s")
    options = parser.parse_args()
    random.seed(options.seed)
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    rows = [("fault", "tried", "missed")]
    for what, tried, missed in outcomes(options):
        print(f"{what}: {missed} of {tried} missed", file=sys.stderr, flush=True)
        rows.append((what, str(tried), str(missed)))
    print(table(rows, "<>>"))


def outcomes(options: argparse.Namespace) -> Iterator[tuple[str, int, int]]:
    """Each fault by its name, how often it was tried, and how often it was not survived."""
    for kind in KINDS:
        yield (f"killed while it saves a {kind}", options.kills, count(options.kills, kill_while_saving, kind))
    for kind in KINDS:
        if kind != SETTINGS:  # the next start remembers less then, and nothing is said
            yield (f"no room for a {kind}", 1, count(1, save_without_room, kind))
            yield (f"the folder of a {kind} is gone", 1, count(1, save_without_folder, kind))
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        yield (f"{number.name} during a run", options.signals, count(options.signals, interrupt, number))
    if shutil.which("Xvfb"):
        tries = max(1, options.signals // 4)
        yield ("the display dies during a run", tries, count(tries, lose_display))
    yield ("two windows keep digits at once", 5, count(5, keep_at_once))
    for what, missed in grow(options.cycles, options.minutes):
        yield (what, 1, int(missed))


def count(times: int, survives: Callable[..., bool], *arguments: object) -> int:
    """How often something is not survived."""
    return sum(not survives(*arguments) for _ in range(times))


@contextmanager
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


@contextmanager
def program(*arguments: object, **options: object) -> Iterator[subprocess.Popen[str]]:
    """One of those in fault_programs, once it says that it is ready; it is killed in the end."""
    command, pipe = [*PROGRAM, *map(str, arguments)], subprocess.PIPE
    started = subprocess.Popen(command, cwd=PROJECT, stdout=pipe, stderr=pipe, text=True, **options)  # type: ignore[call-overload]
    try:
        assert started.stdout is not None
        if started.stdout.readline() != "ready\n":
            raise RuntimeError(started.communicate()[1])
        yield started
    finally:
        started.kill()
        started.communicate()


def kill_while_saving(kind: str) -> bool:
    """The file is one of those that were saved to the end, and a next save clears what is left."""
    with folder() as place:
        path = place / KINDS[kind].file_name
        with program("save", kind, path) as saving:
            time.sleep(random.uniform(0, 0.1))
            saving.kill()
        return is_complete(kind, path)


def save_without_room(kind: str) -> bool:
    with folder() as place:
        path = place / KINDS[kind].file_name
        KINDS[kind].save(path, 1)
        before = path.read_bytes()
        limit = subprocess.run(
            [*PROGRAM, "save-once", kind, path],
            cwd=PROJECT,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (len(before) // 2,) * 2),
            capture_output=True,
            text=True,
            check=False,
        )
        is_said = limit.stdout.startswith("OSError") and limit.returncode == 0
        return is_said and path.read_bytes() == before and list(place.iterdir()) == [path]


def save_without_folder(kind: str) -> bool:
    with folder() as place:
        path = place / "gone" / KINDS[kind].file_name
        done = subprocess.run(
            [*PROGRAM, "save-once", kind, path], cwd=PROJECT, capture_output=True, text=True, check=False
        )
        return done.stdout.startswith("OSError") and not path.parent.exists()


def interrupt(number: signal.Signals) -> bool:
    """The run is kept, up to some hundredths of a second before, and the exit code says why."""
    with folder() as place, program("train", place) as window:
        time.sleep(random.uniform(0, 2))
        window.send_signal(number)
        errors = window.communicate(timeout=SOON)[1]
        return window.returncode == 128 + number and not errors and is_run_kept(place)


def lose_display() -> bool:
    with folder() as place:
        reads, writes = os.pipe()
        server = subprocess.Popen(
            ["Xvfb", "-displayfd", str(writes), "-screen", "0", "1280x720x24"],
            pass_fds=[writes],
            stderr=subprocess.DEVNULL,
        )
        os.close(writes)
        with os.fdopen(reads) as told:
            display = f":{told.readline().strip()}"
        with program("train", place, env={**os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}) as window:
            time.sleep(random.uniform(0, 2))
            server.kill()
            server.wait()
            window.communicate(timeout=SOON)
            return window.returncode == 1 and is_run_kept(place)


def is_run_kept(place: Path) -> bool:
    files = list((place / "data" / "unsaved").glob("*.npz"))
    try:
        return len(files) == 1 and open_run(files[0]).samples_seen > 0
    except FileError:
        return False


def keep_at_once() -> bool:
    with folder() as place:
        path = place / "my-digits.npz"
        with program("keep", path, 0) as one, program("keep", path, 100) as other:
            ended = [window.communicate(timeout=SOON) and window.returncode for window in (one, other)]
        return ended == [0, 0] and len(open_digits(path)) == 200


def grow(cycles: int, minutes: int) -> Iterator[tuple[str, bool]]:
    """What a window has more of, after a while of hard use."""
    for what, arguments in (
        (f"{cycles} runs started, stopped, forked and deleted", ("cycles", cycles)),
        (f"{minutes} minutes at full speed", ("minutes", minutes)),
    ):
        with folder() as place:
            command = [*PROGRAM, arguments[0], str(place), str(arguments[1])]
            done = subprocess.run(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True, check=False)
        for line in done.stdout.splitlines():
            name, before, after, allowed = line.split()
            growth = float(after) - float(before)
            yield (f"{what}: {name} {before} → {after}", growth > float(allowed))
        if done.returncode != 0:
            yield (f"{what}: exit code {done.returncode}", True)


if __name__ == "__main__":
    main()
