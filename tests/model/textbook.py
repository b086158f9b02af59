"""What several tests compare the model with: the plain formulas, one sample at a time, and small sets of samples."""

import numpy as np

from model.backpropagation import gradients
from model.dataset import Dataset
from model.network import Network


def toy_dataset(training=1300, test=40, pixels=6, classes=3, seed=1):
    """Random images whose label is the brightest of the first few pixels."""
    images = np.random.default_rng(seed).random((training + test, pixels), np.float32)
    labels = images[:, :classes].argmax(axis=1)
    return Dataset(images[:training], labels[:training], images[training:], labels[training:])


def arrays_of(network):
    return [*network.weights, *network.biases]


def same_bits(one, other):
    pairs = zip(arrays_of(one), arrays_of(other), strict=True)
    return all(a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes() for a, b in pairs)


def assert_close(one, other, rtol=1e-9):
    for actual, expected in zip(arrays_of(one), arrays_of(other), strict=True):
        np.testing.assert_allclose(actual, expected, rtol=rtol, atol=rtol * np.abs(expected).max())


def learn_by_the_book(network: Network, images, labels, learning_rate):
    """W ← W − η ∂L/∂W after every sample; what the network answered to each before its own update."""
    answers = []
    for image, label in zip(images, labels, strict=True):
        answers.append(network.predict(image))
        of_this_sample = gradients(network, image, int(label))
        for parameters, gradient in zip(arrays_of(network), arrays_of(of_this_sample), strict=True):
            parameters -= learning_rate * gradient
    return np.array(answers)
