"""Files that an earlier version of the program saved open, and everything in them works."""

from pathlib import Path

import numpy as np
import pytest

from model.dataset import Dataset
from model.evaluation import evaluate
from model.history import Phase
from model.network_file import open_network
from model.storage.own_digits import open_digits
from model.storage.run_file import open_run, save_run
from model.training import TrainingConfig, train

FILES = Path(__file__).parents[2] / "files" / "version-0.1"


@pytest.fixture(scope="module")
def dataset(mnist: Dataset) -> Dataset:
    """What the runs were trained and tested on."""
    return Dataset(mnist.train_images[:600], mnist.train_labels[:600], mnist.test_images[:100], mnist.test_labels[:100])


def test_a_run_has_its_frames_its_curves_and_its_settings() -> None:
    run = open_run(FILES / "run.npz")
    assert [frame.samples_seen for frame in run.frames] == [0, 300, 480, 600, 900, 1200]
    assert run.config == TrainingConfig(epochs=2, learning_rate=0.1, layer_sizes=(784, 4, 10), tests_per_epoch=2)
    assert (run.name, run.samples_per_epoch, run.first_sample) == ("rate 0.1", 600, 0)
    samples, accuracies = run.curve("test_accuracy")
    assert (samples[-1], accuracies[-1]) == (1200, 0.75)
    assert [frame.network.weights[1][0, 0] for frame in run.frames][::5] == pytest.approx([-0.27368128, -2.06858182])


def test_a_fork_remembers_where_it_came_from() -> None:
    run = open_run(FILES / "forked run.npz")
    assert run.name == "half the rate"
    assert run.phases == (Phase(0, 0.1), Phase(600, 0.05))
    assert [frame.samples_seen for frame in run.frames] == [600, 900, 1200]


def test_a_run_can_be_continued_and_saved_again(dataset: Dataset, tmp_path: Path) -> None:
    run = open_run(FILES / "run.npz")
    fork = run.fork(run.nearest(600), run.config)
    network = fork.start.network.copy()
    *_, progress = train(network, dataset, fork.config, fork.start.samples_seen)
    assert progress.samples_seen == 1200
    # On the machine that saved it, the same bits; on others, other last digits.
    assert np.allclose(network.weights[1], run.latest.network.weights[1], atol=1e-3)
    save_run(tmp_path / "again.npz", run)
    again = open_run(tmp_path / "again.npz")
    assert [repr(frame.progress) for frame in again.frames] == [repr(frame.progress) for frame in run.frames]


def test_a_network_predicts_what_it_predicted(dataset: Dataset) -> None:
    network = open_network(FILES / "network.npz")
    assert evaluate(network, dataset.test_images, dataset.test_labels).accuracy == 0.75


def test_ones_own_digits_are_the_same(dataset: Dataset) -> None:
    first, second = open_digits(FILES / "my digits.npz")
    assert (first.label, second.label) == (7, None)
    assert np.array_equal(first.image.reshape(-1), np.rint(255 * dataset.test_images[0]))
