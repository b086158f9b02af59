"""A learner's step as a run: in the list, the plot and the timeline like any other."""

import dataclasses
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from gui.flow.scene import TrainingState
from gui.main_window import MainWindow
from gui.settings import Settings
from model.history import Frame, History, Phase
from model.homework import child_process
from model.homework.chosen_mistake import ChosenMistake
from model.homework.training.own_code import OwnCode
from model.network import Network
from model.storage.run_file import open_run, save_run
from model.training import Progress, TrainingConfig
from tests.gui.conftest import Find, click, settle
from tests.gui.pages.your_code.conftest import OpenFile, children_of

TrainIt = Callable[[Path], None]
StoppedRun = Callable[[str], History]
FEW_DIGITS = Path(__file__).parents[3] / "model" / "homework" / "training" / "few_digits.py"


@pytest.fixture
def few_digits(monkeypatch: pytest.MonkeyPatch, find: Find) -> None:
    """The file gets few digits, which are there much sooner, and the run has as many epochs as it likes."""
    monkeypatch.setattr(child_process, "MAIN", FEW_DIGITS)
    find("epochsSpinBox").setValue(1000)


@pytest.fixture
def train_it(qtbot: QtBot, window: MainWindow, find: Find, open_file: OpenFile) -> TrainIt:
    """Opens a file, presses the button, and waits until something was learned."""

    def start(path: Path) -> None:
        open_file(path)
        click(find("trainCodeButton"))
        qtbot.waitUntil(lambda: window.scene.frame.samples_seen > 100, timeout=30000)

    return start


@pytest.fixture
def stop(qtbot: QtBot, window: MainWindow, find: Find) -> Callable[[], None]:
    """Presses the button, and waits until the run has ended."""

    def press() -> None:
        click(find("stopButton"))
        qtbot.waitUntil(lambda: window.scene.training is TrainingState.IDLE)

    return press


@pytest.fixture
def stopped_run(window: MainWindow, tmp_path: Path) -> StoppedRun:
    """Opens a run that was stopped before its first update, of a program."""

    def open_it(program: str) -> History:
        (tmp_path / "mine.py").write_text(program)
        config = TrainingConfig(learning_rate=0.3, layer_sizes=(784, 12, 10))
        first = Frame(Progress(), Network.initialize(config.layer_sizes))
        own_code = OwnCode(str(tmp_path / "mine.py"))
        save_run(tmp_path / "run.npz", History(config, 60000, own_code=own_code).with_frames([first]))
        window.controllers.files.open(tmp_path / "run.npz")
        settle(window)
        run = window.scene.shown
        assert run is not None
        return run

    return open_it


def test_it_stays_where_its_mistakes_keep_it(
    qtbot: QtBot, window: MainWindow, find: Find, stop: Callable[[], None], train_it: TrainIt, stuck: Path
) -> None:
    train_it(stuck)
    run = window.scene.shown
    assert run.name == "stuck.ipynb"
    assert run.config.learning_rate == window.scene.config.learning_rate
    assert "pixels from 0 to 255" in find("codeTrainingLabel").text()
    click(find("pauseButton"))
    qtbot.waitUntil(lambda: window.controllers.training.is_waiting())
    before = window.scene.frame.samples_seen
    click(find("stepButton"))
    qtbot.waitUntil(lambda: window.scene.frame.samples_seen == before + 1)
    stop()
    assert not children_of(stuck.parent)
    click(find("rightRunButton"))
    qtbot.waitUntil(lambda: window.scene.training is TrainingState.RUNNING)
    assert window.scene.compared.key is run.key
    first, exercise = window.scene.shown.frames[0].network, Network.initialize(dtype=np.float64)
    np.testing.assert_allclose(first.weights[0], exercise.weights[0], rtol=1e-9)
    assert window.scene.shown.own_code is None


