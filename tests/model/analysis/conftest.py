"""An update that is small enough to be done by hand."""

import numpy as np
import pytest

from model.analysis.single_update import Update, one_update
from model.network import Network

SIZES = (3, 4, 2, 3)


@pytest.fixture(scope="module")
def update() -> Update:
    network = Network.initialize(SIZES, dtype=np.float64)
    network.biases = [np.linspace(-0.5, 0.5, len(bias)) for bias in network.biases]
    return one_update(network, np.array([0.25, 0.5, 1.0]), 1, 0.1)
