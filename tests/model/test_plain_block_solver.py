import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.network import Network
from model.plain_block_solver import train_on_block
from model.sequential_sgd import LARGEST_BLOCK, SequentialSGD
from tests.model.textbook import assert_close, learn_by_the_book, toy_dataset


@settings(deadline=None, max_examples=40, derandomize=True)
@given(
    hidden=st.lists(st.integers(1, 9), max_size=3),
    learning_rate=st.floats(1e-4, 2),
    samples=st.integers(1, LARGEST_BLOCK),
    seed=st.integers(0, 1000),
)
def test_the_formulas_the_fast_solver_and_the_textbook_agree(hidden, learning_rate, samples, seed):
    dataset = toy_dataset(samples, seed=seed)
    images, labels = dataset.train_images.astype(np.float64), dataset.train_labels
    by_formulas = Network.initialize((6, *hidden, 3), seed, np.float64)
    by_the_fast_solver, by_the_book = by_formulas.copy(), by_formulas.copy()

    probabilities = train_on_block(by_formulas, images, labels, learning_rate)
    fast = SequentialSGD(by_the_fast_solver, learning_rate)
    fast.start(images, labels)
    np.testing.assert_allclose(probabilities, fast.learn(samples), rtol=1e-9)
    assert_close(by_formulas, by_the_fast_solver)
    np.testing.assert_allclose(probabilities, learn_by_the_book(by_the_book, images, labels, learning_rate), rtol=1e-9)
    assert_close(by_formulas, by_the_book)


@pytest.mark.parametrize("learning_rate", [0.003, 1.0])
def test_they_agree_on_real_digits(mnist, learning_rate):
    images, labels = mnist.train_images[:LARGEST_BLOCK].astype(np.float64), mnist.train_labels[:LARGEST_BLOCK]
    by_formulas = Network.initialize(dtype=np.float64)
    by_the_fast_solver = by_formulas.copy()
    train_on_block(by_formulas, images, labels, learning_rate)
    fast = SequentialSGD(by_the_fast_solver, learning_rate)
    fast.start(images, labels)
    fast.learn(LARGEST_BLOCK)
    assert_close(by_formulas, by_the_fast_solver)
