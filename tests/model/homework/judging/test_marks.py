"""What stands beside each line of a file, and that it is what the line computes."""

import re
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from model.analysis.derivation import Kind
from model.homework.catalogue import MISTAKES
from model.homework.judging.names import LONGEST
from tests.model.homework.mistaken_programs import ALL, LOOP, PREPARATION, STEP, program_with

HOMEWORK = Path(__file__).parents[1]
WITH_LINE = [m for m in ALL if m.name not in ("bias-frozen", "pixels-not-scaled")]


def marks(report, path_or_code):
    """Of each marked line the code, what it says and its state."""
    code = path_or_code if isinstance(path_or_code, str) else path_or_code.read_text("utf-8")
    lines = code.splitlines()
    return [(lines[mark.line - 1].strip(), mark.text, mark.state) for mark in report.marks]


def right(*pairs):
    return [(*pair, "right") for pair in pairs]


def test_the_published_solution_is_marked_line_by_line(judged):
    found = {m.line: (m.text, m.state, m.kind, m.layer) for m in judged(HOMEWORK / "exercise" / "stuck.ipynb").marks}
    assert found == {
        12: ("a₁ · a₂", "right", "ACTIVATION", 1),
        19: ("p", "right", "PROBABILITY", 3),
        22: ("L", "right", "LOSS", 3),
        26: ("one-hot of the answer · y", "right", "TARGET", 3),
        44: ("x", "neutral", "IMAGE", 0),
        45: ("z₁", "right", "PRE_ACTIVATION", 1),
        46: ("a₁", "right", "ACTIVATION", 1),
        47: ("z₂", "right", "PRE_ACTIVATION", 2),
        48: ("a₂", "right", "ACTIVATION", 2),
        49: ("z₃", "right", "PRE_ACTIVATION", 3),
        50: ("p", "right", "PROBABILITY", 3),
        51: ("one-hot of the answer", "neutral", None, None),
        52: ("y", "right", "TARGET", 3),
        53: ("L", "right", "LOSS", 3),
        55: ("δ₃ is g ∘ p − g", "wrong", "DELTA", 3),
        56: ("∂L/∂W₃", "right", "GRADIENT", 3),
        57: ("the error in δ₂ is δ₃ · p, one number; the slope is σ′(a₂)", "wrong", "DELTA", 2),
        58: ("∂L/∂W₂ is z₁ᵀ δ₂", "wrong", "GRADIENT", 2),
        59: ("the error in δ₁ is δ₂ · a₂, one number; the slope is σ′(a₁)", "wrong", "DELTA", 1),
        60: ("∂L/∂W₁", "right", "GRADIENT", 1),
        63: ("W₁ − η ∂L/∂W₁ · W₂ − η ∂L/∂W₂ · W₃ − η ∂L/∂W₃", "right", "UPDATED", 1),
        64: ("b₁ − η ∂L/∂b₁ · b₂ − η ∂L/∂b₂ · b₃ − η ∂L/∂b₃", "right", "UPDATED", 1),
    }


def test_a_function_that_returns_gradients(judged):
    path = HOMEWORK / "exercise" / "right.py"
    assert marks(judged(path), path) == right(
        ("hidden.append(1 / (1 + np.exp(-(hidden[-1] @ W + b))))", "zₖ · aₖ, k = 1, 2"),
        ("logits = hidden[-1] @ weights[-1] + biases[-1]", "z₃"),
        ("p /= p.sum()", "p"),
        ("delta = p - np.eye(len(p))[label]", "δ₃"),
        ("weight_gradients.insert(0, np.outer(a, delta))", "∂L/∂W₃ · ∂L/∂W₂ · ∂L/∂W₁"),
        ("delta = (W @ delta) * a * (1 - a)", "δ₂ · δ₁"),
    )


