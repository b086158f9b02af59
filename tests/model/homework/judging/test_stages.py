"""The four stages: which is wrong, which is missing, and what is said of them."""

from pathlib import Path

import pytest

from model.homework.judging.findings import BACKWARD_PASS
from tests.model.homework.mistaken_programs import ALL, program_with

HOMEWORK = Path(__file__).parents[1]
NAMES = ("Initial weights", "Forward pass", BACKWARD_PASS, "Update")
ELSEWHERE = {
    "zero-weights": "Initial weights",
    "weights-too-large": "Initial weights",
    "sign": "Update",
    "rate-ignored": "Update",
    "no-update": "Update",
    "state-kept": "Update",
    "pixels-not-scaled": None,
}


def told(report):
    assert tuple(stage.name for stage in report.stages) == NAMES
    return [(stage.state, stage.sentence) for stage in report.stages]


def test_the_published_solution(judged):
    assert told(judged(HOMEWORK / "exercise" / "stuck.ipynb")) == [
        ("right", "The very weights of the exercise, drawn with seed 80085; zero biases."),
        ("right", "z and a of both hidden layers, z and p of the output are right in 4 tries."),
        ("wrong", "Line 55 is wrong: δ₃ is g ∘ p − g. So are 57, 58 and 59."),
        ("right", "W and b go against their gradients, with η = 0.003."),
    ]


def test_stages_that_a_file_has_not(judged):
    states, sentences = zip(*told(judged(HOMEWORK / "exercise" / "right.py")), strict=True)
    assert states == ("missing", "right", "right", "missing")
    assert sentences[0] == "The file makes none; its function was called with random ones."
    assert sentences[3] == "Gradients are returned, and no weights are changed."


def test_weights_that_are_drawn_otherwise_are_measured(judged):
    columns, relu = (judged(HOMEWORK / name).stages[0] for name in ("exercise/columns.py", "right/relu.py"))
    assert (columns.state, relu.state) == ("right", "right")
    assert columns.sentence.startswith(
        "784 → 32 → 32 → 10; in each layer the standard deviation is 1/√max(n_in, n_out)"
    )
    assert "W₁ has a standard deviation of 0.051 (the exercise: 0.036)" in relu.sentence


@pytest.mark.parametrize("mistake", ALL, ids=lambda m: f"{m.name}-{m.layer}")
def test_a_mistake_makes_one_stage_wrong_and_that_names_its_line(judged_code, mistake):
    report = judged_code(program_with(mistake))
    wrong = {stage.name: stage.sentence for stage in report.stages if stage.state == "wrong"}
    stage = ELSEWHERE.get(mistake.name, BACKWARD_PASS)
    assert list(wrong) == ([stage] if stage else [])
    lines = [finding.line for finding in report.findings if finding.kind == "mistake" and finding.line]
    if stage and lines:
        assert wrong[stage].startswith(f"Line {lines[0]} is wrong: ")


def test_the_first_wrong_line_is_the_first_on_the_way_back(judged_code):
    code = program_with(next(m for m in ALL if m.name == "pixels-not-scaled"))
    code = code.replace("d1 = e1 * s1", "d1 = e1").replace("dW3 = np.outer(a2, d3)", "dW3 = 10 * np.outer(a2, d3)")
    report = judged_code(code)
    line = {text.strip(): number for number, text in enumerate(code.splitlines(), 1)}
    first, then = line["dW3 = 10 * np.outer(a2, d3)"], line["d1 = e1"]
    assert report.stages[2].sentence == f"Line {first} is wrong: ∂L/∂W₃ is 10 times what it should be. So is {then}."


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("adam.py", "Not W − η ∂L/∂W with one η for all arrays; nothing was found to be wrong with it."),
        ("shuffled_minibatch_rows.py", "W and b go against their gradients, with η / 16 = 0.00625."),
    ],
)
def test_updates_are_called_what_they_are(judged, name, sentence):
    assert told(judged(HOMEWORK / "right" / name))[3] == ("right", sentence)


def test_what_comes_to_no_step_has_no_stages(judged_code):
    report = judged_code("import numpy as np\nprint(np.ones((2, 3)) @ np.ones((2, 3)))")
    assert (report.verdict, report.stages, report.marks) == ("wrong", (), ())
