"""Whole files: the published solution, right files in many conventions, and every mistake in three of them."""

from pathlib import Path

import pytest

from tests.benchmarks.mutants.cases import conventions, made, single_drafts_of
from tests.model.homework.conftest import mistakes, remarks
from tests.model.homework.mistaken_programs import LOOP, PREPARATION, STEP

EXERCISE = Path(__file__).parent / "exercise"
RIGHT = sorted(path for path in (Path(__file__).parent / "right").iterdir() if path.suffix in (".py", ".ipynb"))
TRIED = ("globals", "columns_class", "returned_gradients")  # a notebook, a class with columns, gradients in rows


def one_of_each_mistake():
    """For each of these conventions the first file with each single mistake."""
    for convention in conventions():
        if convention.name in TRIED:
            seen = set()
            for draft in single_drafts_of(convention):
                names = frozenset().union(*(each.names for m in draft.mutations for each in m.expected))
                if names not in seen:
                    seen.add(names)
                    yield pytest.param(draft, id=f"{convention.name}-{'-or-'.join(sorted(names))}")


def test_the_published_solution_gets_all_its_mistakes_named_at_their_lines(judged):
    report = judged(EXERCISE / "stuck.ipynb")

    assert mistakes(report) == [
        ("answer-for-label", 3, 55),
        ("one-component", 3, 55),
        ("activations-for-weights", 2, 57),
        ("slope-of-activation", 2, 57),
        ("wrong-input", 2, 58),
        ("activations-for-weights", 1, 59),
        ("slope-of-activation", 1, 59),
    ]
    assert remarks(report) == ["pixels-not-scaled"]
    assert all("cell 6" in f.sentence for f in report.findings if f.line)


@pytest.mark.parametrize("name", ["right.py", "columns.py"])
def test_right_files_that_only_define_their_step_pass_in_silence(judged, name):
    report = judged(EXERCISE / name)
    assert (report.verdict, report.findings) == ("right", ())
    assert "was called" in report.notes[0]


@pytest.mark.parametrize("path", RIGHT, ids=lambda path: path.stem)
def test_right_code_is_right_in_any_convention(judged, path):
    report = judged(path)
    assert mistakes(report) == []
    assert report.verdict == "right"


@pytest.mark.parametrize("draft", list(one_of_each_mistake()))
def test_each_mistake_is_named_with_its_layer_and_line(judged, tmp_path, draft):
    case = made(draft)
    found = mistakes(judged(case.write(tmp_path)))
    for target in case.targets:
        assert any(
            name in target.names and layer in target.layers and (target.lines is None or line in target.lines)
            for name, layer, line in found
        ), (draft.name, target, found)


def test_the_stages_that_a_file_does_not_have_are_said_to_be_missing(judged):
    assert "no initial weights and no update" in judged(EXERCISE / "right.py").summary
    assert "no " not in judged(EXERCISE / "columns.py").summary.replace("Nothing", "")


def test_a_mistake_in_a_module_beside_the_file_is_named_with_it(judged, tmp_path):
    (tmp_path / "layers.py").write_text(
        "import numpy as np\n\n\ndef sigmoid(z):\n    return 1 / (1 + np.exp(-z))\n\n\ndef slope(a):\n    return a\n"
    )
    program = tmp_path / "train.py"
    program.write_text(
        "import numpy as np\nfrom keras.datasets import mnist\nfrom layers import sigmoid, slope\n"
        "(images, labels), _ = mnist.load_data()\nrng = np.random.default_rng(2)\n"
        "W, V = rng.normal(0, 1 / 28, (784, 32)), rng.normal(0, 0.2, (32, 10))\n"
        "for image, label in zip(images.reshape(-1, 784) / 255, labels):\n"
        "    a = sigmoid(image @ W)\n    e = np.exp(a @ V - (a @ V).max())\n    p = e / e.sum()\n"
        "    d2 = p - np.eye(10)[label]\n    d1 = V @ d2 * slope(a)\n"
        "    V -= 0.003 * np.outer(a, d2)\n    W -= 0.003 * np.outer(image, d1)\n"
    )
    (finding,) = [f for f in judged(program).findings if f.kind == "mistake"]
    assert (finding.mistake, finding.layer) == ("sigmoid-for-slope", 1)


@pytest.mark.parametrize(
    ("replaced", "named"),
    [
        ({"W[0] -= rate": "W[0][:] += rate"}, [("sign", 1)]),
        ({"b[1] -= rate": "b[1][...] += rate"}, [("sign", 2)]),
        ({"W[0] -= rate * dW1": "W[0][:, :] -= dW1"}, [("rate-ignored", 1)]),
        ({"W[0] -= rate": "W[0] -= 10 * rate", "b[0] -= rate": "b[0] -= 10 * rate"}, [("scaled", 1), ("scaled", 1)]),
        ({"W[0] -= rate": "W[0] += rate", "b[0] -= rate": "b[0] += rate"}, [("sign", 1), ("sign", 1)]),
        ({"dW1 = ": "dW1 = 10 * ", "db1 = ": "db1 = 10 * "}, [("scaled", 1), ("scaled", 1)]),
        ({"dW2 = ": "dW2 = 10 * ", "db2 = ": "db2 = 10 * "}, [("scaled", 2), ("scaled", 2)]),
        ({"d1 = e1": "d1 = 10 * e1"}, [("scaled", 1)]),
        ({"d1 = e1": "d1 = -e1"}, [("sign", 1)]),
    ],
    ids=lambda part: ", ".join(part.values()) if isinstance(part, dict) else "",
)
def test_each_line_that_is_wrong_is_named_by_itself(judged_code, replaced, named):
    code = PREPARATION + STEP + LOOP
    for old, new in replaced.items():
        code = code.replace(old, new)
    found = mistakes(judged_code(code))
    wrong = [
        number for number, line in enumerate(code.splitlines(), 1) if any(new in line for new in replaced.values())
    ]
    assert found == [(*each, line) for each, line in zip(named, wrong, strict=True)]
