"""Files that were made to do harm: each is refused in a sentence, at once, before anything is made of it."""

import io
import json
import math
import os
import zipfile
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gui.settings import Settings
from model.dataset import DatasetError, load_mnist
from model.history import Frame, History
from model.homework.digits import first_digits
from model.homework.training.own_code import OwnCode
from model.network import Network
from model.network_file import open_network
from model.storage.own_digits import open_digits
from model.storage.reading import FileError
from model.storage.run_export import run_as_script
from model.storage.run_file import ReadingCancelled, holds_run, open_run, save_run
from model.training import Progress, TrainingConfig

READERS: tuple[Callable[[Path], object], ...] = (open_network, open_run, open_digits, load_mnist)
each_reader = pytest.mark.parametrize("read", READERS)


def in_npy(array: Any) -> bytes:
    content = io.BytesIO()
    np.lib.format.write_array(content, np.asanyarray(array))
    return content.getvalue()


def zipped(path: Path, members: dict[str, bytes], compression: int = zipfile.ZIP_STORED) -> Path:
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(f"{name}.npy", content)
    return path


def refusal(read: Callable[[Path], object], path: Path) -> str:
    with pytest.raises((FileError, DatasetError)) as caught:
        read(path)
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "some.npz"


@pytest.fixture
def run_file(path: Path) -> Path:
    network = Network.initialize((784, 2, 10))
    frames = [Frame(Progress(each, 1, 1.0, 0.5), network) for each in (0, 1, 2)]
    save_run(path, History(TrainingConfig(layer_sizes=(784, 2, 10)), 2000).with_frames(frames))
    return path


def changed(path: Path, **arrays: Any) -> Path:
    with np.load(path) as found:
        np.savez(path, **(dict(found) | arrays))
    return path


def with_settings(path: Path, **settings: Any) -> Path:
    with np.load(path) as found:
        return changed(path, settings=np.array(json.dumps(json.loads(str(found["settings"])) | settings)))


@each_reader
@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has none in its folders")
def test_a_pipe_is_not_waited_for(read: Callable[[Path], object], path: Path) -> None:
    os.mkfifo(path)
    refusal(read, path)
    assert not holds_run(path)


@each_reader
def test_a_device_is_not_read(read: Callable[[Path], object], path: Path) -> None:
    if not os.path.exists("/dev/zero"):
        pytest.skip("there is none here")
    path.symlink_to("/dev/zero")
    refusal(read, path)


def test_reading_a_run_can_be_cancelled(run_file: Path) -> None:
    def cancel() -> None:
        raise ReadingCancelled

    with pytest.raises(ReadingCancelled):
        open_run(run_file, cancel)


@each_reader
def test_two_hundred_thousand_members_are_not_listed(read: Callable[[Path], object], path: Path) -> None:
    member = b"PK\x01\x02" + bytes(24) + b"\x01\x00" + bytes(16) + b"a"  # 46 bytes and a name of one
    end = b"PK\x05\x06" + bytes(4) + b"\xff\xff" * 2 + (200_000 * 47).to_bytes(4, "little") + bytes(6)
    path.write_bytes(200_000 * member + end)
    refusal(read, path)


@each_reader
@pytest.mark.parametrize("place", [6, 8, 10], ids=["version needed", "flags", "compression"])
@pytest.mark.parametrize("value", [1, 12, 14, 64, 99, 255])
def test_archives_of_other_kinds_are_refused(
    read: Callable[[Path], object], run_file: Path, place: int, value: int
) -> None:
    content = bytearray(run_file.read_bytes())
    directory = content.index(b"PK\x01\x02")
    content[directory + place] = content[content.index(b"PK\x03\x04") + place - 2] = value
    run_file.write_bytes(content)
    holds_run(run_file)
    if read is not open_run or place == 10:
        refusal(read, run_file)


