"""Whole runs on disk: settings, curves and frames in one .npz file of plain arrays, which NumPy alone can read.

It holds `run_format` (a version number), `settings` (JSON), `measurements` and `moments` (a row each: samples seen,
epoch, training loss and accuracy, test loss and accuracy, NaN where the test set was not measured), and for each layer
`weights_0`, `biases_0`, … of all moments, one behind the other. The first moment is where the run's bits follow from,
the others are its frames.

A run whose updates are other ones, by a mistake on purpose or by a learner's code, has a version number of its own:
what does not know of these would take it for a right one. Its settings say for each phase which mistake that was, and
which file of code. So has a run whose networks have other functions than sigmoids, which its settings name.
"""

import json
import math
import os
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from model.activations import SIGMOID, Activation, activation_named
from model.history import Frame, History, Phase, most_frames
from model.homework.chosen_mistake import ChosenMistake
from model.homework.training.own_code import OwnCode
from model.homework.training.pixel_scale import read_pixel_scale
from model.measurements import MOST_POINTS
from model.network import LAYER_SIZES, MOST_LAYERS, MOST_NEURONS, MOST_WEIGHTS, Network, is_too_large
from model.storage.checked import items, positive, text, truth, whole
from model.storage.reading import FLOATS, Arrays, FileError, opened_arrays, reported_as
from model.storage.writing import atomic_write
from model.training import LARGEST_LEARNING_RATE, LARGEST_SEED, Progress, TrainingConfig

FORMAT, FORMAT_OF_OTHER_UPDATES, FORMAT_OF_OTHER_FUNCTIONS = 1, 2, 3
LARGEST_FILE = 400_000_000  # bytes, packed or unpacked: the frames of the largest networks, which are never thinned
TOO_LARGE = "is far too large for a run."
LONGEST_SETTINGS = 1_000_000  # characters

# More than anybody trains
LONGEST_RUN = 10_000  # epochs
MOST_SAMPLES_PER_EPOCH = 1_000_000
MOST_SAMPLES = 2_000_000_000  # in 32 bits, with which Qt's sliders count
MOST_MEASUREMENTS = 2 * (MOST_POINTS + 1)  # in training, and on the test set
MOST_PHASES, MOST_RESUMED = 1000, 10_000
LARGEST_LOSS = 710.0  # −ln of the smallest number in double precision
LONGEST_NAME = 200  # characters
LONGEST_PATH = 4096
LONGEST_REASON = 500

Item = TypeVar("Item")


class RunFileError(FileError):
    """A file is no run that can be opened; the message is a sentence for the user."""


def holds_run(path: str | os.PathLike[str]) -> bool:
    """Whether a file claims to be a run, and not a network or anything else."""
    path = Path(path)
    try:
        with reported_as(path, RunFileError), opened_arrays(path, LARGEST_FILE, TOO_LARGE) as arrays:
            return "run_format" in arrays
    except RunFileError:
        return False


def save_run(path: str | os.PathLike[str], run: History) -> None:
    """Write a run that has started to a file, which is replaced only once the new one is complete.

    Raises OSError if that fails; an earlier file is untouched then.
    """
    assert run.start is not None
    moments = [run.start, *run.frames]
    layers = range(len(run.start.network.weights))
    with atomic_write(Path(path)) as file, zipfile.ZipFile(file, "w") as archive:
        _write(archive, "run_format", [np.array(_format_of(run))])
        _write(archive, "settings", [np.array(json.dumps(_settings_of(run)))])
        _write(archive, "measurements", [_rows(run.measurements())])
        _write(archive, "moments", [_rows([frame.progress for frame in moments])])
        for k in layers:
            _write(archive, f"weights_{k}", [frame.network.weights[k][None] for frame in moments])
            _write(archive, f"biases_{k}", [frame.network.biases[k][None] for frame in moments])


class ReadingCancelled(BaseException):
    """Nobody waits for a file any more. No Exception, so that it is not taken for damage of the file."""


