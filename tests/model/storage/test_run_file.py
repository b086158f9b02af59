"""Runs on disk, among them every kind of file that is none."""

import io
import json
import math
import zipfile
from dataclasses import replace

import numpy as np
import pytest

from model.activations import RELU, SIGMOID
from model.dataset import Dataset
from model.history import Frame, History, run_from
from model.homework.chosen_mistake import ChosenMistake
from model.homework.training.own_code import OwnCode
from model.homework.training.pixel_scale import PixelScale
from model.network import Network
from model.network_file import save_network
from model.storage.run_file import RunFileError, holds_run, open_run, save_run
from model.training import TrainingConfig, train
from tests.model.textbook import same_bits

CONFIG = TrainingConfig(epochs=2, learning_rate=0.03, seed=5, tests_per_epoch=4)


@pytest.fixture(scope="module")
def few(mnist):
    return Dataset(mnist.train_images[:1500], mnist.train_labels[:1500], mnist.test_images[:50], mnist.test_labels[:50])


def follow(run, dataset, stop=None):
    """Train a run from its start, to its end or to some sample, as the program does."""
    network = run.start.network.copy() if run.start else Network.initialize(seed=run.config.seed)
    reports = train(network, dataset, run.config, run.start.samples_seen if run.start else 0)
    progress = next(reports)
    while progress.samples_seen < run.first_sample:
        progress = reports.send(run.first_sample - progress.samples_seen)
    frames = [Frame(progress, network.copy())]
    end = stop or run.samples_planned
    while progress.samples_seen < end:
        progress = reports.send(min(end - progress.samples_seen, 1 + progress.samples_seen % 37))
        frames.append(Frame(progress, network.copy()))
    return run.with_frames(frames)


@pytest.fixture(scope="module")
def run(few):
    return follow(History(CONFIG, 1500), few, stop=2111).renamed("a “run” of mine")


@pytest.fixture
def path(run, tmp_path):
    save_run(tmp_path / "run.npz", run)
    return tmp_path / "run.npz"


def assert_same_run(one, other):
    assert (one.config, one.name, one.phases) == (other.config, other.name, other.phases)
    assert (one.first_sample, one.samples_per_epoch) == (other.first_sample, other.samples_per_epoch)
    assert [repr(frame.progress) for frame in one.frames] == [repr(frame.progress) for frame in other.frames]
    for a, b in zip([one.start, *one.frames], [other.start, *other.frames], strict=True):
        assert same_bits(a.network, b.network)
    for measure in ("training_loss", "training_accuracy", "test_loss", "test_accuracy"):
        np.testing.assert_array_equal(one.curve(measure), other.curve(measure))


def test_a_run_comes_back_as_it_was(run, path):
    assert len(run.frames) > 40
    assert_same_run(open_run(path), run)


def test_a_run_in_double_precision_comes_back(few, tmp_path):
    network = Network.initialize(dtype=np.float64)
    frames = [Frame(progress, network.copy()) for progress in train(network, few, CONFIG)]
    run = History(CONFIG, 1500).with_frames(frames)
    save_run(tmp_path / "run.npz", run)
    assert_same_run(open_run(tmp_path / "run.npz"), run)


def test_a_run_from_a_taught_network_says_so_and_files_without_a_word_of_it_open(run, path, tmp_path):
    assert open_run(path).origin == ""
    taught = run_from(run.frames[1], run.config, run.samples_per_epoch, "a taught network")
    save_run(tmp_path / "taught.npz", taught)
    found = open_run(tmp_path / "taught.npz")
    assert (found.origin, found.name, found.first_sample) == (taught.origin, taught.name, taught.first_sample)
    assert same_bits(found.start.network, run.frames[1].network)
    assert found.fork(found.latest, found.config).origin == "a taught network"


