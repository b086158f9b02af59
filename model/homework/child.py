"""The child process that runs one learner's file: `main.py judge-child TASK`, started by `model.homework.sandbox`."""

from __future__ import annotations

import json
import os
import struct
import sys
import threading
import traceback
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

from model.dataset import DatasetError
from model.homework.judge import judge
from model.homework.report import Report, to_message, unusable
from model.homework.source import Source, UnusableFile, read_source

try:
    import resource
except ImportError:  # Windows
    resource = None  # type: ignore[assignment]

LARGEST_FILE = 256 * 1024**2  # bytes that may be written into one


def run(task: str) -> NoReturn:
    """Judge the file that a task, JSON, names, and send the report; does not return."""
    channel = _take_standard_output()
    options = json.loads(task)
    child = Child(channel, Path(options["path"]), options["seconds"])
    _limit(options["memory"], options["seconds"])
    child.watch()
    child.send(child.report(Path(options["folder"]), options["function"]))


def _take_standard_output() -> int:
    """Keep the pipe to the parent; whatever is printed, by Python or not, goes nowhere from now on."""
    channel = os.dup(1)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    return channel


def _limit(memory: int, seconds: float) -> None:
    if resource is None:
        return
    for kind, limit in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, LARGEST_FILE),
        (resource.RLIMIT_CPU, int(2 * seconds) + 5),  # ends a loop inside C even if the parent is gone
    ):
        with suppress(ValueError, OSError):  # macOS knows not all of them
            resource.setrlimit(kind, (limit, resource.getrlimit(kind)[1]))


class Child:
    """The judging of one file, and the one report that comes of it, whatever the file does."""

    def __init__(self, channel: int, path: Path, seconds: float) -> None:
        self._channel = channel
        self._path = path
        self._seconds = seconds
        self._process = os.getpid()
        self._sending = threading.Lock()
        self._source: Source | None = None

    def report(self, folder: Path, function: str | None) -> Report:
        """Judge the file, in its own folder; stand-ins for what it reads are written to `folder`."""
        try:
            self._source = read_source(self._path)
            os.chdir(self._path.parent)
            sys.path[: 0 if getattr(sys, "frozen", False) else 1] = [str(self._path.parent)]
            sys.argv = [str(self._path)]
            return judge(self._source, folder, function)
        except UnusableFile as error:
            return unusable(self._path, error.name, str(error), error.line)
        except DatasetError as error:
            return self._unusable("no-digits", str(error))
        except MemoryError:
            return self._unusable("out-of-memory", "It asked for more memory than it may use.")
        except SystemExit:
            return self._unusable("ended-itself", "It ended itself, with exit(), before it could be judged.")
        except EOFError:
            return self._unusable("asks-for-input", "It asks for input, and gets none where files are checked.")
        except BaseException as error:  # anything, so that the parent gets a sentence
            last = traceback.extract_tb(error.__traceback__)[-1]
            where = f"{Path(last.filename).name}, line {last.lineno}"
            return self._unusable("not-judged", f"It could not be judged: {type(error).__name__}: {error} ({where}).")

    def _unusable(self, name: str, sentence: str) -> Report:
        return unusable(self._path, name, sentence)

    def watch(self) -> None:
        """Report shortly before the parent would have to end the process, because only from inside the line is seen."""
        timer = threading.Timer(self._seconds, self._report_that_it_takes_too_long)
        timer.daemon = True
        timer.start()

    def _report_that_it_takes_too_long(self) -> None:
        line = self._current_line()
        where = f"; it was at {self._source.place(line)}" if self._source and line else ""
        sentence = f"It did not reach a training step within {self._seconds:g} seconds{where}."
        self.send(unusable(self._path, "endless-loop", sentence, line))

    def _current_line(self) -> int | None:
        """The innermost line of the learner's file that the main thread is at."""
        frame = sys._current_frames().get(threading.main_thread().ident or 0)
        while frame and frame.f_code.co_filename != str(self._path):
            frame = frame.f_back
        return frame.f_lineno if frame else None

    def send(self, report: Report) -> NoReturn:
        """Send the first report there is, and end, whatever threads and exit handlers there are."""
        self._sending.acquire()
        try:
            if os.getpid() == self._process:  # a copy that the file has made of this process stays silent
                _lift_limit_of_memory()
                body = json.dumps(to_message(report)).encode()
                message = memoryview(struct.pack(">I", len(body)) + body)
                while message:
                    message = message[os.write(self._channel, message) :]
        finally:
            os._exit(0)


def _lift_limit_of_memory() -> None:
    if resource is not None:
        with suppress(ValueError, OSError):
            most = resource.getrlimit(resource.RLIMIT_AS)[1]
            resource.setrlimit(resource.RLIMIT_AS, (most, most))