def open_run(path: str | os.PathLike[str], on_progress: Callable[[], None] = lambda: None) -> History:
    """Read a run that `save_run` wrote.

    `on_progress` is called every few milliseconds; to cancel, raise ReadingCancelled in it. Raises RunFileError, with
    what is wrong and what to do, if the file is anything else.
    """
    path = Path(path)
    with reported_as(path, RunFileError), opened_arrays(path, LARGEST_FILE, TOO_LARGE) as arrays:
        if "run_format" not in arrays:
            raise RunFileError("is no run that Digitscope saved.")
        if arrays.number("run_format") not in (FORMAT, FORMAT_OF_OTHER_UPDATES, FORMAT_OF_OTHER_FUNCTIONS):
            raise RunFileError("was saved by a later version of Digitscope, which this one cannot read.")
        return _run_of(arrays, on_progress)


def _format_of(run: History) -> int:
    """The first whose readers do not take the run for another one than it is."""
    assert run.start is not None
    if not run.start.network.has_sigmoids:
        return FORMAT_OF_OTHER_FUNCTIONS
    return FORMAT_OF_OTHER_UPDATES if run.has_mistake or run.own_code else FORMAT


def _settings_of(run: History) -> dict[str, Any]:
    assert run.start is not None
    return {
        "name": run.name,
        "epochs": run.config.epochs,
        "learning_rate": run.config.learning_rate,
        "seed": run.config.seed,
        "layer_sizes": run.config.layer_sizes,
        "tests_per_epoch": run.config.tests_per_epoch,
        "samples_per_epoch": run.samples_per_epoch,
        "began": run.first_sample,
        "origin": run.origin,
        "own_code": asdict(run.own_code) if run.own_code else None,
        "resumed": run.resumed,
        "hidden": [activation.name for activation in run.start.network.hidden],
        "phases": [(phase.first_sample, phase.learning_rate) for phase in run.phases],
        "mistakes": [phase.mistake and asdict(phase.mistake) for phase in run.phases] if run.has_mistake else [],
    }


def _run_of(arrays: Arrays, on_progress: Callable[[], None]) -> History:
    settings = json.loads(arrays.text("settings", LONGEST_SETTINGS))
    layer_sizes = _layer_sizes_in(settings)
    phases = _phases_in(settings, layer_sizes)
    config = TrainingConfig(
        whole(settings["epochs"], "a number of epochs", 1, LONGEST_RUN),
        _rate(settings["learning_rate"]),
        whole(settings["seed"], "a seed", 0, LARGEST_SEED),
        layer_sizes,
        whole(settings["tests_per_epoch"], "a number of tests", 1, MOST_SAMPLES_PER_EPOCH),
        phases[-1].mistake,
    )
    own_code = _own_code_in(settings.get("own_code"))
    hidden = _functions_in(settings.get("hidden"), config)
    has_answers = own_code is None or not own_code.no_answers
    start, *frames = _frames_in(arrays, layer_sizes, hidden, has_answers, on_progress)
    run = History(
        config,
        whole(settings["samples_per_epoch"], "a number of digits", 1, MOST_SAMPLES_PER_EPOCH),
        phases,
        start,
        _moment(settings["began"]),
        text(settings["name"], "a name", LONGEST_NAME),
        text(settings.get("origin", ""), "an origin", LONGEST_NAME),
        own_code,
        tuple(map(_moment, items(settings.get("resumed", []), "moments", MOST_RESUMED))),
    )
    measurements = _progress_in(arrays, "measurements", range(1, MOST_MEASUREMENTS + 1))
    for each in ([frame.progress for frame in frames], measurements):
        if any(later.samples_seen <= earlier.samples_seen for earlier, later in pairwise(each)):
            raise RunFileError("holds moments that are out of order.")
    fits = start.samples_seen <= run.first_sample == frames[0].samples_seen
    if not fits or run.samples_planned > MOST_SAMPLES:
        raise RunFileError("holds settings that do not fit its moments.")
    return run.restored(frames, measurements)


