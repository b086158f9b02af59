"""The learning rates of a program: found wherever it keeps them, set, and set back."""

import sys
from dataclasses import dataclass

import numpy as np
import pytest

from model.homework.investigating.rates import Rates

OWN = frozenset({__name__})


@pytest.fixture
def kind():
    """A class of the learner's, with a learning rate of its own."""

    class Settings:
        eta = 0.1

        def __init__(self, **attributes):
            vars(self).update(attributes)

    return Settings


def rates(*things, own=OWN):
    return Rates([], things, own)


@pytest.mark.parametrize(
    "name",
    [
        *("learning_rate", "learningrate", "LEARNING_RATE", "l_rate", "lr", "eta", "η", "alpha", "rate", "step_size"),
        *("base_lr", "_rate", "sgd.rate"),
    ],
)
def test_it_goes_by_these_names(name):
    namespace = {name: 0.01, "epochs": 3}
    found = rates(namespace)
    assert found.value == 0.01
    found.set(0.5)
    assert namespace == {name: 0.5, "epochs": 3}
    found.set_back()
    assert namespace == {name: 0.01, "epochs": 3}


@pytest.mark.parametrize("name", ["beta", "theta", "generate", "rates", "learning_rate_decay", "lrs"])
def test_it_goes_by_no_others(name):
    assert rates({name: 0.1}).value is None


@pytest.mark.parametrize("value", [0, 0.0, -0.1, True, "0.1", None, [0.1], np.array(0.1), float("nan")])
def test_only_a_number_above_0_is_one(value):
    found = rates({"rate": value})
    assert found.value is None
    found.set(0.5)


def test_a_whole_number_is_one():
    assert rates({"rate": 1}).value == 1


def test_all_that_say_the_same_are_one_and_others_are_none():
    namespace = {"rate": 0.1, "options": {"lr": 0.1, "inner": {"eta": 0.1}}}
    assert rates(namespace).value == 0.1
    namespace["options"]["lr"] = 0.2
    found = rates(namespace)
    assert found.value is None
    found.set(0.7)
    assert namespace == {"rate": 0.7, "options": {"lr": 0.7, "inner": {"eta": 0.7}}}
    found.set_back()
    assert namespace == {"rate": 0.1, "options": {"lr": 0.2, "inner": {"eta": 0.1}}}


def test_without_any_there_is_none():
    found = rates({"W": np.ones(3), 7: 0.1}, 5, None)
    assert found.value is None
    found.set(0.5)
    found.set_back()


def test_attributes_of_an_object_and_of_its_class(kind):
    settings = kind(rate=0.1, inner=kind(lr=0.1))
    found = rates({"settings": settings})
    assert found.value == 0.1
    found.set(0.4)
    assert (settings.rate, settings.inner.lr, kind.eta) == (0.4, 0.4, 0.4)
    found.set_back()
    assert (settings.rate, settings.inner.lr, kind.eta) == (0.1, 0.1, 0.1)


def test_an_object_that_is_frozen():
    config = dataclass(frozen=True)(type("Config", (), {"__annotations__": {"lr": float}}))(0.1)
    found = rates({"config": config})
    found.set(0.4)
    assert config.lr == 0.4
    found.set_back()
    assert config.lr == 0.1


def test_a_class_that_nothing_is_of_yet(kind):
    found = rates({"Settings": kind})
    assert found.value == 0.1
    found.set(0.4)
    assert kind.eta == 0.4


def test_defaults_of_parameters():
    def train(images, epochs=3, rate=0.1, *, momentum=0.9, lr=0.1, seed=None):
        return images, epochs, rate, momentum, lr, seed

    found = rates({"train": train})
    assert found.value == 0.1
    found.set(0.2)
    assert train(None) == (None, 3, 0.2, 0.9, 0.2, None)
    found.set_back()
    assert train(None) == (None, 3, 0.1, 0.9, 0.1, None)


def test_variables_of_functions_that_are_running():
    def train():
        rate = 0.1
        yield from step({"lr": 0.1})
        return rate

    def step(options):
        eta = 0.1
        inner.append(sys._getframe())
        yield eta
        while True:
            yield eta, options["lr"]

    inner = []
    training = train()
    next(training)
    found = Rates([inner[0], training.gi_frame], [], OWN)
    assert found.value == 0.1
    found.set(0.6)
    assert next(training) == (0.6, 0.6)
    assert training.gi_frame.f_locals["rate"] == 0.6
    found.set_back()
    assert next(training) == (0.1, 0.1)


def test_what_a_step_gets_is_looked_into(kind):
    options = {"rate": 0.1}
    found = rates({}, kind(more=options))
    found.set(0.8)
    assert options == {"rate": 0.8}


def test_what_is_not_the_learners_is_left_alone(kind):
    def train(rate=0.1):
        return rate

    settings = kind(lr=0.1)
    found = rates({"train": train, "settings": settings, "Settings": kind}, own=frozenset({"other"}))
    assert found.value is None
    found.set(0.5)
    assert (train(), settings.lr, kind.eta) == (0.1, 0.1, 0.1)


def test_what_contains_itself_is_looked_into_once(kind):
    namespace = {"rate": 0.1, "settings": kind(lr=0.1)}
    namespace["itself"] = namespace["settings"].itself = namespace
    found = rates(namespace)
    assert found.value == 0.1
    found.set(0.2)
    assert (namespace["rate"], namespace["settings"].lr, kind.eta) == (0.2, 0.2, 0.2)
