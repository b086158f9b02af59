"""What whole runs cost, epoch by epoch: later on there is less to learn, and the images' Gram matrices are known."""

import statistics
from functools import partial

from model.dataset import Dataset
from model.evaluation import evaluate
from model.network import Network
from model.sequential_sgd import SequentialSGD
from model.training import SAMPLES_A_STEP
from tests.benchmarks.report import table
from tests.benchmarks.training_contenders import Loop
from tests.benchmarks.training_race import seconds_a_sample

EPOCHS = 3
RATES = (0.003, 0.1, 1.0)
SAMPLES_A_TURN = 8 * SAMPLES_A_STEP
LOOP_SAMPLES = 240  # in the loop's turns: about as long, so that a machine that drifts slows both


def print_runs(dataset: Dataset) -> None:
    head = ("rate", "epoch", "Digitscope, µs", "loop, µs", "times as fast", "test digits")
    rows = [row for rate in RATES for row in run(dataset, rate)]
    print(table([head, *rows], ">>>>>>") + "\n")


def run(dataset: Dataset, learning_rate: float) -> list[tuple[str, ...]]:
    """A row for each epoch of a run in float32, in turns with a loop in float64 over the same digits, but fewer."""
    network = Network.initialize()
    solver = SequentialSGD(network, learning_rate)
    loop = Loop(Network.initialize(dtype="float64"), learning_rate)
    rows, all_costs = [], []
    for epoch in range(1, EPOCHS + 1):
        costs = turns(dataset, solver, loop)
        all_costs.append([1e6 * statistics.median(column) for column in zip(*costs, strict=True)])
        ratio = statistics.median(theirs / own for own, theirs in costs)
        accuracy = evaluate(network, dataset.test_images, dataset.test_labels).accuracy
        rows.append(row(learning_rate, str(epoch), *all_costs[-1], ratio, f"{100 * accuracy:.2f} %"))
    own, theirs = (statistics.mean(column) for column in zip(*all_costs, strict=True))
    return [*rows, row(learning_rate, "all", own, theirs, theirs / own, "")]


def row(learning_rate: float, epoch: str, own: float, theirs: float, ratio: float, accuracy: str) -> tuple[str, ...]:
    return f"{learning_rate:g}", epoch, f"{own:.1f}", f"{theirs:.1f}", f"{ratio:.1f}", accuracy


def turns(dataset: Dataset, solver: SequentialSGD, loop: Loop) -> list[tuple[float, float]]:
    """Seconds a sample of the solver and of the loop, again and again through an epoch of the solver."""
    images, labels = dataset.train_images, dataset.train_labels
    solver.start(images, labels)
    costs = []
    for start in range(0, len(images), SAMPLES_A_TURN):
        some = slice(start, start + LOOP_SAMPLES)
        count = min(SAMPLES_A_TURN, len(images) - start)
        costs.append(
            (
                seconds_a_sample(partial(learn, solver, count), count),
                seconds_a_sample(partial(loop.learn, images[some], labels[some]), LOOP_SAMPLES),
            )
        )
    return costs


def learn(solver: SequentialSGD, count: int) -> None:
    """In the steps in which the program asks for it."""
    for done in range(0, count, SAMPLES_A_STEP):
        solver.learn(min(SAMPLES_A_STEP, count - done))
