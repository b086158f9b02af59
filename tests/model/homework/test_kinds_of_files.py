"""The kinds of files that people bring, each as one small program."""

import json

import pytest

from model.homework.source import UnusableFile
from tests.model.homework.conftest import mistakes, remarks

LOADING = """
import numpy as np
from tensorflow.keras.datasets import mnist
(x_train, y_train), (x_test, y_test) = mnist.load_data()
"""
NETWORK = """
rng = np.random.default_rng(1)
W = [rng.normal(0, 1 / np.sqrt(max(a, b)), (a, b)) for a, b in ((784, 32), (32, 32), (32, 10))]
b = [np.zeros(n) for n in (32, 32, 10)]

def sigmoid(z):
    return 1 / (1 + np.exp(-z))

def softmax(z):
    e = np.exp(z - z.max())
    return e / e.sum()
"""
STEP = """
def train_one(x, label, rate=0.003):
    a1 = sigmoid(x @ W[0] + b[0])
    a2 = sigmoid(a1 @ W[1] + b[1])
    p = softmax(a2 @ W[2] + b[2])
    d3 = p - np.eye(10)[label]
    d2 = W[2] @ d3 * a2 * (1 - a2)
    d1 = W[1] @ d2 * a1 * (1 - a1)
    for k, (a, d) in enumerate(((x, d1), (a1, d2), (a2, d3))):
        W[k] -= rate * np.outer(a, d)
        b[k] -= rate * d
"""
LOOP = """
for image, label in zip(x_train.reshape(-1, 784) / 255, y_train):
    train_one(image, label)
"""
RIGHT = LOADING + NETWORK + STEP + LOOP


def test_the_program_that_the_others_are_made_of_is_right_in_silence(judged_code):
    report = judged_code(RIGHT)
    assert (report.verdict, report.findings) == ("right", ())


@pytest.mark.parametrize(
    "preparation",
    [
        "x = x_train.reshape(60000, 784) / 255\ny = y_train",
        "x = (x_train / 255)[:50000].reshape(-1, 784)\ny = y_train[:50000]\nassert len(x) == 50000",
        "x = (x_train.reshape(-1, 784) - 33.3) / 78.6\ny = y_train",
        "x = x_train.reshape(-1, 784) / 255\nx = (x - x.mean(axis=0)) / (x.std(axis=0) + 1e-8)\ny = y_train",
        "order = np.random.permutation(len(x_train))\nx = x_train.reshape(-1, 784)[order] / 255\ny = y_train[order]",
    ],
    ids=["all 60,000 counted on", "a part for validation", "shifted", "standardized pixel by pixel", "shuffled"],
)
def test_digits_may_be_prepared_in_any_way(judged_code, preparation):
    loop = "\nfor image, label in zip(x, y):\n    train_one(image, label)\n"
    report = judged_code(LOADING + preparation + NETWORK + STEP + loop)
    assert (report.verdict, mistakes(report)) == ("right", [])


@pytest.mark.parametrize("images", ["x_test.reshape(1, -1, 784)", "x_test.reshape(-1, 784)"], ids=["at once", "singly"])
def test_the_test_set_may_be_measured_before_the_first_step(judged_code, images):
    measured = f"""
def accuracy():
    answers = []
    for x in {images} / 255:
        answers += [softmax(sigmoid(sigmoid(x @ W[0] + b[0]) @ W[1] + b[1]) @ W[2] + b[2]).argmax(axis=-1)]
    return np.mean(np.ravel(answers) == y_test)

for k in range(len(x_train)):
    if k % 1000 == 0:
        print(k, accuracy())
    train_one(x_train[k].ravel() / 255, y_train[k])
"""
    report = judged_code(LOADING + NETWORK + STEP + measured)
    assert (report.verdict, report.findings) == ("right", ())


def test_pixels_that_are_not_scaled_are_a_remark(judged_code):
    report = judged_code(RIGHT.replace(" / 255", ""))
    assert (report.verdict, remarks(report)) == ("right", ["pixels-not-scaled"])


def test_a_softmax_without_a_shift_is_a_remark(judged_code):
    report = judged_code(RIGHT.replace("np.exp(z - z.max())", "np.exp(z)"))
    assert (report.verdict, remarks(report)) == ("right", ["unstable-softmax"])
    (finding,) = report.findings
    assert finding.line - 1 in (k for k, line in enumerate(RIGHT.splitlines()) if line == "    return e / e.sum()")