def test_a_run_of_one_frame_comes_back(few, run, tmp_path):
    started = run.fork(run.latest, replace(CONFIG, learning_rate=1.0))
    save_run(tmp_path / "run.npz", started)
    assert_same_run(open_run(tmp_path / "run.npz"), started)


@pytest.fixture(scope="module")
def with_mistake(few, run):
    """From one mistake to the next, and then without one."""
    first = follow(History(replace(CONFIG, mistake=ChosenMistake("missing-slope", 2)), 1500), few, stop=300)
    hidden = replace(CONFIG, mistake=ChosenMistake("state-kept", is_hidden=True))
    return follow(first.fork(first.latest, hidden), few, stop=700)


def test_a_run_with_a_mistake_comes_back_with_it_and_with_what_is_hidden(few, with_mistake, tmp_path):
    right_again = follow(with_mistake.fork(with_mistake.latest, CONFIG), few, stop=900)
    for each in (with_mistake, right_again):
        save_run(tmp_path / "run.npz", each)
        found = open_run(tmp_path / "run.npz")
        assert_same_run(found, each)
        assert [phase.mistake and phase.mistake.is_hidden for phase in found.phases[:2]] == [False, True]
        assert found.title == "rate 0.03, with a mistake"


def test_a_run_with_a_mistake_that_was_saved_continues_with_the_same_bits(few, with_mistake, tmp_path):
    save_run(tmp_path / "run.npz", with_mistake)
    opened = open_run(tmp_path / "run.npz")
    uninterrupted = follow(replace(with_mistake, latest=None, _kept=()), few)
    continued = follow(opened.fork(opened.latest, opened.config), few)
    assert same_bits(continued.latest.network, uninterrupted.latest.network)


def test_what_does_not_know_of_mistakes_does_not_take_it_for_a_right_one(path, with_mistake, tmp_path):
    save_run(tmp_path / "mistake.npz", with_mistake)
    with np.load(tmp_path / "mistake.npz") as mistaken, np.load(path) as right:
        assert (int(mistaken["run_format"]), int(right["run_format"])) == (2, 1)
        assert json.loads(str(mistaken["settings"]))["mistakes"][0]["name"] == "missing-slope"


@pytest.mark.parametrize(
    "mistake",
    [
        {"name": "no-such-mistake", "layer": None, "is_hidden": False},
        {"name": "missing-slope", "layer": 3, "is_hidden": False},
        {"name": "sign", "layer": 1, "is_hidden": False},
    ],
)
def test_a_mistake_that_nobody_knows_is_refused(with_mistake, tmp_path, mistake):
    save_run(tmp_path / "run.npz", with_mistake)
    assert_refused(changed_settings(tmp_path / "run.npz", mistakes=[None, mistake]), "a mistake", "does not know")


@pytest.mark.parametrize("mistakes", [3, [None], [None, 3], [None, {"name": "sign"}], [None, {}]])
def test_what_is_no_list_of_mistakes_is_refused(with_mistake, tmp_path, mistakes):
    save_run(tmp_path / "run.npz", with_mistake)
    assert_refused(changed_settings(tmp_path / "run.npz", mistakes=mistakes), "damaged")


@pytest.fixture(params=["", "its output is of another kind"])
def of_own_code(request, run):
    """With another function in the hidden layers, whose answers are known or not."""
    no_answers = request.param
    networks = [
        Network(frame.network.weights, frame.network.biases, [RELU, SIGMOID], not no_answers) for frame in run.frames
    ]
    frames = [Frame(frame.progress, network) for frame, network in zip(run.frames, networks, strict=True)]
    own_code = OwnCode("homework.py", False, PixelScale(255.0, -0.5), False, False, no_answers)
    return History(CONFIG, 1500, start=frames[0], own_code=own_code, resumed=(40,)).with_frames(frames)