def _moment(value: Any) -> int:
    return whole(value, "a number of samples", 0, MOST_SAMPLES)


def _rate(value: Any) -> float:
    return positive(value, "a learning rate", LARGEST_LEARNING_RATE)


def _layer_sizes_in(settings: dict[str, Any]) -> tuple[int, ...]:
    written = items(settings["layer_sizes"], "layers", MOST_LAYERS + 1)
    sizes = tuple(whole(size, "a number of neurons", 1, MOST_NEURONS) for size in written)
    if len(sizes) < 2 or (sizes[0], sizes[-1]) != (LAYER_SIZES[0], LAYER_SIZES[-1]):
        raise RunFileError("holds networks of other shapes: from 784 pixels to 10 digits is needed.")
    if is_too_large(sizes):
        raise RunFileError(f"holds networks of more than {MOST_WEIGHTS:,} weights.")
    return sizes


def _own_code_in(written: dict[str, Any] | None) -> OwnCode | None:
    if written is None:
        return None
    try:
        pixels = read_pixel_scale([written["pixels"][name] for name in ("scale", "shift")], LAYER_SIZES[0])
    except (ValueError, TypeError) as error:
        raise RunFileError("holds pixels whose scale is no number.") from error
    path = written["path"]
    if type(path) is not str or "\0" in path or len(path) > LONGEST_PATH:
        raise RunFileError("names a file of code that there cannot be.")
    no_answers, fingerprint = (
        text(written.get(name, ""), what, LONGEST_REASON)
        for name, what in (("no_answers", "a reason"), ("fingerprint", "a fingerprint"))
    )
    is_in_order = truth(written["is_in_order"], "an order")
    has_rate = truth(written.get("has_rate", True), "a learning rate of its own")
    has_weights = truth(written.get("has_weights", True), "weights of its own")
    return OwnCode(path, is_in_order, pixels, has_rate, has_weights, no_answers, fingerprint)


def _functions_in(names: list[Any] | None, config: TrainingConfig) -> list[Activation]:
    """Of the hidden layers; earlier versions knew none but the sigmoid."""
    try:
        functions = [activation_named(str(name)) for name in names or [SIGMOID.name] * len(config.hidden_layers)]
    except ValueError:
        raise RunFileError("holds networks with a function that this version of Digitscope does not know.") from None
    if len(functions) != len(config.hidden_layers):
        raise RunFileError("holds settings that do not fit its layers.")
    return functions


def _phases_in(settings: dict[str, Any], layer_sizes: Sequence[int]) -> tuple[Phase, ...]:
    """Settings of earlier versions know of no mistakes."""
    written = items(settings["phases"], "learning rates", MOST_PHASES)
    mistaken = items(settings.get("mistakes", []), "mistakes", MOST_PHASES) or [None] * len(written)
    mistakes = [_mistake_in(each, layer_sizes) for each in mistaken]
    phases = tuple(
        Phase(_moment(first), _rate(rate), mistake) for (first, rate), mistake in zip(written, mistakes, strict=True)
    )
    if not phases or any(later.first_sample < earlier.first_sample for earlier, later in pairwise(phases)):
        raise RunFileError("holds learning rates that are out of order.")
    return phases


def _mistake_in(written: dict[str, Any] | None, layer_sizes: Sequence[int]) -> ChosenMistake | None:
    if written is None:
        return None
    try:
        mistake = ChosenMistake(written["name"], written["layer"], truth(written["is_hidden"], "a secret"))
    except ValueError:
        mistake = None
    if mistake is None or not mistake.fits(layer_sizes):
        raise RunFileError("was trained with a mistake that this version of Digitscope does not know.")
    return mistake