@pytest.mark.usefixtures("few_digits")
def test_it_goes_on_from_any_frame_also_when_it_was_saved(
    qtbot: QtBot,
    window: MainWindow,
    find: Find,
    stop: Callable[[], None],
    train_it: TrainIt,
    stuck: Path,
    tmp_path: Path,
) -> None:
    train_it(stuck)
    stop()
    save_run(tmp_path / "run.npz", window.scene.shown)
    assert open_run(tmp_path / "run.npz").own_code == window.scene.shown.own_code
    with np.load(tmp_path / "run.npz") as saved:
        assert int(saved["run_format"]) == 2  # which no earlier version takes for a right run
    window.controllers.files.open(tmp_path / "run.npz")
    settle(window)
    run = window.scene.shown
    window.controllers.playhead.step(-3)
    settle(window)
    moment = window.scene.frame.samples_seen
    click(find("continueButton"))
    qtbot.waitUntil(lambda: window.scene.training is TrainingState.RUNNING, timeout=30000)
    fork = window.scene.shown
    assert fork.key is not run.key
    assert (fork.first_sample, fork.own_code) == (moment, run.own_code)


@pytest.mark.usefixtures("few_digits")
def test_a_step_goes_on_where_it_was_stopped(
    qtbot: QtBot, window: MainWindow, find: Find, stop: Callable[[], None], train_it: TrainIt, stuck: Path
) -> None:
    train_it(stuck)
    stop()
    run = window.scene.shown
    click(find("stepButton"))
    qtbot.waitUntil(lambda: window.scene.frame.samples_seen == run.samples_seen + 1, timeout=30000)
    assert window.scene.shown.key is run.key
    assert window.scene.training is TrainingState.PAUSED
    assert window.scene.shown.recent_samples(run.samples_seen + 1) == 1
    assert np.isfinite(window.scene.shown.curve("training_accuracy")[1][1:]).all()


@pytest.mark.usefixtures("few_digits")
def test_a_run_is_not_resumed_by_another_code(
    qtbot: QtBot, window: MainWindow, find: Find, stop: Callable[[], None], train_it: TrainIt, stuck: Path
) -> None:
    """A fork has a curve of its own, so that it takes the file as it is."""
    train_it(stuck)
    stop()
    run = window.scene.shown
    stuck.write_text(stuck.read_text("utf-8").replace("(guess * Z3 - guess)", "(Z3 - y)"), encoding="utf-8")
    click(find("resumeButton"))
    qtbot.waitUntil(lambda: window.scene.notice is not None, timeout=30000)
    assert "its file has changed since" in window.scene.notice.sentence
    assert window.scene.shown.samples_seen == run.samples_seen
    click(find("continueButton"))
    qtbot.waitUntil(lambda: window.scene.training is TrainingState.RUNNING, timeout=30000)
    fork = window.scene.shown.own_code
    assert fork.path == run.own_code.path
    assert fork.fingerprint != run.own_code.fingerprint


@pytest.mark.usefixtures("few_digits")
def test_it_makes_no_mistake_but_its_own(
    qtbot: QtBot, window: MainWindow, find: Find, stop: Callable[[], None], train_it: TrainIt, stuck: Path
) -> None:
    """One that was chosen for the next run waits for a run of our own."""
    chosen = dataclasses.replace(window.scene.config, mistake=ChosenMistake("not-transposed", 1))
    window.controllers.scheduler.change(config=chosen)
    train_it(stuck)
    assert not window.scene.shown.has_mistake
    assert window.scene.config.mistake == chosen.mistake
    stop()
    click(find("continueButton"))
    assert "cannot be made by a run that continues from here" in window.scene.notice.sentence
    assert len(window.scene.runs.all) == 1


def test_nothing_else_starts_while_its_step_is_looked_for(
    qtbot: QtBot, window: MainWindow, find: Find, open_file: OpenFile, stuck: Path
) -> None:
    open_file(stuck)
    click(find("trainCodeButton"))
    settle(window)
    assert "run up to its first step" in find("codeTrainingLabel").text()
    assert find("statusLabel").text().startswith("stuck.ipynb is run up to its first step")
    assert not [name for name in ("startButton", "stepButton", "trainCodeButton") if find(name).isEnabled()]
    click(find("stopButton"))
    settle(window)
    assert find("codeTrainingLabel").text() == ""
    assert find("trainCodeButton").isEnabled()
    assert not window.scene.runs.all
    assert not children_of(stuck.parent)


