"""What learners' programs import and open, in the words in which they do."""

import builtins
import os
import sys
import textwrap

import numpy as np
import pytest

from model.homework.digits import first_digits
from model.homework.stand_ins import AbsentPackage, stand_in


@pytest.fixture(scope="module")
def digits():
    return first_digits(60, 20)


@pytest.fixture
def run(digits, tmp_path, monkeypatch):
    """Runs a program in a folder of its own; its variables, with `replaced` among them."""
    learners, written = tmp_path / "learners", tmp_path / "written"
    learners.mkdir()
    written.mkdir()
    monkeypatch.chdir(learners)
    monkeypatch.syspath_prepend(learners)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)  # as in the child process

    def run(program):
        variables = {"np": np}
        before = os.listdir()
        with stand_in(digits, written) as replaced:
            exec(compile(textwrap.dedent(program), "program.py", "exec"), variables)
        assert os.listdir() == before
        return {**variables, "replaced": replaced}

    return run


@pytest.mark.parametrize(
    "program",
    [
        "import tensorflow as tf\n(x, y), (u, v) = tf.keras.datasets.mnist.load_data()",
        "from tensorflow.keras.datasets import mnist\n(x, y), (u, v) = mnist.load_data()",
        "from keras.datasets.mnist import load_data\n(x, y), (u, v) = load_data('mnist.npz')",
        "import keras\n(x, y), (u, v) = keras.datasets.mnist.load_data()",
    ],
)
def test_keras_loads_the_digits(run, digits, program):
    found = run(program)
    np.testing.assert_array_equal(found["x"], digits.train_images)
    np.testing.assert_array_equal(found["v"], digits.test_labels)
    assert len(found["replaced"]) == 1


def test_one_hot_labels(run):
    found = run("from tensorflow.keras.utils import to_categorical\ny = to_categorical([[1], [0]], num_classes=3)")
    np.testing.assert_array_equal(found["y"], [[0, 1, 0], [1, 0, 0]])


def test_plots_and_progress_bars_do_nothing(run):
    found = run("""
        import matplotlib, matplotlib.pyplot as plt, seaborn as sns
        from tqdm import tqdm
        from tqdm.notebook import trange
        from IPython.display import clear_output
        matplotlib.use("TkAgg")
        plt.rcParams["figure.figsize"] = (3, 4)
        figure, (left, right) = plt.subplots(1, 2)
        counts, edges, patches = plt.hist([1, 2])
        for axis in right.flat: axis.imshow()
        with plt.style.context("dark"): plt.show()
        sns.heatmap(1).set(title="x")
        clear_output(wait=True)
        display(figure)
        get_ipython().system("ls")
        bar = tqdm([1, 2, 3], desc="x")
        total = sum(bar) + sum(trange(4)) + len(bar)
        bar.set_postfix(loss=1)
    """)
    assert found["total"] == 6 + 6 + 3


def test_openml_as_scikit_learn_gives_it(run, digits):
    found = run("""
        from sklearn.datasets import fetch_openml
        from sklearn.model_selection import train_test_split
        X, y = fetch_openml("mnist_784", version=1, return_X_y=True, as_frame=False, parser="auto")
        bunch = fetch_openml("mnist_784")
        table = np.array(bunch.data / 255)
        labels = bunch["target"].astype(int).to_numpy()
        parts = train_test_split(X, y, test_size=10000, random_state=1)
    """)
    assert found["X"].shape == (80, 784)
    assert found["X"].dtype == np.float64
    np.testing.assert_array_equal(found["y"][:60], digits.train_labels.astype(str))
    np.testing.assert_array_equal(found["table"] * 255, found["X"])
    assert found["labels"][0] == digits.train_labels[0]
    assert [len(part) for part in found["parts"]] == [64, 16, 64, 16]


def test_preprocessing_of_scikit_learn(run):
    found = run("""
        from sklearn.preprocessing import LabelBinarizer, MinMaxScaler, OneHotEncoder, StandardScaler
        from sklearn.metrics import accuracy_score, confusion_matrix
        x = np.array([[0.0, 1], [2, 1]])
        standard = StandardScaler().fit_transform(x)
        scaled = MinMaxScaler().fit(x).transform(x)
        one_hot = OneHotEncoder().fit_transform(np.array([[2], [5]])).toarray()
        binary = LabelBinarizer().fit_transform(["a", "b"])
        accuracy = accuracy_score([1, 2], [1, 1])
        confusion = confusion_matrix([1, 2], [1, 1])
    """)
    np.testing.assert_array_equal(found["standard"], [[-1, 0], [1, 0]])
    np.testing.assert_array_equal(found["scaled"], [[0, 0], [1, 0]])
    np.testing.assert_array_equal(found["one_hot"], np.eye(2))
    np.testing.assert_array_equal(found["binary"], np.eye(2))
    assert found["accuracy"] == 0.5
    np.testing.assert_array_equal(found["confusion"], [[1, 0], [1, 0]])


@pytest.mark.parametrize(
    "expression",
    [
        "np.loadtxt('data/mnist_train.csv', delimiter=',')",
        "np.genfromtxt('train.csv', delimiter=',', skip_header=1)",
        "np.array([line.split(',') for line in open('mnist_train_100.csv')], float)",
        "pd.read_csv('/kaggle/input/train.csv').values",
        "np.array(pd.read_csv('mnist_train.csv', header=None))",
        "np.column_stack([table['label'], table.drop('label', axis=1)])",
        "np.column_stack([table.label, table.iloc[:, 1:]])",
        "np.column_stack([table.pop('label'), table.to_numpy()])",
        "pd.read_csv('train.csv').T.T",
    ],
)
def test_tables_of_digits(run, digits, expression):
    found = run(f"import pandas as pd\ntable = pd.read_csv('train.csv')\nx = {expression}")
    np.testing.assert_array_equal(found["x"][:, 0], digits.train_labels)
    np.testing.assert_array_equal(found["x"][:, 1:], digits.train_images.reshape(60, 784))


