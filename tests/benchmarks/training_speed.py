"""How fast the program's training is, beside other ways to do the same. Run by hand, on an idle machine:

    python -m tests.benchmarks.training_speed [--turns 10] [--plot FILE.png]

Takes some minutes. All train the same network, from the same weights, on the same digits in the same order, one
update a sample, on one thread where a library lets itself be told so. They take turns of 3,840 digits, and the medians
over the turns count. What is compiled was compiled before. Before that, whole runs of the program's own training.
The libraries to compare with are optional: pip install ".[benchmark]"
"""

import argparse
import os
import platform
import statistics
import sys
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from model.dataset import Dataset, load_mnist
from model.evaluation import evaluate
from model.network import Network
from tests.benchmarks import training_contenders as contenders
from tests.benchmarks import training_growth as growth
from tests.benchmarks import training_run as whole_run
from tests.benchmarks.report import OtherPrograms, table
from tests.benchmarks.training_race import Entrant, race, warm_up

MODULE = "tests.benchmarks.training_speed"
SAMPLES_A_TURN = 3840  # whole blocks, as they are in an epoch, and enough to have the caches filled
MOST_TURNS = 60000 // SAMPLES_A_TURN
RATE = 0.003  # the program's default


@dataclass(frozen=True)
class Line:
    """A line of the report."""

    text: str
    make: Callable[[Network, float], contenders.Contender]
    dtype: str = "float32"
    learning_rate: float = RATE
    module: str = "numpy"  # what it needs

    @property
    def is_reference(self) -> bool:
        """Whether it is what the others at its learning rate are compared with."""
        return self.make is contenders.Loop and self.dtype == "float64"


LINES = (
    Line("straightforward loop", contenders.Loop, "float64"),
    Line("straightforward loop", contenders.Loop),
    Line("the same, made lean", contenders.LeanLoop, "float64"),
    Line("Digitscope", contenders.Solver),
    Line("Digitscope", contenders.Solver, "float64"),
    Line("Numba, loop over numbers", contenders.Numba, module="numba"),
    Line("Numba, loop over numbers", contenders.Numba, "float64", module="numba"),
    Line("JAX, compiled scan", contenders.Jax, module="jax"),
    Line("scikit-learn, batch size 1", contenders.ScikitLearn, module="sklearn"),
    Line("PyTorch, batch size 1", contenders.PyTorch, module="torch"),
    Line("Keras, batch size 1", contenders.Keras, module="tensorflow"),
    Line("straightforward loop", contenders.Loop, "float64", 0.1),
    Line("Digitscope", contenders.Solver, learning_rate=0.1),
    Line("Numba, loop over numbers", contenders.Numba, "float32", 0.1, "numba"),
    Line("JAX, compiled scan", contenders.Jax, "float32", 0.1, "jax"),
    Line("straightforward loop", contenders.Loop, "float64", 1.0),
    Line("Digitscope", contenders.Solver, learning_rate=1.0),
    Line("Numba, loop over numbers", contenders.Numba, "float32", 1.0, "numba"),
    Line("JAX, compiled scan", contenders.Jax, "float32", 1.0, "jax"),
)


def enter(line: Line, dataset: Dataset) -> Entrant:
    network = Network.initialize(dtype=line.dtype)
    contender = line.make(network, line.learning_rate)
    warm_up(contender, network, dataset, SAMPLES_A_TURN)
    return Entrant(contender)


def difference(network: Network, reference: Network) -> float:
    """The largest between two weights or biases, as a share of the layer's largest weight."""
    return max(
        float(max(np.abs(weights - right).max(), np.abs(bias - right_bias).max()) / np.abs(right).max())
        for weights, bias, right, right_bias in zip(
            network.weights, network.biases, reference.weights, reference.biases, strict=True
        )
    )


def cells(line: Line, entrant: Entrant, reference: Entrant, dataset: Dataset) -> tuple[str, ...]:
    network = entrant.contender.network()
    accuracy = evaluate(network, dataset.test_images, dataset.test_labels).accuracy
    ratios = entrant.times_as_fast_as(reference)
    differs = line.learning_rate == RATE and not line.is_reference
    return (
        line.text,
        line.dtype,
        f"{line.learning_rate:g}",
        f"{entrant.microseconds:,.1f}",
        f"{statistics.median(ratios):.2f}",
        f"{min(ratios):.2f} – {max(ratios):.2f}",
        f"{100 * accuracy:.2f} %",
        f"{difference(network, reference.contender.network()):.0e}" if differs else "",
    )


def report(entrants: dict[Line, Entrant], dataset: Dataset) -> str:
    references = {line.learning_rate: entrant for line, entrant in entrants.items() if line.is_reference}
    head = ("training", "type", "rate", "µs a sample", "times as fast", "in all turns", "test digits", "differs by")
    rows = [cells(line, entrant, references[line.learning_rate], dataset) for line, entrant in entrants.items()]
    return table([head, *rows], "<<>>>>>>")


def print_comparison(dataset: Dataset, turns: int) -> None:
    entrants = {line: enter(line, dataset) for line in LINES if contenders.is_installed(line.module)}
    race(list(entrants.values()), dataset, turns, SAMPLES_A_TURN)
    version = ".".join(map(str, sys.version_info[:3]))
    print(f"{platform.system()} {platform.machine()}, {os.cpu_count()} processors, ", end="")
    print(f"Python {version}, NumPy {np.__version__}, {turns} turns of {SAMPLES_A_TURN} digits\n")
    print(report(entrants, dataset))
    print("\ntimes as fast: as the straightforward loop in float64 at the same learning rate, turn by turn")
    print("test digits:   classified correctly after that training, of 10,000")
    print(
        "               (at learning rate 1 training is chaotic: how an implementation rounds decides what it learns)"
    )
    print("differs by:    largest difference from the weights of that loop, relative to the layer's largest weight")
    if missing := sorted({line.module for line in LINES if not contenders.is_installed(line.module)}):
        print(f'not installed: {", ".join(missing)}; pip install ".[benchmark]" brings them')


def main() -> None:
    parser = argparse.ArgumentParser(prog=f"python -m {MODULE}", description="Compares ways to train the network.")
    parser.add_argument(
        "--turns", type=int, default=10, metavar="N", help=f"at most {MOST_TURNS}, default: %(default)s"
    )
    parser.add_argument("--plot", metavar="FILE.png", help="measure and draw, too, what the network's size and rate do")
    options = parser.parse_args()
    dataset = load_mnist()
    others = OtherPrograms()
    whole_run.print_runs(dataset)  # first: libraries that are loaded for the comparison slow everything down
    print_comparison(dataset, min(max(1, options.turns), MOST_TURNS))
    if options.plot:
        growth.print_and_plot(dataset, options.plot)
    print(f"\nOther programs used {others} of the processors meanwhile.")


if __name__ == "__main__":
    main()