def test_momentum_is_no_state_that_was_kept_by_mistake(judged_code):
    step = STEP.replace(
        "W[k] -= rate * np.outer(a, d)", "V[k] = 0.9 * V[k] + np.outer(a, d)\n        W[k] -= rate * V[k]"
    )
    report = judged_code(LOADING + NETWORK + "V = [0 * w for w in W]\n" + step + LOOP)
    assert (report.verdict, mistakes(report)) == ("right", [])


def test_a_loop_that_ends_where_its_loss_is_not_finite_is_judged_all_the_same(judged_code):
    step = STEP.replace("    d3 =", "    loss = -np.log(p[label])\n    d3 =") + "    return loss\n"
    unstable = NETWORK.replace("np.exp(z - z.max())", "np.exp(z)")
    stopping = (
        "k, loss = 0, 9\nwhile loss > 0:\n    loss = train_one(x_train[k].ravel() / 255, y_train[k])\n    k += 1\n"
    )
    raising = LOOP.replace("    train_one(image, label)", "    assert np.isfinite(train_one(image, label))")
    assert judged_code(LOADING + unstable + step + stopping).verdict == "right"
    report = judged_code(LOADING + unstable + step + raising)
    assert report.verdict == "right"
    assert not any("AssertionError" in note for note in report.notes)


def test_a_buffer_that_is_never_emptied_is(judged_code):
    step = STEP.replace("W[k] -= rate * np.outer(a, d)", "V[k] += np.outer(a, d)\n        W[k] -= rate * V[k]")
    report = judged_code(LOADING + NETWORK + "V = [0 * w for w in W]\n" + step + LOOP)
    assert [name for name, _, _ in mistakes(report)] == ["state-kept"]


def test_an_image_that_is_scaled_in_place_is_changed(judged_code):
    step = STEP.replace("    a1 =", "    x /= 2\n    a1 =")
    report = judged_code(LOADING + NETWORK + step + LOOP)
    assert [name for name, _, _ in mistakes(report)] == ["input-changed"]


def test_squared_error_with_sigmoids_is_right_for_another_network(judged_code):
    step = STEP.replace("softmax(a2", "sigmoid(a2").replace(
        "d3 = p - np.eye(10)[label]", "d3 = (p - np.eye(10)[label]) * p * (1 - p)"
    )
    report = judged_code(LOADING + NETWORK + step + LOOP)
    assert (report.verdict, remarks(report)) == ("right", ["unlike-the-exercise"])
    assert "not the exercise's network" in report.findings[0].sentence


def test_squared_error_without_the_slope_of_its_sigmoid_is_wrong(judged_code):
    step = STEP.replace("softmax(a2", "sigmoid(a2").replace(
        "    d3 = p - np.eye(10)[label]",
        "    loss = np.sum((p - np.eye(10)[label]) ** 2) / 2\n    d3 = p - np.eye(10)[label]",
    )
    assert [found[:2] for found in mistakes(judged_code(LOADING + NETWORK + step + LOOP))] == [("missing-slope", 3)]


def test_an_activation_function_of_ones_own_is_checked_by_differences_of_its_loss(judged_code):
    own = NETWORK.replace("return 1 / (1 + np.exp(-z))", "return z / (1 + np.abs(z))")
    step = STEP.replace("    d3 =", "    loss = -np.log(p[label])\n    d3 =")
    step = step.replace("a2 * (1 - a2)", "(1 - np.abs(a2)) ** 2").replace("a1 * (1 - a1)", "(1 - np.abs(a1)) ** 2")
    report = judged_code(LOADING + own + step + LOOP)
    assert (report.verdict, remarks(report)) == ("right", ["unlike-the-exercise"])
    wrong = judged_code(LOADING + own + step.replace("(1 - np.abs(a1)) ** 2", "(1 - np.abs(a1))") + LOOP)
    assert wrong.verdict == "wrong"


def test_what_no_hypothesis_explains_is_located_and_compared(judged_code):
    report = judged_code(RIGHT.replace("d2 = W[2] @ d3 * a2 * (1 - a2)", "d2 = W[2] @ d3 * np.sqrt(a2)"))
    (finding,) = [f for f in report.findings if f.kind == "mistake"]
    assert (finding.mistake, finding.layer) == ("unexplained", 2)
    assert RIGHT.splitlines()[finding.line - 1].strip().startswith("d2 = ")
    assert "cosine" in finding.sentence


