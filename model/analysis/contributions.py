"""What each neuron adds to each neuron of the next layer.

A pre-activation is a sum, z_j = b_j + Σ_i a_i w_ij. Its terms a_i w_ij, activation × weight, are what came over each
connection for one image; kept one by one instead of summed up, they show the path that the image takes.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.network import Network


@dataclass(frozen=True, eq=False)
class ForwardPass:
    """One image on its way through a network. Layer 0 is the image, the last layer the probabilities."""

    network: Network
    activations: tuple[NDArray[np.floating], ...]  # of every layer, each (neurons,)
    contributions: tuple[NDArray[np.floating], ...]  # [k] are those of layer k to layer k + 1, (n_in, n_out)

    def pre_activation(self, layer: int, neuron: int) -> float:
        """The bias and all contributions to a neuron summed up; in the last layer it is the logit of a class."""
        return float(self.network.biases[layer - 1][neuron] + self.contributions[layer - 1][:, neuron].sum())


def forward_pass(network: Network, image: NDArray[np.floating]) -> ForwardPass:
    """Send an image, (n_in,), through a network and keep every term of every sum."""
    activations = (image, *network.forward(image))
    contributions = [activations[k][:, np.newaxis] * network.weights[k] for k in range(len(network.weights))]
    return ForwardPass(network, activations, tuple(contributions))


def strongest(contributions: NDArray[np.floating], count: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Which of the contributions, (n_in, n_out), are the `count` largest in size: their rows and their columns.

    The weakest of them comes first. Connections over which nothing came are left out.
    """
    sizes = np.abs(contributions).ravel()
    largest = np.flatnonzero(sizes)  # most pixels are paper, and partitioning takes long among many equal numbers
    if len(largest) > count:
        largest = largest[np.argpartition(sizes[largest], -count)[-count:]]
    rows, columns = np.unravel_index(largest[np.argsort(sizes[largest], kind="stable")], contributions.shape)
    return rows, columns
