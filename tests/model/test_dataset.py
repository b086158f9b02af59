import io
import shutil
import zipfile
from dataclasses import FrozenInstanceError
from itertools import pairwise

import numpy as np
import pytest

from model.dataset import BUNDLED_MNIST, DatasetError, as_floats, load_mnist


@pytest.fixture(scope="module")
def pixels():
    """The arrays of the bundled file as NumPy itself reads them."""
    with np.load(BUNDLED_MNIST) as arrays:
        return dict(arrays)


@pytest.fixture(scope="module")
def bundled_bytes():
    return BUNDLED_MNIST.read_bytes()


def assert_refused(path):
    """Loading fails with one sentence, or a few, that name the file."""
    with pytest.raises(DatasetError) as refusal:
        load_mnist(path)
    sentence = str(refusal.value)
    assert str(path) in sentence
    assert sentence.endswith(".")
    assert "\n" not in sentence


def write_with(path, arrays, **changed):
    np.savez(path, **(arrays | changed))
    return path


# The real digits


def test_images_are_rows_of_784_numbers_from_paper_to_full_ink(mnist):
    for images, samples in ((mnist.train_images, 60_000), (mnist.test_images, 10_000)):
        assert (images.shape, images.dtype) == ((samples, 784), np.float32)
        assert (images.min(), images.max()) == (0, 1)


def test_images_may_be_the_bytes_of_the_file(mnist, pixels):
    in_bytes = load_mnist(dtype=np.uint8)
    for images, name, in_floats in (
        (in_bytes.train_images, "x_train", mnist.train_images),
        (in_bytes.test_images, "x_test", mnist.test_images),
    ):
        assert images.dtype == np.uint8
        np.testing.assert_array_equal(images.reshape(-1, 28, 28), pixels[name])
        np.testing.assert_array_equal(as_floats(images), in_floats)
    assert as_floats(mnist.test_images) is mnist.test_images


def test_labels_are_whole_numbers_from_0_to_9(mnist):
    for labels, samples in ((mnist.train_labels, 60_000), (mnist.test_labels, 10_000)):
        assert labels.shape == (samples,)
        assert np.issubdtype(labels.dtype, np.integer)
        assert set(labels) == set(range(10))


def test_every_number_is_the_files_pixel_as_a_share_of_255_in_the_files_order(mnist, pixels):
    for images, name in ((mnist.train_images, "x_train"), (mnist.test_images, "x_test")):
        np.testing.assert_array_equal(np.rint(images * 255).astype(np.uint8), pixels[name].reshape(-1, 784))
        np.testing.assert_allclose(images[-100:], pixels[name][-100:].reshape(-1, 784) / 255, rtol=1e-7)
    np.testing.assert_array_equal(mnist.train_labels, pixels["y_train"])
    np.testing.assert_array_equal(mnist.test_labels, pixels["y_test"])


def test_the_first_digits_are_those_that_everybody_knows(mnist):
    assert list(mnist.train_labels[:10]) == [5, 0, 4, 1, 9, 2, 1, 3, 1, 4]
    assert list(mnist.test_labels[:10]) == [7, 2, 1, 0, 4, 1, 4, 9, 5, 9]


def test_nobody_can_change_the_images(mnist):
    for images in (mnist.train_images, mnist.test_images):
        with pytest.raises(ValueError, match="read-only"):
            images[0, 0] = 1
    with pytest.raises(FrozenInstanceError):
        mnist.train_images = None


def test_nobody_can_change_the_labels(mnist):
    assert not mnist.train_labels.flags.writeable
    assert not mnist.test_labels.flags.writeable


# Another file


def test_the_same_arrays_in_an_uncompressed_file_are_accepted(tmp_path, mnist, pixels):
    dataset = load_mnist(write_with(tmp_path / "mnist.npz", pixels))
    for name in ("train_images", "train_labels", "test_images", "test_labels"):
        np.testing.assert_array_equal(getattr(dataset, name), getattr(mnist, name))


def test_a_missing_file_is_said_to_be_missing(tmp_path):
    assert_refused(tmp_path / "nowhere" / "mnist.npz")
    with pytest.raises(DatasetError, match="missing"):
        load_mnist(tmp_path / "mnist.npz")


def test_a_folder_is_refused(tmp_path):
    assert_refused(tmp_path)


@pytest.mark.parametrize("share", [0, 0.001, 0.3, 0.9, 0.99999])
def test_a_truncated_file_is_refused(tmp_path, bundled_bytes, share):
    path = tmp_path / "mnist.npz"
    path.write_bytes(bundled_bytes[: int(share * len(bundled_bytes))])
    assert_refused(path)


@pytest.mark.parametrize("share", [0.05, 0.2, 0.5, 0.8, 0.95])
def test_a_flipped_byte_is_noticed(tmp_path, bundled_bytes, share):
    path = tmp_path / "mnist.npz"
    damaged = bytearray(bundled_bytes)
    damaged[int(share * len(damaged))] ^= 0xFF
    path.write_bytes(damaged)
    assert_refused(path)


