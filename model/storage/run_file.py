"""Whole runs on disk: settings, curves and frames in one .npz file of plain arrays, which NumPy alone can read.

It holds `run_format` (a version number), `settings` (JSON), `measurements` and `moments` (a row each: samples seen,
epoch, training loss and accuracy, test loss and accuracy, NaN where the test set was not measured), and for each layer
`weights_0`, `biases_0`, … of all moments, one behind the other. The first moment is where the run's bits follow from,
the others are its frames.

A run whose updates are other ones, by a mistake on purpose or by a learner's code, has a version number of its own:
what does not know of these would take it for a right one. Its settings say for each phase which mistake that was, and
which file of code.
"""

import json
import math
import os
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.activations import SIGMOID, Activation, activation_named
from model.history import Frame, History, Phase
from model.homework.chosen_mistake import ChosenMistake
from model.homework.training.own_code import OwnCode
from model.homework.training.pixel_scale import read_pixel_scale
from model.network import LAYER_SIZES, Network
from model.storage.reading import FileError, reported_as
from model.storage.writing import atomic_write
from model.training import Progress, TrainingConfig

FORMAT, FORMAT_OF_OTHER_UPDATES, FORMAT_OF_OTHER_FUNCTIONS = 1, 2, 3
LARGEST_FILE = 1_000_000_000  # bytes unpacked: ten times what the longest run takes
LONGEST_NAME = 200  # characters
LONGEST_PATH = 4096
LONGEST_REASON = 500


class RunFileError(FileError):
    """A file is no run that can be opened; the message is a sentence for the user."""


def holds_run(path: str | os.PathLike[str]) -> bool:
    """Whether a file claims to be a run, and not a network or anything else."""
    try:
        with zipfile.ZipFile(path) as archive:
            return "run_format.npy" in archive.namelist()
    except (OSError, zipfile.BadZipFile, ValueError):
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


def open_run(path: str | os.PathLike[str]) -> History:
    """Read a run that `save_run` wrote.

    Raises RunFileError, with what is wrong and what to do, if the file is anything else.
    """
    path = Path(path)
    with reported_as(path, RunFileError), zipfile.ZipFile(path) as archive:
        if sum(member.file_size for member in archive.infolist()) > LARGEST_FILE:
            raise RunFileError("is far too large for a run.")
        if "run_format.npy" not in archive.namelist():
            raise RunFileError("is no run that Digitscope saved.")
        if int(_read(archive, "run_format")) not in (FORMAT, FORMAT_OF_OTHER_UPDATES, FORMAT_OF_OTHER_FUNCTIONS):
            raise RunFileError("was saved by a later version of Digitscope, which this one cannot read.")
        return _run_of(archive)


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


def _run_of(archive: zipfile.ZipFile) -> History:
    settings = json.loads(str(_read(archive, "settings")))
    phases = _phases_in(settings)
    config = TrainingConfig(
        settings["epochs"],
        settings["learning_rate"],
        settings["seed"],
        tuple(settings["layer_sizes"]),
        settings["tests_per_epoch"],
        phases[-1].mistake,
    )
    if (config.layer_sizes[0], config.layer_sizes[-1]) != (LAYER_SIZES[0], LAYER_SIZES[-1]):
        raise RunFileError("holds networks of other shapes: from 784 pixels to 10 digits is needed.")
    own_code = _own_code_in(settings.get("own_code"))
    hidden = _functions_in(settings.get("hidden"), config)
    has_answers = own_code is None or not own_code.no_answers
    start, *frames = _frames_in(archive, config.layer_sizes, hidden, has_answers)
    first_sample, origin = int(settings["began"]), str(settings.get("origin", ""))[:LONGEST_NAME]
    resumed = tuple(int(moment) for moment in settings.get("resumed", ()))
    samples = int(settings["samples_per_epoch"])
    run = History(config, samples, tuple(phases), start, first_sample, "", origin, own_code, resumed)
    measurements = _progress_in(_read(archive, "measurements"), least=1)
    moments = [frame.progress for frame in frames]
    for each in (moments, measurements):
        if any(later.samples_seen <= earlier.samples_seen for earlier, later in pairwise(each)):
            raise RunFileError("holds moments that are out of order.")
    if not start.samples_seen <= run.first_sample == frames[0].samples_seen or run.samples_per_epoch < 1:
        raise RunFileError("holds settings that do not fit its moments.")
    return run.renamed(str(settings["name"])[:LONGEST_NAME]).restored(frames, measurements)


