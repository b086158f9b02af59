"""A learner's program, and processes that train with its step."""

import tempfile
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from model.homework import child_process
from model.homework.training.step_process import StepProcess
from tests.model.homework.processes import assert_none_left

PROGRAM = """
import numpy as np
from tensorflow.keras.datasets import mnist

(x_train, y_train), _ = mnist.load_data()
pixels = {pixels}
rng = np.random.default_rng(7)
W1, W2, W3 = (rng.normal(0, 1 / np.sqrt(max(s)), s) for s in ((784, 20), (20, 15), (15, 10)))
b1, b2, b3 = np.zeros(20), np.zeros(15), np.zeros(10)

def squash(z):
    return {squash}

def train_one_sample(x, label, learning_rate=0.01):
    a1 = squash(x @ W1 + b1)
    a2 = squash(a1 @ W2 + b2)
    z3 = a2 @ W3 + b3
    p = {output}
    d3 = p - np.eye(10)[label]
    d2 = (W3 @ d3) * {slope2}
    d1 = (W2 @ d2) * {slope1}
    {before_update}
    for W, b, a, d in ((W1, b1, x, d1), (W2, b2, a1, d2), (W3, b3, a2, d3)):
        W -= {rate} * np.outer(a, d)
        b -= {rate} * d

for x, label in zip(pixels, y_train):
    train_one_sample(x, label)
"""
PARTS = {
    "pixels": "x_train.reshape(-1, 784) / 255",
    "squash": "1 / (1 + np.exp(-z))",
    "output": "np.exp(z3 - z3.max()) / np.exp(z3 - z3.max()).sum()",
    "slope1": "a1 * (1 - a1)",
    "slope2": "a2 * (1 - a2)",
    "before_update": "pass",
    "rate": "learning_rate",
}


def program(**parts: str) -> str:
    """The program, with some of its parts written in another way."""
    text = PROGRAM
    for name, code in (PARTS | parts).items():
        text = text.replace("{" + name + "}", code)
    return text


@pytest.fixture(autouse=True)
def temporary_folder(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Where the parent puts temporary folders; none is left."""
    folder = tmp_path_factory.mktemp("temporary")
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    yield
    assert list(folder.iterdir()) == []


@pytest.fixture
def few_digits(monkeypatch: pytest.MonkeyPatch) -> None:
    """The program gets the first 307 training digits: as many as what it does to one after the other takes."""
    monkeypatch.setattr(child_process, "MAIN", Path(__file__).with_name("few_digits.py"))


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., StepProcess]]:
    """Starts processes; they are ended afterwards, and none is left."""
    processes = []

    def start(code: str, learning_rate: float = 0.01, **options: object) -> StepProcess:
        path = tmp_path / "homework.py"
        path.write_text(textwrap.dedent(code), encoding="utf-8")
        processes.append(StepProcess(path, learning_rate, **options))  # type: ignore[arg-type]
        return processes[-1]

    yield start
    for process in processes:
        process.end()
    assert_none_left(str(tmp_path))
