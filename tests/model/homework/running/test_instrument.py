"""A rewritten program computes the same, and says what each of its expressions is."""

import ast
from pathlib import Path

import numpy as np
import pytest

from model.homework.running.instrument import Instrumenter
from model.homework.running.program import Program
from model.homework.source import read_source

PROGRAM = '''
import numpy as np

class Base:
    scale = 2.0

    def __init__(self, n):
        self.n = n

class Net(Base):
    """A docstring with numbers: 0.5."""

    def __init__(self, n: int = 3, rate: float = 0.5) -> None:
        super().__init__(n)
        self.__hidden = np.arange(n) * rate

    @property
    def hidden(self):
        return self.__hidden

    def __call__(self, x):
        match x.shape:
            case (3,):
                y = x * self.hidden[::-1]
            case _:
                y = x
        return y

def outer():
    total = 0.0
    def inner(k):
        nonlocal total
        total += k
        return total
    for k in range(4):
        inner(k)
    else:
        inner(0.5)
    i = 0
    while i < 3:
        i += 1
        if i == 2:
            continue
        total -= 0.25
    return total

net = Net()
x = np.array([1.0, 2.0, 3.0])
x[1:] *= 2
a, (b, *c) = net(x), [x.sum(), *[k ** 2 for k in range(3) if k != 1]]
(d := a.dot(x))
matrix = np.zeros((2, 3))
for i in range(2):
    for j in range(3):
        matrix[i][j] += i - j
names = {f"{k:.1f}": v for k, v in zip(x, a)}
result = [outer(), a.tolist(), b, c, d, matrix.tolist(), names, net.scale, (lambda z: -z)(1.5), not a.any()]
first, *others, last = 1, 2, 3, 4
shown = repr([result, first, others, last])
'''


def plainly(code, path):
    namespace = {"__name__": "__main__"}
    exec(compile(code, str(path), "exec"), namespace)
    return namespace["shown"]


class NeverLooks:
    partial = None

    def run(self, state, items, changed):
        yield from ()

    def is_step(self, state, record):
        return False


@pytest.fixture
def program(tmp_path):
    path = tmp_path / "program.py"
    path.write_text(PROGRAM)
    return Program(read_source(path))


def test_a_rewritten_program_computes_what_it_computed(program, tmp_path):
    assert program.run(NeverLooks()).failures == []
    assert program.namespace["shown"] == plainly(PROGRAM, tmp_path / "program.py") != ""


def test_watching_all_loops_changes_nothing_either(program, tmp_path):
    program.run(NeverLooks(), demand_change=False)
    assert program.namespace["shown"] == plainly(PROGRAM, tmp_path / "program.py")


def test_every_place_has_the_line_and_the_text_of_its_expression(program):
    program.run(NeverLooks())
    lines = PROGRAM.splitlines()
    places = [place for place in program.instrumenter.places if place.text and place.kind not in ("Loop", "Store")]
    assert len(places) > 60
    for place in places:
        assert place.text in lines[place.line - 1]
        ast.parse(f"({place.text})", mode="eval")


def test_values_are_recorded_with_names_and_operands(tmp_path):
    path = tmp_path / "step.py"
    path.write_text("import numpy as np\np = np.array([0.25, 0.75])\ny = np.array([0.0, 1.0])\ndelta = 2 * (p - y)\n")
    program = Program(read_source(path))
    program.recorder.start()
    program.run(NeverLooks())
    record = program.recorder.stop()
    places = program.instrumenter.places
    named = {places[e.place].target: e for e in record.events if places[e.place].target}
    np.testing.assert_array_equal(named["delta"].value, [0.5, -0.5])
    assert places[named["delta"].place].line == 4
    (inner,) = places[named["delta"].place].operands
    assert places[inner].text == "p - y"


def test_an_array_that_is_filled_number_by_number_is_recorded_when_it_is_read(tmp_path):
    path = tmp_path / "fill.py"
    path.write_text(
        "import numpy as np\ng = np.zeros((2, 2))\nfor i in range(2):\n    for j in range(2):\n"
        "        g[i][j] = i + 2.0 * j\nh = g + 0\n"
    )
    program = Program(read_source(path))
    program.recorder.start()
    program.run(NeverLooks())
    events = [e for e in program.recorder.stop().events if np.array_equal(e.value, [[0, 2], [1, 3]])]
    assert program.instrumenter.places[events[0].place].line == 5


def test_a_module_beside_the_program_is_watched_like_it(tmp_path):
    (tmp_path / "beside.py").write_text("import numpy as np\n\ndef twice(a):\n    return 2.0 * a\n")
    path = tmp_path / "program.py"
    path.write_text("import numpy as np\nfrom beside import twice\nb = twice(np.ones(3))\n")
    program = Program(read_source(path))
    program.recorder.start()
    assert program.run(NeverLooks()).failures == []
    places = program.instrumenter.places
    found = {Path(places[e.place].file).name for e in program.recorder.stop().events if e.size == 3}
    assert found == {"beside.py", "program.py"}
    assert not list(tmp_path.glob("__pycache__"))


def test_places_are_numbered_on_from_cell_to_cell():
    instrumenter = Instrumenter()
    for code in ("a = 1.0 + 2", "b = a * 3"):
        instrumenter.instrument(ast.parse(code), "cells", code)
    texts = [place.text for place in instrumenter.places]
    assert texts.index("1.0 + 2") < texts.index("a * 3")