def _own_code_in(written: dict[str, Any] | None) -> OwnCode | None:
    if written is None:
        return None
    try:
        pixels = read_pixel_scale([written["pixels"][name] for name in ("scale", "shift")], LAYER_SIZES[0])
    except (ValueError, TypeError) as error:
        raise RunFileError("holds pixels whose scale is no number.") from error
    path = str(written["path"])
    if "\0" in path or len(path) > LONGEST_PATH:
        raise RunFileError("names a file of code that there cannot be.")
    no_answers, fingerprint = (str(written.get(name, ""))[:LONGEST_REASON] for name in ("no_answers", "fingerprint"))
    has_rate, has_weights = (bool(written.get(name, True)) for name in ("has_rate", "has_weights"))
    return OwnCode(path, bool(written["is_in_order"]), pixels, has_rate, has_weights, no_answers, fingerprint)


def _functions_in(names: list[Any] | None, config: TrainingConfig) -> list[Activation]:
    """Of the hidden layers; earlier versions knew none but the sigmoid."""
    try:
        functions = [activation_named(str(name)) for name in names or [SIGMOID.name] * len(config.hidden_layers)]
    except ValueError:
        raise RunFileError("holds networks with a function that this version of Digitscope does not know.") from None
    if len(functions) != len(config.hidden_layers):
        raise RunFileError("holds settings that do not fit its layers.")
    return functions


def _phases_in(settings: dict[str, Any]) -> list[Phase]:
    """Settings of earlier versions know of no mistakes."""
    written = settings["phases"]
    mistakes = [
        _mistake_in(each, settings["layer_sizes"]) for each in settings.get("mistakes") or [None] * len(written)
    ]
    return [Phase(int(first), float(rate), mistake) for (first, rate), mistake in zip(written, mistakes, strict=True)]


def _mistake_in(written: dict[str, Any] | None, layer_sizes: Sequence[int]) -> ChosenMistake | None:
    if written is None:
        return None
    try:
        mistake = ChosenMistake(written["name"], written["layer"], bool(written["is_hidden"]))
    except ValueError:
        mistake = None
    if mistake is None or not mistake.fits(layer_sizes):
        raise RunFileError("was trained with a mistake that this version of Digitscope does not know.")
    return mistake


def _frames_in(
    archive: zipfile.ZipFile, layer_sizes: Sequence[int], hidden: Sequence[Activation], has_answers: bool
) -> list[Frame]:
    moments = _progress_in(_read(archive, "moments"), least=2)
    weights, biases = [], []
    for k, (n_in, n_out) in enumerate(pairwise(layer_sizes)):
        weights.append(_read_stack(archive, f"weights_{k}", len(moments), (n_in, n_out)))
        biases.append(_read_stack(archive, f"biases_{k}", len(moments), (n_out,)))
    layers = zip(zip(*weights, strict=True), zip(*biases, strict=True), strict=True)
    networks = [Network(*arrays, hidden, has_answers) for arrays in layers]
    if len({array.dtype for network in networks for array in (*network.weights, *network.biases)}) > 1:
        raise RunFileError("holds networks of several kinds of numbers.")
    if not all(network.is_usable() for network in networks):
        raise RunFileError("holds weights that are no numbers or far too large, so that a network cannot answer.")
    return [Frame(*moment) for moment in zip(moments, networks, strict=True)]


def _rows(measured: Sequence[Progress]) -> NDArray[np.float64]:
    return np.array(
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


def _progress_in(rows: NDArray[Any], least: int) -> list[Progress]:
    if rows.dtype != np.float64 or rows.ndim != 2 or rows.shape[1] != 6 or len(rows) < least:
        raise RunFileError("holds something else than the measurements of a run.")
    return [
        Progress(int(samples), int(epoch), loss, accuracy, _or_none(test_loss), _or_none(test_accuracy))
        for samples, epoch, loss, accuracy, test_loss, test_accuracy in rows.tolist()
    ]


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


def _read(archive: zipfile.ZipFile, name: str) -> NDArray[Any]:
    with archive.open(f"{name}.npy") as file:
        array = np.lib.format.read_array(file, allow_pickle=False)
        _verify_end(file)
    return array


def _read_stack(archive: zipfile.ZipFile, name: str, count: int, shape: tuple[int, ...]) -> list[NDArray[Any]]:
    with archive.open(f"{name}.npy") as file:
        np.lib.format.read_magic(file)
        written_shape, is_fortran, dtype = np.lib.format.read_array_header_1_0(file)
        if written_shape != (count, *shape) or is_fortran or dtype not in (np.float32, np.float64):
            raise RunFileError("holds something else than the weights of a run.")
        size = math.prod(shape) * dtype.itemsize
        arrays = [np.frombuffer(content, dtype).reshape(shape) for content in _pieces(file, size, count)]
        _verify_end(file)
    return arrays


def _pieces(file: Any, size: int, count: int) -> Iterator[bytes]:
    for _ in range(count):
        content = file.read(size)
        if len(content) != size:
            raise RunFileError("ends too early.")
        yield content


def _verify_end(file: Any) -> None:
    """Read past the end, where the checksum of what was read is compared."""
    if file.read(1):
        raise RunFileError("holds more than it should.")
