import os

import pytest
from hypothesis import settings

import model  # noqa: F401  # keeps BLAS to one thread, and so stands before whatever imports NumPy, as in main.py
from model.dataset import Dataset, load_mnist

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # a hundred child processes need not compile the program each

settings.register_profile("patient", deadline=None)  # how long an example takes says more of what else is running
settings.load_profile("patient")


@pytest.fixture(scope="session")
def mnist() -> Dataset:
    """All digits, read once for all tests."""
    return load_mnist()
