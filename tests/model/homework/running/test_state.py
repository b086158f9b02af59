"""All that a program remembers can be put back."""

import sys

import numpy as np
import pytest

from model.homework.running.state import State, set_locals, write


class Own:
    def __init__(self):
        self.weights = [np.ones((2, 3)), np.ones(3)]
        self.count = 0


OWN = frozenset({__name__})


def test_arrays_containers_and_attributes_are_put_back():
    net = Own()
    parameters = {"W1": np.arange(4.0).reshape(2, 2)}
    space = {"net": net, "parameters": parameters, "history": [1, 2]}
    state = State([space], [], OWN)
    first, dictionary = net.weights[0], parameters["W1"]
    net.weights[0] -= 5
    net.weights[1] = np.zeros(7)
    net.count = 9
    parameters["W1"] = parameters["W1"] + 1
    parameters["W2"] = 3
    space["history"].append(3)
    space["later"] = 1
    state.restore()
    assert net.weights[0] is first
    assert parameters["W1"] is dictionary
    np.testing.assert_array_equal(net.weights[0], np.ones((2, 3)))
    assert (net.weights[1].shape, net.count) == ((3,), 0)
    assert (list(parameters), space["history"], "later" in space) == (["W1"], [1, 2], False)


def test_a_path_leads_to_what_is_there_now():
    net = Own()
    state = State([{"net": net}], [], OWN)
    path = next(path for path in state.arrays if path[1:] == ("weights", 0))
    net.weights = [np.full((2, 3), 7.0), None]
    np.testing.assert_array_equal(state.now(path), np.full((2, 3), 7.0))


def test_random_numbers_are_drawn_again():
    generator = np.random.default_rng(1)
    state = State([{"generator": generator}], [], OWN)
    one = generator.random(3)
    state.restore()
    np.testing.assert_array_equal(generator.random(3), one)


def test_variables_of_a_running_function_are_put_back():
    def counting():
        weights, i = np.zeros(2), 0
        state = State([], [sys._getframe()], OWN)
        for _ in range(3):
            weights = weights + 1
            i += 1
        state.restore()
        return weights, i

    weights, i = counting()
    assert (weights.tolist(), i) == ([0, 0], 0)


def test_variables_of_a_running_function_can_be_set():
    def function():
        value = 1
        set_locals(sys._getframe(), {"value": 5})
        return value

    assert function() == 5


def test_numbers_alone_can_be_put_back():
    space = {"i": 3, "buffer": {}}
    state = State([space], [], OWN)
    space["i"] = 4
    space["buffer"]["W1"] = np.ones(3)
    state.restore_numbers()
    assert space["i"] == 3
    assert "W1" in space["buffer"]


def test_what_a_closure_holds_is_put_back():
    def make():
        total = np.zeros(2)

        def add():
            nonlocal total
            total = total + 1
            return total

        return add

    add = make()
    state = State([{"add": add}], [], OWN)
    add()
    state.restore()
    np.testing.assert_array_equal(add(), [1, 1])


@pytest.mark.parametrize("writeable", [True, False])
def test_writing_respects_and_keeps_protection(writeable):
    array = np.zeros(3)
    array.setflags(write=writeable)
    write(array, np.ones(3))
    np.testing.assert_array_equal(array, np.ones(3))
    assert array.flags.writeable is writeable
