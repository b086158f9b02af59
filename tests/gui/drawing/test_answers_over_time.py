import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from gui.drawing.answers_over_time import AnswersOverTime
from gui.playhead import Runs
from gui.theme import DARK
from model.dataset import Dataset
from model.history import Frame, History
from model.network import Network
from model.training import TrainingConfig, train

CONFIG = TrainingConfig(epochs=1, learning_rate=0.1, tests_per_epoch=10)


@pytest.fixture(scope="module")
def run(digits: Dataset) -> History:
    history, network = History(CONFIG, 2000), Network.initialize()
    for progress in train(network, digits, CONFIG):
        if not progress.is_measuring:
            history.add(Frame(progress, network.copy()))
    return history


@pytest.fixture
def view(qtbot: QtBot) -> AnswersOverTime:
    view = AnswersOverTime()
    qtbot.addWidget(view)
    view.resize(240, 90)
    with qtbot.waitExposed(view):
        view.show()
    return view


def ask(qtbot: QtBot, view: AnswersOverTime, run: History, digit: np.ndarray) -> None:
    with qtbot.waitSignal(view.finished, timeout=2000):
        view.show_runs(Runs((run,), run))
        view.show_digit(digit)


def test_every_frame_is_asked(qtbot: QtBot, view: AnswersOverTime, run: History, digits: Dataset) -> None:
    digit = digits.test_images[0].reshape(28, 28)
    ask(qtbot, view, run, digit)
    expected = [frame.network.predict(digit.reshape(1, 784))[0] for frame in run.frames]
    assert np.array_equal(view.answers, expected)
    for k, curve in enumerate(view._curves):
        samples, probabilities = curve.getData()
        assert np.array_equal(samples, [frame.samples_seen for frame in run.frames])
        assert np.array_equal(probabilities, np.array(expected)[:, k])


def test_the_last_answer_stands_out(qtbot: QtBot, view: AnswersOverTime, run: History, digits: Dataset) -> None:
    view.apply_theme(DARK)
    digit = digits.test_images[0].reshape(28, 28)
    ask(qtbot, view, run, digit)
    answer = int(run.latest.network.predict(digit.reshape(1, 784))[0].argmax())
    colors = [curve.opts["pen"].color().name() for curve in view._curves]
    assert colors.count(DARK.accent) == 1
    assert colors[answer] == DARK.accent
    assert view._labels[answer].isVisible()


def test_new_frames_are_asked_and_the_old_ones_not_again(
    qtbot: QtBot, view: AnswersOverTime, run: History, digits: Dataset
) -> None:
    growing = History(CONFIG, 2000)
    for frame in run.frames[:4]:
        growing.add(frame)
    ask(qtbot, view, growing, digits.test_images[0].reshape(28, 28))
    before = view._survey._answers[0]
    growing.add(run.frames[4])
    with qtbot.waitSignal(view.finished, timeout=2000):
        view.show_growth(growing)
    assert len(view.answers) == 5
    assert view._survey._answers[0] is before


def test_an_empty_pad_shows_nothing(qtbot: QtBot, view: AnswersOverTime, run: History, digits: Dataset) -> None:
    ask(qtbot, view, run, digits.test_images[0].reshape(28, 28))
    view.show_digit(None)
    assert view.answers.shape == (0, 10)
    assert "appears here" in view._title.text()


def test_a_stroke_starts_anew(qtbot: QtBot, view: AnswersOverTime, run: History, digits: Dataset) -> None:
    view.show_runs(Runs((run,), run))
    for k in range(5):
        view.show_digit(digits.test_images[k].reshape(28, 28))
        assert not view._survey.is_working
    with qtbot.waitSignal(view.finished, timeout=2000):
        pass
    expected = run.latest.network.predict(digits.test_images[4:5])[0]
    assert np.array_equal(view.answers[-1], expected)
