"""As much of scikit-learn and SciPy as stands around a network that one writes oneself."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.homework.stand_ins.tables import Column, Frame

Array = NDArray[Any]


def expit(x: Any) -> Array:
    """The sigmoid."""
    x = np.asarray(x, float)
    return np.where(x >= 0, 1, np.exp(-np.abs(x))) / (1 + np.exp(-np.abs(x)))


def softmax(x: Any, axis: int | None = None) -> Array:
    """Over all numbers, or along an axis."""
    exponentials = np.exp(x - np.max(x, axis, keepdims=True))
    return exponentials / exponentials.sum(axis, keepdims=True)


def to_categorical(y: Any, num_classes: int | None = None, dtype: Any = "float32") -> Array:
    """One-hot labels, (samples, classes), as Keras makes them."""
    y = np.asarray(y, int)
    y = y.reshape(y.shape[:-1]) if y.ndim > 1 and y.shape[-1] == 1 else y
    return np.eye(num_classes or y.max() + 1, dtype=dtype)[y]


def shuffle(*arrays: Any, random_state: Any = None, **options: Any) -> Any:
    """The arrays in another order, the same for all."""
    order = np.random.RandomState(random_state).permutation(len(arrays[0]))
    shuffled = [_rows(array, order) for array in arrays]
    return shuffled if len(arrays) > 1 else shuffled[0]


def train_test_split(
    *arrays: Any,
    test_size: Any = None,
    train_size: Any = None,
    random_state: Any = None,
    shuffle: bool = True,
    **_: Any,
) -> list[Any]:
    """Each array in two parts. Sizes of the whole data set become shares of the few digits that are here."""
    count = len(arrays[0])
    if test_size is None:
        test_size = 0.25 if train_size is None else (1 - train_size if train_size < 1 else count - train_size)
    if not 0 < test_size < 1:
        test_size = test_size / count if 0 < test_size < count else 0.2
    tests = int(np.ceil(count * test_size))
    order = np.random.RandomState(random_state).permutation(count) if shuffle else np.roll(np.arange(count), tests)
    return [_rows(array, part) for array in arrays for part in (order[tests:], order[:tests])]


def _rows(array: Any, order: Array) -> Any:
    if isinstance(array, Frame):
        return array.iloc[order]
    return [array[row] for row in order] if isinstance(array, list | tuple) else array[order]


class Transformer:
    """What scikit-learn's preprocessing has in common; like this, it changes nothing."""

    def __init__(self, **options: Any) -> None:
        pass

    def fit(self, x: Any, y: Any = None) -> Any:
        """Learn from the data what to do with it."""
        return self

    def transform(self, x: Any) -> Any:
        """The data, changed."""
        return np.asarray(x, float)

    def fit_transform(self, x: Any, y: Any = None) -> Any:
        """Both."""
        return self.fit(x).transform(x)


class StandardScaler(Transformer):
    """Mean 0 and deviation 1 in each column."""

    def fit(self, x: Any, y: Any = None) -> Any:
        """Take means and deviations."""
        x = np.asarray(x, float)
        self.shift, deviation = x.mean(axis=0), x.std(axis=0)
        self.scale = np.where(deviation == 0, 1, deviation)
        return self

    def transform(self, x: Any) -> Any:
        """The data, shifted and scaled."""
        return (np.asarray(x, float) - self.shift) / self.scale


class MinMaxScaler(StandardScaler):
    """From 0 to 1 in each column."""

    def fit(self, x: Any, y: Any = None) -> Any:
        """Take minima and ranges."""
        x = np.asarray(x, float)
        self.shift, extent = x.min(axis=0), np.ptp(x, axis=0)
        self.scale = np.where(extent == 0, 1, extent)
        return self


class OneHotEncoder(Transformer):
    """A column for each class."""

    def fit(self, x: Any, y: Any = None) -> Any:
        """Take the classes."""
        self.classes_ = np.unique(np.asarray(x))
        self.categories_ = [self.classes_]
        return self

    def transform(self, x: Any) -> Any:
        """One-hot rows, with the `toarray` that a sparse matrix has."""
        return (np.asarray(x).reshape(-1, 1) == self.classes_).astype(float).view(Column)


def accuracy_score(y_true: Any, y_pred: Any, **options: Any) -> float:
    """The share of correct predictions."""
    return float(np.mean(np.asarray(y_true) == np.asarray(y_pred)))


def confusion_matrix(y_true: Any, y_pred: Any, **options: Any) -> Array:
    """How often each class, a row, was taken for each, a column."""
    classes, numbers = np.unique(np.concatenate([np.ravel(y_true), np.ravel(y_pred)]), return_inverse=True)
    counts = np.zeros((len(classes), len(classes)), int)
    np.add.at(counts, tuple(numbers.reshape(2, -1)), 1)
    return counts


PROVIDED = {
    "scipy.special.expit": expit,
    "scipy.special.softmax": softmax,
    "keras.utils.to_categorical": to_categorical,
    "keras.utils.np_utils.to_categorical": to_categorical,
    "sklearn.utils.shuffle": shuffle,
    "sklearn.model_selection.train_test_split": train_test_split,
    "sklearn.preprocessing.StandardScaler": StandardScaler,
    "sklearn.preprocessing.MinMaxScaler": MinMaxScaler,
    "sklearn.preprocessing.OneHotEncoder": OneHotEncoder,
    "sklearn.preprocessing.LabelBinarizer": OneHotEncoder,
    "sklearn.metrics.accuracy_score": accuracy_score,
    "sklearn.metrics.confusion_matrix": confusion_matrix,
}
