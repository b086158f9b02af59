"""The terminal's command, run as a user runs it."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from model.evaluation import evaluate
from model.network import Network
from model.network_file import open_network, save_network

PROJECT = Path(__file__).parents[1]
LINE = re.compile(r"(.*): average loss (\d\.\d{6}), ([\d,]+) of 10,000 test digits correct \((\d+\.\d\d)%\)")


def measured(line):
    """The moment, average loss, number and percentage of correct digits that a line of the report gives."""
    moment, loss, correct, share = LINE.fullmatch(line).groups()
    return moment, float(loss), int(correct.replace(",", "")), float(share)


def start(*arguments, folder, program=PROJECT / "main.py", **environment):
    return subprocess.Popen(
        [sys.executable, program, *map(str, arguments)],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        env={**os.environ, **environment},
    )


def finish(process):
    """The exit code and what was printed on either stream."""
    with process:
        output, errors = process.communicate(timeout=60)
    return process.returncode, output, errors


def run(*arguments, folder, program=PROJECT / "main.py", **environment):
    return finish(start(*arguments, folder=folder, program=program, **environment))


def assert_one_sentence(outcome, pattern):
    """It ended with an error, explained in one line that a user can read."""
    exit_code, _, errors = outcome
    assert exit_code == 1
    assert re.fullmatch(rf".*{pattern}.*\.\n", errors), errors


@pytest.fixture(scope="module")
def one_epoch(tmp_path_factory):
    """A whole run of one epoch, from a folder that is not the project's, and the file that it saved."""
    folder = tmp_path_factory.mktemp("elsewhere")
    return run("train", "--epochs", 1, "--save", "trained.npz", folder=folder), folder / "trained.npz"


def test_it_prints_the_reference_numbers(one_epoch):
    (exit_code, output, errors), _ = one_epoch
    assert (exit_code, errors) == (0, "")
    lines = output.splitlines()
    assert lines[0] == "Before training: average loss 2.360920, 1,028 of 10,000 test digits correct (10.28%)"
    moment, loss, correct, share = measured(lines[1])
    assert moment == "After epoch 1"
    assert loss == pytest.approx(0.47248021, abs=1e-4)  # the reference is in double precision
    assert correct == pytest.approx(8671, abs=10)
    assert share == pytest.approx(correct / 100)
    assert lines[2:] == ["Saved to trained.npz"]


def test_the_saved_network_gives_what_was_printed(one_epoch, mnist):
    (_, output, _), file = one_epoch
    result = evaluate(open_network(file), mnist.test_images, mnist.test_labels)
    _, loss, correct, _ = measured(output.splitlines()[1])
    assert loss == pytest.approx(result.loss, abs=1e-6)
    assert correct == pytest.approx(result.accuracy * 10_000)
    assert [path.name for path in file.parent.iterdir()] == [file.name]


def test_another_seed_and_learning_rate_give_another_run(tmp_path, one_epoch, mnist):
    exit_code, output, _ = run("train", "--epochs", 2, "--seed", 5, "--learning-rate", 0.05, folder=tmp_path)
    assert exit_code == 0
    lines = [measured(line) for line in output.splitlines()]
    assert [moment for moment, *_ in lines] == ["Before training", "After epoch 1", "After epoch 2"]
    untrained = evaluate(Network.initialize(seed=5, dtype=np.float64), mnist.test_images, mnist.test_labels)
    assert lines[0][1] == pytest.approx(untrained.loss, abs=2e-6)
    assert lines[2][3] > 94  # per cent: such a rate learns faster than 0.003 does, which is at 90.78 by then


@pytest.mark.parametrize(("written", "sizes"), [("12,7", (784, 12, 7, 10)), ("none", (784, 10))])
def test_hidden_layers_can_be_chosen(tmp_path, mnist, written, sizes):
    exit_code, output, _ = run("train", "--epochs=1", f"--hidden-layers={written}", "--save=n.npz", folder=tmp_path)
    assert exit_code == 0
    assert open_network(tmp_path / "n.npz").layer_sizes == sizes
    untrained = evaluate(Network.initialize(sizes), mnist.test_images, mnist.test_labels)
    assert measured(output.splitlines()[0])[1] == pytest.approx(untrained.loss, abs=2e-6)


