import io
import os
import zipfile

import numpy as np
import pytest

from model.network import Network
from model.network_file import NetworkFileError, open_network, save_network
from tests.model.textbook import arrays_of, same_bits

needs_permissions = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="whoever runs this may write anywhere"
)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "network.npz"


def random_network(sizes=(784, 6, 10), dtype=np.float32, seed=3):
    """A network whose biases are not zero either."""
    network = Network.initialize(sizes, seed, dtype)
    for bias in network.biases:
        bias += np.random.default_rng(seed).normal(size=bias.shape).astype(dtype)
    return network


def arrays_in_file(network=None, **changed):
    """What the file of a network holds, according to the description at the top of model/network_file.py."""
    network = network or random_network()
    arrays = {"format": np.array(1)}
    for k in range(len(network.weights)):
        arrays |= {f"weights_{k}": network.weights[k], f"biases_{k}": network.biases[k]}
    return {name: array for name, array in (arrays | changed).items() if array is not None}


def packed(**arrays):
    content = io.BytesIO()
    np.savez(content, **arrays)
    return content.getvalue()


def zipped(members, compression=zipfile.ZIP_STORED):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", compression) as archive:
        for name, member in members.items():
            archive.writestr(name, member)
    return content.getvalue()


def members_in_file():
    with zipfile.ZipFile(io.BytesIO(packed(**arrays_in_file()))) as archive:
        return {member: archive.read(member) for member in archive.namelist()}


def with_member(name, change):
    """The file of a network, intact but for one member's bytes."""
    members = members_in_file()
    return zipped(members | {f"{name}.npy": change(members[f"{name}.npy"])})


def with_flipped_bits(content, k, mask):
    return content[:k] + bytes([content[k] ^ mask]) + content[k + 1 :]


def reported(path):
    """The sentences that the user reads about a file that cannot be opened."""
    with pytest.raises(NetworkFileError) as refusal:
        open_network(path)
    sentences = str(refusal.value)
    assert path.name in sentences
    assert sentences.endswith(". Choose another file.")
    assert "\n" not in sentences
    return sentences


def opens_unharmed_or_is_refused(path, network):
    try:
        return same_bits(open_network(path), network)
    except NetworkFileError:
        return True


# Saving and opening


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("sizes", [(784, 32, 32, 10), (784, 10), (784, 1, 10), (784, 100, 50, 25, 10)])
def test_what_was_saved_is_opened_to_the_bit(path, sizes, dtype):
    network = random_network(sizes, dtype)
    save_network(path, network)
    assert same_bits(open_network(path), network)


def test_the_path_may_be_text_and_have_any_name(tmp_path):
    for name in ("network", "my network.v2", "Ziffern äöü.npz", ".hidden"):
        save_network(str(tmp_path / name), random_network())
        assert same_bits(open_network(str(tmp_path / name)), random_network())
    assert len(list(tmp_path.iterdir())) == 4


def test_the_file_holds_plain_arrays_that_numpy_alone_can_read(path):
    network = random_network()
    save_network(path, network)
    with np.load(path, allow_pickle=False) as arrays:
        assert set(arrays) == {"format", "weights_0", "biases_0", "weights_1", "biases_1"}
        np.testing.assert_array_equal(arrays["weights_1"], network.weights[1])


def test_a_file_written_by_numpy_alone_is_opened(path):
    path.write_bytes(packed(**arrays_in_file()))
    assert same_bits(open_network(path), random_network())


def test_saving_again_replaces_the_earlier_network(path):
    save_network(path, random_network(seed=1))
    save_network(path, random_network(seed=2))
    assert same_bits(open_network(path), random_network(seed=2))
    assert list(path.parent.iterdir()) == [path]


def test_what_was_opened_can_be_trained_further(path):
    save_network(path, random_network())
    for array in arrays_of(open_network(path)):
        array += 1


# Saving that fails


def fail(*_arguments, **_options):
    raise OSError(28, "No space left on device")


@pytest.mark.parametrize(("module", "function"), [(np, "savez"), (os, "fsync")])
def test_no_room_left_leaves_the_earlier_file_and_nothing_else(path, monkeypatch, module, function):
    save_network(path, random_network(seed=1))
    before = path.read_bytes()
    monkeypatch.setattr(module, function, fail)
    with pytest.raises(OSError, match="No space left"):
        save_network(path, random_network(seed=2))
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