def test_a_class_with_columns(judged):
    path = HOMEWORK / "exercise" / "columns.py"
    assert marks(judged(path), path) == right(
        ("return 1 / (1 + np.exp(-z))", "a₁ · a₂"),
        ("a1 = sigmoid(self.weights[0] @ x + self.biases[0])", "a₁"),
        ("a2 = sigmoid(self.weights[1] @ a1 + self.biases[1])", "a₂"),
        ("z3 = self.weights[2] @ a2 + self.biases[2]", "z₃"),
        ("p /= p.sum()", "p"),
        ("d3 = p - y", "δ₃"),
        ("d2 = self.weights[2].T @ d3 * a2 * (1 - a2)", "δ₂"),
        ("d1 = self.weights[1].T @ d2 * a1 * (1 - a1)", "δ₁"),
        ("self.weights[k] -= learning_rate * d @ a.T", "W₁ − η ∂L/∂W₁ · W₂ − η ∂L/∂W₂ · W₃ − η ∂L/∂W₃"),
        ("self.biases[k] -= learning_rate * d", "b₁ − η ∂L/∂b₁ · b₂ − η ∂L/∂b₂ · b₃ − η ∂L/∂b₃"),
    )


def test_objects_that_are_layers(judged):
    path = HOMEWORK / "right" / "layers.py"
    found = {code: text for code, text, _ in marks(judged(path), path)}
    assert found["return inputs @ self.weights + self.bias"] == "z₁ · z₂ · z₃"
    assert found["self.grad_weights = np.outer(self.inputs, grad)"] == "∂L/∂W₃ · ∂L/∂W₂ · ∂L/∂W₁"
    assert found["return grad @ self.weights.T"] == "δ₃ W₃ᵀ · δ₂ W₂ᵀ"
    assert found["x = layer.forward(x)"] == "zₖ, k = 1 … 3 · aₖ, k = 1, 2"
    assert found["grad = layer.backward(grad)"] == "δₖ Wₖᵀ, k = 2, 3 · δₖ, k = 1, 2"
    assert found["self.target[label] = 1"] == "y"


def test_lines_of_a_notebook_count_through_its_cells(judged):
    report = judged(HOMEWORK / "right" / "globals.ipynb")
    found = {mark.line: mark.text for mark in report.marks}
    assert (found[20], found[28], found[69], found[85]) == ("σ′(z₂) · σ′(z₁)", "y", "δ₃", "b₃ − η ∂L/∂b₃")
    assert [mark.line for mark in report.marks] == sorted(found)


def test_an_array_that_is_written_in_place_and_not_read_again_is_marked(judged):
    path = HOMEWORK / "right" / "relu.py"
    found = {code: text for code, text, _ in marks(judged(path), path)}
    assert found["W3[:] -= lr * np.outer(a2, d3)"] == "W₃ − η ∂L/∂W₃"
    assert found["b1[:] -= lr * d1"] == "b₁ − η ∂L/∂b₁"


def test_updates_of_another_kind_are_not_called_plain(judged):
    path = HOMEWORK / "right" / "adam.py"
    (mark,) = [mark for mark in judged(path).marks if mark.kind == "UPDATED"]
    assert (mark.text, mark.state) == ("the new Wₖ · the new bₖ, k = 1 … 3", "neutral")


@pytest.mark.parametrize(
    ("wrong", "text"), [("W[{0}] += rate * dW{1}", "W{2} + η ∂L/∂W{2}"), ("W[{0}] -= dW{1}", "W{2} − ∂L/∂W{2}")]
)
def test_no_update_is_right_that_goes_another_way_than_its_gradient(judged_code, wrong, text):
    code = program_with(next(m for m in ALL if m.name == ("sign" if "+" in wrong else "rate-ignored")))
    found = {code: (text, state) for code, text, state in marks(judged_code(code), code)}
    for k, sign in ((1, "₁"), (2, "₂")):
        assert found[wrong.format(k - 1, k)] == (text.format("", "", sign), "wrong")