@pytest.mark.parametrize(
    ("option", "value", "name"),
    [
        ("--epochs", "0", "epochs"),
        ("--epochs", "-3", "epochs"),
        ("--learning-rate", "nan", "learning_rate"),
        ("--learning-rate", "inf", "learning_rate"),
        ("--learning-rate", "0", "learning_rate"),
        ("--learning-rate", "-0.1", "learning_rate"),
        ("--seed", "-1", "seed"),
        ("--hidden-layers", "32,,32", "Hidden layers"),
        ("--hidden-layers", "600", "Hidden layers"),
    ],
)
def test_a_number_that_makes_no_sense_is_refused_at_once(tmp_path, option, value, name):
    outcome = run("train", f"{option}={value}", folder=tmp_path)
    assert_one_sentence(outcome, f"{name} must be")
    assert outcome[1] == ""


@pytest.mark.parametrize(
    "arguments", [("train", "--epochs", "1.5"), ("train", "--seed", "x"), ("train", "--fast"), ("learn",)]
)
def test_what_is_no_number_or_no_option_shows_the_usage(tmp_path, arguments):
    exit_code, output, errors = run(*arguments, folder=tmp_path)
    assert (exit_code, output) == (2, "")
    assert errors.startswith("usage: main.py")
    assert arguments[-1] in errors.splitlines()[-1]


def test_help_explains_every_option(tmp_path):
    exit_code, output, _ = run("train", "--help", folder=tmp_path)
    assert exit_code == 0
    for word in ("--epochs", "--learning-rate", "--seed", "--save", "0.003", "80085"):
        assert word in output


@pytest.mark.parametrize("target", ["missing/network.npz", "."])
def test_a_file_that_cannot_be_written_is_a_sentence(tmp_path, target):
    outcome = run("train", "--epochs", 1, "--save", target, folder=tmp_path)
    assert_one_sentence(outcome, f"could not be saved to {re.escape(target)}")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("encoding", ["cp1252", "ascii"])
def test_names_that_the_output_has_no_letters_for_are_no_problem(tmp_path, encoding):
    name = "сеть.npz"
    exit_code, output, errors = run("train", "--epochs", 1, "--save", name, folder=tmp_path, PYTHONIOENCODING=encoding)
    assert (exit_code, errors) == (0, "")
    assert "Saved to " in output
    assert (tmp_path / name).exists()
    missing = "нет/сеть.npz"
    exit_code, output, errors = run("train", "--save", missing, folder=tmp_path, PYTHONIOENCODING=encoding)
    assert (exit_code, errors.count("\n"), "Traceback" in errors) == (1, 1, False)
    (tmp_path / "работа.py").write_text("print('привет')", "utf-8")
    exit_code, output, errors = run("check", "работа.py", "--json", folder=tmp_path, PYTHONIOENCODING=encoding)
    assert (exit_code, "Traceback" in errors) == (2, False)
    assert "работа.py" in json.loads(output)[0]["file"]
    exit_code, output, errors = run("check", "работа.py", folder=tmp_path, PYTHONIOENCODING=encoding)
    assert (exit_code, "Traceback" in errors) == (2, False)


def test_a_run_that_diverges_is_a_sentence_and_keeps_the_earlier_file(tmp_path):
    file = tmp_path / "network.npz"
    save_network(file, Network.initialize())
    before = file.read_bytes()
    outcome = run("train", "--learning-rate", "1e38", "--save", file, folder=tmp_path)
    assert_one_sentence(outcome, "diverged at sample")
    assert outcome[1].startswith("Before training")
    assert file.read_bytes() == before


def test_without_the_digits_there_is_a_sentence(tmp_path):
    shutil.copy(PROJECT / "main.py", tmp_path)
    shutil.copytree(PROJECT / "model", tmp_path / "model")
    outcome = run("train", folder=tmp_path, program=tmp_path / "main.py")
    assert_one_sentence(outcome, r"digits are missing.*mnist\.npz")


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl+C is no signal there")
def test_control_c_stops_with_a_word(tmp_path):
    process = start("train", "--epochs", 1000, folder=tmp_path)
    process.stdout.readline()
    process.send_signal(signal.SIGINT)
    exit_code, _, errors = finish(process)
    assert exit_code == 1
    assert errors == "Stopped.\n"
