"""Ways to train the same network on the same samples, one update a sample: this project's, and what else there is.

Each is written the way its library is usually used; only the Numba loop has been tuned, as it gained much by it. The
type is that of the network they are given, but for JAX, PyTorch and Keras, which are written for float32. Libraries
that are not installed are not needed until they are used.
"""

import importlib.util
import os
from collections.abc import Callable
from functools import cache
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from model.network import Network
from model.sequential_sgd import SequentialSGD
from model.training import SAMPLES_A_STEP

Array = NDArray[Any]


class Contender(Protocol):
    """Made from a network, of which it takes a copy, and a learning rate."""

    def restart(self, network: Network) -> None:
        """Forget what was learned, but not what was compiled."""

    def learn(self, images: Array, labels: Array) -> None:
        """One update a sample, in order; (samples, n_in) and (samples,)."""

    def network(self) -> Network:
        """What was learned."""


class _OnItsOwnNetwork:
    """One that updates the arrays of a network of the project's."""

    def __init__(self, network: Network, learning_rate: float) -> None:
        self._learning_rate = network.dtype.type(learning_rate)
        self.restart(network)

    def restart(self, network: Network) -> None:
        self._network = network.copy()

    def network(self) -> Network:
        return self._network


class Solver(_OnItsOwnNetwork):
    """What the program itself uses, in the steps in which the program asks for it."""

    def restart(self, network: Network) -> None:
        super().restart(network)
        self._sgd = SequentialSGD(self._network, self._learning_rate)

    def learn(self, images: Array, labels: Array) -> None:
        self._sgd.start(images, labels)
        for start in range(0, len(images), SAMPLES_A_STEP):
            self._sgd.learn(min(SAMPLES_A_STEP, len(images) - start))


class Loop(_OnItsOwnNetwork):
    """The straightforward loop, as a student would write it from the formulas."""

    def learn(self, images: Array, labels: Array) -> None:
        with np.errstate(over="ignore", invalid="ignore"):  # in the branch of the sigmoid that is not taken
            for image, label in zip(images.astype(self._network.dtype), labels, strict=True):
                self._learn_from(image, label)

    def _learn_from(self, image: Array, label: int) -> None:
        weights, biases = self._network.weights, self._network.biases
        activations = [image]
        for w, b in zip(weights[:-1], biases[:-1], strict=True):
            activations.append(_sigmoid(activations[-1] @ w + b))
        delta = _softmax(activations[-1] @ weights[-1] + biases[-1])
        delta[label] -= 1
        gradients = []
        for w, a in zip(reversed(weights), reversed(activations), strict=True):
            gradients.append((np.outer(a, delta), delta))
            if a is not image:
                delta = (w @ delta) * a * (1 - a)
        for w, b, (w_gradient, b_gradient) in zip(weights, biases, reversed(gradients), strict=True):
            w -= self._learning_rate * w_gradient
            b -= self._learning_rate * b_gradient


def _sigmoid(z: Array) -> Array:
    return np.where(z >= 0, 1 / (1 + np.exp(-z)), np.exp(z) / (1 + np.exp(z)))


def _softmax(z: Array) -> Array:
    e = np.exp(z - z.max())
    return e / e.sum()


class LeanLoop(Loop):
    """The same without what can be left out: each exponential is taken once, no gradient is kept."""

    def _learn_from(self, image: Array, label: int) -> None:
        weights, biases = self._network.weights, self._network.biases
        activations = [image]
        for w, b in zip(weights[:-1], biases[:-1], strict=True):
            activations.append(_lean_sigmoid(activations[-1] @ w + b))
        delta = _softmax(activations[-1] @ weights[-1] + biases[-1])
        delta[label] -= 1
        for k in range(len(weights) - 1, -1, -1):
            a = activations[k]
            input_gradient = weights[k] @ delta if k > 0 else None
            weights[k] -= self._learning_rate * np.outer(a, delta)
            biases[k] -= self._learning_rate * delta
            if input_gradient is not None:
                delta = input_gradient * a * (1 - a)


