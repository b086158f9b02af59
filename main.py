"""Digitscope: `python main.py` opens the window; `train` trains and `check` judges homework, both in the terminal."""

import argparse
import os
import sys
from io import TextIOWrapper
from pathlib import Path

from model.dataset import DatasetError, load_mnist
from model.network import Network
from model.network_file import save_network
from model.training import (
    HIDDEN_LAYERS_WANTED,
    Progress,
    TrainingConfig,
    TrainingDiverged,
    layer_sizes_around,
    read_hidden_layers,
    train,
    written_hidden_layers,
)


def main() -> int:
    """Do what the command line asks for; the exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # where output goes may not have every letter of a name
    if sys.argv[1:2] == ["judge-child"]:  # what `check` starts for each file
        from model.homework.child import run as judge

        judge(sys.argv[2])
    if sys.argv[1:2] == ["training-child"]:  # what the window starts to train with a learner's own step
        from model.homework.training.training_child import run as train_with_own_step

        train_with_own_step(sys.argv[2])
    options = _parser().parse_args()
    if options.command in IN_TERMINAL:
        return _in_terminal(options)
    from gui.app import run  # Qt is needed only here

    return run()


def _in_terminal(options: argparse.Namespace) -> int:
    try:
        return IN_TERMINAL[options.command](options)
    except KeyboardInterrupt:
        return _fail("Stopped.")
    except BrokenPipeError:  # whoever read this wants no more
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def train_in_terminal(options: argparse.Namespace) -> int:
    """Train and print how many of the test digits the network knows, before training and after each epoch."""
    try:
        layer_sizes = layer_sizes_around(read_hidden_layers(options.hidden_layers))
        config = TrainingConfig(options.epochs, options.learning_rate, options.seed, layer_sizes)
        if options.save and (options.save.is_dir() or not options.save.resolve().parent.is_dir()):
            return _fail(f"The network could not be saved to {options.save}: name a file in a folder that exists.")
        dataset = load_mnist()
        network = Network.initialize(config.layer_sizes, config.seed)
        for progress in train(network, dataset, config):
            if progress.test_accuracy is not None:
                print(describe(progress, len(dataset.test_images)), flush=True)
    except (ValueError, DatasetError, TrainingDiverged) as error:
        return _fail(str(error))
    return _save(network, options.save) if options.save else 0


def _save(network: Network, path: Path) -> int:
    try:
        save_network(path, network)
    except OSError as error:
        return _fail(f"The network could not be saved to {path}: {error.strerror or error}.")
    print(f"Saved to {path}")
    return 0


def describe(progress: Progress, test_images: int) -> str:
    """One line of the terminal's report, for a moment at which the test set was measured."""
    assert progress.test_loss is not None
    assert progress.test_accuracy is not None
    moment = f"After epoch {progress.epoch}" if progress.epoch else "Before training"
    return (
        f"{moment}: average loss {progress.test_loss:.6f}, {progress.test_accuracy * test_images:,.0f} of "
        f"{test_images:,} test digits correct ({progress.test_accuracy:.2%})"
    )


def check_in_terminal(options: argparse.Namespace) -> int:
    """Judge learners' files; the exit code is 0 for right, 1 for wrong, 2 where one could not be judged."""
    from model.homework.check import check  # the window need not wait for it

    return check(options.files, options.function, options.json)


IN_TERMINAL = {"train": train_in_terminal, "check": check_in_terminal}


def _fail(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="main.py", description="Without a command, Digitscope opens its window.")
    commands = parser.add_subparsers(dest="command", metavar="train|check")
    _add_training(commands)
    checking = commands.add_parser("check", help="say which lines of a backward pass that you wrote are wrong")
    checking.add_argument("files", type=Path, nargs="+", metavar="FILE", help="a program (.py) or notebook (.ipynb)")
    checking.add_argument("--json", action="store_true", help="print a list for other programs to read")
    checking.add_argument("--function", metavar="NAME", help="the function that is one step of the training")
    return parser


def _add_training(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    defaults = TrainingConfig()
    training = commands.add_parser("train", help="train in the terminal, without a window")
    training.add_argument("--epochs", type=int, default=defaults.epochs, metavar="N", help="default: %(default)s")
    training.add_argument(
        "--learning-rate", type=float, default=defaults.learning_rate, metavar="X", help="default: %(default)s"
    )
    training.add_argument("--seed", type=int, default=defaults.seed, metavar="N", help="default: %(default)s")
    training.add_argument(
        "--hidden-layers",
        default=written_hidden_layers(defaults.hidden_layers),
        metavar="N,N",
        help=f"how many neurons each has: {HIDDEN_LAYERS_WANTED} (default: %(default)s)",
    )
    training.add_argument("--save", type=Path, metavar="FILE", help="write the trained network to this file (.npz)")


if __name__ == "__main__":
    sys.exit(main())
