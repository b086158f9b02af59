from pathlib import Path

import numpy as np
import pytest

import model
from model.analysis.derivation import Kind, Number
from model.analysis.single_update import one_update
from model.analysis.source_lines import DATASET, ELSEWHERE, PEN, lines_of, shapes_of
from model.network import Network

PROJECT = Path(model.__file__).parents[1]
COMPUTED = {
    Kind.IMAGE: "np.divide",
    Kind.PRE_ACTIVATION: "@ network.weights[k] + network.biases[k]",
    Kind.ACTIVATION: "np.exp",
    Kind.PROBABILITY: "exponentials.sum",
    Kind.TARGET: "np.eye",
    Kind.LOSS: "np.log",
    Kind.GRADIENT: ".T @ deltas[k]",
    Kind.CHANGE: "-learning_rate * g",
    Kind.UPDATED: "w + change",
    Kind.OUTCOME: "predict",
}


def number_of(kind: Kind, layer: int) -> Number:
    return Number(kind, layer, (0, 0) if kind.is_matrix else (0,))


@pytest.mark.parametrize(("kind", "fragment"), COMPUTED.items())
def test_they_are_lines_of_this_program_that_compute_such_a_number(kind: Kind, fragment: str) -> None:
    lines = lines_of(number_of(kind, 1), layers=3)
    for line in lines:
        source = (PROJECT / line.file).read_text("utf-8").splitlines()
        assert source[line.number - 1].strip() == line.text
    assert any(fragment in line.text for line in lines)


def test_the_error_of_the_last_layer_has_another_formula_than_the_others() -> None:
    (last,) = lines_of(number_of(Kind.DELTA, 3), layers=3)
    hidden, slope = lines_of(number_of(Kind.DELTA, 2), layers=3)
    assert "lambda p, y: p - y" in last.text
    assert "delta @ network.weights[k].T" in hidden.text
    assert "activations * (1 - activations)" in slope.text
    (only,) = lines_of(number_of(Kind.DELTA, 1), layers=1)
    assert only == last


def test_an_image_has_the_line_of_where_it_comes_from() -> None:
    pixel, update = number_of(Kind.IMAGE, 0), one_update(Network.initialize(), np.zeros(784), 3, 0.1)
    (byte,), (pen,) = (lines_of(pixel, 3, origin) for origin in (DATASET, PEN))
    assert (byte.file, pen.file) == ("model/dataset.py", "model/digit_image.py")
    assert "down @ ink @ across.T" in pen.text
    assert lines_of(pixel, 3, ELSEWHERE) == []
    assert shapes_of(update, pixel, DATASET).startswith("images (784,)")
    assert shapes_of(update, pixel, PEN).endswith("→ (28, 28)")
    assert shapes_of(update, pixel, ELSEWHERE) == ""


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind not in (Kind.IMAGE, Kind.WEIGHT)])
def test_every_result_has_its_shapes(kind: Kind) -> None:
    update = one_update(Network.initialize((784, 32, 16, 10)), np.zeros(784), 3, 0.1)
    layer = {Kind.ACTIVATION: 2}.get(kind, 3)
    shape = f"({(784, 32, 16, 10)[layer]},)" if kind is not Kind.LOSS else "(2, 10)"
    assert any(each in shapes_of(update, number_of(kind, layer)) for each in (shape, "(16, 10)"))


def test_a_weight_as_it_comes_is_no_result() -> None:
    assert lines_of(number_of(Kind.WEIGHT, 1), layers=3) == []


def test_shapes_are_those_of_the_arrays_that_the_line_had() -> None:
    update = one_update(Network.initialize((784, 32, 16, 10)), np.zeros(784), 3, 0.1)
    names = {
        "a": update.passes.activations,
        "z": update.passes.pre_activations,
        "deltas": update.passes.deltas,
        "network.weights": update.network.weights,
        "network.biases": update.network.biases,
    }
    found = shapes_of(update, number_of(Kind.PRE_ACTIVATION, 2))
    assert found.startswith("k = 1: ")
    for name in ("a", "network.weights", "network.biases"):
        assert f"{name}[k] {names[name][1].shape}" in found
    assert f"delta {names['deltas'][2].shape}" in shapes_of(update, number_of(Kind.DELTA, 2))
    assert f"network.weights[k] {names['network.weights'][2].shape}" in shapes_of(update, number_of(Kind.DELTA, 2))
    assert str(update.passes.gradients.weights[1].shape) in shapes_of(update, number_of(Kind.GRADIENT, 2))
    assert shapes_of(update, number_of(Kind.ACTIVATION, 1)) == "k = 0: z[k] (32,) → a[k + 1] (32,)"