def _lean_sigmoid(z: Array) -> Array:
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1 / (1 + e), e / (1 + e))


class Keras:
    """`fit` with a batch size of 1."""

    def __init__(self, network: Network, learning_rate: float) -> None:
        os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
        os.environ["TF_CPP_MIN_LOG_LEVEL"] = "2"
        import tensorflow as tf

        if not tf.config.threading.get_intra_op_parallelism_threads():
            tf.config.threading.set_intra_op_parallelism_threads(1)
            tf.config.threading.set_inter_op_parallelism_threads(1)
        first, *hidden, last = network.layer_sizes
        layers = [tf.keras.layers.Dense(size, activation="sigmoid") for size in hidden]
        self._model = tf.keras.Sequential([tf.keras.Input((first,)), *layers, tf.keras.layers.Dense(last)])
        self._model.compile(
            optimizer=tf.keras.optimizers.SGD(learning_rate),
            loss=tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        )
        self.restart(network)

    def restart(self, network: Network) -> None:
        self._model.set_weights([array for pair in _pairs(network) for array in pair])

    def learn(self, images: Array, labels: Array) -> None:
        self._model.fit(images, labels, batch_size=1, shuffle=False, verbose=0)

    def network(self) -> Network:
        arrays = self._model.get_weights()
        return Network(arrays[::2], arrays[1::2])


class ScikitLearn:
    """`MLPClassifier.partial_fit` with a batch size of 1."""

    def __init__(self, network: Network, learning_rate: float) -> None:
        from sklearn.neural_network import MLPClassifier

        first, *hidden, last = network.layer_sizes
        self._classifier = MLPClassifier(
            hidden,
            activation="logistic",
            solver="sgd",
            alpha=0,
            batch_size=1,
            learning_rate_init=learning_rate,
            shuffle=False,
            momentum=0,
            nesterovs_momentum=False,
        )
        # It has weights, which can then be replaced, only once it has seen a sample.
        self._classifier.partial_fit(np.zeros((1, first), network.dtype), [0], classes=range(last))
        self.restart(network)

    def restart(self, network: Network) -> None:
        self._classifier.coefs_ = [weights.copy() for weights in network.weights]
        self._classifier.intercepts_ = [bias.copy() for bias in network.biases]

    def learn(self, images: Array, labels: Array) -> None:
        self._classifier.partial_fit(images, labels)

    def network(self) -> Network:
        return Network(self._classifier.coefs_, self._classifier.intercepts_)


class PyTorch:
    """The usual training loop, not compiled, with a batch size of 1."""

    def __init__(self, network: Network, learning_rate: float) -> None:
        import torch

        torch.set_num_threads(1)
        self._torch = torch
        self._linear = [torch.nn.Linear(*weights.shape) for weights in network.weights]
        hidden = [module for linear in self._linear[:-1] for module in (linear, torch.nn.Sigmoid())]
        self._model = torch.nn.Sequential(*hidden, self._linear[-1])
        self._loss = torch.nn.CrossEntropyLoss()
        self._optimizer = torch.optim.SGD(self._model.parameters(), lr=learning_rate)
        self.restart(network)

    def restart(self, network: Network) -> None:
        with self._torch.no_grad():
            for linear, (weights, bias) in zip(self._linear, _pairs(network), strict=True):
                linear.weight.copy_(self._torch.from_numpy(weights.T))
                linear.bias.copy_(self._torch.from_numpy(bias))

    def learn(self, images: Array, labels: Array) -> None:
        samples = zip(self._torch.tensor(images).split(1), self._torch.tensor(labels).split(1), strict=True)
        for image, label in samples:
            self._optimizer.zero_grad()
            self._loss(self._model(image), label).backward()
            self._optimizer.step()

    def network(self) -> Network:
        return Network(
            [linear.weight.detach().numpy().T.copy() for linear in self._linear],
            [linear.bias.detach().numpy().copy() for linear in self._linear],
        )


