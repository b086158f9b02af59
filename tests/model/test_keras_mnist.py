"""TensorFlow is played by a package of a few lines, so that nothing is downloaded and nothing need be installed."""

import os
import subprocess
from pathlib import Path

import numpy as np
import pytest

from model.dataset import BUNDLED_MNIST, load_mnist
from model.keras_mnist import command

PROJECT = Path(__file__).parents[2]

LOADS_MNIST = f"""
    import numpy
    with numpy.load({str(BUNDLED_MNIST)!r}) as arrays:
        return (arrays["x_train"], arrays["y_train"]), (arrays["x_test"], arrays["y_test"])
"""
NO_NETWORK = """
    raise Exception("URL fetch failure on https://example.org/mnist.npz: None -- [Errno -3] Temporary\\n  failure")
"""


@pytest.fixture
def fetched(tmp_path):
    return tmp_path / "mnist.npz"


def tensorflow(load_data):
    """A package whose `tf.keras.datasets.mnist.load_data` has this body."""
    return f"class mnist:\n  def load_data(path):\n{load_data}\nclass datasets:\n  mnist = mnist\n" + (
        "class keras:\n  datasets = datasets\n"
    )


def fetch(destination, package, **environment):
    """Run the command as the window does, with a package in place of TensorFlow."""
    packages = destination.parent / "packages"
    (packages / "tensorflow").mkdir(parents=True)
    (packages / "tensorflow" / "__init__.py").write_text(package)
    surroundings = os.environ | {"PYTHONPATH": str(packages), "PYTHONIOENCODING": "utf-8"} | environment
    return subprocess.run(
        command(destination), cwd=PROJECT, env=surroundings, capture_output=True, encoding="utf-8", timeout=60
    )


def reason(run):
    """The sentence with which a fetch failed."""
    assert run.returncode == 1
    assert "Traceback" not in run.stderr
    return run.stderr.strip().splitlines()[-1]


def test_what_keras_loads_is_accepted_as_mnist(fetched, mnist):
    run = fetch(fetched, tensorflow(LOADS_MNIST))
    assert (run.returncode, run.stderr) == (0, "")
    dataset = load_mnist(fetched)
    np.testing.assert_array_equal(dataset.train_images, mnist.train_images)
    np.testing.assert_array_equal(dataset.test_labels, mnist.test_labels)


def test_it_says_what_it_is_doing(fetched):
    said = fetch(fetched, tensorflow(NO_NETWORK)).stdout.splitlines()
    assert len(said) == 2
    assert all("TensorFlow" in line or "keras" in line for line in said)
    assert all(line.endswith("…") for line in said)


def test_a_download_that_fails_is_a_sentence_with_the_reason(fetched):
    sentence = reason(fetch(fetched, tensorflow(NO_NETWORK)))
    assert "could not load MNIST" in sentence
    assert "URL fetch failure on https://example.org/mnist.npz: None -- [Errno -3] Temporary failure" in sentence
    assert not fetched.exists()


@pytest.mark.parametrize(
    "error",
    [
        "ImportError('DLL load failed')",
        "RuntimeError('DLL load failed')",
        "ImportError('Traceback:\\n  ImportError: DLL load failed\\n\\nInclude the entire stack trace above.')",
    ],
)
def test_without_a_tensorflow_that_starts_there_is_a_sentence(fetched, error):
    sentence = fetch(fetched, f"raise {error}").stderr.strip().splitlines()[-1]
    assert "TensorFlow is not installed" in sentence
    assert "DLL load failed" in sentence


def test_something_else_than_two_pairs_of_arrays_is_a_failure(fetched):
    assert "could not load MNIST" in reason(fetch(fetched, tensorflow("    return None")))


def test_a_file_that_cannot_be_written_is_a_sentence(fetched):
    fetched.mkdir()
    assert str(fetched) in reason(fetch(fetched, tensorflow(LOADS_MNIST)))


def test_other_digits_than_mnists_are_refused(fetched):
    sentence = reason(fetch(fetched, tensorflow(LOADS_MNIST.replace('arrays["y_test"]', 'arrays["y_test"][::-1]'))))
    assert "not MNIST as it was published" in sentence
    assert not fetched.exists()


def test_an_encoding_without_an_ellipsis_does_not_stop_it(fetched):
    sentence = reason(fetch(fetched, tensorflow(NO_NETWORK), PYTHONIOENCODING="latin-1"))
    assert "URL fetch failure" in sentence