def test_a_piece_of_a_line_does_not_stand_for_the_line(judged_code):
    code = PREPARATION + STEP.replace("np.outer(x, d1)", "10 * np.outer(x, d1)") + LOOP
    code = code.replace("rate * dW1", "rate / 10 * dW1")
    found = {line: text for line, text, _ in marks(judged_code(code), code)}
    assert "dW1 = 10 * np.outer(x, d1)" not in found
    assert found["W[0] -= rate / 10 * dW1"] == "W₁ − η ∂L/∂W₁"


@pytest.mark.parametrize("mistake", WITH_LINE, ids=lambda m: f"{m.name}-{m.layer}")
def test_a_wrong_line_says_what_it_computes_and_not_what_it_should(judged_code, mistake):
    report = judged_code(program_with(mistake))
    by_line = {mark.line: mark for mark in report.marks}
    wrong = [finding for finding in report.findings if finding.kind == "mistake"]
    assert wrong
    for finding in wrong:
        mark = by_line[finding.line]
        assert mark.state == "wrong"
        assert len(mark.text) <= LONGEST
        for formula in (finding.formula, MISTAKES[finding.mistake].formula):
            if formula:
                expected = formula.split(" with ")[0].split("=")[-1].strip()
                assert formula not in mark.text
                assert mark.text.rpartition(" is ")[2] != expected
        assert "instead" not in mark.text
        assert " asks " not in mark.text


@pytest.mark.parametrize("path", sorted((HOMEWORK / "right").iterdir()), ids=lambda path: path.name)
def test_nothing_in_a_right_file_is_marked_as_wrong(judged, path):
    found = judged(path).marks
    assert found
    for mark in found:
        assert mark.state != "wrong", mark
        assert len(mark.text) <= LONGEST, mark
        assert mark.kind is None or mark.kind in Kind.__members__


# ── what a line really computes ──────────────────────────────────────────────────────────────────────────────────────


class Values(dict):
    """The learner's own arrays of one step, by symbol, and what a textbook makes of them."""

    def __init__(self, code):
        rng = np.random.default_rng(3)
        sizes = (784, 32, 32, 10)
        weights = [rng.normal(0, 1 / np.sqrt(max(pair)), pair) for pair in pairwise(sizes)]
        biases = [rng.normal(0, 0.1, n) for n in sizes[1:]]
        before = [array.copy() for array in weights], [array.copy() for array in biases]
        namespace = {"np": np, "W": weights, "b": biases}
        exec(code + "    return locals()\n", namespace)
        self.own = namespace["train_one"](rng.random(784), 4)
        self.updated = weights
        self.update(x=self.own["x"], p=self.own["p"], y=np.eye(10)[4], g=np.eye(10)[self.own["p"].argmax()])
        a = self["x"]
        for k, sign in enumerate("₁₂₃"):
            self["W" + sign], self["b" + sign] = before[0][k], before[1][k]
            self["z" + sign] = a @ before[0][k] + before[1][k]
            self["a" + sign] = a = 1 / (1 + np.exp(-self["z" + sign]))
            self["δ" + sign] = np.broadcast_to(self.own[f"d{k + 1}"], before[1][k].shape)

    def __missing__(self, text):
        return FORMULAS[text](self)


def slope(z, h=1e-6):
    """σ′ as a difference, so that no formula of it is taken for granted."""
    return (1 / (1 + np.exp(-z - h)) - 1 / (1 + np.exp(-z + h))) / (2 * h)


