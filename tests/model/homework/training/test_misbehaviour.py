"""A learner's code that misbehaves while it is trained with: it does no harm, or ends with a sentence and its line."""

import os
import signal
import sys
import textwrap

import numpy as np
import pytest

from model.homework.child_process import Limits
from model.homework.training.step_process import StepEnded, StepProcess
from tests.model.homework.processes import assert_ends, assert_none_left
from tests.model.homework.training.conftest import program

FIRST = 50  # sample after which it misbehaves: no trial comes that far
SHORT = Limits(seconds=3.0)
LITTLE = Limits(memory=1024**3)
IMPORTS = """
import atexit, ctypes, gc, json, multiprocessing, os, random, shutil, signal, struct, subprocess
import sys, tempfile, threading, time, warnings
"""
WRITE_EVERYWHERE = """
for number in range(3, 64):
    try:
        os.write(number, {message})
    except OSError:
        pass
"""
COPY = """
if os.fork() == 0:
    open("copy", "w").write(str(os.getpid()))
    while True:
        time.sleep(1000)
while not os.path.exists("copy") or not open("copy").read():
    pass
"""
MESSAGE = "struct.pack('>I', 29) + b'{\"samples\": 1, \"shapes\": [] }'"
pytestmark = pytest.mark.usefixtures("few_digits")
posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signals, forks or limits")


def misbehaving(*misbehaviours: str) -> str:
    """The program; after its sample 50 it misbehaves in one way, after its sample 51 in the next."""
    functions = "".join(
        f"\ndef misbehave{number}():\n    global W1, W2, b1, b2\n{textwrap.indent(textwrap.dedent(each), '    ')}\n"
        for number, each in enumerate(misbehaviours)
    )
    update = "        b -= learning_rate * d\n"
    late = f"""
    global seen
    seen += 1
    if {FIRST} <= seen < {FIRST + len(misbehaviours)}:
        globals()[f"misbehave{{seen - {FIRST}}}"]()
"""
    code = program().replace("def squash", f"seen = 0\n{functions}\ndef squash")
    return IMPORTS + code.replace(update, update + late)


def misbehaving_before(misbehaviour: str) -> str:
    """The program; it misbehaves before its loop."""
    loop = "for x, label in zip"
    return IMPORTS + program().replace(loop, f"{misbehaviour}\n{loop}")


def learn_up_to_it(process: StepProcess) -> None:
    process.open()
    process.learn(FIRST)


def line_of(code: str, text: str) -> int:
    return next(number for number, line in enumerate(code.splitlines(), 1) if text in line)


ENDLESS = "while True: time.sleep(1000)"
HARMLESS = [
    "for _ in range(5000): print('x' * 1000)",
    "os.write(1, b'\\0\\0\\0\\2{}'); os.write(2, b'x' * 1_000_000)",
    "assert sys.stdin.read() == ''",
    f"threading.Thread(target=exec, args=({ENDLESS!r}, globals())).start()",
    "threading.Thread(target=sys.exit).start(); threading.Thread(target=int, args=('x',)).start()",
    f"atexit.register(exec, {ENDLESS!r})",
    "os.remove(__file__)",
    "shutil.rmtree(tempfile.gettempdir())",
    "sys.settrace(None); sys.setprofile(None)",
    "gc.disable(); gc.freeze()",
    "random.seed(1); np.random.seed(1)",
    "np.seterr(all='raise')",
    "warnings.simplefilter('error')",
    "sys.stdout.close(); sys.stderr.close()",
    "os.close(0); os.close(1); os.close(2)",
    "os.chdir('/')",
]
HARMLESS_ON_POSIX = [
    "os.fork()",
    COPY,
    "subprocess.Popen(['sleep', '61.7'])",
    "process = multiprocessing.get_context('fork').Process(target=print)\nprocess.start(); process.join()",
    "for number in set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP}: signal.signal(number, signal.SIG_IGN)",
]


