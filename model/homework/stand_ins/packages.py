"""What is in the stand-ins for packages."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np

from model.homework.digits import Digits
from model.homework.stand_ins.files import MnistFiles
from model.homework.stand_ins.inert import Inert, ProgressBar
from model.homework.stand_ins.learning import PROVIDED, to_categorical
from model.homework.stand_ins.tables import Column, Frame, read_csv

PLOTS = ["matplotlib", "mpl_toolkits", "pylab", "seaborn", "plotly", "bokeh", "IPython", "ipywidgets", "tqdm", "wandb"]
INERT = [*PLOTS, "google.colab"]  # whatever is not in the table below does nothing
REPLACED = [  # whether they are installed or not
    *PLOTS,
    "tensorflow",
    "keras",
    "sklearn",
    "pandas",
    "requests",
    "urllib.request",
    "mnist",
    "mlxtend",
]
TQDM = ["tqdm", "tqdm.auto", "tqdm.notebook", "tqdm.std", "tqdm.autonotebook"]


def provided(digits: Digits, files: MnistFiles) -> dict[str, Any]:
    """What is in the stand-ins, by its full name."""
    under_keras = {"keras.datasets.mnist.load_data": lambda *_, **__: _keras_arrays(digits), **PROVIDED}
    return {
        **under_keras,
        **{f"tensorflow.{name}": thing for name, thing in under_keras.items() if name.startswith("keras.")},
        "keras.utils.set_random_seed": Inert(),
        "tensorflow.random.set_seed": Inert(),
        "tensorflow.config.list_physical_devices": lambda *_: [],
        "tensorflow.get_logger": Inert(),
        "sklearn.datasets.fetch_openml": lambda *arguments, **options: _fetch_openml(digits, *arguments, **options),
        "pandas.read_csv": read_csv,
        "pandas.DataFrame": Frame,
        "pandas.get_dummies": lambda column, **_: Frame(to_categorical(column)),
        "requests.get": lambda url, **_: _response(files, url),
        "urllib.request.urlopen": lambda url, *_, **__: open(files.downloaded(url), "rb"),
        "urllib.request.urlretrieve": lambda url, filename=None, *_, **__: (files.downloaded(url, filename), {}),
        "urllib.request.Request": lambda url, *_, **__: url,
        "urllib.request.build_opener": Inert(),
        "urllib.request.install_opener": Inert(),
        "numba.jit": _unchanged,
        "numba.njit": _unchanged,
        "numba.prange": range,
        **{f"{module}.tqdm": ProgressBar for module in TQDM},
        **{f"{module}.trange": lambda *numbers, **_: ProgressBar(range(*numbers)) for module in TQDM},
        "tqdm.tqdm_notebook": ProgressBar,
        "mlxtend.data.mnist_data": lambda: _rows(digits, "train"),
        "mlxtend.data.loadlocal_mnist": lambda images_path, labels_path: _rows(digits, _part(images_path)),
        **_packages_named_mnist(digits),
    }


def _keras_arrays(digits: Digits) -> Any:
    return (
        (digits.train_images.copy(), digits.train_labels.copy()),
        (digits.test_images.copy(), digits.test_labels.copy()),
    )


def _part(name: str) -> str:
    return "test" if "t10k" in name or "test" in name else "train"


def _rows(digits: Digits, part: str) -> tuple[Any, Any]:
    """Images (samples, 784) and labels of one part."""
    images, labels = getattr(digits, f"{part}_images"), getattr(digits, f"{part}_labels")
    return images.reshape(len(images), -1).copy(), labels.copy()


def _fetch_openml(
    digits: Digits,
    name: str = "",
    *arguments: Any,
    return_X_y: bool = False,  # noqa: N803
    as_frame: Any = True,
    **_: Any,
) -> Any:
    """Training and test digits in one, (samples, 784) float64, with labels like "5", as scikit-learn gives them."""
    if not str(name).startswith("mnist"):
        raise OSError(f"It asks the network for {name!r}, which is not available where files are checked")
    images, labels = (np.concatenate(pair) for pair in zip(_rows(digits, "train"), _rows(digits, "test"), strict=True))
    data: Any = images.astype(np.float64)
    target = labels.astype("U1").astype(object)
    if as_frame:
        data, target = Frame(data, [f"pixel{number + 1}" for number in range(784)]), target.view(Column)
    return (data, target) if return_X_y else _Bunch(data=data, target=target)


class _Bunch(dict[str, Any]):
    """A dictionary whose keys are attributes, too."""

    def __getattr__(self, name: str) -> Any:
        if name not in self:
            raise AttributeError(name)
        return self[name]


def _response(files: MnistFiles, url: str) -> Any:
    with open(files.downloaded(url), "rb") as file:
        content = file.read()
    return SimpleNamespace(
        content=content,
        text=content.decode("latin-1"),
        ok=True,
        status_code=200,
        raise_for_status=lambda: None,
        iter_content=lambda *_, **__: iter([content]),
    )


def _unchanged(*arguments: Any, **options: Any) -> Any:
    """A decorator that leaves a function alone, with or without parentheses."""
    return arguments[0] if arguments and callable(arguments[0]) else lambda function: function


def _packages_named_mnist(digits: Digits) -> dict[str, Any]:
    """`mnist`, which has functions, and `python-mnist`, which has a class, and is imported under the same name."""

    class MNIST:
        def __init__(self, *arguments: Any, **options: Any) -> None:
            self.gz = False

        def load_training(self) -> Any:
            return tuple(array.tolist() for array in _rows(digits, "train"))

        def load_testing(self) -> Any:
            return tuple(array.tolist() for array in _rows(digits, "test"))

    arrays = ("train_images", "train_labels", "test_images", "test_labels")
    functions: dict[str, Any] = {f"mnist.{name}": lambda name=name: getattr(digits, name).copy() for name in arrays}
    return {"mnist.MNIST": MNIST, **functions}