@pytest.mark.parametrize(
    ("old", "new"), [("x @ W[0]", "x @ W[1]"), ("np.outer(a, d)", "np.outer(d, a)"), ("d3 * a2", "d3 * a2[:5]")]
)
def test_shapes_that_do_not_fit_are_a_mistake_in_their_line(judged_code, old, new):
    code = RIGHT.replace(old, new)
    ((name, _, line),) = mistakes(judged_code(code))
    assert name == "wrong-shape"
    assert new in code.splitlines()[line - 1]


def test_nan_is_reported_where_it_arises(judged_code):
    code = RIGHT.replace("np.exp(z - z.max())", "np.exp(1000 * z)").replace("np.zeros(n)", "np.ones(n)")
    assert "not-finite" in [name for name, _, _ in mistakes(judged_code(code))]


def test_a_training_that_updates_copies_changes_nothing(judged_code):
    code = RIGHT.replace("W[k] -= rate * np.outer(a, d)", "weights = W[k] - rate * np.outer(a, d)").replace(
        "b[k] -= rate * d", "bias = b[k] - rate * d"
    )
    ((name, layer, line),) = mistakes(judged_code(code))
    assert (name, layer) == ("no-update", None)
    assert "weights = W[k]" in code.splitlines()[line - 1]


def test_a_packages_absence_counts_only_if_the_step_needs_it(judged_code):
    unneeded = "import torch\nimport cv2 as cv\n"
    assert judged_code(unneeded + RIGHT).verdict == "right"
    with pytest.raises(UnusableFile, match="torch"):
        judged_code("import torch\n" + RIGHT.replace("softmax(a2 @ W[2] + b[2])", "torch.softmax(a2 @ W[2] + b[2])"))


def test_arguments_of_the_command_line_are_those_of_no_arguments(judged_code):
    parsing = "import argparse\nparser = argparse.ArgumentParser()\nparser.add_argument('--rate', default=0.003)\n"
    assert judged_code(parsing + "options = parser.parse_args()\n" + RIGHT).verdict == "right"


def test_a_function_can_be_chosen(judged_code):
    code = (
        NETWORK.replace("rng =", "import numpy as np\nrng =")
        + STEP
        + STEP.replace("train_one", "other").replace("p - np", "np")
    )
    assert judged_code(code).verdict == "right"
    wrong = judged_code(code, function="other")
    assert wrong.verdict == "wrong"
    assert any("other was called" in note for note in wrong.notes)


def test_a_function_that_updates_once_an_epoch_is_called_for_several(judged_code):
    report = judged_code("""
        import numpy as np

        def train(X, Y, alpha, iterations):
            W, b = np.random.randn(784, 10) / 28, np.zeros(10)
            for i in range(iterations):
                E = np.exp(X @ W + b)
                P = E / E.sum(axis=1, keepdims=True)
                D = (P - np.eye(10)[Y]) / len(X)
                W = W - alpha * X.T @ D
                b = b - alpha * D.sum(axis=0)
            return W, b
    """)
    assert (report.verdict, mistakes(report)) == ("right", [])
    assert any("train was called" in note for note in report.notes)


def test_nothing_to_judge_is_said(judged_code):
    with pytest.raises(UnusableFile, match="No step"):
        judged_code("print('hello')")


def notebook(tmp_path, *cells):
    path = tmp_path / "homework.ipynb"
    made = [{"cell_type": "code", "source": cell, "metadata": {}, "outputs": []} for cell in cells]
    path.write_text(json.dumps({"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}))
    return path


def test_a_cell_that_fails_is_told_and_the_next_one_run(judged, tmp_path):
    report = judged(notebook(tmp_path, LOADING, "plot_nothing()", NETWORK, STEP, LOOP))
    assert report.verdict == "right"
    assert any("NameError" in note and "cell 2" in note for note in report.notes)


def test_the_line_in_a_notebook_counts_through_its_code_cells(judged, tmp_path):
    cells = ["%matplotlib inline", LOADING, "%%time\n" + NETWORK, STEP.replace("p - np", "np"), LOOP]
    report = judged(notebook(tmp_path, *cells))
    joined = "\n".join(cells).splitlines()
    ((name, _, line),) = mistakes(report)
    assert "np.eye(10)[label]" in joined[line - 1], name
    assert f"line {line} (cell 4)" in report.findings[0].sentence.lower()