def test_what_does_no_harm(start, tmp_path):
    """But for the memory that it takes, and the time: the numbers are those of the program that behaves."""
    misbehaviours = [*(HARMLESS_ON_POSIX if sys.platform != "win32" else []), *HARMLESS, "sys.modules.clear()"]
    learned = []
    for code in (program(), misbehaving(*misbehaviours)):
        process = start(code)
        process.open()
        process.learn(FIRST - 1)
        for misbehaviour in misbehaviours:
            try:
                learned.append(process.learn(1))
            except StepEnded as ended:
                pytest.fail(f"{misbehaviour}: {ended}")
        process.end()
    behaving, misbehaving_one = learned[len(misbehaviours) - 1], learned[-1]
    for one, other in zip(behaving.network.weights, misbehaving_one.network.weights, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-9)
    if sys.platform != "win32":
        assert_ends(int((tmp_path / "copy").read_text()))
        assert_none_left("sleep 61.7")


@pytest.mark.parametrize(
    "change",
    [
        ["W1[:] = np.nan", "b2[0] = np.inf", "np.seterr(all='raise'); W2[:] = np.inf"],
        ["W1 = W1.tolist()", "b1 = list(b1)", "W2 = np.asfortranarray(W2.astype(np.float32))", "b2 = b2[np.newaxis]"],
    ],
)
def test_weights_of_any_numbers_and_in_any_form_are_read_as_they_are(start, change):
    process = start(misbehaving(*change).replace("W -= learning_rate", "np.asarray(W)[...] -= learning_rate"))
    process.open()
    process.learn(FIRST - 1)
    network = process.learn(1).network
    for _ in change[1:]:
        network = process.learn(1).network
    assert network.layer_sizes == (784, 20, 15, 10)
    assert np.isnan(network.weights[0]).all() == ("nan" in change[0])


