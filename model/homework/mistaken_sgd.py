"""Training with a mistake on purpose: the loop of `model/plain_sgd.py` in which one array is what people write instead.

Where the mistake is made, the hypothesis of that name is taken, the very one by which the judge knows it in somebody's
program; everywhere else the right one. Mistakes of the update are other factors of the gradients.

A network that gets pixels from 0 to 255 is kept as the one that does the same with pixels from 0 to 1, as everything
else in this program has them: its first weights are 255 times as large, and their updates 255² times.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.activations import SIGMOID, sigmoid, softmax
from model.dataset import as_floats
from model.homework.chosen_mistake import (
    OF_BIAS_GRADIENT,
    OF_CARRIED_ERROR,
    OF_INPUT,
    OF_OUTPUT,
    OF_SLOPE,
    SCALE,
    ChosenMistake,
    layers_of,
)
from model.homework.hypotheses import (
    Array,
    Hypothesis,
    Layer,
    bias_gradients,
    carried_errors,
    inputs,
    output_deltas,
    slopes,
)
from model.loss import one_hot
from model.network import Network

WHITE = 255  # the largest pixel, where it is not scaled
AT_A_TIME = 32  # samples: some milliseconds


def start_with(network: Network, mistake: ChosenMistake) -> Network:
    """A copy of an initial network, which is another one where the mistake is one of that."""
    changed = network.copy()
    for weights in changed.weights:
        if mistake.name == "zero-weights":
            weights[:] = 0
        elif mistake.name == "weights-too-large":  # drawn from N(0, 1) where it should be N(0, 1 / max(n_in, n_out))
            weights *= np.sqrt(max(weights.shape))
    if mistake.name == "pixels-not-scaled":
        changed.weights[0] *= WHITE
    return changed


class MistakenSGD:
    """Updates a network in place after each sample, with a mistake.

    What comes after a sample depends on the weights alone, except for gradients that pile up: they are kept until the
    next `start`.
    """

    def __init__(self, network: Network, learning_rate: float, mistake: ChosenMistake) -> None:
        self._network = network
        self._mistake = mistake
        self._layers = layers_of(mistake, network.layer_sizes)
        with np.errstate(over="ignore"):  # a rate that is too large for the type diverges like any other
            self._rates = _rates(mistake, self._layers, network, network.dtype.type(learning_rate))

    def start(self, images: NDArray[Any], labels: NDArray[np.integer], position: int = 0) -> None:
        """Learn from these samples next, (samples, n_in) and (samples,), in order, from the one at `position` on."""
        self._images = images
        self._targets = one_hot(labels, self._network.layer_sizes[-1]).astype(self._network.dtype)
        self._position = position
        parameters = (*self._network.weights, *self._network.biases)
        self._piled_up = [np.zeros_like(each) for each in parameters] if self._mistake.name == "state-kept" else []

    def samples_within(self, work: int, most: int) -> int:
        """How many samples to learn from at a time: few, whatever work there is to a sample."""
        return min(most, AT_A_TIME)

    def learn(self, count: int) -> Array:
        """Learn from the next samples, no more than are left; the probabilities that were predicted, (count, classes).

        Those of a sample are from before its own update. Ends early, after the sample whose update leaves the network
        unusable.
        """
        samples = slice(self._position, self._position + count)
        images, targets = as_floats(self._images[samples], self._network.dtype), self._targets[samples]
        predicted = []
        with np.errstate(all="ignore"):  # the caller checks the weights
            for image, target in zip(images, targets, strict=True):
                predicted.append(self._learn_one(image[np.newaxis], target[np.newaxis]))
                if not self._network.is_usable():
                    break
        self._position += len(predicted)
        return np.concatenate(predicted)

    def _learn_one(self, x: Array, y: Array) -> Array:
        """One update for one image, (1, n_in), and its one-hot label; what was predicted before, (1, classes)."""
        weights, biases = self._network.weights, self._network.biases
        z: list[Array] = []
        a = [x]
        for k, (w, b) in enumerate(zip(weights, biases, strict=True), start=1):
            z.append(a[-1] @ w + b)
            a.append(sigmoid(z[-1]) if k < len(weights) else softmax(z[-1]))

        layer = Layer(len(weights), tuple(z), tuple(a), None, None, None)
        delta = self._taken(output_deltas(a[-1] - y, layer, y), layer, OF_OUTPUT)
        for k in range(len(weights), 0, -1):
            before = weights[k - 1].copy() if k > 1 else None  # over which the error goes back
            self._update(layer, delta)
            if before is not None:
                layer = Layer(k - 1, layer.pre_activations, layer.activations, before, weights[k - 1], SIGMOID)
                carried = self._taken(carried_errors(delta, layer), layer, OF_CARRIED_ERROR)
                delta = carried * self._taken(slopes(layer), layer, OF_SLOPE)
        return a[-1]

    def _update(self, layer: Layer, delta: Array) -> None:
        """W ← W − η aᵀ δ and b ← b − η δ for one layer, but for the mistake."""
        # np.dot, because @ takes several times as long for a single sample.
        gradient = np.dot(self._taken(inputs(layer), layer, OF_INPUT).T, delta)
        if self._mistake.name == "outer-reversed" and layer.index in self._layers:
            gradient = gradient.T
        of_bias = self._taken(bias_gradients(delta), layer, OF_BIAS_GRADIENT)
        layers = len(self._network.weights)
        for parameters, place, step in (
            (self._network.weights, layer.index - 1, gradient),
            (self._network.biases, layers + layer.index - 1, of_bias),
        ):
            if self._piled_up:
                self._piled_up[place] += step
                step = self._piled_up[place]
            if self._rates[place]:
                parameters[layer.index - 1] -= self._rates[place] * step

    def _taken(self, hypotheses: Iterator[Hypothesis], layer: Layer, names: Sequence[str]) -> Array:
        """The right array, which is the first, or the wrong one if the mistake is made just here."""
        if self._mistake.name not in names or layer.index not in self._layers:
            return next(hypotheses).value
        wanted = (self._mistake.name,)
        return next(hypothesis.value for hypothesis in hypotheses if hypothesis.mistakes == wanted)


def _rates(mistake: ChosenMistake, layers: Iterable[int], network: Network, rate: np.floating) -> list[np.floating]:
    """How far the weights of each layer, and then the biases of each, are moved along the negative gradient."""
    one = network.dtype.type(1)
    of_all = {"sign": -rate, "rate-ignored": one, "no-update": 0 * one}.get(mistake.name, rate)
    weights = [of_all] * len(network.weights)
    biases = list(weights)
    if mistake.name == "pixels-not-scaled":
        weights[0] = rate * network.dtype.type(WHITE**2)
    for k in layers:
        if mistake.name == "scaled":
            weights[k - 1], biases[k - 1] = SCALE * rate, SCALE * rate
        elif mistake.name == "bias-frozen":
            biases[k - 1] = 0 * one
    return [*weights, *biases]
