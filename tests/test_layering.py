"""main → gui → model → numpy: who may import whom."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[1]
MODEL = sorted((PROJECT / "model").rglob("*.py"))
GUI = sorted((PROJECT / "gui").rglob("*.py"))
MAIN = PROJECT / "main.py"

WITHOUT_QT_AND_TENSORFLOW = """
import sys

class Forbidden:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("PySide6", "shiboken6", "pyqtgraph", "tensorflow", "keras"):
            raise ImportError(f"{name} is forbidden here")

sys.meta_path.insert(0, Forbidden())
"""


def name_of(path):
    return str(path.relative_to(PROJECT))


each_of_the_model = pytest.mark.parametrize("path", MODEL, ids=name_of)
each_of_the_window = pytest.mark.parametrize("path", GUI, ids=name_of)


def imported_by(path):
    """The packages, without what is inside them, that a file imports anywhere, also within a function."""
    packages = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            packages |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "a relative import"
            packages.add(node.module.partition(".")[0])
    return packages


def run_without_qt(code, *arguments):
    program = [sys.executable, "-c", WITHOUT_QT_AND_TENSORFLOW + code, *arguments]
    return subprocess.run(program, cwd=PROJECT, capture_output=True, encoding="utf-8", timeout=60)


def test_there_are_files_to_check():
    assert len(MODEL) > 10
    assert len(GUI) > 10
    assert MAIN.exists()


@each_of_the_model
def test_the_model_imports_numpy_and_nothing_else(path):
    allowed = sys.stdlib_module_names | {"numpy", "model"}
    if path.name == "keras_mnist.py":
        allowed |= {"tensorflow"}
    assert imported_by(path) <= allowed - {"tkinter"}


def test_one_file_alone_imports_tensorflow():
    importing = [path.name for path in (*MODEL, *GUI, MAIN) if imported_by(path) & {"tensorflow", "keras"}]
    assert importing == ["keras_mnist.py"]


@each_of_the_window
def test_the_window_does_not_import_the_program_around_it(path):
    assert not imported_by(path) & {"main", "tests"}


def test_the_model_and_the_program_can_be_imported_without_qt_and_tensorflow():
    files = [path.parent if path.stem == "__init__" else path.with_suffix("") for path in MODEL]
    modules = [".".join(file.relative_to(PROJECT).parts) for file in files]
    run = run_without_qt(f"import importlib\nfor name in {[*modules, 'main']}: importlib.import_module(name)")
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")


def test_training_in_the_terminal_needs_neither_qt_nor_tensorflow():
    code = "import runpy; runpy.run_path('main.py', run_name='__main__')"
    run = run_without_qt(code, "train", "--epochs", "1")
    assert (run.returncode, run.stderr) == (0, "")
    assert "After epoch 1" in run.stdout


def test_the_check_itself_notices_qt():
    run = run_without_qt("import PySide6")
    assert run.returncode == 1
    assert "PySide6 is forbidden here" in run.stderr


def test_no_two_files_share_a_name():
    """Whoever searches for a file by its name finds the one."""
    names = [path.name for path in (*MODEL, *GUI) if path.name != "__init__.py"]
    assert sorted(names) == sorted(set(names))


def test_the_settings_know_of_no_widget():
    """They are read before there is one."""
    code = "import sys, gui.settings; print([name for name in sys.modules if name.endswith('QtWidgets')])"
    run = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, capture_output=True, encoding="utf-8", timeout=60)
    assert (run.returncode, run.stdout) == (0, "[]\n"), run.stderr
