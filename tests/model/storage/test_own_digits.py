import zipfile
from pathlib import Path

import numpy as np
import pytest

from model.storage.own_digits import MOST_DIGITS, DigitsFileError, OwnDigit, as_arrays, open_digits, save_digits


@pytest.fixture
def digits() -> tuple[OwnDigit, ...]:
    random = np.random.default_rng(1)
    return tuple(OwnDigit.of(random.random((28, 28)), label) for label in (3, None, 0, 9))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "digits.npz"


def write(path: Path, **changes: object) -> None:
    arrays = {"format": 1, "images": np.zeros((2, 28, 28), np.uint8), "labels": np.array([1, 2])} | changes
    np.savez(path, **{name: array for name, array in arrays.items() if array is not None})


def test_what_is_saved_is_opened(path: Path, digits: tuple[OwnDigit, ...]) -> None:
    save_digits(path, digits)
    assert open_digits(path) == digits
    save_digits(path, ())
    assert open_digits(path) == ()


def test_numpy_alone_reads_it(path: Path, digits: tuple[OwnDigit, ...]) -> None:
    save_digits(path, digits)
    with np.load(path, allow_pickle=False) as arrays:
        assert arrays["images"].shape == (4, 28, 28)
        assert arrays["labels"].tolist() == [3, -1, 0, 9]
        assert arrays["images"][2].tobytes() == digits[2].pixels


def test_pixels_are_rounded_to_the_256_steps_of_mnist() -> None:
    digit = OwnDigit.of(np.linspace(0, 1, 784, dtype=np.float32), 5)
    assert np.abs(digit.image.reshape(-1) / 255 - np.linspace(0, 1, 784)).max() <= 0.5 / 255 + 1e-6


def test_only_those_with_a_label_can_be_evaluated(digits: tuple[OwnDigit, ...]) -> None:
    images, labels = as_arrays(digits)
    assert (images.shape, images.dtype) == ((3, 784), np.uint8)
    assert labels.tolist() == [3, 0, 9]
    assert images[1].tobytes() == digits[2].pixels
    assert as_arrays(())[0].shape == (0, 784)


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"labels": None}, "no collection"),
        ({"format": 2}, "later version"),
        ({"images": np.zeros((2, 28, 27), np.uint8)}, "something else"),
        ({"images": np.zeros((2, 28, 28))}, "something else"),
        ({"images": np.zeros((3, 28, 28), np.uint8)}, "something else"),
        ({"labels": np.array([1, 10])}, "labels other"),
        ({"labels": np.array([1, -2])}, "labels other"),
        ({"labels": np.array([1.0, 2.0])}, "something else than labels"),
        ({"images": np.zeros((5000, 28, 28), np.uint8)}, f"at most {MOST_DIGITS:,}"),
        ({"labels": np.array([{}, {}], object)}, "damaged"),
    ],
)
def test_other_contents_are_refused_in_a_sentence(path: Path, changes: dict[str, object], what: str) -> None:
    write(path, **changes)
    with pytest.raises(DigitsFileError, match=what) as caught:
        open_digits(path)
    assert str(caught.value).startswith(path.name)
    assert str(caught.value).endswith("Choose another file.")


@pytest.mark.parametrize("share", [0, 0.3, 0.9, 0.999])
def test_a_truncated_file_is_refused(path: Path, digits: tuple[OwnDigit, ...], share: float) -> None:
    save_digits(path, digits)
    whole = path.read_bytes()
    path.write_bytes(whole[: int(share * len(whole))])
    with pytest.raises(DigitsFileError, match="damaged"):
        open_digits(path)


def test_a_flipped_byte_is_noticed(path: Path, digits: tuple[OwnDigit, ...]) -> None:
    save_digits(path, digits)
    whole = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        whole[archive.getinfo("images.npy").header_offset + 400] ^= 255
    path.write_bytes(whole)
    with pytest.raises(DigitsFileError, match="damaged"):
        open_digits(path)


def test_a_missing_file_is_told(path: Path) -> None:
    with pytest.raises(DigitsFileError, match="There is no file"):
        open_digits(path)
