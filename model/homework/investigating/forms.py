"""What the parameters of a learner's functions are called, and the forms in which people pass things to them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.loss import one_hot
from model.network import LAYER_SIZES, Network

Array = NDArray[Any]

ROLES = (
    ("rate", r"learning_?rate|lr|eta|alpha|rate|step_?size|η"),
    ("epochs", r"(n_?|num_?)?(epochs?|iterations?|iters?)"),
    ("batch", r"(mini_?)?batch_?size|m|m_?batch|(n|num)_(samples|examples)"),
    ("generator", r"rng|random|generator|random_state"),
    ("seed", r"seed"),
    ("sizes", r"(layer_?)?(sizes|dims|layers|architecture)"),
    ("data", r"(train(ing)?_?)?data(set)?|samples|pairs"),
    ("label", r"(y|label|target|t|truth|expected|digit|one_?hot)s?(_?\w{0,6})?"),
    ("image", r"(x|image|img|sample|pixels?|inputs?|a_?0|example|features?)s?(_?\w{0,6})?"),
    ("weights", r"(w|ws|weights?)(_list)?"),
    ("biases", r"(b|bs|bias(es)?)(_list)?"),
    ("parameters", r"param(eter)?s?|theta|model|net(work)?|p"),
    ("gradients", r"(d_?)?(grad(ient)?s?|params?|nablas?)"),
)
STEPS = (  # the names of what may be a step, the likeliest first
    r"train_?(on_?)?(one|single)?_?(sample|example|batch|image|digit|step|one)",
    r"(sgd|train|training|learn|update)_?(step|one|once|sample|mini_?batch)",
    r"fit|train|learn|gradient_descent",
    r"(compute_|get_|calc\w*_)?grad(ient)?s?",
    r"back_?prop\w*",
    r"backward\w*",
    r"step|update\w*",
)
LOOPS = r"fit|train|learn|sgd|gradient_descent|train_(network|model|epochs?)|train_one_epoch"
FORWARD = r"(feed_?)?forward\w*|predict\w*"
UPDATE = r"(update|apply|step|sgd|descend|optimi)\w*"
INITIAL = r"(init|make|create|build|random|new)\w*"


def role(name: str) -> str | None:
    """What a parameter of this name most likely is."""
    return next((role for role, names in ROLES if re.fullmatch(names, name, re.I)), None)


@dataclass(frozen=True)
class Form:
    """How an image, a label and the weights are passed."""

    image: tuple[int, ...]
    label: str
    columns: bool  # weights are (n_out, n_in), biases (n_out, 1)

    def values(self, pixels: Array, label: int, network: Network) -> dict[str, Any]:
        """The values of one sample, by role, and the weights by the names W1, b1, …"""
        weights = [(w.T if self.columns else w).copy() for w in network.weights]
        biases = [(b[:, np.newaxis] if self.columns else b).copy() for b in network.biases]
        numbered = {
            f"{letter}{k}": array
            for letter, arrays in (("W", weights), ("b", biases))
            for k, array in enumerate(arrays, start=1)
        }
        return {
            **numbered,
            **self.sample(pixels, label),
            "weights": weights,
            "biases": biases,
            "parameters": dict(numbered),
        }

    def sample(self, pixels: Array, label: int) -> dict[str, Any]:
        """The values of a sample alone."""
        target = one_hot(np.asarray(label))
        labels = {
            "number": label,
            "flat": target,
            "row": target[np.newaxis],
            "column": target[:, np.newaxis],
            "numbers": np.array([label]),
        }
        return {"image": pixels.reshape(self.image).copy(), "label": labels[self.label]}


def forms() -> Iterator[Form]:
    """All forms, the commonest first."""
    images = ((784,), (1, 784), (784, 1), (28, 28))
    for columns, image, label in product((False, True), images, ("number", "flat", "row", "column", "numbers")):
        yield Form(image, label, columns)


def data_forms(images: Array, labels: Array) -> Iterator[dict[str, Any]]:
    """A few hundred digits, images (samples, 784) from 0 to 1, in the forms in which a loop of its own takes them."""
    targets = one_hot(labels)
    pairs = [(image[:, np.newaxis], target[:, np.newaxis]) for image, target in zip(images, targets, strict=True)]
    flat_pairs = list(zip(images, targets, strict=True))
    for data in (pairs, flat_pairs):
        yield {"image": images.copy(), "label": labels.copy(), "data": data}
        yield {"image": images.copy(), "label": targets.copy(), "data": data}
    yield {"image": images.T.copy(), "label": targets.T.copy(), "data": pairs}
    yield {"image": images.T.copy(), "label": labels.copy(), "data": pairs}


def settings() -> dict[str, Any]:
    """What else a function may ask for, by role."""
    return {
        "rate": 0.003,
        "epochs": 2,  # an update of all digits at once is seen to be a step when it comes again
        "batch": 1,
        "generator": np.random.default_rng(80085),
        "seed": 80085,
        "sizes": list(LAYER_SIZES),
    }