@pytest.mark.parametrize(
    ("misbehaviour", "sentence"),
    [
        ("raise ValueError('enough')", "ValueError: enough"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
        ("raise GeneratorExit", "GeneratorExit"),
        ("raise type('Odd', (BaseException,), {'__str__': None})", "Odd"),
        ("raise SystemExit", r"ended itself in line \d+, with exit\(\)"),
        ("input()", "EOFError"),
        ("squash.__code__ = misbehave0.__code__; squash()", "RecursionError"),
        ("sys.stdout.close(); print('x')", "closed file"),
        ("sys.settrace(lambda *_: 1 / 0); squash(1)", "ZeroDivisionError"),
        pytest.param("np.ones(10**9)", "for more memory", marks=posix),
        pytest.param(
            "globals()['kept'] = kept = []\nwhile True: kept.append(bytearray(10**8))", "for more memory", marks=posix
        ),
        pytest.param("open('large', 'wb').truncate(2**40)", "File too large", marks=posix),
        pytest.param(
            "signal.signal(signal.SIGALRM, lambda *_: 1 / 0); signal.setitimer(0, 0.01); time.sleep(9)",
            "ZeroDivisionError",
            marks=posix,
        ),
    ],
)
def test_an_end_is_told_with_its_line(start, misbehaviour, sentence):
    code = misbehaving(misbehaviour)
    process = start(code, limits=LITTLE)
    process.open()
    process.learn(FIRST - 1)
    with pytest.raises(StepEnded, match=sentence) as ended:
        process.learn(1)
    assert ended.value.line == line_of(code, misbehaviour.splitlines()[-1])
    assert f"line {ended.value.line}" in str(ended.value)


@pytest.mark.parametrize(
    ("misbehaviour", "lost"),
    [
        ("del W1", "W1 is no array of 784 × 20 numbers"),
        ("W1.shape = 20, 784", "W1 is no array of 784 × 20 numbers"),
        ("W1, b1, W2 = W1[:, 1:], b1[1:], W2[1:]", "W1 is no array of 784 × 20 numbers"),
        ("b1 = [1, [2, 3]]", "b1 is no array of 20 numbers"),
        ("W2 = W2 * 1j", "W2 is no array of 20 × 15 numbers"),
        ("globals().clear()", "W1 is no array of 784 × 20 numbers"),
    ],
)
def test_weights_that_are_lost_are_named(start, misbehaviour, lost):
    process = start(misbehaving(misbehaviour))
    process.open()
    process.learn(FIRST - 1)
    with pytest.raises(StepEnded, match=f"Its weights are lost: {lost} any more"):
        process.learn(1)


DEADLY = [
    pytest.param("os._exit(3)", r"It ended itself, with exit code 3, {}", id="exit"),
    pytest.param("os.kill(os.getpid(), signal.SIGSEGV)", r"It crashed \(SIGSEGV\) {}", id="crash"),
    pytest.param("signal.raise_signal(signal.SIGALRM)", r"It crashed \(SIGALRM\) {}", id="alarm"),
    pytest.param("os.closerange(3, 256)", "It fell silent {}", id="closed pipe"),
    pytest.param("os.closerange(0, 256); time.sleep(1000)", "It fell silent {}", id="all closed"),
    pytest.param(WRITE_EVERYWHERE.format(message="b'garbage' * 10"), "It fell silent {}", id="garbage"),
    pytest.param(WRITE_EVERYWHERE.format(message=MESSAGE), "It fell silent {}", id="well-formed garbage"),
    pytest.param("os.execv('/bin/sleep', ['sleep', '1000'])", "It fell silent {}", id="another program"),
    pytest.param("json.dumps = None", "It fell silent {}", id="without json"),
]
HALTING = ["os.kill(os.getpid(), signal.SIGSTOP)", "ctypes.PyDLL(None).pause()"]  # no thread of its process runs


@posix
@pytest.mark.parametrize(("misbehaviour", "sentence"), DEADLY)
def test_what_ends_without_a_word_is_noticed(start, misbehaviour, sentence):
    process = start(misbehaving(misbehaviour))
    process.open()
    process.learn(FIRST - 1)
    with pytest.raises(StepEnded, match=sentence.format("while it was trained with")):
        process.learn(2)


@posix
@pytest.mark.parametrize(("misbehaviour", "sentence"), [DEADLY[0], *DEADLY[4:7]])
def test_what_ends_before_the_step_is_noticed(start, misbehaviour, sentence):
    process = start(misbehaving_before(misbehaviour))
    with pytest.raises(StepEnded, match=sentence.format("before it came to a training step")):
        process.open()


@posix
@pytest.mark.parametrize("misbehaviour", HALTING)
def test_what_comes_to_a_halt_is_ended(start, misbehaviour):
    process = start(misbehaving(misbehaviour), limits=SHORT)
    process.open()
    with pytest.raises(StepEnded, match=r"Its step did not come to an end within 3 seconds\."):
        process.learn(FIRST)


@posix
def test_what_comes_to_a_halt_before_the_step_is_ended(start):
    process = start(misbehaving_before(HALTING[0]), limits=SHORT)
    with pytest.raises(StepEnded, match=r"It did not reach a training step within 3 seconds\."):
        process.open()


@pytest.mark.parametrize(
    ("misbehaviour", "sentence"),
    [
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
        pytest.param("np.ones(10**9)", "for more memory", marks=posix),
    ],
)
def test_an_end_before_the_step_is_told_with_its_line(start, misbehaviour, sentence):
    code = misbehaving_before(misbehaviour)
    with pytest.raises(StepEnded, match=sentence) as ended:
        start(code, limits=LITTLE).open()
    assert ended.value.line == line_of(code, misbehaviour)


@posix
def test_a_copy_that_was_made_before_the_step_says_nothing(start, tmp_path):
    process = start(misbehaving_before(f"os.fork()\n{COPY}"))
    process.open()
    assert process.learn(3).samples == 3
    process.end()
    assert_ends(int((tmp_path / "copy").read_text()))


@posix
@pytest.mark.parametrize("make", [misbehaving, misbehaving_before])
def test_nobody_waits_for_a_copy_that_has_left(start, tmp_path, make):
    leave = COPY.replace("    open", "    os.setsid()\n    open") + "os._exit(3)"
    process = start(make(leave))
    try:
        with pytest.raises(StepEnded, match="exit code 3"):
            learn_up_to_it(process)
    finally:
        os.kill(int((tmp_path / "copy").read_text()), signal.SIGKILL)


def test_a_step_without_an_end_is_ended_and_its_line_said(start):
    code = misbehaving("while True:\n    time.sleep(0.01)")
    process = start(code, limits=SHORT)
    process.open()
    with pytest.raises(StepEnded, match=r"did not come to an end within 3 seconds; it was at line \d+\.") as ended:
        process.learn(FIRST)
    assert ended.value.line in (line_of(code, "while True"), line_of(code, "sleep(0.01)"))


def test_a_file_without_a_step_says_so(start):
    with pytest.raises(StepEnded, match="No step was found"):
        start("print('hello')").open()


def test_prints_of_every_step_do_not_disturb_it(start):
    code = program(before_update="print('x' * 10_000)")
    process = start(code)
    process.open()
    assert process.learn(30).samples == 30
