"""Files that misbehave: each gets a sentence, and leaves nothing behind."""

import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import pytest

from model.homework.sandbox import Limits, judge_file, judge_files
from tests.model.homework.processes import assert_ends

MAIN = Path(__file__).parents[3] / "main.py"
SHORT = Limits(seconds=1.0, memory=2 * 1024**3)
RIGHT = """
import numpy as np

def gradients(weights, biases, image, label):
    activations = [image]
    for W, b in zip(weights[:-1], biases[:-1]):
        activations.append(1 / (1 + np.exp(-(activations[-1] @ W + b))))
    z = activations[-1] @ weights[-1] + biases[-1]
    p = np.exp(z - z.max())
    p /= p.sum()
    delta = p - np.eye(10)[label]
    dW, db = [], []
    for W, a in zip(reversed(weights), reversed(activations)):
        dW.insert(0, np.outer(a, delta))
        db.insert(0, delta)
        delta = (W @ delta) * a * (1 - a)
    return dW, db
"""
WRITE_EVERYWHERE = """
for number in range(3, 64):
    try:
        os.write(number, b"garbage" * 10)
    except OSError:
        pass
"""
posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signals, forks or limits")


@pytest.fixture(autouse=True)
def temporary_folder(tmp_path_factory, monkeypatch):
    """Where the parent puts temporary folders; none is left."""
    folder = tmp_path_factory.mktemp("temporary")
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    yield folder
    assert list(folder.iterdir()) == []


@pytest.fixture
def judge(tmp_path):
    """Judges a program within short limits; neither its file nor its folder is changed."""

    def judge(program, limits=SHORT, name="homework.py"):
        folder = tmp_path / "learners"
        folder.mkdir(exist_ok=True)
        path = folder / name
        path.write_text(program)
        report = judge_file(path, limits=limits)
        assert path.read_text() == program
        assert report.file == str(path)
        assert not (folder / "__pycache__").exists()
        return report

    return judge


def assert_unusable(report, mistake, pattern, line=None):
    (finding,) = report.findings
    assert report.verdict == "unusable"
    assert (finding.kind, finding.mistake, finding.line) == ("remark", mistake, line), finding.sentence
    assert re.search(pattern, finding.sentence), finding.sentence
    assert finding.sentence.endswith(".")
    assert report.summary == finding.sentence


def test_a_right_file(judge):
    assert judge(RIGHT, Limits()).verdict == "right"


def test_an_endless_loop_is_named_with_its_line(judge):
    loop = "import numpy as np\ndef f():\n    while True:\n        np.ones(3)\nf()"
    report = judge(loop)
    (finding,) = report.findings
    assert finding.line in (3, 4)
    assert_unusable(report, "endless-loop", rf"within 1 seconds; it was at line {finding.line}\.", finding.line)


@posix
def test_an_endless_loop_inside_c_is_ended_from_outside(judge):
    assert_unusable(judge("sum(iter(int, 1))"), "endless-loop", r"within 1 seconds\.")


def test_endless_prints_fill_nothing(judge):
    report = judge("text = 'x' * 1_000_000\nwhile True:\n    print(text)")
    (finding,) = report.findings
    assert_unusable(report, "endless-loop", "it was at line", finding.line)


def test_what_is_printed_is_not_the_report(judge):
    noise = (
        "import os, sys\nos.write(1, b'\\0\\0\\0\\2{}')\nos.write(2, b'x' * 10_000_000)\nprint('σ')\nsys.stdout.close()"
    )
    assert judge(noise + RIGHT, Limits()).verdict == "right"


def test_a_file_that_ends_itself(judge):
    assert_unusable(judge("import os\nos._exit(0)"), "ended-itself", "exit code 0")
    assert_unusable(judge("x = 1\nexit()", Limits()), "ended-itself", r"itself in line 2, with exit\(\)", 2)


@posix
@pytest.mark.parametrize("name", ["SIGSEGV", "SIGABRT", "SIGKILL"])
def test_a_crash_is_named(judge, name):
    crash = f"import os, signal\nos.kill(os.getpid(), signal.{name})"
    assert_unusable(judge(crash), "crashed", rf"crashed \({name}\)")


@posix
@pytest.mark.parametrize(
    ("program", "line"), [("x = np.ones(10**9)", 2), ("x = []\nwhile True:\n    x.append(np.empty(10**7))", 4)]
)
def test_gigabytes_of_memory(judge, program, line):
    report = judge(f"import numpy as np\n{program}", Limits(memory=1024**3))
    assert_unusable(report, "out-of-memory", f"in line {line} for more memory", line)


def test_a_question_is_not_answered(judge):
    report = judge("rate = float(input('Rate? '))", Limits())
    assert_unusable(report, "asks-for-input", r"asks in line 1 for input", 1)


def test_an_interruption_of_its_own_is_named_with_its_line(judge):
    assert_unusable(judge("\nraise KeyboardInterrupt", Limits()), "exception", "stops in line 2: KeyboardInterrupt", 2)


@posix
@pytest.mark.parametrize(
    "program",
    [
        "os.closerange(3, 256)",
        "os.closerange(0, 256)\ntime.sleep(1000)",
        "os.execv('/bin/sleep', ['sleep', '1000'])",
        f"{WRITE_EVERYWHERE}\ntime.sleep(1000)",
    ],
)
def test_what_closes_the_pipe_or_writes_into_it_is_silent(judge, program):
    report = judge(f"import os, time\n{program}", Limits())
    assert_unusable(report, "silent", r"fell silent before it could be judged")


