"""What a run gives away: a table, and a script that is run here."""

import csv
import io
import re
import shutil
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from model.dataset import Dataset
from model.history import History
from model.homework.chosen_mistake import ChosenMistake
from model.homework.training.own_code import OwnCode
from model.storage.run_export import curves_as_csv, run_as_script
from model.training import TrainingConfig
from tests.model.storage.test_run_file import follow

SAMPLES = 600
CONFIG = TrainingConfig(epochs=2, learning_rate=0.1, seed=5, tests_per_epoch=2)


@pytest.fixture(scope="module")
def few(mnist):
    return Dataset(
        mnist.train_images[:SAMPLES], mnist.train_labels[:SAMPLES], mnist.test_images[:100], mnist.test_labels[:100]
    )


@pytest.fixture(scope="module")
def run(few):
    first = follow(History(CONFIG, SAMPLES), few, stop=750)
    second = follow(first.fork(first.latest, replace(CONFIG, learning_rate=0.03)), few)
    return second.renamed('mine """ \\ \n of rate')


@pytest.fixture(scope="module")
def digits_file(few, tmp_path_factory):
    path = tmp_path_factory.mktemp("digits") / "mnist.npz"
    images = [
        (images * 255).round().astype(np.uint8).reshape(-1, 28, 28) for images in (few.train_images, few.test_images)
    ]
    np.savez(path, x_train=images[0], y_train=few.train_labels, x_test=images[1], y_test=few.test_labels)
    return path


def start_script(path, *arguments):
    return subprocess.run(
        [sys.executable, path.name, *arguments], cwd=path.parent, capture_output=True, text=True, timeout=60
    )


def test_the_table_has_a_line_for_each_moment_that_was_measured(run):
    head, *lines = csv.reader(io.StringIO(curves_as_csv(run)))
    assert head == ["samples_seen", "epoch", "training_loss", "training_accuracy", "test_loss", "test_accuracy"]
    samples, losses = run.curve("test_loss")
    tested = [line for line in lines if line[4]]
    assert [int(line[0]) for line in tested] == list(samples)
    assert [float(line[4]) for line in tested] == list(losses)
    assert len(lines) == len(run.measurements())
    assert not {"None", "nan"} & {cell for line in lines for cell in line}


def test_the_table_of_a_run_of_own_code_says_whose(few):
    run = replace(follow(History(CONFIG, SAMPLES), few, stop=100), own_code=OwnCode("folder/mine.py"))
    head, *lines = csv.reader(io.StringIO(curves_as_csv(run)))
    assert head[-1] == "trained_with"
    assert {line[-1] for line in lines} == {"mine.py"}


def test_the_table_of_a_run_with_a_mistake_says_where_it_was_made_unless_it_is_hidden(few):
    hidden = ChosenMistake("missing-slope", 2, is_hidden=True)
    first = follow(History(CONFIG, SAMPLES), few, stop=100)
    run = follow(first.fork(first.latest, replace(CONFIG, mistake=hidden)), few, stop=300)
    for each, mark in ((run, "a mistake"), (run.revealed(), "The slope σ′(z) is missing, in layer 2")):
        head, *lines = csv.reader(io.StringIO(curves_as_csv(each)))
        assert head[-1] == "trained_with"
        assert {line[-1] for line in lines if int(line[0]) > 100} == {mark}
        assert {line[-1] for line in lines if int(line[0]) <= 100} == {""}


def test_the_script_does_the_run_again_with_the_same_numbers(run, tmp_path, digits_file):
    (tmp_path / "again.py").write_text(run_as_script(run), "utf-8")
    script = start_script(tmp_path / "again.py", str(digits_file))
    assert (script.returncode, script.stderr) == (0, "")
    pattern = re.compile(
        r"after ([\d,]+) samples: loss (\S+) \(Digitscope (\S+)\), (\S+)% correct \(Digitscope (\S+)%\)"
    )
    lines = [pattern.fullmatch(line).groups() for line in script.stdout.splitlines()]
    assert [int(line[0].replace(",", "")) for line in lines] == [1200]
    for (_, loss, there_loss, accuracy, there_accuracy), progress in zip(lines, [run.latest.progress], strict=True):
        assert float(loss) == pytest.approx(progress.test_loss, abs=2e-6)
        assert float(there_loss) == pytest.approx(progress.test_loss, abs=1e-6)
        assert float(accuracy) == float(there_accuracy) == pytest.approx(100 * progress.test_accuracy)


def test_the_script_imports_numpy_and_the_standard_library_alone(run):
    imported = re.findall(r"^\s*(?:import|from) (\w+)", run_as_script(run), re.MULTILINE)
    assert set(imported) == {"numpy", "pathlib", "sys"}


def test_the_script_finds_the_digits_beside_it_or_where_the_program_has_them(run, tmp_path, digits_file, monkeypatch):
    monkeypatch.setattr("model.storage.run_export.BUNDLED_MNIST", digits_file)
    (tmp_path / "again.py").write_text(run_as_script(run), "utf-8")
    there = start_script(tmp_path / "again.py")
    monkeypatch.setattr("model.storage.run_export.BUNDLED_MNIST", tmp_path / "nowhere.npz")
    (tmp_path / "again.py").write_text(run_as_script(run), "utf-8")
    shutil.copy(digits_file, tmp_path)
    beside = start_script(tmp_path / "again.py")
    assert (there.returncode, there.stderr) == (beside.returncode, beside.stderr) == (0, "")
    assert there.stdout == beside.stdout
    assert there.stdout.startswith("after 1,200 samples")


def test_the_script_says_what_digits_it_needs_and_where_they_are(run, tmp_path, monkeypatch):
    monkeypatch.setattr("model.storage.run_export.BUNDLED_MNIST", tmp_path / "nowhere.npz")
    (tmp_path / "again.py").write_text(run_as_script(run), "utf-8")
    for arguments in ((), ("elsewhere.npz",)):
        script = start_script(tmp_path / "again.py", *arguments)
        assert script.returncode == 1
        assert "mnist.npz" in script.stderr
        assert "resources" in script.stderr
        assert "Traceback" not in script.stderr


def test_a_hopeless_run_costs_the_same_there(few, tmp_path, digits_file):
    run = follow(History(replace(CONFIG, learning_rate=1000.0), SAMPLES), few)
    assert 1 < run.latest.progress.test_loss < 88
    (tmp_path / "again.py").write_text(run_as_script(run), "utf-8")
    script = start_script(tmp_path / "again.py", str(digits_file))
    assert (script.returncode, "inf" in script.stdout) == (0, False)
    losses = [float(each) for each in re.findall(r"loss (\S+) ", script.stdout)]
    assert all(0 < loss < 88 for loss in losses)
