"""The child process that runs one learner's file: `main.py judge-child TASK`, started by `model.homework.sandbox`."""

from __future__ import annotations

import json
import os
import sys
import threading
import time
import traceback
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import NoReturn

from model.dataset import DatasetError
from model.homework.channel import send
from model.homework.child_process import NO_STEP, UNHEARD
from model.homework.judge import judge
from model.homework.report import Report, to_message, unusable
from model.homework.running.console import Prints
from model.homework.source import Source, UnusableFile, read_source

try:
    import resource
except ImportError:  # Windows
    resource = None  # type: ignore[assignment]

LARGEST_FILE = 256 * 1024**2  # bytes that may be written into one


def run(task: str) -> NoReturn:
    """Judge the file that a task, JSON, names, and send the report; does not return."""
    channel = take_standard_output()
    options = json.loads(task)
    child = Child(channel, Path(options["path"]), options["seconds"])
    limit(options["memory"])
    limit_work(options["seconds"])
    child.watch()
    child.send(child.report(Path(options["folder"]), options["function"]))


def take_standard_output() -> int:
    """Keep the pipe to the parent; whatever is printed, by Python or not, goes nowhere from now on."""
    channel = os.dup(1)
    if sys.platform != "win32":  # a copy that the file makes of this process does not hold the pipe open
        os.register_at_fork(after_in_child=partial(_close, channel))
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    return channel


def _close(channel: int) -> None:
    with suppress(OSError):  # the file has closed it
        os.close(channel)


def limit(memory: int) -> None:
    """Let the process take no more than so many bytes, and write no large files."""
    if resource is not None:
        _set(resource.RLIMIT_AS, memory)
        _set(resource.RLIMIT_CORE, 0)
        _set(resource.RLIMIT_FSIZE, LARGEST_FILE)


def limit_work(seconds: float) -> None:
    """End the process if it works some two times as long from now on, even in a loop inside C and without a parent."""
    if resource is not None:
        _set(resource.RLIMIT_CPU, int(time.process_time() + 2 * seconds) + 5)


def _set(kind: int, limit: int) -> None:
    with suppress(ValueError, OSError):  # macOS knows not all of them
        resource.setrlimit(kind, (limit, resource.getrlimit(kind)[1]))


def enter_folder_of(path: Path) -> None:
    """Let the process look as if it was started to run this file alone, and leave nothing beside it."""
    sys.dont_write_bytecode = True
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"  # for the processes that it starts
    os.chdir(path.parent)
    sys.path[: 0 if getattr(sys, "frozen", False) else 1] = [str(path.parent)]
    sys.argv = [str(path)]


def why_unusable(error: BaseException, path: Path, source: Source | None, done: str) -> Report:
    """What to say of a file with which something could not be done, such as "judged", because of an exception."""
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(path)]
    line = lines[-1] if lines else None
    where = f" in {source.place(line)}" if source is not None and line else ""
    match error:
        case UnusableFile():
            return unusable(path, error.name, str(error), error.line)
        case DatasetError():
            return unusable(path, "no-digits", str(error))
        case MemoryError():
            return unusable(path, "out-of-memory", f"It asks{where} for more memory than it may use.", line)
        case SystemExit():
            return unusable(
                path, "ended-itself", f"It ended itself{where}, with exit(), before it could be {done}.", line
            )
        case EOFError():
            return unusable(path, "asks-for-input", f"It asks{where} for input, and gets none here.", line)
        case KeyboardInterrupt():
            return unusable(path, "exception", f"It stops{where}: KeyboardInterrupt.", line)
    last = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{Path(last.filename).name}, line {last.lineno}"
    return unusable(path, "not-judged", f"It could not be {done}: {type(error).__name__}: {error} ({where}).")


def current_line(path: Path) -> int | None:
    """The innermost line of the learner's file that the main thread is at."""
    frame = sys._current_frames().get(threading.main_thread().ident or 0)
    while frame and frame.f_code.co_filename != str(path):
        frame = frame.f_back
    return frame.f_lineno if frame else None


class Child:
    """The judging of one file, and the one report that comes of it, whatever the file does."""

    def __init__(self, channel: int, path: Path, seconds: float) -> None:
        self._channel = channel
        self._path = path
        self._seconds = seconds
        self._process = os.getpid()
        self._sending = threading.Lock()
        self._source: Source | None = None
        self._prints = Prints()

    def report(self, folder: Path, function: str | None) -> Report:
        """Judge the file, in its own folder; stand-ins for what it reads are written to `folder`."""
        try:
            self._source = read_source(self._path)
            enter_folder_of(self._path)
            return judge(self._source, folder, function, self._prints)
        except BaseException as error:  # anything, so that the parent gets a sentence
            if isinstance(error, UnusableFile) and self._source is None:
                self._source = error.source
            return why_unusable(error, self._path, self._source, "judged")

    def watch(self) -> None:
        """Report shortly before the parent would have to end the process, because only from inside the line is seen."""
        timer = threading.Timer(self._seconds, self._report_that_it_takes_too_long)
        timer.daemon = True
        timer.start()

    def _report_that_it_takes_too_long(self) -> None:
        line = current_line(self._path)
        where = f"; it was at {self._source.place(line)}" if self._source and line else ""
        sentence = f"{NO_STEP} within {self._seconds:g} seconds{where}."
        self.send(unusable(self._path, "endless-loop", sentence, line))

    def send(self, report: Report) -> NoReturn:
        """Send the first report there is, and end, whatever threads and exit handlers there are."""
        self._sending.acquire()
        try:
            if self._source is not None:
                code, cells = self._source.code, self._source.numbered_cells
                report = replace(report, code=code, cells=cells, prints=self._prints.text)
            if os.getpid() == self._process:  # a copy that the file has made of this process stays silent
                lift_limit_of_memory()
                with os.fdopen(self._channel, "wb") as pipe:
                    send(pipe, to_message(report))
            os._exit(0)
        finally:
            os._exit(UNHEARD)


def lift_limit_of_memory() -> None:
    """Let what is left to say have room, also where the file has taken all that it may."""
    if resource is not None:
        with suppress(ValueError, OSError):
            most = resource.getrlimit(resource.RLIMIT_AS)[1]
            resource.setrlimit(resource.RLIMIT_AS, (most, most))