@posix
@pytest.mark.parametrize("program", ["os.kill(os.getpid(), signal.SIGSTOP)", "ctypes.PyDLL(None).pause()"])
def test_what_comes_to_a_halt_is_ended(judge, program):
    assert_unusable(judge(f"import ctypes, os, signal\n{program}"), "endless-loop", r"within 1 seconds\.")


@posix
def test_nobody_waits_for_a_copy_that_has_left(judge, tmp_path):
    leave = """
import os, time
if os.fork() == 0:
    os.setsid()
    open("process", "w").write(str(os.getpid()))
    time.sleep(1000)
while not os.path.exists("process") or not open("process").read(): pass
os._exit(5)
"""
    assert_unusable(judge(leave, Limits()), "ended-itself", "exit code 5")
    os.kill(int((tmp_path / "learners" / "process").read_text()), signal.SIGKILL)


@pytest.mark.parametrize(
    ("program", "mistake", "line"),
    [("", "empty", None), ("x = 1\nprint 'x'", "syntax-error", 2), ("\0", "not-python", None)],
)
def test_what_is_no_program(judge, program, mistake, line):
    assert_unusable(judge(program), mistake, r"homework\.py is", line)


def test_a_missing_file_and_a_folder(tmp_path):
    assert_unusable(judge_file(tmp_path / "missing" / "x.py"), "missing-file", "no file")
    assert_unusable(judge_file(tmp_path), "not-a-file", "is a folder")


@posix
@pytest.mark.parametrize("afterwards", ["", "os._exit(3)", "while True: pass"])
def test_a_process_that_the_file_starts_is_ended_with_it(judge, tmp_path, afterwards):
    fork = f"""
import os, time
if os.fork() == 0:
    open("process", "w").write(str(os.getpid()))
    while True: time.sleep(1000)
while not os.path.exists("process") or not open("process").read(): pass
{afterwards}
"""
    report = judge(fork + RIGHT, SHORT if "while" in afterwards else Limits())
    assert report.verdict == ("unusable" if afterwards else "right")
    assert_ends(int((tmp_path / "learners" / "process").read_text()))


@posix
def test_a_copy_of_the_process_does_not_report(judge):
    assert judge(f"import os\nos.fork()\n{RIGHT}", Limits()).verdict == "right"


def test_the_file_runs_in_its_folder(judge, tmp_path):
    (tmp_path / "learners").mkdir()
    (tmp_path / "learners" / "settings.py").write_text("import os\nassert os.path.exists('homework.py')")
    program = f"import sys, settings\nassert sys.argv[1:] == [] and __name__ == '__main__'\n{RIGHT}"
    assert judge(program, Limits()).verdict == "right"


def test_processes_that_it_starts_leave_no_bytecode_either(judge, tmp_path):
    (tmp_path / "learners").mkdir()
    (tmp_path / "learners" / "settings.py").write_text("")
    start = "import subprocess, sys\nsubprocess.run([sys.executable, '-c', 'import settings'], check=True)\n"
    assert judge(start + RIGHT, Limits()).verdict == "right"


def test_several_files_are_reported_in_order(tmp_path):
    paths = [tmp_path / f"{number}.py" for number in range(4)]
    for path, program in zip(paths, ("while True: pass", "", "x = = 1", "import os; os._exit(1)"), strict=True):
        path.write_text(program)
    reports = list(judge_files(paths, limits=SHORT))
    assert [report.file for report in reports] == [str(path) for path in paths]
    mistakes = [report.findings[0].mistake for report in reports]
    assert mistakes == ["endless-loop", "empty", "syntax-error", "ended-itself"]


@posix
def test_dropping_the_reports_ends_what_is_running(tmp_path):
    quick, endless = tmp_path / "quick.py", tmp_path / "endless.py"
    quick.write_text("")
    endless.write_text("import os\nopen('process', 'w').write(str(os.getpid()))\nwhile True: pass")
    reports = judge_files([quick, endless, endless])
    next(reports)
    while not (tmp_path / "process").exists() or not (tmp_path / "process").read_text():
        pass
    reports.close()
    assert_ends(int((tmp_path / "process").read_text()))
    assert not any(thread.name.startswith("ThreadPoolExecutor") for thread in threading.enumerate())


@posix
def test_control_c_ends_what_is_running(tmp_path):
    endless = tmp_path / "endless.py"
    endless.write_text("import os\nopen('process', 'w').write(str(os.getpid()))\nwhile True: pass")
    check = subprocess.Popen([sys.executable, MAIN, "check", endless], stderr=subprocess.PIPE, text=True)
    while not (tmp_path / "process").exists() or not (tmp_path / "process").read_text():
        pass
    check.send_signal(signal.SIGINT)
    _, errors = check.communicate(timeout=20)
    assert check.returncode == 1
    assert errors.endswith("Stopped.\n")
    assert_ends(int((tmp_path / "process").read_text()))


@posix
def test_a_frozen_program_starts_itself(judge, tmp_path, monkeypatch):
    program = tmp_path / "digitscope"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{MAIN}" "$@"\n')
    program.chmod(0o755)
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(program))
    assert_unusable(judge(""), "empty", "is empty")