def test_it_goes_on_at_its_own_rate_whatever_stands_in_the_panel(
    qtbot: QtBot, window: MainWindow, find: Find, stopped_run: StoppedRun
) -> None:
    stopped_run(LATE.replace("eta *", "0.01 *"))
    find("learningRateSpinBox").setValue(0.5)
    click(find("continueButton"))
    qtbot.waitUntil(lambda: window.scene.training is TrainingState.RUNNING, timeout=30000)
    assert window.scene.shown.phases == (Phase(0, 0.01),)
    assert window.scene.shown.config.learning_rate == 0.01


def test_it_says_so_where_its_file_has_another_network_by_now(
    qtbot: QtBot, window: MainWindow, find: Find, stopped_run: StoppedRun
) -> None:
    run = stopped_run(LATE.replace("12", "8"))
    click(find("resumeButton"))
    window.controllers.runs.rename(run, "renamed meanwhile")
    qtbot.waitUntil(lambda: window.scene.opening is None, timeout=30000)
    assert window.scene.notice.sentence.startswith("renamed meanwhile cannot be continued: the network of its file has")


def test_a_run_that_is_deleted_does_not_go_on(
    qtbot: QtBot, window: MainWindow, find: Find, stopped_run: StoppedRun
) -> None:
    run = stopped_run(LATE)
    click(find("resumeButton"))
    window.controllers.runs.remove(run)
    qtbot.waitUntil(lambda: window.scene.opening is None, timeout=30000)
    assert not window.scene.runs.all


def test_the_code_of_a_run_is_not_run_either_before_that_is_told(
    window: MainWindow, settings: Settings, find: Find, stopped_run: StoppedRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.knows_that_code_runs = False
    asked = []
    monkeypatch.setattr(QMessageBox, "information", lambda *arguments: asked.append(arguments[2]))
    stopped_run(LATE)
    click(find("resumeButton"))
    assert "with your rights" in asked[0]
    assert window.scene.opening is None
    assert window.scene.can_resume


def test_an_exception_stops_it_and_its_frames_stay(
    qtbot: QtBot, window: MainWindow, train_it: TrainIt, tmp_path: Path
) -> None:
    path = tmp_path / "late.py"
    path.write_text(LATE)
    train_it(path)
    qtbot.waitUntil(lambda: window.scene.training is TrainingState.IDLE, timeout=30000)
    assert "line 21: ValueError: enough" in window.scene.notice.sentence
    assert window.scene.shown.name == "late.py"
    assert window.scene.shown.samples_seen > 100
    assert not children_of(tmp_path)


def test_a_step_that_does_not_end_is_not_waited_for(
    qtbot: QtBot, window: MainWindow, find: Find, stop: Callable[[], None], train_it: TrainIt, tmp_path: Path
) -> None:
    path = tmp_path / "slow.py"
    path.write_text(LATE.replace('raise ValueError("enough")', "import time; time.sleep(50)"))
    train_it(path)
    qtbot.waitUntil(lambda: window.scene.frame.samples_seen == 880, timeout=30000)  # asked for the next twenty
    start = time.monotonic()
    stop()
    assert time.monotonic() - start < 5
    assert window.scene.shown.samples_seen == 880
    assert window.scene.notice is None
    assert not children_of(tmp_path)


LATE = """
import numpy as np
from tensorflow.keras.datasets import mnist

(x_train, y_train), _ = mnist.load_data()
rng = np.random.default_rng(1)
W1, W2 = rng.normal(0, 0.03, (784, 12)), rng.normal(0, 0.3, (12, 10))
b1, b2 = np.zeros(12), np.zeros(10)
eta = 0.01

def step(x, label):
    a1 = 1 / (1 + np.exp(-(x @ W1 + b1)))
    z2 = a1 @ W2 + b2
    p = np.exp(z2 - z2.max()) / np.exp(z2 - z2.max()).sum()
    d2 = p - np.eye(10)[label]
    d1 = W2 @ d2 * a1 * (1 - a1)
    for W, b, a, d in ((W1, b1, x, d1), (W2, b2, a1, d2)):
        W -= eta * np.outer(a, d)
        b -= eta * d
    if abs(x.sum() - x_train[900].sum() / 255) < 1e-9:
        raise ValueError("enough")

for x, label in zip(x_train.reshape(-1, 784) / 255, y_train):
    step(x, label)
"""