def test_a_disk_that_fills_up_halfway_leaves_the_earlier_file(path, monkeypatch):
    def fill_up(file, **_arrays):
        file.write(b"PK\x03\x04")
        fail()

    save_network(path, random_network(seed=1))
    monkeypatch.setattr(np, "savez", fill_up)
    with pytest.raises(OSError, match="No space left"):
        save_network(path, random_network(seed=2))
    assert same_bits(open_network(path), random_network(seed=1))
    assert list(path.parent.iterdir()) == [path]


@needs_permissions
def test_a_folder_that_may_not_be_written_to_keeps_its_file(path):
    save_network(path, random_network(seed=1))
    path.parent.chmod(0o500)
    try:
        with pytest.raises(PermissionError):
            save_network(path, random_network(seed=2))
    finally:
        path.parent.chmod(0o700)
    assert same_bits(open_network(path), random_network(seed=1))


def test_a_folder_that_does_not_exist_is_not_made(tmp_path):
    with pytest.raises(FileNotFoundError):
        save_network(tmp_path / "missing" / "network.npz", random_network())
    assert list(tmp_path.iterdir()) == []


def test_a_folder_is_not_replaced_by_a_file(tmp_path):
    folder = tmp_path / "network.npz"
    folder.mkdir()
    with pytest.raises(OSError, match=r"network\.npz"):
        save_network(folder, random_network())
    assert list(tmp_path.iterdir()) == [folder]


def test_a_path_without_a_name_fails_like_any_other():
    with pytest.raises(OSError, match="director"):
        save_network(".", random_network())


# Files that hold no network


def test_a_missing_file_is_said_to_be_missing(path):
    assert "no file" in reported(path)


def test_a_folder_is_said_to_be_one(tmp_path):
    assert "directory" in reported(tmp_path).lower() or os.name == "nt"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"hello",
        b"\x93NUMPY\x01\x00v\x00",
        b"PK\x03\x04" + bytes(100),
        np.random.default_rng(1).bytes(50_000),
        zipped({}),
        zipped({"letter.txt": b"hello", "folder/": b""}),
    ],
    ids=["empty", "text", "an array", "broken archive", "random", "empty archive", "other archive"],
)
def test_a_file_of_another_kind_is_refused(path, content):
    path.write_bytes(content)
    reported(path)


def test_a_truncated_file_is_refused_wherever_it_ends(path):
    save_network(path, random_network((784, 2, 10)))
    content = path.read_bytes()
    for length in (*range(0, len(content), 97), len(content) - 1):
        path.write_bytes(content[:length])
        reported(path)


def test_a_damaged_byte_never_gives_another_network(path):
    network = random_network((784, 1, 10))
    save_network(path, network)
    content = path.read_bytes()
    for k in range(0, len(content), 2):
        path.write_bytes(with_flipped_bits(content, k, 0xFF))
        assert opens_unharmed_or_is_refused(path, network), f"byte {k}"


@pytest.mark.filterwarnings("ignore::SyntaxWarning")
def test_a_flipped_bit_in_a_header_never_gives_another_network(path):
    network = random_network()
    save_network(path, network)
    content = path.read_bytes()
    header = content.index(b"NUMPY", content.index(b"weights_0"))  # of the array that is too large to be checked first
    for k in range(header, header + 128):
        path.write_bytes(with_flipped_bits(content, k, 0x01))
        assert opens_unharmed_or_is_refused(path, network), f"byte {k}"


@pytest.mark.parametrize(
    "arrays",
    [
        {"x_train": np.zeros((10, 28, 28), np.uint8), "y_train": np.zeros(10, np.uint8)},
        {"arr_0": np.eye(3)},
        {"format": np.array(1)},
        arrays_in_file(format=None),
        arrays_in_file(format=np.array("network")),
        arrays_in_file(weights_0=None),
        arrays_in_file(biases_1=None),
        arrays_in_file(format=np.array(np.nan)),
    ],
    ids=["digits", "a matrix", "format alone", "no format", "text", "no weights", "no biases", "NaN"],
)
def test_arrays_of_something_else_are_refused(path, arrays):
    path.write_bytes(packed(**arrays))
    reported(path)