@pytest.mark.parametrize(
    "head",
    [
        "{'descr': '<f4', 'fortran_order': False, 'shape': (4000000000, 784, 32), }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (-1, 784, 32), }",
        "{'descr': '|O', 'fortran_order': False, 'shape': (4, 784, 32), }",
        "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (4, 784, 32), }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': " + "(" * 5000 + ")" * 5000 + ", }",
        "__import__('os').abort()",
    ],
)
def test_a_header_that_lies_is_not_believed(run_file: Path, head: str) -> None:
    text = (head + "\n").encode()
    with zipfile.ZipFile(run_file) as archive:
        members = {name.removesuffix(".npy"): archive.read(name) for name in archive.namelist()}
    members["weights_0"] = b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text + members["weights_0"][128:]
    assert "damaged" in refusal(open_run, zipped(run_file, members))


@pytest.mark.parametrize("sizes", [(784, 31_000, 10), (784, *[1] * 20_000, 10)])
def test_networks_beyond_what_anything_makes_are_refused(path: Path, sizes: tuple[int, ...]) -> None:
    arrays = {"format": in_npy(1)}
    for k, (n_in, n_out) in list(enumerate(pairwise(sizes)))[:50]:
        arrays |= {f"weights_{k}": in_npy(np.zeros((n_in, n_out), np.float32)), f"biases_{k}": in_npy(np.zeros(n_out))}
    refusal(open_network, zipped(path, arrays, zipfile.ZIP_DEFLATED))


def test_a_run_is_of_networks_that_anything_makes(run_file: Path) -> None:
    for sizes in ([784, 4097, 10], [784, *[1] * 20, 10], [784, 4096, 4096, 10], [784, True, 10], [784, 2.0, 10]):
        refusal(open_run, with_settings(run_file, layer_sizes=sizes))