def test_a_run_of_own_code_comes_back_with_its_functions(of_own_code, tmp_path):
    save_run(tmp_path / "run.npz", of_own_code)
    found = open_run(tmp_path / "run.npz")
    assert_same_run(found, of_own_code)
    assert (found.own_code, found.resumed) == (of_own_code.own_code, (40,))
    for frame in (found.start, *found.frames):
        assert frame.network.hidden == (RELU, SIGMOID)
        assert frame.network.has_answers is not bool(found.own_code.no_answers)
    with np.load(tmp_path / "run.npz") as saved:
        assert int(saved["run_format"]) == 3  # which no earlier version takes for a run of sigmoids


@pytest.mark.parametrize("hidden", [["ReLU"], ["ReLU", "sine"], 3, "ReLU", {"ReLU": 1}])
def test_functions_that_nobody_knows_are_refused(of_own_code, tmp_path, hidden):
    save_run(tmp_path / "run.npz", of_own_code)
    assert_refused(changed_settings(tmp_path / "run.npz", hidden=hidden))


EACH_ITS_OWN = PixelScale((0.0, 3.5) + (1.0,) * 782, (0.1,) * 784)


@pytest.mark.parametrize("pixels", [PixelScale(2.0, -1.0), EACH_ITS_OWN], ids=["one scale", "one for each"])
def test_a_run_of_own_code_comes_back_with_what_it_makes_of_pixels(run, tmp_path, pixels):
    own = replace(run, own_code=OwnCode("homework.py", False, pixels))
    save_run(tmp_path / "run.npz", own)
    assert open_run(tmp_path / "run.npz").own_code == own.own_code


@pytest.mark.parametrize("scale", [0, "large", [1.0] * 783, [0.0] * 784, [[1.0]], {}, None, math.inf])
def test_what_is_no_scale_of_pixels_is_refused(path, scale):
    own_code = {"path": "homework.py", "is_in_order": True, "pixels": {"scale": scale, "shift": 0.0}}
    assert_refused(changed_settings(path, own_code=own_code), "whose scale is no number")


def test_numpy_alone_can_read_the_file(run, path):
    with np.load(path, allow_pickle=False) as arrays:
        assert arrays["weights_0"].shape == (len(run.frames) + 1, 784, 32)
        np.testing.assert_array_equal(arrays["biases_1"][-1], run.latest.network.biases[1])
        assert json.loads(str(arrays["settings"]))["learning_rate"] == 0.03


def test_a_saved_reopened_and_continued_run_equals_the_uninterrupted_one_bit_for_bit(few, path):
    uninterrupted = follow(History(CONFIG, 1500), few)
    opened = open_run(path)
    continued = follow(opened.fork(opened.latest, CONFIG), few)
    assert continued.first_sample == 2111
    assert same_bits(continued.latest.network, uninterrupted.latest.network)
    assert continued.latest.progress == uninterrupted.latest.progress


def test_a_run_that_was_resumed_comes_back_with_where_its_bits_follow_from(few, run, tmp_path):
    continued = follow(run.fork(run.latest, CONFIG), few)
    other_rate = follow(run.fork(run.latest, replace(CONFIG, learning_rate=0.1)), few)
    for each in (continued, other_rate):
        save_run(tmp_path / "run.npz", each)
        assert_same_run(open_run(tmp_path / "run.npz"), each)


def test_a_file_says_whether_it_is_a_run(path, tmp_path):
    save_network(tmp_path / "network.npz", Network.initialize())
    (tmp_path / "text.npz").write_text("no run")
    assert holds_run(path)
    assert not holds_run(tmp_path / "network.npz")
    assert not holds_run(tmp_path / "text.npz")
    assert not holds_run(tmp_path / "missing.npz")


# What is no run


def assert_refused(path, *words):
    with pytest.raises(RunFileError) as refusal:
        open_run(path)
    sentence = str(refusal.value)
    assert sentence.endswith("Choose another file.")
    assert "\n" not in sentence
    for word in words:
        assert word in sentence


