"""What whole runs cost, epoch by epoch: later on there is less to learn, and the images' couplings are known."""

import statistics
from functools import partial

from gui.numbers import percent
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
LOOP_SAMPLES = 30  # at a time, of the loop, between two steps of the solver: of both, about as long


def print_runs(dataset: Dataset) -> None:
    head = ("rate", "epoch", "Digitscope, µs", "loop, µs", "times as fast", "test digits")
    rows = [row for rate in RATES for row in run(dataset, rate)]
    print(table([head, *rows], ">>>>>>") + "\n")


def run(dataset: Dataset, learning_rate: float) -> list[tuple[str, ...]]:
    """A row for each epoch of a run in float32, in turns with a loop in float64 over the same digits, but fewer."""
    network = Network.initialize()
    solver = SequentialSGD(network, learning_rate)
    loop = Loop(Network.initialize(dtype="float64"), learning_rate)
    rows = []
    for epoch in range(1, EPOCHS + 1):
        costs = turns(dataset, solver, loop)
        solver_cost, loop_cost = (1e6 * statistics.median(column) for column in zip(*costs, strict=True))
        ratio = statistics.median(theirs / own for own, theirs in costs)
        accuracy = evaluate(network, dataset.test_images, dataset.test_labels).accuracy
        figures = (f"{solver_cost:.1f}", f"{loop_cost:.1f}", f"{ratio:.1f}", percent(accuracy, 2))
        rows.append((f"{learning_rate:g}", str(epoch), *figures))
    return rows


def turns(dataset: Dataset, solver: SequentialSGD, loop: Loop) -> list[tuple[float, float]]:
    """Seconds a sample of the solver and of the loop, again and again through an epoch of the solver."""
    images, labels = dataset.train_images, dataset.train_labels
    solver.begin(images, labels)
    costs = []
    for start in range(0, len(images), SAMPLES_A_STEP):
        some = slice(start, start + LOOP_SAMPLES)
        count = min(SAMPLES_A_STEP, len(images) - start)
        costs.append(
            (
                seconds_a_sample(partial(solver.learn, count), count),
                seconds_a_sample(partial(loop.learn, images[some], labels[some]), LOOP_SAMPLES),
            )
        )
    return costs