def test_the_test_set_of_kaggle_has_no_labels(run, digits):
    found = run("import pandas as pd\nx = pd.read_csv('test.csv').values")
    np.testing.assert_array_equal(found["x"], digits.test_images.reshape(20, 784))


@pytest.mark.parametrize(
    "expression",
    [
        "gzip.open('train-images-idx3-ubyte.gz').read()[16:]",
        "gzip.decompress(pathlib.Path('MNIST/train-images-idx3-ubyte.gz').read_bytes())[16:]",
        "open('train-images.idx3-ubyte', 'rb').read()[16:]",
        "np.fromfile('train-images-idx3-ubyte', np.uint8)[16:].tobytes()",
        "gzip.decompress(urlopen('http://example.org/train-images-idx3-ubyte.gz').read())[16:]",
        "gzip.decompress(requests.get('http://example.org/train-images-idx3-ubyte.gz').content)[16:]",
        "gzip.open(urlretrieve('http://example.org/train-images-idx3-ubyte.gz', 'mine.gz')[0]).read()[16:]",
        "np.load('mnist.npz')['x_train'].tobytes()",
    ],
)
def test_files_of_digits(run, digits, expression):
    found = run(f"""
        import gzip, pathlib, requests
        from urllib.request import urlopen, urlretrieve
        x = {expression}
    """)
    assert found["x"] == digits.train_images.tobytes()


def test_the_header_of_an_idx_file(run):
    found = run("""
        import struct
        images = struct.unpack(">4I", open("t10k-images-idx3-ubyte", "rb").read(16))
        labels = struct.unpack(">2I", open("t10k-labels-idx1-ubyte", "rb").read(8))
    """)
    assert found["images"] == (2051, 20, 28, 28)
    assert found["labels"] == (2049, 20)


def test_the_pickle_of_nielsens_book(run):
    found = run("""
        import gzip, pickle
        training, validation, test = pickle.load(gzip.open("../data/mnist.pkl.gz", "rb"), encoding="latin1")
    """)
    assert [found[name][0].shape for name in ("training", "validation", "test")] == [(50, 784), (10, 784), (20, 784)]
    assert found["training"][0].dtype == np.float32
    assert 0 <= found["training"][0].min() < 0.9 < found["training"][0].max() <= 1


def test_a_file_of_the_learners_own_is_read_as_it_is(run, tmp_path):
    (tmp_path / "learners" / "train.csv").write_text("label,a\n1,2\n3,4\n")
    found = run("import pandas as pd\nx = pd.read_csv('train.csv').values")
    np.testing.assert_array_equal(found["x"], [[1, 2], [3, 4]])
    assert found["replaced"] == ["pandas"]


def test_what_would_be_opened_is_said_to_be_there(run):
    found = run("""
        import os, pathlib
        there = os.path.exists("mnist.npz"), pathlib.Path("mnist.npz").is_file(), os.path.isfile("other.npz")
    """)
    assert found["there"] == (True, True, False)


def test_nothing_else_comes_from_the_network(run):
    with pytest.raises(OSError, match=r"asks the network for http://example\.org/x"):
        run("import urllib.request\nurllib.request.urlopen('http://example.org/x')")


def test_an_absent_package_counts_once_it_is_used(run):
    found = run("import absent.inner as a\nfrom absent import thing\nimport other_absent")
    assert found["replaced"] == ["absent (not installed)", "other_absent (not installed)"]
    for use in ("thing()", "thing.more", "thing + 1", "class C(absent.thing): pass", "for i in thing: pass"):
        with pytest.raises(AbsentPackage, match=r"^It uses absent.thing, and absent is not available"):
            run(f"import absent\nfrom absent import thing\n{use}")


def test_an_import_that_may_fail_fails(run):
    assert run("try:\n    import absent as xp\nexcept ImportError:\n    xp = np")["xp"] is np


def test_a_decorator_of_an_absent_compiler_leaves_the_function_alone(run):
    found = run("from numba import jit, njit\n@njit\ndef f(): return 1\n@jit(nopython=True)\ndef g(): return 2")
    assert found["f"]() + found["g"]() == 3


def test_the_learners_own_modules(run, tmp_path):
    (tmp_path / "learners" / "model.py").write_text("rate = 5")
    ours = sys.modules["model"]
    assert run("import model\nrate = model.rate")["rate"] == 5
    assert sys.modules["model"] is ours
    (tmp_path / "learners" / "network.py").write_text("size = 3")
    assert run("import network\nsize = network.size")["size"] == 3
    assert "network" not in sys.modules


def test_afterwards_all_is_as_before(run):
    before = builtins.open, np.loadtxt, os.path.exists, list(sys.meta_path), set(sys.modules)
    run("import tensorflow, matplotlib.pyplot, absent, urllib.request, pandas\nopen('mnist.npz', 'rb').close()")
    after = builtins.open, np.loadtxt, os.path.exists, list(sys.meta_path), set(sys.modules)
    assert after == before
    assert not hasattr(builtins, "get_ipython")