@pytest.mark.parametrize("filler", [b"\x00", b"\xff", b"digits"])
def test_a_hole_in_the_file_is_noticed(tmp_path, bundled_bytes, filler):
    path, middle = tmp_path / "mnist.npz", len(bundled_bytes) // 2
    path.write_bytes(bundled_bytes[:middle] + filler * 5000 + bundled_bytes[middle + len(filler) * 5000 :])
    assert_refused(path)


@pytest.mark.parametrize("content", [b"", b"hello", b"PK\x03\x04" + bytes(100), bytes(range(256)) * 100])
def test_a_file_that_is_no_archive_is_refused(tmp_path, content):
    path = tmp_path / "mnist.npz"
    path.write_bytes(content)
    assert_refused(path)


@pytest.mark.parametrize("name", ["x_train", "y_train", "x_test", "y_test"])
def test_an_archive_that_is_whole_but_has_one_other_number_is_refused(tmp_path, pixels, name):
    other = pixels[name].copy()
    other.flat[len(other.flat) // 2] ^= 1
    assert_refused(write_with(tmp_path / "mnist.npz", pixels, **{name: other}))


def test_digits_in_another_order_are_refused(tmp_path, pixels):
    swapped = {"x_test": pixels["x_test"][::-1], "y_test": pixels["y_test"][::-1]}
    assert_refused(write_with(tmp_path / "mnist.npz", pixels, **swapped))


@pytest.mark.parametrize(
    "other",
    [
        np.zeros((60000, 28, 27), np.uint8),
        np.zeros((59999, 28, 28), np.uint8),
        np.zeros((60001, 28, 28), np.uint8),
        np.zeros((60000, 784), np.uint8),
        np.zeros((28, 28), np.uint8),
        np.zeros((60000, 28, 28), np.int8),
        np.array("digits"),
        np.zeros(0),
    ],
    ids=lambda array: f"{array.dtype} {array.shape}",
)
def test_an_array_of_another_shape_or_type_is_refused(tmp_path, other):
    assert_refused(write_with(tmp_path / "mnist.npz", {}, x_train=other))


def test_the_same_numbers_with_rows_and_columns_swapped_are_refused(tmp_path, pixels):
    assert_refused(write_with(tmp_path / "mnist.npz", pixels, x_train=np.asfortranarray(pixels["x_train"])))


@pytest.mark.parametrize("name", ["x_train", "y_train", "x_test", "y_test"])
def test_an_archive_without_one_of_the_arrays_is_refused(tmp_path, pixels, name):
    rest = {other: array for other, array in pixels.items() if other != name}
    assert_refused(write_with(tmp_path / "mnist.npz", rest))


@pytest.mark.parametrize("change", [lambda array: array.reshape(60000, 784), lambda array: array.view(np.int8)])
def test_the_right_bytes_called_something_else_are_refused(tmp_path, pixels, change):
    assert_refused(write_with(tmp_path / "mnist.npz", pixels, x_train=change(pixels["x_train"])))


def test_an_array_that_is_shorter_or_longer_than_it_says_is_refused(tmp_path, pixels):
    for extra in (-784, -1, 1, 784):
        content = io.BytesIO()
        np.save(content, pixels["x_train"])
        with zipfile.ZipFile(tmp_path / "mnist.npz", "w") as archive:
            archive.writestr("x_train.npy", (content.getvalue() + bytes(784))[: len(content.getvalue()) + extra])
        assert_refused(tmp_path / "mnist.npz")


def test_an_array_whose_header_is_nonsense_is_refused(tmp_path):
    header = b"{'descr': '|u1', 'fortran_order': False, 'shape': (60000, 28, 28), ".ljust(117) + b"\n"
    with zipfile.ZipFile(tmp_path / "mnist.npz", "w") as archive:
        archive.writestr("x_train.npy", b"\x93NUMPY\x01\x00\x76\x00" + header)
    assert_refused(tmp_path / "mnist.npz")


def test_an_archive_that_is_marked_as_packed_in_another_way_is_refused(tmp_path, bundled_bytes):
    damaged = bytearray(bundled_bytes)
    with zipfile.ZipFile(BUNDLED_MNIST) as archive:
        damaged[archive.start_dir + 10] = zipfile.ZIP_LZMA
    (tmp_path / "mnist.npz").write_bytes(damaged)
    assert_refused(tmp_path / "mnist.npz")


def test_the_file_is_free_again_after_a_refusal(tmp_path, bundled_bytes):
    path = tmp_path / "mnist.npz"
    path.write_bytes(bundled_bytes[:1000])
    assert_refused(path)
    shutil.copy(BUNDLED_MNIST, path)
    load_mnist(path)


# Progress


def test_the_share_that_is_read_rises_to_one():
    shares = []
    load_mnist(on_progress=shares.append)
    assert len(shares) >= 10
    assert all(0 < earlier < later for earlier, later in pairwise(shares))
    assert shares[-1] == 1


def test_an_exception_while_progress_is_told_cancels_the_loading():
    class Cancelled(Exception):
        pass

    shares = []

    def cancel(share):
        shares.append(share)
        if len(shares) == 3:
            raise Cancelled

    with pytest.raises(Cancelled):
        load_mnist(on_progress=cancel)
    assert len(shares) == 3