def rewritten(path, **changed):
    """The same file with other arrays under some of its names; None leaves one out."""
    with np.load(path) as arrays:
        contents = {name: value for name, value in (dict(arrays) | changed).items() if value is not None}
    np.savez(path, **contents)
    return path


def changed_settings(path, **changed):
    with np.load(path) as arrays:
        settings = json.loads(str(arrays["settings"]))
    return rewritten(path, settings=np.array(json.dumps(settings | changed)))


def test_a_missing_file_is_named(tmp_path):
    assert_refused(tmp_path / "none.npz", "no file")


def test_a_network_is_no_run(tmp_path):
    save_network(tmp_path / "network.npz", Network.initialize())
    assert_refused(tmp_path / "network.npz", "no run")


def test_a_later_version_says_so(path):
    assert_refused(rewritten(path, run_format=np.array(4)), "later version")


@pytest.mark.parametrize("name", ["settings", "measurements", "moments", "weights_0", "biases_2"])
def test_a_file_without_one_of_its_arrays_is_refused(path, name):
    assert_refused(rewritten(path, **{name: None}))


def test_weights_that_are_no_numbers_are_refused(path):
    with np.load(path) as arrays:
        weights = arrays["weights_1"]
    weights[7, 3, 3] = np.nan
    assert_refused(rewritten(path, weights_1=weights), "no numbers")


def test_networks_of_other_shapes_are_refused(path):
    assert_refused(changed_settings(path, layer_sizes=[784, 16, 10]))
    assert_refused(changed_settings(path, layer_sizes=[100, 32, 32, 10]), "other shapes")


@pytest.mark.parametrize(
    "settings",
    [
        {"epochs": 0},
        {"learning_rate": "fast"},
        {"learning_rate": -1},
        {"seed": None},
        {"samples_per_epoch": 0},
        {"began": 9},
        {"phases": [[1]]},
        {"tests_per_epoch": 2.5},
    ],
    ids=str,
)
def test_settings_that_make_no_sense_are_refused(path, settings):
    assert_refused(changed_settings(path, **settings))


def test_moments_out_of_order_are_refused(path):
    with np.load(path) as arrays:
        moments = arrays["moments"]
    moments[[5, 6]] = moments[[6, 5]]
    assert_refused(rewritten(path, moments=moments), "order")


def test_pickles_are_never_opened(path):
    assert_refused(rewritten(path, settings=np.array([{"a": 1}], dtype=object)))


def test_files_of_anything_else_are_refused(tmp_path):
    for k, content in enumerate((b"", b"PK", b"\x00" * 5000, b"\x93NUMPY" * 100, b"text")):
        other = tmp_path / f"{k}.npz"
        other.write_bytes(content)
        assert_refused(other)
    assert_refused(tmp_path)


def test_a_file_that_was_cut_anywhere_is_refused(path):
    content = path.read_bytes()
    for length in np.linspace(0, len(content) - 1, 60).astype(int):
        path.write_bytes(content[:length])
        assert_refused(path)


def test_a_byte_that_was_flipped_anywhere_never_opens_another_run(run, path):
    content = path.read_bytes()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        heads = [member.header_offset for member in archive.infolist()]
    directory = content.rindex(b"PK\x01\x02")
    random = np.random.default_rng(1)
    places = [
        *random.integers(0, len(content), 60),
        *range(heads[0], heads[0] + 80, 3),
        *range(directory, len(content), 5),
    ]
    refused = 0
    for place in places:
        damaged = bytearray(content)
        damaged[place] ^= 1 << int(random.integers(8))
        path.write_bytes(damaged)
        try:
            opened = open_run(path)
        except RunFileError:
            refused += 1
        else:
            assert_same_run(opened, run)
    assert refused > 60


def test_a_failed_save_leaves_the_earlier_file(path, run, monkeypatch):
    before = path.read_bytes()

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        save_run(path, run)
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]