def _frames_in(
    arrays: Arrays,
    layer_sizes: Sequence[int],
    hidden: Sequence[Activation],
    has_answers: bool,
    on_progress: Callable[[], None],
) -> list[Frame]:
    moments = _progress_in(arrays, "moments", range(2, most_frames(layer_sizes) + 2))
    layers = [
        arrays.parts(f"{kind}_{k}", FLOATS, (len(moments), *shape), "the weights of a run")
        for k, (n_in, n_out) in enumerate(pairwise(layer_sizes))
        for kind, shape in (("weights", (n_in, n_out)), ("biases", (n_out,)))
    ]
    stacks = [[part[0] for part in _watched(parts, on_progress)] for parts in layers]
    if len({stack[0].dtype for stack in stacks}) > 1:
        raise RunFileError("holds networks of several kinds of numbers.")
    networks = [Network(each[::2], each[1::2], hidden, has_answers) for each in zip(*stacks, strict=True)]
    if not all(network.is_usable() for network in _watched(networks, on_progress)):
        raise RunFileError("holds weights that are no numbers or far too large, so that a network cannot answer.")
    return [Frame(*moment) for moment in zip(moments, networks, strict=True)]


def _watched(each: Iterable[Item], on_progress: Callable[[], None]) -> Iterator[Item]:
    for item in each:
        on_progress()
        yield item


def _rows(measured: Sequence[Progress]) -> NDArray[np.float64]:
    """An infinite loss, of what own code gives for probabilities, is no more in a curve than none."""
    rows = np.array(
        [
            (
                p.samples_seen,
                p.epoch,
                p.training_loss,
                p.training_accuracy,
                _or_nan(p.test_loss),
                _or_nan(p.test_accuracy),
            )
            for p in measured
        ],
        np.float64,
    ).reshape(-1, 6)
    rows[np.isinf(rows)] = np.nan
    return rows


def _progress_in(arrays: Arrays, name: str, count: range) -> list[Progress]:
    rows = arrays.read(name, ("<f8",), (count, 6), f"the {name} of a run, from {count[0]:,} to {count[-1]:,} of them")
    samples, epochs, *measured = rows.T
    counts_are_whole = all((np.floor(each) == each).all() for each in (samples, epochs))
    if not counts_are_whole or not ((rows[:, :2] >= 0) & (rows[:, :2] <= MOST_SAMPLES)).all():
        raise RunFileError("holds moments that cannot be.")
    if not all(map(_can_be, measured, (-LARGEST_LOSS, 0) * 2, (LARGEST_LOSS, 1) * 2)):
        raise RunFileError("holds measurements that cannot be.")
    if (np.isnan(rows[:, 4]) != np.isnan(rows[:, 5])).any():
        raise RunFileError("holds a loss without an accuracy, or the other way round.")
    return [
        Progress(int(samples), int(epoch), loss, accuracy, _or_none(test_loss), _or_none(test_accuracy))
        for samples, epoch, loss, accuracy, test_loss, test_accuracy in rows.tolist()
    ]


def _can_be(measured: NDArray[np.float64], least: float, most: float) -> bool:
    """Whether all that was measured is within limits; NaN where nothing was."""
    return bool((np.isnan(measured) | ((least <= measured) & (measured <= most))).all())


def _or_nan(value: float | None) -> float:
    return math.nan if value is None else value


def _or_none(value: float) -> float | None:
    return None if math.isnan(value) else value


def _write(archive: zipfile.ZipFile, name: str, parts: Sequence[NDArray[Any]]) -> None:
    """Write an array that is given in parts, one behind the other, without a copy of the whole."""
    first = parts[0]
    shape = (sum(len(part) for part in parts), *first.shape[1:]) if first.ndim else ()
    header = {"descr": np.lib.format.dtype_to_descr(first.dtype), "fortran_order": False, "shape": shape}
    with archive.open(f"{name}.npy", "w", force_zip64=True) as file:
        np.lib.format.write_array_header_1_0(file, header)
        for part in parts:
            file.write(np.ascontiguousarray(part).tobytes())
