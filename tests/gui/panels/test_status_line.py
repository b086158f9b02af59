"""What the line at the bottom says of a scene."""

from types import SimpleNamespace

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QProgressBar
from pytestqt.qtbot import QtBot

from gui.flow.run_collection import RunCollection
from gui.flow.scene import Message, Scene, TrainingState
from gui.flow.scheduler import Scheduler
from gui.panels.status_line import StatusLine
from model.dataset import Dataset
from model.history import Frame, History
from model.network import Network
from model.training import Progress, TrainingConfig

NETWORK = Network.initialize((784, 2, 10))


def frame(samples: int, test_accuracy: float | None = None) -> Frame:
    return Frame(Progress(samples, -(-samples // 1000), 1.0, 0.5, None, test_accuracy), NETWORK)


def run_of(*frames: Frame) -> History:
    return History(TrainingConfig(epochs=3), 1000).with_frames(frames)


class Line:
    """A status line, the scene that it shows, and a clock that is set by hand."""

    def __init__(self, qtbot: QtBot) -> None:
        self.scheduler = Scheduler(Scene())
        self.runs = RunCollection(self.scheduler)
        self.seconds = 0.0
        self._view = StatusLine(self.scheduler)
        qtbot.addWidget(self._view)
        self.scheduler.add(self._view, self._view.parts)
        with qtbot.waitExposed(self._view):
            self._view.show()

    def change(self, **fields: object) -> None:
        self.scheduler.change(**fields)
        self.settle()

    def grow(self, *frames: Frame, after: float = 0) -> None:
        """Let the active run grow so many seconds later."""
        self.seconds += after
        self.runs.grow(frames)
        self.settle()

    def settle(self) -> None:
        while not self.scheduler.is_at_rest:
            QApplication.processEvents()

    @property
    def text(self) -> str:
        return self._view.findChild(QLabel, "statusLabel").text()

    @property
    def share(self) -> float:
        bar = self._view.findChild(QProgressBar, "progressBar")
        return bar.value() / bar.maximum()


@pytest.fixture
def line(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Line:
    line = Line(qtbot)
    monkeypatch.setattr("gui.panels.status_line.time", SimpleNamespace(monotonic=lambda: line.seconds))
    return line


@pytest.fixture
def training(line: Line) -> Line:
    """With a run that has just been started."""
    line.runs.start(run_of(frame(0, 0.1)))
    line.change(training=TrainingState.RUNNING)
    return line


def test_before_there_is_a_run_it_speaks_of_the_digits(line: Line, digits: Dataset) -> None:
    assert (line.text, line.share) == ("There are no digits to train on", 0)
    line.change(loaded_share=0.25)
    assert (line.text, line.share) == ("Loading the digits …", 0.25)
    line.change(dataset=digits, loaded_share=None)
    assert (line.text, line.share) == ("2,000 training digits and 500 test digits are loaded", 0)


def test_a_network_that_is_of_no_run_is_named(line: Line) -> None:
    line.runs.show_detached(frame(0, 0.9277), "mine.npz")
    line.settle()
    assert line.text == "mine.npz"


def test_of_a_run_it_says_which_how_far_how_fast_and_how_much_longer(training: Line) -> None:
    assert training.text == "rate 0.003  ·  epoch 1 of 3  ·  sample 0 of 3,000"
    training.grow(frame(500), after=0.5)
    training.grow(frame(1001, 0.5), after=0.5)
    assert training.text == "rate 0.003  ·  epoch 2 of 3  ·  sample 1,001 of 3,000  ·  1,001 samples/s  ·  2 s left"
    assert training.share == pytest.approx(1001 / 3000, abs=0.001)
    for samples in (1301, 1601, 1901):
        training.grow(frame(samples), after=1)
    assert "300 samples/s" in training.text  # over the last two seconds


@pytest.mark.parametrize(
    ("speed", "left"), [(100, "29 s left"), (20, "2 min 25 s left"), (0.5, "1 h 36 min left"), (1, "48 min 20 s left")]
)
def test_what_is_left_is_said_in_seconds_minutes_or_hours(training: Line, speed: float, left: str) -> None:
    training.grow(frame(100), after=100 / speed)
    assert training.text.endswith(left)


def test_what_is_wrong_with_the_fields_is_said(line: Line) -> None:
    line.change(config_problem="Epochs must be a whole number.")
    assert line.text == "✗ Epochs must be a whole number."


def test_the_speed_is_that_of_one_run_without_its_interruptions(training: Line) -> None:
    training.grow(frame(100), after=1)
    training.change(training=TrainingState.PAUSED)
    assert training.text == "rate 0.003  ·  epoch 1 of 3  ·  paused at sample 100 of 3,000"
    training.seconds += 60
    training.change(training=TrainingState.RUNNING)
    training.grow(frame(200), after=0.5)
    assert "200 samples/s" in training.text


def test_what_is_looked_at_meanwhile_changes_no_speed(training: Line) -> None:
    training.grow(frame(100), after=1)
    training.seconds += 0.5
    training.change(frame=frame(50), is_live=False)
    assert "100 samples/s" in training.text


@pytest.mark.parametrize("state", [TrainingState.RUNNING, TrainingState.PAUSED])
def test_the_active_run_is_described_and_named_whatever_is_shown(training: Line, state: TrainingState) -> None:
    training.runs.add(run_of(frame(0), frame(3000)).renamed("another"))
    training.change(training=state)
    training.grow(frame(300))
    assert training.text.startswith("rate 0.003  ·  epoch 1 of 3  ·  ")
    assert "sample 300 of 3,000" in training.text
    assert training.share == pytest.approx(0.1, abs=0.001)


def test_what_it_says_of_a_run_that_is_over_is_the_same_whatever_moment_is_shown(line: Line) -> None:
    line.runs.add(run_of(frame(0, 0.1), frame(3000, 0.9)))
    for moment in (frame(3000, 0.9), frame(0, 0.1)):
        line.change(frame=moment)
        assert line.text == "rate 0.003  ·  finished after 3,000 samples"


@pytest.mark.parametrize(
    ("samples", "text"),
    [(3000, "finished after 3,000 samples"), (1500, "epoch 2 of 3  ·  stopped at sample 1,500 of 3,000")],
)
def test_a_run_that_is_over_has_finished_or_was_stopped(training: Line, samples: int, text: str) -> None:
    training.grow(frame(samples, 0.9))
    training.runs.end()
    training.change(training=TrainingState.IDLE)
    assert training.text == f"rate 0.003  ·  {text}"
    assert training.share == samples / 3000


def test_a_message_stands_there_for_a_moment(
    qtbot: QtBot, line: Line, monkeypatch: pytest.MonkeyPatch, digits: Dataset
) -> None:
    monkeypatch.setattr("gui.panels.status_line.MESSAGE_TIME", 50)
    other = Line(qtbot)
    other.change(dataset=digits, status=Message("saved as mine.npz"))
    assert other.text == "saved as mine.npz"
    qtbot.waitUntil(lambda: "digits are loaded" in other.text)
    assert other.scheduler.scene.status is None