@pytest.mark.parametrize(
    "arrays",
    [
        arrays_in_file(random_network((783, 6, 10))),
        arrays_in_file(random_network((784, 6, 11))),
        arrays_in_file(random_network((784, 6))),
        arrays_in_file(random_network((10, 784))),
        arrays_in_file(weights_0=np.zeros((784, 7), np.float32)),
        arrays_in_file(weights_0=np.zeros((6, 784), np.float32)),
        arrays_in_file(weights_0=np.zeros(784, np.float32)),
        arrays_in_file(weights_0=np.zeros((1, 784, 6), np.float32)),
        arrays_in_file(weights_1=np.zeros((7, 10), np.float32)),
        arrays_in_file(biases_0=np.zeros(7, np.float32)),
        arrays_in_file(biases_0=np.zeros((1, 6), np.float32)),
        arrays_in_file(biases_1=np.zeros((), np.float32)),
        arrays_in_file(
            weights_0=np.zeros((784, 0), "f4"), biases_0=np.zeros(0, "f4"), weights_1=np.zeros((0, 10), "f4")
        ),
    ],
)
def test_a_network_of_other_shapes_is_refused(path, arrays):
    path.write_bytes(packed(**arrays))
    assert "shapes" in reported(path)


@pytest.mark.parametrize("number", [np.nan, np.inf, -np.inf, 3e38])
@pytest.mark.parametrize("name", ["weights_0", "biases_0", "weights_1", "biases_1"])
def test_weights_that_are_no_numbers_or_overflow_are_refused(path, name, number):
    arrays = arrays_in_file()
    arrays[name].flat[-1] = number
    path.write_bytes(packed(**arrays))
    assert "numbers" in reported(path)


@pytest.mark.parametrize("dtype", [np.float16, np.int64, np.uint8, np.complex64, bool, "U3", "S3"])
def test_weights_of_another_type_are_refused(path, dtype):
    arrays = {name: array if name == "format" else array.astype(dtype) for name, array in arrays_in_file().items()}
    path.write_bytes(packed(**arrays))
    reported(path)


def test_weights_of_two_precisions_are_refused(path):
    path.write_bytes(packed(**arrays_in_file(biases_0=np.zeros(6, np.float64))))
    reported(path)


def test_a_pickle_is_refused_and_never_run(path, tmp_path):
    class Trap:
        def __reduce__(self):
            return os.mkdir, (str(tmp_path / "sprung"),)

    weights = np.full((784, 6), None, object)
    weights[0, 0] = Trap()
    for name in ("weights_0", "format"):
        path.write_bytes(packed(**arrays_in_file(**{name: weights})))
        reported(path)
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("later", [2, 100])
def test_a_later_format_is_said_to_be_one(path, later):
    path.write_bytes(packed(**arrays_in_file(format=np.array(later))))
    assert "later version" in reported(path)


def test_a_file_that_is_small_but_unpacks_into_gigabytes_is_refused_unread(path):
    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(header, {"descr": "<f4", "fortran_order": False, "shape": (784, 50_000)})
    weights = header.getvalue() + bytes(784 * 50_000 * 4)
    path.write_bytes(zipped({"format.npy": b"", "weights_0.npy": weights}, zipfile.ZIP_DEFLATED))
    assert path.stat().st_size < 1_000_000
    assert "too large" in reported(path)


@pytest.mark.parametrize(
    "number",
    [np.array([1, 1]), np.array(1j), np.array(np.inf), np.array("2026", "datetime64[Y]")],
    ids=["two numbers", "complex", "infinite", "date"],
)
def test_a_format_that_is_no_number_is_refused(path, number):
    path.write_bytes(packed(**arrays_in_file(format=number)))
    reported(path)


@pytest.mark.parametrize("shape", [b"(78400000000000, 6)", b"(10" + b"0" * 30 + b", 6)"], ids=["large", "larger"])
def test_an_array_that_claims_to_be_larger_than_the_memory_is_refused(path, shape):
    def claim(member):
        header = b"{'descr': '<f4', 'fortran_order': False, 'shape': " + shape + b", }"
        return member[:10] + header.ljust(117) + b"\n" + member[128:]

    path.write_bytes(with_member("weights_0", claim))
    reported(path)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [(b"(784, 6)", b"(784, 6("), (b"'<f4'", b"',f4'"), (b"NUMPY", b"numpy")],
    ids=["brackets", "type", "magic"],
)
def test_an_array_whose_header_is_nonsense_is_refused(path, right, wrong):
    path.write_bytes(with_member("weights_0", lambda member: member.replace(right, wrong, 1)))
    reported(path)


def test_a_file_packed_in_another_way_and_then_damaged_is_refused(path):
    path.write_bytes(with_flipped_bits(zipped(members_in_file(), zipfile.ZIP_LZMA), 60, 0xFF))
    reported(path)
