import pytest

from model.dataset import load_mnist


@pytest.fixture(scope="session")
def mnist():
    return load_mnist()
