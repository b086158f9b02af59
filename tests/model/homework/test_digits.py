"""The first digits of MNIST, against all of them."""

import numpy as np
import pytest

from model.dataset import BUNDLED_MNIST, DatasetError
from model.homework.digits import first_digits


@pytest.mark.parametrize(("train", "test"), [(256, 64), (1, 0)])
def test_they_are_the_first_of_each_set(mnist, train, test):
    digits = first_digits(train, test)
    assert digits.train_images.shape == (train, 28, 28)
    assert digits.test_images.shape == (test, 28, 28)
    pixels = digits.train_images.reshape(train, 784) / np.float32(255)
    np.testing.assert_array_equal(pixels, mnist.train_images[:train])
    np.testing.assert_array_equal(digits.train_labels, mnist.train_labels[:train])
    np.testing.assert_array_equal(digits.test_labels, mnist.test_labels[:test])


def test_all_of_them(mnist):
    digits = first_digits(60000, 10000)
    assert digits.train_images.shape == (60000, 28, 28)
    np.testing.assert_array_equal(digits.test_labels, mnist.test_labels)
    np.testing.assert_array_equal(digits.train_images[-1].ravel() / np.float32(255), mnist.train_images[-1])


def test_more_than_there_are_is_all():
    assert len(first_digits(0, 20000).test_images) == 10000


def test_they_are_bytes_that_may_be_changed():
    digits = first_digits(2, 2)
    for array in (digits.train_images, digits.train_labels, digits.test_images, digits.test_labels):
        assert array.dtype == np.uint8
        array += 1


@pytest.mark.parametrize("kept", [0, 1000, 2_000_000])
def test_a_damaged_file_is_a_sentence(tmp_path, kept):
    path = tmp_path / "mnist.npz"
    path.write_bytes(BUNDLED_MNIST.read_bytes()[:kept])
    with pytest.raises(DatasetError, match=r"damaged.*\.$"):
        first_digits(path=path)


def test_other_arrays_are_a_sentence(tmp_path):
    path = tmp_path / "mnist.npz"
    np.savez(path, x_train=np.zeros((5, 28, 28)))
    with pytest.raises(DatasetError, match="does not hold MNIST"):
        first_digits(path=path)


def test_a_missing_file_is_a_sentence(tmp_path):
    with pytest.raises(DatasetError, match="digits are missing"):
        first_digits(path=tmp_path / "mnist.npz")
