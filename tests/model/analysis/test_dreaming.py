from itertools import islice

import numpy as np
import pytest

from model.analysis.dreaming import STEP, dream, log_probability_gradient
from model.network import Network
from model.training import TrainingConfig, train


@pytest.fixture(scope="module")
def trained(mnist):
    network = Network.initialize()
    for _ in train(network, mnist, TrainingConfig(epochs=1, learning_rate=0.03)):
        pass
    return network


def noise(seed=5):
    return np.random.default_rng(seed).random(784)


def log_probability(network, image, digit):
    return np.log(network.predict(image[None])[0, digit])


@pytest.mark.parametrize("digit", [0, 3, 9])
def test_the_gradient_is_that_of_finite_differences(digit):
    network, image, step = Network.initialize(dtype=np.float64), noise(), 1e-5
    for bias in network.biases:
        bias[:] = np.random.default_rng(digit).normal(size=bias.shape)
    gradient = log_probability_gradient(network, image, digit)
    for pixel in (0, 100, 406, 783):
        nudge = step * np.eye(784)[pixel]
        difference = log_probability(network, image + nudge, digit) - log_probability(network, image - nudge, digit)
        assert gradient[pixel] == pytest.approx(difference / (2 * step), rel=1e-5)


@pytest.mark.parametrize("digit", range(10))
def test_small_steps_make_the_network_surer_every_time(trained, digit):
    images = list(islice(dream(trained, noise(), digit, step=0.02), 100))
    probabilities = trained.predict(np.array(images))[:, digit]
    assert (np.diff(probabilities) > 0).all()


@pytest.mark.parametrize("digit", range(10))
def test_from_noise_a_trained_network_becomes_sure_of_anything(trained, digit):
    *_, image = islice(dream(trained, noise(), digit), 200)
    assert trained.predict_digit(image)[digit] > 0.99


@pytest.mark.parametrize("smooth", [False, True])
def test_images_stay_between_paper_and_full_ink(trained, smooth):
    for image in islice(dream(trained, noise(), 3, step=1.0, smooth=smooth), 50):
        assert image.shape == (784,)
        assert image.min() >= 0
        assert image.max() <= 1


def test_every_step_is_equally_long_until_pixels_reach_their_limits(trained):
    image = np.full(784, 0.5, np.float32)
    for after in islice(dream(trained, image, 7), 5):
        assert np.linalg.norm(after - image) == pytest.approx(STEP, rel=1e-4)
        image = after


def test_what_it_begins_with_is_not_changed(trained):
    image = noise().astype(np.float32)
    before = image.copy()
    next(dream(trained, image, 3))
    assert np.array_equal(image, before)


def test_where_no_pixel_may_go_further_the_image_stays():
    """Without hidden layers the gradient has one sign for each pixel: that of the weight."""
    weights = np.zeros((784, 10))
    weights[:400, 3], weights[400:, 3] = 1, -1
    best = (weights[:, 3] > 0).astype(float)
    assert np.array_equal(next(dream(Network([weights], [np.zeros(10)]), best, 3)), best)


def test_smoothness_lessens_the_difference_between_neighbours(trained):
    def roughness(image):
        pixels = image.reshape(28, 28)
        return np.abs(np.diff(pixels, axis=0)).mean() + np.abs(np.diff(pixels, axis=1)).mean()

    *_, rough = islice(dream(trained, noise(), 3), 100)
    *_, smooth = islice(dream(trained, noise(), 3, smooth=True), 100)
    assert roughness(smooth) < roughness(rough) / 2
    assert trained.predict_digit(smooth)[3] > 0.9


def test_smoothing_is_a_mean_with_the_eight_neighbours():
    """A network that does not care leaves the image to the smoothing alone."""
    spot = np.zeros((28, 28))
    spot[10, 10] = 1
    (image,) = islice(dream(Network([np.zeros((784, 10))], [np.zeros(10)]), spot.reshape(-1), 3, smooth=True), 1)
    kernel = np.outer([1, 2, 1], [1, 2, 1]) / 16
    np.testing.assert_allclose(image.reshape(28, 28)[9:12, 9:12], 0.9 * spot[9:12, 9:12] + 0.1 * kernel)