FORMULAS = {
    "δ₃": lambda v: v["p"] - v["y"],
    "p − g": lambda v: v["p"] - v["g"],
    "y ∘ p − y": lambda v: v["y"] * v["p"] - v["y"],
    "(p − y) ∘ p (1 − p)": lambda v: (v["p"] - v["y"]) * v["p"] * (1 - v["p"]),
    "−y / p": lambda v: -v["y"] / v["p"],
    "δ₂": lambda v: v.own["e2"] * v.own["s2"],  # each of which has a line of its own
    "δ₁": lambda v: v.own["e1"] * v.own["s1"],
    "1ᵀ δ₁": lambda v: np.outer(np.ones(784), v["δ₁"]),
    "∂L/∂W₁": lambda v: np.outer(v["x"], v["δ₁"]),
    **{f"σ′({c}{k})": lambda v, c=c, k=k: slope(v[c + k]) for c in "za" for k in "₁₂"},
    **{f"σ′(z{k})²": lambda v, k=k, n=n: v.own[f"e{n}"] * slope(v["z" + k]) ** 2 for n, k in ((1, "₁"), (2, "₂"))},
    **{f"σ′ of layer {n}": lambda v, k=k: slope(v["z" + k]) for n, k in ((1, "₁"), (2, "₂"))},
    **{f"z{k} (1 − z{k})": lambda v, k=k: v["z" + k] * (1 - v["z" + k]) for k in "₁₂"},
    **{f"δ{k} W{k}ᵀ": lambda v, k=k: v["W" + k] @ v["δ" + k] for k in "₂₃"},
    "δ₂ W₂ᵀ with the updated W₂": lambda v: v.updated[1] @ v["δ₂"],
    "δ₃ W₃ᵀ with the updated W₃": lambda v: v.updated[2] @ v["δ₃"],
    "δ₂ W₂": lambda v: v["δ₂"] @ v["W₂"],
    "δ₃ · p, one number": lambda v: v["δ₃"] @ v["p"],
    "δ₂ · a₁, one number": lambda v: v["δ₂"] @ v["a₁"],
    **{f"∂L/∂W{k}": lambda v, k=k, j=j: np.outer(v["a" + j], v["δ" + k]) for j, k in ("₁₂", "₂₃")},
    **{f"a{j}ᵀ δ{k}": lambda v, k=k, j=j: np.outer(v["a" + j], v["δ" + k]) for j in "₁₂" for k in "₂₃"},
    "δ₂ᵀ a₁": lambda v: np.outer(v["δ₂"], v["a₁"]),
    "Σ δ₃, one number": lambda v: v["δ₃"].sum(),
    **{f"Σ δ{k}, one number for all": lambda v, k=k: v["δ" + k].sum() for k in "₁₂₃"},
    **{f"the mean of δ{k}, one number for all": lambda v, k=k: v["δ" + k].mean() for k in "₁₂₃"},
}  # fmt: skip
NUMBERS = {"₁": 1, "₂": 2, "₃": 3}


def said(values, text):
    """The array that a mark names, from what the learner has computed before."""
    subject, _, computed = text.partition(" is ")
    if text.startswith("δ") and not computed and text in FORMULAS:
        return FORMULAS[text](values)
    if computed == "10 times what it should be":
        return 10 * values[subject.replace("∂L/∂b", "δ")]
    if computed == "the error carried back, and no slope":
        return values.own[f"e{NUMBERS[subject[-1]]}"]
    return values[computed or text]


@pytest.mark.parametrize("mistake", [None, *WITH_LINE], ids=lambda m: f"{m.name}-{m.layer}" if m else "right")
def test_each_line_computes_what_stands_beside_it(judged_code, mistake):
    code = program_with(mistake) if mistake else program_with(next(m for m in ALL if m.name == "pixels-not-scaled"))
    values = Values(code[code.index("\ndef sigmoid") : code.index("\nfor image")])
    checked = 0
    for line, text, _ in marks(judged_code(code), code):
        name = re.match(r"(\w+) = ", line)
        if name and name[1] in values.own and "thrown away" not in text:
            actual, expected = values.own[name[1]], said(values, text)
            np.testing.assert_allclose(actual, expected, 1e-6, 1e-9, err_msg=f"{line}: {text}")
            checked += 1
    assert checked > 12
