from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from gui.playhead import Runs
from gui.plots.run_survey import RunSurvey
from model.history import Frame, History
from model.network import Network
from model.training import Progress, TrainingConfig


def frame(samples_seen: int) -> Frame:
    return Frame(Progress(samples_seen, 1), Network.initialize((784, 2, 10), samples_seen))


def run_of(*moments: int) -> History:
    run = History(TrainingConfig(epochs=1, tests_per_epoch=10), 1000)
    for moment in moments:
        run.add(frame(moment))
    return run


@pytest.fixture
def survey() -> Iterator[RunSurvey]:
    parent = QObject()
    yield RunSurvey(parent)
    parent.deleteLater()


def first_weight(network: Network) -> float:
    return float(network.weights[0][0, 0])


def test_it_has_the_answer_of_every_frame(qtbot: QtBot, survey: RunSurvey) -> None:
    run = run_of(0, 100, 200)
    survey.show_runs(Runs((run,), run))
    with qtbot.waitSignal(survey.finished):
        survey.ask(first_weight)
    assert survey.samples.tolist() == [0, 100, 200]
    assert survey.answers.tolist() == [first_weight(each.network) for each in run.frames]


def test_a_run_that_grows_while_it_is_asked_is_asked_to_its_end(qtbot: QtBot, survey: RunSurvey) -> None:
    run = run_of(0, 100)

    def grows_meanwhile(network: Network) -> float:
        if run.latest is not None and run.latest.samples_seen < 300:
            run.add(frame(run.latest.samples_seen + 100))
            survey.show_growth(run)
        return first_weight(network)

    survey.show_runs(Runs((run,), run))
    survey.ask(grows_meanwhile)
    qtbot.waitUntil(lambda: survey.samples.tolist() == [0, 100, 200, 300])


def test_another_question_begins_anew(qtbot: QtBot, survey: RunSurvey) -> None:
    run = run_of(0, 100)
    survey.show_runs(Runs((run,), run))
    with qtbot.waitSignal(survey.finished):
        survey.ask(first_weight)
    with qtbot.waitSignal(survey.emptied):
        survey.ask(lambda network: -first_weight(network))
    assert len(survey.answers) == 0
    with qtbot.waitSignal(survey.finished):
        pass
    assert np.array_equal(survey.answers, [-first_weight(each.network) for each in run.frames])


def test_no_question_is_not_asked(qtbot: QtBot, survey: RunSurvey) -> None:
    run = run_of(0, 100)
    survey.show_runs(Runs((run,), run))
    survey.ask(first_weight)
    survey.ask(None)
    with qtbot.assertNotEmitted(survey.finished, wait=300):
        pass
    assert len(survey.answers) == 0


def test_what_is_postponed_is_gone_on_with(qtbot: QtBot, survey: RunSurvey) -> None:
    run = run_of(0, 100, 200)
    asked: list[float] = []

    def slow(network: Network) -> float:
        if not asked:
            survey.postpone()
        asked.append(first_weight(network))
        return asked[-1]

    survey.show_runs(Runs((run,), run))
    survey.ask(slow)
    with qtbot.waitSignal(survey.finished):
        pass
    assert survey.answers.tolist() == asked == [first_weight(each.network) for each in run.frames]
