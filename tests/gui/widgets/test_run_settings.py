"""What a run was trained with, in words."""

from gui.widgets.run_settings import settings_in_words, settings_of
from model.history import History
from model.homework.training.own_code import OwnCode
from model.training import TrainingConfig


def test_a_run_of_own_code_is_known_whatever_its_name():
    run = History(TrainingConfig(), 1000, own_code=OwnCode("folder/mine.py")).renamed("rate 0.003")
    assert settings_in_words(run).endswith("\ntrained by mine.py")
    assert settings_in_words(run).startswith("learning rate 0.003 ")


def test_weights_that_own_code_does_not_have_are_not_its_own():
    for has_weights, start in ((True, "own weights"), (False, "the weights of the exercise")):
        run = History(TrainingConfig(), 1000, own_code=OwnCode("mine.py", has_weights=has_weights))
        assert settings_of(run)["start"] == start


def test_a_learning_rate_that_own_code_does_not_take_is_not_named():
    run = History(TrainingConfig(), 1000, own_code=OwnCode("adam.py", has_rate=False))
    assert settings_in_words(run).startswith("no learning rate that is known ")