def test_the_longest_run_that_is_made_opens(path: Path) -> None:
    """With a network of one neuron, of which most frames are kept, measured at each."""
    network = Network.initialize((784, 1, 10))
    run = History(TrainingConfig(1000, layer_sizes=(784, 1, 10), tests_per_epoch=60_000), 60_000)
    frames = [Frame(Progress(20 * k, 1 + k // 3000, 1.0, 0.5, 2.0, 0.25), network) for k in range(9001)]
    run = run.with_frames(frames)
    save_run(path, run)
    opened = open_run(path)
    assert len(opened.frames) == len(run.frames)
    assert len(opened.curve("test_loss")[0]) == len(run.curve("test_loss")[0]) > 2000


def test_an_infinite_loss_that_was_measured_keeps_nobody_from_opening_the_run(path: Path) -> None:
    network = Network.initialize((784, 1, 10))
    frames = [Frame(Progress(k, 1, -math.inf, 0.5), network) for k in (0, 1)]
    save_run(path, History(TrainingConfig(layer_sizes=(784, 1, 10)), 60_000).with_frames(frames))
    assert len(open_run(path).curve("training_accuracy")[0]) == 2


def test_more_moments_than_a_run_has_are_not_read(run_file: Path) -> None:
    rows = np.full((30_000, 6), np.nan)
    rows[:, 0], rows[:, 1] = np.arange(30_000), 1
    assert "measurements" in refusal(open_run, changed(run_file, measurements=rows))
    assert "moments" in refusal(open_run, changed(run_file, moments=rows))


def test_more_phases_than_anybody_makes_are_refused(run_file: Path) -> None:
    sentence = refusal(open_run, with_settings(run_file, phases=[[k, 0.1] for k in range(50_000)]))
    assert "more than 1,000" in sentence


@pytest.mark.parametrize(
    "settings",
    [
        {"epochs": 2_000_000},
        {"epochs": True},
        {"epochs": 3.0},
        {"seed": 2**31},
        {"learning_rate": 1e300},
        {"learning_rate": True},
        {"learning_rate": "0.1"},
        {"samples_per_epoch": 10**9},
        {"samples_per_epoch": 10**6, "epochs": 10_000},
        {"samples_per_epoch": 2000.0},
        {"tests_per_epoch": 10**7},
        {"began": "0"},
        {"began": -1},
        {"phases": []},
        {"phases": {}},
        {"phases": [[5, 0.1], [2, 0.1]]},
        {"phases": [[0, -math.inf]]},
        {"phases": [[10**18, 0.1]]},
        {"resumed": [-1]},
        {"resumed": list(range(20_000))},
        {"name": 3},
        {"name": None},
        {"origin": ["a"]},
        {"own_code": {"path": 3, "is_in_order": True, "pixels": {"scale": 1, "shift": 0}}},
        {"own_code": {"path": "a", "is_in_order": 1, "pixels": {"scale": 1, "shift": 0}}},
        {"own_code": []},
    ],
    ids=str,
)
def test_settings_that_are_valid_and_absurd_are_refused(run_file: Path, settings: dict[str, Any]) -> None:
    refusal(open_run, with_settings(run_file, **settings))


@pytest.mark.parametrize(
    ("column", "value"),
    [(0, 1e18), (0, -1), (0, 1.5), (0, math.nan), (1, -1), (1, 0.5), (1, math.inf)]
    + [(column, value) for column in (2, 4) for value in (1e308, -1e308, math.inf)]
    + [(column, value) for column in (3, 5) for value in (-0.1, 1.1, math.inf)]
    + [(4, 1.0), (5, 1.0)],
)
@pytest.mark.parametrize("array", ["moments", "measurements"])
def test_numbers_that_nothing_measures_are_refused(run_file: Path, array: str, column: int, value: float) -> None:
    with np.load(run_file) as found:
        rows = found[array]
    rows[-1, column] = value
    refusal(open_run, changed(run_file, **{array: rows}))


@pytest.mark.parametrize(
    "name", ["a\0b", "\ud800 lone", "two\nlines", '"""', "\x1b[31m", "back\\", "\u2028", "x" * 5000]
)
def test_whatever_a_run_is_called_its_script_can_be_run(run_file: Path, name: str) -> None:
    run = open_run(with_settings(run_file, name=name))
    compile(run_as_script(run), "script", "exec")
    run_as_script(run).encode("utf-8")
    assert len(run.name) <= 200
    assert run_as_script(run.renamed(name)).encode("utf-8")


def test_a_file_of_code_may_have_a_name_that_is_no_text(run_file: Path) -> None:
    """Names of files are bytes; Python keeps those that are no UTF-8 as lone surrogates."""
    run = History(TrainingConfig(), 2000, own_code=OwnCode("/home/h\udcffm.py"))
    assert run.name.encode("utf-8") == b"h m.py"
    own_code = {"path": "/home/h\udcffm.py", "is_in_order": True, "pixels": {"scale": 1, "shift": 0}}
    opened = open_run(with_settings(run_file, own_code=own_code))
    assert opened.own_code is not None
    assert opened.own_code.path == "/home/h\udcffm.py"


def test_a_network_in_the_order_of_columns_is_opened(path: Path) -> None:
    """As NumPy writes an array that is transposed in memory."""
    network = Network.initialize((784, 3, 10))
    arrays = {f"weights_{k}": np.asfortranarray(weights) for k, weights in enumerate(network.weights)}
    arrays |= {f"biases_{k}": biases for k, biases in enumerate(network.biases)}
    np.savez(path, format=np.array(1), **arrays)  # type: ignore[arg-type]
    for found, weights in zip(open_network(path).weights, network.weights, strict=True):
        assert np.array_equal(found, weights)


def test_the_judges_digits_are_read_with_the_same_care(run_file: Path) -> None:
    assert "damaged" in refusal(lambda path: first_digits(path=path), run_file)


@pytest.mark.parametrize("rate", [1e300, 1e-300, True, [0.1], {}])
def test_a_learning_rate_without_a_field_is_not_remembered(tmp_path: Path, rate: Any) -> None:
    (tmp_path / "settings.json").write_text(json.dumps({"learning_rate": rate, "page": "a\0\ud800b"}))
    scene = Settings(tmp_path / "settings.json").scene()
    assert scene.config.learning_rate == TrainingConfig().learning_rate
    assert scene.page == "a  b"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has none in its folders")
def test_settings_in_a_pipe_count_as_none(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "settings.json")
    assert Settings(tmp_path / "settings.json").scene().config == TrainingConfig()