class Jax:
    """A scan over the samples, compiled as a whole."""

    def __init__(self, network: Network, learning_rate: float) -> None:
        os.environ["JAX_PLATFORMS"] = "cpu"
        os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false"
        import jax

        def loss(layers: Any, image: Any, label: Any) -> Any:
            for weights, bias in layers[:-1]:
                image = jax.nn.sigmoid(image @ weights + bias)
            weights, bias = layers[-1]
            return -jax.nn.log_softmax(image @ weights + bias)[label]

        def update(layers: Any, sample: Any) -> Any:
            gradients = jax.grad(loss)(layers, *sample)
            return jax.tree.map(lambda value, gradient: value - learning_rate * gradient, layers, gradients), None

        self._scan = jax.jit(lambda layers, images, labels: jax.lax.scan(update, layers, (images, labels))[0])
        self.restart(network)

    def restart(self, network: Network) -> None:
        self._layers: Any = _pairs(network.copy())

    def learn(self, images: Array, labels: Array) -> None:
        self._layers = self._scan(self._layers, images, labels)
        for weights, bias in self._layers:  # it returns before it has computed them
            weights.block_until_ready()
            bias.block_until_ready()

    def network(self) -> Network:
        return Network(*([np.asarray(array) for array in arrays] for arrays in zip(*self._layers, strict=True)))


class Numba(_OnItsOwnNetwork):
    """A loop over single numbers, compiled, which leaves out the pixels that are zero: four of five."""

    def learn(self, images: Array, labels: Array) -> None:
        weights, biases = tuple(self._network.weights), tuple(self._network.biases)
        _compiled_loop()(weights, biases, images.astype(self._network.dtype), labels, self._learning_rate)


@cache
def _compiled_loop() -> Callable[..., None]:
    import numba

    return numba.njit(_loop_over_numbers)


def _loop_over_numbers(weights: Any, biases: Any, images: Array, labels: Array, learning_rate: Any) -> None:
    depth, widest = len(weights), max([len(bias) for bias in biases])
    activations = np.zeros((depth + 1, max(widest, images.shape[1])), images.dtype)
    deltas = np.zeros((depth + 1, widest), images.dtype)
    for sample in range(len(images)):
        activations[0, : images.shape[1]] = images[sample]
        for k in range(depth):
            a, z, w = activations[k], activations[k + 1], weights[k]
            z[: len(biases[k])] = biases[k]
            for i in range(w.shape[0]):
                if a[i] != 0:
                    for j in range(w.shape[1]):
                        z[j] += a[i] * w[i, j]
            if k < depth - 1:
                for j in range(w.shape[1]):
                    z[j] = 1 / (1 + np.exp(-z[j]))
        exponentials = np.exp(z[: w.shape[1]] - z[: w.shape[1]].max())
        deltas[depth, : w.shape[1]] = exponentials / exponentials.sum()
        deltas[depth, labels[sample]] -= 1
        for k in range(depth - 1, -1, -1):
            a, delta, w = activations[k], deltas[k + 1], weights[k]
            if k > 0:
                for i in range(w.shape[0]):
                    deltas[k, i] = 0
                    for j in range(w.shape[1]):
                        deltas[k, i] += w[i, j] * delta[j]
                    deltas[k, i] *= a[i] * (1 - a[i])
            for i in range(w.shape[0]):
                if a[i] != 0:
                    for j in range(w.shape[1]):
                        w[i, j] -= learning_rate * a[i] * delta[j]
            for j in range(w.shape[1]):
                biases[k][j] -= learning_rate * delta[j]


def _pairs(network: Network) -> list[tuple[Array, Array]]:
    return list(zip(network.weights, network.biases, strict=True))


def is_installed(module: str) -> bool:
    return importlib.util.find_spec(module) is not None
